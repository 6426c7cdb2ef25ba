"""`flask search`: the index and what it finds."""

import time

import click

import search
from commands.indexing import rebuild_index
from commands.output import BUSY, Group, fail, print_json, say
from installation import search_index

search_group = Group("search", help="The search index.")


@search_group.command("find")
@click.argument("text")
@click.option("--kind", type=click.Choice(["disclosure", "service", "question"]))
@click.option("--organ", help="Code of the organ.")
@click.option("--channel", help="Code of the channel; those below it count too.")
@click.option("--year", type=int)
@click.option("--page", type=int, default=1)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def find_command(
    text: str,
    kind: str | None,
    organ: str | None,
    channel: str | None,
    year: int | None,
    page: int,
    as_json: bool,
) -> None:
    """Show what a citizen finds who looks for TEXT.

    Example: flask search find 优化营商环境条例 --json
    """
    try:
        results = search.find(
            search_index(), text, kind=kind, organ=organ, channel=channel, year=year, page=page
        )
    except search.IndexDamagedError as error:
        fail(str(error))
    if as_json:
        print_json(results.as_json())
        return
    for hit in results.results:
        click.echo(f"{hit.title}  {hit.url}")
    say(f"{results.total} found in {results.took_ms} ms")


@search_group.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def rebuild_command(as_json: bool) -> None:
    """Make the index anew from the database, of everything the live site shows. Build the site first.

    Example: flask search rebuild
    """
    started = time.monotonic()
    try:
        count = rebuild_index()
    except search.IndexBusyError as error:
        fail(str(error), BUSY)
    seconds = round(time.monotonic() - started, 2)
    if as_json:
        print_json({"entries": count, "seconds": seconds})
    say(f"{count} entries in {seconds} s")
