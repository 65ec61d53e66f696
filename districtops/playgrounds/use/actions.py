"""Keeping a day's log and its sums in step."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.playgrounds.use import queries
from districtops.playgrounds.use.models import DayLog, HourCount, Incident

Counted = Mapping[tuple[int, int], tuple[int | None, int | None]]
"""(visitors, dogs) by zone and hour; None where nothing was entered."""


def open_log(log: DayLog) -> None:
    """Begin the log of a day. The playground's row must be locked. Raises RuleBroken for a day that has one."""
    if log.on_date > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "on_date")
    there = select(DayLog.id).where(DayLog.playground_id == log.playground_id, DayLog.on_date == log.on_date)
    if db.session.execute(there.limit(1)).first() is not None:
        raise RuleBroken(_l("This day has a log already. Open it in the list."), "on_date")
    db.session.add(log)
    db.session.flush()


def keep_counts(log: DayLog, counted: Counted) -> None:
    """Keep what was counted, and its sums. An hour that is left empty was not counted. Raises RuleBroken."""
    if log.opened_at is not None and log.closed_at is not None and log.closed_at <= log.opened_at:
        raise RuleBroken(_l("It must open before it closes."), "closed_at")
    there = {(row.zone_id, row.hour): row for row in queries.hour_counts(log)}
    for (zone_id, hour), (visitors, dogs) in counted.items():
        row = there.get((zone_id, hour))
        if (visitors is None) != (dogs is None):
            name = "visitors" if visitors is None else "dogs"
            raise RuleBroken(_l("Enter visitors and dogs of the hour, or neither."), f"{name}_{zone_id}_{hour}")
        if visitors is None or dogs is None:
            if row is not None:
                db.session.delete(row)
        elif row is None:
            db.session.add(HourCount(log_id=log.id, zone_id=zone_id, hour=hour, visitors=visitors, dogs=dogs))
        else:
            row.visitors, row.dogs = visitors, dogs
    db.session.flush()
    rows = queries.hour_counts(log)
    log.visitors = sum(row.visitors for row in rows) if rows else None
    log.dogs = sum(row.dogs for row in rows) if rows else None
    # The form edits the counts too: a save must make an older form stale even where no sum changes.
    flag_modified(log, "visitors")
    db.session.flush()


def keep_incident(log: DayLog, incident: Incident) -> None:
    """Keep an incident, and how many the day had."""
    db.session.add(incident)
    db.session.flush()
    log.incidents = sum(not row.mistaken for row in queries.incidents_of(log))


explains("ck_playgrounds_hour_count_not_below_zero", _l("A count is not below zero."))
