"""Measures beside the projects: planned, held with a result, corrected; and the article's five."""

import datetime as dt

import pytest
from makers.new_deal import measure

from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.text import Words
from districtops.models import Role
from districtops.new_deal.support.models import MeasureKind, SupportMeasure


@pytest.fixture
def office(lite_app, make):
    make.user("kim", Role.OFFICER)
    make.user("lee", Role.MANAGER)
    return make


def stored(make):
    return make.everything(SupportMeasure)[0]


def test_a_measure_is_planned_held_and_corrected(office, visit):
    office.programme(2022)
    kim = visit("kim")
    fields = {"kind": "training", "name": "Course on contracts", "planned_on": "2022-03-10", "target_group": "Officers"}
    page = kim.follow(kim.submit("new_deal.add_measure", fields))
    for words in ("Planned", "Thu 10 Mar 2022", "Officers", "not yet", "Mark as held"):
        assert words in page.text, words
    one = {"measure_id": stored(office).id}
    held = {"held_on": "2022-03-11", "participants": "24", "result": "24 people write contracts."}
    page = kim.follow(kim.submit("new_deal.measure_held", held, **one))
    for words in ("Held", "Fri 11 Mar 2022", "24 people write contracts.", "Correct the result"):
        assert words in page.text, words
    kim.follow(kim.submit("new_deal.measure_held", {"participants": ""}, **one))
    row = stored(office)
    assert (row.held_on, row.participants, str(row.result)) == (
        dt.date(2022, 3, 11),
        None,
        "24 people write contracts.",
    )
    kim.follow(kim.submit("new_deal.edit_measure", {"place": "Hall B"}, **one))
    assert "Hall B" in kim.open("new_deal.show_measure", **one).text
    assert "Participants: 24 → empty" in kim.open("new_deal.show_measure", **one).text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"result": ""}, "This field is required."),
        ({"held_on": ""}, "This field is required."),
        ({"held_on": "2022-03-16"}, "The day must not lie in the future."),
        ({"held_on": "2020-12-31"}, "The day lies outside the year of the programme."),
        ({"participants": "-1"}, "Number must be between 0 and 1000000."),
        ({"participants": "many"}, "Not a valid integer value."),
    ],
)
def test_a_result_that_lacks_something_is_refused(office, visit, fields, why):
    found = measure(office)
    good = {"held_on": "2022-03-11", "participants": "24", "result": "Good"}
    page = visit("kim").refused("new_deal.measure_held", {**good, **fields}, measure_id=found.id)
    assert why in " ".join(page.errors)
    assert stored(office).held_on is None


@pytest.mark.parametrize("fields", [{"kind": ""}, {"name": ""}, {"programme": ""}, {"planned_on": "soon"}])
def test_a_plan_that_lacks_something_is_refused(office, visit, fields):
    office.programme(2022)
    good = {"kind": "award", "name": "Awards"}
    assert visit("kim").refused("new_deal.add_measure", {**good, **fields}).errors
    assert office.everything(SupportMeasure) == []


def test_an_award_may_be_given_early_in_the_year_after(office, visit):
    found = measure(office, year=2021, kind=MeasureKind.AWARD)
    kim = visit("kim")
    fields = {"held_on": "2022-01-05", "result": "Three divisions"}
    kim.follow(kim.submit("new_deal.measure_held", fields, measure_id=found.id))


def test_the_list_tells_what_is_planned_from_what_was_held(office, visit):
    measure(office, "Course")
    measure(office, "Awards", kind=MeasureKind.AWARD, held_on=dt.date(2022, 3, 1), result=Words(en="Given"))
    measure(office, "Old course", year=2021)
    lee = visit("lee")

    def names(**query):
        page = lee.open("new_deal.support", **query)
        return (
            sorted(row[0].removesuffix("More about this row") for row in page.rows())
            if "row" in page.text and "No row" not in page.text
            else []
        )

    assert names() == ["Awards", "Course", "Old course"]
    assert names(year=2022) == ["Awards", "Course"]
    assert names(held="yes") == ["Awards"]
    assert names(held="no", year=2022) == ["Course"]
    assert names(kind="award") == ["Awards"]
    assert names(year=2020) == []


def test_an_empty_list_says_what_to_do(office, visit):
    office.programme(2022)
    assert "New measure" in visit("kim").open("new_deal.support").text
    page = visit("lee").open("new_deal.support")
    assert "No measure is recorded yet." in page.text
    assert "New measure" not in page.text


def test_the_articles_five_measures_carry_nothing_made_up(demo_app, make, visit):
    rows = [row for row in make.everything(SupportMeasure) if row.fact]
    assert {row.fact for row in rows} == {"ND-035"}
    assert {row.kind for row in rows} == set(MeasureKind) - {MeasureKind.OTHER}
    assert len(rows) == 5
    assert all(row.held_on is None and row.planned_on is None and not row.sample for row in rows)
    others = [row for row in make.everything(SupportMeasure) if not row.fact]
    assert others
    assert all(row.sample for row in others)
    assert any(row.held_on for row in others)
    assert any(not row.held_on for row in others)
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    assert "5 support measures" in manager.open("new_deal.index", year=2022).text
