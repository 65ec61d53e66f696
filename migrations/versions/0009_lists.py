"""how people see their lists: the room that rows take

"""

import sqlalchemy as sa
from alembic import op

revision = "lists"
down_revision = "0008"
branch_labels = None
depends_on = None

DENSITY = sa.Enum("comfortable", "compact", name="density", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("density", DENSITY, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_constraint("ck_user_account_density", type_="check")
        batch_op.drop_column("density")
