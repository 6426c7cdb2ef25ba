"""the page that was approved, and publication past the review"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("approved_plan", sa.JSON(), nullable=True))
    op.add_column("edition", sa.Column("recheck_reason", sa.Text(), nullable=True))
    op.add_column("edition", sa.Column("forced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("force_ground", sa.String(length=40), nullable=True))
    op.add_column("edition", sa.Column("force_note", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("force_note", "force_ground", "forced_at", "recheck_reason", "approved_plan"):
        op.drop_column("edition", column)
