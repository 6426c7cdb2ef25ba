"""imports that wait until somebody looked at what they would change"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staged_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_staged_import_organ_id_organ")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_staged_import_officer_id_officer")),
        sa.ForeignKeyConstraint(["applied_by_id"], ["officer.id"], name=op.f("fk_staged_import_applied_by_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_import")),
    )
    op.create_index(op.f("ix_staged_import_organ_id"), "staged_import", ["organ_id"])
    op.create_index(op.f("ix_staged_import_created_at"), "staged_import", ["created_at"])


def downgrade() -> None:
    op.drop_table("staged_import")
