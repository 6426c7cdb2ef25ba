"""What was typed is kept when a form cannot be taken: after an ended sign-in, a stale token, a busy database."""

from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer

from admin.signed_in import PATH, current_officer, officer_of_ended_session

KEPT_FOR_S = 12 * 3600
NOT_KEPT = {"csrf_token", "present", "password", "password_again", "code"}


@dataclass(frozen=True)
class KeptForm:
    """The fields of a form that was not taken, and the address it was sent to."""

    path: str
    fields: list[tuple[str, str]]
    officer_id: int | None
    had_files: bool = False

    def belongs_to(self, officer_id: int) -> bool:
        """At a shared computer nobody gets what somebody else typed."""
        return self.officer_id is None or self.officer_id == officer_id


def is_from_this_site() -> bool:
    """Whether the form was sent by a page of this host, as the browser says.

    Only then is anything given back: a stranger's page must not be able to have its own text re-sent by an officer.
    """
    origin = request.headers.get("Origin", "")
    return origin.partition("://")[2] == request.host and request.headers.get("Sec-Fetch-Site") in (
        None,
        "same-origin",
    )


def kept_form() -> KeptForm | None:
    """The form of this request, to be given back; None when it is not one of this site's own."""
    if request.method != "POST" or not is_from_this_site() or not is_own_path(request.full_path):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    if not fields:
        return None
    officer = current_officer()
    owner = officer.id if officer else officer_of_ended_session()
    return KeptForm(
        request.full_path.rstrip("?"), fields, owner, any(file.filename for file in request.files.values())
    )


def seal(kept: KeptForm) -> str:
    """The form as a token that only this installation can have made."""
    return _serializer().dumps([kept.path, kept.fields, kept.officer_id, kept.had_files])


def unseal(token: str) -> KeptForm | None:
    """The form in a token; None when it was tampered with or is too old."""
    try:
        path, fields, officer_id, had_files = _serializer().loads(token, max_age=KEPT_FOR_S)
    except BadData:
        return None
    return KeptForm(path, [(name, value) for name, value in fields], officer_id, had_files)


def resume_page(kept: KeptForm | None, reason: str, status: int) -> Response:
    """A page that says why the form was not taken and sends it again, with a fresh token, at a press of a button."""
    page = render_template("office/resume.html", kept=kept, reason=reason)
    return make_response(page, status)


def is_own_path(path: str) -> bool:
    """Whether this is a path of the back office and of nothing else: no host, no scheme, no way out."""
    return (
        path.startswith(PATH + "/")
        and "\\" not in path
        and "//" not in path.partition("?")[0]
        and "/../" not in path
        and not any(ord(character) < 32 for character in path)
    )


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept form")
