"""What the office told the public in figures, and the figures as they stood when somebody froze them.

A statement and a computation are two things: both are kept, the statement with its day and source, and neither is made
to fit the other.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.ratio import exact_percent
from districtops.kit.text import Words, _l
from districtops.models.offices import Department
from districtops.models.people import User
from districtops.models.scoped import DistrictScoped, within_district


class AnnouncedFigure(DistrictScoped, Versioned, Base):
    """One figure that was told the public, or is about to be: ``announced_on`` may be empty, or lie ahead.

    ``value`` is what was printed, in ``unit`` (whole won, a count, percent or percentage points), and ``step`` what it
    was printed to: 0.1 of a percent, 100,000,000 won. ``figure`` names what it claims to be, ``<module>.<key>`` of a
    FigureSource; None where it claims to be none. ``compared`` and ``base`` are the two figures that the announcement
    itself prints beside a percentage or a change: the part and the whole, or this year and the year before. They are
    won or counts, printed to ``base_step``.
    """

    __tablename__ = "announced_figure"
    __label__ = _l("Announced figure")
    __constraints__ = (
        within_district("department_id", "department"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("step > 0", name="step"),
        CheckConstraint("base_step > 0", name="base_step"),
        CheckConstraint("(compared IS NULL) = (base IS NULL)", name="two_figures_or_none"),
        CheckConstraint("compared >= 0 AND base >= 0", name="two_figures_not_negative"),
        CheckConstraint("measure <> 'growth' OR unit = 'percent'", name="growth_in_percent"),
        Index("ix_announced_figure_announced_on", "district_id", "announced_on", "id"),
        Index("ix_announced_figure_as_of", "district_id", "as_of", "id"),
        Index("ix_announced_figure_year", "district_id", "year", "id"),
        Index("ix_announced_figure_figure", "district_id", "figure", "year", "id"),
        Index("ix_announced_figure_department", "district_id", "department_id", "id"),
    )

    statement: Mapped[Words] = labelled(_l("Statement"))
    year: Mapped[int] = labelled(_l("Year"))
    measure: Mapped[Measure] = labelled(_l("What it states"))
    unit: Mapped[FigureUnit] = labelled(_l("Unit"))
    value: Mapped[Decimal] = labelled(_l("Announced value"))
    step: Mapped[Decimal] = labelled(_l("Rounded to the nearest"))
    figure: Mapped[str | None] = labelled(_l("Figure that it claims to be"), String(80))
    compared: Mapped[int | None] = labelled(_l("The part, or this year"), BigInteger)
    base: Mapped[int | None] = labelled(_l("The whole, or the year before"), BigInteger)
    base_step: Mapped[int] = labelled(_l("These two rounded to the nearest"), BigInteger, default=1)
    as_of: Mapped[dt.date | None] = labelled(_l("As-of date"))
    announced_on: Mapped[dt.date | None] = labelled(_l("Announced on"))
    source: Mapped[Words | None] = labelled(_l("Published in"))
    department_id: Mapped[int | None] = labelled(_l("Department in charge"), info={"names": "department"})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(64))

    department: Mapped[Department | None] = relationship(
        primaryjoin="foreign(AnnouncedFigure.department_id) == Department.id", viewonly=True
    )


class FrozenFigure(DistrictScoped, Base):
    """A figure as it stood at a moment, kept for a statement with the rows behind it. Never changed.

    ``total`` is the count or the won; of a percentage ``part`` and ``whole`` are kept instead. None was not stated.
    """

    __tablename__ = "frozen_figure"
    __label__ = _l("Frozen figure")
    __append_only__ = True
    __constraints__ = (
        within_district("announced_id", "announced_figure"),
        within_district("by_id", "user_account"),
        Index("ix_frozen_figure_announced", "district_id", "announced_id", "id"),
    )

    announced_id: Mapped[int] = labelled(_l("Announced figure"), info={"silent": True})
    figure: Mapped[str] = labelled(_l("Which figure"), String(80))
    year: Mapped[int] = labelled(_l("Year"))
    unit: Mapped[FigureUnit] = labelled(_l("Unit"))
    total: Mapped[int | None] = labelled(_l("Value"), BigInteger)
    part: Mapped[int | None] = labelled(_l("Part"), BigInteger)
    whole: Mapped[int | None] = labelled(_l("Whole"), BigInteger)
    row_count: Mapped[int] = labelled(_l("Rows"))
    at: Mapped[dt.datetime] = labelled(_l("Frozen at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Frozen by"), info={"names": "user_account", "silent": True})
    reason: Mapped[Words] = labelled(_l("Reason"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    by: Mapped[User | None] = relationship(primaryjoin="foreign(FrozenFigure.by_id) == User.id", viewonly=True)

    @property
    def value(self) -> int | Fraction | None:
        """The figure as it stood, exactly."""
        return exact_percent(self.part, self.whole) if self.unit is FigureUnit.PERCENT else self.total


class FrozenRow(DistrictScoped, Base):
    """One row of a frozen figure as it stood then; ``key`` finds it among today's rows. None was not stated."""

    __tablename__ = "frozen_row"
    __silent__ = "a part of a frozen figure, whose freezing is recorded"
    __append_only__ = True
    __constraints__ = (
        within_district("frozen_id", "frozen_figure"),
        Index("ix_frozen_row_frozen", "district_id", "frozen_id", "id"),
    )

    frozen_id: Mapped[int] = labelled(_l("Frozen figure"))
    key: Mapped[str] = labelled(_l("Code"), String(80))
    label: Mapped[Words] = labelled(_l("Name"))
    value: Mapped[int | None] = labelled(_l("Value"), BigInteger)
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
