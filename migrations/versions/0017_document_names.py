"""titles and numbers of documents, found without reading the documents"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("document_names", "document", ["title", "number", "organ_id"])


def downgrade() -> None:
    op.drop_index("document_names", table_name="document")
