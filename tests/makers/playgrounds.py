"""Makes playgrounds and their schedules: functions that take the Maker."""

import datetime as dt
from typing import Any

from factories import Maker

from districtops import clock
from districtops.kit.text import Words
from districtops.models import District
from districtops.playgrounds.places.models import DogSize, Playground, Status, Zone
from districtops.playgrounds.rules import Cause, Kind
from districtops.playgrounds.schedule.models import Entry, Standing, Weekday

START = dt.date(2022, 1, 1)


def playground(
    make: Maker, name: str = "Dog Playground", district: District | None = None, **columns: Any
) -> Playground:
    """A playground in operation, without any schedule."""
    values = {"address": Words(en="1 Road"), "status": Status.OPEN, "off_leash": True, "sample": False, **columns}
    return make.keep(Playground(name_en=name, name_ko=name, **values), district)


def zone(make: Maker, place: Playground, name: str = "Large dogs", **columns: Any) -> Zone:
    """A zone of a playground."""
    values = {"dog_size": DogSize.LARGE, **columns}
    return make.keep(Zone(playground_id=place.id, name=Words(en=name), **values), _of(make, place))


def entry(make: Maker, place: Playground, kind: Kind, first: dt.date = START, **columns: Any) -> Entry:
    """A published entry, unless another standing is given."""
    standing = columns.pop("standing", Standing.PUBLISHED)
    values = {
        "kind": kind,
        "first_on": first,
        "reason": Words(en=str(kind.value).replace("_", " ")),
        "standing": standing,
        "drafted_at": clock.now(),
        "published_at": clock.now() if standing is Standing.PUBLISHED else None,
        "sample": False,
        **columns,
    }
    return make.keep(Entry(playground_id=place.id, **values), _of(make, place))


def ordinary(make: Maker, place: Playground, year: int = 2022) -> None:
    """The schedule of an ordinary playground: 10 to 17, closed on Mondays, holiday periods of one year published."""
    entry(make, place, Kind.BASE_HOURS, opens=dt.time(10), closes=dt.time(17))
    entry(make, place, Kind.WEEKLY_CLOSURE, weekday=Weekday.MON)
    entry(make, place, Kind.OPERATION)
    for cause, first in ((Cause.SEOLLAL, dt.date(year, 1, 31)), (Cause.CHUSEOK, dt.date(year, 9, 9))):
        entry(make, place, Kind.HOLIDAY_PERIOD, first, last_on=first + dt.timedelta(days=2), cause=cause)


def _of(make: Maker, place: Playground) -> District:
    return next(d for d in make.everything(District) if d.id == place.district_id)
