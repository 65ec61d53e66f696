"""monthly reports: how many stand where, kept by month, division and state"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FIGURES = "new_deal_report_figures"
SUMS = "new_deal_report_sums"
STATES = ("requested", "draft", "submitted", "returned", "confirmed")


def state() -> sa.Column:
    values = sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32)
    return sa.Column("state", values, nullable=False)


def columns(table: str) -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        state(),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f(f"fk_{table}_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("district_id", "id", name=op.f(f"uq_{table}_district_id_id")),
    )


def upgrade() -> None:
    op.create_table(FIGURES, *columns(FIGURES), sa.Column("program_id", sa.Integer(), nullable=False))
    op.create_index(f"ix_{FIGURES}_program", FIGURES, ["district_id", "program_id", "id"])
    op.create_table(SUMS, *columns(SUMS), sa.Column("reports", sa.Integer(), nullable=False))
    op.create_index(f"ix_{SUMS}_month", SUMS, ["district_id", "month_id", "department_id", "state"])
    op.create_index(
        "ix_new_deal_monthly_report_program", "new_deal_monthly_report", ["district_id", "program_id", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_new_deal_monthly_report_program", "new_deal_monthly_report")
    op.drop_table(SUMS)
    op.drop_table(FIGURES)
