"""Who is signed in: the cookie carries a random token, everything else is a row on the server."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Response, g, request, session

from county import devices, passwords, sign_in, sign_on
from county.devices import Device
from county.officers import Officer, OfficerSession, Role, combined
from county.regions import Site, the_site
from county.second_factor import has_second_factor, needs_second_factor
from county.sign_on import OfficerSubject
from database import db
from installation import keyring, password_policy, settings

PATH = "/admin"


def now() -> datetime:
    """This moment. The back office is an edge: only here does it read the clock."""
    return datetime.now(UTC)


def site_here() -> Site | None:
    """The site, looked up once a request."""
    if "office_site" not in g:
        g.office_site = the_site()
    return g.office_site


def commit_and_keep() -> None:
    """Commit without forgetting what was read: for a page that is shown right after, from the same records."""
    session = db.session()
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True


def current_session() -> OfficerSession | None:
    """The sign-in in force for this request, looked up once."""
    if "office_session" not in g:
        g.office_session = _find()
    return g.office_session


def current_officer() -> Officer | None:
    """The officer who is signed in."""
    found = current_session()
    return found.officer if found else None


def the_officer() -> Officer:
    """The officer who is signed in, in a view that has been checked to be open to officers only."""
    officer = current_officer()
    if officer is None:
        raise RuntimeError("a view was reached without the check of OfficerView")
    return officer


def must_set_up_second_factor(officer: Officer) -> bool:
    """Whether nothing is open to this officer yet but setting up two-step sign-in.

    The sample county may be looked at without, and so may an installation that is set to be a trial.
    """
    site = site_here()
    is_trial = not settings().second_factor or (site is not None and site.is_sample)
    if is_trial or not needs_second_factor(officer) or has_second_factor(officer):
        return False
    present = current_session()
    return present is None or not present.proved_twice


def must_change_password(officer: Officer) -> bool:
    """Whether nothing is open to this officer but choosing a new password: the old one has had its time."""
    present = current_session()
    if present is None or present.signed_on:
        return False
    return passwords.must_change(officer, password_policy(), at=now())


def roles_to_separate(officer: Officer) -> list[Role]:
    """The administrators' roles this officer holds together, though the installation separates them."""
    if not settings().separate_administrators:
        return []
    return combined(grant.role for grant in officer.grants)


def officer_awaited() -> Officer | None:
    """The officer who has shown a password or a link, and now has to show a code."""
    token = request.cookies.get(cookie_name())
    found = sign_in.awaiting_session(token, at=now()) if token else None
    return found.officer if found else None


def await_code(
    officer: Officer, response: Response, *, signed_on: bool = False, binding: OfficerSubject | None = None
) -> Response:
    """Remember who has done the first step; nothing opens before the second, and nothing is bound."""
    bound = binding.id if binding is not None else None
    token = sign_in.start_session(officer, at=now(), awaits_code=True, signed_on=signed_on, binding_id=bound)
    db.session.commit()
    return _give(token, response)


def sign_in_officer(
    officer: Officer, response: Response, *, signed_on: bool = False, proved_twice: bool = False
) -> Response:
    """Begin a session and give its token to the browser. A form opened before it carries a token that has ended."""
    awaited = request.cookies.get(cookie_name())
    half = sign_in.awaiting_session(awaited, at=now()) if awaited else None
    if half is not None:
        half.ended_at = now()
        if half.officer_id == officer.id:
            signed_on = signed_on or half.signed_on
            _complete_binding(half)
    token = sign_in.start_session(officer, at=now(), signed_on=signed_on, proved_twice=proved_twice)
    sign_in.end_beyond(officer, max(settings().sessions_per_officer, 1), at=now())
    db.session.commit()
    return _remember_device(officer, _give(token, response))


def _complete_binding(half: OfficerSession) -> None:
    binding = db.session.get(OfficerSubject, half.binding_id) if half.binding_id else None
    if binding is not None:
        sign_on.complete_binding(binding, half.officer, at=now())


def device() -> Device | None:
    """The browser of this request, if it is one in which somebody has signed in before."""
    text = request.cookies.get(device_cookie_name())
    return Device.unseal(text, keyring=keyring(), at=now()) if text else None


def _remember_device(officer: Officer, response: Response) -> Response:
    """Wrong guesses elsewhere then never stop this officer in this browser."""
    known = (device() or Device.new()).used_by(officer.id)
    response.set_cookie(
        device_cookie_name(), known.seal(keyring=keyring(), at=now()), max_age=devices.LASTS, path=PATH,
        httponly=True, samesite="Lax", secure=settings().secure_cookies,
    )  # fmt: skip
    return response


def _give(token: str, response: Response) -> Response:
    session.clear()
    g.office_session = _in_force(token)
    response.set_cookie(
        cookie_name(), token, path=PATH, httponly=True, samesite="Lax", secure=settings().secure_cookies
    )
    return response


def sign_out_officer(response: Response) -> Response:
    """End the session on the server and take the cookie back."""
    found = current_session()
    if found is not None:
        sign_in.end_session(found, at=now())
        db.session.commit()
    g.pop("office_session", None)
    session.clear()
    response.delete_cookie(cookie_name(), path=PATH, httponly=True, samesite="Lax")
    return response


def sessions_of(officer: Officer) -> Sequence[OfficerSession]:
    """The sign-ins of an officer that are in force."""
    given = settings()
    idle, longest = timedelta(minutes=given.session_idle_minutes), timedelta(hours=given.session_hours)
    return sign_in.open_sessions(officer, at=now(), idle=idle, longest=longest)


def officer_of_ended_session() -> int | None:
    """Id of the officer whose session this browser still names, though it has ended."""
    token = request.cookies.get(cookie_name())
    return sign_in.officer_id_of_token(token) if token else None


def cookie_name() -> str:
    """A cookie named __Secure- cannot be set over a plain connection by somebody in between."""
    return "__Secure-office" if settings().secure_cookies else "office"


def device_cookie_name() -> str:
    """As `cookie_name`, of the cookie that says which officers have signed in with this browser."""
    return "__Secure-device" if settings().secure_cookies else "device"


def _find() -> OfficerSession | None:
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    found = _in_force(token)
    if db.session.dirty:  # the visit was noted
        db.session.commit()
    return found


def _in_force(token: str) -> OfficerSession | None:
    return sign_in.session_in_force(
        token,
        at=now(),
        idle=timedelta(minutes=settings().session_idle_minutes),
        longest=timedelta(hours=settings().session_hours),
    )
