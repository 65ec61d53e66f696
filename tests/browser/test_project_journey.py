"""What an officer does with a project, from filing it to the file that leaves the office."""

import csv
import io
import re
from pathlib import Path

import pytest
from browser.office import HANGUL, NARROW, WIDE, Desk, OpenDesk, number
from factories import PASSWORD, Maker
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db
from districtops.models import District
from districtops.new_deal.lists import projects

TITLES = {"en": "Shade for the bus stops", "ko": "버스 정류장 그늘막"}


def open_form(desk: Desk) -> None:
    """Walk from the first page to the form of a new project."""
    desk.page.locator("nav.menu a[href='/new-deal/']").click()
    desk.page.locator("main").get_by_role("link", name=desk.words("New project"), exact=True).click()
    desk.assert_own_language()


def fill_in(desk: Desk, title: str) -> None:
    """What every project needs."""
    desk.fill(title=title, category="green", type="construction", starts_on="2022-02-01", ends_on="2022-11-30")


def counts(desk: Desk) -> tuple[int, int]:
    """The number of projects on the first page and on the dashboard of the New Deal."""
    found = []
    for path in ("/", "/new-deal/"):
        desk.go(path)
        card = desk.page.locator(".card", has=desk.page.locator("a[href='/new-deal/projects?fiscal_year=2022']")).first
        found.append(number(card.locator(".figure").inner_text()))
    return found[0], found[1]


def step(desk: Desk, verb: str, **answers: str) -> None:
    """Take one step of the project that is open."""
    desk.page.locator(f"main .acts a[href$='/steps/{verb}']").click()
    desk.assert_own_language()
    desk.fill(on_date="2022-01-25", **answers)
    desk.page.locator("main form.form .button-primary").click()
    expect(desk.page.locator(".flash")).to_be_visible()
    desk.assert_own_language()


def spend(desk: Desk, amount: str, rate: str) -> None:
    """Enter spending; the project then shows this execution rate."""
    desk.page.locator("#ledger a[href$='/spending']").click()
    desk.fill(on_date="2022-01-24", amount_won=amount)
    desk.send("Add to the ledger")
    expect(desk.page.locator(".facts .progress")).to_contain_text(rate)


def test_an_officer_walks_a_project_from_filing_to_settlement_and_finds_it_in_the_file(
    desk: OpenDesk, language: str
) -> None:
    officer = desk("officer.yongsan", language)
    page = officer.page
    before = counts(officer)
    open_form(officer)
    fill_in(officer, TITLES[language])
    officer.fill(purpose="Shade in July. 그늘", kpi_name="Stops with shade", kpi_target="40")
    page.locator("#original_district").press_sequentially("2억1160만원")
    expect(page.locator("output[for=original_district]")).to_have_text("2억 1,160만원 · 211.6 million won")
    page.locator("#original_city").press_sequentially("1억")
    expect(page.locator("output[for=original_city]")).to_have_text("1억원 · 100 million won")
    officer.send("File the project")
    page.wait_for_url(re.compile(r"/new-deal/projects/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLES[language])
    expect(page.locator(".facts").first).to_contain_text("311,600,000")

    step(officer, "plan")
    step(officer, "secure_budget")
    step(officer, "order", detail="Open tender 공개입찰", amount_won="3억")
    step(officer, "contract", detail="Hangang Works 한강건설, 2022", amount_won="3억500만원")
    step(officer, "start")
    spend(officer, "100,000천원", "32.1%")
    spend(officer, "5580만원", "50.0%")
    step(officer, "accept")
    step(officer, "complete", detail="38 of 40", result="38")
    page.locator("main .acts a[href$='/steps/settle']").click()
    officer.fill(on_date="2022-01-25", amount_won="1억")
    page.locator("main form.form .button-primary").click()
    expect(page.locator("#amount_won-error")).to_contain_text("155,800,000")
    officer.fill(amount_won="155,800,000")
    page.locator("main form.form .button-primary").click()
    expect(page.locator(".page-state")).to_contain_text(officer.words("Settled"))
    expect(page.locator("#steps li")).to_have_count(8)
    expect(page.locator("main .acts a[href*='/steps/']")).to_have_count(0)

    assert counts(officer) == (before[0] + 1, before[1] + 1)
    found = exported(officer, TITLES[language])
    assert {name: found[name] for name in ("budget_won", "district_won", "city_won", "national_won")} == {
        "budget_won": "311600000",
        "district_won": "211600000",
        "city_won": "100000000",
        "national_won": "0",
    }
    assert (found["spent_won"], found["execution_rate"], found["stage"]) == ("155800000", "50.0", "settled")


def exported(desk: Desk, title: str) -> dict[str, str]:
    """The row of a project in the CSV file of its list, whose columns carry the names that programs read."""
    desk.go("/new-deal/projects")
    desk.fill(**{"list-q": title})
    desk.page.locator(".filter-acts button").click()
    expect(desk.page.locator(".list-count strong")).to_have_text("1")
    download = desk.page.locator(".downloads a").first
    with desk.page.expect_download() as label_file:
        download.click()
    assert label_file.value.suggested_filename.endswith(".csv")
    heads = Path(label_file.value.path()).read_text("utf-8-sig").splitlines()[0]
    assert bool(HANGUL.search(heads)) is (desk.language == "ko")
    # The same rows for programs: the header then holds keys instead of labels.
    answer = desk.page.request.get(f"{download.get_attribute('href')}&header=keys")
    assert answer.ok
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    assert list(rows[0]) == [column.key for column in projects.columns]
    return next(row for row in rows if row["title"] == title)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_refused_form_says_so_first_leads_to_each_field_and_keeps_what_was_typed(
    reading_desk: OpenDesk, language: str, viewport: dict[str, int]
) -> None:
    officer = reading_desk("officer.yongsan", language, viewport=viewport)
    page = officer.page
    officer.go("/new-deal/projects/new")
    officer.fill(purpose="Typed already 적은 내용", original_city="plenty", ends_on="2022-11-30")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        officer.send("File the project")
    assert answer.value.status == 422
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    officer.assert_own_language()
    links = summary.get_by_role("link")
    assert {link.get_attribute("href") for link in links.all()} == {"#title", "#category", "#type", "#original_city"}
    if language == "ko":
        assert all(HANGUL.search(text) for text in links.all_inner_texts())
    for link in links.all():
        name = str(link.get_attribute("href")).removeprefix("#")
        field = page.locator(f"#{name}")
        link.click()
        expect(field).to_be_focused()
        expect(field).to_be_in_viewport()
        expect(field).to_have_attribute("aria-invalid", "true")
        described = str(field.get_attribute("aria-describedby")).split()
        assert f"{name}-error" in described
    expect(page.locator("#purpose")).to_have_value("Typed already 적은 내용")
    expect(page.locator("#original_city")).to_have_value("plenty")
    expect(page.locator("#ends_on")).to_have_value("2022-11-30")
    expect(page.get_by_role("button", name=officer.words("File the project"))).to_be_enabled()


@pytest.fixture
def second_officer(demo_app: Flask) -> str:
    """Another officer of the same district."""
    make = Maker(demo_app)
    with demo_app.app_context():
        enter(NOBODY)
        yongsan = db.session.execute(select(District).where(District.slug == "yongsan")).scalar_one()
        db.session.expunge(yongsan)
    return make.user("officer.second", district=yongsan).username


def test_of_two_officers_who_edit_one_project_neither_loses_anything(
    desk: OpenDesk, second_officer: str, language: str
) -> None:
    first = desk("officer.yongsan", language)
    second = desk(None, language)
    second.go("/login")
    second.fill(username=second_officer, password=PASSWORD)
    second.send("Sign in")
    second.page.wait_for_url(f"{second.url}/")
    first.go("/new-deal/projects?fiscal_year=2022")
    address = str(first.page.locator("tbody th a").first.get_attribute("href"))
    first.page.goto(f"{address}/edit")
    second.page.goto(f"{address}/edit")
    first.fill(location="Hannam 한남동", kpi_target="40", type="service")
    first.send("Save the changes")
    first.page.wait_for_url(f"**{address}")
    second.fill(location="Itaewon 이태원동", purpose="The second purpose 두 번째", type="service")
    with second.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        second.send("Save the changes")
    assert answer.value.status == 409
    assert second.page.locator("html").get_attribute("lang") == language
    both = second.page.locator(".stale tr", has_text="Itaewon 이태원동")
    expect(both).to_contain_text("Hannam 한남동")
    expect(second.page.locator(".stale tr", has_text="40")).to_be_visible()
    expect(second.page.locator("#location")).to_have_value("Itaewon 이태원동")
    expect(second.page.locator("#purpose")).to_have_value("The second purpose 두 번째")
    # What the other one entered meanwhile is taken over by hand, and then all of it is kept.
    second.fill(kpi_target="40")
    second.send("Save the changes")
    second.page.wait_for_url(f"**{address}")
    facts = second.page.locator(".facts").first
    expect(facts).to_contain_text("Itaewon 이태원동")
    expect(facts).to_contain_text("The second purpose 두 번째")
    # The version that was replaced stands in the history.
    second.page.locator("#history details").evaluate("e => { e.open = true; }")
    expect(second.page.locator("#history")).to_contain_text("Hannam 한남동")
    second.page.goto(f"{address}/edit")
    expect(second.page.locator("#kpi_target")).to_have_value("40")


def test_without_javascript_an_officer_signs_in_filters_and_files(desk: OpenDesk, language: str) -> None:
    officer = desk("officer.yongsan", language, java_script_enabled=False)
    page = officer.page
    officer.go("/new-deal/projects")
    every = number(page.locator(".list-count strong").inner_text())
    page.locator("#list-fiscal_year").select_option("2022")
    page.locator("#list-category").select_option("green")
    page.locator(".filter-acts button").click()
    officer.assert_own_language()
    expect(page.locator(".chips .chip")).to_have_count(2)
    narrowed = number(page.locator(".list-count strong").inner_text())
    assert 0 < narrowed < every
    open_form(officer)
    page.locator("#title").fill(TITLES[language])
    page.locator("#starts_on").fill("2022-02-01")
    page.locator("#original_district").fill("2억1160만원")
    page.locator("#category").select_option("green")
    officer.send("File the project")
    # The first answer forgot the type: the page says so without any script, and echoes the amount in words.
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#type")
    expect(page.locator("output[for=original_district]")).to_have_text("2억 1,160만원 · 211.6 million won")
    page.locator("#type").select_option("grant")
    officer.send("File the project")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLES[language])
    officer.go("/new-deal/projects?fiscal_year=2022&category=green")
    assert number(page.locator(".list-count strong").inner_text()) == narrowed + 1


def test_without_javascript_the_filters_of_a_phone_can_be_opened(reading_desk: OpenDesk, language: str) -> None:
    viewer = reading_desk("viewer.yongsan", language, java_script_enabled=False, viewport=NARROW)
    viewer.go("/new-deal/projects")
    expect(viewer.page.locator("#list-q")).to_be_hidden()
    viewer.page.locator(".filter-fold summary").click()
    viewer.page.locator("#list-q").fill("ND-2022")
    viewer.page.locator(".filter-acts button").click()
    expect(viewer.page.locator(".chips .chip")).to_have_count(1)
