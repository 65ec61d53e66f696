"""The daily log adds up, its rates are exact, and residents' opinions are answered in order."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import Maker
from flask import Flask
from makers import playgrounds as makers
from pages import Visitor

from districtops.models import Role
from districtops.playgrounds.opinions.models import Feedback, Step
from districtops.playgrounds.opinions.queries import pace
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.use.models import DayLog, HourCount, Incident
from districtops.playgrounds.use.rules import LoggedDay, by_weekday, incidents_per_thousand, per_hundred_pyeong, sums


@pytest.fixture
def place(make: Maker) -> Playground:
    """An ordinary playground with one zone, and its officer."""
    make.user("officer", Role.OFFICER)
    found = makers.playground(make)
    makers.ordinary(make, found)
    makers.zone(make, found)
    return found


def logged(date: str, visitors: int | None, incidents: int = 0) -> LoggedDay:
    """A day of the log."""
    return LoggedDay(date=dt.date.fromisoformat(date), visitors=visitors, dogs=visitors, incidents=incidents)


def test_rates_leave_out_what_nobody_counted() -> None:
    days = [logged("2022-03-15", 300, 1), logged("2022-03-22", 201), logged("2022-03-16", None, 5)]
    assert incidents_per_thousand(days) == Decimal("2.0")
    assert by_weekday(days)[1] == (1, 2, Decimal("250.5"))
    assert by_weekday(days)[2] == (2, 0, None)
    assert incidents_per_thousand([logged("2022-03-16", 0, 1)]) is None
    assert per_hundred_pyeong(85, Decimal(170)) == Decimal("50.0")
    assert per_hundred_pyeong(85, None) is None
    assert sums({(1, 10): (2, 3), (1, 11): (4, 5), (2, 10): (6, 7)}, 1) == {10: (8, 10), 11: (4, 5)}


def test_a_day_is_logged_once_and_adds_up(app: Flask, make: Maker, place: Playground) -> None:
    officer = Visitor(app, "officer")
    answer = officer.submit("playgrounds.add_log", {"on_date": "2022-03-15"}, playground_id=place.id)
    assert answer.status_code == 303
    [log] = make.everything(DayLog)
    assert officer.refused("playgrounds.add_log", {"on_date": "2022-03-15"}, playground_id=place.id).errors
    assert officer.refused("playgrounds.add_log", {"on_date": "2022-03-16"}, playground_id=place.id).errors
    [zone] = {
        form
        for form in officer.look(answer.location).form().fields
        if form.startswith("dogs_") and form.endswith("_10")
    }
    number = zone.split("_")[1]
    fields = {
        f"visitors_{number}_10": "3",
        f"dogs_{number}_10": "2",
        f"visitors_{number}_16": "4",
        f"dogs_{number}_16": "4",
    }
    assert officer.submit("playgrounds.edit_log", fields, log_id=log.id).status_code == 303
    assert officer.submit("playgrounds.edit_log", {f"visitors_{number}_16": "5"}, log_id=log.id).status_code == 303
    [log] = make.everything(DayLog)
    assert (log.visitors, log.dogs, len(make.everything(HourCount))) == (8, 6, 2)
    page = officer.refused("playgrounds.edit_log", {f"visitors_{number}_16": ""}, log_id=log.id)
    assert "or neither" in page.summary
    assert officer.refused("playgrounds.edit_log", {"opened_at": "17:00", "closed_at": "10:00"}, log_id=log.id).errors
    empty = dict.fromkeys(fields, "")
    assert officer.submit("playgrounds.edit_log", empty, log_id=log.id).status_code == 303
    [log] = make.everything(DayLog)
    assert (log.visitors, log.dogs) == (None, None), "nobody counted is not nobody came"


def test_an_incident_that_was_entered_by_mistake_stays_and_is_not_counted(
    lite_app: Flask, make: Maker, place: Playground
) -> None:
    officer = Visitor(lite_app, "officer")
    officer.submit("playgrounds.add_log", {"on_date": "2022-03-15"}, playground_id=place.id)
    [log] = make.everything(DayLog)
    fields = {"kind": "bite", "at_time": "14:05", "description": "A bite"}
    assert officer.submit("playgrounds.add_incident", fields, log_id=log.id).status_code == 303
    assert make.everything(DayLog)[0].incidents == 1
    [incident] = make.everything(Incident)
    officer.submit("playgrounds.edit_incident", {"mistaken": "y"}, incident_id=incident.id)
    assert make.everything(DayLog)[0].incidents == 0
    assert "entered by mistake" in officer.look(f"/playgrounds/log/{log.id}").text


def test_an_opinion_goes_its_way_to_the_answer(lite_app: Flask, make: Maker, place: Playground) -> None:
    officer = Visitor(lite_app, "officer")
    fields = {"received_on": "2022-03-10", "topic": "safety", "text": "A second gate, please"}
    answer = officer.submit("playgrounds.add_feedback", fields, playground_id=place.id)
    number = int(answer.location.rsplit("/", 1)[-1])

    def step(name: str, on: str, words: str = "") -> dict[str, str]:
        return {"step": name, "on_date": on, "words": words}

    for wrong in (step("accepted", "2022-03-11"), step("reviewed", "2022-03-09"), step("reviewed", "2022-03-16")):
        assert officer.refused("playgrounds.feedback_step", wrong, feedback_id=number).errors
    assert (
        officer.submit("playgrounds.feedback_step", step("reviewed", "2022-03-11"), feedback_id=number).status_code
        == 303
    )
    assert officer.refused("playgrounds.feedback_step", step("not_accepted", "2022-03-12"), feedback_id=number).errors
    officer.submit("playgrounds.feedback_step", step("not_accepted", "2022-03-12", "No room"), feedback_id=number)
    officer.submit("playgrounds.feedback_step", step("answered", "2022-03-15"), feedback_id=number)
    [found] = make.everything(Feedback)
    assert (found.step, str(found.reason), found.answered_on) == (Step.ANSWERED, "No room", dt.date(2022, 3, 15))
    assert "after 5 days" in officer.look(f"/playgrounds/feedback/{number}").text


def test_the_average_wait_is_of_those_that_were_answered() -> None:
    day = dt.date(2022, 3, 1)
    found = pace([(day, day + dt.timedelta(days=1)), (day, day + dt.timedelta(days=2)), (day, None)])
    assert (found.received, found.answered, found.days) == (3, 2, Decimal("1.5"))
    assert pace([]).days is None
