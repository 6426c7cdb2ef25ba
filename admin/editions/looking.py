"""Beside the form while somebody writes: the public page as it would be, and files taken in before the form is saved."""

import base64
import re
from collections.abc import Callable, Iterable

from flask import abort, make_response, request
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

import publisher
from admin.editions.keeping import WRITABLE, KeepingView
from admin.editions.uploads import reference, take_in
from admin.forms import OfficeForm
from admin.officer_view import scope_of
from admin.previews import moment_of
from admin.publication import site_place
from admin.signed_in import now
from content.files import MEDIA_TYPES, FileRefusedError, StoredFile
from content.models import Attachment, Edition
from county.errors import NotAllowedError, RefusedError
from county.officers import Right, check_may
from database import db
from installation import settings

UNTITLED = "（还没有填写标题）"
PICTURES = (".jpg", ".png")
LARGEST_PICTURE = 3 * 1024 * 1024  # bytes; larger ones are not shown before they are public
PICTURE = re.compile(r'src="/files/(\w\w/\w{64}\.(?:jpg|png))"')


class LookingView(KeepingView):
    """Answers the form while it is open. Nothing of what a preview writes stays in the database."""

    prepared: Callable[[OfficeForm, Edition | None], OfficeForm]
    saved_as: Callable[[OfficeForm, Edition | None], Edition]  # writes what the form says, uncommitted

    @expose("/preview/", methods=("POST",))
    def preview_view(self) -> AnyResponse:
        """The public page, byte for byte as publishing what is typed would write it; else why there is none yet."""
        edition = self.the_one(request.args["id"]) if "id" in request.args else None
        if edition is not None:
            check_may(self.officer, Right.EDIT, edition.document.organ_id)
        if edition is not None and edition.state not in WRITABLE:
            abort(404)
        try:
            return make_response(self._page_of(edition), {"Content-Type": "text/html; charset=utf-8"})
        except NotAllowedError:
            raise
        except (RefusedError, publisher.PublishError) as error:
            message = f"现在还不能显示公开页面：{error.message}"
            return make_response(message, 422, {"Content-Type": "text/plain; charset=utf-8"})
        finally:
            db.session.rollback()

    @expose("/upload/", methods=("POST",))
    def upload_view(self) -> AnyResponse:
        """Take one file in, checked by its content; the form then carries a reference to it."""
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            return make_response({"message": "没有收到文件，请重新选择。"}, 422)
        try:
            kept = take_in(upload)
        except FileRefusedError as refusal:
            return make_response({"message": refusal.message}, 422)
        return make_response({
            "reference": reference(kept), "name": kept.display_name, "suffix": kept.suffix[1:], "bytes": kept.size_bytes,
            "sha256": kept.sha256, "address": f"/files/{kept.stored_name}" if kept.suffix in PICTURES else "",
        })  # fmt: skip

    def _page_of(self, edition: Edition | None) -> bytes:
        form = self.prepared(self.form_class(MultiDict(request.form.items(multi=True))), edition)
        form.validate()  # reads what was typed; what is wrong with it is said when it is saved
        self._fill_gaps(form, edition)
        tried = self.saved_as(form, edition)
        page = publisher.preview(site_place(), tried, at=moment_of(tried, now()))
        return with_pictures(page, tried.attachments)

    def _fill_gaps(self, form: OfficeForm, edition: Edition | None) -> None:
        """What a page cannot do without, where it is still missing."""
        form["title"].data = form["title"].data or UNTITLED
        if "organ" in form and form["organ"].data is None:
            within = scope_of(self.officer, (Right.EDIT,))
            own = edition.document.organ_id if edition else self.officer.organ_id
            form["organ"].data = own if within is None or own in within else min(within)
        if "channel" in form and form["channel"].data is None:
            form["channel"].data = next(
                (int(each.value) for each in form["channel"].offered if each.value), None
            )
        if edition is not None:
            form["version"].data = str(edition.version)


def with_pictures(page: bytes, files: Iterable[Attachment | StoredFile]) -> bytes:
    """The page with its pictures within itself: those of a draft are not on the site yet."""
    small = {file.stored_name: file.suffix for file in files if file.size_bytes <= LARGEST_PICTURE}

    def inside(found: re.Match[str]) -> str:
        path = settings().upload_folder / found[1]
        if found[1] not in small or not path.is_file():
            return found[0]
        return (
            f'src="data:{MEDIA_TYPES[small[found[1]]]};base64,{base64.b64encode(path.read_bytes()).decode()}"'
        )

    return PICTURE.sub(inside, page.decode()).encode()
