"""the deadline of a month of reports can be changed, which its journal keeps"""

import sqlalchemy as sa
from alembic import op

from districtops.kit.db import is_sqlite

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "new_deal_report_month_step"
BEFORE = ("open", "request_missing", "lock", "reopen")


def upgrade() -> None:
    offer((*BEFORE, "defer"))
    op.add_column(TABLE, sa.Column("due_on", sa.Date(), nullable=True))


def offer(verbs: tuple[str, ...]) -> None:
    """Let the column hold these verbs. SQLite writes the table anew, and of a table that is read back it knows no
    CHECK: the old one is left behind."""
    name, rule = op.f(f"ck_{TABLE}_roundverb"), f"verb IN ({', '.join(repr(verb) for verb in verbs)})"
    if is_sqlite(op.get_bind()):
        with op.batch_alter_table(TABLE, recreate="always") as table:
            table.create_check_constraint(name, rule)
    else:
        op.drop_constraint(name, TABLE, type_="check")
        op.create_check_constraint(name, TABLE, rule)


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as table:
        table.drop_column("due_on")
    offer(BEFORE)
