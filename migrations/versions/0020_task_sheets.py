"""task sheets to organs, with their answers and the review of each"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_task_sheet_organ_id_organ")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["officer.id"], name=op.f("fk_task_sheet_issued_by_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_sheet")),
    )
    op.create_index(op.f("ix_task_sheet_organ_id"), "task_sheet", ["organ_id"])
    op.create_index(op.f("ix_task_sheet_due_on"), "task_sheet", ["due_on"])
    op.create_table(
        "task_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("verdict_note", sa.Text(), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["task_sheet.id"], name=op.f("fk_task_row_sheet_id_task_sheet"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_task_row_document_id_document")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["officer.id"], name=op.f("fk_task_row_answered_by_id_officer")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["officer.id"], name=op.f("fk_task_row_judged_by_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_row")),
        sa.UniqueConstraint("sheet_id", "document_id", name=op.f("uq_task_row_sheet_id_document_id")),
    )
    op.create_index(op.f("ix_task_row_document_id"), "task_row", ["document_id"])


def downgrade() -> None:
    op.drop_table("task_row")
    op.drop_table("task_sheet")
