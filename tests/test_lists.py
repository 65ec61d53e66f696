"""Every list of every module: its page, its CSV and its XLSX are the same rows, in every order, however cut."""

import base64
import csv
import io
import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import func, select
from wtforms import SelectField

from districtops.guard.passwords import DEMONSTRATION
from districtops.guard.tenancy import NOBODY, Scope, enter, within
from districtops.kit.db import db
from districtops.kit.listing import Listing
from districtops.kit.listing_page import SIZES, page_of
from districtops.models import District, Role
from districtops.module import Module
from districtops.registry import MODULES


@dataclass(frozen=True)
class Place:
    """A list and where it stands."""

    module: Module
    listing: Listing

    @property
    def path(self) -> str:
        return f"{self.module.blueprint.url_prefix}/{self.listing.name}"

    def __repr__(self) -> str:
        return f"{self.module.name}.{self.listing.name}"


LARGEST_PAGE = max(SIZES)
PLACES = [Place(module, listing) for module in MODULES for listing in module.lists]
each_list = pytest.mark.parametrize("place", PLACES, ids=repr)


def orders(listing: Listing) -> list[str]:
    """Every order that the list offers."""
    return [sign + column.key for column in listing.columns if column.sortable for sign in ("", "-")]


_homes: dict[str, str] = {}


def home_of(app: Flask, place: Place) -> str:
    """The district of the demonstration that has the most rows of a list, so that there is something to compare."""
    if repr(place) not in _homes:
        counts = {}
        with app.test_request_context("/"):
            enter(NOBODY)
            for district in db.session.execute(select(District)).scalars().all():
                with within(district.id):
                    rows = place.listing.select().subquery()
                    counts[district.slug] = db.session.execute(select(func.count()).select_from(rows)).scalar_one()
        _homes[repr(place)] = max(counts, key=lambda slug: counts[slug])
    return _homes[repr(place)]


def reader_of(app: Flask, place: Place, **more: Any) -> Visitor:
    """Somebody who reads that district's rows of a list."""
    return Visitor(app, f"viewer.{home_of(app, place)}", DEMONSTRATION, **more)


def rows_of_csv(visitor: Visitor, url: str) -> list[dict[str, str]]:
    """The rows of a download."""
    answer = visitor.ask(url)
    assert answer.status_code == 200, answer.get_data()
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


# What a list says of itself ----------------------------------------------------------------------------------------


@each_list
def test_a_lists_columns_have_keys_and_labels_of_their_own(place: Place) -> None:
    listing = place.listing
    keys = [column.key for column in listing.columns]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in keys)
    assert all(str(column.label) for column in listing.columns)
    labels = [str(column.label) for column in listing.columns]
    assert len(set(labels)) == len(labels)
    assert "id" in keys, "a file names its rows"
    assert len([column for column in listing.columns if column.primary]) == 1
    assert any(column.main for column in listing.columns), "a narrow screen shows something"
    assert listing.default_sort in orders(listing)
    assert all((column.expression is None) != (column.derive is None) for column in listing.columns)
    assert str(listing.title)
    assert str(listing.purpose)
    assert str(listing.empty_text)


@each_list
def test_money_in_a_file_says_that_it_is_won(place: Place) -> None:
    for column in place.listing.columns:
        assert (column.kind == "won") == column.key.endswith("_won"), column.key
        if column.kind == "won":
            assert str(column.unit) == "won"


# The same rows ------------------------------------------------------------------------------------------------------


@each_list
def test_the_page_the_csv_and_the_xlsx_hold_the_same_rows_in_the_same_order(demo_app: Flask, place: Place) -> None:
    visitor = reader_of(demo_app, place)
    primary = next(column.key for column in place.listing.columns if column.primary)
    for order in orders(place.listing):
        html = visitor.ask(f"{place.path}?sort={order}&size={LARGEST_PAGE}").get_data(as_text=True)
        shown = [unescape(name) for name in re.findall(r'class="cell-primary">\s*<a [^>]*>([^<]*)</a>', html)]
        in_csv = rows_of_csv(visitor, f"{place.path}.csv?sort={order}&header=keys")
        assert shown == [row[primary] for row in in_csv][:LARGEST_PAGE], order
        assert shown
    answer = visitor.ask(f"{place.path}.xlsx?sort={order}&header=keys")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert sheet is not None
    head, *body = sheet.iter_rows(values_only=True)
    assert list(head) == list(in_csv[0])
    assert [[_as_text(value) for value in row] for row in body] == [
        [_number(v) for v in row.values()] for row in in_csv
    ]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return _number(value.date().isoformat() if hasattr(value, "date") else str(value))


def _number(text: str) -> str:
    return re.sub(r"\.0+$", "", text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


@each_list
def test_headings_are_labels_in_the_readers_language_or_keys(demo_app: Flask, place: Place) -> None:
    visitor = reader_of(demo_app, place)
    keys = [column.key for column in place.listing.columns]
    assert list(rows_of_csv(visitor, f"{place.path}.csv?header=keys")[0]) == keys
    with_labels = list(rows_of_csv(visitor, f"{place.path}.csv")[0])
    assert len(with_labels) == len(keys)
    assert with_labels != keys


@each_list
def test_every_order_holds_every_row_once_in_that_order(demo_on_both: Flask, place: Place) -> None:
    with demo_on_both.test_request_context("/"):
        _enter(home_of(demo_on_both, place))
        everything = {row.id for row in db.session.execute(place.listing.select())}
    assert everything
    for order in orders(place.listing):
        forwards = walk(demo_on_both, place, order, backwards=False)
        assert len(forwards) == len(everything), order
        assert set(forwards) == everything
        assert walk(demo_on_both, place, order, backwards=True) == forwards, f"{order}, from the end"


def _enter(slug: str) -> None:
    enter(Scope(frozenset()))
    district = db.session.execute(select(District).where(District.slug == slug)).scalar_one()
    enter(Scope(frozenset({district.id}), home=district.id))


def walk(app: Flask, place: Place, order: str, backwards: bool) -> list[int]:
    """The ids of all rows, page by page, from the first to the last or the other way."""
    home = home_of(app, place)
    url: str | None = f"{place.path}?size=25&sort={order}" + ("&before=end" if backwards else "")
    pages: list[list[int]] = []
    while url is not None:
        with app.test_request_context(url):
            _enter(home)
            page = page_of(place.listing, place.path)
            assert page.status == 200, page.form.errors
            pages.append([row.id for row in page.rows])
            url = page.previous_url if backwards else page.next_url
            assert len(pages) < 50
    return [row_id for rows in (reversed(pages) if backwards else pages) for row_id in rows]


def test_unknown_values_come_last_and_ties_keep_their_places(app: Flask, make: Maker) -> None:
    for number in range(12):
        make.project(f"Known {number:02}", money=1_000 * (number % 3 + 1))
    for number in range(60):
        make.project(f"Unknown {number:02}")
    make.user("reader", Role.VIEWER)
    visitor = Visitor(app, "reader")
    for order in ("budget_won", "-budget_won", "execution_rate", "status", "-ends_on"):
        seen, url = [], f"/new-deal/projects?size=25&sort={order}"
        while url:
            page = visitor.look(url)
            seen += [row[0] for row in page.rows()]
            url = next((link for link in page.links if "after=" in link), "")
        assert len(seen) == len(set(seen)) == 72, order
        if "budget" in order:
            text = visitor.ask(f"/new-deal/projects.csv?sort={order}&header=keys").get_data().decode("utf-8-sig")
            amounts = [row["budget_won"] for row in csv.DictReader(io.StringIO(text))]
            known = [int(amount) for amount in amounts[:12]]
            assert known == sorted(known, reverse=order.startswith("-"))
            assert amounts[12:] == [""] * 60


@pytest.mark.parametrize("letters", ["\u3000", "👩‍👩‍👧", "\u00a0", "é", "%_\\", "'\"", "<b>", "가\u1112\u1161"])
def test_a_list_is_walked_whatever_letters_its_names_hold(lite_app: Flask, make: Maker, letters: str) -> None:
    for number in range(30):
        make.project(f"{letters}{number:02}{letters}x")
    make.user("reader", Role.VIEWER)
    visitor = Visitor(lite_app, "reader")
    first = visitor.look("/new-deal/projects?size=25&sort=title")
    second = visitor.look(next(link for link in first.links if "after=" in link))
    assert len(first.rows()) + len(second.rows()) == 30
    back = visitor.look(next(link for link in second.links if "before=" in link))
    assert back.rows() == first.rows()


def test_counting_stops_at_a_thousand(lite_app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("districtops.kit.listing_page.COUNT_STOPS_AT", 10)
    for number in range(12):
        make.project(f"Project {number}")
    make.user("reader", Role.VIEWER)
    assert "10+ rows" in Visitor(lite_app, "reader").look("/new-deal/projects").text


# Searching and filtering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lamp", 2),
        ("LAMP", 2),
        ("가로등", 1),
        ("100%", 1),
        ("_", 1),
        ("%", 1),
        ("\\", 1),
        ("nothing", 0),
        ("  lamp ", 2),
    ],
)
def test_the_search_takes_words_as_words(app: Flask, make: Maker, words: str, found: int) -> None:
    make.project("Street lamps", program={"title_ko": "가로등"})
    make.project("Lamp posts")
    make.project("100% renewable")
    make.project("under_score")
    make.project("back\\slash")
    make.user("reader", Role.VIEWER)
    answer = Visitor(app, "reader").ask("/new-deal/projects.csv", query_string={"q": words, "header": "keys"})
    assert len(list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))) == found


@each_list
def test_every_value_of_every_filter_gives_the_same_rows_on_the_page_and_in_the_file(
    demo_app: Flask, place: Place
) -> None:
    visitor = reader_of(demo_app, place)
    with demo_app.test_request_context("/"):
        _enter(home_of(demo_app, place))
        offered = {
            field.name: [str(choice.value) for choice in field.iter_choices() if choice.value not in ("", None)]
            for field in place.listing.form()
            if isinstance(field, SelectField) and field.name not in ("header", "encoding")
        }
        offered = {name: [v for v in values if v != "None"] for name, values in offered.items()}
    assert offered
    for name, values in offered.items():
        counts = []
        for value in values[:6]:
            count = len(rows_of_csv(visitor, f"{place.path}.csv?header=keys&{name}={_sent(value)}"))
            html = visitor.ask(f"{place.path}?size={LARGEST_PAGE}&{name}={_sent(value)}").get_data(as_text=True)
            assert html.count('class="cell-primary"') == min(count, LARGEST_PAGE), f"{name}={value}"
            counts.append(count)
        assert any(counts), f"no value of {name} finds anything"


def _sent(value: str) -> str:
    return {"True": "yes", "False": "no"}.get(value, value)


# Garbage -------------------------------------------------------------------------------------------------------------


def packed(value: Any) -> str:
    """A place in a list as an address writes it, with whatever in it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


GARBAGE = {
    "sort": ["x", "--title", "-", "title;drop", "id", "TITLE", "\x00"],
    "columns": ["x", "TITLE", "title,x", ",", "title,,stage", "id;drop", "<b>", "\x00", "x" * 5000],
    "size": ["0", "-1", "26", "x", "9" * 30, "25.0", "\x00"],
    "header": ["x", "LABELS", "\x00"],
    "encoding": ["x", "utf-16", "../../etc", "\x00"],
    "q": ["\x00", "x" * 101, "\x07"],
}
PLACES_IN_NO_LIST = [
    "x", "====", "é", "\x00", "a" * 4000, packed([1, 2, 3]), packed(["x"]), packed({"a": 1}), packed([None, True]),
    packed([None, -1]), packed([None, 2**31]), packed([None, 1.5]), packed([[], 1]), packed([{}, 1]),
    packed(["\x00", 1]),
    packed([True, 1]), packed([1.5, 1]), packed([10**30, 1]), packed("x"), packed(None), packed([["[" * 50], 1]),
    base64.urlsafe_b64encode(b"[" * 3000).decode(), base64.urlsafe_b64encode(b"\xff\xfe\x00").decode(),
    base64.urlsafe_b64encode(b'[NaN, 1]').decode(), base64.urlsafe_b64encode(b"[1e999, 1]").decode(),
]  # fmt: skip


@each_list
def test_garbage_is_refused_with_422_everywhere(lite_app: Flask, make: Maker, place: Place) -> None:
    make.one_of_each(make.home, 500)
    make.user("reader", Role.VIEWER)
    visitor = Visitor(lite_app, "reader")
    for name, values in GARBAGE.items():
        for value in values:
            for suffix in ("", ".csv", ".xlsx"):
                answer = visitor.ask(place.path + suffix, query_string={name: value})
                # A file has one page; its size says nothing.
                expected = {200, 422} if (suffix and name == "size") else {422}
                assert answer.status_code in expected, f"{suffix} {name}={value!r} → {answer.status_code}"


@each_list
def test_a_place_that_is_none_is_refused_with_422(app: Flask, make: Maker, place: Place) -> None:
    make.one_of_each(make.home, 500)
    make.user("reader", Role.VIEWER)
    visitor = Visitor(app, "reader")
    for text in PLACES_IN_NO_LIST:
        for name in ("after", "before"):
            answer = visitor.ask(place.path, query_string={name: text})
            assert answer.status_code == 422, f"{name}={text[:60]!r} → {answer.status_code}"


@each_list
def test_a_place_of_another_order_never_faults(app: Flask, make: Maker, place: Place) -> None:
    make.one_of_each(make.home, 500)
    values = ("words", "2022-13-45", "2022-03-01", "\ud800", "no such member", 5, -5, 2**62, 2**70, 1.5, True, [], None)
    for order in orders(place.listing):
        for value in values:
            query = urlencode({"sort": order, "after": packed([value, 1])})
            with app.test_request_context(f"{place.path}?{query}"):
                enter(Scope(frozenset({make.home.id})))
                assert page_of(place.listing, place.path).status in (200, 422), f"{order} after {value!r}"


@each_list
def test_every_filter_refuses_what_it_does_not_offer(lite_app: Flask, make: Maker, place: Place) -> None:
    make.one_of_each(make.home, 500)
    make.user("reader", Role.VIEWER)
    visitor = Visitor(lite_app, "reader")
    with lite_app.test_request_context("/"):
        enter(Scope(frozenset({make.home.id})))
        names = [field.name for field in place.listing.form() if isinstance(field, SelectField)]
    for name in names:
        for value in ("no such choice", "-1", "9" * 30, "\x00", "<b>"):
            for suffix in ("", ".csv", ".xlsx"):
                answer = visitor.ask(place.path + suffix, query_string={name: value})
                assert answer.status_code == 422, f"{suffix} {name}={value!r} → {answer.status_code}"
                assert b"<b>" not in answer.get_data()


@each_list
def test_a_refused_page_still_stands_and_says_what_is_wrong(lite_app: Flask, make: Maker, place: Place) -> None:
    make.user("reader", Role.VIEWER)
    visitor = Visitor(lite_app, "reader")
    for query in ("sort=x", "size=x", "after=x", "q=" + "x" * 101):
        page = visitor.look(f"{place.path}?{query}", status=422)
        words = [e for e in page.tree.iter() if (e.get("class") or "").startswith(("error", "note note-bad"))]
        assert words, query


@each_list
def test_an_empty_list_says_what_to_do(lite_app: Flask, make: Maker, place: Place) -> None:
    make.user("reader", Role.VIEWER)
    visitor = Visitor(lite_app, "reader")
    assert str(place.listing.empty_text) in visitor.look(place.path).text
    assert "Remove a filter" in visitor.look(f"{place.path}?q=nothing").text
    assert rows_of_csv(visitor, f"{place.path}.csv") == []
    assert visitor.ask(f"{place.path}.xlsx").status_code == 200
