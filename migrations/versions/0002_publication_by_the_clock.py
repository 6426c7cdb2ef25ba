"""publication by the clock"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written by hand where a column refers to a table: the batch mode would make the table anew, and SQLite takes
    # every sub-record with it (ON DELETE CASCADE) when the old one is dropped.
    op.execute(
        "ALTER TABLE document ADD COLUMN merged_into_id INTEGER"
        " CONSTRAINT fk_document_merged_into_id_document REFERENCES document (id)"
    )
    op.create_index(op.f("ix_document_merged_into_id"), "document", ["merged_into_id"])
    op.add_column("edition", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE edition ADD COLUMN scheduled_by_id INTEGER"
        " CONSTRAINT fk_edition_scheduled_by_id_officer REFERENCES officer (id)"
    )
    op.add_column("edition", sa.Column("schedule_fault", sa.Text(), nullable=True))
    op.add_column("edition", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("edition_due", "edition", ["state", "publish_at"])
    op.create_index("edition_expiring", "edition", ["state", "expires_at"])
    op.create_table(
        "old_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_old_address_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_address")),
        sa.UniqueConstraint("address", name=op.f("uq_old_address_address")),
    )
    op.create_index(op.f("ix_old_address_document_id"), "old_address", ["document_id"])


def downgrade() -> None:
    op.drop_table("old_address")
    op.drop_index("edition_expiring", table_name="edition")
    op.drop_index("edition_due", table_name="edition")
    for column in ("expires_at", "schedule_fault", "scheduled_by_id", "publish_at"):
        op.drop_column("edition", column)
    op.drop_index(op.f("ix_document_merged_into_id"), table_name="document")
    op.drop_column("document", "merged_into_id")
