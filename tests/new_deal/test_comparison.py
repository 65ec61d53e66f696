"""What changed from last year: new, continued and ended projects, counts beside money, and how far a change goes."""

import csv
import io
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from districtops.guard.passwords import DEMONSTRATION
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.models import Role
from districtops.new_deal import queries
from districtops.new_deal.comparison.overview import Comparison
from districtops.new_deal.comparison.rules import Lineage, rest
from districtops.new_deal.models import Category, Programme, Project
from districtops.new_deal.overview import overview_of
from districtops.new_deal.rules import Stage

GROUPS = "New, continued and ended projects"
CATEGORIES = "Projects, money and money per project by category"
YEARS = "This year against last year"
amounts = st.integers(0, 10**12)


@pytest.fixture
def office(lite_app, make):
    make.user("kim", Role.OFFICER)
    make.user("lee", Role.MANAGER)
    return make


def compared(visitor, make, year=2022):
    return visitor.open("new_deal.comparison", programme_id=make.programme(year).id)


# The rules ---------------------------------------------------------------------------------------------------------


@given(st.lists(amounts | st.none(), max_size=6), st.lists(amounts | st.none(), max_size=6))
def test_what_is_left_of_a_sum_is_the_sum_of_the_others(part, others):
    def total(values):
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    stated = sum(value is not None for value in others)
    assert rest(total([*part, *others]), total(part), stated) == total(others)


def test_what_nobody_stated_is_not_nothing():
    assert rest(5, 5, 0) is None
    assert rest(None, None, 0) is None
    assert rest(5, None, 1) == 5


# The page ----------------------------------------------------------------------------------------------------------


def test_new_continued_and_ended_projects_are_counted_with_their_money(office, visit):
    kept = office.project("Lamps", year=2021, money=100_000_000)
    office.project("Signs", year=2021, money=30_000_000)
    office.project("Murals", year=2021)
    office.project("Lamps again", money=150_000_000, continues_id=kept.id)
    office.project("Ramps", money=20_000_000)
    page = compared(visit("lee"), office)
    assert page.rows(GROUPS) == [
        ["New", "1", "–", "20", "", ""],
        ["Continued", "1", "100", "150", "+50", "+50.0%"],
        ["Ended, not continued", "2", "30", "–", "", ""],
    ]
    for name in ("Lamps again", "Ramps", "Signs", "Murals"):
        assert name in page.text
    assert "100 → 150 million won" in page.text


def test_each_group_opens_the_list_of_its_rows(office, visit):
    kept = office.project("Lamps", year=2021)
    office.project("Signs", year=2021)
    office.project("Lamps again", continues_id=kept.id)
    lee = visit("lee")
    links = [link for link in compared(lee, office).links if "change=" in link]
    found = {link.rpartition("change=")[2]: lee.look(link) for link in links}
    assert found.keys() == {"new", "continued", "ended"}
    assert "No row matches the filters" in found["new"].text
    for name, title in (("continued", "Lamps again"), ("ended", "Signs")):
        [row] = found[name].rows()
        assert row[1].removesuffix("More about this row") == title


def test_long_groups_show_the_first_and_lead_to_all(office, visit):
    for number in range(11):
        office.project(f"Project {number}")
    page = compared(visit("lee"), office)
    assert "and 3 more" in page.text
    assert "none" in page.text


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ({}, 10_000_000, "no data"),
        ({"money": 10_000_000}, 15_000_000, "+50.0%"),
        ({"money": 10_000_000}, None, "no data"),
        ({"money": None}, 10_000_000, "no data"),
        ({"money": 10_000_000, "category": Category.GREEN}, 10_000_000, "new"),
    ],
)
def test_a_change_says_why_there_is_no_percentage(office, visit, before, now, words):
    if before:
        office.project("Before", year=2021, **before)
    office.project("Now", money=now)
    row = next(row for row in compared(visit("lee"), office).rows(CATEGORIES) if row[0] == "Digital")
    assert row[6] == words


def test_a_category_without_a_project_in_either_year_is_unchanged(office, visit):
    office.project("Before", year=2021, money=5)
    office.project("Now", money=5)
    row = next(row for row in compared(visit("lee"), office).rows(CATEGORIES) if row[0] == "Creative")
    assert row[1:7] == ["0", "0", "±0", "0", "0", "unchanged"]


def test_a_year_without_a_year_before_says_so(office, visit):
    office.project("Only", money=10_000_000)
    page = compared(visit("lee"), office)
    assert "No project of 2021 is recorded, so there is nothing to compare with." in page.text
    assert page.rows(YEARS)[0][1:] == ["no data", "1", "no data", "no data"]
    assert [row[0] for row in page.rows(GROUPS)] == ["New", "Continued"]


@pytest.mark.parametrize(
    ("steps", "shown"),
    [((100_000_000, 100_000_000), True), ((100_000_000, None), False), ((None, None), False)],
)
def test_the_band_is_told_only_where_both_amounts_were_printed_rounded(office, visit, steps, shown):
    for year, step, money in ((2021, steps[0], 6_300_000_000), (2022, steps[1], 6_500_000_000)):
        office.programme(year, rounding_won=step)
        office.project(f"All of {year}", year=year, money=money)
    page = compared(visit("lee"), office)
    assert "+3.2%" in page.text
    assert ("between +1.6% and +4.8%" in page.text) == shown


def test_the_articles_figures_stand_on_the_page(demo_app, visit, make):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    [programme] = make.everything(Programme, fiscal_year=2022)
    page = manager.open("new_deal.comparison", programme_id=programme.id)
    assert page.rows(YEARS) == [
        ["Projects", "83", "65", "−18", "−21.7%"],
        ["Budget million won", "6,300", "6,500", "+200", "+3.2%"],
        ["Average per project million won", "75.9", "100", "+24.1", "+31.7%"],
    ]
    assert "between +1.6% and +4.8%" in page.text
    groups = page.rows(GROUPS)
    new, continued, ended = (int(row[1]) for row in groups)
    assert (new + continued, continued + ended) == (65, 83)
    for place in (1, 2):
        assert sum(int(row[place]) for row in page.rows(CATEGORIES)) == (83, 65)[place - 1]


@contextmanager
def within_demo(district_id):
    """As the district, within a request: the groups carry addresses."""
    enter(NOBODY)
    with within(district_id):
        yield


def test_the_money_of_the_groups_adds_up_to_the_years(demo_on_both, make):
    yongsan = make.district("yongsan").id
    with demo_on_both.test_request_context("/"), within_demo(yongsan):
        programmes = queries.programmes()
        found = Comparison(overview_of(programmes[0], programmes))
        new, continued, ended = found.groups
        assert new.now.budget + continued.now.budget == 6_500_000_000
        assert continued.before.budget + ended.before.budget == 6_300_000_000
        assert new.now.with_amount + continued.now.with_amount == found.overview.year.total.with_amount
        assert [group.lineage for group in found.groups] == list(Lineage)
        assert all(len(group.rows) + group.more == group.count for group in found.groups)


def test_the_number_of_queries_does_not_grow_with_the_projects(office, visit):
    lee = visit("lee")
    office.project("First", year=2021)
    office.project("Second")
    few = asked(lee, office)
    for number in range(6):
        kept = office.project(f"Old {number}", year=2021, money=5)
        office.project(f"New {number}", money=6, continues_id=kept.id)
    assert asked(lee, office) == few


def asked(visitor, make):
    """How many questions the database answers for the page."""
    programme = make.programme(2022)
    statements = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        visitor.open("new_deal.comparison", programme_id=programme.id)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len([s for s in statements if s.startswith("SELECT")])


# The list ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "year", "rows"),
    [("new", 2022, 44), ("continued", 2022, 21), ("ended", 2021, 62), ("new", 2021, 83), ("continued", 2021, 0)],
)
def test_the_list_has_the_rows_that_the_page_counts(demo_app, visit, make, change, year, rows):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    [programme] = make.everything(Programme, fiscal_year=year)
    url = manager.url("new_deal.changes_csv", header="keys", programme=programme.id, change=change)
    found = list(csv.DictReader(io.StringIO(manager.ask(url).data.decode("utf-8-sig"), newline="")))
    assert len(found) == rows
    for row in found:
        assert bool(row["continues"]) == (change == "continued")
        if row["budget_won"] and row["before_won"]:
            assert int(row["difference_won"]) == int(row["budget_won"]) - int(row["before_won"])
        else:
            assert row["difference_won"] == ""


# Saying what a project continues -----------------------------------------------------------------------------------


def test_an_officer_says_what_a_project_continues_and_takes_it_back(office, visit):
    old, new = office.project("Lamps", year=2021), office.project("Lamps again")
    kim = visit("kim")
    page = kim.follow(kim.submit("new_deal.continues", {"code": old.program.code}, project_id=new.id))
    assert page.url.endswith(f"/projects/{new.id}")
    assert f"Continues the project: empty → {old.program.code}" in page.text
    assert office.everything(Project, id=new.id)[0].continues_id == old.id
    page = kim.follow(kim.submit("new_deal.continues", {"code": ""}, project_id=new.id))
    assert f"Continues the project: {old.program.code} → empty" in page.text
    assert office.everything(Project, id=new.id)[0].continues_id is None


def test_what_cannot_be_continued_is_refused(office, visit):
    old, older = office.project("Lamps", year=2021), office.project("Oldest", year=2020)
    new, other = office.project("Lamps again"), office.project("Other")
    kim = visit("kim")
    for code, why in (
        ("ND-none", "There is no project with this code."),
        (older.program.code, "Only a project of the year before can be continued."),
        (other.program.code, "Only a project of the year before can be continued."),
        (new.program.code, "Only a project of the year before can be continued."),
    ):
        page = kim.refused("new_deal.continues", {"code": code}, project_id=new.id)
        assert why in page.errors
        assert page.form().fields["code"] == code
    kim.follow(kim.submit("new_deal.continues", {"code": old.program.code}, project_id=new.id))
    page = kim.refused("new_deal.continues", {"code": old.program.code}, project_id=other.id)
    assert "Another project continues that one already." in page.errors


def test_a_project_that_has_ended_keeps_what_it_continues(office, visit):
    old, done = office.project("Lamps", year=2021), office.project("Done", stage=Stage.SETTLED)
    page = visit("kim").refused("new_deal.continues", {"code": old.program.code}, project_id=done.id)
    assert "The project has ended" in page.summary


def test_a_second_save_from_an_older_page_is_refused_and_may_be_repeated(office, visit):
    first, second = office.project("One", year=2021), office.project("Two", year=2021)
    new = office.project("Again")
    kim, again = visit("kim"), visit("kim")
    page = again.open("new_deal.continues", project_id=new.id)
    kim.follow(kim.submit("new_deal.continues", {"code": first.program.code}, project_id=new.id))
    answer = again.send(page, {"code": second.program.code})
    assert answer.status_code == 409
    conflict = type(page)(answer, page.url)
    assert ["Code of the project before", first.program.code, second.program.code] in conflict.rows("What differs")
    again.follow(again.send(conflict))
    assert office.everything(Project, id=new.id)[0].continues_id == second.id
