"""Passwords (密码): what one must be like, by the policy of the installation, and how it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import argon2
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from county import guessable
from county.errors import RefusedError
from county.officers import Officer
from database import UtcDateTime, db

LONGEST = 200  # characters; argon2 takes any length, a form should not
HASHER = argon2.PasswordHasher()  # argon2id
KINDS = {"小写字母": "[a-z]", "大写字母": "[A-Z]", "数字": "[0-9]", "符号或汉字": "[^A-Za-z0-9]"}
PARTS = {"length": "shortest", "kinds": "kinds", "days": "days", "history": "history"}
MOST = {"length": 64, "kinds": len(KINDS), "days": 3650, "history": 24}


class FormerPassword(db.Model):
    """A password an officer had (旧密码): its hash, so that it is not taken again."""

    __tablename__ = "former_password"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class PasswordPolicy:
    """What the installation asks of passwords: two presets, of which each part may be set otherwise.

    Source: ASVS 5.0 6.2.1 … 6.2.10 (length and a list of refused ones, no composition, no expiry);
    GB/T 22239-2019 8.1.4.1 a (complexity, changed regularly).
    """

    shortest: int = 12  # characters
    kinds: int = 0  # of KINDS, how many must occur
    days: int = 0  # after which it has to be changed; 0: never
    history: int = 0  # passwords before that are not taken again

    @classmethod
    def from_text(cls, text: str) -> "PasswordPolicy":
        """Read `asvs`, `djbh`, or one of them with parts: `djbh days=60 length=12`.

        Raises: ValueError naming the part that cannot be used.
        """
        name, *parts = text.replace(",", " ").split() or ["asvs"]
        if name not in PRESETS:
            raise ValueError(f"{name!r} is neither asvs nor djbh")
        values: dict[str, int] = {}
        for part in parts:
            key, _, number = part.partition("=")
            if key not in PARTS or not (number.isascii() and number.isdigit()) or int(number) > MOST[key]:
                raise ValueError(f"{part!r} is none of {', '.join(f'{key}=0…{MOST[key]}' for key in PARTS)}")
            values[PARTS[key]] = int(number)
        policy = replace(PRESETS[name], **values)
        if policy.shortest < 8:
            raise ValueError("length= must be 8 or more")
        return policy

    def described(self) -> str:
        """What is asked, as a sentence for who chooses a password."""
        sentences = [f"至少{self.shortest}个字符"]
        if self.kinds:
            sentences.append(f"{'、'.join(KINDS)}中至少有{self.kinds}种")
        else:
            sentences.append("可以用一句容易记住的话")
        sentences.append("不能包含登录名，不能是常见的密码")
        if self.history:
            sentences.append(f"不能与最近{self.history}次的密码相同")
        if self.days:
            sentences.append(f"{self.days}天后需要更换")
        return "，".join(sentences) + "。"


PRESETS = {
    "asvs": PasswordPolicy(),
    "djbh": PasswordPolicy(shortest=10, kinds=3, days=90, history=5),
}


def faults_of(password: str, login: str, policy: PasswordPolicy) -> list[str]:
    """What keeps this from being the password of `login`, each a sentence with its cure; empty if nothing does.

    Source: ASVS 5.0 6.2.1, 6.2.4, 6.2.9, 6.2.11; GB/T 22239-2019 8.1.4.1 a.
    """
    faults = []
    if len(password) < policy.shortest:
        faults.append(f"密码至少{policy.shortest}个字符，现在是{len(password)}个，可以用一句容易记住的话。")
    if len(password) > LONGEST:
        faults.append(f"密码不能超过{LONGEST}个字符。")
    missing = [kind for kind, pattern in KINDS.items() if not re.search(pattern, password)]
    if len(KINDS) - len(missing) < policy.kinds:
        faults.append(
            f"密码要有{policy.kinds}种字符，现在有{len(KINDS) - len(missing)}种，还可以加上{'、'.join(missing)}。"
        )
    if login.lower() in password.lower():
        faults.append("密码不能包含登录名。")
    if not faults and guessable.is_guessable(password, login):
        faults.append(
            "这个密码由常见的词、连续的字符或日期组成，容易被猜到；请换成几个互不相干的词，或一句自己的话。"
        )
    return faults


def check(officer: Officer, password: str, policy: PasswordPolicy) -> None:
    """Raises: RefusedError when the officer may not have this password."""
    faults = faults_of(password, officer.login, policy)
    if not faults and any(matches(known, password) for known in _recent(officer, policy)):
        faults = [f"这个密码用过，不能与最近{policy.history}次的密码相同，请换一个。"]
    if faults:
        raise RefusedError("".join(faults), "password")


def keep(officer: Officer, password: str, policy: PasswordPolicy, *, at: datetime) -> None:
    """Make this the officer's password, and remember the one before as long as the policy asks."""
    if officer.password_hash:
        former = FormerPassword(officer_id=officer.id, password_hash=officer.password_hash, ended_at=at)
        db.session.add(former)
    officer.password_hash, officer.password_set_at = HASHER.hash(password), at
    db.session.flush()
    kept = [row.id for row in _former(officer, max(policy.history - 1, 0))]
    db.session.execute(
        db.delete(FormerPassword).where(
            FormerPassword.officer_id == officer.id, FormerPassword.id.not_in(kept)
        )
    )


def must_change(officer: Officer, policy: PasswordPolicy, *, at: datetime) -> bool:
    """Whether the officer's password is older than the policy lets it be.

    Source: GB/T 22239-2019 8.1.4.1 a.
    """
    if not policy.days or officer.password_hash is None:
        return False
    since = officer.password_set_at or officer.created_at
    return at - since > timedelta(days=policy.days)


def matches(known: str, password: str) -> bool:
    """Whether the password is the one of this hash."""
    try:
        return HASHER.verify(known, password)
    except argon2.exceptions.VerificationError:
        return False


def _recent(officer: Officer, policy: PasswordPolicy) -> list[str]:
    if not policy.history:
        return []
    present = [officer.password_hash] if officer.password_hash else []
    return present + [row.password_hash for row in _former(officer, policy.history - 1)]


def _former(officer: Officer, number: int) -> Sequence[FormerPassword]:
    query = db.select(FormerPassword).where(FormerPassword.officer_id == officer.id)
    return db.session.scalars(query.order_by(FormerPassword.id.desc()).limit(number)).all()
