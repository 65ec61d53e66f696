"""Two people edit the same row: the second save is refused, loses nothing, and can be made again on purpose.

Every page whose form carries a version is found by walking the application; none is named here but for its reason.
"""

import datetime as dt

import pytest
from factories import Maker
from flask import Flask
from pages import Page, Visitor, filled, text_of
from test_access import OWN, WORDS, address, methods, numbers_in, rules
from werkzeug.datastructures import MultiDict

from districtops.models import Program, Role
from districtops.new_deal.models import Category

ONCE = {
    "contest_funds.step": "a step that is taken is not open any more",
    "new_deal.confirm_year_end": "what is confirmed is no draft any more",
    "new_deal.opinion_step": "a step that is taken is not open any more",
    "new_deal.step": "a step that is taken is not open any more",
    "playgrounds.approve": "what is approved is no draft any more",
}
"""Pages whose second save cannot succeed, each with its reason."""

ELSEWHERE = {
    "contest_funds.select_by_shares": "its shares must make a hundred: tests/contest_funds/test_money.py",
    "new_deal.change_deadline": "it takes another day: tests/new_deal/test_monthly_pages.py",
    "new_deal.continues": "it takes the code of a project alone: tests/new_deal/test_comparison.py",
}
"""Pages that need more than one changed field, each with where its second save is tried."""

ADDS = {
    "contest_funds.create_for_call": "a new application begins with what its call says",
    "contest_funds.put_to_work": "the usual kind of budget is chosen already",
}
"""Pages whose form starts filled although it adds something, each with its reason."""


NUMBERS = {"progress"}
"""Fields that take text and want a number; amounts of money are known by their echo."""


def versioned(visitor: Visitor) -> dict[str, str]:
    """Endpoint -> address of every page whose form remembers the version of a row."""
    found = {}
    for rule in rules(visitor.app):
        if {"GET", "POST"} <= set(methods(rule)):
            words = {name: "drop" if name in ("verb", "step") else WORDS[name] for name in rule.arguments & set(WORDS)}
            url = visitor.url(rule.endpoint, **dict.fromkeys(numbers_in(rule), OWN), **words)
            forms = [form for form in visitor.look(url).forms if form.fields.get("version")]
            if forms:
                found[rule.endpoint] = url
    return found


@pytest.fixture
def office(make: Maker) -> Maker:
    """A row of every class, and two people who may do everything."""
    make.one_of_each(make.home, OWN)
    for name in ("first", "second"):
        make.user(name, Role.OFFICER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
    return make


def changed(page: Page, words: str) -> tuple[str, MultiDict[str, str]]:
    """(field, everything that is sent) with one field set to something else."""
    form = page.form()
    sent = filled(form)
    money = {output.get("for") for output in form.element.iter("output") if output.get("data-echo") == "won"}
    for control in form.element.iter():
        name = control.get("name") or ""
        words_go_here = control.tag == "textarea" or (control.tag == "input" and control.get("type") == "text")
        if words_go_here and control.get("id") not in money and name not in NUMBERS:
            sent[name] = words
            return name, sent
    for control in form.element.iter("select"):
        others = [o.get("value") or "" for o in control.iter("option") if o.get("selected") is None and o.get("value")]
        if len(others) > 1:
            sent[control.get("name") or ""] = others[0 if words.startswith("First") else 1]
            return control.get("name") or "", sent
    for control in form.element.iter("input"):
        if control.get("type") == "number":
            sent[control.get("name") or ""] = "2023" if words.startswith("First") else "2024"
            return control.get("name") or "", sent
    raise AssertionError(f"nothing to change on {page.url}")


EDITED = [
    "accounts.account",
    "announced_figures.edit",
    "contest_funds.answer",
    "contest_funds.edit",
    "contest_funds.edit_call",
    "contest_funds.edit_rule",
    "contest_funds.select_by_shares",
    "contest_funds.step",
    "new_deal.change_deadline",
    "new_deal.confirm_year_end",
    "new_deal.continues",
    "new_deal.draft_report",
    "new_deal.edit",
    "new_deal.edit_contract",
    "new_deal.edit_measure",
    "new_deal.edit_milestone",
    "new_deal.edit_opinion",
    "new_deal.edit_payment",
    "new_deal.edit_programme",
    "new_deal.edit_year_end",
    "new_deal.measure_held",
    "new_deal.opinion_step",
    "new_deal.step",
    "people.edit_department",
    "people.show",
    "playgrounds.approve",
    "playgrounds.edit",
    "playgrounds.edit_feedback",
    "playgrounds.edit_holiday",
    "playgrounds.edit_incident",
    "playgrounds.edit_log",
    "playgrounds.edit_zone",
    "playgrounds.revise",
]


def test_the_pages_that_edit_rows_are_all_known(lite_app: Flask, office: Maker) -> None:
    assert sorted(versioned(Visitor(lite_app, "first"))) == EDITED


def test_every_page_that_edits_a_named_row_carries_its_version(lite_app: Flask, office: Maker) -> None:
    visitor = Visitor(lite_app, "first")
    known = versioned(visitor)
    for rule in rules(lite_app):
        if (
            "GET" in methods(rule)
            and numbers_in(rule)
            and rule.endpoint not in {*known, *ADDS}
            and "verb" not in rule.arguments
        ):
            answer = visitor.ask(address(visitor, rule, OWN))
            assert answer.status_code == 200, rule.rule
            if answer.mimetype != "text/html":
                continue
            page = Page(answer, address(visitor, rule, OWN))
            for form in page.forms:
                if form.method == "post" and form.element in list(page.main.iter("form")) and form.action == page.url:
                    hidden = {c.get("name") for c in form.element.iter("input") if c.get("type") == "hidden"}
                    kept = [
                        v
                        for n, v in form.fields.items(multi=True)
                        if n not in hidden and v not in ("", "2022-03-15", "2022")
                    ]
                    # A form that starts empty, or with today or this year, adds something; a filled one edits.
                    assert not kept, f"{rule.endpoint} edits {kept} without a version"


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in EDITED if endpoint not in ELSEWHERE])
def test_the_second_save_is_refused_shows_both_versions_and_may_be_repeated(
    app: Flask, office: Maker, endpoint: str
) -> None:
    first = Visitor(app, "first")
    # One's own settings are edited by oneself at two desks.
    second = Visitor(app, "first" if endpoint == "accounts.account" else "second")
    url = versioned(first)[endpoint]
    page_of_first, page_of_second = first.look(url), second.look(url)
    name, sent_first = changed(page_of_first, "First words")
    _, sent_second = changed(page_of_second, "Second words")
    form = page_of_first.form()
    answer = first.ask(form.action, "POST", data=sent_first)
    assert answer.status_code == 303, Page(answer, url).summary
    answer = second.ask(form.action, "POST", data=sent_second)
    assert answer.status_code == 409
    conflict = Page(answer, url)
    assert "Somebody saved this after you had opened it" in conflict.summary
    kept = conflict.form().fields
    assert {n: v for n, v in kept.items() if n not in ("version", "csrf_token", "once")} == {
        n: v for n, v in sent_second.items() if n not in ("version", "csrf_token", "once")
    }, "what was typed is kept"
    assert kept["version"] != sent_second["version"]
    if endpoint in ONCE:
        assert second.send(conflict).status_code == 422
        return
    shown = {control.get("value") or "": text_of(control) for control in conflict.form().element.iter("option")}
    table = conflict.rows("What differs")
    stored, typed = (shown.get(v, v) if sent_first[name] in shown else v for v in (sent_first[name], sent_second[name]))
    assert any(row[1:] == [stored, typed] for row in table), table
    assert second.send(conflict).status_code == 303
    assert second.look(url).form().fields[name] == sent_second[name]


def test_a_save_without_a_right_version_is_refused(lite_app: Flask, office: Maker) -> None:
    visitor = Visitor(lite_app, "first")
    for url in versioned(visitor).values():
        form = visitor.look(url).form()
        sent = filled(form).to_dict()
        for version in (None, "", "0", "x", "1 ", "-1", "9" * 30, "1.1.1"):
            sent.pop("version", None)
            if version is not None:
                sent["version"] = version
            assert visitor.ask(form.action, "POST", data=sent).status_code == 409, f"{url} with {version!r}"


def test_a_change_of_either_of_two_rows_behind_one_form_makes_it_stale(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    for fields in ({"title": "Other name"}, {"location": "Other place"}):
        page = officer.open("new_deal.edit", project_id=project.id)
        assert officer.submit("new_deal.edit", fields, project_id=project.id).status_code == 303
        assert officer.send(page, {"title": "Too late"}).status_code == 409


def test_a_form_that_is_refused_for_its_content_is_not_told_to_be_stale(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    page = officer.refused("new_deal.edit", {"title": ""}, project_id=project.id)
    assert "Somebody saved" not in page.text
    assert officer.send(page, {"title": "Right now"}).status_code == 303


def test_whoever_saves_again_keeps_the_other_ones_change_by_ticking_it(app: Flask, make: Maker) -> None:
    project = make.project(program={"starts_on": dt.date(2022, 3, 1)}, category=Category.GREEN)
    for name in ("first", "second"):
        make.user(name)
    first, second = Visitor(app, "first"), Visitor(app, "second")
    page = second.open("new_deal.edit", project_id=project.id)
    theirs = {
        "title": "New name",
        "category": "creative",
        "starts_on": "2022-05-05",
        "kpi_target": "1000",
        "named": "y",
    }
    assert first.submit("new_deal.edit", theirs, project_id=project.id).status_code == 303
    answer = second.send(page, {"location": "New place"})
    conflict = Page(answer, page.url)
    rows = conflict.rows("What differs")
    assert ["Named in the announcement", "yes", "no"] in rows, "in words"
    assert ["Place", "empty", "New place"] in rows
    sent = MultiDict(conflict.form().fields)
    ticks = [e for e in conflict.tree.iter("input") if e.get("name") == "stored"]
    assert {e.get("form") for e in ticks} == {conflict.form().element.get("id")}
    sent.setlist("stored", [e.get("value") for e in ticks if e.get("value") != "location"])
    assert second.ask(page.url, "POST", data=sent).status_code == 303
    now = second.open("new_deal.edit", project_id=project.id).form().fields
    assert {name: now[name] for name in theirs} == theirs
    assert now["location"] == "New place"


def test_ticks_for_what_no_form_has_change_nothing(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    form = officer.open("new_deal.edit", project_id=project.id).form()
    sent = MultiDict({**form.fields.to_dict(), "title": "New name"})
    sent.setlist("stored", ["version", "csrf_token", "nonsense", "\x00", "stored", "__class__"])
    assert officer.ask(form.action, "POST", data=sent).status_code == 303
    assert make.everything(Program)[0].title_en == "New name"
