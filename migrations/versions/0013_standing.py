"""how complete and how fresh documents are; lists that organs are held against"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DOCUMENT = (
    sa.Column("title", sa.String(length=300), nullable=False, server_default=""),
    sa.Column("score", sa.Integer(), nullable=True),
    sa.Column("gaps", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("live_on", sa.Date(), nullable=True),
    sa.Column("was_late", sa.Boolean(), nullable=True),
    sa.Column("confirmed_on", sa.Date(), nullable=True),
)
CHANNEL = (
    sa.Column("update_within_months", sa.Integer(), nullable=True),
    sa.Column("confirm_within_months", sa.Integer(), nullable=True),
)
DUTY = (
    sa.Column("kind", sa.String(length=40), nullable=False, server_default="disclosure"),
    sa.Column("list_name", sa.String(length=100), nullable=False, server_default=""),
)
STANDING = ["organ_id", "kind", "channel_id", "live_on", "score", "confirmed_on", "was_late"]
LIVE = sa.text("live_on IS NOT NULL")
NOT_COUNTED = sa.text(
    "INSERT INTO errand (kind, key, state, owed_at, due_at, attempts) "
    "SELECT 'count_standing', '0', 'waiting', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0 "
    "WHERE EXISTS (SELECT 1 FROM document)"
)  # the worker counts what was there before


def upgrade() -> None:
    for column in DOCUMENT:
        op.add_column("document", column._copy())
    for column in CHANNEL:
        op.add_column("channel", column._copy())
    for column in DUTY:
        op.add_column("duty", column._copy())
    _refer("document", "confirmed_by_id", "officer")
    _refer("channel", "organ_id", "organ")
    _refer("duty", "document_id", "document")
    op.create_index("document_standing", "document", STANDING)
    op.create_index("document_live_in_channel", "document", ["channel_id", "live_on"])
    op.create_index(
        "document_by_score", "document", ["score", "organ_id"], sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index(op.f("ix_duty_list_name"), "duty", ["list_name"])
    op.execute(NOT_COUNTED)


def downgrade() -> None:
    op.drop_index(op.f("ix_duty_list_name"), table_name="duty")
    for index in ("document_standing", "document_live_in_channel", "document_by_score"):
        op.drop_index(index, table_name="document")
    for table, column in (("document", "confirmed_by_id"), ("channel", "organ_id"), ("duty", "document_id")):
        op.drop_column(table, column)
    for table, columns in (("document", DOCUMENT), ("channel", CHANNEL), ("duty", DUTY)):
        for column in columns:
            op.drop_column(table, column.name)


def _refer(table: str, column: str, other: str) -> None:
    """In one statement: on SQLite a constraint cannot be added to a table that is there."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
        f" CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} (id)"
    )
