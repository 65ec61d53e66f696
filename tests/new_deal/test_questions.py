"""The questions that a manager asks of the programme: each is answered at most two clicks from its first page."""

from collections.abc import Callable, Iterator

import pytest
from pages import Page, Visitor

from districtops.guard.passwords import DEMONSTRATION

START = "/new-deal/"
CLICKS = 2

Answered = Callable[[Page], bool]


def reachable(visitor: Visitor, clicks: int = CLICKS) -> Iterator[tuple[int, Page]]:
    """(clicks, page) of every page of the module that its first page leads to, the nearest first. Files are left out,
    and so is one page behind another's filters: it shows the same rows in another order."""
    seen = {START}
    pages = [visitor.look(START)]
    yield 0, pages[0]
    for clicked in range(1, clicks + 1):
        found = []
        for page in pages:
            for link in page.links:
                address = link.partition("#")[0]
                if not address.startswith(START) or address.partition("?")[0].endswith((".csv", ".xlsx", ".pdf")):
                    continue
                place = address.partition("?")[0] if clicked == CLICKS else address
                if place not in seen and address not in seen:
                    seen |= {place, address}
                    found.append(visitor.look(address))
                    yield clicked, found[-1]
        pages = found


def clicks_to(visitor: Visitor, answered: Answered) -> int:
    """After how many clicks a page answers; fails where none does within two."""
    for clicks, page in reachable(visitor):
        if answered(page):
            return clicks
    raise AssertionError(f"no page within {CLICKS} clicks of {START} answers")


def has_table(page: Page, caption: str) -> bool:
    """Whether the page holds a table with this caption."""
    return any("".join(e.itertext()).strip() == caption for e in page.tree.iter("caption"))


def headings(page: Page) -> list[str]:
    """The words of the first table's head."""
    return ["".join(cell.itertext()).strip() for cell in page.tree.findall(".//thead/tr/th")]


def who_underspends(page: Page) -> bool:
    """Q1: Which projects will under-spend by year end? Sorted by rate, with the reason and what is carried over."""
    if not page.url.startswith("/new-deal/year-end?outlook=under"):
        return False
    head = headings(page)
    rates = [row[next(n for n, words in enumerate(head) if "Projected rate" in words)] for row in page.rows()]
    return {"Reason"} <= set(head) and len(rates) > 10 and all(float(rate.rstrip("%")) < 90 for rate in rates)


def who_is_late(page: Page) -> bool:
    """Q3: Which projects are late and why? The slip in days, the issue and what is done about it."""
    if not page.url.startswith("/new-deal/milestones?late=yes"):
        return False
    head = headings(page)
    place = {name: next(n for n, words in enumerate(head) if words.startswith(name)) for name in ("Slip", "Issue")}
    rows = page.rows()
    return all(int(row[place["Slip"]]) > 0 for row in rows) and any(row[place["Issue"]] != "–" for row in rows)


def who_has_not_reported(page: Page) -> bool:
    """Q6: Who has not reported this month? Every division against every month."""
    return "/reports/grid" in page.url and "January 2022" in page.text and "4 missing" in page.text


def whether_goals_are_reached(page: Page) -> bool:
    """Q7: Does it reach its goal? Target against actual, the network that is to carry twice as much among them."""
    if not page.url.startswith("/new-deal/indicators?"):
        return False
    return ["Network capacity", "times", "1", "2"] in [row[2:6] for row in page.rows()]


def on_plan(page: Page) -> bool:
    """Q2: Are we on plan as a programme? A square for each project, and counts that add up to all of them."""
    if not has_table(page, "Projects by status"):
        return False
    squares = sum("square" in (e.get("class") or "").split() for e in page.tree.iter())
    counts = {row[0]: int(row[-2]) for row in page.rows("Projects by status")}
    assert counts.keys() == {"Done", "On schedule", "Delayed", "To be done later", "not reported"}
    return squares == sum(counts.values()) == 65 and "Together 65 projects." in page.text


def where_the_money_is(page: Page) -> bool:
    """Q4: Where is the money? Category by budget, count and average per project, with the sum."""
    caption = "Projects, money and money per project by category"
    if not has_table(page, caption):
        return False
    rows = page.rows(caption)
    assert [row[0] for row in rows] == ["Digital", "Green", "Safety net", "Creative"]
    return sum(int(row[2]) for row in rows) == 65 and all(row[5] and row[8] for row in rows)


def what_changed(page: Page) -> bool:
    """Q5: What changed from last year? 83 to 65, 6.3 to 6.5 billion with the band, and which projects."""
    if not has_table(page, "New, continued and ended projects"):
        return False
    figures = page.rows("This year against last year")
    groups = [row[0] for row in page.rows("New, continued and ended projects")]
    return (
        figures[0][1:3] == ["83", "65"]
        and figures[1][1:3] == ["6,300", "6,500"]
        and "between +1.6% and +4.8%" in page.text
        and groups == ["New", "Continued", "Ended, not continued"]
    )


def what_residents_said(page: Page) -> bool:
    """Q8: What did residents say? The opinions by state, and how long their answers took."""
    if not has_table(page, "Opinions by state"):
        return False
    states = [row[0] for row in page.rows("Opinions by state")]
    assert states == ["Received", "Accepted", "Not accepted", "Carried out", "Answered"]
    return "on average" in page.text and "Let residents vote" in page.text


@pytest.fixture
def manager(demo_app, visit):
    return visit("manager.yongsan", password=DEMONSTRATION)


@pytest.mark.parametrize(
    ("answered", "clicks"),
    [
        *((on_plan, 0), (who_underspends, 1), (who_is_late, 1), (where_the_money_is, 1), (what_changed, 1)),
        *((who_has_not_reported, 1), (whether_goals_are_reached, 1), (what_residents_said, 1)),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_question_is_answered_within_two_clicks(manager, answered, clicks):
    assert clicks_to(manager, answered) == clicks <= CLICKS


def test_what_no_page_tells_is_not_found(manager, monkeypatch):
    monkeypatch.setattr("pages.Visitor.look", lambda self, url, status=200: manager_page(self, url))
    with pytest.raises(AssertionError, match="no page within 2 clicks"):
        clicks_to(manager, lambda page: False)


def manager_page(visitor, url):
    """Pages without links, so that nothing is walked."""
    page = Page(visitor.ask(url), url)
    for link in page.tree.iter("a"):
        link.attrib.pop("href", None)
    return page
