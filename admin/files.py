"""Attachments as officers fetch them before anything is public."""

from typing import Any

from flask import abort, redirect, send_file
from flask_admin import expose

from admin.editions.filters import in_scope
from admin.editions.listing import EDITORIAL
from admin.officer_view import OfficerView, row_id, scope_of
from admin.signed_in import the_officer
from content.files import MEDIA_TYPES
from content.models import Attachment, Document, Edition
from database import db
from installation import settings


class FilesView(OfficerView):
    """Files of editions within the officer's scope: always a download, never shown in our own origin."""

    rights = EDITORIAL

    def __init__(self) -> None:
        super().__init__(name="附件", endpoint="files", url="files")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index_view(self) -> Any:
        """There is no list of files: they belong to their documents."""
        return redirect(self.get_url("disclosures.index_view"))

    @expose("/<attachment_id>")
    def fetch_view(self, attachment_id: str) -> Any:
        """One file, under the name the editor gave it."""
        query = (
            db.select(Attachment)
            .join(Edition, Attachment.edition_id == Edition.id)
            .join(Document, Edition.document_id == Document.id)
            .where(Attachment.id == row_id(attachment_id))
        )
        organs = scope_of(the_officer(), EDITORIAL)
        if organs is not None:
            query = query.where(in_scope(the_officer(), organs, of_many=False))
        file = db.session.scalar(query) or abort(404)
        path = settings().upload_folder / file.stored_name
        if not path.is_file():
            abort(404)
        response = send_file(
            path.resolve(),
            mimetype=MEDIA_TYPES.get(file.suffix),
            as_attachment=True,
            download_name=file.display_name,
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
