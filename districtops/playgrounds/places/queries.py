"""What people ask about the playgrounds themselves."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from districtops.kit.db import db
from districtops.playgrounds.places.models import Playground, Zone, square_metres


def playgrounds() -> Sequence[Playground]:
    """All playgrounds, the oldest first."""
    return db.session.execute(select(Playground).order_by(Playground.id)).scalars().all()


def zones_of(playground: Playground) -> Sequence[Zone]:
    """The zones of a playground."""
    found = select(Zone).where(Zone.playground_id == playground.id).order_by(Zone.id)
    return db.session.execute(found).scalars().all()


def zones() -> Sequence[Zone]:
    """The zones of all playgrounds."""
    return db.session.execute(select(Zone).order_by(Zone.id)).scalars().all()


def total_pyeong(zones: Sequence[Zone]) -> Decimal | None:
    """The area of all zones in pyeong; None while one of them is not stated. It is computed and never stored."""
    areas = [zone.area_pyeong for zone in zones]
    return sum((area for area in areas if area is not None), Decimal(0)) if areas and None not in areas else None


def total_square_metres(zones: Sequence[Zone]) -> Decimal | None:
    """The area of all zones in m²: measured ones as they are, the others derived from their sum, rounded once."""
    measured = [zone.area_m2 for zone in zones if zone.area_m2 is not None]
    derived = total_pyeong([zone for zone in zones if zone.area_m2 is None])
    if not zones or (derived is None and len(measured) < len(zones)):
        return None
    return sum(measured, square_metres(derived) or Decimal(0))
