"""Milestones keep their first date: a slip has days, a reason, an issue and a countermeasure, and a list tells all."""

import csv
import datetime as dt
import io

import pytest

from districtops.guard.passwords import DEMONSTRATION
from districtops.models import ChangeRecord, Milestone, Role
from districtops.new_deal.rules import Stage

KEYS = [
    "id",
    "title",
    "milestone",
    "department",
    "planned_on",
    "due_on",
    "done_on",
    "given_up_on",
    "slip_days",
    "state",
]
KEYS += ["issue", "countermeasure", "sample"]


@pytest.fixture
def project(app, make):
    return make.project(money=300)


@pytest.fixture
def kim(project, make, visit):
    make.user("kim", Role.OFFICER)
    return visit("kim")


def listed(visitor, **query):
    answer = visitor.ask(visitor.url("new_deal.milestones_csv", header="keys", **query))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_first_date_stays_when_the_date_changes_for_a_reason(kim, make, project):
    kim.follow(kim.submit("new_deal.add_milestone", {"title": "Tender", "due_on": "2022-04-01"}, project_id=project.id))
    [tender] = make.everything(Milestone)
    assert tender.planned_on == dt.date(2022, 4, 1)
    at = {"project_id": project.id, "milestone_id": tender.id}
    page = kim.refused("new_deal.edit_milestone", {"due_on": "2022-04-21"}, **at)
    assert "Say why the date changes" in " ".join(page.errors)
    why = {"due_on": "2022-04-21", "reason": "no bid", "issue": "prices", "countermeasure": "ask again"}
    page = kim.follow(kim.submit("new_deal.edit_milestone", why, **at))
    assert "20 days behind the first plan" in page.text
    assert "no bid" in page.text
    [tender] = make.everything(Milestone)
    assert (tender.planned_on, tender.due_on) == (dt.date(2022, 4, 1), dt.date(2022, 4, 21))
    [change] = [c for c in make.everything(ChangeRecord, table_name="milestone") if c.act == "changed"]
    assert change.changes["due_on"] == ["2022-04-01", "2022-04-21"]
    [row] = listed(kim)
    assert [row[key] for key in ("slip_days", "state", "issue", "countermeasure")] == [
        *("20", "open", "prices", "ask again"),
    ]


def test_a_milestone_is_marked_done_without_a_reason_but_not_in_the_future(kim, make, project):
    tender = make.milestone(project, due=dt.date(2022, 3, 10))
    at = {"project_id": project.id, "milestone_id": tender.id}
    page = kim.refused("new_deal.edit_milestone", {"done_on": "2022-03-16"}, **at)
    assert "must not lie in the future" in " ".join(page.errors)
    kim.follow(kim.submit("new_deal.edit_milestone", {"done_on": "2022-03-12"}, **at))
    assert (listed(kim)[0]["slip_days"], listed(kim)[0]["state"]) == ("2", "done")


def test_a_milestone_is_given_up_for_a_reason_and_taken_up_again(kim, make, project):
    tender = make.milestone(project, due=dt.date(2022, 3, 10))
    at = {"project_id": project.id, "milestone_id": tender.id}
    page = kim.refused("new_deal.edit_milestone", {"given_up": "y"}, **at)
    assert "Say why the step is given up" in " ".join(page.errors)
    why = {"given_up": "y", "given_up_reason": "bought without a tender"}
    page = kim.refused("new_deal.edit_milestone", {**why, "done_on": "2022-03-11"}, **at)
    assert "A step that is done cannot be given up" in " ".join(page.errors)
    kim.follow(kim.submit("new_deal.edit_milestone", {"due_on": "2022-03-12", "reason": "no bid"}, **at))
    page = kim.follow(kim.submit("new_deal.edit_milestone", why, **at))
    assert "given up on Tue 15 Mar 2022" in page.text
    assert "Why it was given up: bought without a tender" in page.text
    assert "Tender" not in kim.open("dashboard.index").text
    assert [listed(kim)[0][key] for key in ("state", "given_up_on", "slip_days")] == ["given_up", "2022-03-15", "5"]
    kim.follow(kim.submit("new_deal.edit_milestone", {"issue": "still no tender"}, **at))
    assert listed(kim)[0]["state"] == "given_up"
    page = kim.follow(kim.submit("new_deal.edit_milestone", {"given_up": None}, **at))
    assert "Why the date changed: no bid" in page.text
    assert "given up on Tue" not in page.text
    assert "Tender" in kim.open("dashboard.index").text
    assert listed(kim)[0]["state"] == "overdue"


def test_a_project_that_has_ended_keeps_its_milestones_as_they_are(app, make, visit):
    ended = make.project(stage=Stage.CANCELLED)
    make.user("kim", Role.OFFICER)
    page = visit("kim").refused(
        "new_deal.add_milestone", {"title": "Tender", "due_on": "2022-04-01"}, project_id=ended.id
    )
    assert "has ended" in page.summary


def test_what_was_not_done_when_a_project_ended_is_waited_for_no_more(kim, make, project):
    make.milestone(project, "Survey", due=dt.date(2022, 3, 1), done_on=dt.date(2022, 3, 2))
    make.milestone(project, "Tender", due=dt.date(2022, 3, 10))
    make.milestone(project, "Acceptance", due=dt.date(2022, 3, 20))
    make.milestone(make.project(), "Another project's", due=dt.date(2022, 3, 20))
    waiting = ("Tender", "Acceptance")
    assert all(title in kim.open("new_deal.index").text for title in waiting)
    assert "Acceptance" in kim.open("dashboard.index").text
    given = {"on_date": "2022-03-14", "reason": "no place was found"}
    page = kim.follow(kim.submit("new_deal.step", given, project_id=project.id, verb="drop"))
    assert "given up on Mon 14 Mar 2022" in page.text
    assert "1 day late" not in page.text
    for page in (kim.open("new_deal.index"), kim.open("dashboard.index")):
        assert not any(title in page.text for title in waiting)
        assert "Another project's" in page.text
    states = {row["milestone"]: (row["state"], row["given_up_on"], row["slip_days"]) for row in listed(kim)}
    assert states == {
        "Survey": ("done", "", "1"),
        "Tender": ("given_up", "2022-03-14", "4"),
        "Acceptance": ("given_up", "2022-03-14", "0"),
        "Another project's": ("open", "", "0"),
    }
    given_up = [c for c in make.everything(ChangeRecord, table_name="milestone") if "given_up_on" in (c.changes or {})]
    assert [c.changes["given_up_on"] for c in given_up if c.act == "changed"] == [[None, "2022-03-14"]] * 2


def test_the_filters_find_what_the_rule_says(kim, make, project):
    early, today, later = dt.date(2022, 3, 1), dt.date(2022, 3, 15), dt.date(2022, 5, 1)
    given = {
        "open": {"due": today},
        "overdue": {"due": early},
        "done in time": {"due": early, "done_on": early},
        "done late": {"due": early, "done_on": today},
        "moved on": {"due": later, "planned_on": early},
        "moved forward": {"due": today, "planned_on": later},
        "moved forward and missed": {"due": early, "planned_on": later},
        "given up late": {"due": dt.date(2022, 2, 1), "given_up_on": early},
        "given up in time": {"due": later, "given_up_on": early},
    }
    for title, columns in given.items():
        make.milestone(project, title, **columns)

    def found(**query):
        return {row["milestone"] for row in listed(kim, **query)}

    assert found() == set(given)
    assert found(late="yes") == {"overdue", "done late", "moved on", "given up late"}
    assert found(late="no") == set(given) - found(late="yes")
    assert found(late="yes") == {row["milestone"] for row in listed(kim) if int(row["slip_days"]) > 0}
    for state in ("open", "overdue", "done", "given_up"):
        assert found(state=state) == {row["milestone"] for row in listed(kim) if row["state"] == state} != set()
    assert found(fiscal_year=2021) == set()
    assert found(department=0) == set(given)


def test_the_list_has_the_promised_keys_in_the_order_of_the_days(demo_app, visit):
    rows = listed(visit("manager.yongsan", password=DEMONSTRATION))
    assert list(rows[0]) == KEYS
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)


def test_the_milestones_of_a_deleted_project_are_hidden(kim, make, project):
    make.milestone(project)
    kim.follow(kim.submit("new_deal.deletion", {"reason": "Filed twice"}, record_id=project.id))
    assert listed(kim) == []
