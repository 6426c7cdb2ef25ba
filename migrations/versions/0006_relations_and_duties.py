"""relations between disclosures, consultations, and what must be published"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disclosure_edition", sa.Column("opinions_until", sa.Date(), nullable=True))
    op.add_column(
        "disclosure_edition", sa.Column("opinions_closed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index("opinions_closing", "disclosure_edition", ["opinions_closed_at", "opinions_until"])
    op.add_column(
        "site", sa.Column("disclosure_order", sa.String(length=300), nullable=False, server_default="")
    )
    op.create_table(
        "document_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_key", sa.String(length=200), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_document_link_edition_id_edition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["document.id"], name=op.f("fk_document_link_target_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_link")),
    )
    op.create_index(op.f("ix_document_link_edition_id"), "document_link", ["edition_id"])
    op.create_index("link_to_come", "document_link", ["target_id", "target_key"])
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("foreign_id", sa.String(length=200), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("time_limit", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_duty_channel_id_channel")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_duty_organ_id_organ")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_duty_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("foreign_id", name=op.f("uq_duty_foreign_id")),
    )
    op.create_index(op.f("ix_duty_organ_id"), "duty", ["organ_id"])


def downgrade() -> None:
    op.drop_table("duty")
    op.drop_table("document_link")
    op.drop_column("site", "disclosure_order")
    op.drop_index("opinions_closing", table_name="disclosure_edition")
    for column in ("opinions_closed_at", "opinions_until"):
        op.drop_column("disclosure_edition", column)
