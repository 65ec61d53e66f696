"""How the product looks for one person: the unit of money and the room of rows, kept from sign-in to sign-in."""

import re

import pytest
from factories import Maker
from flask import Flask
from pages import Visitor

from districtops.models import Role

SHOWN = {"won": "1,234,567,890", "thousand": "1,234,568", "million": "1,234.6", "eok": "12.35"}


def choose(visitor: Visitor, what: str, value: str) -> None:
    """Press the button of a setting in the frame of the list, which is then shown again."""
    page = visitor.look("/new-deal/projects?sort=-budget_won")
    fields = page.form(f"/account/{what}").fields.to_dict()
    answer = visitor.ask(f"/account/{what}", "POST", data={**fields, what: value})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/new-deal/projects?sort=-budget_won")


@pytest.mark.parametrize("unit", SHOWN)
def test_the_unit_is_kept_with_the_person_and_never_reaches_a_file(lite_app: Flask, make: Maker, unit: str) -> None:
    make.project(money=1_234_567_890)
    make.user("kim", Role.VIEWER)
    make.user("lee", Role.VIEWER)
    choose(Visitor(lite_app, "kim"), "unit", unit)
    again = Visitor(lite_app, "kim")
    html = again.look("/new-deal/projects").html
    assert re.search(rf'value="1234567890" title="₩1,234,567,890">{SHOWN[unit]}<', html), "exact on hover, rounded once"
    assert SHOWN["million"] in Visitor(lite_app, "lee").look("/new-deal/projects").html, "nobody else's"
    assert "1234567890" in again.ask("/new-deal/projects.csv?header=keys").get_data(as_text=True)


def test_the_room_of_rows_is_kept_with_the_person(lite_app: Flask, make: Maker) -> None:
    make.project()
    make.user("kim", Role.VIEWER)
    kim = Visitor(lite_app, "kim")
    assert 'data-density="comfortable"' in kim.look("/new-deal/projects").html
    choose(kim, "density", "compact")
    assert 'data-density="compact"' in Visitor(lite_app, "kim").look("/").html
    assert kim.open("accounts.account").form().fields["density"] == "compact"


def test_a_reader_of_the_city_chooses_too(app: Flask, make: Maker) -> None:
    make.project()
    make.city_reader("city", make.home)
    city = Visitor(app, "city")
    choose(city, "density", "compact")
    choose(city, "unit", "eok")
    html = Visitor(app, "city").look("/new-deal/projects").html
    assert 'data-density="compact"' in html
    assert "hundred million won" in html


@pytest.mark.parametrize(
    ("what", "value"), [("unit", "dollars"), ("density", "cosy"), ("density", ""), ("unit", "\x00")]
)
def test_what_is_not_offered_changes_nothing(lite_app: Flask, make: Maker, what: str, value: str) -> None:
    make.project()
    make.user("kim", Role.VIEWER)
    kim = Visitor(lite_app, "kim")
    choose(kim, what, value)
    page = kim.open("accounts.account").form()
    assert (page.fields["unit"], page.fields["density"]) == ("", "comfortable")
