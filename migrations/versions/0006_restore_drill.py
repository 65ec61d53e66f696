"""tries to restore a backup"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restore_drill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup", sa.String(length=120), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("ok", "failed", name="drilloutcome", native_enum=False, length=32, create_constraint=True),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_drill")),
    )
    with op.batch_alter_table("restore_drill", schema=None) as batch_op:
        batch_op.create_index("ix_restore_drill_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("restore_drill", schema=None) as batch_op:
        batch_op.drop_index("ix_restore_drill_at")

    op.drop_table("restore_drill")
