"""Officers (工作人员), their roles by organ, and what a role may do."""

import enum
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.errors import NotAllowedError
from county.organs import Organ, organ_and_below
from database import UtcDateTime, db, stored_as_value

BELOW = "_organs_below"  # on an officer: what lies under the organs of the roles


class Role(enum.Enum):
    """Roles (角色). A role is held for an organ and all below it; an administrator's without an organ is for all."""

    EDITOR = "editor"  # 信息编辑员
    REVIEWER = "reviewer"  # 审核员
    LEGAL_REVIEWER = "legal_reviewer"  # 法制审核员 (L-04)
    DISCLOSURE_REVIEWER = "disclosure_reviewer"  # 信息公开审核员 (L-03)
    PUBLISHER = "publisher"  # 发布员
    DUTY_PUBLISHER = "duty_publisher"  # 应急发布员
    CLERK = "clerk"  # 窗口办理人员
    SUPERVISOR = "supervisor"  # 监察员
    ADMINISTRATOR = "administrator"  # 系统管理员
    SECURITY_ADMINISTRATOR = "security_administrator"  # 安全管理员
    AUDITOR = "auditor"  # 审计管理员


class Right(enum.Enum):
    """Acts that need a right (权限); the value is what the person sees."""

    EDIT = "编辑稿件"
    REVIEW = "审核稿件"
    PUBLISH = "发布与撤回"
    FORCE = "强制发布"
    HANDLE_CASES = "办理申请"
    ADMINISTER = "系统管理"
    GRANT = "账号与角色管理"
    READ_LEDGER = "查阅操作记录"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.EDITOR: frozenset({Right.EDIT}),
    Role.REVIEWER: frozenset({Right.REVIEW}),
    Role.LEGAL_REVIEWER: frozenset({Right.REVIEW}),
    Role.DISCLOSURE_REVIEWER: frozenset({Right.REVIEW}),
    Role.PUBLISHER: frozenset({Right.PUBLISH}),
    Role.DUTY_PUBLISHER: frozenset({Right.FORCE}),
    Role.CLERK: frozenset({Right.HANDLE_CASES}),
    Role.SUPERVISOR: frozenset({Right.READ_LEDGER}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER}),
    Role.SECURITY_ADMINISTRATOR: frozenset({Right.GRANT}),
    Role.AUDITOR: frozenset({Right.READ_LEDGER}),
}
# 三员: who keeps the system, who gives the rights in it, and who watches both.
ADMINISTRATORS = (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)

REVIEWING = (
    Role.REVIEWER,
    Role.LEGAL_REVIEWER,
    Role.DISCLOSURE_REVIEWER,
)  # each decides its own steps of a review


class Officer(db.Model):
    """A person who works in the back office (L-06: identified by staff number and name)."""

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    staff_no: Mapped[str] = mapped_column(String(30), default="")
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organ: Mapped[Organ] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="officer", cascade="all, delete-orphan")

    def __str__(self) -> str:
        return self.name


class RoleGrant(db.Model):
    """A role held by an officer for an organ and all below it; no organ means the whole installation."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("officer_id", "role", "organ_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    role: Mapped[Role] = mapped_column(stored_as_value(Role))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))

    officer: Mapped[Officer] = relationship(back_populates="grants")
    organ: Mapped[Organ | None] = relationship()


class SignInLink(db.Model):
    """A one-time sign-in link (一次性登录链接); only a hash of its token is kept."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Officer] = relationship()


class OfficerSession(db.Model):
    """A sign-in in force (会话), on the server so that it can be ended; the cookie carries only its random token."""

    __tablename__ = "officer_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    awaits_code: Mapped[bool] = mapped_column(default=False)  # the first step is done, the second is not
    signed_on: Mapped[bool] = mapped_column(
        default=False
    )  # begun by the provider of sign-on, not by a password
    proved_twice: Mapped[bool] = mapped_column(default=False)  # the provider vouches for a second factor
    binding_id: Mapped[int | None] = mapped_column()  # the subject that the code is to bind

    officer: Mapped[Officer] = relationship()


class SignInAttempt(db.Model):
    """Failed sign-ins, counted per login and per address in a window, so that guessing is slowed."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def organs_for(officer: Officer, right: Right) -> set[int] | None:
    """Organ ids in which the officer holds `right`; None stands for all of them.

    Source: A-07 (each department maintains its own items, and only its own), I-05.
    """
    held = [grant.organ_id for grant in officer.grants if right in RIGHTS[grant.role]]
    if None in held:
        return None
    below = _organs_below(officer)
    return {organ for held_for in held if held_for is not None for organ in below[held_for]}


def _organs_below(officer: Officer) -> dict[int, set[int]]:
    """By the organs of an officer's roles, these and everything under them: read once until the officer is read anew."""
    known: dict[int, set[int]] = vars(officer).get(BELOW, {})
    for grant in officer.grants:
        if grant.organ_id is not None and grant.organ_id not in known:
            known[grant.organ_id] = organ_and_below(grant.organ_id)
    setattr(officer, BELOW, known)
    return known


@event.listens_for(Officer, "expire")
def _forget_organs(officer: Officer | None, _attributes: object) -> None:
    if officer is not None and BELOW in vars(officer):  # None: nobody holds it any more
        delattr(officer, BELOW)


def organs_with_role(officer: Officer, role: Role) -> set[int] | None:
    """Organ ids for which the officer holds this role; None stands for all of them.

    Source: L-03, L-04, L-07 (a post is a unit of authority distinct from the person).
    """
    organs: set[int] = set()
    for grant in officer.grants:
        if grant.role is not role:
            continue
        if grant.organ_id is None:
            return None
        organs |= organ_and_below(grant.organ_id)
    return organs


def may(officer: Officer, right: Right, organ_id: int | None = None) -> bool:
    """Whether the officer may do this in the organ; without an organ, anywhere at all.

    Source: A-07, I-05, L-01.
    """
    if not officer.is_active:
        return False
    organs = organs_for(officer, right)
    return organs is None or (bool(organs) if organ_id is None else organ_id in organs)


def check_may(officer: Officer, right: Right, organ_id: int | None = None) -> None:
    """Raises: NotAllowedError unless the officer may do this in the organ."""
    if not may(officer, right, organ_id):
        raise NotAllowedError(right.value)


def combined(roles: Iterable[Role]) -> list[Role]:
    """Which of the three administrators these roles are, where they are more than one: separated, nobody may be two.

    Source: GB/T 22239-2019 8.1.5.1 … 8.1.5.3 (system, audit and security administration); 三员分立.
    """
    held = set(roles)
    found = [role for role in ADMINISTRATORS if role in held]
    return found if len(found) > 1 else []


def holders_of(role: Role) -> list[Officer]:
    """Active officers who hold this role somewhere, in the order they got it."""
    grants = db.select(RoleGrant).join(Officer).where(Officer.is_active, RoleGrant.role == role)
    return [grant.officer for grant in db.session.scalars(grants.order_by(RoleGrant.id))]
