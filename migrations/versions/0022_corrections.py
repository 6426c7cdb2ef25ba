"""slips of the pen in live texts"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_correction_edition_id_edition")),
        sa.ForeignKeyConstraint(["result_id"], ["edition.id"], name=op.f("fk_correction_result_id_edition")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["officer.id"], name=op.f("fk_correction_asked_by_id_officer")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["officer.id"], name=op.f("fk_correction_decided_by_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_edition_id"), "correction", ["edition_id"])
    op.create_index("correction_by_state", "correction", ["state"])
    asked = sa.text("state = 'asked'")
    op.create_index(
        "one_correction_waits", "correction", ["edition_id"], unique=True, sqlite_where=asked, postgresql_where=asked
    )


def downgrade() -> None:
    op.drop_table("correction")
