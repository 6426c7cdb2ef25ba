"""Two-step sign-in (两步验证): codes of an authenticator app, and recovery codes for the day the phone is gone."""

import base64
import secrets
from datetime import datetime, timedelta

import pyotp
from pyotp.totp import TOTP
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from county import ledger
from county.deputies import stands_in
from county.errors import RefusedError
from county.keys import Keyring
from county.officers import ADMINISTRATORS, REVIEWING, Officer, Role, SignInAttempt
from county.sign_in import SignInRefusedError, end_sessions
from county.throttle import WINDOW
from database import UtcDateTime, db

REQUIRED_OF = frozenset({*ADMINISTRATORS, *REVIEWING, Role.PUBLISHER, Role.DUTY_PUBLISHER})
STEP_S = 30
STEPS_ASIDE = (0, -1, 1)  # clocks of phones go wrong by less than half a minute
TRIES = 5
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits, and the stored hash is keyed
SECRET_PLACE, CODE_PLACE = "second_factor.secret", "recovery_code.code_hash"
WRONG = "验证码不正确，请等待下一个验证码后重试；每个验证码只能使用一次。"


class SecondFactor(db.Model):
    """An officer's authenticator: its secret, sealed, and the step of the last code that was taken."""

    __tablename__ = "second_factor"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: shown, but not yet proved
    last_step: Mapped[int] = mapped_column(default=0)  # steps of 30 s since 1970

    # Read with the officer: every request asks whether there is one.
    officer: Mapped[Officer] = relationship(backref=backref("authenticator", uselist=False, lazy="joined"))


class RecoveryCode(db.Model):
    """A code that stands in once for the authenticator; only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def has_second_factor(officer: Officer) -> bool:
    """Whether the officer is asked for a code at each sign-in."""
    factor = db.session.get(SecondFactor, officer.id)
    return factor is not None and factor.confirmed_at is not None


def needs_second_factor(officer: Officer) -> bool:
    """Whether a role of the officer's asks for one, or that of somebody he stands in for.

    Source: ASVS 5.0 6.3.3; GB/T 22239-2019 8.1.4.1 d.
    """
    return any(grant.role in REQUIRED_OF for grant in officer.grants) or stands_in(officer)


def begin(officer: Officer, *, keyring: Keyring) -> str:
    """Make the secret that the officer's app is to hold (base32); it counts once a code has proved it.

    Raises: RefusedError when the officer has an authenticator already.
    """
    if has_second_factor(officer):
        raise RefusedError("两步验证已经启用。更换手机请先由安全管理员重置。")
    secret = pyotp.random_base32()
    factor = db.session.get(SecondFactor, officer.id) or SecondFactor(officer_id=officer.id)
    factor.secret, factor.last_step = keyring.seal(secret, SECRET_PLACE), 0
    db.session.add(factor)
    db.session.flush()
    return secret


def pending_secret(officer: Officer, *, keyring: Keyring) -> str | None:
    """The secret that was shown and not proved yet."""
    factor = db.session.get(SecondFactor, officer.id)
    if factor is None or factor.confirmed_at is not None:
        return None
    return keyring.unseal(factor.secret, SECRET_PLACE)


def address_of(officer: Officer, secret: str) -> str:
    """What the code to be scanned says."""
    return TOTP(secret).provisioning_uri(name=officer.login)


def confirm(officer: Officer, code: str, *, keyring: Keyring, at: datetime) -> list[str]:
    """Take the app into use, proved by its code; returns the recovery codes, which are never shown again.

    Raises: RefusedError when nothing was begun; SignInRefusedError for a wrong code or too many.
    """
    factor = db.session.get(SecondFactor, officer.id)
    if factor is None or factor.confirmed_at is not None:
        raise RefusedError("请先开始设置两步验证。")
    _check_tries(officer, at)
    if not _takes(factor, code, keyring, at):
        _count_try(officer, at)
        raise SignInRefusedError(WRONG, "code")
    factor.confirmed_at = at
    ledger.record("set_second_factor", officer, by=officer.id, at=at)
    return _new_recovery_codes(officer, keyring)


def check_code(officer: Officer, code: str, *, keyring: Keyring, at: datetime) -> None:
    """Let a code of the app, or an unused recovery code, complete the sign-in; each is taken once.

    Raises: SignInRefusedError; also when this officer's codes failed too often of late. Only who knows the password can
    make them fail, so a stranger locks nobody out.
    """
    _check_tries(officer, at)
    factor = db.session.get_one(SecondFactor, officer.id)
    if _takes(factor, code, keyring, at):
        ledger.record("confirm_sign_in", officer, by=officer.id, at=at, details={"with": "totp"})
    elif _uses_up(officer, code, keyring, at):
        ledger.record("confirm_sign_in", officer, by=officer.id, at=at, details={"with": "recovery"})
    else:
        _count_try(officer, at)
        raise SignInRefusedError(WRONG, "code")


def reset(officer: Officer, *, by: int | None, at: datetime) -> None:
    """Forget a lost authenticator and end the sessions; its owner sets up a new one at the next sign-in.

    Raises: RefusedError when an officer would do it for himself: a stolen session could.
    """
    if by is not None and by == officer.id:
        raise RefusedError("不能重置自己的两步验证，请由另一位安全管理员办理。")
    factor = db.session.get(SecondFactor, officer.id)
    if factor is not None:
        db.session.delete(factor)
    db.session.execute(db.delete(RecoveryCode).where(RecoveryCode.officer_id == officer.id))
    end_sessions(officer, at=at)
    ledger.record("reset_second_factor", officer, by=by, at=at)
    db.session.flush()


def recovery_codes_left(officer: Officer) -> int:
    """How many recovery codes are unused."""
    unused = db.select(db.func.count(RecoveryCode.id)).where(
        RecoveryCode.officer_id == officer.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(unused) or 0


def _takes(factor: SecondFactor, code: str, keyring: Keyring, at: datetime) -> bool:
    """Whether this is a code of now that was not taken before, nor an older one than was taken."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return False
    totp, now = TOTP(keyring.unseal(factor.secret, SECRET_PLACE)), int(at.timestamp())
    for aside in STEPS_ASIDE:
        moment = now + aside * STEP_S
        if secrets.compare_digest(totp.at(moment), typed):
            return _advance(factor, moment // STEP_S)
    return False


def _advance(factor: SecondFactor, step: int) -> bool:
    """Of two requests with the same code one gets in: the update names what it expects."""
    taken = db.session.execute(
        db.update(SecondFactor)
        .where(SecondFactor.officer_id == factor.officer_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.officer_id)
    ).scalar_one_or_none()
    return taken is not None


def _uses_up(officer: Officer, code: str, keyring: Keyring, at: datetime) -> bool:
    used = db.session.execute(
        db.update(RecoveryCode)
        .where(
            RecoveryCode.officer_id == officer.id,
            RecoveryCode.code_hash == _hash(code, keyring),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    ).scalar_one_or_none()
    return used is not None


def _new_recovery_codes(officer: Officer, keyring: Keyring) -> list[str]:
    db.session.execute(db.delete(RecoveryCode).where(RecoveryCode.officer_id == officer.id))
    codes = []
    for _ in range(RECOVERY_CODES):
        text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
        codes.append("-".join(text[place : place + 4] for place in range(0, len(text), 4)))
        db.session.add(RecoveryCode(officer_id=officer.id, code_hash=_hash(codes[-1], keyring)))
    db.session.flush()
    return codes


def _hash(code: str, keyring: Keyring) -> str:
    return keyring.fingerprint("".join(code.split()).replace("-", "").lower(), CODE_PLACE)


def _check_tries(officer: Officer, at: datetime) -> None:
    tries = db.select(db.func.count(SignInAttempt.id)).where(
        SignInAttempt.key_hash == _key(officer), SignInAttempt.at > at - WINDOW
    )
    if (db.session.scalar(tries) or 0) >= TRIES:
        minutes = WINDOW // timedelta(minutes=1)
        raise SignInRefusedError(f"验证码错误次数过多，请{minutes}分钟后再试。", "code")


def _count_try(officer: Officer, at: datetime) -> None:
    db.session.add(SignInAttempt(key_hash=_key(officer), at=at))
    db.session.flush()


def _key(officer: Officer) -> str:
    return f"code:{officer.id}"
