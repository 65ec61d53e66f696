"""Steps of an application: what each needs, what it refuses, what it leaves behind. On both databases."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from factories import Maker
from flask import Flask
from makers import contest_funds as contest
from sqlalchemy import select

from districtops.contest_funds import rules
from districtops.contest_funds.applications import actions
from districtops.contest_funds.applications.actions import Step
from districtops.contest_funds.models import Application, Award, Call, LossReason, StateChange
from districtops.contest_funds.rules import SettleUnit, State
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words
from districtops.models import Payer, Program

TODAY = dt.date(2022, 3, 15)  # the day of the test applications
FULL = Step(
    on_date=TODAY,
    reason=Words(en="the council asked"),
    doc_no="DM-1",
    requested_won=300_000_000,
    awards={Payer.NATIONAL: 200_000_000, Payer.CITY: 100_000_000},
    fiscal_year=2022,
    loss=LossReason.PLAN,
    lesson=Words(en="ask earlier"),
    settle_within=2,
    settle_unit=SettleUnit.MONTHS,
    returned_won=0,
    interest_won=1_000,
)


@pytest.fixture
def people(app: Flask, make: Maker) -> dict[str, int]:
    """A division and an officer in charge."""
    return {"department_id": make.department().id, "officer_id": make.user("worker").id}


def moved(make: Maker, application: Application, verb: str, step: Step = FULL) -> Application:
    """The application after the step, in a transaction of its own."""
    with make.inside() as session:
        fresh = session.execute(select(Application).where(Application.id == application.id)).scalar_one()
        actions.move(fresh, verb, step, None)
        session.commit()
        return fresh


def refused(make: Maker, application: Application, verb: str, step: Step = FULL) -> RuleBroken:
    """Why the step is refused; nothing of it is stored."""
    awards = len(make.everything(Award))
    with pytest.raises(RuleBroken) as refusal:
        moved(make, application, verb, step)
    [same] = [found for found in make.everything(Application) if found.id == application.id]
    assert same.state is application.state
    assert same.version == application.version
    assert len(make.everything(Award)) == awards
    assert make.everything(StateChange) == []
    return refusal.value


@pytest.mark.parametrize("state", State, ids=str)
def test_each_step_from_a_state_is_taken_or_refused(app: Flask, make: Maker, people: Any, state: State) -> None:
    # The call has closed where a deadline can be missed, and is open where something is applied for.
    for verb in rules.VERBS.values():
        closes = dt.date(2022, 3, 14) if verb.name == "miss" else dt.date(2022, 3, 31)
        application = contest.application(make, state=state, to=contest.call(make, closes_on=closes), program=people)
        if verb.name in rules.TRANSITIONS.get(state, ()):
            assert moved(make, application, verb.name).state is verb.target
        else:
            with pytest.raises(RuleBroken):
                moved(make, application, verb.name)


def test_a_step_keeps_who_when_and_why(make: Maker, app: Flask) -> None:
    moved(make, contest.application(make), "drop")
    [change] = make.everything(StateChange)
    assert (change.from_state, change.to_state) == (State.DISCOVERED, State.DROPPED)
    assert (change.on_date, str(change.reason.en), change.doc_no) == (TODAY, "the council asked", "DM-1")


@pytest.mark.parametrize("verb", rules.VERBS.values(), ids=lambda verb: verb.name)
def test_a_step_without_what_it_needs_is_refused_beside_its_field(
    app: Flask, make: Maker, people: Any, verb: rules.Verb
) -> None:
    state = next(state for state, names in rules.TRANSITIONS.items() if verb.name in names)
    closed = dt.date(2022, 3, 14)
    for name in verb.needs:
        application = contest.application(make, state=state, to=contest.call(make, closes_on=closed), program=people)
        assert refused(make, application, verb.name, replace(FULL, **{name: None})).field == name


def test_a_second_result_is_refused_whatever_it_is(app: Flask, make: Maker) -> None:
    for state in (State.SELECTED, State.NOT_SELECTED, State.AGREED, State.GIVEN_UP, State.SETTLED):
        for verb in ("select", "reject"):
            refusal = refused(make, contest.application(make, state=state), verb)
            assert refusal.field == "on_date"
            assert "recorded already" in str(refusal.message)


def test_an_application_is_made_while_its_call_is_open(app: Flask, make: Maker) -> None:
    for opens, closes, on in (
        (dt.date(2022, 3, 10), None, dt.date(2022, 3, 9)),
        (None, dt.date(2022, 3, 10), dt.date(2022, 3, 11)),
    ):
        application = contest.application(
            make, state=State.APPLYING, to=contest.call(make, opens_on=opens, closes_on=closes)
        )
        assert refused(make, application, "apply", replace(FULL, on_date=on)).field == "on_date"
    last_day = contest.application(make, state=State.APPLYING, to=contest.call(make, closes_on=TODAY))
    assert moved(make, last_day, "apply").applied_on == TODAY


def test_no_more_is_requested_than_the_call_grants(app: Flask, make: Maker) -> None:
    to = contest.call(make, max_grant_won=300_000_000)
    application = contest.application(make, state=State.APPLYING, to=to)
    assert refused(make, application, "apply", replace(FULL, requested_won=300_000_001)).field == "requested_won"
    assert refused(make, application, "apply", replace(FULL, requested_won=0)).field == "requested_won"
    assert moved(make, application, "apply").requested_won == 300_000_000


def test_the_year_of_a_contest_is_the_one_in_which_the_office_applied(app: Flask, make: Maker) -> None:
    planned = contest.application(make, state=State.APPLYING, year=2021, to=contest.call(make, opens_on=None))
    assert moved(make, planned, "apply").program.fiscal_year == 2022


def test_an_award_above_what_was_requested_is_refused(app: Flask, make: Maker) -> None:
    application = contest.application(make, state=State.APPLIED, requested_won=299_999_999)
    assert refused(make, application, "select").field == "national_won"
    fits = contest.application(make, state=State.APPLIED, requested_won=300_000_000)
    moved(make, fits, "select")
    assert {(line.payer, line.amount_won, line.fiscal_year) for line in make.everything(Award)} == {
        (Payer.NATIONAL, 200_000_000, 2022),
        (Payer.CITY, 100_000_000, 2022),
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"awards": {}}, "national_won"),
        ({"awards": {Payer.CITY: 0}}, "national_won"),
        ({"fiscal_year": 2021}, "fiscal_year"),
        ({"total_won": 299_999_999}, "total_won"),
        ({"on_date": dt.date(2022, 3, 16)}, "on_date"),
        ({"on_date": dt.date(2022, 3, 1)}, "on_date"),
    ],
    ids=["no award", "nothing", "spent before it was won", "total below the award", "tomorrow", "before applying"],
)
def test_a_selection_that_cannot_be_is_refused(app: Flask, make: Maker, change: dict[str, Any], field: str) -> None:
    application = contest.application(make, state=State.APPLIED)
    assert refused(make, application, "select", replace(FULL, **change)).field == field


def test_a_lost_application_keeps_its_reason_and_its_lesson(app: Flask, make: Maker) -> None:
    lost = moved(make, contest.application(make, state=State.APPLIED), "reject")
    assert (lost.result_on, lost.loss, str(lost.lesson.en)) == (TODAY, LossReason.PLAN, "ask earlier")


def test_the_settlement_is_due_as_the_agreement_says(app: Flask, make: Maker) -> None:
    agreed = moved(make, contest.application(make, state=State.SELECTED), "agree")
    assert (agreed.settle_within, agreed.settle_unit) == (2, SettleUnit.MONTHS)
    started = moved(make, agreed, "start")
    assert moved(make, started, "complete").settle_by == dt.date(2022, 5, 15)
    halves = contest.application(make, state=State.SELECTED)
    with pytest.raises(RuleBroken) as refusal:
        moved(make, halves, "agree", replace(FULL, settle_unit=None))
    assert refusal.value.field == "settle_unit"


def test_no_more_is_returned_than_was_won(app: Flask, make: Maker) -> None:
    application = contest.application(make, state=State.COMPLETED, award=1_000)
    assert refused(make, application, "settle", replace(FULL, returned_won=1_001)).field == "returned_won"
    assert moved(make, application, "settle", replace(FULL, returned_won=1_000)).returned_won == 1_000


def test_a_deadline_is_missed_once_it_has_passed(app: Flask, make: Maker) -> None:
    open_still = contest.application(make, state=State.APPLYING, to=contest.call(make, closes_on=TODAY))
    assert "open until" in str(refused(make, open_still, "miss").message)


def test_a_review_has_a_division_and_an_application_an_officer(app: Flask, make: Maker) -> None:
    assert "division" in str(refused(make, contest.application(make), "review").message)
    assert "officer" in str(refused(make, contest.application(make, state=State.IN_REVIEW), "prepare").message)


def test_nothing_is_filed_to_a_call_that_has_closed(app: Flask, make: Maker) -> None:
    closed = contest.call(make, closes_on=dt.date(2022, 3, 14))
    with make.inside(), pytest.raises(RuleBroken) as refusal:
        fresh = db.session.execute(select(Call).where(Call.id == closed.id)).scalar_one()
        program = Program(module="contest_funds", title_en="x", title_ko="x", sample=False)
        actions.file_application(program, Application(several=False, named=False), fresh)
    assert refusal.value.field == "call"
