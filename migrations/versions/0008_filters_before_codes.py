"""an index that has a filter in front of the order by code

A walk along the codes, which begin with the year, meets what is true of the latest year alone at its very end.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = "new_deal_project_figures"
FILTERS = ("programme_id", "category", "stage", "status", "department_id", "named", "sample")
ALONE = ("programme_id", "stage", "department_id", "named", "sample")
"""Filters that no order needs: their index without the code is of no use any more."""


def upgrade() -> None:
    for name in ALONE:
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    for name in FILTERS:
        op.create_index(f"ix_{TABLE}_{name}_code", TABLE, ["district_id", name, "code", "id"])


def downgrade() -> None:
    for name in FILTERS:
        op.drop_index(f"ix_{TABLE}_{name}_code", TABLE)
    for name in ALONE:
        op.create_index(f"ix_{TABLE}_{name}", TABLE, ["district_id", name, "id"])
