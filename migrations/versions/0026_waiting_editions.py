"""what waits at desks, counted without reading texts"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NOT_ON_TIME = sa.text("schedule_fault IS NOT NULL")


def upgrade() -> None:
    op.create_index("edition_waiting", "edition", ["state", "updated_at", "publish_at", "document_id"])
    op.create_index(
        "edition_not_on_time", "edition", ["id"], sqlite_where=NOT_ON_TIME, postgresql_where=NOT_ON_TIME
    )


def downgrade() -> None:
    op.drop_index("edition_not_on_time", table_name="edition")
    op.drop_index("edition_waiting", table_name="edition")
