"""An award's lines, the money beside it, and who spends it: never above what was requested, never counted twice."""

from decimal import Decimal

import pytest
from factories import Maker
from flask import Flask
from makers import contest_funds as contest
from pages import Page, Visitor
from sqlalchemy import select

from districtops.contest_funds.applications.record import record_of
from districtops.contest_funds.models import Application, Award, Matching, MatchingSource, Tie
from districtops.contest_funds.rules import State
from districtops.models import FundingKind, FundingLine, Payer, Program, Role
from districtops.new_deal.rules import Stage


@pytest.fixture
def officer(app: Flask, make: Maker) -> Visitor:
    make.user("officer")
    return Visitor(app, "officer")


def lines(make: Maker) -> list[tuple[Payer, int]]:
    return [(line.payer, line.amount_won) for line in make.everything(Award)]


# Lines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount_won": "0"}, "Amount"),
        ({"amount_won": "1억 1원"}, "Amount"),
        ({"amount_won": "-100"}, "Reason"),
        ({"amount_won": "-4억", "reason": "cut"}, "Amount"),
        ({"amount_won": "-5억", "reason": "cut"}, "Amount"),
        ({"amount_won": "much"}, "Amount"),
        ({"amount_won": "100", "fiscal_year": "2021"}, "Fiscal year"),
        ({"amount_won": "100", "fiscal_year": "soon"}, "Fiscal year"),
    ],
    ids=[
        "nothing",
        "above the request",
        "no reason",
        "nothing left",
        "less than nothing",
        "no amount",
        "too early",
        "no year",
    ],
)
def test_an_award_line_that_cannot_be_is_refused_beside_its_field(
    officer: Visitor, make: Maker, fields: dict[str, str], field: str
) -> None:
    application = contest.application(make, state=State.SELECTED)
    page = officer.refused("contest_funds.add_award", {"payer": "national", **fields}, application_id=application.id)
    assert field in page.summary
    assert lines(make) == [(Payer.NATIONAL, 400_000_000)]


def test_an_award_is_raised_up_to_what_was_requested_and_reduced_with_a_reason(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.SELECTED)
    for fields in ({"amount_won": "1억"}, {"amount_won": "-2억", "reason": "The ministry has less"}):
        sent = {"payer": "national", "fiscal_year": "2023", **fields}
        officer.follow(officer.submit("contest_funds.add_award", sent, application_id=application.id))
    with make.inside() as session:
        fresh = session.execute(select(Application)).scalar_one()
        assert record_of(fresh).external == 300_000_000


@pytest.mark.parametrize("state", [State.APPLIED, State.COMPLETED, State.SETTLED, State.GIVEN_UP], ids=str)
def test_an_award_changes_between_the_selection_and_the_completion_only(
    officer: Visitor, make: Maker, state: State
) -> None:
    application = contest.application(make, state=state)
    page = officer.refused(
        "contest_funds.add_award", {"payer": "city", "amount_won": "100"}, application_id=application.id
    )
    assert "between the selection and the completion" in page.summary


def test_matching_money_has_a_source_a_year_and_is_never_below_nothing(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.IN_REVIEW)
    sent = {"source": "district", "fiscal_year": "2023", "amount_won": "5천만"}
    officer.follow(officer.submit("contest_funds.add_matching", sent, application_id=application.id))
    less = {"source": "district", "amount_won": "-5천1만원", "reason": "slip"}
    assert (
        "Less than nothing"
        in officer.refused("contest_funds.add_matching", less, application_id=application.id).summary
    )
    [line] = make.everything(Matching)
    assert (line.source, line.fiscal_year, line.amount_won) == (MatchingSource.DISTRICT, 2023, 50_000_000)


# The total ---------------------------------------------------------------------------------------------------------


def test_parts_that_make_the_total_are_explained_and_others_show_the_difference(make: Maker, app: Flask) -> None:
    whole = contest.application(make, state=State.SELECTED, award=70, matching=30, total_won=100, requested_won=70)
    partly = contest.application(make, state=State.SELECTED, award=70, matching=20, total_won=100, requested_won=70)
    with make.inside() as session:
        found = {row.id: record_of(row) for row in session.execute(select(Application)).scalars()}
    assert found[whole.id].unexplained == 0
    assert found[partly.id].unexplained == 10
    assert found[whole.id].external_share == Decimal("70.0")


def test_a_total_below_the_award_is_refused(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.SELECTED)
    page = officer.refused("contest_funds.edit", {"total_won": "399,999,999"}, application_id=application.id)
    assert "less than the award" in page.summary


def test_a_selection_by_shares_adds_up_to_the_won(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.APPLIED)
    shares = {
        "national_percent": "33.3",
        "city_percent": "33.3",
        "district_percent": "33.4",
        "total_won": "100,000,001",
    }
    sent = {**shares, "fiscal_year": "2022"}
    officer.follow(officer.submit("contest_funds.select_by_shares", sent, application_id=application.id))
    assert lines(make) == [(Payer.NATIONAL, 33_300_000), (Payer.CITY, 33_300_000)]
    [matching] = make.everything(Matching)
    assert matching.amount_won == 33_400_001, "the district takes the remainder"


def test_the_second_of_two_selections_by_shares_is_shown_what_the_first_one_did(
    app: Flask, officer: Visitor, make: Maker
) -> None:
    application = contest.application(make, state=State.APPLIED)
    make.user("colleague")
    colleague = Visitor(app, "colleague")
    url = officer.url("contest_funds.select_by_shares", application_id=application.id)
    of_officer, of_colleague = officer.look(url), colleague.look(url)
    sent = {"total_won": "1억", "national_percent": "60", "district_percent": "40", "fiscal_year": "2022"}
    assert officer.send(of_officer, sent).status_code == 303
    answer = colleague.send(of_colleague, {**sent, "total_won": "2억"})
    assert answer.status_code == 409
    assert Page(answer, url).form().fields["total_won"] == "2억", "what was typed is kept"
    assert [amount for _, amount in lines(make)] == [60_000_000]


@pytest.mark.parametrize(
    "shares",
    [{"national_percent": "60"}, {"national_percent": "60", "city_percent": "41"}, {"national_percent": "-1"}, {}],
    ids=["too little", "too much", "below zero", "none"],
)
def test_shares_that_do_not_make_a_hundred_are_refused(officer: Visitor, make: Maker, shares: dict[str, str]) -> None:
    application = contest.application(make, state=State.APPLIED)
    sent = {"total_won": "1억", "district_percent": "", **shares}
    page = officer.refused("contest_funds.select_by_shares", sent, application_id=application.id)
    assert "100 percent" in page.summary
    assert make.everything(Award) == []


# At work -----------------------------------------------------------------------------------------------------------


def test_an_award_becomes_the_budget_of_a_project_once_and_both_pages_say_so(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.AGREED, award={Payer.NATIONAL: 7, Payer.CITY: 3})
    project = make.project("Lamps", money=100, stage=Stage.IN_EXECUTION)
    sent = {"program": "lamp"}
    page = officer.follow(officer.submit("contest_funds.put_to_work", sent, application_id=application.id))
    assert "₩10 are now budget of Lamps" in page.flashed
    assert f"/new-deal/projects/{project.id}" in page.links
    added = [line for line in make.everything(FundingLine) if line.amount_won < 100]
    assert [(line.payer, line.kind, line.amount_won) for line in added] == [
        (Payer.NATIONAL, FundingKind.SUPPLEMENTARY, 7),
        (Payer.CITY, FundingKind.SUPPLEMENTARY, 3),
    ]
    theirs = officer.open("new_deal.show", project_id=project.id)
    assert f"/contest-funds/applications/{application.id}" in theirs.links
    again = officer.refused("contest_funds.put_to_work", sent, application_id=application.id)
    assert "is left to take over" in again.summary
    assert len(make.everything(Tie)) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [("nothing such", "No project has this code or name"), ("Lamp", "Several projects"), ("Settled", "has ended")],
)
def test_an_award_goes_to_one_project_that_takes_money(officer: Visitor, make: Maker, words: str, why: str) -> None:
    application = contest.application(make, state=State.AGREED)
    make.project("Lamps north")
    make.project("Lamps south")
    make.project("Settled long ago", stage=Stage.SETTLED)
    page = officer.refused("contest_funds.put_to_work", {"program": words}, application_id=application.id)
    assert why in page.summary
    assert make.everything(FundingLine) == []
    assert make.everything(Tie) == []


def test_who_may_not_enter_anything_in_the_new_deal_gives_it_no_money(app: Flask, make: Maker) -> None:
    application = contest.application(make, state=State.AGREED)
    make.project("Lamps")
    make.user("contests", Role.OFFICER, module="contest_funds")
    page = Visitor(app, "contests").refused(
        "contest_funds.put_to_work", {"program": "Lamps"}, application_id=application.id
    )
    assert "No project has this code or name" in page.summary


def test_an_award_of_another_year_is_not_taken_over(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.AGREED, award={})
    make.keep(
        Award(
            application_id=application.id,
            program_id=application.program_id,
            payer=Payer.CITY,
            fiscal_year=2023,
            amount_won=5,
            sample=False,
        )
    )
    make.project("Lamps")
    page = officer.refused("contest_funds.put_to_work", {"program": "Lamps"}, application_id=application.id)
    assert "fiscal year 2022" in page.summary


def test_an_award_is_spent_by_a_programme_of_its_own(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.AGREED, award=400)
    officer.follow(
        officer.submit("contest_funds.run_on_its_own", {"fiscal_year": "2022"}, application_id=application.id)
    )
    own = next(program for program in make.everything(Program) if program.code.startswith("CP-2022-"))
    [line] = make.everything(FundingLine)
    assert (line.program_id, line.amount_won, line.payer) == (own.id, 400, Payer.NATIONAL)
    page = officer.refused("contest_funds.run_on_its_own", {"fiscal_year": "2023"}, application_id=application.id)
    assert "is left to take over" in page.summary
    assert [p.code for p in make.everything(Program) if p.code.startswith("CP-2023")] == [], "nothing is half-saved"


def test_an_award_that_was_given_up_is_spent_by_nobody(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.GIVEN_UP)
    make.project("Lamps")
    page = officer.refused("contest_funds.put_to_work", {"program": "Lamps"}, application_id=application.id)
    assert "secured" in page.summary


def test_a_project_is_told_when_the_award_that_it_took_over_shrinks_or_is_given_up(
    officer: Visitor, make: Maker
) -> None:
    application = contest.application(make, state=State.SELECTED, award=10)
    project = make.project("Lamps", money=100, stage=Stage.IN_EXECUTION)
    one = {"application_id": application.id}
    officer.follow(officer.submit("contest_funds.put_to_work", {"program": "lamp"}, **one))
    assert "The award is now" not in officer.open("new_deal.show", project_id=project.id).text
    cut = {"payer": "national", "fiscal_year": "2022", "amount_won": "-4", "reason": "Cut by the ministry"}
    officer.follow(officer.submit("contest_funds.add_award", cut, **one))
    assert "The award is now ₩6." in officer.open("new_deal.show", project_id=project.id).text
    left = {"on_date": "2022-03-15", "reason": "No site", "doc_no": "Planning-1"}
    officer.follow(officer.submit("contest_funds.step", left, step="give_up", **one))
    assert "The award was given up." in officer.open("new_deal.show", project_id=project.id).text


def test_an_award_above_the_request_is_refused_beside_the_largest_part(officer: Visitor, make: Maker) -> None:
    application = contest.application(make, state=State.APPLIED)
    sent = {"on_date": "2022-03-15", "city_won": "6억"}
    page = officer.refused("contest_funds.step", sent, application_id=application.id, step="select")
    assert "City funds" in page.summary
