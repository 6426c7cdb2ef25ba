"""离任交接: an officer leaves; what is unfinished goes to a successor, and the account is closed, in one act."""

from dataclasses import dataclass
from datetime import datetime

from content.operations import handing_over
from county import ledger, sign_in
from county.errors import RefusedError
from county.officers import Officer, Role, RoleGrant
from county.organs import Organ
from database import db

NOT_PASSED_ON = (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True)
class Departure:
    """What an officer would leave behind."""

    texts: int
    posts_left_empty: list[tuple[Role, Organ | None]]


def departure_of(officer: Officer) -> Departure:
    """What there is to hand over, and which posts nobody else would hold: reviews at these would wait for ever."""
    others = _held_by_others(officer)
    empty = [
        (grant.role, grant.organ)
        for grant in officer.grants
        if not any((grant.role, organ) in others for organ in (None, *_with_those_above(grant.organ)))
    ]
    return Departure(handing_over.unfinished_of(officer), empty)


def leave(
    officer: Officer, successor: Officer | None, *, with_roles: bool, by: int, at: datetime, separated: bool
) -> None:
    """Close the account, end its sessions, and give drafts and, if wanted, the roles of the work to the successor.

    The officer's name stays with everything he did. An administrator's role is given by name, never passed on.
    Raises: RefusedError when there are drafts and no successor, or the successor cannot be one.
    """
    if successor is None and handing_over.unfinished_of(officer):
        raise RefusedError("还有未完成的稿件，请选择接替人。", "successor")
    if successor is not None and (successor.id == officer.id or not successor.is_active):
        raise RefusedError("接替人应当是另一位在用的工作人员。", "successor")
    sign_in.disable_officer(officer, by=by, at=at)
    texts = 0
    if successor is not None:
        texts = handing_over.hand_over_texts(officer, successor, at=at)
        if with_roles:
            _pass_on(officer, successor, by=by, at=at, separated=separated)
    details = {"texts": texts} | ({"successor": successor.id} if successor else {})
    ledger.record("leave", officer, by=by, at=at, details=details)


def _pass_on(officer: Officer, successor: Officer, *, by: int, at: datetime, separated: bool) -> None:
    for grant in officer.grants:
        if grant.role not in NOT_PASSED_ON:
            sign_in.grant_role(successor, grant.role, grant.organ, by=by, at=at, separated=separated)


def _held_by_others(officer: Officer) -> set[tuple[Role, int | None]]:
    """The roles of this officer that others in service hold too, with the organ; None is everywhere."""
    rows = (
        db.select(RoleGrant.role, RoleGrant.organ_id)
        .join(Officer, Officer.id == RoleGrant.officer_id)
        .where(Officer.is_active, Officer.id != officer.id)
        .where(RoleGrant.role.in_([grant.role for grant in officer.grants]))
    )
    return {(row.role, row.organ_id) for row in db.session.execute(rows)}


def _with_those_above(organ: Organ | None) -> set[int]:
    found: set[int] = set()
    while organ is not None and organ.id not in found:
        found.add(organ.id)
        organ = db.session.get(Organ, organ.parent_id) if organ.parent_id else None
    return found
