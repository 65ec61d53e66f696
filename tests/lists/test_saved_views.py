"""Filters, order and columns kept under a name: for oneself, or shared in one's division."""

from urllib.parse import urlencode

import pytest
from factories import Maker
from flask import Flask
from pages import Page, Visitor
from test_access import OWN
from test_list_indexes import set_to_something
from test_lists import Place, each_list
from werkzeug.test import TestResponse

from districtops.guard.tenancy import Scope, enter
from districtops.lists import queries
from districtops.models import ChangeRecord, Role, SavedView

LATE = "/new-deal/projects?status=delayed&sort=-budget_won&columns=title,officer,status"
VIEWS = "/new-deal/projects/views"


def keep(visitor: Visitor, name: str, url: str = LATE, **fields: object) -> TestResponse:
    """Save what an address shows under a name, from the link that its page offers."""
    link = next(link for link in visitor.look(url).links if link.partition("?")[0].endswith("/views"))
    return visitor.send(visitor.look(link), {"name": name, **fields})


def offered(page: Page) -> list[str]:
    """The names of the views in the menu of a list."""
    panel = next(e for e in page.tree.iter("div") if "views-panel" in (e.get("class") or ""))
    return [" ".join("".join(a.itertext()).split()) for a in panel.findall("a")][:-1]


@pytest.fixture
def division(make: Maker) -> dict[str, Visitor]:
    """Two people of one division, one of another, and one of none."""
    home, other = make.department("Roads"), make.department("Parks")
    make.project("A late one", status="delayed")
    make.project("A good one", status="on_schedule")
    for name, department in (("kim", home.id), ("lee", home.id), ("park", other.id), ("choi", None)):
        make.user(name, Role.VIEWER, department_id=department)
    return {name: Visitor(make.app, name) for name in ("kim", "lee", "park", "choi")}


def test_a_view_leads_back_to_the_same_rows_order_and_columns(app: Flask, division: dict[str, Visitor]) -> None:
    answer = keep(division["kim"], "Late and large")
    assert answer.headers["Location"] == LATE
    page = division["kim"].look("/new-deal/projects")
    assert offered(page) == ["Late and large"]
    assert LATE in page.links
    assert [row[0].removesuffix("More about this row") for row in division["kim"].look(LATE).rows()] == ["A late one"]
    assert 'aria-current="true"' in division["kim"].look(LATE).html, "the page says which view it is"


def test_a_view_is_private_until_it_is_shared_in_the_division(app: Flask, division: dict[str, Visitor]) -> None:
    keep(division["kim"], "Mine")
    keep(division["kim"], "Ours", shared="y")
    assert offered(division["lee"].look("/new-deal/projects")) == ["Ours Kim kim"]
    for name in ("park", "choi"):
        assert offered(division[name].look("/new-deal/projects")) == []
    assert "shared" not in division["choi"].look(VIEWS).form().fields, "of no division"
    page = division["lee"].look(VIEWS)
    assert page.rows("Saved views")[0][:3] == ["Ours", "Status: Delayed · by Budget, falling", "Roads (by Kim kim)"]
    assert [e for e in page.tree.iter("button") if e.get("name") == "remove"] == [], "somebody else's stays"


@each_list
def test_every_filter_of_every_list_comes_back_as_it_was_saved(lite_app: Flask, make: Maker, place: Place) -> None:
    make.one_of_each(make.home, OWN)
    make.user("reader", Role.VIEWER)
    reader = Visitor(lite_app, "reader")
    with lite_app.test_request_context("/"):
        enter(Scope(frozenset({make.home.id})))
        asked = [{name: form[name].raw_data[0]} for name, form in set_to_something(place)]
    for number, filters in enumerate([*asked, {"q": "words & = 가"}]):
        url = f"{place.path}?{urlencode({**filters, 'sort': place.listing.default_sort})}"
        answer = keep(reader, f"View {number}", url)
        assert answer.status_code == 303, Page(answer, url).summary
    for view in make.everything(SavedView, list_name=repr(place)):
        page = reader.look(queries.address(place.path, queries.arguments(view.query)))
        assert len(page.form(f"{place.path}/columns").fields.getlist("columns")) == len(view.query["columns"]) - 1
        assert "chip" in page.html


def test_a_view_is_replaced_and_removed(app: Flask, make: Maker, division: dict[str, Visitor]) -> None:
    kim = division["kim"]
    keep(kim, "Late")
    [view] = make.everything(SavedView)
    assert keep(kim, "Good", "/new-deal/projects?status=on_schedule", instead=view.token).status_code == 303
    assert offered(kim.look("/new-deal/projects")) == ["Good"]
    [view] = make.everything(SavedView)
    page = kim.look(VIEWS)
    fields = {**page.form().fields.to_dict(), "remove": view.token}
    assert "removed" in kim.follow(kim.ask(VIEWS, "POST", data=fields)).flashed
    assert offered(kim.look("/new-deal/projects")) == []


def test_another_tab_cannot_replace_or_remove_a_view_that_was_changed(
    app: Flask, make: Maker, division: dict[str, Visitor]
) -> None:
    kim = division["kim"]
    keep(kim, "Late")
    [seen] = make.everything(SavedView)
    first, second = kim.look(VIEWS), kim.look(VIEWS)
    assert kim.send(first, {"name": "Later", "instead": seen.token}).status_code == 303
    answer = kim.send(second, {"name": "Too late", "instead": seen.token})
    assert answer.status_code == 422
    refused = Page(answer, VIEWS)
    assert "changed or removed since" in refused.summary
    assert refused.form().fields["name"] == "Too late", "what was typed is kept"
    answer = kim.ask(VIEWS, "POST", data={**kim.look(VIEWS).form().fields.to_dict(), "remove": seen.token})
    assert answer.status_code == 422
    assert [view.name for view in make.everything(SavedView)] == ["Later"]


def test_nobody_changes_a_view_of_somebody_else(app: Flask, make: Maker, division: dict[str, Visitor]) -> None:
    keep(division["kim"], "Ours", shared="y")
    [view] = make.everything(SavedView)
    for name in ("lee", "park", "choi"):
        fields = division[name].look(VIEWS).form().fields.to_dict()
        for more in ({"remove": view.token}, {"instead": view.token, "name": "Taken"}):
            assert division[name].ask(VIEWS, "POST", data={**fields, **more}).status_code == 422
    assert [view.name for view in make.everything(SavedView)] == ["Ours"]


def test_the_division_clears_up_after_somebody_who_left(app: Flask, make: Maker, division: dict[str, Visitor]) -> None:
    keep(division["kim"], "Ours", shared="y")
    [view] = make.everything(SavedView)
    with make.inside() as session:
        session.get(type(view.owner), view.owner_id).active = False
        session.commit()
    for name, status in (("park", 422), ("lee", 303)):
        fields = {**division[name].look(VIEWS).form().fields.to_dict(), "remove": view.token}
        assert division[name].ask(VIEWS, "POST", data=fields).status_code == status
    assert make.everything(SavedView) == []


def test_a_name_stands_once_and_a_view_has_one(app: Flask, make: Maker, division: dict[str, Visitor]) -> None:
    assert keep(division["kim"], "Late").status_code == 303
    assert keep(division["lee"], "Late").status_code == 303, "each person has names of their own"
    answer = keep(division["kim"], "Late")
    assert answer.status_code == 422
    assert "You keep a view of this name already" in Page(answer, VIEWS).summary
    assert keep(division["kim"], " ").status_code == 422
    assert len(make.everything(SavedView)) == 2


def test_a_person_keeps_a_stated_number_of_views(lite_app: Flask, division: dict[str, Visitor], monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("districtops.lists.queries.MOST_OF_ONE", 2)
    kim = division["kim"]
    assert [keep(kim, name).status_code for name in ("One", "Two", "Three")] == [303, 303, 422]


@pytest.mark.parametrize("query", ["sort=x", "status=gone", "columns=x", "department=99999", "q=" + "x" * 101])
def test_what_a_list_does_not_offer_is_not_kept(
    lite_app: Flask, make: Maker, division: dict[str, Visitor], query: str
) -> None:
    kim = division["kim"]
    page = kim.look(f"{VIEWS}?{query}")
    assert "does not offer" in page.text
    assert kim.send(page, {"name": "Nonsense"}).status_code == 422
    assert make.everything(SavedView) == []


def test_a_view_whose_filter_is_no_more_says_so_and_can_be_removed(
    lite_app: Flask, make: Maker, division: dict[str, Visitor]
) -> None:
    keep(division["kim"], "Late")
    [view] = make.everything(SavedView)
    with make.inside() as session:
        session.merge(view).query = {
            "filters": {"status": "gone", "no_filter": "x"},
            "sort": "gone",
            "columns": ["gone"],
        }
        session.commit()
    assert "Late" in division["kim"].look(VIEWS).text
    division["kim"].look("/new-deal/projects?status=gone&sort=gone&columns=gone", status=422)


def test_a_reader_of_the_city_keeps_bookmarks(app: Flask, make: Maker) -> None:
    make.project()
    make.city_reader("city", make.home)
    city = Visitor(app, "city")
    assert not [link for link in city.look("/new-deal/projects").links if "/views" in link]
    page = city.look(VIEWS)
    assert "bookmark" in page.text
    token = city.open("accounts.account").form().fields["csrf_token"]
    assert city.ask(VIEWS, "POST", data={"csrf_token": token, "name": "x", "query": ""}).status_code == 422
    assert make.everything(SavedView) == []


def test_the_record_of_changes_keeps_that_a_view_was_saved_and_not_what_was_looked_for(
    lite_app: Flask, make: Maker, division: dict[str, Visitor]
) -> None:
    keep(division["kim"], "Somebody", "/new-deal/projects?q=Hong+Gildong")
    entries = make.everything(ChangeRecord, table_name="saved_view")
    assert [entry.changes["query"] for entry in entries] == [[None, None]]
    assert not any("Hong" in str(entry.changes) for entry in make.everything(ChangeRecord))
