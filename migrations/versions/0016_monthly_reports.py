"""monthly reports: their months, drafts, journals and reminders; programs by their officer"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "new_deal_report_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("open", "locked", name="standing", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("locks", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "opened_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_report_month_district_id_opened_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "programme_id"],
            ["new_deal_programme.district_id", "new_deal_programme.id"],
            name=op.f("fk_new_deal_report_month_district_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_report_month_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_report_month")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_report_month_district_id_id")),
        sa.UniqueConstraint(
            "district_id", "programme_id", "month", name=op.f("uq_new_deal_report_month_district_id_programme_id_month")
        ),
    )
    with op.batch_alter_table("new_deal_report_month", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_report_month_due", ["district_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_new_deal_report_month_month", ["district_id", "month", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_report_month_programme", ["district_id", "programme_id", "month"], unique=False
        )

    op.create_table(
        "new_deal_report_month_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "open",
                "request_missing",
                "lock",
                "reopen",
                name="roundverb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reports", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_report_month_step_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "month_id"],
            ["new_deal_report_month.district_id", "new_deal_report_month.id"],
            name=op.f("fk_new_deal_report_month_step_district_id_month_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_new_deal_report_month_step_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_report_month_step")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_report_month_step_district_id_id")),
    )
    with op.batch_alter_table("new_deal_report_month_step", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_report_month_step_month", ["district_id", "month_id", "id"], unique=False)

    op.create_table(
        "new_deal_monthly_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "draft",
                "submitted",
                "returned",
                "confirmed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("progress", sa.BigInteger(), nullable=True),
        sa.Column("spent_won", sa.BigInteger(), nullable=True),
        sa.Column("issue", sa.Text(), nullable=True),
        sa.Column("counter_measure", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("opened_for", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_on IS NOT NULL)",
            name=op.f("ck_new_deal_monthly_report_confirmed_has_its_day"),
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (progress IS NOT NULL) AND (state = 'confirmed') = (spent_won IS NOT NULL)",
            name=op.f("ck_new_deal_monthly_report_figures_are_confirmed"),
        ),
        sa.CheckConstraint(
            "state = 'confirmed' OR (issue IS NULL AND counter_measure IS NULL AND next_step IS NULL)",
            name=op.f("ck_new_deal_monthly_report_words_are_confirmed"),
        ),
        sa.CheckConstraint(
            "progress IS NULL OR progress BETWEEN 0 AND 100000", name=op.f("ck_new_deal_monthly_report_progress")
        ),
        sa.CheckConstraint(
            "spent_won IS NULL OR spent_won BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_new_deal_monthly_report_spent_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "month_id"],
            ["new_deal_report_month.district_id", "new_deal_report_month.id"],
            name=op.f("fk_new_deal_monthly_report_district_id_month_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_monthly_report_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "project_id"],
            ["new_deal_project.district_id", "new_deal_project.id"],
            name=op.f("fk_new_deal_monthly_report_district_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "requested_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_monthly_report_district_id_requested_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_monthly_report_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_monthly_report")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_monthly_report_district_id_id")),
        sa.UniqueConstraint(
            "district_id",
            "month_id",
            "project_id",
            name=op.f("uq_new_deal_monthly_report_district_id_month_id_project_id"),
        ),
    )
    with op.batch_alter_table("new_deal_monthly_report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_new_deal_monthly_report_confirmed_on", ["district_id", "confirmed_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_monthly_report_counts", ["district_id", "month_id", "state", "program_id"], unique=False
        )
        batch_op.create_index("ix_new_deal_monthly_report_month", ["district_id", "month", "id"], unique=False)
        batch_op.create_index("ix_new_deal_monthly_report_progress", ["district_id", "progress", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_monthly_report_project", ["district_id", "project_id", "month"], unique=False
        )
        batch_op.create_index("ix_new_deal_monthly_report_spent_won", ["district_id", "spent_won", "id"], unique=False)
        batch_op.create_index("ix_new_deal_monthly_report_state", ["district_id", "state", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_monthly_report_submitted_on", ["district_id", "submitted_on", "id"], unique=False
        )

    op.create_table(
        "new_deal_report_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("progress", sa.BigInteger(), nullable=True),
        sa.Column("spent_won", sa.BigInteger(), nullable=True),
        sa.Column("issue", sa.Text(), nullable=True),
        sa.Column("counter_measure", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "progress IS NULL OR progress BETWEEN 0 AND 100000", name=op.f("ck_new_deal_report_draft_progress")
        ),
        sa.CheckConstraint(
            "spent_won IS NULL OR spent_won BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_new_deal_report_draft_spent_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_report_draft_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "report_id"],
            ["new_deal_monthly_report.district_id", "new_deal_monthly_report.id"],
            name=op.f("fk_new_deal_report_draft_district_id_report_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_report_draft_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_report_draft")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_report_draft_district_id_id")),
        sa.UniqueConstraint("district_id", "report_id", name=op.f("uq_new_deal_report_draft_district_id_report_id")),
    )
    with op.batch_alter_table("new_deal_report_draft", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_report_draft_report", ["district_id", "report_id"], unique=False)

    op.create_table(
        "new_deal_report_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_report_reminder_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "department_id"],
            ["department.district_id", "department.id"],
            name=op.f("fk_new_deal_report_reminder_district_id_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "month_id"],
            ["new_deal_report_month.district_id", "new_deal_report_month.id"],
            name=op.f("fk_new_deal_report_reminder_district_id_month_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "officer_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_report_reminder_district_id_officer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_report_reminder_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "report_id"],
            ["new_deal_monthly_report.district_id", "new_deal_monthly_report.id"],
            name=op.f("fk_new_deal_report_reminder_district_id_report_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_report_reminder_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_report_reminder")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_report_reminder_district_id_id")),
        sa.UniqueConstraint(
            "district_id",
            "report_id",
            "on_date",
            name=op.f("uq_new_deal_report_reminder_district_id_report_id_on_date"),
        ),
    )
    with op.batch_alter_table("new_deal_report_reminder", schema=None) as batch_op:
        batch_op.create_index(
            "ix_new_deal_report_reminder_month", ["district_id", "month_id", "department_id", "on_date"], unique=False
        )

    op.create_table(
        "new_deal_report_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "save",
                "submit",
                "confirm",
                "return",
                "reopen",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "requested",
                "draft",
                "submitted",
                "returned",
                "confirmed",
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
                "requested",
                "draft",
                "submitted",
                "returned",
                "confirmed",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_report_step_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_report_step_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "report_id"],
            ["new_deal_monthly_report.district_id", "new_deal_monthly_report.id"],
            name=op.f("fk_new_deal_report_step_district_id_report_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_report_step_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_report_step")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_report_step_district_id_id")),
    )
    with op.batch_alter_table("new_deal_report_step", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_report_step_report", ["district_id", "report_id", "id"], unique=False)

    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.create_index("ix_program_officer", ["district_id", "officer_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.drop_index("ix_program_officer")

    with op.batch_alter_table("new_deal_report_step", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_report_step_report")

    op.drop_table("new_deal_report_step")
    with op.batch_alter_table("new_deal_report_reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_report_reminder_month")

    op.drop_table("new_deal_report_reminder")
    with op.batch_alter_table("new_deal_report_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_report_draft_report")

    op.drop_table("new_deal_report_draft")
    with op.batch_alter_table("new_deal_monthly_report", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_monthly_report_submitted_on")
        batch_op.drop_index("ix_new_deal_monthly_report_state")
        batch_op.drop_index("ix_new_deal_monthly_report_spent_won")
        batch_op.drop_index("ix_new_deal_monthly_report_project")
        batch_op.drop_index("ix_new_deal_monthly_report_progress")
        batch_op.drop_index("ix_new_deal_monthly_report_month")
        batch_op.drop_index("ix_new_deal_monthly_report_counts")
        batch_op.drop_index("ix_new_deal_monthly_report_confirmed_on")

    op.drop_table("new_deal_monthly_report")
    with op.batch_alter_table("new_deal_report_month_step", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_report_month_step_month")

    op.drop_table("new_deal_report_month_step")
    with op.batch_alter_table("new_deal_report_month", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_report_month_programme")
        batch_op.drop_index("ix_new_deal_report_month_month")
        batch_op.drop_index("ix_new_deal_report_month_due")

    op.drop_table("new_deal_report_month")
