"""更新和确认: channels that are stale, and live texts that somebody has to say are still right."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

from admin.officer_view import OfficerView, row_id, scope_of
from admin.signed_in import now, the_officer
from admin.standing import LOOKING, page_urls, standing_of
from content import operations, standing
from content.models import Document
from county.errors import RefusedError
from county.officers import Right, check_may
from database import db

MOST_SHOWN = 50


class FreshnessView(OfficerView):
    """What has to be brought up to date or confirmed, of the organs of the officer."""

    rights = LOOKING
    rights_by_page = {"confirm_view": frozenset({Right.EDIT})}

    def __init__(self) -> None:
        super().__init__(name="更新和确认", endpoint="freshness", url="freshness", category="内容")

    @expose("/")
    def index_view(self) -> Any:
        """Channels with their deadlines, and what is to be confirmed."""
        officer = the_officer()
        organs = scope_of(officer, LOOKING)
        here = standing_of(organs)
        documents = standing.unconfirmed_documents(here, longest=MOST_SHOWN)
        mine = scope_of(officer, (Right.EDIT,))
        return self.render(
            "office/standing/freshness.html",
            channels=here.channels(),
            documents=documents,
            urls=page_urls(self, documents, officer),
            may_confirm={one.id for one in documents if mine is None or one.organ_id in mine},
            most=MOST_SHOWN,
        )

    @expose("/confirm/", methods=("POST",))
    def confirm_view(self) -> Any:
        """Say of the texts chosen that they are still right: all of them, or none."""
        officer, done = the_officer(), 0
        for text in dict.fromkeys(request.form.getlist("document")[:MOST_SHOWN]):
            document = db.session.get(Document, row_id(text))
            if document is None:
                raise RefusedError("所选的内容中有一件已经不在，没有确认任何一件，请重新选择。")
            check_may(officer, Right.EDIT, document.organ_id)
            operations.confirm(document, by=officer.id, at=now())
            done += 1
        db.session.commit()
        flash(
            f"已确认 {done} 件。" if done else "没有选中任何内容，请先勾选再确认。",
            "good" if done else "warn",
        )
        return redirect(self.get_url(".index_view"))
