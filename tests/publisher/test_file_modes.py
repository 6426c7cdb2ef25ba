"""Other accounts of the machine read the public site and nothing else."""

import os
import stat
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

import publisher
from app import create_app
from commands.publishing import place
from config import Settings
from content import founding, operations, queries
from content.files import store
from content.models import Attachment, DocumentKind, Edition
from county.keys import Keyring
from county.organs import Organ
from county.regions import Site
from database import db
from publisher import Changes
from tests.searched import taken_as_clean

OTHERS_READ, OTHERS_WRITE, OTHERS_ENTER = stat.S_IROTH, stat.S_IWOTH, stat.S_IXOTH


def mode(path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def open_to_others(folder: Path, wanted: int) -> set[Path]:
    """Files, and folders whose names can be listed, that another account can reach for this."""
    if not folder.stat().st_mode & OTHERS_ENTER:
        return set()
    found = {folder} if folder.stat().st_mode & wanted else set()
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            found |= open_to_others(path, wanted)
        elif not path.is_symlink() and path.stat().st_mode & wanted:
            found.add(path)
    return found


def notice(settings: Settings, site: Site, organ: Organ, now) -> Edition:
    edition = operations.create_document(
        DocumentKind.DISCLOSURE, organ=organ, channel=queries.channel_by_code("gfxwj"), site_id=site.id,
        values={"title": "带附件的公告", "body": "见附件。", "published_on": now.date()}, by=None, at=now,
    )  # fmt: skip
    file = store(BytesIO(b"%PDF-1.4 table %%EOF"), "表.pdf", settings.upload_folder, max_bytes=10_000)
    taken_as_clean(file)
    edition.attachments.append(
        Attachment(
            display_name=file.display_name, sha256=file.sha256, suffix=file.suffix, size_bytes=file.size_bytes
        )
    )
    db.session.flush()
    operations.take_over(edition, source="旧站", by=None, at=now)
    db.session.commit()
    return edition


@pytest.mark.parametrize("umask", [0o022, 0o000, 0o077])
def test_the_site_is_open_to_the_web_server_and_the_rest_of_the_home_is_not(tmp_path, now, umask):
    """What waits to go live and what was replaced is not public; negative control tried: kept/ made by the umask."""
    before = os.umask(umask)
    try:
        settings = Settings(home=tmp_path / "var", public_url="http://localhost")
        app = create_app(settings=settings)
        Keyring.create(settings.key_folder)
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with app.app_context():
            site = founding.found("青崖县", "990123", at=now)
            organ = Organ(
                code="SC", name="市场监管局", letters="SC", region=site.region, uscc="11990123010523650X"
            )
            db.session.add(organ)
            db.session.commit()
            assert app.test_cli_runner().invoke(args=["site", "build"]).exit_code == 0
            first = settings.live_tree.resolve()
            edition = notice(settings, site, organ, now)
            prepared = prepare_by_hand(edition, now)
            staged = settings.site_folder / "staging" / prepared.publication.name
            assert {file.read_bytes() for file in staged.iterdir()} >= {b"%PDF-1.4 table %%EOF"}
            assert only_the_site_is_open(settings, first)
            db.session.rollback()
            assert app.test_cli_runner().invoke(args=["site", "publish"]).exit_code == 0
            assert settings.live_tree.resolve() == first
            assert list((settings.site_folder / "kept").rglob("*"))
            assert {mode(path) for path in first.rglob("files/*/*")} == {"644"}
            assert only_the_site_is_open(settings, first)
            assert app.test_cli_runner().invoke(args=["site", "build"]).exit_code == 0
            assert only_the_site_is_open(settings, first, settings.live_tree.resolve())
            db.session.execute(text("SELECT 1"))
            beside = [path for path in settings.home.iterdir() if path.name.startswith("zhuanlan.db")]
            assert {mode(path) for path in beside} == {"600"}
            assert len(beside) == 3
    finally:
        os.umask(before)


def prepare_by_hand(edition: Edition, now) -> publisher.Prepared:
    """A publication as it lies there before its first file goes live."""
    with publisher.one_publisher(place().site_folder):
        prepared = publisher.prepare(place(), Changes(documents=frozenset({edition.document_id})), at=now)
    assert prepared is not None
    return prepared


def only_the_site_is_open(settings: Settings, *trees: Path) -> bool:
    """Everything in these trees can be read, nothing beside them, and nothing at all can be written."""
    site = settings.site_folder
    public = {path for tree in trees for path in (tree, *tree.rglob("*"))}
    assert {(path.is_dir(), mode(path)) for path in public} == {(True, "755"), (False, "644")}
    assert (mode(settings.home), mode(settings.upload_folder)) == ("711", "700")
    assert {mode(site / name) for name in ("staging", "kept")} == {"700"}
    assert open_to_others(settings.home, OTHERS_READ) == public | {site, site / "releases"}
    assert open_to_others(settings.home, OTHERS_WRITE) == set()
    return True


def test_a_lock_that_others_could_hold_is_closed(tmp_path):
    lock = tmp_path / "site" / "build.lock"
    lock.parent.mkdir()
    lock.touch()
    lock.chmod(0o666)

    with publisher.one_publisher(tmp_path / "site"):
        assert mode(lock) == "600"


def test_a_database_that_was_open_to_others_is_closed(tmp_path):
    settings = Settings(home=tmp_path)
    file = tmp_path / "zhuanlan.db"
    file.touch(0o644)
    file.chmod(0o644)

    with create_app(settings=settings).app_context():
        db.session.execute(text("SELECT 1"))

    assert mode(file) == "600"
