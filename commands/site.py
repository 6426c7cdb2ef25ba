"""`flask site`: building the public site."""

from datetime import UTC, datetime
from pathlib import Path

import click

import publisher
from commands.output import BUSY, DONE_IN_PART, Group, fail, print_json, say
from installation import settings

site_group = Group("site", help="The public site.")


@site_group.command("build")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Build into this folder; change nothing live.",
)
@click.option("--accept-fewer", is_flag=True, help="Go live even with less than half the pages of now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def build(out: Path | None, accept_fewer: bool, as_json: bool) -> None:
    """Build the whole site, check it, and make it live.

    Example: flask site build --json
    """
    given = settings()
    try:
        report = publisher.build(
            site_folder=given.site_folder, upload_folder=given.upload_folder, public_url=given.public_url,
            at=datetime.now(UTC), keep=given.keep_releases, out=out, accept_fewer=accept_fewer,
        )  # fmt: skip
    except publisher.BusyError as error:
        fail(error.message, BUSY)
    except publisher.PublishError as error:
        fail(f"未发布，公开网站保持原样。{error.message}")
    except OSError as error:
        fail(
            f"未发布，公开网站保持原样。磁盘或文件系统出错：{error.strerror}（{error.filename or '未知文件'}）"
        )
    if as_json:
        print_json(report.as_json())
    for page in report.blocked:
        say(f"{page.page}：{page.reason}")
    say(f"{report.release}: {report.pages} pages, {report.files} files, {report.seconds} s")
    if report.blocked:
        raise SystemExit(DONE_IN_PART)


@site_group.command("releases")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def list_releases(as_json: bool) -> None:
    """List the releases that are kept, oldest first; the live one is marked.

    Example: flask site releases
    """
    found = publisher.releases(settings().site_folder)
    if as_json:
        print_json([
            {"release": each.name, "built_at": each.manifest.built_at, "pages": each.manifest.pages,
             "files": len(each.manifest.files), "live": each.is_live}
            for each in found
        ])  # fmt: skip
        return
    for each in found:
        mark = "*" if each.is_live else " "
        click.echo(f"{mark} {each.name}  {each.manifest.pages} pages, {len(each.manifest.files)} files")
