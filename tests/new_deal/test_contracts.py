"""Contracts and their payments: what is kept, what is refused beside its field, what the projection makes of them."""

import datetime as dt

import pytest
from makers import new_deal as made

from districtops.models import Role
from districtops.new_deal.contracts.models import Contract, Method, Payment
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.rules import Stage

CONTRACT = {
    "method": "restricted_tender",
    "counterparty": "Sample Lamps",
    "amount_won": "200",
    "starts_on": "2022-02-01",
    "ends_on": "2022-11-30",
    "doc_no": "C-1",
}
PAYMENT = {"kind": "advance", "due_on": "2022-06-30", "amount_won": "150"}


@pytest.fixture
def project(app, make):
    return make.project(money=300, stage=Stage.CONTRACTED)


@pytest.fixture
def kim(project, make, visit):
    make.user("kim", Role.OFFICER)
    return visit("kim")


def due_of(make):
    return [(figures.payments_due_won, figures.payment_share) for figures in make.everything(ProjectFigures)]


def test_a_contract_is_kept_shown_and_changed(kim, make, project):
    page = kim.follow(kim.submit("new_deal.add_contract", CONTRACT, project_id=project.id))
    assert "Sample Lamps" in page.text
    assert "Restricted tender" in page.text
    [contract] = make.everything(Contract)
    assert (contract.method, contract.amount_won, contract.doc_no) == (Method.RESTRICTED, 200, "C-1")
    at = {"project_id": project.id, "contract_id": contract.id}
    kim.follow(kim.submit("new_deal.edit_contract", {"amount_won": "250", "doc_no": ""}, **at))
    [contract] = make.everything(Contract)
    assert (contract.amount_won, contract.doc_no) == (250, None)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": "2022-01-31"}, "must not end before it begins"),
        ({"amount_won": "-1"}, "must not be below zero"),
        ({"amount_won": ""}, "required"),
        ({"counterparty": ""}, "required"),
        ({"method": ""}, "required"),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(kim, make, project, changed, words):
    page = kim.refused("new_deal.add_contract", {**CONTRACT, **changed}, project_id=project.id)
    assert words in " ".join(page.errors)
    assert make.everything(Contract) == []


def test_a_contract_of_nothing_is_possible(kim, make, project):
    kim.follow(kim.submit("new_deal.add_contract", {**CONTRACT, "amount_won": "0"}, project_id=project.id))
    assert make.everything(Contract)[0].amount_won == 0


def test_a_contract_above_the_budget_is_flagged_and_not_refused(kim, project):
    page = kim.follow(kim.submit("new_deal.add_contract", {**CONTRACT, "amount_won": "301"}, project_id=project.id))
    assert "promise more than the budget holds" in page.text


def test_a_contract_of_a_project_that_has_ended_is_not_added(app, make, visit):
    ended = make.project(stage=Stage.CANCELLED)
    make.user("kim", Role.OFFICER)
    page = visit("kim").refused("new_deal.add_contract", CONTRACT, project_id=ended.id)
    assert "has ended" in page.summary


def test_payments_never_exceed_their_contract(kim, make, project):
    contract = made.contract(make, project, 200)
    at = {"project_id": project.id, "contract_id": contract.id}
    kim.follow(kim.submit("new_deal.add_payment", PAYMENT, **at))
    page = kim.refused("new_deal.add_payment", {**PAYMENT, "amount_won": "51"}, **at)
    assert "leaves ₩50" in " ".join(page.errors)
    kim.follow(kim.submit("new_deal.add_payment", {**PAYMENT, "amount_won": "50"}, **at))
    page = kim.refused("new_deal.edit_contract", {"amount_won": "199"}, **at)
    assert "Payments of ₩200 are planned" in " ".join(page.errors)
    [first, _] = make.everything(Payment)
    page = kim.refused("new_deal.edit_payment", {"amount_won": "151"}, payment_id=first.id, **at)
    assert "leaves ₩150" in " ".join(page.errors)
    kim.follow(kim.submit("new_deal.edit_payment", {"amount_won": "149"}, payment_id=first.id, **at))
    assert sum(payment.amount_won for payment in make.everything(Payment)) == 199


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount_won": "0"}, "above zero"),
        ({"due_on": "2022-01-31"}, "before the contract begins"),
        ({"paid_on": "2022-03-16"}, "must not lie in the future"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(kim, make, project, changed, words):
    contract = made.contract(make, project)
    page = kim.refused("new_deal.add_payment", {**PAYMENT, **changed}, project_id=project.id, contract_id=contract.id)
    assert words in " ".join(page.errors)
    assert make.everything(Payment) == []


def test_a_planned_payment_is_taken_back_and_one_that_was_made_stays(kim, make, project):
    contract = made.contract(make, project)
    planned = made.payment(make, contract)
    paid = made.payment(make, contract, paid=dt.date(2022, 3, 1))
    at = {"project_id": project.id, "contract_id": contract.id}
    kim.follow(kim.submit("new_deal.drop_payment", payment_id=planned.id, **at))
    page = kim.refused("new_deal.drop_payment", {}, payment_id=paid.id, **at)
    assert "was made and stays" in page.summary
    assert [payment.id for payment in make.everything(Payment)] == [paid.id]


def test_the_rows_of_one_project_are_not_reached_through_another(kim, make, project):
    contract = made.contract(make, project)
    payment = made.payment(make, contract)
    other = make.project("Another")
    foreign = made.contract(make, other)
    kim.open("new_deal.edit_contract", 404, project_id=other.id, contract_id=contract.id)
    kim.open("new_deal.add_payment", 404, project_id=other.id, contract_id=contract.id)
    for act in ("edit_payment", "drop_payment"):
        at = {"project_id": other.id, "contract_id": foreign.id, "payment_id": payment.id}
        kim.open(f"new_deal.{act}", 404, **at)


def test_unpaid_payments_of_the_year_make_the_projection(app, make):
    project = make.project(money=400)
    make.entry(project, 100)
    assert due_of(make) == [(None, None)]
    contract = made.contract(make, project, 400)
    made.payment(make, contract, 100, paid=dt.date(2022, 3, 1))
    made.payment(make, contract, 150, due=dt.date(2022, 12, 31))
    made.payment(make, contract, 50, due=dt.date(2023, 1, 1))
    [(due, share)] = due_of(make)
    assert due == 150
    assert share == 10**12 * 250 // 400


def test_a_project_with_payments_made_is_not_deleted(kim, make, project):
    contract = made.contract(make, project)
    made.payment(make, contract, paid=dt.date(2022, 3, 1))
    page = kim.refused("new_deal.deletion", {"reason": "Filed twice"}, record_id=project.id)
    assert "Payments were made on a contract" in page.summary


def test_a_viewer_sees_contracts_without_any_way_to_change_them(app, make, visit):
    project = make.project(money=300)
    made.payment(make, made.contract(make, project))
    make.user("lee", Role.VIEWER)
    page = visit("lee").open("new_deal.show", project_id=project.id)
    assert "Sample Lamps" in page.text
    assert not [link for link in page.links if "/contracts/" in link]
