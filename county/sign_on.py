"""Sign-on (统一身份认证): which subject of which provider is which officer. Bound by a one-time link, never by name or mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county import ledger
from county.officers import Officer
from county.sign_in import SignInRefusedError, end_sessions
from database import UtcDateTime, db

LONGEST_SUBJECT = 255  # OpenID Connect Core 2
UNBOUND = (
    "这个统一身份认证账号还没有绑定后台账号。请联系安全管理员发送一次性登录链接，"
    "打开链接后选择“用统一身份认证登录并绑定”。"
)


class OfficerSubject(db.Model):
    """A subject of a provider that stands for an officer; it counts once the sign-in that bound it was complete."""

    __tablename__ = "officer_subject"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Officer] = relationship()


def begin_binding(officer: Officer, issuer: str, subject: str, *, at: datetime) -> OfficerSubject:
    """Note that this subject is to stand for the officer, whose one-time link was used with it.

    Raises: SignInRefusedError when it stands for somebody else, or the officer is bound to another.
    """
    known = db.session.scalar(_of(issuer, subject))
    if known is not None and known.confirmed_at and known.officer_id != officer.id:
        raise SignInRefusedError(
            "这个统一身份认证账号已经绑定了另一个后台账号，请换一个账号，或联系安全管理员。"
        )
    bound = binding_of(officer)
    if bound is not None and bound is not known:
        raise SignInRefusedError(
            "您的后台账号已经绑定了另一个统一身份认证账号；更换请先由安全管理员解除绑定。"
        )
    if known is None:
        known = OfficerSubject(issuer=issuer, subject=subject)
        db.session.add(known)
    if not known.confirmed_at:
        known.officer_id, known.created_at = officer.id, at
    db.session.flush()
    return known


def complete_binding(binding: OfficerSubject, officer: Officer, *, at: datetime) -> None:
    """The sign-in that bound it is complete: from now on the subject signs the officer on."""
    if binding.officer_id != officer.id or binding.confirmed_at:
        return
    binding.confirmed_at = at
    ledger.record("bind_subject", officer, by=officer.id, at=at)


def sign_on(issuer: str, subject: str, *, at: datetime) -> Officer:
    """The officer for whom this subject stands.

    Raises: SignInRefusedError when it stands for nobody, or for an account that was closed.
    """
    known = db.session.scalar(_of(issuer, subject))
    if known is None or not known.confirmed_at:
        raise SignInRefusedError(UNBOUND)
    if not known.officer.is_active:
        raise SignInRefusedError("您的后台账号已停用；如工作需要，请联系安全管理员。")
    ledger.record("sign_in", known.officer, by=known.officer_id, at=at, details={"with": "provider"})
    return known.officer


def binding_of(officer: Officer) -> OfficerSubject | None:
    """The subject bound to an officer."""
    query = db.select(OfficerSubject).where(
        OfficerSubject.officer_id == officer.id, OfficerSubject.confirmed_at.is_not(None)
    )
    return db.session.scalar(query)


def unbind(officer: Officer, *, by: int | None, at: datetime) -> None:
    """Let no subject stand for the officer any more, and end the sessions; a new one-time link binds anew."""
    db.session.execute(db.delete(OfficerSubject).where(OfficerSubject.officer_id == officer.id))
    end_sessions(officer, at=at)
    ledger.record("unbind_subject", officer, by=by, at=at)


def _of(issuer: str, subject: str):
    return db.select(OfficerSubject).where(OfficerSubject.issuer == issuer, OfficerSubject.subject == subject)
