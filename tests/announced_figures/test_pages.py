"""Announced figures at their pages: entered, held against the rows, frozen, and compared later, line by line."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from factories import Maker
from flask import Flask
from makers.announced_figures import announced
from pages import Visitor
from sqlalchemy import event
from sqlalchemy.engine import Engine

from districtops.announced_figures import rules
from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.text import Words
from districtops.models import AnnouncedFigure, ChangeRecord, FrozenFigure, FrozenRow, Role
from districtops.new_deal.models import Project

GOOD = {
    "statement": "2 projects in 2022",
    "year": "2022",
    "measure": "amount",
    "unit": "count",
    "value": "2",
    "step": "1",
    "figure": "new_deal.projects",
    "as_of": "2022-01-20",
    "announced_on": "2022-01-25",
    "source": "Press release 12",
}


@pytest.fixture
def office(make: Maker) -> Maker:
    """An office with two projects of 2022, one of 2021, and an officer."""
    make.user("officer", Role.OFFICER)
    make.project("Lamps", money=5_000_000)
    make.project("Sensors", money=1_240_000)
    make.project("Older", money=2_000_000, year=2021)
    return make


def in_file(visitor: Visitor, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV, by the columns' keys."""
    answer = visitor.ask(f"/announced-figures.csv?header=keys{query}")
    assert answer.status_code == 200, answer.get_data()
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def verdict_of(visitor: Visitor, statement: AnnouncedFigure) -> dict[str, str]:
    """What the list says of one statement."""
    return next(row for row in in_file(visitor) if row["id"] == str(statement.id))


# Entering ------------------------------------------------------------------------------------------------------------


def test_a_figure_is_entered_compared_and_corrected_with_its_history(app: Flask, office: Maker) -> None:
    officer = Visitor(app, "officer")
    page = officer.follow(officer.submit("announced_figures.create", GOOD))
    assert "2 projects in 2022 matches" in page.text
    [statement] = office.everything(AnnouncedFigure)
    assert (statement.value, statement.step, statement.figure) == (Decimal(2), Decimal(1), "new_deal.projects")
    changed = {"statement": "3 projects in 2022", "value": "3"}
    page = officer.follow(officer.submit("announced_figures.edit", changed, announced_id=statement.id))
    assert "3 projects in 2022 differs" in page.text
    assert "2 projects in 2022 → 3 projects in 2022" in page.text
    assert "new_deal.projects" not in page.text, "the history calls the figure by its name"
    assert ["Difference: rows less announcement", "−1", ""] in page.rows()


@pytest.mark.parametrize(
    ("unit", "typed", "step", "kept"),
    [
        ("won", "207억원", "100000000", 20_700_000_000),
        ("won", "20.7 billion won", "100000000", 20_700_000_000),
        ("won", "20,700,000,000", "100000000", 20_700_000_000),
        ("percent", "68.3", "0.1", Decimal("68.3")),
        ("percent", "68.3%", "0.1", Decimal("68.3")),
        ("percent", "68.30 %", "0.01", Decimal("68.3")),
        ("count", "1,390", "10", 1390),
        ("count", "+13", "1", 13),
        ("count", "95건", "1", 95),
        ("count", "1,390 명", "10", 1390),
    ],
)
def test_a_value_is_read_as_it_was_printed(
    lite_app: Flask, office: Maker, unit: str, typed: str, step: str, kept: Decimal
) -> None:
    officer = Visitor(lite_app, "officer")
    fields = {**GOOD, "unit": unit, "value": typed, "step": step, "figure": ""}
    assert officer.submit("announced_figures.create", fields).status_code == 303
    [statement] = office.everything(AnnouncedFigure)
    assert statement.value == kept
    form = officer.open("announced_figures.edit", announced_id=statement.id).form()
    assert officer.ask(form.action, "POST", data=form.fields).status_code == 303
    assert office.everything(AnnouncedFigure)[0].value == kept


@pytest.mark.parametrize("typed", ["−18", "-18", "+-18"])
def test_a_change_may_be_below_zero(lite_app: Flask, office: Maker, typed: str) -> None:
    officer = Visitor(lite_app, "officer")
    answer = officer.submit("announced_figures.create", {**GOOD, "measure": "difference", "value": typed})
    assert answer.status_code == (422 if typed == "+-18" else 303)
    assert [row.value for row in office.everything(AnnouncedFigure)] == ([] if typed == "+-18" else [-18])


REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"statement": ""}, "Statement", "required"),
    ({"year": "1999"}, "Year that it speaks of", "between 2000 and 2100"),
    ({"year": "2101"}, "Year that it speaks of", "between 2000 and 2100"),
    ({"value": "many"}, "Announced value", "Write a number such as"),
    ({"value": "1.2345"}, "Announced value", "Write a number such as"),
    ({"value": "1,2"}, "Announced value", "Write a number such as"),
    ({"value": "9" * 13}, "Announced value", "Write a number such as"),
    ({"value": "-1"}, "Announced value", "Only a change can be below zero."),
    ({"value": "2.5"}, "Announced value", "finer than what it was printed to"),
    ({"value": "15", "step": "10"}, "Announced value", "finer than what it was printed to"),
    ({"value": "1", "step": "0.1"}, "Rounded to the nearest", "Only percentages"),
    ({"unit": "won", "value": "12억 5", "figure": ""}, "Announced value", "Write an amount such as"),
    ({"unit": "won", "value": "1경", "figure": ""}, "Announced value", "Write an amount such as"),
    ({"unit": "won", "value": "9000조", "figure": ""}, "Announced value", "too large"),
    ({"unit": "won", "value": "2"}, "Figure that it claims to be", "counts in another unit"),
    ({"figure": "new_deal.budget_won"}, "Figure that it claims to be", "counts in another unit"),
    ({"figure": "no_such.figure"}, "Figure that it claims to be", "Choose one of the listed"),
    ({"measure": "growth"}, "Unit", "A change in percent is stated in percent."),
    ({"compared": "5", "base": "4"}, "The part, or this year", "Only a percentage or a change"),
    ({"measure": "difference", "compared": "5"}, "The whole, or the year before", "both figures, or neither"),
    ({"measure": "difference", "base": "5"}, "The part, or this year", "both figures, or neither"),
    ({"measure": "difference", "compared": "-5", "base": "5"}, "The part, or this year", "below zero"),
    (
        {"measure": "difference", "compared": "15", "base": "5", "base_step": "10"},
        "These two rounded to the nearest",
        "One of the two figures is finer",
    ),
    ({"as_of": "2022-01-26"}, "As-of date", "must not lie after the announcement"),
    ({"as_of": "2022-13-45"}, "As-of date", "Write a day"),
    ({"source": "x" * 301}, "Published in", "300"),
]


@pytest.mark.parametrize(("fields", "label", "words"), REFUSED, ids=[str(fields) for fields, _, _ in REFUSED])
def test_what_contradicts_itself_is_refused_beside_its_field_and_nothing_is_kept(
    lite_app: Flask, office: Maker, fields: dict[str, str], label: str, words: str
) -> None:
    page = Visitor(lite_app, "officer").refused("announced_figures.create", {**GOOD, **fields})
    assert any(words in error for error in page.errors), page.errors
    assert f"{label}: " in page.summary
    assert office.everything(AnnouncedFigure) == []
    form = page.form()
    assert {name: form.fields.get(name, "") for name in GOOD} | fields == {**GOOD, **fields}


def test_a_figure_that_is_not_offered_any_more_is_kept_when_the_rest_is_edited(lite_app: Flask, office: Maker) -> None:
    statement = announced(office, 5, figure="gone.projects")
    officer = Visitor(lite_app, "officer")
    answer = officer.submit("announced_figures.edit", {"source": "Release 1"}, announced_id=statement.id)
    assert answer.status_code == 303
    [kept] = office.everything(AnnouncedFigure)
    assert (kept.figure, str(kept.source)) == ("gone.projects", "Release 1")


# Verdicts ------------------------------------------------------------------------------------------------------------

WON: dict[str, Any] = {"unit": FigureUnit.WON, "figure": "new_deal.budget_won"}
GROWTH: dict[str, Any] = {"unit": FigureUnit.PERCENT, "measure": Measure.GROWTH}
PAIR: dict[str, Any] = {"compared": 125, "base": 93}


@pytest.mark.parametrize(
    ("value", "columns", "computed", "difference", "verdict", "remark"),
    [
        (2, {}, "2", "0", "matches", ""),
        (3, {}, "2", "-1", "differs", ""),
        (6_200_000, {**WON, "step": Decimal(100_000)}, "6240000", "40000", "matches", ""),
        (6_300_000, {**WON, "step": Decimal(100_000)}, "6240000", "-60000", "differs", ""),
        (1, {"measure": Measure.DIFFERENCE}, "1", "0", "matches", ""),
        (100, GROWTH, "100.0", "0.0", "matches", ""),
        (212, {**GROWTH, "figure": "new_deal.budget_won"}, "212.0", "0.0", "matches", ""),
        (7, {**GROWTH, **PAIR}, "100.0", "93.0", "differs", "Its own two figures make +34.4%."),
        (34, {**GROWTH, **PAIR, "figure": None}, "", "", "matches", "names no figure. It was checked against its own"),
        (7, {**GROWTH, **PAIR, "figure": None}, "", "", "differs", "make +34.4%. The statement names no figure."),
        (5, {"figure": None}, "", "", "not_computed", "The statement names no figure."),
        (5, {"figure": "gone.key"}, "", "", "not_computed", "No module offers this figure."),
        (5, {"year": 2019}, "", "", "not_computed", "Nothing is recorded of that year."),
        (5, {"year": 2021, "measure": Measure.DIFFERENCE}, "", "", "not_computed", "of the year before."),
        (5, {"figure": "new_deal.contest_won", "unit": FigureUnit.WON}, "", "", "not_computed", "do not state it."),
        (5, {"figure": "new_deal.budget_won"}, "", "", "not_computed", "counts in another unit."),
        (2, {"announced_on": dt.date(2022, 3, 16)}, "", "", "not_computed", "Announced after the date of this page."),
        (1, {"announced_on": dt.date(2022, 3, 16), "year": 2021}, "1", "0", "matches", "Announced after the date"),
        (2, {"announced_on": dt.date(2022, 3, 15)}, "2", "0", "matches", ""),
    ],
)
def test_the_list_says_what_the_rows_say_and_why_not(
    app: Flask,
    office: Maker,
    value: int,
    columns: dict[str, Any],
    computed: str,
    difference: str,
    verdict: str,
    remark: str,
) -> None:
    statement = announced(office, value, **{"announced_on": dt.date(2022, 1, 25), **columns})
    row = verdict_of(Visitor(app, "officer"), statement)
    assert (row["computed"], row["difference"], row["verdict"]) == (computed, difference, verdict)
    assert remark in row["remark"]
    assert bool(row["remark"]) is bool(remark)
    page = Visitor(app, "officer", language="ko").open("announced_figures.show", announced_id=statement.id)
    words = {"matches": "일치", "differs": "불일치", "not_computed": "산출 불가"}
    assert f"projects in 2022 {words[verdict]}" in page.text


def test_a_statement_that_is_not_announced_yet_says_so(lite_app: Flask, office: Maker) -> None:
    statement = announced(office, 2)
    officer = Visitor(lite_app, "officer")
    assert verdict_of(officer, statement)["remark"] == "Not announced yet."
    assert "Check it before it is printed" in officer.open("announced_figures.show", announced_id=statement.id).text


def test_the_figure_on_the_page_opens_the_rows_that_make_it(app: Flask, office: Maker) -> None:
    statement = announced(office, 2)
    officer = Visitor(app, "officer")
    page = officer.open("announced_figures.show", announced_id=statement.id)
    rows = officer.look(next(link for link in page.links if link.startswith("/new-deal/projects")))
    assert len(rows.rows()) == 2


# The list ------------------------------------------------------------------------------------------------------------


def test_the_page_the_csv_and_the_xlsx_hold_the_same_rows_in_every_order(demo_on_both: Flask) -> None:
    visitor = Visitor(demo_on_both, "viewer.dongdaemun", DEMONSTRATION)
    for order in ("-announced_on", "announced_on", "year", "-year", "as_of", "-as_of"):
        page = visitor.look(f"/announced-figures?size=200&sort={order}")
        rows = in_file(visitor, f"&sort={order}")
        shown = [row[0].removesuffix("More about this row").strip() for row in page.rows("Announced figures")]
        assert shown == [row["statement"] for row in rows]
        assert len(rows) == 24
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.ask(f"/announced-figures.xlsx?sort={order}").get_data())).active
    assert sheet is not None
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [row["statement"] for row in rows]


def test_filters_narrow_the_page_and_the_file_alike_and_the_verdict_is_one(demo_on_both: Flask) -> None:
    visitor = Visitor(demo_on_both, "viewer.dongdaemun", DEMONSTRATION)
    everything = in_file(visitor)
    for query, test in {
        "verdict=differs": lambda row: row["verdict"] == "differs",
        "verdict=matches": lambda row: row["verdict"] == "matches",
        "verdict=not_computed": lambda row: row["verdict"] == "not_computed",
        "year=2020": lambda row: row["year"] == "2020",
        "module=contest_funds": lambda row: row["figure"].startswith("contest_funds."),
        "q=applications": lambda row: "pplications" in row["statement"],
        "q=%EC%8B%A0%EC%95%84": lambda row: row["year"] == "2020",
    }.items():
        expected = [row["id"] for row in everything if test(row)]
        assert [row["id"] for row in in_file(visitor, f"&{query}")] == expected
        assert len(visitor.look(f"/announced-figures?size=200&{query}").rows("Announced figures")) == len(expected)
        assert expected, query


@pytest.mark.parametrize(
    "query",
    [
        "sort=statement", "sort=verdict", "sort=x", "size=7", "verdict=maybe", "year=1", "module=x", "department=x",
        "after=x", "before=x", "q=" + "x" * 101, "q=%00", "header=x", "year=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_garbage_is_refused_with_422(lite_app: Flask, office: Maker, query: str) -> None:
    announced(office, 2)
    officer = Visitor(lite_app, "officer")
    assert officer.ask(f"/announced-figures?{query}").status_code == 422
    of_files = {"size", "after", "before"}
    expected = {200, 422} if query.partition("=")[0] in of_files else {422}
    for suffix in (".csv", ".xlsx"):
        assert officer.ask(f"/announced-figures{suffix}?{query}").status_code in expected


@pytest.mark.parametrize("path", ["/announced-figures", "/announced-figures.csv", "/announced-figures?verdict=differs"])
def test_each_figure_of_a_year_is_computed_once_however_many_statements_claim_it(
    lite_app: Flask, office: Maker, path: str
) -> None:
    officer = Visitor(lite_app, "officer")

    def asked() -> int:
        count = 0

        def note(*_arguments: object) -> None:
            nonlocal count
            count += 1

        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert officer.ask(path).status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return count

    announced(office, 2)
    announced(office, 3)
    few = asked()
    for value in range(30):
        announced(office, value)
    assert asked() == few


def test_the_export_is_recorded_as_the_lists(lite_app: Flask, office: Maker) -> None:
    in_file(Visitor(lite_app, "officer"), "&verdict=differs")
    entry = office.everything(ChangeRecord, act="exported")[-1]
    assert (entry.table_name, set(entry.changes)) == ("announced_figures.index", {"verdict", "file"})


# Freezing ------------------------------------------------------------------------------------------------------------


def test_a_frozen_figure_shows_later_what_came_what_went_and_what_changed(app: Flask, office: Maker) -> None:
    statement = announced(office, 6_240_000, **WON)
    officer = Visitor(app, "officer")
    page = officer.follow(officer.submit("announced_figures.freeze", {"reason": "Release"}, announced_id=statement.id))
    assert page.flashed == "The figure is frozen with 2 rows."
    [frozen] = office.everything(FrozenFigure)
    assert (frozen.total, frozen.year, frozen.row_count, str(frozen.reason)) == (6_240_000, 2022, 2, "Release")
    assert sorted(row.value for row in office.everything(FrozenRow)) == [1_240_000, 5_000_000]
    here = {"announced_id": statement.id, "frozen_id": frozen.id}
    assert "Nothing changed: the 2 rows are what they were." in officer.open("announced_figures.frozen", **here).text

    office.project("Newcomer", money=700_000)
    lamps, *_ = office.everything(Project)
    office.funding(lamps, 60_000, kind="supplementary")
    office.keep(FrozenRow(frozen_id=frozen.id, key="ND-gone", label=Words(en="Gone"), value=300_000))
    page = officer.open("announced_figures.frozen", **here)
    assert [row[0] for row in page.rows("Came since")] == ["Newcomer"]
    assert [row[:2] for row in page.rows("Went since")] == [["Gone", "ND-gone"]]
    [changed] = page.rows("Changed since")
    assert changed[0] == "Lamps"
    assert changed[4] == "+₩60,000"
    assert "Then 2, came 1, went 1, changed 1, unchanged 1 rows." in page.text


def test_a_change_is_frozen_with_both_of_its_years(app: Flask, office: Maker) -> None:
    statement = announced(office, 100, **GROWTH)
    officer = Visitor(app, "officer")
    assert officer.submit("announced_figures.freeze", {"reason": "x"}, announced_id=statement.id).status_code == 303
    assert [(row.year, row.total) for row in office.everything(FrozenFigure)] == [(2022, 2), (2021, 1)]
    [first, second] = officer.open("announced_figures.show", announced_id=statement.id).rows("Frozen figures")
    assert (first[3:], second[3:]) == (["1", "1", "±0"], ["2", "2", "±0"])


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"figure": None}, "The statement names no figure."),
        ({"figure": "gone.key"}, "No module offers this figure."),
        ({"year": 2019}, "Nothing is recorded of that year."),
    ],
)
def test_what_cannot_be_computed_is_not_frozen(
    lite_app: Flask, office: Maker, columns: dict[str, Any], words: str
) -> None:
    statement = announced(office, 2, **columns)
    officer = Visitor(lite_app, "officer")
    page = officer.refused("announced_figures.freeze", {"reason": "x"}, announced_id=statement.id)
    assert words in page.summary
    assert page.form().fields["reason"] == "x"
    assert office.everything(FrozenFigure) == []
    links = officer.open("announced_figures.show", announced_id=statement.id).links
    assert not any(link.endswith("/freeze") for link in links)


def test_a_figure_is_not_frozen_without_a_reason_nor_with_too_many_rows(
    lite_app: Flask, office: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = announced(office, 2)
    officer = Visitor(lite_app, "officer")
    officer.refused("announced_figures.freeze", {"reason": " "}, announced_id=statement.id)
    monkeypatch.setattr(rules, "MOST_ROWS", 1)
    page = officer.refused("announced_figures.freeze", {"reason": "x"}, announced_id=statement.id)
    assert "at most 1" in page.summary
    assert office.everything(FrozenFigure) == office.everything(FrozenRow) == []


def test_a_frozen_figure_of_another_statement_is_not_found_under_this_one(lite_app: Flask, office: Maker) -> None:
    first, second = announced(office, 2), announced(office, 3)
    officer = Visitor(lite_app, "officer")
    officer.submit("announced_figures.freeze", {"reason": "x"}, announced_id=first.id)
    [frozen] = office.everything(FrozenFigure)
    officer.open("announced_figures.frozen", announced_id=first.id, frozen_id=frozen.id)
    officer.open("announced_figures.frozen", announced_id=second.id, frozen_id=frozen.id, status=404)


# Who sees what -------------------------------------------------------------------------------------------------------


def test_managers_freeze_and_do_not_edit_and_readers_do_neither(lite_app: Flask, office: Maker) -> None:
    office.user("manager", Role.MANAGER)
    office.user("viewer", Role.VIEWER)
    statement = announced(office, 2)
    manager, viewer = Visitor(lite_app, "manager"), Visitor(lite_app, "viewer")
    here = {"announced_id": statement.id}
    links = manager.open("announced_figures.show", **here).links
    assert any(link.endswith("/freeze") for link in links)
    assert not any(link.endswith("/edit") for link in links)
    assert manager.submit("announced_figures.freeze", {"reason": "x"}, **here).status_code == 303
    links = viewer.open("announced_figures.show", **here).links
    assert not any(link.endswith(("/freeze", "/edit")) for link in links)


def test_a_role_in_one_module_alone_opens_no_announced_figure_and_offers_none(lite_app: Flask, office: Maker) -> None:
    office.user("specialist", Role.OFFICER, module="new_deal")
    specialist = Visitor(lite_app, "specialist")
    assert specialist.ask("/announced-figures").status_code == 403
    links = [*specialist.look("/").links, *specialist.look("/new-deal/").links]
    assert not any(link.startswith("/announced-figures") for link in links)


def test_a_role_for_announced_figures_alone_shows_statements_and_no_modules_figures(
    lite_app: Flask, office: Maker
) -> None:
    """What was printed is public; what the rows say is its module's."""
    statement = announced(office, 3, announced_on=dt.date(2022, 1, 25))
    here = {"announced_id": statement.id}
    Visitor(lite_app, "officer").submit("announced_figures.freeze", {"reason": "x"}, **here)
    [frozen] = office.everything(FrozenFigure)
    office.user("press", Role.OFFICER, module="announced_figures")
    press = Visitor(lite_app, "press")
    row = verdict_of(press, statement)
    assert (row["verdict"], row["computed"]) == ("not_computed", "")
    assert row["remark"] == "You have no role in the module of this figure."
    page = press.open("announced_figures.show", **here)
    assert not any(link.startswith("/new-deal") for link in page.links)
    assert page.rows("Frozen figures")[0][3:] == ["You have no role in the module of this figure."]
    shown = press.open("announced_figures.frozen", frozen_id=frozen.id, **here)
    assert "Lamps" not in shown.text
    refused = press.refused("announced_figures.freeze", {"reason": "x"}, **here)
    assert "You have no role in the module" in refused.summary
    offered = press.open("announced_figures.create").html
    assert "new_deal.projects" not in offered


def test_a_reader_of_two_districts_sees_each_statement_beside_its_own_districts_rows(app: Flask, make: Maker) -> None:
    other = make.district("songpa")
    for title in ("One", "Two"):
        make.project(title)
    for title in ("Three", "Four", "Five"):
        make.project(title, district=other)
    here, there = announced(make, 2), announced(make, 3, other)
    make.city_reader("city", make.home, other)
    city = Visitor(app, "city")
    rows = {row["id"]: (row["computed"], row["verdict"]) for row in in_file(city)}
    assert rows == {str(here.id): ("2", "matches"), str(there.id): ("3", "matches")}
    for statement, count in ((here, 2), (there, 3)):
        page = city.open("announced_figures.show", announced_id=statement.id)
        link = next(link for link in page.links if link.startswith("/new-deal/projects"))
        assert len(city.look(link).rows()) == count


# The demonstration ---------------------------------------------------------------------------------------------------


def test_the_articles_figures_of_yongsan_match_their_rows(demo_on_both: Flask) -> None:
    rows = in_file(Visitor(demo_on_both, "manager.yongsan", DEMONSTRATION))
    assert {(row["printed"], row["verdict"]) for row in rows} == {
        *(("83", "matches"), ("6300000000", "matches"), ("65", "matches"), ("6500000000", "matches")),
        *(("6", "matches"), ("2100000000", "matches"), ("22", "matches"), ("67", "matches"), ("11", "matches")),
    }


def test_the_restatement_of_2022_is_found_out_and_marked_as_later(demo_app: Flask) -> None:
    manager = Visitor(demo_app, "manager.dongdaemun", DEMONSTRATION)
    [row] = in_file(manager, "&q=%2B32")
    assert (row["printed"], row["from_own"], row["verdict"]) == ("7", "34.4", "differs")
    assert "Its own two figures make +34.4%." in row["remark"]
    assert "Announced after the date of this page." in row["remark"]
    page = manager.look(f"/announced-figures/{row['id']}")
    assert "after the date of this page" in page.text
    assert ["Made by these two", "+34.4%", ""] in page.rows("Against the two figures printed beside it")


def test_what_yongsan_decided_after_its_mid_year_report_shows_line_by_line(demo_app: Flask) -> None:
    visitor = Visitor(demo_app, "viewer.yongsan", DEMONSTRATION)
    [row] = in_file(visitor, "&q=6.3")
    page = visitor.look(f"/announced-figures/{row['id']}")
    shown = visitor.look(next(link for link in page.links if "/frozen/" in link))
    assert shown.rows("Changed since")
    assert re.search(r"sample", shown.text)
