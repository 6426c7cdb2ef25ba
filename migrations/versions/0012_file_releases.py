"""files with personal data released by two people on a legal ground"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_file_release_document_id_document")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["officer.id"], name=op.f("fk_file_release_asked_by_id_officer")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["officer.id"], name=op.f("fk_file_release_granted_by_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_release")),
        sa.UniqueConstraint("document_id", "sha256", "suffix", name=op.f("uq_file_release_document_id_sha256_suffix")),
    )


def downgrade() -> None:
    op.drop_table("file_release")
