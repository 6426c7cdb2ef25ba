"""organs merged and renamed, and what their documents were issued as"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement: on SQLite a constraint cannot be added to a table that is there.
    op.execute(
        "ALTER TABLE organ ADD COLUMN successor_id INTEGER "
        "CONSTRAINT fk_organ_successor_id_organ REFERENCES organ (id)"
    )
    op.add_column("organ", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("document", sa.Column("issued_as", sa.String(200), nullable=True))
    op.create_table(
        "former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("short_name", sa.String(100), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name="fk_former_name_organ_id_organ"),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
    )
    op.create_index("ix_former_name_organ_id", "former_name", ["organ_id"])


def downgrade() -> None:
    op.drop_table("former_name")
    op.drop_column("document", "issued_as")
    op.drop_column("organ", "closed_on")
    op.drop_column("organ", "successor_id")
