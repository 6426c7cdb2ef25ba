"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_errand_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_errand_state"), ["state"], unique=False)
        batch_op.create_index(
            "one_waiting_errand",
            ["kind", "key"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "law",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law")),
        sa.UniqueConstraint("title", name=op.f("uq_law_title")),
    )
    op.create_table(
        "look_up_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_hit", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_up_attempt")),
    )
    with op.batch_alter_table("look_up_attempt", schema=None) as batch_op:
        batch_op.create_index("look_up_by_address", ["address_hash", "at"], unique=False)
        batch_op.create_index("look_up_by_subject", ["subject_hash", "at"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("front", sa.String(length=120), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("front", name=op.f("pk_number_series")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_key_hash"), ["key_hash"], unique=False)

    op.create_table(
        "organ",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("letters", sa.String(length=2), nullable=True),
        sa.Column("subject_code", sa.String(length=3), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("supervision_phone", sa.String(length=60), nullable=False),
        sa.Column("office_hours", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by_import", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["organ.id"], name=op.f("fk_organ_parent_id_organ")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_organ_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ")),
        sa.UniqueConstraint("code", name=op.f("uq_organ_code")),
    )
    with op.batch_alter_table("organ", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organ_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organ_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("domain", sa.String(length=100), nullable=False),
        sa.Column("identity_code", sa.String(length=20), nullable=False),
        sa.Column("organiser", sa.String(length=100), nullable=False),
        sa.Column("undertaker", sa.String(length=100), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("contact_address", sa.String(length=200), nullable=False),
        sa.Column("icp_number", sa.String(length=60), nullable=False),
        sa.Column("police_number", sa.String(length=60), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_site_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("region_id", name=op.f("uq_site_region_id")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("query_code_hash", sa.String(length=64), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("item_name", sa.String(length=300), nullable=False),
        sa.Column("item_edition_id", sa.Integer(), nullable=False),
        sa.Column("promised_limit", sa.String(length=200), nullable=False),
        sa.Column("promised_limit_value", sa.Integer(), nullable=True),
        sa.Column("promised_limit_unit", sa.String(length=10), nullable=True),
        sa.Column("legal_limit", sa.String(length=200), nullable=False),
        sa.Column("legal_limit_value", sa.Integer(), nullable=True),
        sa.Column("legal_limit_unit", sa.String(length=10), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("applicant_kind", sa.String(length=40), nullable=False),
        sa.Column("applicant_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_id_kind", sa.String(length=40), nullable=False),
        sa.Column("applicant_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_id_hash", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("agent_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_application_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_application_ticket_hash")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_applicant_id_hash"), ["applicant_id_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_application_applied_at"), ["applied_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_item_code"), ["item_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_organ_id"), ["organ_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_state"), ["state"], unique=False)

    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("update_within_days", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by_import", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["channel.id"], name=op.f("fk_channel_parent_id_channel")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_channel_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("code", name=op.f("uq_channel_code")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "coding_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pattern", sa.String(length=300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_coding_rule_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_rule")),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("staff_no", sa.String(length=30), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_officer_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("login", name=op.f("uq_officer_login")),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["officer.id"], name=op.f("fk_act_actor_id_officer")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_act_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index("act_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_act_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_act_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_act_organ_id"), ["organ_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_act_verb"), ["verb"], unique=False)

    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_is_provisional", sa.Boolean(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["officer.id"], name=op.f("fk_case_accepted_by_officer")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_case_application_id_application")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["officer.id"], name=op.f("fk_case_closed_by_officer")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_case_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("application_id", name=op.f("uq_case_application_id")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_organ_id"), ["organ_id"], unique=False)

    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_case_event_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_case_event_officer_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_application_id"), ["application_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("foreign_id", sa.String(length=200), nullable=True),
        sa.Column("sorted_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.String(length=40), nullable=True),
        sa.Column("withdrawal_note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_document_channel_id_channel")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_document_organ_id_organ")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("kind", "foreign_id", name=op.f("uq_document_kind_foreign_id")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_document_kind_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("document_by_channel", ["channel_id", "sorted_on"], unique=False)
        batch_op.create_index("document_by_organ", ["organ_id", "sorted_on"], unique=False)

    op.create_table(
        "officer_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_session_officer_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_officer_session_token_hash")),
    )
    with op.batch_alter_table("officer_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_session_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_role_grant_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_role_grant_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "officer_id", "role", "organ_id", name=op.f("uq_role_grant_officer_id_role_organ_id")
        ),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_sign_in_link_officer_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("submitter_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_over_from", sa.String(length=500), nullable=True),
        sa.Column("taken_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'published') OR reviewer_id IS NOT NULL OR taken_over_from IS NOT NULL",
            name=op.f("ck_edition_reviewed_before_live"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["officer.id"], name=op.f("fk_edition_author_id_officer")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_edition_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["officer.id"], name=op.f("fk_edition_publisher_id_officer")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["officer.id"], name=op.f("fk_edition_reviewer_id_officer")),
        sa.ForeignKeyConstraint(
            ["submitter_id"], ["officer.id"], name=op.f("fk_edition_submitter_id_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("document_id", "edition_no", name=op.f("uq_edition_document_id_edition_no")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index("edition_by_state", ["state", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            "one_live_edition",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.create_index(
            "one_open_edition",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned', 'approved')"),
        )

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("foreign_id", sa.String(length=200), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_question_document_id_document")
        ),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_question_organ_id_organ")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_question_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("foreign_id", name=op.f("uq_question_foreign_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_organ_id"), ["organ_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=10), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_attachment_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "disclosure_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("produced_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("validity", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("genre", sa.String(length=60), nullable=False),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("content_source", sa.String(length=200), nullable=False),
        sa.Column("catalog_publisher", sa.String(length=200), nullable=False),
        sa.Column("catalog_duty", sa.Text(), nullable=False),
        sa.Column("catalog_content", sa.Text(), nullable=False),
        sa.Column("catalog_time_limit", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["edition.id"], name=op.f("fk_disclosure_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_edition")),
    )
    op.create_table(
        "item_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_item_question_edition_id_edition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_question")),
    )
    with op.batch_alter_table("item_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_question_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "legal_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("law_id", sa.Integer(), nullable=True),
        sa.Column("citation", sa.String(length=500), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_legal_basis_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["law_id"], ["law.id"], name=op.f("fk_legal_basis_law_id_law")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_basis")),
    )
    with op.batch_alter_table("legal_basis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_basis_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("format", sa.String(length=100), nullable=False),
        sa.Column("carrier", sa.String(length=100), nullable=False),
        sa.Column("submission_method", sa.String(length=100), nullable=False),
        sa.Column("storage_requirement", sa.String(length=200), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_material_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "service_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_category", sa.String(length=40), nullable=True),
        sa.Column("item_content", sa.Text(), nullable=False),
        sa.Column("handling_subject", sa.String(length=200), nullable=False),
        sa.Column("subject_nature", sa.String(length=40), nullable=True),
        sa.Column("entrusting_unit", sa.String(length=200), nullable=False),
        sa.Column("handling_department", sa.String(length=200), nullable=False),
        sa.Column("acceptance_conditions", sa.Text(), nullable=False),
        sa.Column("is_charged", sa.Boolean(), nullable=True),
        sa.Column("fee_basis_and_standard", sa.Text(), nullable=False),
        sa.Column("legal_limit", sa.String(length=200), nullable=False),
        sa.Column("legal_limit_value", sa.Integer(), nullable=True),
        sa.Column("legal_limit_unit", sa.String(length=40), nullable=True),
        sa.Column("promised_limit", sa.String(length=200), nullable=False),
        sa.Column("promised_limit_value", sa.Integer(), nullable=True),
        sa.Column("promised_limit_unit", sa.String(length=40), nullable=True),
        sa.Column("excluded_steps", sa.JSON(), nullable=False),
        sa.Column("handling_place", sa.String(length=300), nullable=False),
        sa.Column("office_hours", sa.String(length=300), nullable=False),
        sa.Column("contact_phone", sa.String(length=100), nullable=False),
        sa.Column("supervision_phone", sa.String(length=100), nullable=False),
        sa.Column("handling_type", sa.String(length=40), nullable=True),
        sa.Column("online_handling_url", sa.String(length=500), nullable=False),
        sa.Column("flow", sa.JSON(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=True),
        sa.Column("discretion", sa.JSON(), nullable=True),
        sa.Column("published_only", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("life_events", sa.JSON(), nullable=False),
        sa.Column("result_name", sa.String(length=200), nullable=False),
        sa.Column("result_delivery", sa.String(length=200), nullable=False),
        sa.Column("operation_stage", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["edition.id"], name=op.f("fk_service_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_edition")),
    )
    with op.batch_alter_table("service_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_edition_item_category"), ["item_category"], unique=False)

    op.create_table(
        "service_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("form_no", sa.String(length=60), nullable=False),
        sa.Column("form_name", sa.String(length=200), nullable=False),
        sa.Column("brief_note", sa.String(length=300), nullable=False),
        sa.Column("form_description", sa.Text(), nullable=False),
        sa.Column("filling_notes", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_service_form_attachment_id_attachment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_service_form_edition_id_edition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_form")),
    )
    with op.batch_alter_table("service_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_form_edition_id"), ["edition_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("service_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_form_edition_id"))

    op.drop_table("service_form")
    with op.batch_alter_table("service_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_edition_item_category"))

    op.drop_table("service_edition")
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_edition_id"))

    op.drop_table("material")
    with op.batch_alter_table("legal_basis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_basis_edition_id"))

    op.drop_table("legal_basis")
    with op.batch_alter_table("item_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_question_edition_id"))

    op.drop_table("item_question")
    op.drop_table("disclosure_edition")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_edition_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_organ_id"))
        batch_op.drop_index(batch_op.f("ix_question_document_id"))

    op.drop_table("question")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(
            "one_open_edition",
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned', 'approved')"),
        )
        batch_op.drop_index(
            "one_live_edition",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_edition_document_id"))
        batch_op.drop_index("edition_by_state")

    op.drop_table("edition")
    op.drop_table("sign_in_link")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_officer_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("officer_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_session_officer_id"))

    op.drop_table("officer_session")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("document_by_organ")
        batch_op.drop_index("document_by_channel")

    op.drop_table("document")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_event_application_id"))

    op.drop_table("case_event")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_organ_id"))
        batch_op.drop_index(batch_op.f("ix_case_due_on"))

    op.drop_table("case")
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_act_verb"))
        batch_op.drop_index(batch_op.f("ix_act_organ_id"))
        batch_op.drop_index(batch_op.f("ix_act_at"))
        batch_op.drop_index(batch_op.f("ix_act_actor_id"))
        batch_op.drop_index("act_subject")

    op.drop_table("act")
    op.drop_table("officer")
    op.drop_table("coding_rule")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_parent_id"))

    op.drop_table("channel")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_state"))
        batch_op.drop_index(batch_op.f("ix_application_organ_id"))
        batch_op.drop_index(batch_op.f("ix_application_item_code"))
        batch_op.drop_index(batch_op.f("ix_application_applied_at"))
        batch_op.drop_index(batch_op.f("ix_application_applicant_id_hash"))

    op.drop_table("application")
    op.drop_table("site")
    with op.batch_alter_table("organ", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organ_parent_id"))
        batch_op.drop_index(batch_op.f("ix_organ_name"))

    op.drop_table("organ")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_key_hash"))

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent_id"))

    op.drop_table("region")
    op.drop_table("number_series")
    with op.batch_alter_table("look_up_attempt", schema=None) as batch_op:
        batch_op.drop_index("look_up_by_subject")
        batch_op.drop_index("look_up_by_address")

    op.drop_table("look_up_attempt")
    op.drop_table("law")
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.drop_index(
            "one_waiting_errand",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_errand_state"))
        batch_op.drop_index(batch_op.f("ix_errand_due_at"))

    op.drop_table("errand")
    op.drop_table("calendar_day")
