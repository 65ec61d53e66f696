"""The schedules as they are published, now or at a moment before."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from districtops.clock import KOREA
from districtops.kit.db import db
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Schedule
from districtops.playgrounds.schedule.models import Entry, Standing


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in Korea: what was published on it was known then."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), KOREA) - dt.timedelta(microseconds=1)


def _known(moment: dt.datetime | None) -> tuple[ColumnElement[bool], ...]:
    if moment is None:
        return (Entry.standing == Standing.PUBLISHED,)
    return Entry.published_at <= moment, or_(Entry.withdrawn_at.is_(None), Entry.withdrawn_at > moment)


def schedules(playgrounds: Sequence[Playground], known: dt.datetime | None = None) -> dict[int, Schedule]:
    """The schedule of each playground, by its id: as published at present, or as it was published at a moment."""
    found: dict[int, list[Entry]] = {playground.id: [] for playground in playgrounds}
    for entry in db.session.execute(select(Entry).where(*_known(known)).order_by(Entry.id)).scalars():
        if entry.playground_id in found:
            found[entry.playground_id].append(entry)
    return {key: Schedule(tuple(entry.period for entry in entries)) for key, entries in found.items()}


def schedule_of(playground: Playground, known: dt.datetime | None = None) -> Schedule:
    """The schedule of one playground."""
    entries = select(Entry).where(Entry.playground_id == playground.id, *_known(known)).order_by(Entry.id)
    return Schedule(tuple(entry.period for entry in db.session.execute(entries).scalars()))


def entries_of(playground: Playground, *standings: Standing) -> Sequence[Entry]:
    """The entries of a playground that stand so, the latest beginning first."""
    found = select(Entry).where(Entry.playground_id == playground.id, Entry.standing.in_(standings))
    return db.session.execute(found.order_by(Entry.first_on.desc(), Entry.id.desc())).scalars().all()


def waiting() -> Sequence[Entry]:
    """Drafts and approved entries of all playgrounds: somebody has to approve or publish them."""
    found = select(Entry).where(Entry.standing.in_((Standing.DRAFT, Standing.APPROVED)))
    return db.session.execute(found.order_by(Entry.first_on, Entry.id).limit(50)).scalars().all()
