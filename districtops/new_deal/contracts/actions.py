"""What holds for contracts and their payments."""

from sqlalchemy import BigInteger, cast, func, select

from districtops import clock
from districtops.kit.db import db
from districtops.kit.locale import won_exact
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.new_deal.contracts.models import Contract, Payment
from districtops.new_deal.models import Project


def keep_contract(project: Project, contract: Contract) -> None:
    """Store a contract. One above the budget is kept and shown as such; it is not refused.

    Raises RuleBroken for a period that ends before it begins, and for an amount below its planned payments.
    """
    if contract.ends_on < contract.starts_on:
        raise RuleBroken(_l("The contract must not end before it begins."), "ends_on")
    planned = _planned(contract)
    if contract.amount_won < planned:
        raise RuleBroken(
            _l("Payments of %(won)s are planned. Change them first.", won=won_exact(planned)), "amount_won"
        )
    contract.project_id, contract.program_id = project.id, project.program_id
    db.session.add(contract)
    db.session.flush()


def keep_payment(contract: Contract, payment: Payment) -> None:
    """Store a planned payment.

    Raises RuleBroken for nothing, for more than the contract holds together with its other payments, and for money
    that is paid in the future.
    """
    if payment.amount_won <= 0:
        raise RuleBroken(_l("Enter an amount above zero."), "amount_won")
    left = contract.amount_won - _planned(contract, besides=payment)
    if payment.amount_won > left:
        raise RuleBroken(_l("The contract leaves %(won)s for this payment.", won=won_exact(left)), "amount_won")
    if payment.due_on < contract.starts_on:
        raise RuleBroken(_l("The day lies before the contract begins."), "due_on")
    if payment.paid_on is not None and payment.paid_on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "paid_on")
    payment.contract_id, payment.program_id = contract.id, contract.program_id
    db.session.add(payment)
    db.session.flush()


def drop_payment(payment: Payment) -> None:
    """Take a planned payment back. Raises RuleBroken for one that was paid."""
    if payment.paid_on is not None:
        raise RuleBroken(_l("This payment was made and stays."))
    db.session.delete(payment)
    db.session.flush()


def refuse_paid(project: Project) -> None:
    """Raises RuleBroken for a project on whose contracts money was paid."""
    paid = select(Payment.id).where(Payment.program_id == project.program_id, Payment.paid_on.is_not(None)).limit(1)
    if db.session.execute(paid).first() is not None:
        raise RuleBroken(_l("Payments were made on a contract of the project. Cancel the project instead."))


def _planned(contract: Contract, besides: Payment | None = None) -> int:
    if not contract.id:
        return 0
    total = select(cast(func.sum(Payment.amount_won), BigInteger)).where(Payment.contract_id == contract.id)
    if besides is not None and besides.id:
        total = total.where(Payment.id != besides.id)
    with db.session.no_autoflush:
        return int(db.session.execute(total).scalar_one() or 0)
