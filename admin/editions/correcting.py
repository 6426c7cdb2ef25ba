"""Slips of the pen in a live text: asked for on a page of its own, confirmed on the page of the edition."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose

from admin.editions.view import EditionsView
from admin.forms import Faults, add_refusal, clean_fields
from admin.officer_view import row_id
from admin.signed_in import now
from content import operations, rules
from content.models import Correction, Edition, EditionState
from county.errors import RefusedError
from county.officers import Right, check_may, may
from database import db

WAITS = "已提交，等待第二人确认；确认后公开网站立即更新。"


class CorrectingView(EditionsView):
    """The quick way for slips of the pen."""

    @expose("/correct/", methods=("GET", "POST"))
    def correct_view(self) -> Any:
        """Propose a correction of a live text."""
        edition = self.the_one(request.args.get("id"))
        check_may(self.officer, Right.EDIT, edition.document.organ_id)
        if edition.state is not EditionState.PUBLISHED:
            flash("只有已发布的稿件可以更正笔误；还没有发布的请直接修改。", "warn")
            return redirect(self.get_url(".details_view", id=edition.id))
        if request.method == "GET":
            return self._correcting(edition, {}, {})
        typed = clean_fields(request.form)
        values = {name: typed[name] for name in rules.CORRECTABLE[self.kind] if name in typed}
        try:
            reason = typed.get("reason", "")
            operations.ask_correction(edition, values, reason=reason, by=self.officer.id, at=now())
            db.session.commit()
        except RefusedError as refusal:
            db.session.rollback()
            faults: Faults = {}
            add_refusal(faults, refusal)
            return self._correcting(edition, typed, faults), 422
        flash(WAITS, "good")
        return redirect(self.get_url(".details_view", id=edition.id))

    @expose("/correction/", methods=("POST",))
    def correction_view(self) -> Any:
        """Confirm or decline the correction that waits; who asked for it may take it back."""
        edition = self.the_one(request.args.get("id"))
        row = db.session.get(Correction, row_id(request.form.get("correction") or "0"))
        if row is None or row.edition_id != edition.id:
            raise RefusedError("没有找到这项笔误更正，它可能已经办理过了。")
        decision, organ = request.form.get("decision"), edition.document.organ_id
        if decision not in ("confirm", "decline"):
            abort(400)
        if not (decision == "decline" and row.asked_by_id == self.officer.id):
            check_may(self.officer, Right.REVIEW, organ)
        shown = edition
        try:
            if decision == "confirm":
                shown = operations.confirm_correction(row, by=self.officer.id, at=now())
            else:
                operations.decline_correction(row, by=self.officer.id, at=now())
            db.session.commit()
        except RefusedError as refusal:
            db.session.rollback()
            flash(f"没有办成：{refusal.message}", "error")
            return redirect(self.get_url(".details_view", id=edition.id))
        said = "笔误已更正，公开网站将在片刻后更新。" if decision == "confirm" else "未采纳，线上内容不变。"
        flash(said, "good")
        return redirect(self.get_url(".details_view", id=shown.id))

    def correction_on(self, edition: Edition) -> dict[str, Any]:
        """What the page of a live edition says of corrections: one that waits, and whether one may be asked for."""
        is_live = edition.state is EditionState.PUBLISHED
        waiting = operations.correction_waiting(edition) if is_live else None
        organ = edition.document.organ_id
        return {
            "waiting": waiting,
            "labels": rules.CORRECTABLE[self.kind],
            "may_ask": is_live and waiting is None and may(self.officer, Right.EDIT, organ),
            "may_confirm": waiting is not None
            and waiting.asked_by_id != self.officer.id
            and may(self.officer, Right.REVIEW, organ),
            "is_mine": waiting is not None and waiting.asked_by_id == self.officer.id,
        }

    def _correcting(self, edition: Edition, typed: dict[str, str], faults: Faults) -> str:
        labels = rules.CORRECTABLE[self.kind]
        fields = [
            (name, label, typed.get(name, getattr(edition, name) or "")) for name, label in labels.items()
        ]
        return self.render(
            "office/editions/correct.html",
            edition=edition,
            document=edition.document,
            fields=[field for field in fields if getattr(edition, field[0]) or field[0] == "body"],
            reason=typed.get("reason", ""),
            faults=faults,
            limits=(rules.MOST_PLACES, rules.MOST_AT_ONE_PLACE, rules.MOST_IN_ALL),
        )
