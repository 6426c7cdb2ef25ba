"""the places of a subject are found by the key that keeps them apart"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BY_LIST = ["list_key", "subject_kind", "subject_id"]
BY_SUBJECT = ["subject_kind", "subject_id", "list_key"]


def name_of(columns):
    return f"uq_list_place_{'_'.join(columns)}"


def upgrade() -> None:
    with op.batch_alter_table("list_place", table_kwargs={"sqlite_with_rowid": False}) as table:
        table.drop_index("places_of_subject")
        table.drop_constraint(name_of(BY_LIST), type_="unique")
        table.create_unique_constraint(name_of(BY_SUBJECT), BY_SUBJECT)


def downgrade() -> None:
    with op.batch_alter_table("list_place") as table:
        table.drop_constraint(name_of(BY_SUBJECT), type_="unique")
        table.create_unique_constraint(name_of(BY_LIST), BY_LIST)
        table.create_index("places_of_subject", ["subject_kind", "subject_id"])
