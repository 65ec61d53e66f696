"""other funds: outside money that is neither the nation's, nor the city's, nor private

Funds of public bodies pay too. Without a name of their own they could only be called unstated, which they are not.
"""

import sqlalchemy as sa
from alembic import op

from districtops.kit.db import is_sqlite

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = ("national", "city", "district", "private", "unstated")
PAYERS = (*BEFORE[:4], "other", *BEFORE[4:])
KINDS = ("original", "supplementary", "transfer", "carried_over", "reserve")
RULES = {
    "less_has_reason": "kind = 'transfer' OR amount_won >= 0 OR reason IS NOT NULL",
    "amount_in_range": "amount_won BETWEEN -1000000000000000 AND 1000000000000000",
}


def upgrade() -> None:
    offer(PAYERS)
    op.add_column("new_deal_project_figures", sa.Column("other_won", sa.BigInteger()))
    op.add_column("new_deal_project_sums", sa.Column("other_won", sa.BigInteger(), nullable=False, server_default="0"))
    # What a kept row already says of an absent payer: nothing where the others are named, unknown where one is not.
    op.execute(
        "UPDATE new_deal_project_figures SET other_won = 0 WHERE budget_won IS NOT NULL AND unstated_won IS NULL"
    )


def offer(payers: tuple[str, ...]) -> None:
    """Let the column hold these payers. SQLite writes the table anew, and of a table that is read back it knows no
    CHECK, so all of them are named again."""
    rules = {"payer": one_of("payer", payers)}
    if is_sqlite(op.get_bind()):
        rules |= {"fundingkind": one_of("kind", KINDS), **RULES}
        with op.batch_alter_table("funding_line", recreate="always") as table:
            for name, rule in rules.items():
                table.create_check_constraint(op.f(f"ck_funding_line_{name}"), rule)
    else:
        for name, rule in rules.items():
            op.drop_constraint(op.f(f"ck_funding_line_{name}"), "funding_line", type_="check")
            op.create_check_constraint(op.f(f"ck_funding_line_{name}"), "funding_line", rule)


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def downgrade() -> None:
    op.drop_column("new_deal_project_sums", "other_won")
    op.drop_column("new_deal_project_figures", "other_won")
    offer(BEFORE)
