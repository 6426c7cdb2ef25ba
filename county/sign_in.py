"""Signing in (登录): passwords, one-time links, and sessions that live on the server."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import joinedload

from county import ledger, passwords
from county.errors import RefusedError
from county.officers import ADMINISTRATORS, Officer, OfficerSession, Role, RoleGrant, SignInLink, combined
from county.organs import Organ
from county.passwords import HASHER, PasswordPolicy, matches
from county.throttle import WINDOW, Try, give_back, is_too_many
from database import db

LINK_LASTS = timedelta(hours=24)
CODE_WITHIN = timedelta(minutes=5)


class SignInRefusedError(RefusedError):
    """The sign-in was refused; the message does not tell which part was wrong."""


def create_officer(
    login: str, name: str, organ: Organ, *, staff_no: str = "", by: int | None, at: datetime
) -> Officer:
    """Make an account without a password; its owner comes in by a one-time link.

    Raises: RefusedError when the login is taken or unfit.
    """
    if not login.isascii() or not login.replace("-", "").replace(".", "").replace("_", "").isalnum():
        raise RefusedError("登录名只能使用字母、数字和 . _ -。", "login")
    if db.session.scalar(db.select(Officer.id).where(Officer.login == login)):
        raise RefusedError(f"登录名 {login} 已被使用。", "login")
    officer = Officer(login=login, name=name, organ=organ, staff_no=staff_no, created_at=at)
    db.session.add(officer)
    ledger.record("create", officer, by=by, at=at)
    return officer


def grant_role(
    officer: Officer,
    role: Role,
    organ: Organ | None,
    *,
    by: int | None,
    at: datetime,
    separated: bool = False,
) -> None:
    """Give a role for an organ and all below it; without an organ, for the whole installation.

    Raises: RefusedError when an officer would give a role to himself, or when the administrators are `separated` and
    this person would be two of them.
    """
    _check_other(officer, by)
    if separated and role in ADMINISTRATORS and combined([role, *(grant.role for grant in officer.grants)]):
        raise RefusedError(
            "系统管理员、安全管理员和审计管理员必须由不同的人担任；请先收回这个人的另一种管理员角色，或换一个人。",
            "role",
        )
    if any(
        grant.role is role and grant.organ_id == (organ.id if organ else None) for grant in officer.grants
    ):
        return
    officer.grants.append(RoleGrant(role=role, organ=organ))
    details = {"role": role.value, "organ": organ.code if organ else None}
    ledger.record("grant", officer, by=by, at=at, details=details)


def revoke_role(officer: Officer, grant: RoleGrant, *, by: int | None, at: datetime) -> None:
    """Take a role back; it ends with the next request.

    Raises: RefusedError when an officer would change his own roles.
    """
    _check_other(officer, by)
    officer.grants.remove(grant)
    details = {"role": grant.role.value, "organ": grant.organ.code if grant.organ else None}
    ledger.record("revoke", officer, by=by, at=at, details=details)
    db.session.flush()


def _check_other(officer: Officer, by: int | None) -> None:
    if by is not None and by == officer.id:
        raise RefusedError("不能更改自己的账号和角色，请由另一位安全管理员办理。", "role")


def enable_officer(officer: Officer, *, by: int | None, at: datetime) -> None:
    """Open a closed account again; its owner comes in by a one-time link or the old password."""
    officer.is_active = True
    ledger.record("enable", officer, by=by, at=at)


def disable_officer(officer: Officer, *, by: int | None, at: datetime) -> None:
    """Close an account and end its sessions at once.

    Raises: RefusedError when an officer would close his own account.
    """
    _check_other(officer, by)
    officer.is_active = False
    end_sessions(officer, at=at)
    ledger.record("disable", officer, by=by, at=at)


def set_password(
    officer: Officer, password: str, *, policy: PasswordPolicy, by: int | None, at: datetime
) -> None:
    """Set a password and end every session of the account.

    Raises: RefusedError naming what the policy misses in it.
    """
    passwords.check(officer, password, policy)
    passwords.keep(officer, password, policy, at=at)
    end_sessions(officer, at=at)
    ledger.record("set_password", officer, by=by, at=at)


def make_link(officer: Officer, *, by: int | None, at: datetime) -> str:
    """Make a one-time sign-in link's token; earlier unused ones of the officer end."""
    for link in db.session.scalars(
        db.select(SignInLink).where(SignInLink.officer_id == officer.id, SignInLink.used_at.is_(None))
    ):
        link.expires_at = at
    token = secrets.token_urlsafe(32)
    db.session.add(SignInLink(officer_id=officer.id, token_hash=_hash(token), expires_at=at + LINK_LASTS))
    ledger.record("invite", officer, by=by, at=at)
    db.session.flush()
    return token


def use_link(token: str, *, at: datetime) -> Officer:
    """Use up a one-time link; only the first of two uses gets in.

    Raises: SignInRefusedError when it is unknown, used or expired.
    """
    used = db.session.execute(
        db.update(SignInLink)
        .where(
            SignInLink.token_hash == _hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > at
        )
        .values(used_at=at)
        .returning(SignInLink.officer_id)
    ).scalar_one_or_none()
    officer = db.session.get(Officer, used) if used is not None else None
    if officer is None or not officer.is_active:
        raise SignInRefusedError("这个登录链接已经使用过或已过期，请联系安全管理员重新发送。")
    ledger.record("sign_in", officer, by=officer.id, at=at, details={"with": "link"})
    return officer


@cache
def _hash_of_nobody() -> str:
    """An unknown login costs as much time as a known one."""
    return HASHER.hash(secrets.token_hex())


def check_password(tried: Try, password: str, *, at: datetime) -> Officer:
    """Return the officer whose login was tried and whose password this is.

    Raises: SignInRefusedError; also when it was tried too often of late, from this browser or from strange ones.
    """
    if is_too_many(tried, at=at):
        give_back(tried)
        minutes = WINDOW // timedelta(minutes=1)
        raise SignInRefusedError(
            f"登录失败次数过多，请{minutes}分钟后再试，在您平时登录的浏览器上试，或使用安全管理员发送的一次性登录链接。"
        )
    officer = db.session.scalar(db.select(Officer).where(Officer.login == tried.login))
    own = officer.password_hash if officer else None
    known = own or _hash_of_nobody()
    if not matches(known, password) or officer is None or not own or not officer.is_active:
        raise SignInRefusedError("登录名或密码不正确。")
    give_back(tried)
    if HASHER.check_needs_rehash(known):
        officer.password_hash = HASHER.hash(password)
    ledger.record("sign_in", officer, by=officer.id, at=at, details={"with": "password"})
    return officer


def is_password(officer: Officer, password: str) -> bool:
    """Whether this is the officer's password."""
    return officer.password_hash is not None and matches(officer.password_hash, password)


def start_session(
    officer: Officer,
    *,
    at: datetime,
    awaits_code: bool = False,
    signed_on: bool = False,
    proved_twice: bool = False,
    binding_id: int | None = None,
) -> str:
    """Begin a session; the token returned goes into the cookie and nowhere else.

    One that `awaits_code` opens nothing: it only remembers who has shown a password or a link.
    """
    token = secrets.token_urlsafe(32)
    session = OfficerSession(
        token_hash=_hash(token), officer_id=officer.id, created_at=at, seen_at=at, awaits_code=awaits_code,
        signed_on=signed_on, proved_twice=proved_twice, binding_id=binding_id,
    )  # fmt: skip
    db.session.add(session)
    db.session.flush()
    return token


def end_beyond(officer: Officer, number: int, *, at: datetime) -> None:
    """Let the newest sessions be, so many of them, and end the others: a sign-in forgotten elsewhere is not left open.

    Source: ASVS 5.0 7.1.2 (a rule for sessions at the same time).
    """
    open_ones = db.session.scalars(
        db.select(OfficerSession)
        .where(
            OfficerSession.officer_id == officer.id,
            OfficerSession.ended_at.is_(None),
            OfficerSession.awaits_code.is_(False),
        )
        .order_by(OfficerSession.created_at.desc(), OfficerSession.id.desc())
    ).all()
    for session in open_ones[number:]:
        session.ended_at = at


def awaiting_session(token: str, *, at: datetime) -> OfficerSession | None:
    """The half sign-in of this token, while a code may still complete it."""
    session = _session_of(token)
    if session is None or not session.awaits_code or at - session.created_at > CODE_WITHIN:
        return None
    return session


def session_in_force(
    token: str, *, at: datetime, idle: timedelta, longest: timedelta
) -> OfficerSession | None:
    """The session of this token unless it ended, idled too long, or its officer was disabled; notes the visit."""
    session = _session_of(token)
    if session is None or session.awaits_code:
        return None
    if at - session.seen_at > idle or at - session.created_at > longest:
        return None
    if at - session.seen_at > timedelta(minutes=1):  # one write a minute is enough
        session.seen_at = at
    return session


def _session_of(token: str) -> OfficerSession | None:
    person = joinedload(OfficerSession.officer).options(joinedload(Officer.organ), joinedload(Officer.grants))
    query = db.select(OfficerSession).where(OfficerSession.token_hash == _hash(token)).options(person)
    session = db.session.scalars(query).unique().one_or_none()
    return None if session is None or session.ended_at or not session.officer.is_active else session


def officer_id_of_token(token: str) -> int | None:
    """Id of the officer of this session, in force or ended."""
    return db.session.scalar(
        db.select(OfficerSession.officer_id).where(OfficerSession.token_hash == _hash(token))
    )


def end_session(session: OfficerSession, *, at: datetime) -> None:
    """Sign out."""
    session.ended_at = at
    ledger.record("sign_out", session.officer, by=session.officer_id, at=at)


def open_sessions(
    officer: Officer, *, at: datetime, idle: timedelta, longest: timedelta
) -> Sequence[OfficerSession]:
    """The sign-ins of an officer that are in force, the one used last first."""
    return db.session.scalars(
        db.select(OfficerSession)
        .where(
            OfficerSession.officer_id == officer.id,
            OfficerSession.ended_at.is_(None),
            OfficerSession.awaits_code.is_(False),
            OfficerSession.seen_at >= at - idle,
            OfficerSession.created_at >= at - longest,
        )
        .order_by(OfficerSession.seen_at.desc(), OfficerSession.id.desc())
    ).all()


def revoke_sessions(officer: Officer, *, by: int | None, at: datetime, only: int | None = None) -> None:
    """End an officer's sign-ins, or the one of this id; it is out at its next request."""
    for session in db.session.scalars(
        db.select(OfficerSession).where(
            OfficerSession.officer_id == officer.id, OfficerSession.ended_at.is_(None)
        )
    ):
        if only in (None, session.id):
            session.ended_at = at
    ledger.record("revoke_sessions", officer, by=by, at=at)
    db.session.flush()


def end_sessions(officer: Officer, *, at: datetime) -> None:
    """End every session of an officer."""
    db.session.execute(
        db.update(OfficerSession)
        .where(OfficerSession.officer_id == officer.id, OfficerSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
