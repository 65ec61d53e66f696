"""A month of reports: requested, written, submitted, returned, submitted again and confirmed, by people at browsers."""

import re

from browser.office import Desk, OpenDesk
from playwright.sync_api import expect

CODE = "ND-2021-01"
ISSUE = {"en": "Sensors arrive late", "ko": "센서 납품 지연"}
REASON = {"en": "Name the new date", "ko": "변경 일정 명기 바람"}


def open_report(desk: Desk) -> None:
    """From the dashboard to the report: the grid, the month's missing reports, the project."""
    desk.go("/new-deal/?year=2021")
    desk.link("Who has reported").click()
    desk.assert_own_language()
    desk.page.locator("tfoot a[href*='month=2021-10']").first.click()
    desk.fill(**{"list-q": CODE})
    desk.page.locator(".filter-acts button").click()
    expect(desk.page.locator(".list-count strong")).to_have_text("1")
    desk.page.locator("tbody th a").click()
    desk.page.wait_for_url(re.compile(r"/new-deal/reports/\d+$"))
    desk.assert_own_language()


def decide(desk: Desk, verdict: str, reason: str = "") -> None:
    """Open the decision from the report, and record it."""
    desk.link("Decide about the report").click()
    desk.assert_own_language()
    expect(desk.page.locator(".note-attention")).to_contain_text(desk.words("Not confirmed"))
    desk.fill(verdict=verdict, reason=reason)
    desk.send("Record the decision")
    expect(desk.page.locator(".flash")).to_be_visible()


def test_a_month_is_requested_written_returned_and_confirmed(desk: OpenDesk, language: str) -> None:
    officer, manager = desk("officer.yongsan", language), desk("manager.yongsan", language)
    page = officer.page
    officer.go("/new-deal/reports/grid?year=2021")
    officer.link("Request reports").click()
    officer.assert_own_language()
    programme = page.locator("#programme option", has_text="2021").first.get_attribute("value")
    officer.fill(programme=str(programme), month="2021-10", due_on="2022-01-28")
    officer.send("Request the reports")
    page.wait_for_url(re.compile(r"/new-deal/reports/months/\d+$"))
    expect(page.locator(".flash")).to_be_visible()

    open_report(officer)
    officer.link("Write the report").click()
    ledger = page.locator("#spent_won").input_value()
    assert ledger not in ("", "0"), "filled in from the ledger"
    officer.fill(progress="62.5", issue=ISSUE[language])
    officer.send("Save the draft")
    expect(page.locator("#draft")).to_contain_text("62.5%")
    officer.send("Submit the report")
    expect(page.get_by_role("alert")).to_contain_text(
        officer.words("The report names an issue. Say what is done about it.")
    )
    officer.link("Write the report").click()
    officer.fill(counter_measure="2022-02-10")
    officer.send("Save the draft")
    officer.send("Submit the report")
    expect(page.locator(".page-state")).to_contain_text(officer.words("Submitted"))

    open_report(manager)
    expect(manager.page.locator("main")).not_to_contain_text("62.5")
    decide(manager, "return", REASON[language])
    expect(manager.page.locator(".page-state")).to_contain_text(manager.words("Returned"))
    expect(manager.page.locator("main")).not_to_contain_text("62.5")

    page.reload()
    expect(page.locator(".note-attention")).to_contain_text(REASON[language])
    officer.link("Write the report").click()
    officer.fill(progress="64", next_step="Pilot 시범 운영")
    officer.send("Save the draft")
    officer.send("Submit the report")
    expect(page.locator(".page-state")).to_contain_text(officer.words("Submitted"))

    manager.page.reload()
    decide(manager, "confirm")
    expect(manager.page.locator(".page-state")).to_contain_text(manager.words("Confirmed"))
    expect(manager.page.locator("#confirmed")).to_contain_text("64.0%")
    expect(manager.page.locator("#steps li")).to_have_count(8)
    manager.link("The project").click()
    manager.assert_own_language()
    # The report of December is the last one that is confirmed; that of October stands below it.
    expect(manager.page.locator("#reports li", has_text=manager.words("Confirmed"))).not_to_have_count(0)


def test_an_officer_who_is_reminded_finds_the_report_on_the_first_page(desk: OpenDesk, language: str) -> None:
    manager, officer = desk("manager.yongsan", language), desk("officer.yongsan", language)
    manager.go("/new-deal/reports/grid?year=2022")
    before = officer.go("/").locator("main").inner_text()
    reminded = manager.words("Your report, reminded on %(day)s").split("%")[0]
    manager.page.locator("tfoot form button").first.click()
    expect(manager.page.locator(".flash")).to_be_visible()
    manager.assert_own_language()
    officer.page.reload()
    after = officer.page.locator("main").inner_text()
    assert len(after) > len(before)
    assert after.count(reminded) > before.count(reminded)
