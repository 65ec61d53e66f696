"""Calls, the divisions that are asked about them, and the lessons that similar ones left."""

import datetime as dt

import pytest
from factories import Maker
from flask import Flask
from makers import contest_funds as contest
from pages import Visitor
from sqlalchemy import select

from districtops.contest_funds import queries
from districtops.contest_funds.figures import ContestFigures
from districtops.contest_funds.models import Answer, Call, LossReason, NoReason, OrganiserKind, Routing
from districtops.contest_funds.rules import State
from districtops.kit.text import Words

TODAY = dt.date(2022, 3, 15)


@pytest.fixture
def officer(app: Flask, make: Maker) -> Visitor:
    make.user("officer")
    return Visitor(app, "officer")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"opens_on": "2022-04-02", "closes_on": "2022-04-01"}, "must not close before it opens"),
        ({"max_grant_won": "-1"}, "must not be below zero"),
        ({"matching_percent": "100.1"}, "between 0 and 100"),
        ({"matching_percent": "33.33"}, "one decimal"),
        ({"matching_percent": "half"}, "Matching rate"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"closes_on": "2022-02-30"}, "day of the calendar"),
        ({"title": ""}, "Name of the call"),
    ],
)
def test_a_call_that_cannot_be_is_refused_and_keeps_what_was_typed(
    officer: Visitor, make: Maker, fields: dict[str, str], why: str
) -> None:
    page = officer.refused("contest_funds.create_call", {"title": "Safe roads", "organiser": "Ministry", **fields})
    assert why in page.summary
    assert page.form().fields["organiser"] == "Ministry"
    assert make.everything(Call) == []


def test_nothing_that_was_left_empty_becomes_zero(officer: Visitor, make: Maker) -> None:
    officer.follow(officer.submit("contest_funds.create_call", {"title": "Safe roads"}))
    [call] = make.everything(Call)
    assert (call.max_grant_won, call.matching_percent, call.organiser, call.doc_no) == (None, None, None, None)
    officer.follow(
        officer.submit("contest_funds.edit_call", {"matching_percent": "0", "max_grant_won": "0"}, call_id=call.id)
    )
    [call] = make.everything(Call)
    assert (call.max_grant_won, call.matching_percent) == (0, 0)


def test_what_changes_of_a_call_changes_in_the_list_of_its_applications(officer: Visitor, make: Maker) -> None:
    application = contest.application(make)
    officer.follow(officer.submit("contest_funds.edit_call", {"organiser_kind": "city"}, call_id=application.call_id))
    with make.inside() as session:
        assert session.execute(select(ContestFigures.organiser_kind)).scalar_one() is OrganiserKind.CITY


# Divisions ---------------------------------------------------------------------------------------------------------


def asked(make: Maker, **columns: object) -> Routing:
    """A division that was asked on 10 March and did not answer."""
    call = contest.call(make)
    division = make.department("Roads Division")
    return make.keep(Routing(call_id=call.id, department_id=division.id, asked_on=dt.date(2022, 3, 10), **columns))


def test_a_division_is_asked_once_and_not_about_a_call_that_has_closed(officer: Visitor, make: Maker) -> None:
    division = make.department("Roads Division")
    make.department("Parks Division")
    call, closed = contest.call(make), contest.call(make, closes_on=dt.date(2022, 3, 14))
    sent = {"department": division.id}
    page = officer.follow(officer.submit("contest_funds.ask", sent, call_id=call.id))
    assert "Not answered" in page.text
    again = officer.refused("contest_funds.ask", sent, call_id=call.id)
    assert "Choose one of the listed" in again.summary, "it is not offered any more"
    assert "has closed" in officer.refused("contest_funds.ask", sent, call_id=closed.id).summary


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"answer": "no"}, "Choose why"),
        ({"answer": "no", "reason": "other"}, "Say in words"),
        ({"answer": "will_apply", "answered_on": "2022-03-09"}, "asked on a later day"),
        ({"answer": "will_apply", "answered_on": "2022-03-16"}, "in the future"),
        ({"answer": "perhaps"}, "listed"),
        ({"answer": ""}, "Answer"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(officer: Visitor, make: Maker, fields: dict[str, str], why: str) -> None:
    routing = asked(make)
    assert why in officer.refused("contest_funds.answer", fields, routing_id=routing.id).summary
    assert make.everything(Routing)[0].answer is None


def test_a_no_says_why_and_a_later_yes_forgets_it(officer: Visitor, make: Maker) -> None:
    routing = asked(make)
    no = {"answer": "no", "reason": "cannot_match"}
    officer.follow(officer.submit("contest_funds.answer", no, routing_id=routing.id))
    [kept] = make.everything(Routing)
    assert (kept.answer, kept.reason, kept.answered_on) == (Answer.NO, NoReason.CANNOT_MATCH, TODAY)
    page = officer.follow(officer.submit("contest_funds.answer", {"answer": "will_apply"}, routing_id=routing.id))
    [kept] = make.everything(Routing)
    assert (kept.answer, kept.reason) == (Answer.WILL_APPLY, None)
    assert "Matching money cannot be found" in page.text, "the history keeps both"


def test_a_division_with_an_application_under_way_does_not_say_no(officer: Visitor, make: Maker) -> None:
    routing = asked(make)
    call = next(call for call in make.everything(Call) if call.id == routing.call_id)
    contest.application(make, state=State.APPLYING, to=call, program={"department_id": routing.department_id})
    page = officer.refused("contest_funds.answer", {"answer": "no", "reason": "deadline"}, routing_id=routing.id)
    assert "under way" in page.summary


# Lessons -----------------------------------------------------------------------------------------------------------


def test_lessons_of_similar_contests_are_shown_with_a_new_call_the_most_alike_first(
    officer: Visitor, make: Maker
) -> None:
    def lost(title: str, organiser: str, lesson: str | None) -> None:
        before = contest.call(make, title, organiser=Words(en=organiser))
        learnt = Words(en=lesson) if lesson else None
        contest.application(make, state=State.NOT_SELECTED, to=before, loss=LossReason.PLAN, lesson=learnt)

    lost("Safe crossings 2021", "Ministry of Roads", "Begin six weeks ahead")
    lost("Solar roofs", "Ministry of Roads", "Ask for less")
    lost("Solar roofs", "Another ministry", "Never shown here")
    lost("Safe crossings 2020", "Ministry of Roads", None)
    call = contest.call(make, "Safe crossings 2022")
    text = officer.open("contest_funds.show_call", call_id=call.id).text
    assert text.index("Begin six weeks ahead") < text.index("Ask for less")
    assert "Never shown here" not in text
    with make.inside() as session:
        fresh = session.execute(select(Call).where(Call.id == call.id)).scalar_one()
        assert len(queries.lessons_for(fresh)) == 2


def test_a_lesson_is_found_by_the_name_in_either_language_and_told_once(officer: Visitor, make: Maker) -> None:
    names = {"title_en": "Safe crossings 2021", "title_ko": "안전한 건널목 2021"}
    before = contest.call(make, organiser=Words(en="Ministry of Roads", ko="도로부"), **names)
    for _ in range(2):
        contest.application(
            make, state=State.NOT_SELECTED, to=before, loss=LossReason.PLAN, lesson=Words(en="Begin six weeks ahead")
        )
    for title in ("안전한 건널목 2022", "Safe crossings 2022"):
        call = contest.call(make, title, organiser=Words(en="Somebody else"))
        assert officer.open("contest_funds.show_call", call_id=call.id).text.count("Begin six weeks ahead") == 1
    assert "Begin six weeks ahead" in officer.open("contest_funds.show_call", call_id=before.id).text
