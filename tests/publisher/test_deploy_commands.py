"""`flask site deploy`, `nginx` and `redirects`, on a site that was built."""

import json
from dataclasses import replace as changed
from functools import partial
from urllib.parse import quote

import pytest

from commands import deploying
from content import operations
from database import db
from publisher.deploy import Purge, delivery
from tests.publisher.trees import contents, replace, stale_twins
from tests.publisher.web_server import Nginx, free_port

pytestmark = pytest.mark.sqlite  # a deploy reads files


@pytest.fixture
def www(tmp_path):
    (tmp_path / "www").mkdir()
    return tmp_path / "www"


@pytest.fixture
def site(app):
    """Runs the commands of the group."""
    return lambda *words: app.test_cli_runner().invoke(args=["site", *words])


@pytest.fixture
def built(county, build, app):
    build()
    return county


def test_a_site_is_deployed_and_a_second_time_nothing_moves(site, built, www, settings):
    first = site("deploy", f"folder:{www}", "--json")
    second = site("deploy", str(www), "--json")

    report, again = json.loads(first.stdout), json.loads(second.stdout)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert contents(www) == contents(settings.live_tree)
    assert stale_twins(contents(www)) == []
    assert (report["target"], report["changed_meanwhile"], report["dry_run"]) == (f"folder:{www}", [], False)
    assert report["bytes"] == sum(map(len, contents(www).values()))
    assert (again["bytes"], again["added"], again["unchanged"]) == (0, 0, report["added"])
    assert again["release"] == report["release"]


def test_an_edit_moves_the_files_it_touched(site, built, house, www):
    site("deploy", str(www))
    built.disclosure("新的公告")
    published = house.publish()

    report = json.loads(site("deploy", str(www), "--json").stdout)

    assert (report["added"], report["changed"], report["removed"]) == (
        published.added,
        published.changed,
        published.removed,
    )
    assert report["release"] == published.release


def test_a_trial_run_prints_what_would_move(site, built, www):
    result = site("deploy", str(www), "--dry-run")

    assert result.exit_code == 0
    assert "+ index.html" in result.stdout.splitlines()
    assert "(dry run)" in result.stderr
    assert list(www.iterdir()) == []


def test_before_the_first_build_the_answer_says_what_to_do(site, www):
    result = site("deploy", str(www))

    assert result.exit_code == 1
    assert "flask site build" in result.stderr


@pytest.mark.parametrize(
    ("words", "status", "cure"),
    [(["/nowhere/at/all"], 1, "请先创建"), (["ftp://x"], 1, "看不懂"), ([], 2, "TARGET")],
)
def test_what_cannot_be_done_is_said_with_its_cure(site, built, words, status, cure):
    result = site("deploy", *words)

    assert result.exit_code == status
    assert cure in result.stderr
    assert "Traceback" not in result.output


def test_a_second_deploy_to_the_same_target_ends_with_75(site, built, www, settings):
    work_folder = settings.site_folder / "deploy"
    work_folder.mkdir()
    with delivery._only_one(work_folder, f"folder:{www}"):
        result = site("deploy", str(www))

    assert result.exit_code == 75
    assert list(www.iterdir()) == []


def test_what_changes_while_we_deploy_is_taken_up_at_once(site, built, house, www, settings, monkeypatch):
    whole, rounds = deploying.deploy, []

    def deploy(*given, **named):
        rounds.append(1)
        if len(rounds) == 1:
            built.disclosure("部署期间发布的公告")
            house.publish()
        return whole(*given, **named)

    monkeypatch.setattr(deploying, "deploy", deploy)
    result = site("deploy", str(www), "--json")

    assert (result.exit_code, len(rounds)) == (0, 2)
    assert contents(www) == contents(settings.live_tree)
    assert json.loads(result.stdout)["changed_meanwhile"] == []


def test_what_stays_different_is_named_and_ends_with_3(site, built, www, settings):
    replace(settings.live_tree / "map.html", b"not what was published")

    result = site("deploy", str(www), "--json")

    assert result.exit_code == 3
    assert json.loads(result.stdout)["changed_meanwhile"] == ["map.html"]
    assert "map.html" in result.stderr


def test_a_cache_that_was_not_told_ends_with_3(site, built, house, www, app, settings, monkeypatch):
    site("deploy", str(www))
    built.disclosure("新的公告")
    house.publish()
    app.extensions["settings"] = changed(settings, purge_url="http://127.0.0.1:9/", purge_token="top-secret")
    monkeypatch.setattr(deploying, "Purge", partial(Purge, pause_s=0))

    result = site("deploy", str(www))

    assert result.exit_code == 3
    assert "清除缓存失败" in result.stderr
    assert "top-secret" not in result.output + repr(app.extensions["settings"])


def test_the_configuration_names_the_live_tree_and_the_application(site, built, settings):
    result = site("nginx", "--upstream", "127.0.0.1:9000", "--port", "8080")

    assert result.exit_code == 0
    assert f'root "{settings.live_tree}";' in result.stdout
    assert "server 127.0.0.1:9000;" in result.stdout
    assert "listen 8080;" in result.stdout
    assert site("nginx", "--upstream", "a;b").exit_code == 1


OLD = ("/old/show.asp?id=7", "/old/通知.html", "/旧网站/gg_12.jsp")


@pytest.fixture
def old_addresses(county, now):
    """A document of the site before this one, at three addresses; and one that was merged into it."""
    kept, merged = county.disclosure("沿用的公告"), county.disclosure("并入的公告")
    operations.keep_old_addresses(kept.document, OLD, by=None, at=now)
    operations.merge(merged, kept.document, by=None, at=now)
    db.session.commit()
    return kept, merged


def test_the_redirects_are_written_in_one_step_for_nginx(site, old_addresses, build, settings):
    build()
    out = settings.site_folder / "redirects.map"

    printed, written = site("redirects"), site("redirects", "--out", str(out))

    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert out.read_text() == printed.stdout
    assert f'"/old/show.asp?id=7" "/xxgk/{old_addresses[0].document_id}/";' in printed.stdout
    assert "reload" in written.stderr


@pytest.mark.nginx
def test_what_was_deployed_is_read_through_nginx_as_it_was_published(
    site, county, old_addresses, house, www, tmp_path, now
):
    """Withdrawn documents, merged ones and old addresses; before and after nginx reads the list of redirects."""
    kept, merged = (each.document_id for each in old_addresses)
    withdrawn = county.disclosure("要撤回的公告")
    house.build()
    operations.withdraw(withdrawn, reason="error", by=None, at=now)
    db.session.commit()
    house.publish()
    site("deploy", str(www))
    port = free_port()
    text = site(
        "nginx", "--tree", str(www), "--port", str(port), "--redirects", str(tmp_path / "redirects.map")
    ).stdout
    server = Nginx(tmp_path / "nginx", text, port).start()
    try:
        gone = server.get(f"/xxgk/{withdrawn.document_id}/", Accept_Encoding="gzip")
        assert (gone.status, gone["Content-Encoding"]) == (410, "gzip")
        for address in (
            f"/xxgk/{merged}/",
            "/old/%E9%80%9A%E7%9F%A5.html",
            "/%E6%97%A7%E7%BD%91%E7%AB%99/gg_12.jsp",
        ):
            page = server.get(address)
            assert (page.status, page["Content-Type"]) == (200, "text/html; charset=utf-8")
            assert f"/xxgk/{kept}/" in page.text
        server.stop()
        site("redirects", "--out", str(tmp_path / "redirects.map"))
        server.start()
        for address in (f"/xxgk/{merged}/", *map(quoted, OLD)):
            assert (server.get(address).status, server.get(address)["Location"]) == (301, f"/xxgk/{kept}/")
    finally:
        server.stop()


def quoted(old):
    return quote(old, safe="/?=&")
