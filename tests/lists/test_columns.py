"""Every list lets its reader choose columns: for once by the address, from now on by keeping them."""

import csv
import io

import openpyxl
import pytest
from acts import office
from factories import Maker
from flask import Flask
from pages import Page, Visitor, text_of
from test_lists import Place, each_list

from districtops.kit.columns import SAMPLE
from districtops.models import Role


def headings(page: Page) -> list[str]:
    """The words of the table's heading, without the unit of money."""
    cells = page.tree.findall(".//thead/tr/th")
    return [text_of(c).removesuffix(text_of(c.find("span[@class='unit']"))) for c in cells]


def choose(visitor: Visitor, page: Page, act: str, *columns: str) -> Page:
    """Tick these columns and press a button."""
    path = page.url.partition("?")[0]
    fields = page.form(f"{path}/columns").fields.copy()
    fields.setlist("columns", list(columns))
    fields["act"] = act
    return visitor.follow(visitor.ask(f"{path}/columns", "POST", data=fields))


@pytest.fixture
def reader(lite_app: Flask, make: Maker) -> Visitor:
    """Somebody who reads one row of everything."""
    office(make)
    make.user("reader", Role.VIEWER)
    return Visitor(lite_app, "reader")


@each_list
def test_each_column_may_be_shown_and_left_out(reader: Visitor, place: Place) -> None:
    primary = place.listing.primary()
    for column in place.listing.columns:
        if column.key != SAMPLE:
            page = reader.look(f"{place.path}?columns={column.key}")
            labels = [c.label for c in place.listing.columns if c.key in (column.key, primary.key)]
            assert headings(page) == [str(label) for label in labels]


@each_list
def test_a_file_holds_all_columns_unless_it_is_asked_for_fewer(reader: Visitor, place: Place) -> None:
    listing = place.listing
    page = reader.look(f"{place.path}?columns={listing.primary().key}")
    [link] = [link for link in page.links if ".csv?" in link and "columns=" in link]
    narrow = next(csv.reader(io.StringIO(reader.ask(f"{link}&header=keys").get_data().decode("utf-8-sig"))))
    assert narrow == [c.key for c in listing.columns if c.primary or c.key == SAMPLE], "sample rows stay marked"
    sheet = openpyxl.load_workbook(
        io.BytesIO(reader.ask(link.replace(".csv", ".xlsx") + "&header=keys").get_data())
    ).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == narrow
    whole = next(link for link in page.links if ".csv" in link and "columns=" not in link)
    head = next(
        csv.reader(
            io.StringIO(
                reader.ask(whole + ("&" if "?" in whole else "?") + "header=keys").get_data().decode("utf-8-sig")
            )
        )
    )
    assert head == [column.key for column in listing.columns]


@each_list
def test_kept_columns_are_there_again_for_the_person_alone(
    lite_app: Flask, reader: Visitor, make: Maker, place: Place
) -> None:
    usual = headings(reader.look(place.path))
    primary = place.listing.primary()
    other = next(c for c in place.listing.columns if c.key not in (SAMPLE, primary.key) and not c.on_page)
    wanted = [str(c.label) for c in place.listing.columns if c in (other, primary)]
    shown = choose(reader, reader.look(place.path), "show", other.key)
    assert headings(shown) == wanted
    assert headings(reader.look(place.path)) == usual, "only for once"
    assert headings(choose(reader, shown, "keep", other.key)) == wanted
    again = Visitor(lite_app, "reader")
    assert headings(again.look(place.path)) == wanted
    make.user("another", Role.VIEWER)
    assert headings(Visitor(lite_app, "another").look(place.path)) == usual
    assert headings(again.look(f"{place.path}?columns={primary.key}")) == [str(primary.label)], (
        "the address comes first"
    )
    assert headings(choose(again, again.look(place.path), "usual")) == usual


def test_the_filters_and_the_order_stay_when_columns_are_chosen(reader: Visitor) -> None:
    page = reader.look("/new-deal/projects?q=words&sort=-budget_won&size=25")
    answer = reader.send(page, {"columns": ["stage", "officer"]}, action="/new-deal/projects/columns")
    assert (
        answer.headers["Location"] == "/new-deal/projects?q=words&sort=-budget_won&size=25&columns=title,officer,stage"
    )
    filters = next(f for f in reader.follow(answer).forms if f.method == "get")
    assert filters.fields["columns"] == "title,officer,stage", "searching again keeps them"


def test_no_column_ticked_leaves_the_names(reader: Visitor) -> None:
    assert headings(choose(reader, reader.look("/new-deal/projects"), "show")) == ["Project"]


def test_a_kept_column_that_is_no_more_is_passed_over(lite_app: Flask, make: Maker) -> None:
    make.project()
    make.user("reader", Role.VIEWER, list_columns={"new_deal.projects": ["gone", "stage"], "gone.list": ["x"]})
    make.user("other", Role.VIEWER, list_columns={"new_deal.projects": ["gone"]})
    assert headings(Visitor(lite_app, "reader").look("/new-deal/projects")) == ["Project", "Stage"]
    assert len(headings(Visitor(lite_app, "other").look("/new-deal/projects"))) > 3


@pytest.mark.parametrize("keys", [["gone"], ["title", "\x00"], ["title,stage"], ["<b>"]])
def test_a_column_that_is_not_offered_is_not_kept(reader: Visitor, keys: list[str]) -> None:
    before = headings(reader.look("/new-deal/projects"))
    for act in ("keep", "show", "nonsense"):
        page = choose(reader, reader.look("/new-deal/projects"), act, *keys)
        assert "was not kept" in page.flashed
        assert headings(page) == before


def test_a_reader_of_the_city_keeps_columns_too(app: Flask, make: Maker) -> None:
    make.project()
    make.city_reader("city", make.home)
    city = Visitor(app, "city")
    choose(city, city.look("/new-deal/projects"), "keep", "officer")
    assert headings(Visitor(app, "city").look("/new-deal/projects")) == ["Project", "Officer"]
