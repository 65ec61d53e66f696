"""figures that lists sort and filter by, their sums, and the search by pairs of letters

They follow from other rows: ``flask --app app figures`` fills them, and so does ``serve`` after it migrated.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "new_deal_project_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "digital",
                "green",
                "safety_net",
                "creative",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "concern",
            sa.Enum(
                "resident_safety",
                "convenience",
                "environment",
                name="concern",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "done",
                "on_schedule",
                "delayed",
                "later",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("with_amount", sa.Integer(), nullable=False),
        sa.Column("budget_won", sa.BigInteger(), nullable=False),
        sa.Column("spent_won", sa.BigInteger(), nullable=False),
        sa.Column("spent_of_budget_won", sa.BigInteger(), nullable=False),
        sa.Column("national_won", sa.BigInteger(), nullable=False),
        sa.Column("city_won", sa.BigInteger(), nullable=False),
        sa.Column("district_won", sa.BigInteger(), nullable=False),
        sa.Column("private_won", sa.BigInteger(), nullable=False),
        sa.Column("unstated_won", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_project_sums_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_project_sums")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_project_sums_district_id_id")),
    )
    with op.batch_alter_table("new_deal_project_sums", schema=None) as batch_op:
        batch_op.create_index(
            "ix_new_deal_project_sums_programme", ["district_id", "programme_id", "status", "category"], unique=False
        )

    op.create_table(
        "new_deal_project_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("title_ko", sa.String(length=200), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "digital",
                "green",
                "safety_net",
                "creative",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "concern",
            sa.Enum(
                "resident_safety",
                "convenience",
                "environment",
                name="concern",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "discovered",
                "planned",
                "budget_secured",
                "ordered",
                "contracted",
                "in_execution",
                "inspected",
                "completed",
                "settled",
                "on_hold",
                "cancelled",
                "dropped",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "done",
                "on_schedule",
                "delayed",
                "later",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("budget_won", sa.BigInteger(), nullable=True),
        sa.Column("spent_won", sa.BigInteger(), nullable=False),
        sa.Column("execution_rate", sa.BigInteger(), nullable=True),
        sa.Column("national_won", sa.BigInteger(), nullable=True),
        sa.Column("city_won", sa.BigInteger(), nullable=True),
        sa.Column("district_won", sa.BigInteger(), nullable=True),
        sa.Column("private_won", sa.BigInteger(), nullable=True),
        sa.Column("unstated_won", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_new_deal_project_figures_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deal_project_figures")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_new_deal_project_figures_district_id_id")),
        sa.UniqueConstraint(
            "district_id", "program_id", name=op.f("uq_new_deal_project_figures_district_id_program_id")
        ),
    )
    with op.batch_alter_table("new_deal_project_figures", schema=None) as batch_op:
        batch_op.create_index(
            "ix_new_deal_project_figures_budget_won", ["district_id", "budget_won", "id"], unique=False
        )
        batch_op.create_index("ix_new_deal_project_figures_category", ["district_id", "category", "id"], unique=False)
        batch_op.create_index("ix_new_deal_project_figures_code", ["district_id", "code", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_project_figures_department_id", ["district_id", "department_id", "id"], unique=False
        )
        batch_op.create_index("ix_new_deal_project_figures_ends_on", ["district_id", "ends_on", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_project_figures_execution_rate", ["district_id", "execution_rate", "id"], unique=False
        )
        batch_op.create_index("ix_new_deal_project_figures_named", ["district_id", "named", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_project_figures_programme_id", ["district_id", "programme_id", "id"], unique=False
        )
        batch_op.create_index("ix_new_deal_project_figures_sample", ["district_id", "sample", "id"], unique=False)
        batch_op.create_index("ix_new_deal_project_figures_stage", ["district_id", "stage", "id"], unique=False)
        batch_op.create_index("ix_new_deal_project_figures_status", ["district_id", "status", "id"], unique=False)
        batch_op.create_index("ix_new_deal_project_figures_title_en", ["district_id", "title_en", "id"], unique=False)
        batch_op.create_index("ix_new_deal_project_figures_title_ko", ["district_id", "title_ko", "id"], unique=False)
        batch_op.create_index(
            "ix_new_deal_project_figures_year_budget_won",
            ["district_id", "fiscal_year", "budget_won", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_category", ["district_id", "fiscal_year", "category", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_code", ["district_id", "fiscal_year", "code", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_ends_on", ["district_id", "fiscal_year", "ends_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_execution_rate",
            ["district_id", "fiscal_year", "execution_rate", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_status", ["district_id", "fiscal_year", "status", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_title_en", ["district_id", "fiscal_year", "title_en", "id"], unique=False
        )
        batch_op.create_index(
            "ix_new_deal_project_figures_year_title_ko", ["district_id", "fiscal_year", "title_ko", "id"], unique=False
        )
    is_open = sa.text("done_on IS NULL")
    op.drop_index("ix_milestone_due", "milestone")
    op.create_index(
        "ix_milestone_open",
        "milestone",
        ["district_id", "due_on", "id"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_new_deal_contest_selection_amount", "new_deal_contest_selection", ["district_id", "amount_won", "id"]
    )
    for name in ("category", "stage", "status"):
        op.drop_index(f"ix_new_deal_project_{name}", "new_deal_project")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE program_search USING fts5(pairs, content='', contentless_delete=1, detail=none)"
        )
    else:
        op.execute("CREATE TABLE program_search (program_id integer PRIMARY KEY, pairs text[] NOT NULL)")
        op.execute("CREATE INDEX ix_program_search_pairs ON program_search USING gin (pairs)")


def downgrade() -> None:
    op.execute("DROP TABLE program_search")
    for name in ("category", "stage", "status"):
        op.create_index(f"ix_new_deal_project_{name}", "new_deal_project", ["district_id", name, "id"])
    op.drop_index("ix_new_deal_contest_selection_amount", "new_deal_contest_selection")
    op.drop_index("ix_milestone_open", "milestone")
    op.create_index("ix_milestone_due", "milestone", ["district_id", "due_on"])
    with op.batch_alter_table("new_deal_project_figures", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_project_figures_year_title_ko")
        batch_op.drop_index("ix_new_deal_project_figures_year_title_en")
        batch_op.drop_index("ix_new_deal_project_figures_year_status")
        batch_op.drop_index("ix_new_deal_project_figures_year_execution_rate")
        batch_op.drop_index("ix_new_deal_project_figures_year_ends_on")
        batch_op.drop_index("ix_new_deal_project_figures_year_code")
        batch_op.drop_index("ix_new_deal_project_figures_year_category")
        batch_op.drop_index("ix_new_deal_project_figures_year_budget_won")
        batch_op.drop_index("ix_new_deal_project_figures_title_ko")
        batch_op.drop_index("ix_new_deal_project_figures_title_en")
        batch_op.drop_index("ix_new_deal_project_figures_status")
        batch_op.drop_index("ix_new_deal_project_figures_stage")
        batch_op.drop_index("ix_new_deal_project_figures_sample")
        batch_op.drop_index("ix_new_deal_project_figures_programme_id")
        batch_op.drop_index("ix_new_deal_project_figures_named")
        batch_op.drop_index("ix_new_deal_project_figures_execution_rate")
        batch_op.drop_index("ix_new_deal_project_figures_ends_on")
        batch_op.drop_index("ix_new_deal_project_figures_department_id")
        batch_op.drop_index("ix_new_deal_project_figures_code")
        batch_op.drop_index("ix_new_deal_project_figures_category")
        batch_op.drop_index("ix_new_deal_project_figures_budget_won")

    op.drop_table("new_deal_project_figures")
    with op.batch_alter_table("new_deal_project_sums", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_project_sums_programme")

    op.drop_table("new_deal_project_sums")
