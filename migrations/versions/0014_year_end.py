"""contracts and their payments, readings of indicators, slips of milestones, year-end decisions, early execution

What lists and dashboards sum up follows from other rows: ``flask --app app figures`` fills it, and so does ``serve``
after it migrated. A milestone's first planned date is the one that is known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "new_deal_contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "open_tender",
                "restricted_tender",
                "nominated_tender",
                "private_contract",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column("amount_won", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("doc_no", sa.String(length=80), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_won >= 0", name=op.f("ck_new_deal_contract_amount_not_below_zero")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_new_deal_contract_period_in_order")),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_contract_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "project_id"],
            ["new_deal_project.district_id", "new_deal_project.id"],
            name=op.f("fk_new_deal_contract_district_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_contract_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_contract")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_contract_district_id_id")),
    )
    with op.batch_alter_table("new_deal_contract", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_contract_project", ["district_id", "project_id", "id"], unique=False)

    op.create_table(
        "new_deal_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_reading_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_reading_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "project_id"],
            ["new_deal_project.district_id", "new_deal_project.id"],
            name=op.f("fk_new_deal_reading_district_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "replaces_id"],
            ["new_deal_reading.district_id", "new_deal_reading.id"],
            name=op.f("fk_new_deal_reading_district_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_reading_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_reading")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_reading_district_id_id")),
        sa.UniqueConstraint("district_id", "replaces_id", name=op.f("uq_new_deal_reading_district_id_replaces_id")),
    )
    with op.batch_alter_table("new_deal_reading", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_reading_program", ["district_id", "program_id", "on_date"], unique=False)
        batch_op.create_index("ix_new_deal_reading_project", ["district_id", "project_id", "on_date"], unique=False)

    op.create_table(
        "new_deal_year_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "confirmed",
                "withdrawn",
                name="decisionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("carry_won", sa.BigInteger(), nullable=False),
        sa.Column(
            "carry_kind",
            sa.Enum(
                "specified",
                "accidental",
                "continuing",
                name="carrykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("return_won", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column(
            "reason_code",
            sa.Enum(
                "late_start",
                "delay",
                "plan_change",
                "late_grant",
                "bid_balance",
                "low_demand",
                "saved",
                "other_reason",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("doc_no", sa.String(length=80), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawal_reason IS NOT NULL)",
            name=op.f("ck_new_deal_year_end_withdrawn_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(carry_won = 0) = (carry_kind IS NULL)", name=op.f("ck_new_deal_year_end_carry_has_its_kind")
        ),
        sa.CheckConstraint("carry_won >= 0", name=op.f("ck_new_deal_year_end_carry_not_below_zero")),
        sa.CheckConstraint("return_won >= 0", name=op.f("ck_new_deal_year_end_return_not_below_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "changed_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_year_end_district_id_changed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "confirmed_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_year_end_district_id_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "entered_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_year_end_district_id_entered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_year_end_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "project_id"],
            ["new_deal_project.district_id", "new_deal_project.id"],
            name=op.f("fk_new_deal_year_end_district_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "withdrawn_by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_new_deal_year_end_district_id_withdrawn_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_year_end_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_year_end")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_year_end_district_id_id")),
    )
    with op.batch_alter_table("new_deal_year_end", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_year_end_program", ["district_id", "program_id", "state"], unique=False)
        batch_op.create_index(
            "uq_new_deal_year_end_standing",
            ["district_id", "project_id", "fiscal_year"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "new_deal_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "advance", "progress", "final", name="paymentkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_won", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_won > 0", name=op.f("ck_new_deal_payment_amount_above_zero")),
        sa.ForeignKeyConstraint(
            ["district_id", "contract_id"],
            ["new_deal_contract.district_id", "new_deal_contract.id"],
            name=op.f("fk_new_deal_payment_district_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_new_deal_payment_district_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_payment_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_payment")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_payment_district_id_id")),
    )
    with op.batch_alter_table("new_deal_payment", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_payment_contract", ["district_id", "contract_id", "due_on"], unique=False)
        batch_op.create_index("ix_new_deal_payment_program", ["district_id", "program_id", "due_on"], unique=False)

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("issue", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("countermeasure", sa.Text(), nullable=True))
        batch_op.create_index("ix_milestone_done", ["district_id", "done_on", "id"], unique=False)
        batch_op.create_index("ix_milestone_due", ["district_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_milestone_planned", ["district_id", "planned_on", "id"], unique=False)

    op.execute("UPDATE milestone SET planned_on = due_on")

    with op.batch_alter_table("new_deal_programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("early_rate", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("early_won", sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_new_deal_programme_one_early_target"), "early_rate IS NULL OR early_won IS NULL"
        )
        batch_op.create_check_constraint(op.f("ck_new_deal_programme_early_won"), "early_won IS NULL OR early_won > 0")

    with op.batch_alter_table("new_deal_project_figures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_half_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("payments_due_won", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("straight_share", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("payment_share", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("decided", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column(
                "carry_kind",
                sa.Enum(
                    "specified",
                    "accidental",
                    "continuing",
                    name="carrykind",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("carry_won", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("return_won", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("unused_won", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "goal",
                sa.Enum(
                    "reached",
                    "on_the_way",
                    "not_measured",
                    name="goal",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("achievement", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("measured_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_new_deal_project_figures_achievement", ["district_id", "achievement", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_carry_kind_code", ["district_id", "carry_kind", "code", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_decided_code", ["district_id", "decided", "code", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_goal_code", ["district_id", "goal", "code", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_payment_share", ["district_id", "payment_share", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_straight_share", ["district_id", "straight_share", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_unused_won", ["district_id", "unused_won", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_achievement",
            ["district_id", "fiscal_year", "achievement", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_payment_share",
            ["district_id", "fiscal_year", "payment_share", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_straight_share",
            ["district_id", "fiscal_year", "straight_share", "id"],
            unique=False,
        )

    with op.batch_alter_table("new_deal_project_sums", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_half_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("above_zero_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("straight_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("by_payments_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("decided", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("specified_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("accidental_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("continuing_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("return_won", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("unused_won", sa.BigInteger(), nullable=False, server_default="0"))


SUMS = (
    *("first_half_won", "above_zero_won", "straight_won", "by_payments_won", "decided"),
    *("specified_won", "accidental_won", "continuing_won", "return_won", "unused_won"),
)
FIGURES = (
    *("first_half_won", "payments_due_won", "straight_share", "payment_share", "decided", "carry_won", "return_won"),
    *("unused_won", "achievement", "measured_on"),
)
ORDERS = (
    *("achievement", "carry_kind_code", "decided_code", "goal_code", "payment_share", "straight_share", "unused_won"),
    *("year_achievement", "year_payment_share", "year_straight_share"),
)


def downgrade() -> None:
    with op.batch_alter_table("new_deal_project_sums", schema=None) as batch_op:
        for name in SUMS:
            batch_op.drop_column(name)

    with op.batch_alter_table("new_deal_project_figures", schema=None) as batch_op:
        for name in ORDERS:
            batch_op.drop_index(f"ix_new_deal_project_figures_{name}")
        batch_op.drop_constraint(op.f("ck_new_deal_project_figures_carrykind"), type_="check")
        batch_op.drop_constraint(op.f("ck_new_deal_project_figures_goal"), type_="check")
        for name in (*FIGURES, "carry_kind", "goal"):
            batch_op.drop_column(name)

    with op.batch_alter_table("new_deal_programme", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_new_deal_programme_one_early_target"), type_="check")
        batch_op.drop_constraint(op.f("ck_new_deal_programme_early_won"), type_="check")
        batch_op.drop_column("early_won")
        batch_op.drop_column("early_rate")

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        for name in ("planned", "due", "done"):
            batch_op.drop_index(f"ix_milestone_{name}")
        for name in ("countermeasure", "issue", "reason", "planned_on"):
            batch_op.drop_column(name)

    for name in ("payment", "year_end", "reading", "contract"):
        op.drop_table(f"new_deal_{name}")
