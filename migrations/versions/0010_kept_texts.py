"""what is being written and is not saved yet"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_text",
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), primary_key=True, autoincrement=False),
        sa.Column("place", sa.String(60), primary_key=True),
        sa.Column("fields", sa.JSON()),
        sa.Column("kept_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_kept_text_seen_at", "kept_text", ["seen_at"])


def downgrade() -> None:
    op.drop_table("kept_text")
