"""administrators apart, ages of passwords, sessions begun by sign-on"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Who was administrator could do what is now the work of three; separating them is the county's own decision.
OTHERS = ("security_administrator", "auditor")


def upgrade() -> None:
    op.create_table(
        "former_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_former_password_officer_id_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_former_password"),
    )
    op.create_index("ix_former_password_officer_id", "former_password", ["officer_id"])
    op.add_column("officer", sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("signed_on", "proved_twice"):
        column = sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column("officer_session", column)
    now = sa.text("UPDATE officer SET password_set_at = CURRENT_TIMESTAMP WHERE password_hash IS NOT NULL")
    op.get_bind().execute(now)
    for role in OTHERS:
        given = sa.text(
            "INSERT INTO role_grant (officer_id, role, organ_id) "
            "SELECT officer_id, :role, organ_id FROM role_grant WHERE role = 'administrator'"
        )
        op.get_bind().execute(given, {"role": role})


def downgrade() -> None:
    op.get_bind().execute(sa.text("DELETE FROM role_grant WHERE role IN ('security_administrator', 'auditor')"))
    op.drop_column("officer_session", "proved_twice")
    op.drop_column("officer_session", "signed_on")
    op.drop_column("officer", "password_set_at")
    op.drop_table("former_password")
