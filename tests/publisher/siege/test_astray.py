"""A live tree that is not what the newest publication says is left alone, until somebody builds the site anew."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import publisher
from content.models import Edition
from database import db
from publisher.models import LiveFile, Publication, PublicationDocument, PublicationFile
from publisher.trees import live_tree
from tests.publisher.conftest import PublishingHouse, SmallCounty
from tests.publisher.siege.links import dangling
from tests.publisher.siege.wholeness import flaws, manifest, manifest_of

CURE = "flask site build"


@pytest.fixture
def run(small_county: SmallCounty, app) -> Callable[..., tuple[int, str]]:
    """`flask site …`; its status and what it said. A site is built already."""

    def command(*words: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["site", *words])
        return result.exit_code, result.output

    assert command("build")[0] == 0
    return command


def check_that_only_a_build_helps(run: Callable[..., tuple[int, str]], site: Path, keep: int) -> None:
    tree = live_tree(site)
    assert tree is not None
    before = manifest_of(tree)
    for command in ("publish", "rollback"):
        status, said = run(command)
        assert status == 1
        assert CURE in said
    assert (live_tree(site), manifest_of(tree)) == (tree, before)

    assert run("build")[0] == 0

    assert flaws(site, keep=keep) == []
    assert dangling(site / "current") == []


@pytest.mark.sqlite
def test_after_a_backup_was_put_back_nothing_goes_live_upon_a_newer_site(
    small_county, run, settings, tmp_path
):
    """The site shows what the database does not know of. Negative control tried: `is_in_step` always true."""
    copy(settings.home / "zhuanlan.db", tmp_path / "backup.db")
    small_county.disclosure("备份之后的公告")
    assert run("publish")[0] == 0
    db.session.commit()
    copy(tmp_path / "backup.db", settings.home / "zhuanlan.db")
    small_county.disclosure("恢复之后的公告")

    check_that_only_a_build_helps(run, settings.site_folder, settings.keep_releases)

    assert "备份之后的公告" not in (settings.live_tree / "index.html").read_text(encoding="utf-8")


def test_a_publication_whose_staged_files_are_gone_does_not_pass_for_live(small_county, run, settings, house):
    """Negative control tried: believing that what is staged no more is live."""
    edition = small_county.disclosure("尚未上线的公告")
    prepared = publisher.prepare(house.place, changes_of(edition), at=small_county.now)
    assert prepared is not None
    db.session.commit()
    shutil.rmtree(settings.site_folder / "staging" / prepared.publication.name)

    check_that_only_a_build_helps(run, settings.site_folder, settings.keep_releases)


def test_a_link_that_was_bent_by_hand_is_not_taken_for_the_live_tree(small_county, run, settings):
    run("build")
    [other] = [
        tree
        for tree in (settings.site_folder / "releases").iterdir()
        if tree != live_tree(settings.site_folder)
    ]
    (settings.site_folder / "current").unlink()
    (settings.site_folder / "current").symlink_to(Path("releases") / other.name)
    small_county.disclosure("新公告")

    check_that_only_a_build_helps(run, settings.site_folder, settings.keep_releases)


def test_what_was_carried_out_but_not_noted_is_noted_by_the_next(
    small_county, run, settings, house: PublishingHouse
):
    edition = small_county.disclosure("已经上线的公告")
    prepared = publisher.prepare(house.place, changes_of(edition), at=small_county.now)
    assert prepared is not None
    db.session.commit()
    publisher.carry_out(house.place, prepared, at=small_county.now)
    db.session.rollback()  # the power failed here

    assert run("publish")[0] == 0

    assert flaws(settings.site_folder, keep=settings.keep_releases) == []
    assert manifest_of(settings.live_tree) == manifest()


def changes_of(edition: Edition) -> publisher.Changes:
    """What a publication of this edition brings to the site."""
    return publisher.Changes(documents=frozenset({edition.document_id}))


def copy(source: Path, target: Path) -> None:
    """Back a database up, or put it back."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def test_the_site_of_another_database_is_not_replaced_by_publishing(small_county, run, settings):
    """Seen failing: with a wrong database address the worker put an empty county in the place of the site."""
    for model in (PublicationFile, PublicationDocument, Publication, LiveFile):
        db.session.execute(db.delete(model))
    db.session.commit()
    older = settings.live_tree.resolve().with_name(
        "20200101T000000Z-1"
    )  # built in another second than the next
    settings.live_tree.resolve().rename(older)
    settings.live_tree.unlink()
    settings.live_tree.symlink_to(Path("releases") / older.name)
    before = live_tree(settings.site_folder)

    status, said = run("publish")

    assert (status, live_tree(settings.site_folder)) == (1, before)
    assert CURE in said
    assert run("build")[0] == 0
