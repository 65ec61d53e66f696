"""Every page in Chromium, for those who may open it: accessible, quiet, and as wide as its window."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.office import NARROW, WIDE, Desk, OpenDesk
from browser.samples import SAMPLES
from flask import Flask
from playwright.sync_api import Page

from districtops.guard.access import PUBLIC, ROLES, SIGNED_IN, Action, mark_of
from districtops.models import Role
from districtops.registry import MODULES

AXE = Axe()
# These answer with files or bare text.
NOT_PAGES = (
    "static",
    "dashboard.healthz",
    "dashboard.amount_words",
    "new_deal.attachment",
    "new_deal.attachment_preview",
    "contest_funds.attachment",
    "contest_funds.attachment_preview",
    "playgrounds.calendar_feed",
    "playgrounds.opening_hours_json",
)
FILES = (".csv", ".xlsx", ".pdf")
PEOPLE = {
    "nobody": None,
    "officer.yongsan": Role.OFFICER,
    "manager.yongsan": Role.MANAGER,
    "officer.dongdaemun": Role.OFFICER,
    "auditor.yongsan": Role.AUDITOR,
    "admin.yongsan": Role.ADMINISTRATOR,
    "city.seoul": Role.CITY,
    "officer.songpa": Role.OFFICER,
    "manager.songpa": Role.MANAGER,
}
STEPS = {"verb", "step"}
# Between them these ask for everything that a step can ask for.
VERBS = {
    "new_deal.step": ("contract", "complete", "cancel"),
    "contest_funds.step": ("apply", "select", "reject", "agree", "settle"),
}
EXTRA = {
    "accounts.login": ["?username=officer.yongsan"],
    "new_deal.index": ["?year=2021"],
    "contest_funds.index": ["?year=2020", "?year=2022"],
    "contest_funds.pipeline": ["?year=2021"],
    "contest_funds.applications": ["?award_year=2021&secured=yes&payer=city"],
    "playgrounds.days": ["?from=2022-01-27&to=2022-02-06"],
    "playgrounds.holiday_table": ["?year=2023"],
    "playgrounds.index": ["?on=2022-02-02&at=09:00"],
    "playgrounds.month": ["?month=2022-02"],
    "playgrounds.use": ["?year=2021"],
    "new_deal.report_grid": ["?year=2021"],
    "new_deal.reports": ["?month=2021-12&state=missing"],
    "new_deal.projects": ["?q=no+such+project", "?fiscal_year=2022&category=green&sort=-budget_won&size=25"],
}


def pages_for(app: Flask, person: str) -> list[str]:
    """The address of every page that this person may open, made from the application's own map.

    Somebody of a district opens the pages of the modules that have rows there; everybody else those of all.
    """
    role = PEOPLE[person]
    allowed = {PUBLIC} if role is None else {PUBLIC, SIGNED_IN, *ROLES[role]}
    home = person.partition(".")[2]
    samples = [s for s in SAMPLES if home in (s.district, "", "seoul")]
    modules = {module.name for module in MODULES}
    found: list[str] = []
    with app.test_request_context():
        known = {s.module: s.addresses() for s in samples}
        for rule in app.url_map.iter_rules():
            page = "GET" in rule.methods and rule.endpoint not in NOT_PAGES and not rule.rule.endswith(FILES)
            blueprint = rule.endpoint.partition(".")[0]
            place = blueprint if blueprint in modules else None
            if not page or mark_of(app, rule.endpoint) not in allowed or (place not in known and rule.arguments):
                continue
            wanted = rule.arguments - STEPS
            values = next((v for v in known.get(place, [{}]) if wanted <= v.keys()), None)
            assert values is not None, f"the samples have no values for {rule.rule}"
            named = rule.arguments & STEPS
            for verb in VERBS[rule.endpoint] if named else ("",):
                chosen = {name: values[name] for name in wanted} | dict.fromkeys(named, verb)
                address = app.url_for(rule.endpoint, **chosen)
                found.append(address)
                if place is None or place in known:
                    found += [address + query for query in EXTRA.get(rule.endpoint, [])]
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def violations(page: Page, *, contrast: bool) -> list[str]:
    """What axe finds wrong."""
    rules = {"color-contrast": {"enabled": contrast}}
    found = AXE.run(page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]
    return [
        f"{v['id']}: {v['help']} at {', '.join(' '.join(map(str, n['target'])) for n in v['nodes'][:3])}" for v in found
    ]


def look(desk: Desk) -> list[str]:
    """What is wrong with the page that is open, in both windows and with large text."""
    page, problems = desk.page, []
    for name, size in (("1440", WIDE), ("390", NARROW)):
        page.set_viewport_size(size)
        # Contrast takes most of the time and is the same in both languages: one is judged wide, the other narrow.
        contrast = (size is WIDE) is (desk.language == "en")
        problems += [f"at {name}: {problem}" for problem in violations(page, contrast=contrast)]
        if (wider := overflow(page)) > 0:
            problems.append(f"at {name}: {wider} pixels too wide")
    page.locator("html").evaluate("e => { e.dataset.textSize = '150'; }")
    if (wider := overflow(page)) > 0:
        problems.append(f"at 390 with text of 150 %: {wider} pixels too wide")
    page.set_viewport_size(WIDE)
    return [f"{desk.path}: {problem}" for problem in problems]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_is_accessible_quiet_and_no_wider_than_its_window(
    reading_desk: OpenDesk, reading_room: tuple[Flask, str], person: str, language: str
) -> None:
    addresses = pages_for(reading_room[0], person)
    assert len(addresses) >= (1 if person == "nobody" else 5)
    desk = reading_desk(None if person == "nobody" else person, language)
    problems = []
    for address in addresses:
        answer = desk.page.goto(address)
        assert answer is not None
        if answer.status != 200 or urlsplit(desk.page.url).path != urlsplit(address).path:
            problems.append(f"{address}: answered {answer.status} at {desk.path}")
            continue
        if desk.page.locator("html").get_attribute("lang") != language:
            problems.append(f"{address}: in the wrong language")
        problems += look(desk)
    assert not problems, "\n".join(problems)


def test_every_mark_of_a_page_is_visited(reading_room: tuple[Flask, str]) -> None:
    app = reading_room[0]
    pages = {r.endpoint for r in app.url_map.iter_rules() if "GET" in r.methods and not r.rule.endswith(FILES)}
    visited: set[Any] = {PUBLIC, SIGNED_IN}
    for role in PEOPLE.values():
        visited |= ROLES[role] if role else set()
    missing = {endpoint for endpoint in pages if mark_of(app, endpoint) not in visited}
    assert not missing, f"no one in this test may open {missing}; add a person who may {list(Action)}"


def test_the_pages_that_refuse_are_accessible_too(reading_desk: OpenDesk, language: str) -> None:
    desk = reading_desk("officer.yongsan", language)
    problems = []
    desk.go("/new-deal/projects/new")
    desk.fill(original_city="plenty")
    desk.send("File the project")
    desk.page.get_by_role("alert").wait_for()
    problems += look(desk)
    for address, status in (
        ("/new-deal/projects?fiscal_year=soon", 422),
        ("/nowhere", 404),
        ("/people", 403),
    ):
        answer = desk.page.goto(address)
        assert answer is not None
        assert answer.status == status, address
        desk.assert_own_language()
        problems += look(desk)
    expected = [fault for fault in desk.faults if "status of 40" in fault]
    desk.faults = [fault for fault in desk.faults if fault not in expected]
    assert not problems, "\n".join(problems)


def test_the_look_notices_what_it_looks_for(reading_desk: OpenDesk) -> None:
    desk = reading_desk("officer.yongsan", "en")
    page = desk.page
    desk.go("/account")
    assert look(desk) == []
    page.evaluate("""() => {
        const main = document.querySelector("main");
        main.insertAdjacentHTML("beforeend", "<p style='color: red'>styled</p><input type='text'>");
        main.insertAdjacentHTML("beforeend", "<pre id='wide'></pre>");
        main.insertAdjacentHTML("beforeend", "<img alt='' src='http://127.0.0.2:9/outside.png'>");
        document.querySelector("#wide").textContent = "wide ".repeat(200);
        setTimeout(() => { throw new Error("broken script"); });
    }""")
    found = " ".join(look(desk))
    for word in ("label", "at 390: ", "at 1440: "):
        assert word in found
    assert "too wide" in found
    complaints = " ".join(desk.faults)
    for word in ("style-src", "img-src", "broken script"):
        assert word in complaints
    desk.faults.clear()
