"""an index that holds the year-end decisions that wait for their confirmation"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "new_deal_year_end"
NAME = "ix_new_deal_year_end_drafts"


def upgrade() -> None:
    draft = sa.text("state = 'draft'")
    op.create_index(NAME, TABLE, ["district_id", "fiscal_year", "id"], sqlite_where=draft, postgresql_where=draft)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
