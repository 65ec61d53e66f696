"""Readings of an indicator: added, corrected, never changed; and the list that tells who reaches the goal."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from makers import new_deal as made

from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.text import Words
from districtops.models import Role
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.models import Project
from districtops.new_deal.rules import Stage

KEYS = ["id", "title", "department", "indicator", "unit", "base", "target", "actual"]
KEYS += ["measured_on", "achievement", "goal", "sample"]
NAMED = {"kpi_name": Words(en="Lamps"), "kpi_base": Decimal(0), "kpi_target": Decimal(10)}


@pytest.fixture
def project(app, make):
    return make.project(**NAMED)


@pytest.fixture
def kim(project, make, visit):
    make.user("kim", Role.OFFICER)
    return visit("kim")


def actual(make):
    return make.everything(Project)[0].kpi_actual


def listed(visitor, **query):
    answer = visitor.ask(visitor.url("new_deal.indicators_csv", header="keys", **query))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_latest_reading_is_the_actual_value(kim, make, project):
    assert "No reading yet" in kim.open("new_deal.show", project_id=project.id).text
    for day, value in (("2022-03-01", "4"), ("2022-03-10", "9"), ("2022-02-01", "1.5")):
        kim.follow(kim.submit("new_deal.add_reading", {"on_date": day, "value": value}, project_id=project.id))
    assert actual(make) == 9
    page = kim.open("new_deal.show", project_id=project.id)
    assert [row[:3] for row in page.rows("Readings of the indicator")] == [
        ["1 Feb 2022", "1.5", "15.0%"],
        ["1 Mar 2022", "4", "40.0%"],
        ["10 Mar 2022", "9", "90.0%"],
    ]
    assert "<polyline" in page.html
    [row] = listed(kim)
    assert (row["actual"], row["measured_on"], row["achievement"], row["goal"]) == (
        *("9", "2022-03-10", "90.0", "on_the_way"),
    )


def test_a_correction_takes_the_place_of_a_reading_and_both_stay(kim, make, project):
    wrong = made.reading(make, project, 21)
    at = {"project_id": project.id, "reading_id": wrong.id}
    page = kim.follow(kim.submit("new_deal.correct_reading", {"value": "11", "note": "counted twice"}, **at))
    assert "Corrected before: Tue 1 Mar 2022 21" in page.text
    assert actual(make) == 11
    [old, new] = make.everything(Reading)
    assert (old.value, new.value, new.replaces_id, new.on_date) == (21, 11, wrong.id, wrong.on_date)
    page = kim.refused("new_deal.correct_reading", {"value": "12"}, **at)
    assert "was corrected already" in page.summary


def test_a_correction_may_move_a_reading_to_another_day(kim, make, project):
    wrong = made.reading(make, project, 3)
    at = {"project_id": project.id, "reading_id": wrong.id}
    kim.follow(kim.submit("new_deal.correct_reading", {"value": "3", "on_date": "2022-02-28"}, **at))
    assert make.everything(Reading)[1].on_date == dt.date(2022, 2, 28)
    assert listed(kim)[0]["measured_on"] == "2022-02-28"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on_date": "2022-03-16", "value": "1"}, "must not lie in the future"),
        ({"on_date": "2022-03-01", "value": "1"}, "There is a reading of this day"),
        ({"value": "many"}, "Write a number"),
        ({"value": ""}, "required"),
    ],
)
def test_a_reading_that_makes_no_sense_is_refused(kim, make, project, fields, words):
    made.reading(make, project)
    page = kim.refused("new_deal.add_reading", fields, project_id=project.id)
    assert words in " ".join(page.errors)
    assert len(make.everything(Reading)) == 1


def test_without_a_named_indicator_there_is_nothing_to_read(app, make, visit):
    bare = make.project()
    make.user("kim", Role.OFFICER)
    page = visit("kim").refused("new_deal.add_reading", {"value": "0"}, project_id=bare.id)
    assert "Name the indicator on the project first" in page.summary


def test_a_project_that_has_ended_is_not_read_any_more(app, make, visit):
    ended = make.project(stage=Stage.CANCELLED, **NAMED)
    make.user("kim", Role.OFFICER)
    assert "has ended" in visit("kim").refused("new_deal.add_reading", {"value": "1"}, project_id=ended.id).summary


def test_the_actual_value_is_not_changed_beside_its_readings(kim, make, project):
    kim.follow(kim.submit("new_deal.edit", {"kpi_actual": "2"}, project_id=project.id))
    kim.follow(kim.submit("new_deal.add_reading", {"value": "4"}, project_id=project.id))
    page = kim.refused("new_deal.edit", {"kpi_actual": "5"}, project_id=project.id)
    assert "comes from the readings" in " ".join(page.errors)
    kim.follow(kim.submit("new_deal.edit", {"kpi_target": "8"}, project_id=project.id))
    assert actual(make) == 4


def test_the_result_of_a_project_is_a_reading_in_place_of_the_days_own(app, make, visit):
    project = make.project(stage=Stage.INSPECTED, money=300, **NAMED)
    made.reading(make, project, 3, dt.date(2022, 3, 15))
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    kim.follow(
        kim.submit("new_deal.step", {"detail": "all lamps", "result": "10"}, project_id=project.id, verb="complete")
    )
    assert [(r.value, r.replaces_id is None) for r in make.everything(Reading)] == [(3, True), (10, False)]
    assert actual(make) == 10


def test_a_reading_of_another_project_is_not_corrected_here(kim, make, project):
    other = made.reading(make, make.project("Another", **NAMED))
    kim.open("new_deal.correct_reading", 404, project_id=project.id, reading_id=other.id)


def test_the_list_of_goals_has_the_promised_keys_and_filters(demo_app, visit):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    rows = listed(manager, fiscal_year=2021)
    assert list(rows[0]) == KEYS
    assert len(rows) == 83
    by_goal = {goal: len(listed(manager, fiscal_year=2021, goal=goal)) for goal in ("reached", "on_the_way")}
    assert by_goal["reached"] == sum(row["goal"] == "reached" for row in rows) > 0
    assert by_goal["on_the_way"] == sum(row["goal"] == "on_the_way" for row in rows) > 0
    [network] = [r for r in listed(manager, fiscal_year=2022) if r["title"] == "Smart Yongsan Network Advancement"]
    assert (network["base"], network["target"], network["achievement"]) == ("1", "2", "0.0")
    [queue] = [r for r in rows if r["title"].startswith("Waiting-time")]
    assert (queue["base"], queue["target"], queue["achievement"], queue["goal"]) == ("21", "14", "100.0", "reached")
