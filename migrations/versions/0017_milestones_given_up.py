"""milestones that are given up: by hand, or because their project ended before they were done"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "milestone"
OPEN, DONE, GIVEN_UP = "ix_milestone_open", "ix_milestone_done", "ix_milestone_given_up"


def only_where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    for name in (OPEN, DONE):
        op.drop_index(name, TABLE)
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_up_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("given_up_reason", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_milestone_done_or_given_up"), "done_on IS NULL OR given_up_on IS NULL"
        )
    # The day of the last step is that of the ending, for an ended project takes no other; a project that was taken
    # over as ended has no steps, and its milestones were given up when they were due.
    op.execute("""
        UPDATE milestone SET given_up_on = coalesce(
            (SELECT max(on_date) FROM new_deal_stage_change c WHERE c.program_id = milestone.program_id), due_on)
        WHERE done_on IS NULL AND EXISTS (
            SELECT 1 FROM new_deal_project j
            WHERE j.program_id = milestone.program_id AND j.stage IN ('settled', 'cancelled', 'dropped'))
    """)
    condition = only_where("done_on IS NULL AND given_up_on IS NULL")
    op.create_index(OPEN, TABLE, ["district_id", "due_on", "id"], **condition)
    for name, column in ((DONE, "done_on"), (GIVEN_UP, "given_up_on")):
        op.create_index(name, TABLE, ["district_id", column, "id"], **only_where(f"{column} IS NOT NULL"))


def downgrade() -> None:
    for name in (GIVEN_UP, DONE, OPEN):
        op.drop_index(name, TABLE)
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_milestone_done_or_given_up"), type_="check")
        batch_op.drop_column("given_up_reason")
        batch_op.drop_column("given_up_on")
    op.create_index(OPEN, TABLE, ["district_id", "due_on", "id"], **only_where("done_on IS NULL"))
    op.create_index(DONE, TABLE, ["district_id", "done_on", "id"])
