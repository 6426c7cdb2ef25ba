"""The import: row by row, each in a savepoint, in batches that the edge commits."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from content.models import FieldMapping
from county.errors import RefusedError
from county.regions import the_site
from database import db
from exchange import coding_rules, county_rows, disclosures, duties, questions, service_items
from exchange.errors import ParentMissingError, UnreadableFileError
from exchange.mapping import read_by
from exchange.naming import Names
from exchange.report import ImportReport, Outcome
from exchange.run import ImportOptions, Run
from exchange.sources import Row, UnreadableRow, read_rows

Enter = Callable[[Row, Run], Outcome]
KINDS: dict[str, Enter] = {
    "regions": county_rows.enter_region,
    "organs": county_rows.enter_organ,
    "channels": county_rows.enter_channel,
    "calendar": county_rows.enter_day,
    "disclosures": disclosures.enter,
    "services": service_items.enter,
    "questions": questions.enter,
    "duties": duties.enter,
    "coding-rules": coding_rules.enter,
}
NEED_A_SITE = {"channels", "disclosures", "services", "questions", "duties", "coding-rules"}
BATCH_ROWS = 200
FIELD_NAMES = {("services", "title"): "item_name"}  # as rows name what editions call otherwise


def import_path(
    kind: str,
    path: Path,
    options: ImportOptions,
    *,
    after_batch: Callable[[], None],
    progress: Callable[[int], None] = lambda rows: None,
    mapping: FieldMapping | None = None,
) -> ImportReport:
    """Take in a file or folder, by a mapping where its columns are not ours; see import_rows.

    Raises: UnreadableFileError when the file as a whole cannot be read, or no site is there to take it.
    """
    rows = read_by(mapping, read_rows(path)) if mapping else read_rows(path)
    return import_rows(kind, rows, options, after_batch=after_batch, progress=progress)


def import_rows(
    kind: str,
    rows: Iterable[Row | UnreadableRow],
    options: ImportOptions,
    *,
    after_batch: Callable[[], None],
    progress: Callable[[int], None] = lambda rows: None,
) -> ImportReport:
    """Take in rows. A refused row leaves nothing behind; the others go in.

    `after_batch` is called about every 200 rows and at the end, for the edge to commit.

    Raises: UnreadableFileError as import_path.
    """
    run = start(kind, options)
    waiting: list[Row] = []
    for number, row in enumerate(rows, 1):
        _take(kind, row, run, waiting)
        if number % BATCH_ROWS == 0:
            after_batch()
            progress(number)
    for row in _in_turn(waiting, run, kind):
        _take(kind, row, run, None)
    run.report.made = run.names.made
    after_batch()
    return run.report


def start(kind: str, options: ImportOptions) -> Run:
    """Begin an import.

    Raises: UnreadableFileError when rows of this kind need a site and there is none.
    """
    site = the_site()
    if site is None and kind in NEED_A_SITE:
        raise UnreadableFileError("本系统还没有网站，请先运行 flask county init 名称 行政区划代码。")
    names = Names(
        site,
        organ_id=options.organ_id,
        channel_id=options.channel_id,
        create_missing=options.create_missing,
        by=options.by,
        at=options.at,
    )
    return Run(options, site.id if site else 0, site.region.code if site else "", names)


def _take(kind: str, row: Row | UnreadableRow, run: Run, waiting: list[Row] | None) -> None:
    """Enter one row; one whose parent is not there yet is put aside while `waiting` is open."""
    if isinstance(row, UnreadableRow):
        run.report.refuse(row.file, row.line, None, row.reason)
        return
    run.begin(row.file, row.line)
    try:
        with db.session.begin_nested():
            outcome = KINDS[kind](row, run)
    except ParentMissingError as error:
        run.give_back()
        if waiting is not None:
            waiting.append(row)
            return
        run.report.refuse(row.file, row.line, error.field, error.message)
    except RefusedError as error:
        run.give_back()
        field = FIELD_NAMES.get((kind, error.field or ""), error.field)
        run.report.refuse(row.file, row.line, field, error.message)
    else:
        run.report.unknown_keys.update(run.unknown)
        outcome.gaps = tuple(FIELD_NAMES.get((kind, name), name) for name in outcome.gaps)
        run.report.enter(row.file, row.line, outcome)


def _in_turn(waiting: list[Row], run: Run, kind: str) -> Iterator[Row]:
    """Rows that waited for their parents: again and again while some go in; the rest to be refused."""
    while waiting:
        again: list[Row] = []
        for row in waiting:
            _take(kind, row, run, again)
        if len(again) == len(waiting):
            break
        waiting = again
    yield from waiting
