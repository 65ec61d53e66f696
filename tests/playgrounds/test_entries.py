"""An entry's way: drafted, approved by somebody else, published, replaced or withdrawn; and what was known when."""

import datetime as dt

import pytest
import time_machine
from factories import Maker
from flask import Flask
from makers import playgrounds as makers
from pages import Visitor

from districtops.kit.text import Words
from districtops.models import Role
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Kind
from districtops.playgrounds.schedule.models import Entry, Standing

CLOSURE = {"kind": "dated_closure", "first_on": "2022-03-17", "last_on": "2022-03-17", "reason": "Repairs"}


@pytest.fixture
def place(make: Maker) -> Playground:
    """An ordinary playground, an officer and a manager."""
    make.user("officer", Role.OFFICER)
    make.user("manager", Role.MANAGER)
    make.user("both", Role.OFFICER, Role.MANAGER)
    found = makers.playground(make)
    makers.ordinary(make, found)
    return found


def draft(visitor: Visitor, place: Playground, **fields: str) -> int:
    """Draft an entry; its number."""
    answer = visitor.submit("playgrounds.add_entry", {**CLOSURE, **fields}, playground_id=place.id)
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[-1])


def state_on(visitor: Visitor, day: str, **query: str) -> str:
    """What the list says of a day."""
    text = visitor.ask("/playgrounds/days.csv", query_string={"from": day, "to": day, "header": "keys", **query})
    return text.get_data(as_text=True).splitlines()[1].split(",")[3]


def test_nothing_counts_before_somebody_else_approved_it_and_it_is_published(
    app: Flask, make: Maker, place: Playground
) -> None:
    officer, manager = Visitor(app, "officer"), Visitor(app, "manager")
    number = draft(officer, place)
    assert state_on(officer, "2022-03-17") == "open"
    assert officer.refused("playgrounds.publish", {}, entry_id=number).summary
    assert "To approve: " in manager.open("dashboard.index").text
    assert "To approve: " not in officer.open("dashboard.index").text
    assert manager.submit("playgrounds.approve", {"doc_no": "A-1"}, entry_id=number).status_code == 303
    assert "To approve: " not in manager.open("dashboard.index").text
    assert "To publish: " not in manager.open("dashboard.index").text
    assert "To publish: " in officer.open("dashboard.index").text
    assert state_on(officer, "2022-03-17") == "open"
    assert officer.submit("playgrounds.publish", {}, entry_id=number).status_code == 303
    assert state_on(officer, "2022-03-17") == "closed"
    page = officer.look("/playgrounds/?on=2022-03-17")
    assert "dated closure: Repairs" in page.text
    assert "next open Fri 18 Mar 2022 10:00" in page.text


def test_a_notice_tells_days_in_a_row_in_one_line(lite_app: Flask, make: Maker, place: Playground) -> None:
    makers.entry(
        make, place, Kind.DATED_CLOSURE, dt.date(2022, 3, 8), last_on=dt.date(2022, 3, 11), reason=Words(en="Repairs")
    )
    makers.entry(
        make, place, Kind.DATED_CLOSURE, dt.date(2022, 3, 18), last_on=dt.date(2022, 3, 18), reason=Words(en="Snow")
    )
    page = Visitor(lite_app, "officer").open("playgrounds.notice", playground_id=place.id, month="2022-03")
    assert page.rows("Days that differ from the ordinary week") == [
        ["Tue 8 Mar 2022 – Fri 11 Mar 2022", "Closed", "dated closure: Repairs"],
        ["Fri 18 Mar 2022", "Closed", "dated closure: Snow"],
    ]


def test_nobody_approves_what_they_drafted(lite_app: Flask, make: Maker, place: Playground) -> None:
    both = Visitor(lite_app, "both")
    number = draft(both, place)
    page = both.refused("playgrounds.approve", {}, entry_id=number)
    assert "Somebody else must approve" in page.summary
    assert "To approve" not in both.open("dashboard.index").text
    assert make.everything(Entry)[-1].standing is Standing.DRAFT


def test_a_change_after_the_approval_needs_a_new_one(lite_app: Flask, make: Maker, place: Playground) -> None:
    officer, manager = Visitor(lite_app, "officer"), Visitor(lite_app, "manager")
    number = draft(officer, place)
    manager.submit("playgrounds.approve", {}, entry_id=number)
    assert officer.submit("playgrounds.revise", {"reason": "Other repairs"}, entry_id=number).status_code == 303
    assert officer.refused("playgrounds.publish", {}, entry_id=number)


def test_a_safety_closure_counts_with_its_approval(lite_app: Flask, make: Maker, place: Playground) -> None:
    officer, manager = Visitor(lite_app, "officer"), Visitor(lite_app, "manager")
    number = draft(officer, place, kind="safety_closure", cause="flood", reason="High water")
    manager.submit("playgrounds.approve", {}, entry_id=number)
    assert state_on(officer, "2022-03-17") == "closed"


def test_what_is_published_is_replaced_and_what_was_known_stays_known(app: Flask, make: Maker) -> None:
    with time_machine.travel(dt.datetime(2022, 3, 1, 3, tzinfo=dt.UTC)):
        make.user("officer", Role.OFFICER)
        make.user("manager", Role.MANAGER)
        place = makers.playground(make)
        makers.ordinary(make, place)
    with time_machine.travel(dt.datetime(2022, 3, 10, 3, tzinfo=dt.UTC)):
        entry = makers.entry(make, place, Kind.DATED_CLOSURE, dt.date(2022, 3, 17), last_on=dt.date(2022, 3, 17))
    with time_machine.travel(dt.datetime(2022, 3, 15, 3, tzinfo=dt.UTC)):
        officer, manager = Visitor(app, "officer"), Visitor(app, "manager")
        moved = {"first_on": "2022-03-18", "last_on": "2022-03-18"}
        answer = officer.submit("playgrounds.revise", moved, entry_id=entry.id)
        number = int(answer.location.rsplit("/", 1)[-1])
        assert number != entry.id, "a published entry is never edited"
        manager.submit("playgrounds.approve", {}, entry_id=number)
        officer.submit("playgrounds.publish", {}, entry_id=number)
        assert [state_on(officer, day) for day in ("2022-03-17", "2022-03-18")] == ["open", "closed"]
        known = [state_on(officer, "2022-03-17", known=f"2022-03-{day}") for day in ("09", "12", "15")]
        assert known == ["open", "closed", "open"]
    old = next(row for row in make.everything(Entry) if row.id == entry.id)
    assert (old.standing, old.first_on) == (Standing.WITHDRAWN, dt.date(2022, 3, 17))


def test_a_withdrawal_needs_its_reason_and_reopens(lite_app: Flask, make: Maker, place: Playground) -> None:
    entry = makers.entry(make, place, Kind.DATED_CLOSURE, dt.date(2022, 3, 17), last_on=dt.date(2022, 3, 17))
    manager = Visitor(lite_app, "manager")
    assert manager.refused("playgrounds.withdraw", {"reason": ""}, entry_id=entry.id)
    assert manager.submit("playgrounds.withdraw", {"reason": "Done early"}, entry_id=entry.id).status_code == 303
    assert state_on(manager, "2022-03-17") == "open"
    assert manager.refused("playgrounds.withdraw", {"reason": "Again"}, entry_id=entry.id)


def test_an_opening_that_is_cancelled_is_reported_on_save(lite_app: Flask, make: Maker, place: Playground) -> None:
    makers.entry(make, place, Kind.DATED_CLOSURE, dt.date(2022, 3, 21), last_on=dt.date(2022, 3, 21))
    officer = Visitor(lite_app, "officer")
    fields = {"kind": "exceptional_opening", "first_on": "2022-03-21", "last_on": "2022-03-22", "reason": "Festival"}
    answer = officer.submit(
        "playgrounds.add_entry", {**fields, "opens": "9:00", "closes": "12:00"}, playground_id=place.id
    )
    assert "This opening has no effect on Mon 21 Mar 2022: dated closure wins." in officer.follow(answer).flashed


def test_a_playground_that_is_marked_as_suspended_asks_for_a_published_closure(
    lite_app: Flask, make: Maker, place: Playground
) -> None:
    officer = Visitor(lite_app, "officer")
    assert officer.submit("playgrounds.edit", {"status": "suspended"}, playground_id=place.id).status_code == 303
    for url in ("/playgrounds/", f"/playgrounds/{place.id}"):
        assert "publish a closure as well" in officer.look(url).text


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"last_on": "2022-03-16"}, "last_on", "before the first"),
        ({"opens": "10:00"}, "closes", "both times"),
        ({"opens": "12:00", "closes": "11:00"}, "closes", "begin before it ends"),
        ({"kind": "exceptional_opening", "opens": "12:00", "closes": "11:00"}, "closes", "open before it closes"),
        ({"opens": "25:00"}, "opens", "time of day"),
        ({"kind": "base_hours"}, "opens", "opening time"),
        ({"kind": "base_hours", "last_on": "", "opens": "09:00", "closes": "17:00"}, "first_on", "other hours"),
        ({"kind": "flood_period", "opens": "10:00", "closes": "12:00"}, "opens", "whole days"),
        ({"kind": "flood_period", "last_on": ""}, "last_on", "last day"),
        ({"kind": "exceptional_opening", "last_on": ""}, "last_on", "last day"),
        ({"kind": "weekly_closure"}, "weekday", "day of the week"),
        ({"weekday": "mon"}, "weekday", "regular closing day"),
        ({"kind": "safety_closure"}, "cause", "Choose a cause"),
        ({"kind": "safety_closure", "cause": "seollal"}, "cause", "Choose a cause"),
        ({"cause": "heat"}, "cause", "no cause"),
        ({"yearly_from": "04-01", "yearly_to": "05-01"}, "yearly_from", "every year"),
        (
            {"kind": "seasonal_closure", "cause": "heat", "yearly_from": "04-31", "yearly_to": "05-01"},
            "yearly_from",
            "month",
        ),
        ({"kind": "seasonal_closure", "cause": "heat", "yearly_from": "04-01"}, "yearly_to", "month"),
        ({"notice_url": "javascript:alert(1)"}, "notice_url", "http"),
        ({"first_on": "2022-02-30"}, "first_on", "calendar"),
        ({"reason": ""}, "reason", "required"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    lite_app: Flask, make: Maker, place: Playground, fields: dict[str, str], field: str, words: str
) -> None:
    page = Visitor(lite_app, "officer").refused("playgrounds.add_entry", {**CLOSURE, **fields}, playground_id=place.id)
    faulty = {e.get("id", "") for e in page.tree.iter("p") if "error" in (e.get("class") or "").split()}
    assert f"{field}-error" in faulty
    assert words in page.summary
    assert page.form().fields["kind"] == fields.get("kind", "dated_closure"), "what was typed is kept"


def test_residents_read_the_reason_in_their_own_language(lite_app: Flask, make: Maker, place: Playground) -> None:
    officer, manager = Visitor(lite_app, "officer"), Visitor(lite_app, "manager")
    number = draft(officer, place, kind="safety_closure", cause="flood", reason="High water", reason_other="수위 상승")
    assert manager.submit("playgrounds.approve", {}, entry_id=number).status_code == 303
    assert "High water" in officer.look("/playgrounds/?on=2022-03-17").text
    assert "수위 상승" in Visitor(lite_app, "officer", language="ko").look("/playgrounds/?on=2022-03-17").text
    form = officer.open("playgrounds.revise", entry_id=number).form()
    assert (form.fields["reason"], form.fields["reason_other"]) == ("High water", "수위 상승")
