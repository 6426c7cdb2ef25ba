"""What a county changes of the look: its colour and emblem as settings, templates and rules in a folder."""

import re

import pytest

from database import db
from publisher import theme
from publisher.records import fingerprint


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "theme/partials").mkdir(parents=True)
    (tmp_path / "theme/static").mkdir()
    yield tmp_path / "theme"
    theme.use_theme(None)


def test_colour_and_emblem_come_into_the_assets_by_their_hash(county, build, settings):
    build()
    [plain] = settings.live_tree.glob("assets/site.*.css")
    county.site.colour, county.site.emblem, county.site.emblem_suffix = "#8a1c1c", b"\x89PNG small", ".png"
    db.session.commit()
    build()

    [sheet] = settings.live_tree.glob("assets/site.*.css")
    [emblem] = settings.live_tree.glob("assets/mark.*.png")
    home = (settings.live_tree / "index.html").read_text(encoding="utf-8")
    assert sheet.name != plain.name
    assert sheet.read_text(encoding="utf-8").index("--brand:#0e5264") < sheet.read_text().index(
        "--brand:#8a1c1c"
    )
    assert f'src="/assets/{emblem.name}"' in home
    assert f"/assets/{sheet.name}" in home


def test_a_theme_puts_its_templates_and_rules_before_ours_and_counts_for_the_look(
    county, build, folder, live
):
    before = fingerprint("https://www.example.gov.cn")
    (folder / "partials/footer.html").write_text("<footer>青山常在</footer>", encoding="utf-8")
    (folder / "static/theme.css").write_text(":root{--round:0}", encoding="utf-8")
    (folder / "static/mountain.svg").write_text("<svg/>", encoding="utf-8")
    theme.use_theme(folder)
    build()

    assert "青山常在" in live("/xxgk/1/")
    [address] = re.findall(r'href="(/assets/site\.\w+\.css)"', live("/"))
    assert live(address).endswith(":root{--round:0}")
    assert fingerprint("https://www.example.gov.cn") != before
