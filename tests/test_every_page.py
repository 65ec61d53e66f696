"""Every page that a link or a menu leads to stands, for everybody who is shown the link.

A visitor's page is looked at closely on the way (``pages.Page``): valid HTML, one heading, labels, tokens, no inline
code, nothing left unfilled.
"""

import re
from collections import Counter, deque
from urllib.parse import parse_qs, urlsplit

import pytest
from factories import Maker
from flask import Flask
from pages import Page, Visitor
from test_access import OWN, address, methods, rules

from districtops.guard.passwords import DEMONSTRATION
from districtops.models import Role

EACH_VIEW = 5
"""How many pages of one view are opened, each with other names in its query."""
FILES = (".csv", ".xlsx", ".ics", ".json", ".pdf")


def kind_of(app: Flask, url: str) -> tuple[str, tuple[str, ...]]:
    """The view behind an address and the names in its query."""
    parts = urlsplit(url)
    endpoint, _ = app.url_map.bind("localhost").match(parts.path)
    return str(endpoint), tuple(sorted(parse_qs(parts.query)))


def crawl(visitor: Visitor, start: str = "/") -> Counter[tuple[str, tuple[str, ...]]]:
    """Follow the links from a page, a few of each kind. Every one must lead somewhere."""
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    waiting, known = deque([start]), {start}
    while waiting:
        url = waiting.popleft()
        kind = kind_of(visitor.app, url)
        of_view = sum(1 for view, _ in seen if view == kind[0])
        if seen[kind] or of_view >= EACH_VIEW:
            continue
        seen[kind] += 1
        if urlsplit(url).path.endswith(FILES):
            assert visitor.ask(url).status_code == 200, url
            continue
        page = visitor.look(url)
        ids = {element.get("id") for element in page.tree.iter()}
        for link in page.links:
            assert link.startswith(("/", "#", "?")), f"{url} links to {link}"
            target, _, place = link.partition("#")
            if not target:
                assert place in ids, f"{url} leads to #{place}, which it lacks"
                continue
            target = urlsplit(url).path + target if target.startswith("?") else target
            if target not in known:
                known.add(target)
                waiting.append(target)
    return seen


@pytest.mark.parametrize("person", ["officer", "manager", "viewer", "auditor", "admin"])
def test_every_link_leads_to_a_page_for_whoever_sees_it(demo_app: Flask, person: str) -> None:
    seen = crawl(Visitor(demo_app, f"{person}.yongsan", DEMONSTRATION))
    assert len(seen) > 3


@pytest.mark.parametrize("person", ["officer.mapo", "city.seoul", "reviewer1.yeongdeungpo"])
def test_every_link_leads_to_a_page_where_little_or_much_is_recorded(demo_app: Flask, person: str) -> None:
    assert crawl(Visitor(demo_app, person, DEMONSTRATION, language="ko"))


def test_an_office_on_its_first_day_finds_every_page(lite_app: Flask, make: Maker) -> None:
    make.user("officer", Role.OFFICER, Role.ADMINISTRATOR)
    for language in ("en", "ko"):
        assert crawl(Visitor(lite_app, "officer", language=language))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_of_every_row_stands_in_both_languages(lite_app: Flask, make: Maker, language: str) -> None:
    make.one_of_each(make.home, OWN)
    make.user(
        "everything", Role.OFFICER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR, language=language
    )
    visitor = Visitor(lite_app, "everything", language=language)
    opened = 0
    for rule in rules(lite_app):
        if "GET" in methods(rule):
            url = address(visitor, rule, OWN)
            answer = visitor.ask(url)
            assert answer.status_code == 200, url
            if answer.mimetype == "text/html":
                page = Page(answer, url)
                assert f'lang="{language}"' in page.html
                opened += 1
    assert opened > 10


def test_a_korean_page_says_nothing_in_english_that_the_catalogue_knows(demo_app: Flask) -> None:
    visitor = Visitor(demo_app, "officer.yongsan", DEMONSTRATION, language="ko")
    words = re.compile(r"\b(?:Projects|Budget|Spent|Status|Department|Search|Save|Next|Sign out|Category|Stage)\b")
    for url in ("/", "/new-deal/", "/new-deal/projects", "/new-deal/projects/new", "/account"):
        found = words.findall(visitor.look(url).text)
        assert not found, f"{url} says {found}"


@pytest.mark.parametrize("size", [100, 125, 150])
def test_the_text_size_of_a_person_stands_on_the_page(lite_app: Flask, make: Maker, size: int) -> None:
    make.user("kim", text_size=size)
    assert f'data-text-size="{size}"' in Visitor(lite_app, "kim").look("/account").html


def test_choosing_a_unit_brings_people_back_to_where_they_were(demo_app: Flask) -> None:
    visitor = Visitor(demo_app, "viewer.yongsan", DEMONSTRATION)
    page = visitor.look("/new-deal/projects?category=green")
    answer = visitor.ask(
        "/account/unit",
        "POST",
        data={**page.form("/account/unit").fields.to_dict(), "unit": "eok"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/new-deal/projects?category=green")
    assert "hundred million won" in visitor.look("/new-deal/projects").html


def test_changing_the_language_after_a_refusal_leads_to_a_page(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    visitor = Visitor(lite_app, "officer")
    page = visitor.open("new_deal.show", project_id=project.id)
    answer = visitor.send(page, {"text": ""}, action=f"/new-deal/projects/{project.id}/notes")
    assert answer.status_code == 422
    refused = Page(answer, f"/new-deal/projects/{project.id}/notes")
    fields = next(form for form in refused.forms if form.action == "/account/language").fields.to_dict()
    moved = visitor.ask("/account/language", "POST", data={**fields, "language": "ko"})
    visitor.look(moved.headers["Location"])


def test_a_page_that_does_not_exist_says_so_in_the_readers_language(lite_app: Flask) -> None:
    assert "This page does not exist" in Visitor(lite_app).look("/nowhere", status=404).text
    assert "This page does not exist" not in Visitor(lite_app, language="ko").look("/nowhere", status=404).text
