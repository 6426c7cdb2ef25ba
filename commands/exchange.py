"""`flask exchange`: rows of other systems in, the same rows out."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

import exchange
from commands.output import DONE_IN_PART, Group, fail, print_json, refusals_said, say
from content.models import Channel, FieldMapping
from content.queries import channel_by_code
from county.organs import Organ, organ_by_code_or_name
from county.regions import Site, the_site
from database import db
from exchange.forms.changes import ItemChange, Scope, apply, mark_of, preview
from exchange.forms.choosing import newest_items
from exchange.forms.files import FORMATS, archive, forms_from
from exchange.staging import counts_of
from installation import settings

SHOWN = 20  # refusals and gaps printed one by one; --json has them all
exchange_group = Group(
    "exchange", help="Import and export: JSON lines, CSV, Excel, folders of Markdown, forms of appendix 1."
)


@exchange_group.command("import")
@click.argument("kind", type=click.Choice(list(exchange.KINDS)))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--state", type=click.Choice(["draft", "published"]), default="draft", show_default=True)
@click.option("--organ", help="Code or name of the organ for rows that name none.")
@click.option("--channel", help="Code of the channel for rows that name none.")
@click.option(
    "--create-missing", is_flag=True, help="Make organs and channels that rows name but that are not there."
)
@click.option(
    "--mapping", "mapping_name", help="Name of the mapping of fields by which the columns are read."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def import_command(
    kind: str,
    path: Path,
    dry_run: bool,
    state: str,
    organ: str | None,
    channel: str | None,
    create_missing: bool,
    mapping_name: str | None,
    as_json: bool,
) -> None:
    """Take in rows of KIND from PATH: a .jsonl, .json, .csv or .xlsx file, or a folder of .md files with YAML front matter.

    A row that cannot be read is refused with its line, field and reason; the others go in, and the exit status is 3.
    --state published takes over what is public elsewhere already; a row with gaps stays a draft.

    Example: flask exchange import disclosures laws.jsonl --organ 990123-SF --create-missing --state published
    """
    options = exchange.ImportOptions(
        at=datetime.now(UTC),
        state=state,
        organ_id=_organ(organ).id if organ else None,
        channel_id=_channel(channel).id if channel else None,
        create_missing=create_missing,
        dry_run=dry_run,
        uploads=settings().upload_folder,
        upload_max_bytes=settings().upload_max_mb * 1024 * 1024,
    )
    with refusals_said():
        report = exchange.import_path(
            kind,
            path,
            options,
            after_batch=db.session.flush if dry_run else db.session.commit,
            progress=_show_progress,
            mapping=_mapping(mapping_name, kind) if mapping_name else None,
        )
    if dry_run:
        db.session.rollback()
    if as_json:
        print_json(report.as_json())
    else:
        _say_report(report, dry_run)
    sys.exit(DONE_IN_PART if report.refused else 0)


def _organ(text: str) -> Organ:
    organ = organ_by_code_or_name(text)
    if organ is None:
        raise click.BadParameter(
            f"no organ, or more than one, has the code or name {text!r}", param_hint="--organ"
        )
    return organ


def _channel(text: str) -> Channel:
    channel = channel_by_code(text)
    if channel is None:
        raise click.BadParameter(f"no channel has the code {text!r}", param_hint="--channel")
    return channel


def _mapping(name: str, kind: str) -> FieldMapping:
    found = db.session.scalar(
        db.select(FieldMapping).where(FieldMapping.name == name, FieldMapping.kind == kind)
    )
    if found is None:
        raise click.BadParameter(f"no mapping for {kind} is called {name!r}", param_hint="--mapping")
    return found


def _show_progress(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows", nl=False, err=True)


def _say_report(report: exchange.ImportReport, dry_run: bool) -> None:
    counts = report.as_json()
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    names = ("added", "changed", "unchanged", "published", "drafts")
    say(("Nothing was written. " if dry_run else "") + ", ".join(f"{name} {counts[name]}" for name in names))
    for entry in report.made:
        say(f"made {entry['kind']} {entry['code']} {entry['name']}")
    by_field: dict[str, int] = {}
    for gap in report.gaps:
        by_field[gap["field"]] = by_field.get(gap["field"], 0) + 1
    if by_field:
        say("gaps: " + ", ".join(f"{name} {count}" for name, count in sorted(by_field.items())))
    if report.unknown_keys:
        say("kept, but unknown: " + ", ".join(f"{key} {count}" for key, count in report.unknown_keys.items()))
    for row in report.refused[:SHOWN]:
        say(f"refused {row['file']}:{row['line']} {row['field'] or ''} {row['reason']}")
    if len(report.refused) > SHOWN:
        say(f"... and {len(report.refused) - SHOWN} more refused rows; --json lists them all")


@exchange_group.command("export")
@click.argument("kind", type=click.Choice(list(exchange.KINDS)))
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export_command(kind: str, path: Path) -> None:
    """Write every row of KIND to PATH, a .jsonl, .csv or .xlsx file, in the form the import reads.

    Example: flask exchange export services services.csv
    """
    if path.suffix.lower() not in exchange.FORMATS:
        raise click.BadParameter(f"the name must end in {' or '.join(exchange.FORMATS)}", param_hint="PATH")
    if not path.parent.is_dir():
        fail(f"There is no folder {path.parent}.")
    with refusals_said():
        rows = exchange.export_file(kind, path)
    say(f"{rows} rows in {path}")


@exchange_group.command("forms-out")
@click.argument("organ")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "suffix", type=click.Choice(FORMATS), default="docx", show_default=True)
def forms_out_command(organ: str, path: Path, suffix: str) -> None:
    """Write the forms of appendix 1 of an ORGAN (its code or name) to PATH, a .zip: its catalogue and each item.

    Example: flask exchange forms-out 990123-LY forms.zip
    """
    if path.suffix.lower() != ".zip":
        raise click.BadParameter("the name must end in .zip", param_hint="PATH")
    if not path.parent.is_dir():
        fail(f"There is no folder {path.parent}.")
    found = _organ(organ)
    items = newest_items([found.id])
    with refusals_said():
        content = archive(found.name, items, suffix, _site().region.code, at=datetime.now(UTC))[1]
    path.write_bytes(content)
    say(f"{len(items)} items in {path}")


@exchange_group.command("forms-in")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--organ", help="Code or name of the organ for items that are new.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def forms_in_command(paths: tuple[Path, ...], organ: str | None, dry_run: bool, as_json: bool) -> None:
    """Take in forms of appendix 1 from PATHS: .docx, .xlsx, or .zip of them. What changed becomes drafts.

    A form that cannot be read is refused with its place and reason; the others go in, and the exit status is 3.

    Example: flask exchange forms-in forms.zip --dry-run
    """
    scope = Scope(_site(), None, datetime.now(UTC), organ=_organ(organ) if organ else None)
    forms = []
    with refusals_said():
        for path in paths:
            with path.open("rb") as stream:
                forms += forms_from(
                    stream,
                    path.name,
                    settings().upload_folder,
                    max_bytes=settings().upload_max_mb * 1024 * 1024,
                )
        changes = preview(forms, scope)
        if dry_run:
            db.session.rollback()
        else:
            changes = apply(forms, scope, mark_of(changes))
            db.session.commit()
    _say_forms(changes, dry_run, as_json)
    sys.exit(DONE_IN_PART if any(change.change == "refused" for change in changes) else 0)


def _say_forms(changes: Sequence[ItemChange], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"forms": [asdict(change) for change in changes], **counts_of(changes)})
        return
    counts = counts_of(changes)
    say(("Nothing was written. " if dry_run else "") + ", ".join(f"{name} {counts[name]}" for name in counts))
    for change in changes:
        if change.change == "refused":
            say(f"refused {change.place} {change.title} {' '.join(change.faults)}")
        for each in change.fields:
            say(f"{change.place} {change.title} {each.label}: {each.old[:60]!r} -> {each.new[:60]!r}")


def _site() -> Site:
    return the_site() or fail("There is no site yet. Run: flask county init NAME CODE")
