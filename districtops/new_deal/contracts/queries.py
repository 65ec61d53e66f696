"""What people ask about a project's contracts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from districtops.kit.db import db
from districtops.new_deal.contracts.models import Contract
from districtops.new_deal.models import Project


@dataclass(frozen=True)
class Contracts:
    """A project's contracts beside its budget, in won (None: not stated)."""

    rows: Sequence[Contract]
    budget: int | None

    @property
    def total(self) -> int:
        """Won of all contracts."""
        return sum(contract.amount_won for contract in self.rows)

    @property
    def over(self) -> bool:
        """Whether the contracts promise more than the budget holds."""
        return self.budget is not None and self.total > self.budget


def contracts_of(project: Project, budget: int | None) -> Contracts:
    """The contracts of a project with their payments, the first one first."""
    statement = (
        select(Contract)
        .where(Contract.project_id == project.id)
        .order_by(Contract.id)
        .options(selectinload(Contract.payments))
        .execution_options(populate_existing=True)
    )
    return Contracts(db.session.execute(statement).scalars().all(), budget)
