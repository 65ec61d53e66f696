"""What people ask about a project's contracts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from districtops.kit.db import db
from districtops.new_deal.contracts.models import Contract, Payment
from districtops.new_deal.models import Project


@dataclass(frozen=True)
class Contracts:
    """A project's contracts beside its budget, in won (None: not stated)."""

    rows: Sequence[Contract]
    payments: Sequence[Payment]
    budget: int | None

    def payments_of(self, contract: Contract) -> list[Payment]:
        """The payments of one of them."""
        return [payment for payment in self.payments if payment.contract_id == contract.id]

    @property
    def total(self) -> int:
        """Won of all contracts."""
        return sum(contract.amount_won for contract in self.rows)

    @property
    def over(self) -> bool:
        """Whether the contracts promise more than the budget holds."""
        return self.budget is not None and self.total > self.budget


def contracts_of(project: Project, budget: int | None) -> Contracts:
    """The contracts of a project, the first one first, with their payments in the order of their days."""
    statement = select(Contract).where(Contract.project_id == project.id).order_by(Contract.id)
    due = select(Payment).where(Payment.program_id == project.program_id).order_by(Payment.due_on, Payment.id)
    payments = db.session.execute(due).scalars().all()
    return Contracts(db.session.execute(statement).scalars().all(), payments, budget)
