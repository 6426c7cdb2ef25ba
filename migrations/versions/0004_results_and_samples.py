"""results shown to the public, filled samples of forms"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_edition", sa.Column("results_published", sa.Boolean(), nullable=True))
    op.add_column("service_edition", sa.Column("visit_count", sa.Integer(), nullable=True))
    with op.batch_alter_table("service_form") as table:  # nothing refers to it, so it may be made anew
        table.add_column(sa.Column("sample_attachment_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_service_form_sample_attachment_id_attachment"),
            "attachment",
            ["sample_attachment_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("service_form") as table:
        table.drop_constraint(op.f("fk_service_form_sample_attachment_id_attachment"), type_="foreignkey")
        table.drop_column("sample_attachment_id")
    op.drop_column("service_edition", "visit_count")
    op.drop_column("service_edition", "results_published")
