"""replaced bytes are found by their hash"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_publication_file_old_sha256", "publication_file", ["old_sha256"])


def downgrade() -> None:
    op.drop_index("ix_publication_file_old_sha256", "publication_file")
