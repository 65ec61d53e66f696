"""A playground's day as the guides on site wrote it down."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import DistrictScoped, User, within_district
from districtops.playgrounds.places.models import Playground, Zone


class IncidentKind(LabelledEnum):
    """What happened."""

    BITE = "bite", _l("Dog bite")
    FIGHT = "fight", _l("Dog fight")
    INJURY = "injury", _l("Injury")
    DAMAGE = "damage", _l("Damage to the facility")
    OTHER = "other", _l("Other incident")


class DayLog(DistrictScoped, Versioned, Base):
    """One day of a playground. ``visitors``, ``dogs`` and ``incidents`` are kept in step with the rows that make them;
    None where nobody counted."""

    __tablename__ = "playgrounds_day_log"
    __label__ = _l("Daily log")
    __constraints__ = (
        within_district("playground_id", "playgrounds_playground"),
        within_district("by_id", "user_account"),
        CheckConstraint("visitors IS NULL OR visitors >= 0", name="visitors"),
        CheckConstraint("dogs IS NULL OR dogs >= 0", name="dogs"),
        Index("ix_playgrounds_day_log_playground", "district_id", "playground_id", "on_date"),
        Index("ix_playgrounds_day_log_day", "district_id", "on_date", "id"),
        Index("ix_playgrounds_day_log_visitors", "district_id", "visitors", "id"),
        Index("ix_playgrounds_day_log_incidents", "district_id", "incidents", "id"),
    )

    playground_id: Mapped[int] = labelled(_l("Playground"), info={"silent": True})
    on_date: Mapped[dt.date] = labelled(_l("Day"))
    opened_at: Mapped[dt.time | None] = labelled(_l("Opened at"))
    closed_at: Mapped[dt.time | None] = labelled(_l("Closed at"))
    visitors: Mapped[int | None] = labelled(_l("Visitors"))
    dogs: Mapped[int | None] = labelled(_l("Dogs"))
    incidents: Mapped[int] = labelled(_l("Incidents"), default=0)
    note: Mapped[Words | None] = labelled(_l("Note"))
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account"})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    playground: Mapped[Playground] = relationship(
        primaryjoin="foreign(DayLog.playground_id) == Playground.id", lazy="joined", innerjoin=True, viewonly=True
    )
    by: Mapped[User | None] = relationship(primaryjoin="foreign(DayLog.by_id) == User.id", viewonly=True)


class HourCount(DistrictScoped, Versioned, Base):
    """Who came into a zone in one hour of a day: people, and dogs."""

    __tablename__ = "playgrounds_hour_count"
    __label__ = _l("Count of an hour")
    __constraints__ = (
        within_district("log_id", "playgrounds_day_log"),
        within_district("zone_id", "playgrounds_zone"),
        CheckConstraint("visitors >= 0 AND dogs >= 0", name="not_below_zero"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        Index("ix_playgrounds_hour_count_log", "district_id", "log_id", "zone_id", "hour"),
    )

    log_id: Mapped[int] = labelled(_l("Daily log"), info={"silent": True})
    zone_id: Mapped[int] = labelled(_l("Zone"), info={"silent": True})
    hour: Mapped[int] = labelled(_l("Hour"))
    visitors: Mapped[int] = labelled(_l("Visitors"))
    dogs: Mapped[int] = labelled(_l("Dogs"))


class Incident(DistrictScoped, Versioned, Base):
    """Something that happened. One that was entered by mistake stays, marked so, and is not counted."""

    __tablename__ = "playgrounds_incident"
    __label__ = _l("Incident")
    __constraints__ = (
        within_district("log_id", "playgrounds_day_log"),
        within_district("zone_id", "playgrounds_zone"),
        Index("ix_playgrounds_incident_log", "district_id", "log_id", "id"),
    )

    log_id: Mapped[int] = labelled(_l("Daily log"), info={"silent": True})
    zone_id: Mapped[int | None] = labelled(_l("Zone"), info={"silent": True})
    kind: Mapped[IncidentKind] = labelled(_l("Kind"))
    at_time: Mapped[dt.time | None] = labelled(_l("At"))
    description: Mapped[Words] = labelled(_l("What happened"))
    mistaken: Mapped[bool] = labelled(_l("Entered by mistake"), default=False)
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    log: Mapped[DayLog] = relationship(
        primaryjoin="foreign(Incident.log_id) == DayLog.id", lazy="joined", innerjoin=True, viewonly=True
    )
    zone: Mapped[Zone | None] = relationship(primaryjoin="foreign(Incident.zone_id) == Zone.id", viewonly=True)
