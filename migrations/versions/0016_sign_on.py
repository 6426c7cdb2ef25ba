"""officers bound to subjects of a provider of sign-on"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officer_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_officer_subject_officer_id_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_officer_subject"),
        sa.UniqueConstraint("issuer", "subject", name="uq_officer_subject_issuer_subject"),
    )
    op.create_index("ix_officer_subject_officer_id", "officer_subject", ["officer_id"])
    op.add_column("officer_session", sa.Column("binding_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("officer_session", "binding_id")
    op.drop_table("officer_subject")
