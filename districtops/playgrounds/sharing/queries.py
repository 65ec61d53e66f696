"""The secret addresses of calendars."""

from collections.abc import Sequence

from sqlalchemy import select

from districtops.kit.db import db
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.sharing.models import CalendarAddress


def addresses_of(playground: Playground) -> Sequence[CalendarAddress]:
    """The addresses that were ever made for a playground, the latest first."""
    found = select(CalendarAddress).where(CalendarAddress.playground_id == playground.id)
    return db.session.execute(found.order_by(CalendarAddress.id.desc())).scalars().all()
