"""`flask site deploy`, `nginx` and `redirects`: from the live tree to where the public reads it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import with_appcontext

import publisher
from commands.output import BUSY, DONE_IN_PART, fail, print_json, say
from content import queries
from database import db
from installation import settings
from publisher.deploy import (
    DeployError,
    DeployOptions,
    DeployReport,
    Purge,
    TargetBusyError,
    TreeFile,
    deploy,
)
from publisher.manifest import live_files
from publisher.nginx import configuration, redirect_map
from publisher.records import newest_publication

ROUNDS = 3  # so often, while publishing goes on beside it
REDIRECTS = "redirects.map"


@click.command("deploy")
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Only print what would move.")
@click.option("--compare", is_flag=True, help="Look at every file of the target, whatever its manifest says.")
@click.option("--take-over", is_flag=True, help="Remove files from the target that no deploy has put there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def deploy_command(target: str, dry_run: bool, compare: bool, take_over: bool, as_json: bool) -> None:
    """Bring a target to the state of the live tree, moving only what differs.

    TARGET is folder:/path, rsync:/path, rsync:user@host:/path or s3://bucket/prefix.

    Example: flask site deploy rsync:www@192.0.2.7:/srv/www --dry-run
    """
    with _troubles_said():
        options = replace(_options(), compare=compare, take_over=take_over)
        report = _deployed(target, options, dry_run=dry_run)
    if as_json:
        print_json(report.as_json())
    elif dry_run:
        for sign, path in report.moves:
            click.echo(f"{sign} {path}")
    _say(report)
    if not report.is_complete:
        raise SystemExit(DONE_IN_PART)


@click.command("nginx")
@click.option("--tree", type=click.Path(path_type=Path), help="Folder served; without it the live tree.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on; without it that of the public URL."
)
@click.option(
    "--upstream",
    default="127.0.0.1:8000",
    show_default=True,
    help="The application: HOST:PORT or unix:/path.",
)
@click.option("--office", help="The back office, where it is a process of its own.")
@click.option("--certificate", type=click.Path(path_type=Path), help="Certificate chain for TLS.")
@click.option("--certificate-key", type=click.Path(path_type=Path), help="Its private key.")
@click.option(
    "--redirects",
    type=click.Path(path_type=Path),
    help="File of redirects; without it site/redirects.map in home.",
)
@click.option("--brotli", is_flag=True, help="Send .br files; nginx needs the module brotli_static.")
@with_appcontext
def nginx_command(
    tree: Path | None, port: int | None, upstream: str, office: str | None, certificate: Path | None,
    certificate_key: Path | None, redirects: Path | None, brotli: bool,
) -> None:  # fmt: skip
    """Print a configuration of nginx for the site.

    Example: flask site nginx --upstream 127.0.0.1:8000 > /etc/nginx/conf.d/zhuanlan.conf
    """
    given = settings()
    with _troubles_said():
        text = configuration(
            tree=tree or given.live_tree.absolute(), public_url=given.public_url, upstream=upstream, port=port,
            redirects_file=redirects or (given.site_folder / REDIRECTS).absolute(), office=office,
            certificate=certificate, certificate_key=certificate_key, brotli=brotli, upload_max_mb=given.upload_max_mb,
        )  # fmt: skip
    click.echo(text, nl=False)


@click.command("redirects")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Into this file, in one step.")
@with_appcontext
def redirects_command(out: Path | None) -> None:
    """Print every address that leads elsewhere, as nginx reads it; nginx takes it up when it is reloaded.

    Example: flask site redirects --out /srv/zhuanlan/site/redirects.map
    """
    with _troubles_said():
        text = redirect_map(queries.redirects())
        if out is None:
            click.echo(text, nl=False)
            return
        fresh = out.with_name(f".{out.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(0o644)
        fresh.replace(out)
    say(f"{len(text.splitlines())} redirects in {out}. 请重新加载 nginx（nginx -s reload）使其生效。")


@contextmanager
def _troubles_said() -> Iterator[None]:
    """What an operator can cure is said in a sentence, with the status of the contract."""
    try:
        yield
    except TargetBusyError as error:
        fail(error.message, BUSY)
    except DeployError as error:
        fail(error.message)
    except OSError as error:
        where = error.filename or "未知文件"
        fail(f"未完成，磁盘或文件系统出错：{error.strerror}（{where}）。排除故障后再次运行，即可接着完成。")


def _options() -> DeployOptions:
    given = settings()
    return DeployOptions(
        work_folder=given.site_folder / "deploy",
        s3_endpoint=given.s3_endpoint,
        remote_shell=os.environ.get("RSYNC_RSH") or DeployOptions.remote_shell,
        purge=Purge(given.purge_url, given.purge_token) if given.purge_url else None,
        tell=say,
    )


def _deployed(target: str, options: DeployOptions, *, dry_run: bool) -> DeployReport:
    """One deploy; what changed while it went on is taken up at once, some times."""
    report = _one_round(target, options, dry_run=dry_run)
    for _ in range(ROUNDS - 1):
        if not report.changed_meanwhile:
            break
        say(f"{len(report.changed_meanwhile)} files changed meanwhile; going on with what is live now")
        report = _added(report, _one_round(target, options, dry_run=dry_run))
    return report


def _one_round(target: str, options: DeployOptions, *, dry_run: bool) -> DeployReport:
    tree, newest = publisher.live_tree(settings().site_folder), newest_publication()
    if tree is None or newest is None:
        raise DeployError("网站尚未生成，请先运行 flask site build。")
    files = [TreeFile(path, sha256, size) for path, (sha256, size) in live_files(None).items()]
    release = newest.name
    db.session.rollback()  # no transaction stays open while files are on their way
    return deploy(tree, files, target, release=release, dry_run=dry_run, options=options)


def _added(first: DeployReport, then: DeployReport) -> DeployReport:
    """Both rounds in one report; what stands now is what the second found."""
    return replace(
        then, added=first.added + then.added, changed=first.changed + then.changed,
        removed=first.removed + then.removed, bytes=first.bytes + then.bytes,
        seconds=round(first.seconds + then.seconds, 2), moves=first.moves + then.moves,
    )  # fmt: skip


def _say(report: DeployReport) -> None:
    if report.changed_meanwhile:
        say(f"部署期间有 {len(report.changed_meanwhile)} 个文件又发生变化，未传送；再次运行即可补齐：")
        for path in report.changed_meanwhile:
            say(f"  {path}")
    if report.purge_failure:
        say(f"文件已全部传送，但清除缓存失败：{report.purge_failure}。再次运行会重新清除。")
    say(
        f"{report.target}: {report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{report.unchanged} unchanged; {report.bytes} bytes; {report.seconds} s"
        + (" (dry run)" if report.dry_run else "")
    )
