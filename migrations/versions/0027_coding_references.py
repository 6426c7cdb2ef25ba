"""coding rules as governments publish them, beside those in force"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("coding_rule") as table:
        table.add_column(sa.Column("shapes", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("reference", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("coding_rule") as table:
        table.alter_column("shapes", server_default=None)
        table.alter_column("reference", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("coding_rule") as table:
        table.drop_column("reference")
        table.drop_column("shapes")
