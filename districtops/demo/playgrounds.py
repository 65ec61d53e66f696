"""The dog playground of the demonstration: its zones, its schedule, the pilot's daily log and residents' opinions."""

import datetime as dt
import secrets
from decimal import Decimal

from sqlalchemy import select

from districtops import clock
from districtops.demo.files import Line, Office, day, maybe, rows, words
from districtops.guard.identity import keyed_digest
from districtops.kit.db import db
from districtops.kit.text import Words
from districtops.models import User
from districtops.playgrounds.calendar.actions import fill
from districtops.playgrounds.opinions.models import Feedback, Step, Topic
from districtops.playgrounds.places.models import DogSize, Playground, Status, Zone
from districtops.playgrounds.rules import Cause, Kind
from districtops.playgrounds.schedule.models import Entry, Standing, Weekday
from districtops.playgrounds.sharing.models import CalendarAddress
from districtops.playgrounds.use.models import DayLog, HourCount, Incident, IncidentKind

HOLIDAYS = (2021, 2022, 2023)
"""The years whose public holidays are in the table. Those of 2023 have no published period yet: not prepared."""


def load(office: Office) -> None:
    """The playground of a district that has one, and everything about it."""
    places = {line["key"]: line for line in office.own("playgrounds")}
    if not places:
        return
    found = {key: _playground(line) for key, line in places.items()}
    db.session.add_all(found.values())
    db.session.flush()
    zones = {
        (line["playground"], line["key"]): _zone(line, found[line["playground"]]) for line in _lines("zones", found)
    }
    db.session.add_all(zones.values())
    for year in HOLIDAYS:
        fill(year)
    people = {user.username: user for user in db.session.execute(select(User)).scalars()}
    author, approver = people[f"officer.{office.slug}"], people[f"manager.{office.slug}"]
    for line in _lines("entries", found):
        db.session.add(_entry(line, found[line["playground"]], author, approver))
    for line in _lines("feedback", found):
        db.session.add(_feedback(line, found[line["playground"]]))
    _logs(found, zones, author)
    for place in found.values():
        # Its secret is thrown away: in a demonstration nobody subscribes, and it shows what can be revoked.
        db.session.add(
            CalendarAddress(
                playground_id=place.id,
                label=Words(en="Site office (sample)", ko="현장 안내소(예시)"),
                digest=keyed_digest(secrets.token_urlsafe()),
                made_at=clock.now(),
                made_by_id=author.id,
            )
        )
    db.session.flush()


def _lines(name: str, found: dict[str, Playground]) -> list[Line]:
    return [line for line in rows(f"playground_{name}") if line["playground"] in found]


def _playground(line: Line) -> Playground:
    return Playground(
        name_en=line["name_en"],
        name_ko=line["name_ko"],
        address=Words(line["address_en"], line["address_ko"]),
        site=words(line, "site"),
        status=Status(line["status"]),
        off_leash=line["off_leash"] == "1",
        visitor_rules=words(line, "visitor_rules"),
        sample=False,
        fact=line["fact"],
    )


def _zone(line: Line, place: Playground) -> Zone:
    return Zone(
        playground_id=place.id,
        name=Words(line["name_en"], line["name_ko"]),
        dog_size=DogSize(line["dog_size"]),
        area_pyeong=maybe(line["area_pyeong"], Decimal),
        area_m2=maybe(line["area_m2"], Decimal),
        fact=line["fact"],
    )


def _entry(line: Line, place: Playground, author: User, approver: User) -> Entry:
    published = maybe(line["published_at"], dt.datetime.fromisoformat)
    at = published.replace(tzinfo=clock.KOREA) if published else None
    return Entry(
        playground_id=place.id,
        kind=Kind(line["kind"]),
        cause=maybe(line["cause"], Cause),
        first_on=dt.date.fromisoformat(line["first_on"]),
        last_on=day(line["last_on"]),
        yearly_from=line["yearly_from"] or None,
        yearly_to=line["yearly_to"] or None,
        weekday=maybe(line["weekday"], Weekday),
        opens=maybe(line["opens"], dt.time.fromisoformat),
        closes=maybe(line["closes"], dt.time.fromisoformat),
        reason=Words(line["reason_en"], line["reason_ko"]),
        standing=Standing(line["standing"]),
        drafted_by_id=author.id,
        drafted_at=at or clock.now(),
        approved_by_id=approver.id if at else None,
        approved_at=at,
        published_at=at,
        sample=line["sample"] == "1",
        fact=line["fact"] or None,
    )


def _feedback(line: Line, place: Playground) -> Feedback:
    return Feedback(
        playground_id=place.id,
        received_on=dt.date.fromisoformat(line["received_on"]),
        topic=Topic(line["topic"]),
        text=Words(line["text_en"], line["text_ko"]),
        step=Step(line["step"]),
        reviewed_on=day(line["reviewed_on"]),
        decided_on=day(line["decided_on"]),
        reason=words(line, "reason"),
        done_on=day(line["done_on"]),
        improvement=words(line, "improvement"),
        answered_on=day(line["answered_on"]),
        sample=line["sample"] == "1",
        fact=line["fact"] or None,
    )


def _logs(found: dict[str, Playground], zones: dict[tuple[str, str], Zone], author: User) -> None:
    counts, incidents = _lines("counts", found), _lines("incidents", found)
    logs: dict[tuple[str, str], DayLog] = {}
    for line in _lines("logs", found):
        key = (line["playground"], line["on_date"])
        counted = [c for c in counts if (c["playground"], c["on_date"]) == key]
        logs[key] = DayLog(
            playground_id=found[line["playground"]].id,
            on_date=dt.date.fromisoformat(line["on_date"]),
            opened_at=maybe(line["opened_at"], dt.time.fromisoformat),
            closed_at=maybe(line["closed_at"], dt.time.fromisoformat),
            visitors=sum(int(c["visitors"]) for c in counted) if counted else None,
            dogs=sum(int(c["dogs"]) for c in counted) if counted else None,
            incidents=sum((i["playground"], i["on_date"]) == key for i in incidents),
            note=words(line, "note"),
            by_id=author.id,
            sample=line["sample"] == "1",
        )
    db.session.add_all(logs.values())
    db.session.flush()
    for line in counts:
        db.session.add(
            HourCount(
                log_id=logs[line["playground"], line["on_date"]].id,
                zone_id=zones[line["playground"], line["zone"]].id,
                hour=int(line["hour"]),
                visitors=int(line["visitors"]),
                dogs=int(line["dogs"]),
            )
        )
    for line in incidents:
        db.session.add(
            Incident(
                log_id=logs[line["playground"], line["on_date"]].id,
                zone_id=zones[line["playground"], line["zone"]].id,
                kind=IncidentKind(line["kind"]),
                at_time=maybe(line["at_time"], dt.time.fromisoformat),
                description=Words(line["description_en"], line["description_ko"]),
                mistaken=False,
                sample=line["sample"] == "1",
            )
        )
