"""New Deal: residents' opinions, what came of support measures, and which project continues another"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = ("received", "accepted", "not_accepted", "done", "answered")
CHANNELS = ("online", "phone", "visit", "letter", "meeting", "survey")
KINDS = ("training", "award", "discovery", "contest_support", "resident_opinions", "other")
NEW_COLUMNS = ("kind", "planned_on", "held_on", "place", "target_group", "participants", "result", "sample", "version")
MEASURE = "new_deal_support_measure"
OPINION = "new_deal_opinion"
STEP = "new_deal_opinion_step"


def one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def within_district(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{target}.district_id", f"{target}.id"],
        name=op.f(f"fk_{table}_district_id_{column}"),
    )


def upgrade() -> None:
    opinions()
    steps()
    measures()
    with op.batch_alter_table("new_deal_project", schema=None) as batch_op:
        batch_op.create_index("ix_new_deal_project_continues", ["district_id", "continues_id"], unique=True)
        batch_op.create_index(
            "ix_new_deal_project_programme_continues", ["district_id", "programme_id", "continues_id"], unique=False
        )


def opinions() -> None:
    op.create_table(
        OPINION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("channel", one_of(CHANNELS, "channel"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", one_of(STATES, "opinionstate"), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'not_accepted' OR reason IS NOT NULL", name=op.f(f"ck_{OPINION}_refusal_has_reason")
        ),
        sa.CheckConstraint("(answered_on IS NULL) = (days IS NULL)", name=op.f(f"ck_{OPINION}_days_of_the_answered")),
        sa.CheckConstraint("days IS NULL OR days >= 0", name=op.f(f"ck_{OPINION}_answered_after_it_came")),
        within_district(OPINION, "department_id", "department"),
        within_district(OPINION, "program_id", "program"),
        within_district(OPINION, "programme_id", "new_deal_programme"),
        within_district(OPINION, "project_id", "new_deal_project"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f(f"fk_{OPINION}_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{OPINION}")),
        sa.UniqueConstraint("district_id", "id", name=op.f(f"uq_{OPINION}_district_id_id")),
    )
    for name in ("received_on", "state", "done_on", "answered_on", "days"):
        op.create_index(f"ix_{OPINION}_{name}", OPINION, ["district_id", name, "id"])
    for name in ("programme_id", "project_id", "department_id", "state"):
        op.create_index(f"ix_{OPINION}_{name}_received", OPINION, ["district_id", name, "received_on", "id"])


def steps() -> None:
    op.create_table(
        STEP,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("opinion_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("from_state", one_of(STATES, "from_state"), nullable=False),
        sa.Column("to_state", one_of(STATES, "to_state"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        within_district(STEP, "by_id", "user_account"),
        within_district(STEP, "opinion_id", OPINION),
        within_district(STEP, "program_id", "program"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f(f"fk_{STEP}_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{STEP}")),
        sa.UniqueConstraint("district_id", "id", name=op.f(f"uq_{STEP}_district_id_id")),
    )
    op.create_index(f"ix_{STEP}_opinion", STEP, ["district_id", "opinion_id", "id"])


def measures() -> None:
    with op.batch_alter_table(MEASURE, schema=None) as batch_op:
        # Of what is there already nobody said what kind it is.
        batch_op.add_column(sa.Column("kind", one_of(KINDS, "measurekind"), nullable=False, server_default="other"))
        batch_op.add_column(sa.Column("planned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("held_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("target_group", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("participants", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("result", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("sample", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_check_constraint(op.f(f"ck_{MEASURE}_held_with_result"), "(held_on IS NULL) = (result IS NULL)")
        batch_op.create_check_constraint(
            op.f(f"ck_{MEASURE}_participants"), "participants IS NULL OR participants >= 0"
        )
    with op.batch_alter_table(MEASURE, schema=None) as batch_op:
        for name in ("kind", "sample", "version"):
            batch_op.alter_column(name, server_default=None)
        for name in ("kind", "planned_on", "held_on", "participants"):
            batch_op.create_index(f"ix_{MEASURE}_{name}", ["district_id", name, "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("new_deal_project", schema=None) as batch_op:
        batch_op.drop_index("ix_new_deal_project_programme_continues")
        batch_op.drop_index("ix_new_deal_project_continues")
    with op.batch_alter_table(MEASURE, schema=None) as batch_op:
        for name in ("kind", "planned_on", "held_on", "participants"):
            batch_op.drop_index(f"ix_{MEASURE}_{name}")
    with op.batch_alter_table(MEASURE, schema=None) as batch_op:
        for name in ("held_with_result", "participants", "measurekind"):
            batch_op.drop_constraint(op.f(f"ck_{MEASURE}_{name}"), type_="check")
        for name in NEW_COLUMNS:
            batch_op.drop_column(name)
    op.drop_table(STEP)
    op.drop_table(OPINION)
