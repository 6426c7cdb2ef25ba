"""Keeping what is known of a document's standing (完整性和时效性): its score, what it lacks, how fresh it is.

It is kept with every act that changes it, so that lists, sums and comparisons only read it.
"""

from datetime import date, datetime

from content import rules
from content.errors import Fault
from content.models import DisclosureEdition, Document, Edition, EditionState
from county import ledger
from county.calendar import county_day, load_calendar
from database import db

OPEN = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED, EditionState.APPROVED)
AT_ONCE = 500


def note_written(edition: Edition) -> None:
    """An open edition was written on: it counts while nothing of its document is public."""
    document = edition.document
    document.title = edition.title
    if document.live_on is None:
        _count(document, edition)


def note_live(edition: Edition, *, on: date, first: date) -> None:
    """An edition went live on this day; `first` is the day on which its document first went public."""
    document = edition.document
    document.title, document.live_on = edition.title, on
    document.confirmed_on, document.confirmed_by_id = on, edition.publisher_id
    document.was_late = _was_late(edition, first)
    _count(document, edition)


def note_gone(document: Document) -> None:
    """Nothing of the document is public any more, or an edition of it was given up."""
    alive = [edition for edition in document.editions if edition.state is not EditionState.DISCARDED]
    live = next((edition for edition in alive if edition.state is EditionState.PUBLISHED), None)
    newest = (alive or document.editions)[-1]
    document.title = newest.title
    if live is None:
        document.live_on = document.was_late = document.confirmed_on = document.confirmed_by_id = None
        _count(document, newest if newest.state in OPEN else None)
    else:
        _count(document, live)


def confirm(document: Document, *, by: int, at: datetime) -> None:
    """Say that what is public of a document is still right (确认); the page stays as it is.

    Source: 政府信息公开条例 art. 4 (the office keeps information current); G-13.
    Raises: Fault unless the document is public.
    """
    if document.live_on is None:
        raise Fault("这一信息没有公开，不需要确认。", "state")
    document.confirmed_on, document.confirmed_by_id = county_day(at), by
    ledger.record("confirm", document, by=by, at=at, organ_id=document.organ_id)
    db.session.flush()


def count_standing(*, after: int = 0) -> int | None:
    """Count the next 500 documents anew, as after an upgrade that changed a check list; where to go on, None at the end.

    Confirmations stay.
    """
    query = db.select(Document).where(Document.id > after).order_by(Document.id).limit(AT_ONCE)
    documents = db.session.scalars(query).all()
    for document in documents:
        _count_anew(document)
    db.session.flush()
    return documents[-1].id if len(documents) == AT_ONCE else None


def _count_anew(document: Document) -> None:
    live = next((one for one in document.editions if one.state is EditionState.PUBLISHED), None)
    if live is not None and document.live_on is None:
        on = _went_live_on(live)
        document.live_on, document.confirmed_on = on, document.confirmed_on or on
        document.was_late = _was_late(live, document.sorted_on or on)
    if document.editions:
        note_gone(document)


def _went_live_on(edition: Edition) -> date:
    if edition.taken_over_from and isinstance(edition, DisclosureEdition) and edition.published_on:
        return edition.published_on
    return county_day(edition.published_at or edition.updated_at)


def _was_late(edition: Edition, first: date) -> bool | None:
    """Of a disclosure, by the day of its first publication: what was public in time stays so in later editions."""
    if not isinstance(edition, DisclosureEdition):
        return None
    if not rules.may_be_late(edition.produced_on, first):
        return False
    return rules.was_late(edition.produced_on, first, load_calendar())


def _count(document: Document, edition: Edition | None) -> None:
    gaps = rules.gaps_in(edition) if edition is not None else []
    document.score = rules.score_of(gaps) if edition is not None else None
    document.gaps = [gap.rule.key for gap in gaps if gap.message]
