"""contest funds: calls, applications, awards, who was asked, and rewards"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contest_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("title_ko", sa.String(length=200), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=True),
        sa.Column(
            "organiser_kind",
            sa.Enum(
                "ministry",
                "city",
                "public_private",
                name="organiserkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "type",
            sa.Enum("comprehensive", "unit", name="contesttype", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("max_grant_won", sa.BigInteger(), nullable=True),
        sa.Column("matching_percent", sa.BigInteger(), nullable=True),
        sa.Column("council_report", sa.Boolean(), nullable=False),
        sa.Column("doc_no", sa.String(length=80), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("fact", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on",
            name=op.f("ck_contest_call_dates_in_order"),
        ),
        sa.CheckConstraint(
            "matching_percent IS NULL OR matching_percent BETWEEN 0 AND 100000",
            name=op.f("ck_contest_call_matching_percent"),
        ),
        sa.CheckConstraint("max_grant_won IS NULL OR max_grant_won >= 0", name=op.f("ck_contest_call_max_grant")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_call_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_call")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_call_district_id_id")),
    )
    with op.batch_alter_table("contest_call", schema=None) as batch_op:
        batch_op.create_index("ix_contest_call_closes_on", ["district_id", "closes_on", "id"], unique=False)
        batch_op.create_index("ix_contest_call_council_report", ["district_id", "council_report", "id"], unique=False)
        batch_op.create_index("ix_contest_call_max_grant_won", ["district_id", "max_grant_won", "id"], unique=False)
        batch_op.create_index("ix_contest_call_organiser_kind", ["district_id", "organiser_kind", "id"], unique=False)
        batch_op.create_index("ix_contest_call_title_en", ["district_id", "title_en", "id"], unique=False)
        batch_op.create_index("ix_contest_call_title_ko", ["district_id", "title_ko", "id"], unique=False)
        batch_op.create_index("ix_contest_call_type", ["district_id", "type", "id"], unique=False)

    op.create_table(
        "contest_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("title_ko", sa.String(length=200), nullable=False),
        sa.Column(
            "organiser_kind",
            sa.Enum(
                "ministry",
                "city",
                "public_private",
                name="organiserkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "type",
            sa.Enum("comprehensive", "unit", name="contesttype", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "discovered",
                "in_review",
                "applying",
                "applied",
                "selected",
                "agreed",
                "in_execution",
                "completed",
                "settled",
                "not_selected",
                "given_up",
                "missed",
                "dropped",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("secured", sa.Boolean(), nullable=False),
        sa.Column("council_due", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("award_year", sa.Integer(), nullable=True),
        sa.Column("result_year", sa.Integer(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column(
            "loss",
            sa.Enum(
                "plan",
                "fit",
                "matching",
                "site",
                "record",
                "competition",
                "not_told",
                name="lossreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("requested_won", sa.BigInteger(), nullable=True),
        sa.Column("national_won", sa.BigInteger(), nullable=True),
        sa.Column("city_won", sa.BigInteger(), nullable=True),
        sa.Column("private_won", sa.BigInteger(), nullable=True),
        sa.Column("other_won", sa.BigInteger(), nullable=True),
        sa.Column("unstated_won", sa.BigInteger(), nullable=True),
        sa.Column("external_won", sa.BigInteger(), nullable=True),
        sa.Column("matching_won", sa.BigInteger(), nullable=True),
        sa.Column("total_won", sa.BigInteger(), nullable=True),
        sa.Column("external_share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_figures_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_figures")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_figures_district_id_id")),
        sa.UniqueConstraint("district_id", "program_id", name=op.f("uq_contest_figures_district_id_program_id")),
    )
    with op.batch_alter_table("contest_figures", schema=None) as batch_op:
        batch_op.create_index("ix_contest_figures_applied", ["district_id", "applied", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_applied_on", ["district_id", "applied_on", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_award_year", ["district_id", "award_year", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_call_id", ["district_id", "call_id", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_city_won", ["district_id", "city_won", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_council_due", ["district_id", "council_due", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_department_id", ["district_id", "department_id", "id"], unique=False)
        batch_op.create_index(
            "ix_contest_figures_external_share", ["district_id", "external_share", "id"], unique=False
        )
        batch_op.create_index("ix_contest_figures_external_won", ["district_id", "external_won", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_fiscal_year", ["district_id", "fiscal_year", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_loss", ["district_id", "loss", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_matching_won", ["district_id", "matching_won", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_named", ["district_id", "named", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_national_won", ["district_id", "national_won", "id"], unique=False)
        batch_op.create_index(
            "ix_contest_figures_organiser_kind", ["district_id", "organiser_kind", "id"], unique=False
        )
        batch_op.create_index("ix_contest_figures_other_won", ["district_id", "other_won", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_private_won", ["district_id", "private_won", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_requested_won", ["district_id", "requested_won", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_result_on", ["district_id", "result_on", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_result_year", ["district_id", "result_year", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_sample", ["district_id", "sample", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_secured", ["district_id", "secured", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_state", ["district_id", "state", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_title_en", ["district_id", "title_en", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_title_ko", ["district_id", "title_ko", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_type", ["district_id", "type", "id"], unique=False)
        batch_op.create_index("ix_contest_figures_unstated_won", ["district_id", "unstated_won", "id"], unique=False)

    op.create_table(
        "contest_reward_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("step_won", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "base >= 0 AND points >= 0 AND step_won > 0", name=op.f("ck_contest_reward_rule_not_below_zero")
        ),
        sa.CheckConstraint("most IS NULL OR most >= 0", name=op.f("ck_contest_reward_rule_most")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_reward_rule_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_reward_rule")),
        sa.UniqueConstraint("district_id", "from_year", name=op.f("uq_contest_reward_rule_district_id_from_year")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_reward_rule_district_id_id")),
    )
    with op.batch_alter_table("contest_reward_rule", schema=None) as batch_op:
        batch_op.create_index("ix_contest_reward_rule_year", ["district_id", "from_year", "id"], unique=False)

    op.create_table(
        "contest_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("award_year", sa.Integer(), nullable=True),
        sa.Column("result_year", sa.Integer(), nullable=True),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "discovered",
                "in_review",
                "applying",
                "applied",
                "selected",
                "agreed",
                "in_execution",
                "completed",
                "settled",
                "not_selected",
                "given_up",
                "missed",
                "dropped",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "loss",
            sa.Enum(
                "plan",
                "fit",
                "matching",
                "site",
                "record",
                "competition",
                "not_told",
                name="lossreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "organiser_kind",
            sa.Enum(
                "ministry",
                "city",
                "public_private",
                name="organiserkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("applications", sa.Integer(), nullable=False),
        sa.Column("with_external", sa.Integer(), nullable=False),
        sa.Column("with_matching", sa.Integer(), nullable=False),
        sa.Column("requested_won", sa.BigInteger(), nullable=False),
        sa.Column("national_won", sa.BigInteger(), nullable=False),
        sa.Column("city_won", sa.BigInteger(), nullable=False),
        sa.Column("private_won", sa.BigInteger(), nullable=False),
        sa.Column("other_won", sa.BigInteger(), nullable=False),
        sa.Column("unstated_won", sa.BigInteger(), nullable=False),
        sa.Column("external_won", sa.BigInteger(), nullable=False),
        sa.Column("matching_won", sa.BigInteger(), nullable=False),
        sa.Column("total_won", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_sums_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_sums")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_sums_district_id_id")),
    )
    with op.batch_alter_table("contest_sums", schema=None) as batch_op:
        batch_op.create_index("ix_contest_sums_award_year", ["district_id", "award_year", "state"], unique=False)
        batch_op.create_index("ix_contest_sums_fiscal_year", ["district_id", "fiscal_year", "state"], unique=False)
        batch_op.create_index("ix_contest_sums_result_year", ["district_id", "result_year", "state"], unique=False)
        batch_op.create_index("ix_contest_sums_state", ["district_id", "state"], unique=False)

    op.create_table(
        "contest_routing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "will_apply", "considering", "no", name="answer", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "cannot_match",
                "no_capacity",
                "deadline",
                "not_eligible",
                "overlap",
                "other",
                name="noreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer IS NULL OR answer <> 'no' OR reason IS NOT NULL", name=op.f("ck_contest_routing_no_has_reason")
        ),
        sa.CheckConstraint(
            "reason IS NULL OR reason <> 'other' OR reason_text IS NOT NULL",
            name=op.f("ck_contest_routing_other_is_told"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_on IS NULL)", name=op.f("ck_contest_routing_answered_on_a_day")
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= asked_on", name=op.f("ck_contest_routing_answered_after_asked")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "answered_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_contest_routing_district_id_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "asked_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_contest_routing_district_id_asked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "call_id"],
            ["contest_call.district_id", "contest_call.id"],
            name=op.f("fk_contest_routing_district_id_call_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "department_id"],
            ["department.district_id", "department.id"],
            name=op.f("fk_contest_routing_district_id_department_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_routing_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_routing")),
        sa.UniqueConstraint(
            "district_id", "call_id", "department_id", name=op.f("uq_contest_routing_district_id_call_id_department_id")
        ),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_routing_district_id_id")),
    )
    with op.batch_alter_table("contest_routing", schema=None) as batch_op:
        batch_op.create_index("ix_contest_routing_answer", ["district_id", "answer", "id"], unique=False)
        batch_op.create_index("ix_contest_routing_answered_on", ["district_id", "answered_on", "id"], unique=False)
        batch_op.create_index("ix_contest_routing_asked_on", ["district_id", "asked_on", "id"], unique=False)
        batch_op.create_index("ix_contest_routing_department", ["district_id", "department_id", "id"], unique=False)
        batch_op.create_index("ix_contest_routing_reason", ["district_id", "reason", "id"], unique=False)

    op.create_table(
        "contest_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "discovered",
                "in_review",
                "applying",
                "applied",
                "selected",
                "agreed",
                "in_execution",
                "completed",
                "settled",
                "not_selected",
                "given_up",
                "missed",
                "dropped",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("requested_won", sa.BigInteger(), nullable=True),
        sa.Column("total_won", sa.BigInteger(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column(
            "loss",
            sa.Enum(
                "plan",
                "fit",
                "matching",
                "site",
                "record",
                "competition",
                "not_told",
                name="lossreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("lesson", sa.Text(), nullable=True),
        sa.Column("council_reported_on", sa.Date(), nullable=True),
        sa.Column("settle_within", sa.Integer(), nullable=True),
        sa.Column(
            "settle_unit",
            sa.Enum("months", "days", name="settleunit", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("settle_by", sa.Date(), nullable=True),
        sa.Column("returned_won", sa.BigInteger(), nullable=True),
        sa.Column("interest_won", sa.BigInteger(), nullable=True),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(settle_within IS NULL) = (settle_unit IS NULL)", name=op.f("ck_contest_application_settle_whole")
        ),
        sa.CheckConstraint("interest_won IS NULL OR interest_won >= 0", name=op.f("ck_contest_application_interest")),
        sa.CheckConstraint("requested_won IS NULL OR requested_won > 0", name=op.f("ck_contest_application_requested")),
        sa.CheckConstraint(
            "result_on IS NULL OR applied_on IS NULL OR result_on >= applied_on",
            name=op.f("ck_contest_application_result_after_applied"),
        ),
        sa.CheckConstraint("returned_won IS NULL OR returned_won >= 0", name=op.f("ck_contest_application_returned")),
        sa.CheckConstraint(
            "settle_within IS NULL OR settle_within BETWEEN 0 AND 3650",
            name=op.f("ck_contest_application_settle_within"),
        ),
        sa.CheckConstraint("total_won IS NULL OR total_won > 0", name=op.f("ck_contest_application_total")),
        sa.ForeignKeyConstraint(
            ["district_id", "call_id"],
            ["contest_call.district_id", "contest_call.id"],
            name=op.f("fk_contest_application_district_id_call_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_contest_application_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_application_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_application")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_application_district_id_id")),
        sa.UniqueConstraint("district_id", "program_id", name=op.f("uq_contest_application_district_id_program_id")),
    )
    with op.batch_alter_table("contest_application", schema=None) as batch_op:
        batch_op.create_index("ix_contest_application_call", ["district_id", "call_id", "id"], unique=False)
        batch_op.create_index("ix_contest_application_settle_by", ["district_id", "settle_by", "id"], unique=False)

    op.create_table(
        "contest_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "payer",
            sa.Enum(
                "national",
                "city",
                "district",
                "private",
                "other",
                "unstated",
                name="payer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("amount_won", sa.BigInteger(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("doc_no", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("payer <> 'district'", name=op.f("ck_contest_award_outside_money")),
        sa.CheckConstraint("amount_won > 0 OR reason IS NOT NULL", name=op.f("ck_contest_award_less_has_reason")),
        sa.CheckConstraint(
            "amount_won BETWEEN -1000000000000000 AND 1000000000000000 AND amount_won <> 0",
            name=op.f("ck_contest_award_amount_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "application_id"],
            ["contest_application.district_id", "contest_application.id"],
            name=op.f("fk_contest_award_district_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_contest_award_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_contest_award_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_award_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_award")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_award_district_id_id")),
    )
    with op.batch_alter_table("contest_award", schema=None) as batch_op:
        batch_op.create_index("ix_contest_award_application", ["district_id", "application_id", "id"], unique=False)
        batch_op.create_index("ix_contest_award_program", ["district_id", "program_id", "payer"], unique=False)

    op.create_table(
        "contest_matching",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("district", "partner", name="matchingsource", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("amount_won", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_won > 0 OR reason IS NOT NULL", name=op.f("ck_contest_matching_less_has_reason")),
        sa.CheckConstraint(
            "amount_won BETWEEN -1000000000000000 AND 1000000000000000 AND amount_won <> 0",
            name=op.f("ck_contest_matching_amount_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "application_id"],
            ["contest_application.district_id", "contest_application.id"],
            name=op.f("fk_contest_matching_district_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_contest_matching_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_contest_matching_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_matching_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_matching")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_matching_district_id_id")),
    )
    with op.batch_alter_table("contest_matching", schema=None) as batch_op:
        batch_op.create_index("ix_contest_matching_application", ["district_id", "application_id", "id"], unique=False)
        batch_op.create_index("ix_contest_matching_program", ["district_id", "program_id", "source"], unique=False)
        batch_op.create_index("ix_contest_matching_year", ["district_id", "fiscal_year", "id"], unique=False)

    op.create_table(
        "contest_state_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "discovered",
                "in_review",
                "applying",
                "applied",
                "selected",
                "agreed",
                "in_execution",
                "completed",
                "settled",
                "not_selected",
                "given_up",
                "missed",
                "dropped",
                "withdrawn",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "discovered",
                "in_review",
                "applying",
                "applied",
                "selected",
                "agreed",
                "in_execution",
                "completed",
                "settled",
                "not_selected",
                "given_up",
                "missed",
                "dropped",
                "withdrawn",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("doc_no", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "application_id"],
            ["contest_application.district_id", "contest_application.id"],
            name=op.f("fk_contest_state_change_district_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_contest_state_change_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_contest_state_change_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_state_change_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_state_change")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_state_change_district_id_id")),
    )
    with op.batch_alter_table("contest_state_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contest_state_change_application", ["district_id", "application_id", "id"], unique=False
        )
        batch_op.create_index("ix_contest_state_change_on_date", ["district_id", "on_date", "id"], unique=False)

    op.create_table(
        "contest_tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("funding_line_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(award_id IS NULL) = (funding_line_id IS NULL)", name=op.f("ck_contest_tie_whole_line")),
        sa.ForeignKeyConstraint(
            ["district_id", "application_id"],
            ["contest_application.district_id", "contest_application.id"],
            name=op.f("fk_contest_tie_district_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "award_id"],
            ["contest_award.district_id", "contest_award.id"],
            name=op.f("fk_contest_tie_district_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "funding_line_id"],
            ["funding_line.district_id", "funding_line.id"],
            name=op.f("fk_contest_tie_district_id_funding_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_contest_tie_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "target_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_contest_tie_district_id_target_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_contest_tie_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_tie")),
        sa.UniqueConstraint("district_id", "award_id", name=op.f("uq_contest_tie_district_id_award_id")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_contest_tie_district_id_id")),
    )
    with op.batch_alter_table("contest_tie", schema=None) as batch_op:
        batch_op.create_index("ix_contest_tie_application", ["district_id", "application_id", "id"], unique=False)
        batch_op.create_index("ix_contest_tie_target", ["district_id", "target_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("contest_tie", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_tie_target")
        batch_op.drop_index("ix_contest_tie_application")

    op.drop_table("contest_tie")
    with op.batch_alter_table("contest_state_change", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_state_change_on_date")
        batch_op.drop_index("ix_contest_state_change_application")

    op.drop_table("contest_state_change")
    with op.batch_alter_table("contest_matching", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_matching_year")
        batch_op.drop_index("ix_contest_matching_program")
        batch_op.drop_index("ix_contest_matching_application")

    op.drop_table("contest_matching")
    with op.batch_alter_table("contest_award", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_award_program")
        batch_op.drop_index("ix_contest_award_application")

    op.drop_table("contest_award")
    with op.batch_alter_table("contest_application", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_application_settle_by")
        batch_op.drop_index("ix_contest_application_call")

    op.drop_table("contest_application")
    with op.batch_alter_table("contest_routing", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_routing_reason")
        batch_op.drop_index("ix_contest_routing_department")
        batch_op.drop_index("ix_contest_routing_asked_on")
        batch_op.drop_index("ix_contest_routing_answered_on")
        batch_op.drop_index("ix_contest_routing_answer")

    op.drop_table("contest_routing")
    with op.batch_alter_table("contest_sums", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_sums_state")
        batch_op.drop_index("ix_contest_sums_result_year")
        batch_op.drop_index("ix_contest_sums_fiscal_year")
        batch_op.drop_index("ix_contest_sums_award_year")

    op.drop_table("contest_sums")
    with op.batch_alter_table("contest_reward_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_reward_rule_year")

    op.drop_table("contest_reward_rule")
    with op.batch_alter_table("contest_figures", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_figures_unstated_won")
        batch_op.drop_index("ix_contest_figures_type")
        batch_op.drop_index("ix_contest_figures_title_ko")
        batch_op.drop_index("ix_contest_figures_title_en")
        batch_op.drop_index("ix_contest_figures_state")
        batch_op.drop_index("ix_contest_figures_secured")
        batch_op.drop_index("ix_contest_figures_sample")
        batch_op.drop_index("ix_contest_figures_result_year")
        batch_op.drop_index("ix_contest_figures_result_on")
        batch_op.drop_index("ix_contest_figures_requested_won")
        batch_op.drop_index("ix_contest_figures_private_won")
        batch_op.drop_index("ix_contest_figures_other_won")
        batch_op.drop_index("ix_contest_figures_organiser_kind")
        batch_op.drop_index("ix_contest_figures_national_won")
        batch_op.drop_index("ix_contest_figures_named")
        batch_op.drop_index("ix_contest_figures_matching_won")
        batch_op.drop_index("ix_contest_figures_loss")
        batch_op.drop_index("ix_contest_figures_fiscal_year")
        batch_op.drop_index("ix_contest_figures_external_won")
        batch_op.drop_index("ix_contest_figures_external_share")
        batch_op.drop_index("ix_contest_figures_department_id")
        batch_op.drop_index("ix_contest_figures_council_due")
        batch_op.drop_index("ix_contest_figures_city_won")
        batch_op.drop_index("ix_contest_figures_call_id")
        batch_op.drop_index("ix_contest_figures_award_year")
        batch_op.drop_index("ix_contest_figures_applied_on")
        batch_op.drop_index("ix_contest_figures_applied")

    op.drop_table("contest_figures")
    with op.batch_alter_table("contest_call", schema=None) as batch_op:
        batch_op.drop_index("ix_contest_call_type")
        batch_op.drop_index("ix_contest_call_title_ko")
        batch_op.drop_index("ix_contest_call_title_en")
        batch_op.drop_index("ix_contest_call_organiser_kind")
        batch_op.drop_index("ix_contest_call_max_grant_won")
        batch_op.drop_index("ix_contest_call_council_report")
        batch_op.drop_index("ix_contest_call_closes_on")

    op.drop_table("contest_call")
