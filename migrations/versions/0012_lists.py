"""how people see their lists: the room that rows take, chosen columns, saved views"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DENSITY = sa.Enum("comfortable", "compact", name="density", native_enum=False, create_constraint=True, length=32)
DELETED = {"sqlite_where": sa.text("deleted_at IS NOT NULL"), "postgresql_where": sa.text("deleted_at IS NOT NULL")}


def upgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("density", DENSITY, nullable=True))
        batch_op.add_column(sa.Column("list_columns", sa.JSON(none_as_null=True), nullable=True))

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_saved_view_district_id"),
        sa.ForeignKeyConstraint(
            ["district_id", "department_id"],
            ["department.district_id", "department.id"],
            name="fk_saved_view_district_id_department_id",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "owner_id"],
            ["user_account.district_id", "user_account.id"],
            name="fk_saved_view_district_id_owner_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("district_id", "id", name="uq_saved_view_district_id_id"),
        sa.UniqueConstraint(
            "district_id", "list_name", "owner_id", "name", name="uq_saved_view_district_id_list_name_owner_id_name"
        ),
    )
    op.create_index("ix_saved_view_department", "saved_view", ["district_id", "list_name", "department_id"])

    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("deleted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deletion_reason", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_program_district_id_deleted_by_id"),
            "user_account",
            ["district_id", "deleted_by_id"],
            ["district_id", "id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_program_deleted_with_a_reason"), "(deleted_at IS NULL) = (deletion_reason IS NULL)"
        )
    op.create_index("ix_program_deleted", "program", ["district_id", "id"], **DELETED)


def downgrade() -> None:
    op.drop_index("ix_program_deleted", "program")
    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_program_deleted_with_a_reason"), type_="check")
        batch_op.drop_constraint(op.f("fk_program_district_id_deleted_by_id"), type_="foreignkey")
        for name in ("deletion_reason", "deleted_by_id", "deleted_at"):
            batch_op.drop_column(name)
    op.drop_table("saved_view")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_column("list_columns")
        batch_op.drop_constraint(op.f("ck_user_account_density"), type_="check")
        batch_op.drop_column("density")
