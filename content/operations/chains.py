"""Setting chains of review. Editions on their way keep the steps they began with."""

from collections.abc import Sequence
from datetime import datetime

from content import rules
from content.errors import ChainTakenError
from content.models import ChainStep, Channel, DocumentKind, ReviewChain
from county import ledger
from county.errors import RefusedError
from database import db


def set_chain(
    chain: ReviewChain | None,
    kind: DocumentKind,
    channel: Channel | None,
    steps: Sequence[ChainStep],
    *,
    by: int,
    at: datetime,
) -> ReviewChain:
    """Set the steps of a chain (设置审核流程), or begin the chain of a kind or channel.

    Raises: Fault naming what is wrong; ChainTakenError when the kind or channel has a chain already.
    """
    for place, step in enumerate(steps):
        step.position, step.name = place, step.name.strip()
    rules.check_chain(steps)
    if channel is not None and kind is not DocumentKind.DISCLOSURE:
        raise RefusedError("政务服务事项不分栏目，请把栏目留空。", "channel")
    if chain is None:
        if _chain_of(kind, channel) is not None:
            raise ChainTakenError
        chain = ReviewChain(kind=kind, channel=channel)
        db.session.add(chain)
    chain.updated_at, chain.steps[:] = at, []
    db.session.flush()
    chain.steps[:] = list(steps)
    _record("set_chain", chain, by, at)
    return chain


def remove_chain(chain: ReviewChain, *, by: int, at: datetime) -> None:
    """Let a kind or channel follow what stands above it again (取消审核流程)."""
    _record("remove_chain", chain, by, at)
    db.session.delete(chain)
    db.session.flush()


def _chain_of(kind: DocumentKind, channel: Channel | None) -> ReviewChain | None:
    here = ReviewChain.channel_id.is_(None) if channel is None else ReviewChain.channel_id == channel.id
    return db.session.scalar(db.select(ReviewChain).where(ReviewChain.kind == kind, here))


def _record(verb: str, chain: ReviewChain, by: int, at: datetime) -> None:
    details = {"kind": chain.kind.value, "steps": [step.name for step in chain.steps]}
    if chain.channel is not None:
        details["channel"] = chain.channel.name
    ledger.record(verb, chain, by=by, at=at, details=details)
    db.session.flush()
