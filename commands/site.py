"""`flask site`: building, publishing and checking the public site."""

import sys
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

import publisher
import search
from commands.disk import database_trouble, disk_trouble
from commands.errands import index_changes
from commands.indexing import subjects_kept_back
from commands.output import BUSY, DONE_IN_PART, Group, fail, print_json, say
from commands.publishing import build as build_live
from commands.publishing import (
    build_folder,
    changes_of,
    owed,
    place,
    publishing,
    roll_back,
    wait_no_longer,
    waiting,
)
from commands.publishing import publish as publish_live
from county import ledger
from database import db

site_group = Group(
    "site",
    help="The public site.",
    elsewhere={name: f"commands.deploying:{name}_command" for name in ("deploy", "nginx", "redirects")},
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
fewer_option = click.option(
    "--accept-fewer", is_flag=True, help="Go live even with less than half the pages of now."
)
BAR = 30  # characters
SIGNS = {"added": "+", "changed": "~", "removed": "-"}


@contextmanager
def troubles_said() -> Iterator[None]:
    """What keeps the site from being published ends the command in a sentence, with the status of the contract."""
    try:
        yield
    except publisher.BusyError as error:
        fail(error.message, BUSY)
    except publisher.PublishError as error:
        fail(f"未发布，公开网站保持原样。{error.message}")
    except OSError as error:
        fail(f"未完成。{disk_trouble(error)}")
    except DBAPIError as error:
        said = database_trouble(error)
        if said is None:
            raise
        fail(f"未完成。{said}")


def progress_bar() -> publisher.Progress | None:
    """A bar with the time left, on a terminal only."""
    if not sys.stderr.isatty():
        return None
    began = time.monotonic()

    def show(done: int, total: int) -> None:
        spent = time.monotonic() - began
        left = spent / max(done, 1) * (total - done)
        filled = BAR * done // max(total, 1)
        click.echo(
            f"\r{'█' * filled}{'░' * (BAR - filled)} {done}/{total}，约剩 {left:.0f} 秒  ",
            err=True,
            nl=done >= total,
        )

    return show


@site_group.command("build")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Build into this folder; change nothing live.",
)
@fewer_option
@as_json_option
def build(out: Path | None, accept_fewer: bool, as_json: bool) -> None:
    """Build the whole site into a fresh tree, check it, and switch to it. The index is left to the worker.

    Example: flask site build --json
    """
    with troubles_said():
        if out is not None:
            finish(build_folder(out, progress_bar()), as_json)
            return
        with publishing() as here:
            wait_no_longer(datetime.now(UTC))
            report = build_live(here, accept_fewer=accept_fewer, progress=progress_bar())
    finish(report, as_json)


@site_group.command("publish")
@fewer_option
@as_json_option
def publish(accept_fewer: bool, as_json: bool) -> None:
    """Bring the live site to the state of the database, touching only what changed.

    Example: flask site publish --json
    """
    with troubles_said():
        with publishing() as here:
            wait_no_longer(datetime.now(UTC))
            errands = waiting(datetime.now(UTC))
            changes, before = changes_of(errands), subjects_kept_back()
            report = publish_live(here, changes, accept_fewer=accept_fewer, progress=progress_bar())
        is_behind = not index_and_settle(errands, before ^ subjects_kept_back())
    finish(report or publisher.unchanged(), as_json)
    if is_behind:
        raise SystemExit(DONE_IN_PART)


def index_and_settle(errands: list[ledger.Errand], judged: Set[tuple[str, int]]) -> bool:
    """Bring the index to what was just published, then it is owed no more; what fails here is owed as before.

    False when another process is writing the index.
    """
    try:
        index_changes(errands, judged)
    except Exception as error:
        db.session.rollback()
        for errand in errands:
            ledger.put_off(errand, at=datetime.now(UTC), until=datetime.now(UTC))
        db.session.commit()
        if not isinstance(error, search.IndexBusyError):
            raise
        say(f"网站已更新，检索还没有跟上：{error}")
        return False
    for errand in errands:
        ledger.settle(errand, at=datetime.now(UTC))
    db.session.commit()
    return True


def finish(report: publisher.Report, as_json: bool) -> None:
    """Say what was done; status 3 when a page was kept back."""
    if as_json:
        print_json(report.as_json())
    for page in report.blocked:
        say(f"{page.page}：{page.reason}")
    say(
        f"{report.release}: {report.pages} pages, {report.files} files; "
        f"{report.added} added, {report.changed} changed, {report.removed} removed; {report.seconds} s"
    )
    if report.blocked:
        raise SystemExit(DONE_IN_PART)


@site_group.command("plan")
@click.option("--no-difference", is_flag=True, help="Only which files change, not their text.")
@as_json_option
def plan(no_difference: bool, as_json: bool) -> None:
    """Show what publishing now would add, change and remove, and why; touches nothing.

    Example: flask site plan --json
    """
    with troubles_said():
        changes = changes_of(owed(datetime.now(UTC)))
        found = publisher.make_plan(place(), changes, differences=not no_difference)
    if as_json:
        print_json(found.as_json())
        return
    for document in found.public:
        click.echo(f"公开 {document}")
    for file in found.files:
        click.echo(f"{SIGNS[file.change]} {file.path}  （{'，'.join(file.reason)}）")
        for line in file.difference:
            click.echo(f"      {line}")
    for page in found.blocked:
        click.echo(f"! {page.page}：{page.reason}")
    say(f"{found.added} added, {found.changed} changed, {found.removed} removed; {found.seconds} s")


@site_group.command("verify")
@as_json_option
def verify(as_json: bool) -> None:
    """Compare the live tree with its manifest and with a fresh rendering; status 1 if anything differs.

    Example: flask site verify --json
    """
    with troubles_said():
        found = publisher.verify(place(), progress=progress_bar())
    if as_json:
        print_json(found.as_json())
    for each in found.differences:
        say(f"{each.path}：{each.words}")
    if found.differences:
        fail(f"{len(found.differences)} 处不一致。可运行 flask site build 修复。")
    say(f"{found.release}: {found.files} files verified in {found.seconds} s")


@site_group.command("rollback")
@click.argument("release", required=False)
@as_json_option
def rollback(release: str | None, as_json: bool) -> None:
    """Bring the live tree back to an earlier release (without one: the release before this).

    Nothing goes live by itself afterwards, until somebody runs `flask site publish`.

    Example: flask site rollback 20261121T101112Z-7
    """
    with troubles_said(), publishing() as here:
        report = roll_back(here, release)
    finish(report, as_json)
    say("已回退。自动发布已暂停，包括撤回；查明原因后运行 flask site publish 恢复。")


@site_group.command("releases")
@as_json_option
def list_releases(as_json: bool) -> None:
    """List the newest publications, oldest first; the live one is marked *, those out of reach -.

    Example: flask site releases
    """
    found = publisher.releases(place())
    if as_json:
        print_json([
            {"release": each.publication.name, "kind": each.publication.kind.value, "live": each.is_live,
             "reachable": each.reachable, "live_at": each.publication.live_at, "seen_at": each.publication.seen_at,
             "pages": each.publication.pages, "files": each.publication.files}
            for each in found
        ])  # fmt: skip
        return
    for each in found:
        mark = "*" if each.is_live else " " if each.reachable else "-"
        one = each.publication
        click.echo(f"{mark} {one.name}  {one.kind.value}  {one.pages} pages, {one.files} files")
