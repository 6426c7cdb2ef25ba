"""chains of review, their steps on editions, and deputies"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_review_chain_channel_id_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_chain")),
        sa.UniqueConstraint("kind", "channel_id", name=op.f("uq_review_chain_kind_channel_id")),
    )
    alone = sa.text("channel_id IS NULL")
    op.create_index(
        "one_chain_of_a_kind", "review_chain", ["kind"], unique=True, sqlite_where=alone, postgresql_where=alone
    )
    op.create_table(
        "chain_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["chain_id"], ["review_chain.id"], name=op.f("fk_chain_step_chain_id_review_chain")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_chain_step_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_step")),
    )
    op.create_index(op.f("ix_chain_step_chain_id"), "chain_step", ["chain_id"])
    _make_review_step()
    _make_deputyship()
    op.execute(  # what waits for review takes the one step there was
        "INSERT INTO review_step (edition_id, round, position, name, kind, role, state, note, confirmed_by, document_no)"
        " SELECT id, 1, 0, '审核', 'decision', 'reviewer', 'waiting', '', '', '' FROM edition WHERE state = 'submitted'"
    )


def _make_review_step() -> None:
    op.create_table(
        "review_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_for_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=100), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_review_step_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_review_step_organ_id_organ")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["officer.id"], name=op.f("fk_review_step_decided_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["decided_for_id"], ["officer.id"], name=op.f("fk_review_step_decided_for_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_step")),
        sa.UniqueConstraint(
            "edition_id", "round", "position", name=op.f("uq_review_step_edition_id_round_position")
        ),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "one_step_waits", "review_step", ["edition_id"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("review_step_by_post", "review_step", ["organ_id", "role", "state"])


def _make_deputyship() -> None:
    op.create_table(
        "deputyship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["officer.id"], name=op.f(f"fk_deputyship_{name}_officer"))
            for name in ("officer_id", "deputy_id", "named_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputyship")),
    )
    op.create_index(op.f("ix_deputyship_officer_id"), "deputyship", ["officer_id"])
    op.create_index(op.f("ix_deputyship_deputy_id"), "deputyship", ["deputy_id"])


def downgrade() -> None:
    for table in ("deputyship", "review_step", "chain_step", "review_chain"):
        op.drop_table(table)
