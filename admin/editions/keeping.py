"""Texts that are being written: kept while they are typed, with who else is there; and what two writers made of one text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict

from admin.editions.version_texts import form_texts
from admin.editions.versions import FieldChange, VersionsView, field_change
from admin.forms import OfficeForm, Rows
from admin.kept import NOT_KEPT
from admin.signed_in import commit_and_keep, now
from content import operations
from content.models import Edition, EditionState, KeptText
from county.calendar import COUNTY_ZONE
from county.errors import RefusedError
from county.officers import Officer, Right, check_may
from database import db

WRITABLE = (EditionState.DRAFT, EditionState.RETURNED)


@dataclass(frozen=True)
class Conflict:
    """A field that two wrote in at the same time: what stands there now, and what each changed in the text before."""

    name: str
    label: str
    stored: str
    theirs: FieldChange | None  # None where it is not known what the text was before
    mine: FieldChange | None


@dataclass(frozen=True)
class Merge:
    """What became of a form that somebody overtook: fields taken from the other, and those both changed."""

    taken: tuple[str, ...]  # their labels
    conflicts: tuple[Conflict, ...]


class KeepingView(VersionsView):
    """Keeps what is typed, says who else writes, and brings two writers together."""

    form_class: type[OfficeForm]

    @expose("/keep/", methods=("POST",))
    def keep_view(self) -> Any:
        """Keep what stands in the form, or with `_here` only say that its writer is still there."""
        edition = self._edition_written()
        fields = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in NOT_KEPT and not name.startswith("_")
        ]
        try:
            others = operations.keep(
                self.place_of(edition), self.officer, None if "_here" in request.form else fields, at=now()
            )
        except RefusedError as refusal:
            db.session.rollback()
            return make_response({"message": refusal.message}, 422)
        db.session.commit()
        moment = f"{now().astimezone(COUNTY_ZONE):%H:%M:%S}"
        return make_response({"kept": moment, "others": [other.name for other in others]})

    @expose("/forget/", methods=("POST",))
    def forget_view(self) -> Any:
        """Give up what was typed and not saved."""
        edition = self._edition_written()
        operations.forget(self.place_of(edition), self.officer, at=now())
        db.session.commit()
        flash("没有保存的内容已经丢弃。", "good")
        address = self.get_url(".edit_view", id=edition.id) if edition else self.get_url(".create_view")
        return redirect(address)

    def place_of(self, edition: Edition | None) -> str:
        """The form of an edition, or of a new one, as texts are kept by."""
        return f"{self.endpoint}-{edition.id if edition else 'new'}"

    def _edition_written(self) -> Edition | None:
        if "id" not in request.args:
            return None
        edition = self.the_one(request.args["id"])
        check_may(self.officer, Right.EDIT, edition.document.organ_id)
        return edition if edition.state in WRITABLE else abort(404)

    def arrived(self, edition: Edition | None) -> tuple[KeptText | None, Sequence[Officer]]:
        """The officer opens the form: what he left there unsaved, and who else is there.

        A database that is busy with somebody else's writing keeps nobody from reading: then neither is known.
        """
        place = self.place_of(edition)
        texts, version = (self._texts(edition), edition.version) if edition else ({}, 0)
        try:
            kept, others = operations.arrive(place, self.officer, texts, version=version, at=now())
            commit_and_keep()
        except OperationalError:
            db.session.rollback()
            return None, ()
        return (kept if kept.fields else None), others

    @staticmethod
    def typed_before(kept: KeptText) -> MultiDict[str, str]:
        """The form as it was kept."""
        return MultiDict((name, value) for name, value in kept.fields or ())

    def merged(self, form: OfficeForm, edition: Edition) -> Merge:
        """Bring a form that was overtaken up to what stands now: what only the other changed is taken over.

        What both changed stays as typed, and is shown; saving again is then a decision, not an accident.
        """
        place, stored = self.place_of(edition), self.shown_values(edition)
        base = operations.base_of(place, self.officer, int(form["version"].data or 0))
        theirs, mine = self._texts(edition), form_texts(form, _data(form))
        taken, conflicts = [], []
        for name in [name for name in mine if name in theirs and mine[name] != theirs[name]]:
            if base is not None and base.get(name) == theirs[name]:
                continue  # changed by the writer of the form alone
            label = form[name].label.text
            if base is not None and base.get(name) == mine[name]:
                form[name].process(None, stored[name])
                taken.append(label)
            else:
                conflicts.append(_conflict(name, label, base, theirs[name], mine[name]))
        form["version"].data = str(edition.version)
        operations.rebase(place, self.officer, theirs, version=edition.version, at=now())
        db.session.commit()
        return Merge(tuple(taken), tuple(conflicts))

    def _texts(self, edition: Edition) -> dict[str, str]:
        return form_texts(self.form_class(), self.shown_values(edition))


def _data(form: OfficeForm) -> dict[str, Any]:
    return {field.name: field.filled() if isinstance(field, Rows) else field.data for field in form}


def _conflict(name: str, label: str, base: Mapping[str, str] | None, theirs: str, mine: str) -> Conflict:
    if base is None:
        return Conflict(name, label, theirs, None, None)
    before = base.get(name, "")
    return Conflict(
        name,
        label,
        theirs,
        field_change(name, label, before, theirs),
        field_change(name, label, before, mine),
    )
