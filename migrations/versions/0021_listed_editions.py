"""the row of each document in lists, known without a search"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("is_listed", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "UPDATE edition SET is_listed = false WHERE EXISTS (SELECT 1 FROM edition AS other"
        " WHERE other.document_id = edition.document_id AND other.id != edition.id AND ("
        "(other.state != 'discarded' AND (edition.state = 'discarded' OR other.edition_no > edition.edition_no))"
        " OR (other.state = 'discarded' AND edition.state = 'discarded' AND other.edition_no > edition.edition_no)))"
    )
    op.create_index(
        "edition_listed", "edition", ["kind", "is_listed", "updated_at", "id", "document_id", "state", "title"]
    )
    op.create_index("document_by_day", "document", ["kind", "sorted_on"])
    op.create_index("edition_titled", "edition", ["kind", "is_listed", "title", "id"])


def downgrade() -> None:
    op.drop_index("edition_titled", "edition")
    op.drop_index("document_by_day", "document")
    op.drop_index("edition_listed", "edition")
    op.drop_column("edition", "is_listed")
