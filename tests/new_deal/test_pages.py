"""The pages of the New Deal: what they show is what the rows hold, in both languages."""

import csv
import io
from urllib.parse import urlencode

import pytest

from districtops.guard.passwords import DEMONSTRATION
from districtops.models import Payer, Role
from districtops.new_deal.models import Category, Status
from districtops.new_deal.rules import Stage

KEYS = [
    *("id", "code", "title", "category", "type", "department", "officer", "stage", "status", "fiscal_year"),
    *("budget_won", "spent_won", "execution_rate", "national_won", "city_won", "district_won", "private_won"),
    *("starts_on", "ends_on", "named", "sample"),
]


def exported(visitor, **query):
    answer = visitor.ask(f"{visitor.url('new_deal.projects_csv')}?{urlencode({'header': 'keys', **query})}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def manager(demo_app, visit):
    return visit("manager.yongsan", password=DEMONSTRATION)


def test_the_export_has_the_promised_keys_in_their_order(manager):
    assert list(exported(manager)[0]) == KEYS


def test_the_sums_of_the_dashboard_are_the_sums_of_the_file(manager):
    rows = exported(manager, fiscal_year=2022)
    page = manager.open("new_deal.index", year=2022).text
    assert len(rows) == 65
    assert sum(int(row["budget_won"]) for row in rows if row["budget_won"]) == 6_500_000_000
    spent = sum(int(row["spent_won"]) for row in rows)
    assert f"{spent / 1_000_000:,.1f}" in page
    for category in Category:
        of_it = [row for row in rows if row["category"] == category.value]
        assert len(exported(manager, fiscal_year=2022, category=category.value)) == len(of_it)


def test_the_payers_parts_of_a_project_add_up_to_its_budget(manager):
    for row in exported(manager):
        parts = [row[f"{payer}_won"] for payer in ("national", "city", "district", "private")]
        if row["budget_won"] and all(parts):
            assert sum(map(int, parts)) == int(row["budget_won"])
        else:
            assert row["named"] == "yes", "only the article's own projects leave a payer or an amount open"


def test_an_unknown_amount_is_an_empty_cell_and_never_zero(manager):
    unknown = exported(manager, amount="no")
    assert len(unknown) == 6
    assert {(row["budget_won"], row["execution_rate"], row["named"]) for row in unknown} == {("", "", "yes")}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, 148),
        ({"fiscal_year": 2021}, 83),
        ({"fiscal_year": 2021, "status": "done"}, 18),
        ({"fiscal_year": 2022, "status": "none"}, 8),
        ({"category": "safety_net", "fiscal_year": 2021}, 3),
        ({"stage": "budget_secured", "named": "yes"}, 2),
        ({"sample": "no"}, 8),
        ({"sample": "yes", "fiscal_year": 2022}, 57),
        ({"q": "네트워크 고도화"}, 1),
        ({"q": "smart yongsan"}, 1),
        ({"q": "100%_"}, 0),
        ({"fiscal_year": 2050}, 0),
    ],
)
def test_filters_narrow_the_page_and_the_file_alike(manager, query, rows):
    assert len(exported(manager, **query)) == rows
    page = manager.look(f"{manager.url('new_deal.projects')}?{urlencode(query)}")
    if rows:
        assert f"{rows} row" in page.text
    else:
        assert "No row matches the filters" in page.text


@pytest.mark.parametrize("query", ["category=blue", "fiscal_year=soon", "department=0x1", "sample=maybe", "sort=won"])
def test_a_filter_that_does_not_exist_is_refused_with_a_word(manager, query):
    page = manager.look(f"{manager.url('new_deal.projects')}?{query}", status=422)
    assert page.summary
    assert manager.ask(f"{manager.url('new_deal.projects_csv')}?{query}").status_code == 422
    assert manager.ask(f"{manager.url('new_deal.projects_xlsx')}?{query}").status_code == 422


def test_the_file_is_named_in_korean_for_a_korean_reader(demo_app, visit):
    reader = visit("viewer.yongsan", password=DEMONSTRATION, language="ko")
    answer = reader.ask(reader.url("new_deal.projects_csv"))
    assert "filename*=UTF-8''%" in answer.headers["Content-Disposition"]
    header = answer.data.decode("utf-8-sig").splitlines()[0]
    assert "(원)" in header
    assert "집행률(%)" in header


def test_old_excel_reads_the_korean_of_a_cp949_file(demo_app, visit):
    reader = visit("viewer.yongsan", password=DEMONSTRATION, language="ko")
    data = reader.ask(reader.url("new_deal.projects_csv", encoding="cp949")).data
    assert "스마트 용산 네트워크 고도화" in data.decode("cp949")


def test_an_office_without_a_programme_is_told_what_to_do_next(lite_app, make, visit):
    make.user("kim", Role.OFFICER)
    make.user("lee", Role.VIEWER)
    assert "Open a programme" in visit("kim").open("new_deal.index").text
    assert "Open a programme" not in visit("lee").open("new_deal.index").text
    assert "Open a programme" in visit("kim").open("new_deal.create").text


def test_a_project_is_filed_with_its_money_and_found_again(app, make, visit):
    make.programme(2022)
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    answer = kim.submit(
        "new_deal.create",
        {
            "title": "스마트 가로등",
            "category": "digital",
            "type": "purchase",
            "original_district": "2억1160만원",
            "original_city": "₩100,000,000",
        },
    )
    assert "스마트 가로등" in kim.follow(answer).text
    [row] = exported(kim)
    assert (row["title"], row["budget_won"], row["stage"]) == ("스마트 가로등", "311600000", "discovered")
    assert (row["district_won"], row["city_won"], row["national_won"]) == ("211600000", "100000000", "0")


def test_what_was_typed_survives_a_refusal(lite_app, make, visit):
    make.programme(2022)
    make.user("kim", Role.OFFICER)
    page = visit("kim").refused(
        "new_deal.create", {"title": "Lamps <b>", "starts_on": "2022-05-01", "original_city": "twelve"}
    )
    form = page.form()
    kept = dict(form.fields)
    assert (kept["title"], kept["starts_on"], kept["original_city"]) == ("Lamps <b>", "2022-05-01", "twelve")
    assert len(page.errors) == 3


def test_readers_are_offered_no_act(lite_app, make, visit):
    project = make.project(money=5)
    make.user("lee", Role.MANAGER)
    lee = visit("lee")
    links = [*lee.open("new_deal.show", project_id=project.id).links, *lee.open("new_deal.projects").links]
    assert not [
        link for link in links if any(word in link for word in ("/edit", "/steps/", "/new?", "projects/new", "/budget"))
    ]


def test_a_project_page_tells_its_story(lite_app, make, visit):
    project = make.project("Lamps", money={Payer.CITY: 10_000_000, Payer.DISTRICT: 5_000_000}, stage=Stage.IN_EXECUTION)
    make.entry(project, 16_000_000)
    make.milestone(project, "Tender")
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    text = kim.open("new_deal.show", project_id=project.id).text
    for words in ("106.7%", "More is spent than the budget holds", "Tender", "15", "−1"):
        assert words in text, words
    kim.follow(
        kim.submit("new_deal.show", {"text": "Asked the contractor."}, project_id=project.id, to="new_deal.add_note")
    )
    kim.follow(kim.submit("new_deal.edit", {"status": Status.DELAYED.value}, project_id=project.id))
    text = kim.open("new_deal.show", project_id=project.id).text
    assert "Asked the contractor." in text
    assert "Status: empty → Delayed" in text


def test_a_milestone_is_added_changed_and_done(lite_app, make, visit):
    project = make.project()
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    kim.follow(kim.submit("new_deal.add_milestone", {"title": "Tender", "due_on": "2022-03-10"}, project_id=project.id))
    assert "5 days late" in kim.open("new_deal.show", project_id=project.id).text
    assert "Tender" in kim.open("dashboard.index").text
    one = {"project_id": project.id, "milestone_id": 1}
    assert kim.refused("new_deal.edit_milestone", {"done_on": "2022-03-16"}, **one).errors
    kim.follow(kim.submit("new_deal.edit_milestone", {"done_on": "2022-03-14"}, **one))
    assert "done Mon 14 Mar 2022" in kim.open("new_deal.show", project_id=project.id).text


def test_a_year_has_one_programme_and_keeps_it(app, make, visit):
    make.project(year=2022)
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    refused = kim.refused("new_deal.create_programme", {"fiscal_year": "2022", "name": "Again"})
    assert "has a programme already" in " ".join(refused.errors)
    programme = make.programme(2022)
    kim.refused("new_deal.edit_programme", {"fiscal_year": "2023"}, programme_id=programme.id)
    kim.follow(kim.submit("new_deal.create_programme", {"fiscal_year": "2023", "name": "2023 New Deal"}))


def test_a_project_that_left_the_path_still_shows_how_far_it_came(app, make, visit):
    project = make.project(stage=Stage.CONTRACTED)
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    assert kim.open("new_deal.show", project_id=project.id).text.count("(passed)") == 4
    given = {"on_date": "2022-03-14", "reason": "flood", "doc_no": "D-1"}
    page = kim.follow(kim.submit("new_deal.step", given, project_id=project.id, verb="cancel"))
    assert page.text.count("(passed)") == 5, "it was contracted"
