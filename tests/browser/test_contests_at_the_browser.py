"""What the planning division does with contests at the browser: the call, the application, the mayor's sheet."""

import re

from browser.office import Desk, OpenDesk, number
from playwright.sync_api import expect

A4 = (595, 842)


def test_the_weekly_list_is_printed_on_one_a4_page(reading_desk: OpenDesk, language: str) -> None:
    manager = reading_desk("manager.dongdaemun", language)
    manager.go("/contest-funds/weekly")
    page = manager.page
    tables = page.locator("main table")
    assert tables.count() == 5, "closing soon, closing later, not answered, results, changes"
    page.emulate_media(media="print")
    paper = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert [(round(float(width)), round(float(height))) for width, height in sheets] == [A4]


def test_a_manager_reads_what_the_year_brought_without_a_calculator(reading_desk: OpenDesk, language: str) -> None:
    manager = reading_desk("manager.dongdaemun", language)
    manager.page.locator("nav.menu a[href='/contest-funds/']").click()
    manager.assert_own_language()
    cards = manager.page.locator(".card")
    for figure in ("139", "95", "68.3%", "−0.7", "20,700", "−39.1%"):
        expect(cards.filter(has_text=figure).first).to_be_visible()
    cards.filter(has_text="68.3%").locator("a").first.click()
    assert number(manager.page.locator(".list-count").inner_text()) in (95, 139)


def take(desk: Desk, step: str, **answers: str) -> None:
    """Take a step of the application that is open."""
    desk.page.locator(f"main .acts a[href$='/steps/{step}']").click()
    desk.assert_own_language()
    desk.fill(on_date="2022-01-25", **answers)
    desk.page.locator("main form.form .button-primary").click()
    expect(desk.page.locator(".flash")).to_be_visible()
    desk.assert_own_language()


def test_an_application_goes_from_its_call_to_the_award_and_is_counted(desk: OpenDesk, language: str) -> None:
    officer = desk("officer.dongdaemun", language)
    page = officer.page
    title = {"en": "Warm benches", "ko": "따뜻한 벤치"}[language]
    officer.go("/contest-funds/calls")
    page.locator("tbody th a").first.click()
    page.locator("main a[href$='/applications/new'], main a[href*='/calls/'][href$='/apply']").first.click()
    officer.assert_own_language()
    officer.fill(title=title)
    officer.send("File the application")
    page.wait_for_url(re.compile(r"/contest-funds/applications/\d+$"))
    take(officer, "review")
    take(officer, "prepare")
    take(officer, "apply", requested_won="2억")
    page.locator("main .acts a[href$='/steps/select']").click()
    officer.fill(on_date="2022-01-25", national_won="1억", city_won="1억1원", fiscal_year="2022")
    page.locator("main form.form .button-primary").click()
    expect(page.locator(".error-summary")).to_contain_text("200,000,000")
    expect(page.locator("#national_won")).to_have_value("1억")
    officer.fill(city_won="5천만원")
    page.locator("main form.form .button-primary").click()
    expect(page.locator(".page-state")).to_contain_text(officer.words("Selected"))
    officer.go("/contest-funds/?year=2022")
    page.locator(".card", has_text="150").locator("a").first.click()
    expect(page.locator("tbody")).to_contain_text(title)
