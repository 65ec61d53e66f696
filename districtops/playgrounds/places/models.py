"""A playground and its zones by the size of dogs."""

from decimal import Decimal
from fractions import Fraction

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.ratio import half_up
from districtops.kit.text import LabelledEnum, Words, _l, in_language
from districtops.models import DistrictScoped, within_district

SQUARE_METRES_OF_A_PYEONG = Fraction(400, 121)
"""1 pyeong is 400/121 m², 3.305785 rounded. Korean releases often print with 3.3 (fact DP-007)."""


class Status(LabelledEnum):
    """How a playground is run at present; when it is open its schedule says."""

    PILOT = "pilot", _l("Pilot operation")
    OPEN = "open", _l("In operation")
    SUSPENDED = "suspended", _l("Suspended")
    CLOSED = "closed", _l("Closed for good")


class DogSize(LabelledEnum):
    """Whose zone it is."""

    SMALL_MEDIUM = "small_medium", _l("Small and medium dogs")
    LARGE = "large", _l("Large dogs")
    ALL = "all", _l("All dogs")


class Playground(DistrictScoped, Versioned, Base):
    """A dog playground: where it lies and what holds inside."""

    __tablename__ = "playgrounds_playground"
    __label__ = _l("Playground")
    __constraints__ = (Index("ix_playgrounds_playground_status", "district_id", "status", "id"),)

    name_en: Mapped[str] = labelled(_l("Name in English"), String(120))
    name_ko: Mapped[str] = labelled(_l("Name in Korean"), String(120))
    address: Mapped[Words] = labelled(_l("Street address"))
    site: Mapped[Words | None] = labelled(_l("Site"))
    status: Mapped[Status] = labelled(_l("Operation"))
    off_leash: Mapped[bool] = labelled(_l("Dogs may be off leash inside"), default=False)
    visitor_rules: Mapped[Words | None] = labelled(_l("Rules for visitors"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(80))

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ko)


class Zone(DistrictScoped, Versioned, Base):
    """A fenced part of a playground. Square metres are kept where they were measured, else derived from pyeong."""

    __tablename__ = "playgrounds_zone"
    __label__ = _l("Zone")
    __constraints__ = (
        within_district("playground_id", "playgrounds_playground"),
        CheckConstraint("area_pyeong IS NULL OR area_pyeong > 0", name="area_pyeong"),
        CheckConstraint("area_m2 IS NULL OR area_m2 > 0", name="area_m2"),
        Index("ix_playgrounds_zone_playground", "district_id", "playground_id", "id"),
    )

    playground_id: Mapped[int] = labelled(_l("Playground"), info={"silent": True})
    name: Mapped[Words] = labelled(_l("Zone"))
    dog_size: Mapped[DogSize] = labelled(_l("Dogs admitted"))
    area_pyeong: Mapped[Decimal | None] = labelled(_l("Area in pyeong"))
    area_m2: Mapped[Decimal | None] = labelled(_l("Area in m², measured"))
    fact: Mapped[str | None] = labelled(_l("Source"), String(80))

    @property
    def square_metres(self) -> Decimal | None:
        """The area as measured, else derived from pyeong to one decimal; None where neither is stated."""
        return self.area_m2 if self.area_m2 is not None else square_metres(self.area_pyeong)


def square_metres(pyeong: Decimal | None) -> Decimal | None:
    """Pyeong in m², half up to one decimal (fact DP-007: 370 pyeong are 1,223.1 m²); None stays None."""
    return None if pyeong is None else half_up(Fraction(pyeong) * SQUARE_METRES_OF_A_PYEONG, 1)
