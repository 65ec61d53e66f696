"""The year's end of projects: drafted by one, confirmed by another, summed up, listed, and never from a draft."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from makers import new_deal as made

from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.execution import execution_rate
from districtops.kit.text import Words
from districtops.models import Role
from districtops.new_deal.models import Programme
from districtops.new_deal.rules import Stage
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.queries import year_end_of
from districtops.new_deal.year_end.rules import CarryKind, DecisionState, Reason

KEYS = ["id", "title", "department", "budget_won", "spent_won", "execution_rate", "projected_won", "projected_rate"]
KEYS += ["carry_won", "return_won", "unused_won", "reason", "sample"]
DRAFT = {
    "carry_won": "120",
    "carry_kind": "accidental",
    "return_won": "30",
    "reason_code": "delay",
    "reason": "rain",
    "decided_on": "2022-03-14",
    "doc_no": "Y-1",
}


@pytest.fixture
def project(app, make):
    project = make.project(money=1000, stage=Stage.IN_EXECUTION)
    make.entry(project, 800)
    return project


@pytest.fixture
def people(project, make, visit):
    """An officer who drafts, a manager who confirms, and a viewer."""
    make.user("kim", Role.OFFICER)
    make.user("park", Role.MANAGER)
    make.user("lee", Role.VIEWER)
    return visit("kim"), visit("park"), visit("lee")


def listed(visitor, **query):
    answer = visitor.ask(visitor.url("new_deal.year_end_csv", header="keys", **query))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def at(make, project):
    return {"project_id": project.id, "decision_id": make.everything(YearEndDecision)[-1].id}


def test_a_decision_counts_once_somebody_else_has_confirmed_it(people, make, project):
    kim, park, _ = people
    kim.follow(kim.submit("new_deal.draft_year_end", DRAFT, project_id=project.id))
    assert listed(kim)[0]["carry_won"] == listed(park)[0]["carry_won"] == ""
    page = park.follow(park.submit("new_deal.confirm_year_end", **at(make, project)))
    assert "Accidental carry-over" in page.text
    [row] = listed(park)
    assert [row[key] for key in KEYS[8:12]] == ["120", "30", "50", "Accidental carry-over · Work was delayed: rain"]
    [decision] = make.everything(YearEndDecision)
    assert decision.state is DecisionState.CONFIRMED
    assert decision.entered_by_id != decision.confirmed_by_id
    assert decision.confirmed_at is not None


def test_whoever_confirms_is_told_of_a_draft_and_nobody_else(people, make, project, visit):
    make.user("choi", Role.MANAGER)
    kim, park, lee = people
    kim.follow(kim.submit("new_deal.draft_year_end", DRAFT, project_id=project.id))
    page = park.open("dashboard.index")
    assert "Waiting for you" in page.text
    assert " · year-end decision The books close · Sat 31 Dec 2022" in page.text
    assert not any("year-end decision" in reader.open("dashboard.index").text for reader in (kim, lee))
    park.follow(park.submit("new_deal.confirm_year_end", **at(make, project)))
    assert not any("Waiting for you" in visit(name).open("dashboard.index").text for name in ("park", "choi"))


def test_nobody_confirms_what_they_entered_or_changed_themselves(app, make, visit, project):
    for name in ("kim", "park"):
        make.user(name, Role.OFFICER, Role.MANAGER)
    make.user("choi", Role.MANAGER)
    kim, park = visit("kim"), visit("park")
    kim.follow(kim.submit("new_deal.draft_year_end", DRAFT, project_id=project.id))
    assert "Somebody else must confirm" in kim.refused("new_deal.confirm_year_end", {}, **at(make, project)).summary
    park.follow(park.submit("new_deal.edit_year_end", {"return_won": "40"}, **at(make, project)))
    for visitor in (kim, park):
        assert (
            "Somebody else must confirm"
            in visitor.refused("new_deal.confirm_year_end", {}, **at(make, project)).summary
        )
    assert make.everything(YearEndDecision)[0].state is DecisionState.DRAFT
    choi = visit("choi")
    choi.follow(choi.submit("new_deal.confirm_year_end", **at(make, project)))


def test_no_amount_of_a_draft_is_shown_to_whoever_only_looks(people, make, project):
    kim, park, lee = people
    kim.follow(kim.submit("new_deal.draft_year_end", {**DRAFT, "carry_won": "123"}, project_id=project.id))
    for visitor in (park, lee):
        page = visitor.open("new_deal.show", project_id=project.id)
        assert "drafted, not confirmed" in page.text
        assert "₩123" not in page.html
        assert "rain" not in page.text
        assert "123" not in visitor.open("new_deal.year_end_overview").text
        assert listed(visitor)[0]["reason"] == ""
    assert "₩123" in kim.open("new_deal.show", project_id=project.id).html
    assert "₩123" in park.open("new_deal.confirm_year_end", **at(make, project)).html


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"carry_won": "201", "return_won": "0"}, "carry_won", "leaves ₩200"),
        ({"return_won": "81"}, "return_won", "leaves ₩200"),
        ({"carry_kind": ""}, "carry_kind", "Choose the kind"),
        ({"carry_won": "0"}, "carry_won", "Enter the amount that is carried over"),
        ({"carry_won": "-5"}, "carry_won", "below zero"),
        ({"return_won": ""}, "return_won", "required"),
        ({"reason_code": ""}, "reason_code", "required"),
        ({"reason_code": "other_reason", "reason": ""}, "reason", "which other reason"),
        ({"decided_on": "2022-03-16"}, "decided_on", "must not lie in the future"),
        ({"decided_on": "2021-12-31"}, "decided_on", "close on 31 December"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_beside_its_field(people, make, project, changed, field, words):
    page = people[0].refused("new_deal.draft_year_end", {**DRAFT, **changed}, project_id=project.id)
    assert words in " ".join(page.errors)
    [control] = [e for e in page.tree.iter() if e.get("name") == field and e.get("aria-invalid")]
    assert control is not None
    assert make.everything(YearEndDecision) == []


def test_without_a_budget_nothing_can_be_decided(people, make):
    bare = make.project("Bare")
    page = people[0].refused("new_deal.draft_year_end", DRAFT, project_id=bare.id)
    assert "Enter the project's budget first" in page.summary


def test_the_books_of_a_past_year_are_decided_by_its_end(people, make):
    kim, park, _ = people
    past = make.project(money=1000, year=2021)
    assert "close on 31 December" in " ".join(kim.refused("new_deal.draft_year_end", DRAFT, project_id=past.id).errors)
    page = kim.submit("new_deal.draft_year_end", {**DRAFT, "decided_on": "2021-12-31"}, project_id=past.id)
    kim.follow(page)
    page = park.follow(park.submit("new_deal.confirm_year_end", **at(make, past)))
    assert "after the books of the year had closed" in page.text


def test_there_is_one_decision_a_year_and_a_confirmed_one_is_not_edited(people, make, project):
    kim, park, _ = people
    kim.follow(kim.submit("new_deal.draft_year_end", DRAFT, project_id=project.id))
    assert (
        "There is a decision for this year already"
        in kim.refused("new_deal.draft_year_end", DRAFT, project_id=project.id).summary
    )
    park.follow(park.submit("new_deal.confirm_year_end", **at(make, project)))
    assert "Only a draft is edited" in kim.refused("new_deal.edit_year_end", {}, **at(make, project)).summary
    assert "Only a draft can be confirmed" in park.refused("new_deal.confirm_year_end", {}, **at(make, project)).summary


def test_a_decision_is_withdrawn_with_a_reason_and_another_one_follows(people, make, project):
    kim, park, _ = people
    kim.follow(kim.submit("new_deal.draft_year_end", DRAFT, project_id=project.id))
    park.follow(park.submit("new_deal.confirm_year_end", **at(make, project)))
    park.refused("new_deal.withdraw_year_end", {"reason": ""}, **at(make, project))
    page = park.follow(park.submit("new_deal.withdraw_year_end", {"reason": "wrong sum"}, **at(make, project)))
    assert "wrong sum" in page.text
    assert listed(park)[0]["carry_won"] == "", "undecided is unknown, not zero"
    assert (
        "was withdrawn already"
        in park.refused("new_deal.withdraw_year_end", {"reason": "again"}, **at(make, project)).summary
    )
    kim.follow(kim.submit("new_deal.draft_year_end", {**DRAFT, "carry_won": "100"}, project_id=project.id))
    park.follow(park.submit("new_deal.confirm_year_end", **at(make, project)))
    assert listed(park)[0]["carry_won"] == "100"


def test_what_is_spent_meanwhile_stops_a_confirmation(people, make, project):
    kim, park, _ = people
    kim.follow(kim.submit("new_deal.draft_year_end", DRAFT, project_id=project.id))
    make.entry(project, 60, dt.date(2022, 3, 14))
    page = park.refused("new_deal.confirm_year_end", {}, **at(make, project))
    assert "leaves ₩140" in page.summary


def test_figures_that_contradict_each_other_are_flagged_with_words(people, make, project):
    _, park, _ = people
    made.decision(make, project, carry=150, returned=50)
    make.entry(project, 7)
    assert "contradict each other" in park.open("new_deal.show", project_id=project.id).text
    page = park.open("new_deal.year_end_overview")
    assert "contradict each other" in page.text
    assert listed(park)[0]["unused_won"] == "-7"


def test_a_project_with_a_confirmed_decision_is_not_deleted_and_a_deleted_one_is_hidden(app, make, visit):
    closed, other = make.project(money=100), make.project("Other", money=200)
    made.decision(make, closed, returned=10)
    made.decision(make, other, returned=20, state=DecisionState.WITHDRAWN, withdrawal_reason=Words(en="no"))
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    page = kim.refused("new_deal.deletion", {"reason": "Filed twice"}, record_id=closed.id)
    assert "year-end decision about the project is confirmed" in page.summary
    kim.follow(kim.submit("new_deal.deletion", {"reason": "Filed twice"}, record_id=other.id))
    assert [row["id"] for row in listed(kim)] == [str(closed.id)]
    assert end_of(make).budget == 100


def test_a_budget_line_below_zero_lowers_the_budget_where_it_says_why(people, make, project):
    kim, park, _ = people
    less = {"payer": "district", "kind": "supplementary", "amount_won": "-100"}
    page = kim.refused("new_deal.budget", {**less, "reason": ""}, project_id=project.id)
    assert "Say why the budget changes" in " ".join(page.errors)
    kim.follow(kim.submit("new_deal.budget", {**less, "reason": "cut by the council"}, project_id=project.id))
    [row] = listed(park)
    assert (row["budget_won"], row["execution_rate"]) == ("900", "88.9")
    assert end_of(make).budget == 900


# The list and the sums -----------------------------------------------------------------------------------------------


def end_of(make, year=2022):
    with make.inside():
        return year_end_of(next(p for p in make.everything(Programme) if p.fiscal_year == year))


@pytest.fixture
def several(app, make):
    """Projects of every kind, on 15 March 2022: day 74 of 365."""
    names = {}
    for name, budget, spent in (
        *(("slow", 1000, 100), ("even", 3650, 740), ("fast", 1000, 900), ("over", 100, 101)),
        *(("unstated", None, 5), ("paid", 1000, 100), ("paid well", 1000, 100)),
    ):
        names[name] = make.project(name, money=budget)
        make.entry(names[name], spent)
    made.payment(make, made.contract(make, names["paid"]), 100, due=dt.date(2023, 1, 5))
    made.payment(make, made.contract(make, names["paid well"], 800), 800, due=dt.date(2022, 12, 31))
    made.decision(make, names["slow"], carry=500, returned=100)
    made.decision(make, names["fast"], carry=10, carry_kind=CarryKind.SPECIFIED, reason_code=Reason.SAVED)
    made.decision(make, names["paid"], carry=7, state=DecisionState.DRAFT)
    make.user("park", Role.MANAGER)
    return names


def test_each_project_is_projected_by_its_payments_or_in_a_straight_line(several, make, visit):
    rows = {row["title"]: (row["projected_won"], row["projected_rate"]) for row in listed(visit("park"))}
    assert rows == {
        "slow": ("493", "49.3"),
        "even": ("3650", "100.0"),
        "fast": ("4439", "443.9"),
        "over": ("498", "498.2"),
        "unstated": ("", ""),
        "paid": ("100", "10.0"),
        "paid well": ("900", "90.0"),
    }


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.SETTLED, Stage.CANCELLED])
def test_of_a_finished_project_nothing_more_is_expected(people, make, stage):
    project = make.project(money=1000, stage=stage)
    make.entry(project, 990)
    viewer = people[2]
    [row] = [row for row in listed(viewer, fiscal_year=2022) if row["id"] == str(project.id)]
    assert (row["projected_won"], row["projected_rate"]) == ("990", "99.0")
    assert "Nothing more will be spent" in viewer.open("new_deal.show", project_id=project.id).text


def test_of_a_year_that_is_over_nothing_is_foretold(people, make):
    project = make.project(year=2021, money=1000, stage=Stage.IN_EXECUTION)
    make.entry(project, 500, dt.date(2021, 11, 1))
    page = people[2].open("new_deal.show", project_id=project.id)
    assert "The year is over. What was spent on 31 December is" in page.text
    assert "Under-spent" in page.text
    assert "will" not in page.text.split("The year is over")[1].split("Nothing is decided")[0].lower()


def test_spending_above_the_budget_says_so_at_once(people, make, project):
    officer = people[0]
    sent = {"on_date": "2022-03-14", "amount_won": "300"}
    page = officer.follow(officer.submit("new_deal.spending", sent, project_id=project.id))
    assert "More is spent now than the budget holds." in page.flashed


def test_the_filters_find_what_the_rule_says(several, make, visit):
    park = visit("park")

    def found(**query):
        return {row["title"] for row in listed(park, **query)}

    assert found(outlook="under") == {"slow", "paid"}
    assert found(outlook="over") == {"fast", "over"}
    assert found(carry="specified") == {"fast"}
    assert found(decided="yes") == {"slow", "fast"}
    assert found(decided="no") == set(several) - {"slow", "fast"}
    assert found(fiscal_year=2022) == set(several)
    assert found(fiscal_year=2021) == set()
    assert found(department=0) == set(several)
    assert found(q="paid") == {"paid", "paid well"}


def test_the_list_goes_by_the_execution_rate_and_marks_what_lies_above_the_budget(several, make, visit):
    park = visit("park")
    rates = [row["execution_rate"] for row in listed(park)]
    assert rates == ["10.0", "10.0", "10.0", "20.3", "90.0", "101.0", ""]
    page = park.open("new_deal.year_end")
    assert page.html.count("too high") >= 3
    assert park.look(park.url("new_deal.year_end", sort="projected_rate"), 422).summary


def test_the_sums_of_the_page_are_the_sums_of_the_file(several, make, visit):
    rows = listed(visit("park"))

    def column(key):
        return sum(int(row[key]) for row in rows if row[key])

    end = end_of(make)
    assert end.budget == column("budget_won")
    assert end.spent + end.spent_beside == column("spent_won")
    assert end.spent_beside == 5
    assert end.carry == column("carry_won") == 510
    assert end.carried(CarryKind.ACCIDENTAL) == 500
    assert end.returned == column("return_won") == 100
    assert end.unused == column("unused_won") == 390
    assert end.budget == end.spent + end.carry + end.returned + end.unused + end.undecided
    assert abs(end.projection.amount - column("projected_won")) <= len(rows) / 2, "rounded once, not row by row"
    assert (end.projects, end.decided) == (7, 2)
    rates = [Decimal(row["projected_rate"]) for row in rows if row["projected_rate"]]
    assert end.projection.rate == execution_rate(end.projection.amount, end.budget)
    assert end.projection.rate != sum(rates) / len(rates), "sum over sum, no average of rates"


def test_a_sum_opens_the_list_of_its_rows(several, make, visit):
    park = visit("park")
    page = park.open("new_deal.year_end_overview")
    links = [link for link in page.links if link.startswith("/new-deal/year-end?")]
    assert len(links) > 5
    for link in links:
        park.look(link)


def test_a_year_without_any_project_has_no_sums_to_show(app, make, visit):
    make.user("park", Role.MANAGER)
    park = visit("park")
    assert "No annual programme yet" in park.open("new_deal.year_end_overview").text
    make.programme(2022)
    assert "not available" in park.open("new_deal.year_end_overview").text
    park.open("new_deal.year_end_overview", 404, year=2001)


# Early execution -----------------------------------------------------------------------------------------------------


def test_early_execution_counts_what_is_spent_by_the_end_of_june(app, make):
    make.programme(2021, early_rate=Decimal(60))
    project = make.project(money=1000, year=2021)
    make.entry(project, 500, dt.date(2021, 6, 30))
    make.entry(project, 400, dt.date(2021, 7, 1))
    end = end_of(make, 2021)
    assert (end.early_target, end.early_spent, str(end.achievement)) == (600, 500, "83.3")
    assert end.early_as_of == dt.date(2021, 6, 30)


def test_early_execution_may_exceed_its_target_and_shows_its_day(app, make, visit):
    programme = make.programme(2022)
    project = make.project(money=1000)
    make.entry(project, 800)
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    assert "No target of early execution" in kim.open("new_deal.year_end_overview").text
    kim.follow(kim.submit("new_deal.edit_programme", {"early_won": "400"}, programme_id=programme.id))
    page = kim.open("new_deal.year_end_overview")
    assert "200.0%" in page.text
    assert "Early execution As of Tue 15 Mar 2022" in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"early_rate": "101"}, "at most at 100"),
        ({"early_rate": "0"}, "above 0"),
        ({"early_won": "0"}, "above zero"),
        ({"early_won": "5", "early_rate": "50"}, "not both"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(app, make, visit, fields, words):
    programme = make.programme(2022)
    make.user("kim", Role.OFFICER)
    page = visit("kim").refused("new_deal.edit_programme", fields, programme_id=programme.id)
    assert words in " ".join(page.errors)


# The demonstration ---------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(demo_app, visit):
    return visit("manager.yongsan", password=DEMONSTRATION)


def test_the_list_has_exactly_the_promised_keys(manager):
    assert list(listed(manager)[0]) == KEYS


def test_two_clicks_from_the_programme_answer_the_questions(manager):
    page = manager.open("new_deal.index", year=2021)
    for words, endpoint in (
        ("outlook=under", "new_deal.year_end"),
        ("late=yes", "new_deal.milestones"),
        ("fiscal_year=2021", "new_deal.indicators"),
    ):
        [link] = [a for a in page.links if a.startswith(f"{manager.url(endpoint)}?") and words in a]
        assert "rows" in manager.look(link).text


def test_the_demonstrations_draft_is_in_no_list_and_no_sum(manager):
    rows = listed(manager, fiscal_year=2021, decided="yes")
    assert len(rows) == 6
    assert all(row["sample"] == "yes" for row in rows)
    assert sum(int(row["carry_won"]) for row in rows) == 330_000_000
