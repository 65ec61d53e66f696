"""announced figures, and figures frozen with their rows"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announced_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "amount", "difference", "growth", name="measure", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum("count", "won", "percent", name="figureunit", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("figure", sa.String(length=80), nullable=True),
        sa.Column("compared", sa.BigInteger(), nullable=True),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("base_step", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("fact", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "measure <> 'growth' OR unit = 'percent'", name=op.f("ck_announced_figure_growth_in_percent")
        ),
        sa.CheckConstraint("(compared IS NULL) = (base IS NULL)", name=op.f("ck_announced_figure_two_figures_or_none")),
        sa.CheckConstraint("base_step > 0", name=op.f("ck_announced_figure_base_step")),
        sa.CheckConstraint("compared >= 0 AND base >= 0", name=op.f("ck_announced_figure_two_figures_not_negative")),
        sa.CheckConstraint("step > 0", name=op.f("ck_announced_figure_step")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_announced_figure_year")),
        sa.ForeignKeyConstraint(
            ["district_id", "department_id"],
            ["department.district_id", "department.id"],
            name=op.f("fk_announced_figure_district_id_department_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_announced_figure_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announced_figure")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_announced_figure_district_id_id")),
    )
    with op.batch_alter_table("announced_figure", schema=None) as batch_op:
        batch_op.create_index("ix_announced_figure_announced_on", ["district_id", "announced_on", "id"], unique=False)
        batch_op.create_index("ix_announced_figure_as_of", ["district_id", "as_of", "id"], unique=False)
        batch_op.create_index("ix_announced_figure_department", ["district_id", "department_id", "id"], unique=False)
        batch_op.create_index("ix_announced_figure_figure", ["district_id", "figure", "year", "id"], unique=False)
        batch_op.create_index("ix_announced_figure_year", ["district_id", "year", "id"], unique=False)

    op.create_table(
        "frozen_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("announced_id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("count", "won", "percent", name="figureunit", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("part", sa.BigInteger(), nullable=True),
        sa.Column("whole", sa.BigInteger(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "announced_id"],
            ["announced_figure.district_id", "announced_figure.id"],
            name=op.f("fk_frozen_figure_district_id_announced_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "by_id"],
            ["user_account.district_id", "user_account.id"],
            name=op.f("fk_frozen_figure_district_id_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_frozen_figure_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_figure")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_frozen_figure_district_id_id")),
    )
    with op.batch_alter_table("frozen_figure", schema=None) as batch_op:
        batch_op.create_index("ix_frozen_figure_announced", ["district_id", "announced_id", "id"], unique=False)

    op.create_table(
        "frozen_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("frozen_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "frozen_id"],
            ["frozen_figure.district_id", "frozen_figure.id"],
            name=op.f("fk_frozen_row_district_id_frozen_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_frozen_row_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_row")),
        sa.UniqueConstraint("district_id", "id", name=op.f("uq_frozen_row_district_id_id")),
    )
    with op.batch_alter_table("frozen_row", schema=None) as batch_op:
        batch_op.create_index("ix_frozen_row_frozen", ["district_id", "frozen_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("frozen_row", schema=None) as batch_op:
        batch_op.drop_index("ix_frozen_row_frozen")

    op.drop_table("frozen_row")
    with op.batch_alter_table("frozen_figure", schema=None) as batch_op:
        batch_op.drop_index("ix_frozen_figure_announced")

    op.drop_table("frozen_figure")
    with op.batch_alter_table("announced_figure", schema=None) as batch_op:
        batch_op.drop_index("ix_announced_figure_year")
        batch_op.drop_index("ix_announced_figure_figure")
        batch_op.drop_index("ix_announced_figure_department")
        batch_op.drop_index("ix_announced_figure_as_of")
        batch_op.drop_index("ix_announced_figure_announced_on")

    op.drop_table("announced_figure")
