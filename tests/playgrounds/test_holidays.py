"""The table of holidays: filled from the library, kept by the office, and turned into drafts of closures."""

import datetime as dt

import pytest
from factories import Maker
from flask import Flask
from makers import playgrounds as makers
from pages import Visitor

from districtops.models import Role
from districtops.playgrounds.calendar.models import Holiday, HolidayKind, Occasion
from districtops.playgrounds.calendar.source import holidays_of
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Cause, Kind
from districtops.playgrounds.schedule.models import Entry, Standing


@pytest.fixture
def place(make: Maker) -> Playground:
    """An ordinary playground and its officer."""
    make.user("officer", Role.OFFICER)
    found = makers.playground(make)
    makers.ordinary(make, found)
    return found


def test_the_library_knows_korea_and_which_days_belong_to_the_two_periods() -> None:
    found = {h.on_date: h for h in holidays_of(2023)}
    assert [d.isoformat() for d, h in found.items() if h.occasion is Occasion.SEOLLAL] == [
        f"2023-01-{n}" for n in (21, 22, 23, 24)
    ]
    assert found[dt.date(2023, 1, 24)].kind is HolidayKind.SUBSTITUTE
    assert found[dt.date(2023, 10, 2)].kind is HolidayKind.TEMPORARY
    assert found[dt.date(2023, 3, 1)].occasion is Occasion.OTHER
    assert found[dt.date(2023, 9, 29)].name.ko == "추석"
    assert {h.on_date.isoformat() for h in holidays_of(2022) if h.kind is HolidayKind.ELECTION} == {
        "2022-03-09",
        "2022-06-01",
    }
    with pytest.raises(ValueError, match="1999"):
        holidays_of(1999)


def test_filling_a_year_twice_adds_nothing_and_keeps_what_was_changed(
    app: Flask, make: Maker, place: Playground
) -> None:
    officer = Visitor(app, "officer")
    assert officer.submit("playgrounds.fill_holidays", {"year": "2023"}).status_code == 303
    before = len(make.everything(Holiday))
    seollal = next(h for h in make.everything(Holiday) if h.on_date == dt.date(2023, 1, 22))
    officer.submit("playgrounds.edit_holiday", {"name": "Our own words"}, holiday_id=seollal.id)
    answer = officer.submit("playgrounds.fill_holidays", {"year": "2023"})
    assert "0 holidays are added" in officer.follow(answer).flashed
    assert len(make.everything(Holiday)) == before
    assert "Our own words" in officer.look("/playgrounds/holidays?year=2023").text
    assert officer.refused("playgrounds.fill_holidays", {"year": "2090"}).errors


def test_the_periods_of_a_year_become_drafts_once(lite_app: Flask, make: Maker, place: Playground) -> None:
    officer = Visitor(lite_app, "officer")
    for _ in range(2):
        assert officer.submit("playgrounds.draft_closures", {"year": "2023"}, playground_id=place.id).status_code == 303
    drafts = [e for e in make.everything(Entry) if e.standing is Standing.DRAFT]
    assert [(e.kind, e.cause, e.first_on.isoformat(), str(e.last_on)) for e in drafts] == [
        (Kind.HOLIDAY_PERIOD, Cause.SEOLLAL, "2023-01-21", "2023-01-24"),
        (Kind.HOLIDAY_PERIOD, Cause.CHUSEOK, "2023-09-28", "2023-09-30"),
    ]


def test_a_temporary_holiday_that_would_change_a_published_day_raises_a_warning(
    lite_app: Flask, make: Maker, place: Playground
) -> None:
    officer = Visitor(lite_app, "officer")
    fields = {"on_date": "2022-09-13", "name": "Temporary holiday", "kind": "temporary", "source": "Gazette 1"}
    answer = officer.submit("playgrounds.add_holiday", {**fields, "occasion": "chuseok"})
    page = officer.follow(answer)
    assert "is published as open on Tue 13 Sep 2022" in page.flashed
    assert "is published as open on Tue 13 Sep 2022" in officer.look("/playgrounds/holidays?year=2022").text
    assert "published as open" in officer.look("/playgrounds/").text
    answer = officer.submit("playgrounds.add_holiday", {**fields, "on_date": "2022-10-03", "occasion": "other"})
    assert "published as open" not in officer.follow(answer).flashed, "ordinary holidays are open days"


def test_a_year_is_confirmed_with_its_source(lite_app: Flask, make: Maker, place: Playground) -> None:
    officer = Visitor(lite_app, "officer")
    fields = {"year": "2022", "source": "Almanac", "confirmed_on": "2022-03-15"}
    assert officer.refused("playgrounds.confirm_holidays", fields).summary
    officer.submit("playgrounds.fill_holidays", {"year": "2022"})
    assert officer.refused("playgrounds.confirm_holidays", {**fields, "confirmed_on": "2022-03-16"}).errors
    assert officer.submit("playgrounds.confirm_holidays", fields).status_code == 303
    assert "List confirmed up to 2022." in officer.look("/playgrounds/holidays?year=2022").text
