"""`flask site`: building, publishing and checking the public site."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

import publisher
from commands.errands import index_changes
from commands.output import BUSY, DONE_IN_PART, Group, fail, print_json, say
from commands.publishing import build as build_live
from commands.publishing import build_folder, changes_of, publishing, waiting
from commands.publishing import publish as publish_live
from county import ledger
from database import db

site_group = Group("site", help="The public site.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
fewer_option = click.option(
    "--accept-fewer", is_flag=True, help="Go live even with less than half the pages of now."
)
BAR = 30  # characters


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
        where = error.filename or "未知文件"
        fail(
            f"未完成，磁盘或文件系统出错：{error.strerror}（{where}）。请排除故障后再次运行，未完成的部分会继续。"
        )


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
    """Build the whole site into a fresh tree, check it, and switch to it.

    Example: flask site build --json
    """
    with troubles_said():
        if out is not None:
            finish(build_folder(out, progress_bar()), as_json)
            return
        with publishing() as here:
            errands = waiting(datetime.now(UTC))
            report = build_live(here, accept_fewer=accept_fewer, progress=progress_bar())
            settle(errands)
        index_changes(errands)
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
            errands = waiting(datetime.now(UTC))
            changes = changes_of(errands)
            report = publish_live(here, changes, accept_fewer=accept_fewer, progress=progress_bar())
            settle(errands)
        index_changes(errands)
    finish(report or publisher.unchanged(), as_json)


def settle(errands: list[ledger.Errand]) -> None:
    """What was just published is owed no more."""
    for errand in errands:
        ledger.settle(errand, at=datetime.now(UTC))
    db.session.commit()


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
