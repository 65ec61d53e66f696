"""Residents' opinions: their steps, what each of them asks for, how long answers take, and that nobody is named."""

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers.new_deal import opinion
from pages import Page

from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words
from districtops.models import ChangeRecord, Role
from districtops.new_deal.models import Project
from districtops.new_deal.opinions import actions
from districtops.new_deal.opinions.models import Opinion, OpinionStep
from districtops.new_deal.opinions.queries import pace
from districtops.new_deal.opinions.rules import MISSING, NEXT, OpinionState, refusal

RECEIVED, ACCEPTED, NOT_ACCEPTED, DONE, ANSWERED = OpinionState
states = st.sampled_from(OpinionState)
KEYS = [
    *("id", "received_on", "title", "channel", "text", "state", "reason"),
    *("done_on", "answered_on", "days", "department", "sample"),
]


@pytest.fixture
def office(lite_app, make):
    make.user("kim", Role.OFFICER)
    make.user("lee", Role.MANAGER)
    return make


def step(visitor, found, state, on="2022-03-10", said=""):
    fields = {"state": state.value, "on_date": on, "said": said}
    return visitor.submit("new_deal.opinion_step", fields, opinion_id=found.id)


def stored(make):
    return make.everything(Opinion)[0]


# The rules ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 3), max_size=8))
def test_every_way_ends_with_an_answer_after_a_decision(choices):
    state, taken = RECEIVED, []
    for choice in choices:
        if NEXT[state]:
            state = NEXT[state][choice % len(NEXT[state])]
            taken.append(state)
    assert len(taken) <= 3
    if ANSWERED in taken:
        assert taken[-1] is ANSWERED
        assert taken[:-1] in ([ACCEPTED, DONE], [NOT_ACCEPTED])


@given(states, states, st.sampled_from([None, "", "Words"]))
def test_a_step_is_refused_when_it_is_not_open_or_lacks_its_words(before, after, said):
    found = refusal(before, after, said)
    if after not in NEXT[before]:
        assert found is not None
        assert found[1] == "state"
    elif after in MISSING and not said:
        assert found == (MISSING[after], "said")
    else:
        assert found is None


def test_only_accepting_needs_no_word():
    assert set(OpinionState) - set(MISSING) == {RECEIVED, ACCEPTED}


# The steps ---------------------------------------------------------------------------------------------------------


def test_an_accepted_opinion_is_carried_out_and_answered(office, visit):
    kim, found = visit("kim"), opinion(office)
    kim.follow(step(kim, found, ACCEPTED, "2022-03-02"))
    kim.follow(step(kim, found, DONE, "2022-03-09", "Four lamps more"))
    page = kim.follow(step(kim, found, ANSWERED, "2022-03-11", "The lamps stand"))
    for words in ("Received → Accepted", "Accepted → Carried out", "Four lamps more", "Kim kim", "10 days"):
        assert words in page.text, words
    assert "Next step" not in page.text
    row = stored(office)
    assert (row.state, row.days, row.reason) == (ANSWERED, 10, None)
    assert (row.decided_on.day, row.done_on.day, row.answered_on.day) == (2, 9, 11)
    steps = office.everything(OpinionStep)
    assert [(s.from_state, s.to_state, s.on_date.day) for s in steps] == [
        (RECEIVED, ACCEPTED, 2),
        (ACCEPTED, DONE, 9),
        (DONE, ANSWERED, 11),
    ]
    assert all(s.by_id is not None and s.at is not None for s in steps)
    assert steps[2].said == Words(en="The lamps stand")


def test_one_that_is_not_accepted_is_answered_with_its_reason(office, visit):
    kim, found = visit("kim"), opinion(office)
    page = kim.refused("new_deal.opinion_step", {"state": "not_accepted", "on_date": "2022-03-02"}, opinion_id=found.id)
    assert "Say why it is not accepted: the resident is told." in page.errors[0]
    kim.follow(step(kim, found, NOT_ACCEPTED, "2022-03-02", "No money"))
    assert str(stored(office).reason) == "No money"
    kim.follow(step(kim, found, ANSWERED, "2022-03-02", "Told so"))
    assert stored(office).days == 1


@pytest.mark.parametrize(
    ("state", "on", "said", "why"),
    [
        (DONE, "2022-03-10", "", "Say what was done."),
        (DONE, "2022-03-16", "Lamps", "The day must not lie in the future."),
        (DONE, "2022-03-02", "Lamps", "The step before was on a later day. Check the day."),
        (DONE, "", "Lamps", "This field is required."),
    ],
)
def test_a_step_that_lacks_something_is_refused_and_keeps_what_was_typed(office, visit, state, on, said, why):
    found = opinion(office, state=ACCEPTED, decided_on=dt.date(2022, 3, 3))
    fields = {"state": state.value, "on_date": on, "said": said}
    page = visit("kim").refused("new_deal.opinion_step", fields, opinion_id=found.id)
    assert why in " ".join(page.errors)
    assert page.form().fields["said"] == said
    assert stored(office).state is ACCEPTED
    assert office.everything(OpinionStep) == []


def test_an_answer_needs_its_words_and_ends_the_way(office, visit):
    kim = visit("kim")
    found = opinion(office, state=DONE, decided_on=dt.date(2022, 3, 3), done_on=dt.date(2022, 3, 4))
    page = kim.refused("new_deal.opinion_step", {"state": "answered", "on_date": "2022-03-05"}, opinion_id=found.id)
    assert "Say what was answered." in page.errors[0]
    kim.follow(step(kim, found, ANSWERED, "2022-03-05", "Yes"))
    offered = [o.get("value") for o in kim.open("new_deal.opinion_step", opinion_id=found.id).tree.iter("option")]
    assert not set(offered) & {state.value for state in OpinionState}


@pytest.mark.parametrize("state", [RECEIVED, DONE, ANSWERED])
def test_a_step_that_is_not_open_is_refused_behind_the_form_too(office, state):
    found = opinion(office)
    with office.inside() as session, pytest.raises(RuleBroken, match="not open now"):
        actions.take(session.merge(found), state, dt.date(2022, 3, 2), Words(en="x"), None)


def test_a_step_taken_twice_is_refused_the_second_time(office, visit):
    found = opinion(office)
    kim, again = visit("kim"), visit("kim")
    page = again.open("new_deal.opinion_step", opinion_id=found.id)
    kim.follow(step(kim, found, ACCEPTED))
    answer = again.send(page, {"state": "accepted", "on_date": "2022-03-10"})
    assert answer.status_code == 409
    assert again.send(Page(answer, page.url)).status_code == 422
    assert len(office.everything(OpinionStep)) == 1


# What is kept ------------------------------------------------------------------------------------------------------


def test_an_opinion_on_a_project_takes_its_division_and_stands_on_its_page(office, visit):
    division = office.department("Parks")
    project = office.project("Lamps", program={"department_id": division.id})
    kim = visit("kim")
    page = kim.open("new_deal.show", project_id=project.id)
    [link] = [link for link in page.links if "/opinions/new" in link]
    form = kim.look(link)
    assert form.form().fields["project"] == project.program.code
    page = kim.follow(kim.send(form, {"channel": "phone", "text": "Too dark at night"}))
    assert "Parks" in page.text
    row = stored(office)
    assert (row.project_id, row.program_id, row.department_id) == (project.id, project.program_id, division.id)
    shown = kim.open("new_deal.show", project_id=project.id)
    assert "Too dark at night" in shown.text
    assert "1 opinion, none answered yet." in shown.text
    assert visit("lee").open("new_deal.opinions", project=project.program.code).rows()[0][2].startswith("Too dark")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"project": "ND-0"}, "There is no project with this code."),
        ({"received_on": "2022-03-16"}, "The day must not lie in the future."),
        ({"text": ""}, "This field is required."),
        ({"text": "Call me: 010-0000-0000"}, "Leave out “010-0000-0000”"),
        ({"channel": ""}, "This field is required."),
    ],
)
def test_an_opinion_that_lacks_something_is_refused(office, visit, fields, why):
    office.programme(2022)
    good = {"channel": "phone", "text": "Too dark", "received_on": "2022-03-01"}
    assert why in " ".join(visit("kim").refused("new_deal.add_opinion", {**good, **fields}).errors)
    assert office.everything(Opinion) == []


def test_a_project_of_another_year_is_refused(office, visit):
    office.programme(2022)
    old = office.project(year=2021)
    fields = {"channel": "phone", "text": "Too dark", "project": old.program.code}
    page = visit("kim").refused("new_deal.add_opinion", fields)
    assert "another year" in " ".join(page.errors)


def test_correcting_the_day_of_receipt_counts_the_days_anew_and_never_past_the_decision(office, visit):
    found = opinion(
        office,
        state=ANSWERED,
        decided_on=dt.date(2022, 3, 4),
        reason=Words(en="No"),
        answered_on=dt.date(2022, 3, 6),
        days=5,
    )
    kim = visit("kim")
    kim.follow(kim.submit("new_deal.edit_opinion", {"received_on": "2022-03-03"}, opinion_id=found.id))
    assert stored(office).days == 3
    page = kim.refused("new_deal.edit_opinion", {"received_on": "2022-03-05"}, opinion_id=found.id)
    assert "It was decided about before that day." in page.errors


def test_no_form_asks_who_the_resident_is_and_each_says_so(office, visit):
    office.programme(2022)
    page = visit("kim").open("new_deal.add_opinion")
    assert set(page.form().fields) <= {
        *("received_on", "channel", "programme", "project", "department", "text"),
        *("version", "csrf_token", "once"),
    }
    assert "without names, telephone numbers or addresses of residents: none are kept" in page.text
    kept = set(Opinion.__table__.columns.keys())
    assert not kept & {"name", "phone", "email", "address", "resident"}


def test_readers_are_offered_no_act(office, visit):
    found = opinion(office)
    lee = visit("lee")
    links = [*lee.open("new_deal.show_opinion", opinion_id=found.id).links, *lee.open("new_deal.opinions").links]
    assert not [link for link in links if any(word in link for word in ("/edit", "/step", "/new?", "opinions/new"))]
    assert lee.ask(lee.url("new_deal.opinion_step", opinion_id=found.id)).status_code == 403


def test_every_change_of_an_opinion_is_recorded(office, visit):
    kim, found = visit("kim"), opinion(office)
    kim.follow(step(kim, found, ACCEPTED))
    assert "State: Received → Accepted" in kim.open("new_deal.show_opinion", opinion_id=found.id).text
    tables = {row.table_name for row in office.everything(ChangeRecord, act="added")}
    assert "new_deal_opinion_step" in tables


def test_with_a_deleted_project_its_opinions_are_not_shown_and_those_on_the_programme_are(office, visit):
    project = office.project("Lamps")
    opinion(office, "About lamps", about=project)
    opinion(office, "About everything")
    kim = visit("kim")
    answer = kim.submit("new_deal.deletion", {"reason": "Filed twice"}, record_id=project.id)
    assert answer.status_code == 303
    text = kim.open("new_deal.opinions").text
    assert "About everything" in text
    assert "About lamps" not in text


# The average -------------------------------------------------------------------------------------------------------


def answered(make, days, **columns):
    received = dt.date(2022, 1, 3)
    on = received + dt.timedelta(days=days)
    return opinion(
        make,
        state=ANSWERED,
        received_on=received,
        decided_on=received,
        reason=Words(en="No"),
        answered_on=on,
        days=days,
        **columns,
    )


@pytest.mark.parametrize(
    ("waits", "average"), [([], None), ([0], "0.0"), ([1, 2], "1.5"), ([1, 1, 2], "1.3"), ([10, 11, 11, 11], "10.8")]
)
def test_the_average_is_of_the_answered_ones_and_rounded_once_half_up(office, waits, average):
    opinion(office)
    for days in waits:
        answered(office, days)
    with office.inside():
        found = pace()
    assert (found.received, found.answered) == (len(waits) + 1, len(waits))
    assert (str(found.days) if found.days is not None else None) == average


def test_the_page_of_a_programme_counts_by_state_and_each_count_opens_its_rows(office, visit):
    project = office.project("Lamps")
    opinion(office, about=project)
    opinion(office, state=ACCEPTED, decided_on=dt.date(2022, 3, 2))
    answered(office, 4)
    lee = visit("lee")
    programme = office.programme(2022)
    page = lee.open("new_deal.programme_opinions", programme_id=programme.id)
    assert page.rows("Opinions by state") == [
        ["Received", "1"],
        ["Accepted", "1"],
        ["Not accepted", "0"],
        ["Carried out", "0"],
        ["Answered", "1"],
    ]
    assert "3 opinions, 1 answered, on average 4.0 days after receipt." in page.text
    for link in [link for link in page.links if "state=" in link]:
        state = link.partition("state=")[2]
        rows = lee.look(link)
        assert ("1 row" in rows.text) == (state in ("received", "accepted", "answered"))


def test_a_programme_without_opinions_says_what_to_do(office, visit):
    programme = office.programme(2022)
    assert "New opinion" in visit("kim").open("new_deal.programme_opinions", programme_id=programme.id).text
    text = visit("lee").open("new_deal.programme_opinions", programme_id=programme.id).text
    assert "As soon as an officer enters what residents say" in text
    assert "No opinion is recorded yet." in visit("lee").open("new_deal.opinions").text


# The demonstration -------------------------------------------------------------------------------------------------


def test_the_file_of_the_list_has_the_promised_keys_and_every_state(demo_app, visit):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    data = manager.ask(manager.url("new_deal.opinions_csv", header="keys")).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    assert list(rows[0]) == KEYS
    assert {row["state"] for row in rows} == {state.value for state in OpinionState}
    assert {row["sample"] for row in rows} == {"yes"}
    for row in rows:
        assert bool(row["days"]) == bool(row["answered_on"])
        assert bool(row["reason"]) or row["state"] != "not_accepted"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, 10),
        ({"state": "received"}, 2),
        ({"year": 2021}, 5),
        ({"year": 2022}, 5),
        ({"year": 2020}, 0),
        ({"q": "vote"}, 1),
        ({"q": "투표"}, 1),
        ({"project": "ND-2021-01"}, 1),
        ({"project": "ND-none"}, 0),
        ({"department": 0}, 1),
    ],
)
def test_filters_narrow_the_list(demo_app, visit, query, rows):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    data = manager.ask(manager.url("new_deal.opinions_csv", header="keys", **query)).data.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(data, newline="")))) == rows


def test_a_project_of_the_demonstration_exists_for_each_opinion_on_one(demo_app, make):
    projects = {project.id for project in make.everything(Project)}
    assert {row.project_id for row in make.everything(Opinion)} - {None} <= projects
