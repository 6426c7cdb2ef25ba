"""Every edition of a document with its people and dates, and what differs between any two."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from sqlalchemy.orm import contains_eager, joinedload

from admin.editions.acts import ACTS, OPEN, seen_mark
from admin.editions.ahead import AheadView
from admin.editions.version_texts import UNTYPED, texts_of
from admin.editions.view import EDITIONS
from admin.officer_view import row_id
from content.comparing import Piece, compare
from content.history import editions_listed
from content.models import Document, Edition
from content.operations.reviewing import WRITING
from county import ledger
from county.officers import Right, may
from database import db

CONTEXT = 1  # unchanged paragraphs shown beside a changed one
MOST_LISTED = 200
VISIBLE = str.maketrans({" ": "␣", "\u3000": "□", "\t": "⇥", "\n": "↵\n"})
UNTYPED_LABEL = "导入的其他数据"


@dataclass
class Line:
    """A paragraph in pieces, or a number of unchanged ones that are left out."""

    pieces: list[Piece] = field(default_factory=list)
    left_out: int = 0

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True)
class FieldChange:
    """What changed in one field: paragraphs, and how many characters went and came."""

    name: str
    label: str
    lines: list[Line]
    gone: int
    new: int


class VersionsView(AheadView):
    """The pages of a document's editions. They change nothing."""

    shown_values: Callable[[Any], dict[str, Any]]  # what an edition holds, as the form takes it

    @expose("/versions/")
    def versions_view(self) -> Any:
        """The editions of the document to which this edition belongs, newest first."""
        edition = self.listed_one(request.args.get("id"))
        listed = editions_listed(edition.document_id, longest=MOST_LISTED)
        return self.render(
            "office/editions/versions.html",
            edition=edition,
            document=edition.document,
            listed=listed,
            most=MOST_LISTED,
            writers=self._writers([row.id for row in listed]),
        )

    @expose("/compare/")
    def compare_view(self) -> Any:
        """What differs between two editions of a document, by field and by word; the older one comes first."""
        newer = self.listed_one(request.args.get("id"))
        older = self._other(newer)
        if older is None or older.id == newer.id:
            flash("请选择两个不同的稿次进行比较。", "warn")
            return redirect(self.get_url(".versions_view", id=newer.id))
        older, newer = self.both(older, newer)
        if older.edition_no > newer.edition_no:
            older, newer = newer, older
        is_full = request.args.get("full") == "1"
        changes, unchanged = self._compared(older, newer, is_full=is_full)
        restore, document = ACTS["restore"], newer.document
        return self.render(
            "office/editions/compare.html",
            older=older,
            newer=newer,
            document=document,
            changes=changes,
            unchanged=unchanged,
            is_full=is_full,
            writers=self._writers([older.id, newer.id]),
            restorable=[one for one in (older, newer) if restore.is_open_to(self.officer, one)],
            seen_mark=seen_mark,
            underway=next((one for one in document.editions if one.state in OPEN), None),
            may_edit=may(self.officer, Right.EDIT, document.organ_id),
        )

    def listed_one(self, text: str | None) -> Edition:
        """The edition of this id with the others of its document, without its parts; else a 404."""
        document = contains_eager(self.model.document)
        query = self.scope(db.session.query(self.model)).filter(self.model.id == row_id(text))
        return query.options(document.options(EDITIONS, joinedload(Document.organ))).first() or abort(404)

    def both(self, one: Edition, other: Edition) -> tuple[Edition, Edition]:
        """Two editions of a document with their texts and parts."""
        query = self.whole(self.model.id.in_((one.id, other.id))).options(
            joinedload(self.model.submitter),
            joinedload(self.model.reviewer),
            joinedload(self.model.publisher),
        )
        found = {each.id: each for each in query.populate_existing()}
        return found[one.id], found[other.id]

    def _other(self, edition: Edition) -> Edition | None:
        """The edition to compare with: the one asked for, else the one before."""
        asked = request.args.get("with")
        if asked is None:
            earlier = [one for one in edition.document.editions if one.edition_no < edition.edition_no]
            return earlier[-1] if earlier else None
        number = row_id(asked)
        return next((one for one in edition.document.editions if one.id == number), None) or abort(404)

    def _compared(
        self, older: Edition, newer: Edition, *, is_full: bool
    ) -> tuple[list[tuple[str, list[FieldChange]]], list[str]]:
        """Changed fields under the headings of the form, and the labels of filled fields that are the same."""
        form = self.form_class()
        old, new = (texts_of(one, form, self.shown_values(one)) for one in (older, newer))
        labels = {each.name: each.label.text for each in form} | {UNTYPED: UNTYPED_LABEL}
        found, unchanged = [], []
        for heading, names in (*self.groups, (UNTYPED_LABEL, (UNTYPED,))):
            pairs = [(name, old.get(name, ""), new.get(name, "")) for name in names if name in old | new]
            changes = [
                field_change(name, labels[name], a, b, is_full=is_full) for name, a, b in pairs if a != b
            ]
            unchanged += [labels[name] for name, a, b in pairs if a == b and a]
            if changes:
                found.append((heading, changes))
        return found, unchanged

    def _writers(self, ids: Sequence[int]) -> dict[int, list[str]]:
        return ledger.names_on(self.model.__tablename__, ids, WRITING)


def field_change(name: str, label: str, old: str, new: str, *, is_full: bool = False) -> FieldChange:
    """What changed in a field; the whole text, or the changed paragraphs with those beside them."""
    pieces = compare(old, new)
    lines = _lines(pieces)
    gone, fresh = (sum(len(piece.text) for piece in pieces if piece.kind == kind) for kind in ("gone", "new"))
    return FieldChange(name, label, lines if is_full else list(_folded(lines)), gone, fresh)


def _lines(pieces: Iterable[Piece]) -> list[Line]:
    """The pieces by paragraph; blank ones are left out, and a change of nothing but spaces is made visible."""
    lines = [Line()]
    for piece in pieces:
        text = piece.text
        if piece.kind != "same" and not text.strip():
            text = text.translate(VISIBLE)
        for place, part in enumerate(text.split("\n")):
            if place:
                lines.append(Line())
            if part:
                lines[-1].pieces.append(Piece(piece.kind, part))
    return [line for line in lines if line.pieces]


def _folded(lines: list[Line]) -> Iterable[Line]:
    """The changed paragraphs with those beside them; the others as a number."""
    shown = {
        place + near
        for place, line in enumerate(lines)
        if line.is_changed
        for near in range(-CONTEXT, CONTEXT + 1)
    }
    for is_shown, run in groupby(enumerate(lines), lambda each: each[0] in shown):
        some = [line for _, line in run]
        if is_shown or len(some) == 1:
            yield from some
        else:
            yield Line(left_out=len(some))
