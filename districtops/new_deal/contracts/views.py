"""The pages of a project's contracts and payments."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.new_deal.actions import refuse_ended
from districtops.new_deal.blueprint import act_page, blueprint
from districtops.new_deal.contracts import actions
from districtops.new_deal.contracts.forms import ContractForm, PaymentForm, RemovalForm
from districtops.new_deal.contracts.models import Contract, Payment
from districtops.new_deal.models import Project

CONTRACT = ("method", "counterparty", "amount_won", "starts_on", "ends_on", "doc_no")
PAYMENT = ("kind", "due_on", "amount_won", "paid_on")


def _back(project: Project) -> ResponseReturnValue:
    return redirect(url_for(".show", project_id=project.id, _anchor="contracts"), 303)


def _contract(project_id: int, contract_id: int) -> tuple[Project, Contract]:
    project, contract = fetch_or_404(Project, project_id), fetch_or_404(Contract, contract_id)
    if contract.project_id != project.id:
        abort(404)
    return project, contract


def _payment(contract: Contract, payment_id: int) -> Payment:
    payment = fetch_or_404(Payment, payment_id)
    if payment.contract_id != contract.id:
        abort(404)
    return payment


@blueprint.route("/projects/<int:project_id>/contracts/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_contract(project_id: int) -> ResponseReturnValue:
    """Enter a contract of a project."""
    project = fetch_or_404(Project, project_id)
    return _keep_contract(project, Contract(sample=False), gettext("Add a contract"))


@blueprint.route("/projects/<int:project_id>/contracts/<int:contract_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_contract(project_id: int, contract_id: int) -> ResponseReturnValue:
    """Change what is kept of a contract."""
    return _keep_contract(*_contract(project_id, contract_id), gettext("Edit the contract"))


def _keep_contract(project: Project, contract: Contract, title: str) -> ResponseReturnValue:
    version = str(contract.version or "")
    values: dict[str, Any] = {name: getattr(contract, name) for name in CONTRACT}
    form = ContractForm(data={**values, "version": version})

    def keep() -> None:
        refuse_ended(project)
        for name in CONTRACT:
            setattr(contract, name, form[name].data)
        contract.doc_no = form.doc_no.data or None
        actions.keep_contract(project, contract)

    if save(form, keep, version=version):
        flash(gettext("The contract is saved."), "success")
        return _back(project)
    page = act_page(
        "act",
        form,
        project,
        title=title,
        purpose=gettext("With whom, how it was concluded, for how much and for how long."),
        submit=gettext("Save the contract"),
        anchor="contracts",
    )
    return page, form.http_status


@blueprint.route("/projects/<int:project_id>/contracts/<int:contract_id>/payments/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_payment(project_id: int, contract_id: int) -> ResponseReturnValue:
    """Plan a payment of a contract."""
    project, contract = _contract(project_id, contract_id)
    return _keep_payment(project, contract, Payment(sample=False), gettext("Add a payment"))


@blueprint.route(
    "/projects/<int:project_id>/contracts/<int:contract_id>/payments/<int:payment_id>/edit", methods=["GET", "POST"]
)
@requires(Action.EDIT)
def edit_payment(project_id: int, contract_id: int, payment_id: int) -> ResponseReturnValue:
    """Change a payment, or say that it was made."""
    project, contract = _contract(project_id, contract_id)
    return _keep_payment(project, contract, _payment(contract, payment_id), gettext("Edit the payment"))


def _keep_payment(project: Project, contract: Contract, payment: Payment, title: str) -> ResponseReturnValue:
    version = str(payment.version or "")
    values: dict[str, Any] = {name: getattr(payment, name) for name in PAYMENT}
    form = PaymentForm(data={**values, "version": version})

    def keep() -> None:
        refuse_ended(project)
        for name in PAYMENT:
            setattr(payment, name, form[name].data)
        payment.due_on = form.due_on.data or clock.today()
        actions.keep_payment(contract, payment)

    if save(form, keep, version=version):
        flash(gettext("The payment is saved. The projection to the year's end follows it."), "success")
        return _back(project)
    page = act_page(
        "act",
        form,
        project,
        title=title,
        purpose=gettext("When money of the contract with %(name)s falls due.", name=contract.counterparty),
        submit=gettext("Save the payment"),
        anchor="contracts",
    )
    return page, form.http_status


@blueprint.route(
    "/projects/<int:project_id>/contracts/<int:contract_id>/payments/<int:payment_id>/remove", methods=["GET", "POST"]
)
@requires(Action.EDIT)
def drop_payment(project_id: int, contract_id: int, payment_id: int) -> ResponseReturnValue:
    """Take a planned payment back."""
    project, contract = _contract(project_id, contract_id)
    payment = _payment(contract, payment_id)
    form = RemovalForm()

    def drop() -> None:
        refuse_ended(project)
        actions.drop_payment(payment)

    if save(form, drop):
        flash(gettext("The planned payment is taken back."), "success")
        return _back(project)
    page = act_page(
        "act",
        form,
        project,
        title=gettext("Take the planned payment back"),
        purpose=gettext("It is not paid and no longer planned. The record of changes keeps it."),
        submit=gettext("Take it back"),
        anchor="contracts",
        danger=True,
    )
    return page, form.http_status
