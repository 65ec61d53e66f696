"""what is known of a sign-in, and second factors"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since_success", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("signed_in_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=45), nullable=True))
        batch_op.add_column(sa.Column("browser", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("system", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("passed_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("previous_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("failures_before", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_factor_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("second_factor_seed", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("recovery_codes", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("second_factor_step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        for name in (
            "last_signed_in_at",
            "second_factor_step",
            "recovery_codes",
            "second_factor_seed",
            "second_factor_since",
        ):
            batch_op.drop_column(name)

    with op.batch_alter_table("signed_in_session", schema=None) as batch_op:
        for name in ("failures_before", "previous_at", "passed_second_factor", "system", "browser", "address"):
            batch_op.drop_column(name)

    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.drop_column("since_success")
