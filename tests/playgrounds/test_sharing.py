"""Other programs read the schedule: a calendar by a secret address, and two public formats."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from factories import Maker
from flask import Flask
from icalendar import Calendar
from makers import playgrounds as makers
from opening_hours import OpeningHours
from pages import Page, Visitor

from districtops.guard.passwords import DEMONSTRATION
from districtops.models import Role
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.sharing.models import CalendarAddress


@pytest.fixture
def place(make: Maker) -> Playground:
    """An ordinary playground."""
    make.user("officer", Role.OFFICER)
    found = makers.playground(make)
    makers.ordinary(make, found)
    return found


def made(officer: Visitor, place: Playground) -> str:
    """A secret address, as it is shown once."""
    answer = officer.submit("playgrounds.make_address", {"label": "Site office"}, playground_id=place.id)
    page = Page(answer, "/playgrounds")
    [url] = ["".join(code.itertext()) for code in page.tree.iter("code")]
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_whoever_knows_the_address_reads_the_opening_times_and_nobody_else(
    app: Flask, make: Maker, place: Playground
) -> None:
    url = made(Visitor(app, "officer"), place)
    answer = Visitor(app).ask(url)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.get_data())
    events = list(calendar.walk("VEVENT"))
    first = next(e for e in events if isinstance(e.decoded("dtstart"), dt.datetime))
    assert first.decoded("dtstart").utcoffset() == dt.timedelta(hours=9)
    assert {e.decoded("dtstart").hour for e in events if isinstance(e.decoded("dtstart"), dt.datetime)} == {10}
    assert len({str(e["uid"]) for e in events}) == len(events)
    closed = [e for e in events if not isinstance(e.decoded("dtstart"), dt.datetime)]
    assert [e.decoded("dtstart").isoformat() for e in closed] == ["2022-09-09", "2022-09-10", "2022-09-11"]
    for wrong in (
        url[:-1],
        url + "x",
        "/playgrounds/calendar.ics",
        "/playgrounds/calendar.ics?key=",
        url.replace("key=", "key=9"),
    ):
        assert Visitor(app).ask(wrong).status_code == 404, wrong


def test_an_address_that_is_revoked_answers_like_one_that_never_was(
    lite_app: Flask, make: Maker, place: Playground
) -> None:
    officer = Visitor(lite_app, "officer")
    url = made(officer, place)
    [address] = make.everything(CalendarAddress)
    assert url.rpartition("=")[2] not in address.digest, "the secret itself is not kept"
    assert officer.submit("playgrounds.revoke_address", {}, address_id=address.id).status_code == 303
    assert Visitor(lite_app).ask(url).status_code == 404
    assert officer.refused("playgrounds.revoke_address", {}, address_id=address.id)


def test_an_address_of_another_district_opens_that_districts_playground_only(
    lite_app: Flask, make: Maker, place: Playground
) -> None:
    url = made(Visitor(lite_app, "officer"), place)
    elsewhere = make.district("songpa")
    makers.playground(make, "Theirs", elsewhere)
    secret = url.rpartition("=")[2]
    forged = url.replace(secret, f"{elsewhere.id}-{secret.partition('-')[2]}")
    assert Visitor(lite_app).ask(forged).status_code == 404
    assert b"Theirs" not in Visitor(lite_app).ask(url).get_data()


def test_the_public_formats_say_what_the_rules_say(demo_app: Flask) -> None:
    found = Visitor(demo_app, "viewer.songpa", DEMONSTRATION).ask("/playgrounds/1/opening-hours.json").get_json()
    stranger = OpeningHours(found["osm:opening_hours"])
    kst = dt.datetime(2022, 2, 2, 12)  # noqa: DTZ001 - the wall clock of the gate
    assert stranger.is_open(kst)
    assert not stranger.is_open(kst - dt.timedelta(days=1))
    assert "PH" not in found["osm:opening_hours"]
    hours = {(s["validFrom"], s["opens"], s["closes"]) for s in found["specialOpeningHoursSpecification"]}
    assert {
        ("2022-02-01", "00:00", "00:00"),
        ("2022-02-02", "10:00", "17:00"),
        ("2022-04-01", "10:00", "18:00"),
    } <= hours
    assert len(hours) == 365
