"""acts are sealed in a chain, and each publication notes its end"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 2000
HEAD = sa.table("ledger_head", sa.column("id"), sa.column("chain_no"), sa.column("seal"))
ACT = sa.table(
    "act",
    sa.column("id"),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id"),
    sa.column("verb"),
    sa.column("subject_kind"),
    sa.column("subject_id"),
    sa.column("organ_id"),
    sa.column("details", sa.JSON()),
    sa.column("chain_no"),
    sa.column("seal"),
)


def upgrade() -> None:
    op.add_column("act", sa.Column("chain_no", BIG, nullable=True))
    op.create_index("act_chain", "act", ["chain_no"], unique=True)
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chain_no", BIG, nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.add_column("publication", sa.Column("ledger_no", BIG, nullable=False, server_default="0"))
    op.add_column("publication", sa.Column("ledger_seal", sa.String(64), nullable=False, server_default=""))
    if not context.is_offline_mode():
        seal_earlier_acts(op.get_bind())


def seal_earlier_acts(connection) -> None:
    """Acts from before there was a chain stand in it in the order of their ids, by the formula of county/acts.py."""
    last, number, seal = 0, 0, ""
    change = (
        sa.update(ACT)
        .where(ACT.c.id == sa.bindparam("act_id"))
        .values(chain_no=sa.bindparam("place"), seal=sa.bindparam("hash"))
    )
    while True:
        query = sa.select(ACT).where(ACT.c.id > last).order_by(ACT.c.id).limit(AT_ONCE)
        acts = connection.execute(query).all()
        if not acts:
            break
        rows = []
        for act in acts:
            number += 1
            at = act.at.replace(tzinfo=UTC) if act.at.tzinfo is None else act.at.astimezone(UTC)
            values = [number, seal, act.id, at.isoformat(timespec="microseconds"), act.actor_id, act.verb,
                      act.subject_kind, act.subject_id, act.organ_id, act.details]
            text = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
            seal = hashlib.sha256(text.encode("ascii")).hexdigest()
            rows.append({"act_id": act.id, "place": number, "hash": seal})
        connection.execute(change, rows)
        last = acts[-1].id
    if number:
        connection.execute(sa.insert(HEAD).values(id=1, chain_no=number, seal=seal))


def downgrade() -> None:
    op.drop_column("publication", "ledger_seal")
    op.drop_column("publication", "ledger_no")
    op.drop_table("ledger_head")
    op.drop_index("act_chain", "act")
    op.drop_column("act", "chain_no")
    op.execute(sa.update(sa.table("act", sa.column("seal"))).values(seal=None))
