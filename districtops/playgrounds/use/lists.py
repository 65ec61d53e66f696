"""The logged days as a list."""

import datetime as dt
from typing import Any

from flask import url_for

from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.playgrounds.use.forms import LogFilter
from districtops.playgrounds.use.models import DayLog
from districtops.playgrounds.use.queries import playground_column, with_playground


def _clock(name: str) -> Any:
    def written(row: Any) -> str | None:
        time: dt.time | None = getattr(row, name)
        return None if time is None else f"{time:%H:%M}"

    return written


log = Listing(
    name="log",
    title=_l("Daily log of the playgrounds"),
    purpose=_l("When it really opened and closed, who came, and how many incidents there were."),
    source=with_playground,
    row_id=DayLog.id,
    form=LogFilter,
    link=lambda row: url_for("playgrounds.show_log", log_id=row.id),
    default_sort="-on_date",
    empty_text=_l("No day is logged yet. Open a playground and begin today’s log."),
    extra=(("opened", DayLog.opened_at), ("closed", DayLog.closed_at)),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=DayLog.id, on_page=False),
        Column(key="playground", label=_l("Playground"), expression=playground_column, primary=True, main=True),
        Column(
            key="on_date", label=_l("Day"), kind=Kind.DATE, expression=DayLog.on_date, sort=DayLog.on_date, main=True
        ),
        Column(key="opened_at", label=_l("Opened at"), derive=_clock("opened")),
        Column(key="closed_at", label=_l("Closed at"), derive=_clock("closed")),
        Column(
            key="visitors",
            label=_l("Visitors"),
            kind=Kind.NUMBER,
            expression=DayLog.visitors,
            sort=DayLog.visitors,
            main=True,
        ),
        Column(key="dogs", label=_l("Dogs"), kind=Kind.NUMBER, expression=DayLog.dogs),
        Column(
            key="incidents",
            label=_l("Incidents"),
            kind=Kind.NUMBER,
            expression=DayLog.incidents,
            sort=DayLog.incidents,
        ),
        Column(key="note", label=_l("Note"), expression=DayLog.note, on_page=False),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=DayLog.sample, on_page=False),
    ),
)
