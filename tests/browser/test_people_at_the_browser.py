"""How people move: with a pointer, with the keyboard, in two languages, on paper, and out again."""

import re
from collections.abc import Iterator

import pytest
from browser.office import HANGUL, Desk, OpenDesk, number
from playwright.sync_api import Browser, Playwright, expect

from districtops.guard.passwords import DEMONSTRATION

FOCUS = """() => {
    const found = document.activeElement;
    const box = found.getBoundingClientRect();
    const ringed = [null, "::before", "::after"].some((part) => {
        const style = getComputedStyle(found, part);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {what: found.outerHTML.slice(0, 100), seen: ringed && inside, body: found === document.body};
}"""
AS_OF = {"en": "As of Tue 25 Jan 2022", "ko": "2022. 1. 25.(화)"}


# Numbers and their rows ----------------------------------------------------------------------------------------------


def test_a_manager_finds_as_many_rows_behind_each_number_as_it_says(reading_desk: OpenDesk, language: str) -> None:
    manager = reading_desk("manager.yongsan", language)
    page = manager.page
    manager.go("/new-deal/")
    card = page.locator(".cards .card").first
    category = page.locator("tbody tr").filter(has=page.locator("a[href*='category=green']"))
    status = page.locator("tbody tr").filter(has=page.locator("a[href*='status=']")).first
    named = page.locator(".cards .card").filter(has=page.locator("a[href*='named=yes']"))
    numbers = {
        str(link.get_attribute("href")): number(figure.inner_text())
        for link, figure in (
            (card.locator("a"), card.locator(".figure")),
            (category.locator("th a"), category.locator("td.num").first),
            (status.locator("th a"), status.locator("td.num").first),
            (named.locator("a"), named.locator(".figure")),
        )
    }
    assert len(numbers) == 4
    for address, shown in numbers.items():
        manager.go("/new-deal/")
        page.locator(f"main a[href='{address}']").first.click()
        manager.assert_own_language()
        if shown:
            expect(page.locator(".list-count strong")).to_have_text(str(shown))
        else:
            expect(page.locator(".empty")).to_be_visible()


@pytest.mark.parametrize("person", ["viewer.yongsan", "manager.yongsan", "city.seoul"])
def test_somebody_who_only_reads_is_offered_nothing_to_change(
    reading_desk: OpenDesk, person: str, language: str
) -> None:
    reader = reading_desk(person, language)
    page = reader.page
    for address in ("/", "/new-deal/", "/new-deal/projects"):
        reader.go(address)
        assert_nothing_to_change(reader)
    page.locator("tbody th a").first.click()
    assert_nothing_to_change(reader)


def assert_nothing_to_change(desk: Desk) -> None:
    """The page's main part holds no form that writes and no way to one, besides how the reader sees lists."""
    main = desk.page.locator("main")
    expect(main.get_by_role("heading", level=1)).to_be_visible()
    forms = main.locator("form[method=post]").evaluate_all("all => all.map((a) => new URL(a.action).pathname)")
    assert [form for form in forms if not re.search(r"/(projects/(columns|views)|account/density)$", form)] == []
    addresses = main.locator("a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert addresses
    assert [a for a in addresses if re.search(r"/(edit|new|steps|spending|budget|milestones)(/|$)", a)] == []


# The keyboard --------------------------------------------------------------------------------------------------------


def tab_to(desk: Desk, selector: str, limit: int = 80) -> None:
    """Press Tab until the element has the focus. Every stop on the way must show where the focus is."""
    target = desk.page.locator(selector).first
    for _ in range(limit):
        desk.page.keyboard.press("Tab")
        stop = desk.page.evaluate(FOCUS)
        if stop["body"]:
            continue
        assert stop["seen"], f"on {desk.path} the focus is not seen on {stop['what']}"
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {selector} on {desk.path}")


def test_everything_can_be_reached_with_the_keyboard_and_the_focus_is_seen(
    reading_desk: OpenDesk, language: str
) -> None:
    desk = reading_desk(None, language)
    page, keyboard = desk.page, desk.page.keyboard
    desk.go("/login")
    tab_to(desk, "#username")
    keyboard.type("officer.yongsan")
    tab_to(desk, "#password", 1)
    keyboard.type(DEMONSTRATION)
    keyboard.press("Enter")
    page.wait_for_url(f"{desk.url}/")

    tab_to(desk, ".skip", 1)
    keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(desk, "main a", 1)

    desk.go("/")
    tab_to(desk, "nav.menu a[href='/new-deal/']")
    keyboard.press("Enter")
    page.wait_for_url("**/new-deal/")
    tab_to(desk, ".acts a[href*='/new-deal/projects']")
    keyboard.press("Enter")
    page.wait_for_url("**/new-deal/projects?fiscal_year=2022")
    keyboard.press("/")
    expect(page.locator("#list-q")).to_be_focused()
    keyboard.type("ND-2022")
    tab_to(desk, "#list-status")
    tab_to(desk, ".filter-acts button")
    keyboard.press("Enter")
    page.wait_for_url("**q=ND-2022**")
    tab_to(desk, "tbody th a")
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/new-deal/projects/\d+$"))
    assert page.locator("html").get_attribute("lang") == language


def test_a_menu_opens_with_the_keyboard_and_closes_with_escape(reading_desk: OpenDesk, language: str) -> None:
    desk = reading_desk("viewer.yongsan", language)
    summary = desk.page.locator(".drop-user summary")
    summary.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".drop-user a")).to_be_visible()
    tab_to(desk, ".drop-user button", 3)
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".drop-user a")).to_be_hidden()
    expect(summary).to_be_focused()


# Language and unit ---------------------------------------------------------------------------------------------------


def test_the_language_is_switched_on_the_page_and_kept(desk: OpenDesk, language: str) -> None:
    other = {"en": "ko", "ko": "en"}[language]
    officer = desk("officer.yongsan", language)
    address = "/new-deal/projects?fiscal_year=2022&category=green"
    officer.go(address)
    rows = officer.page.locator(".list-count strong").inner_text()
    officer.page.locator(".language button").click()
    expect(officer.page.locator("html")).to_have_attribute("lang", other)
    assert officer.path == address
    assert officer.page.locator(".list-count strong").inner_text() == rows
    assert bool(HANGUL.search(officer.title)) is (other == "ko")
    # Kept for the person: another browser that asks for the first language shows the chosen one.
    elsewhere = desk(None, language)
    elsewhere.go("/login")
    elsewhere.fill(username="officer.yongsan", password=DEMONSTRATION)
    elsewhere.send("Sign in")
    elsewhere.page.wait_for_url(f"{elsewhere.url}/")
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", other)


def test_the_language_chosen_before_signing_in_is_kept_through_it(desk: OpenDesk, language: str) -> None:
    other = {"en": "ko", "ko": "en"}[language]
    officer = desk(None, language)
    officer.go("/login?next=/new-deal/projects?stage=planned")
    officer.page.locator(".language button").click()
    expect(officer.page.locator("html")).to_have_attribute("lang", other)
    assert officer.path == "/login?next=/new-deal/projects?stage=planned"
    officer.language = other
    officer.fill(username="officer.yongsan", password=DEMONSTRATION)
    officer.send("Sign in")
    officer.page.wait_for_url("**/new-deal/projects?stage=planned")
    officer.assert_own_language()


def test_the_unit_of_money_is_switched_on_the_page_and_kept(desk: OpenDesk, language: str) -> None:
    officer = desk("officer.yongsan", language)
    page = officer.page
    address = "/new-deal/projects?fiscal_year=2022&amount=yes&sort=-budget_won"
    officer.go(address)
    amount = page.locator("tbody data.won").first
    exact = number(str(amount.get_attribute("value")))
    page.locator(".top-tools summary").first.click()
    page.locator("button[name=unit][value=won]").click()
    expect(amount).to_have_text(f"{exact:,}")
    assert officer.path == address
    officer.go("/new-deal/")
    won = page.locator(".cards .unit").filter(has_text=re.compile(f"^{officer.words('won')}$"))
    expect(won).to_have_count(1)
    sign_out(officer)
    officer.sign_in("officer.yongsan")
    officer.go(address)
    expect(amount).to_have_text(f"{exact:,}")


# On paper ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["dashboard", "project"])
def test_a_page_is_printed_on_a4_without_the_shell_with_office_and_day(
    reading_desk: OpenDesk, which: str, language: str
) -> None:
    manager = reading_desk("manager.yongsan", language)
    page = manager.page
    manager.go("/new-deal/" if which == "dashboard" else "/new-deal/projects?fiscal_year=2022&amount=yes")
    if which == "project":
        page.locator("tbody th a").first.click()
        page.locator("#money").wait_for()
    heading = manager.title.splitlines()[0].strip()
    menu = page.locator("nav.menu a").all_inner_texts()
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert heading in printed
    assert {"en": "Yongsan", "ko": "용산"}[language] in printed
    assert AS_OF[language] in printed
    for selector in (".top", "nav.menu", ".foot", ".acts", ".breadcrumbs"):
        expect(page.locator(selector).first).to_be_hidden()
    assert manager.words("Today") in menu
    assert manager.words("Today") not in printed.splitlines()
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF-")
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert 1 <= len(sheets) <= 6
    # 210 × 297 mm in points.
    assert {(round(float(width)), round(float(height))) for width, height in sheets} == {(595, 842)}


# Out again -----------------------------------------------------------------------------------------------------------


def sign_out(desk: Desk) -> None:
    """Sign out from the menu of one's name."""
    desk.page.locator(".drop-user summary").click()
    desk.page.get_by_role("button", name=desk.words("Sign out"), exact=True).click()
    desk.page.wait_for_url("**/login")


@pytest.fixture(scope="module")
def remembering_browser(playwright_driver: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser as people have it: Playwright's ordinary one switches off the store that Back is served from."""
    off = ["--disable-back-forward-cache"]
    found = playwright_driver.chromium.launch(
        executable_path=chromium, args=["--no-sandbox", "--disable-gpu"], ignore_default_args=off
    )
    yield found
    found.close()


def test_after_signing_out_back_does_not_show_the_last_page(
    remembering_browser: Browser, office_url: str, language: str
) -> None:
    officer = Desk(remembering_browser, office_url, language).sign_in("officer.yongsan")
    page = officer.page
    officer.go("/new-deal/projects?fiscal_year=2022")
    secret = page.locator("tbody th a").first.inner_text()
    sign_out(officer)
    for before in (r"%2Fnew-deal%2Fprojects\b.*|/new-deal/projects\b.*", r"%2F|/"):
        page.evaluate("history.back()")
        page.wait_for_url(re.compile(rf"/login\?next=({before})$"))
        assert secret not in page.content()
        officer.assert_own_language()
    officer.close()


def test_the_cookie_of_the_session_is_kept_from_scripts_and_other_sites(reading_desk: OpenDesk, language: str) -> None:
    officer = reading_desk("officer.yongsan", language)
    (cookie,) = officer.context.cookies()
    assert cookie["name"] == "districtops"
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"
    # It ends with the browser.
    assert cookie["expires"] == -1
    assert officer.page.evaluate("document.cookie") == ""
    assert officer.page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
