"""look of a site, emergency notice"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = (
    ("foot_note", 300), ("colour", 7), ("emblem_suffix", 4), ("alert_text", 120), ("alert_link", 300),
    ("alert_level", 10),
)  # fmt: skip


def upgrade() -> None:
    for name, length in TEXTS:
        op.add_column("site", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.add_column("site", sa.Column("emblem", sa.LargeBinary(), nullable=True))
    op.add_column("site", sa.Column("alert_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("alert_at", "emblem", *(name for name, _ in TEXTS)):
        op.drop_column("site", name)
