"""an auditor's role; entries of one request are found by its number"""

from alembic import op

from districtops.kit.db import is_sqlite

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = ("viewer", "officer", "manager", "reviewer", "administrator", "city")
ROLES = (*BEFORE[:4], "auditor", *BEFORE[4:])


def upgrade() -> None:
    offer(ROLES)
    op.create_index("ix_change_record_request", "change_record", ["district_id", "request_id", "id"])


def offer(roles: tuple[str, ...]) -> None:
    """Let the column hold these roles. SQLite writes the table anew, and of a table that is read back it knows no
    CHECK: the old one is left behind."""
    name, rule = op.f("ck_role_grant_role"), f"role IN ({', '.join(repr(role) for role in roles)})"
    if is_sqlite(op.get_bind()):
        with op.batch_alter_table("role_grant", recreate="always") as table:
            table.create_check_constraint(name, rule)
    else:
        op.drop_constraint(name, "role_grant", type_="check")
        op.create_check_constraint(name, "role_grant", rule)


def downgrade() -> None:
    op.drop_index("ix_change_record_request", "change_record")
    offer(BEFORE)
