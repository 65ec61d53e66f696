"""A statement beside what the rows say now. Every figure of a district and a year is computed once, however many
statements are about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flask import g

from districtops import clock
from districtops.announced_figures import rules
from districtops.announced_figures.rules import Judgement, Reason, Verdict
from districtops.guard.access import Action, may
from districtops.guard.history import TOLD
from districtops.guard.tenancy import narrowed_to
from districtops.kit.measured import FigureUnit, Measure, Measured
from districtops.module import Figure, FigureSource, Module
from districtops.registry import MODULES


def sources() -> Mapping[str, tuple[Module, FigureSource]]:
    """Every figure that a module offers, by the name under which a statement claims it."""
    return {f"{module.name}.{source.key}": (module, source) for module in MODULES for source in module.figures}


def name_of(figure: str | None) -> str:
    """A figure in the office's words; its bare key where no module offers it (any more)."""
    found = sources().get(figure or "")
    return str(found[1].label) if found else figure or ""


TOLD["announced_figure", "figure"] = name_of


class Computations:
    """What the modules' rows say now, asked once for each figure of a district and a year.

    Which modules the reader may see is asked when it is made: while a file is written, nobody is signed in any more.
    """

    def __init__(self) -> None:
        self._sources = sources()
        self._may_see = {module.name for module in MODULES if may(Action.VIEW, module.name)}
        self._known: dict[tuple[int, str, int], Figure | None] = {}

    def source(self, figure: str | None) -> FigureSource | Reason:
        """The figure that a statement names, where the reader may see it."""
        if not figure:
            return Reason.NO_FIGURE
        if figure not in self._sources:
            return Reason.NOT_OFFERED
        module, source = self._sources[figure]
        return source if module.name in self._may_see else Reason.NOT_YOURS

    def figure(self, district_id: int, figure: str, year: int) -> Figure | None:
        """What a figure is now; None where nothing is recorded of that year."""
        key = (district_id, figure, year)
        if key not in self._known:
            with narrowed_to(district_id):
                self._known[key] = self._sources[figure][1].compute(year)
        return self._known[key]


def computations() -> Computations:
    """Those of this request: a page, or a whole file."""
    if "computations" not in g:
        g.computations = Computations()
    found: Computations = g.computations
    return found


@dataclass(frozen=True)
class Check:
    """A statement (an AnnouncedFigure, or a row that holds its columns) and what is to be said of it."""

    statement: Any
    computations: Computations

    @cached_property
    def source(self) -> FigureSource | None:
        """The figure that it claims to be, where it can be computed for this reader."""
        found = self.computations.source(self.statement.figure)
        return found if isinstance(found, FigureSource) else None

    @cached_property
    def now(self) -> Figure | None:
        """The figure of its year."""
        return self._of(self.statement.year)

    @cached_property
    def before(self) -> Figure | None:
        """The figure of the year before, for a statement about a change."""
        return self._of(self.statement.year - 1) if self.statement.measure is not Measure.AMOUNT else None

    def _of(self, year: int) -> Figure | None:
        statement = self.statement
        return self.computations.figure(statement.district_id, statement.figure, year) if self.source else None

    @cached_property
    def rows(self) -> Judgement:
        """Against what the rows say."""
        statement = self.statement
        found = self.computations.source(statement.figure)
        if isinstance(found, Reason):
            return rules.cannot(found)
        if not rules.fits(statement.measure, statement.unit, found.unit):
            return rules.cannot(Reason.OTHER_UNIT)
        if self.now is None:
            return rules.cannot(Reason.NOTHING_RECORDED)
        today = clock.today()
        if statement.year >= today.year and statement.announced_on is not None and statement.announced_on > today:
            # It sums up a year of which the rows hold the beginning.
            return rules.cannot(Reason.NOT_OVER)
        if self.before is None and statement.measure is not Measure.AMOUNT:
            return rules.cannot(Reason.NOTHING_BEFORE)
        before = self.before.value if self.before else None
        return rules.against_rows(statement.measure, statement.value, statement.step, self.now.value, before)

    @cached_property
    def own(self) -> Judgement | None:
        """Against the two figures that the announcement prints; None where it prints none."""
        statement = self.statement
        if statement.compared is None or not rules.has_two_figures(statement.measure, statement.unit):
            return None
        return rules.against_own_figures(
            statement.measure,
            statement.value,
            statement.step,
            statement.compared,
            statement.base,
            statement.base_step,
        )

    @property
    def verdict(self) -> Verdict:
        """What the two comparisons say together."""
        return rules.overall(self.rows, self.own)

    @property
    def reason(self) -> Reason | None:
        """Why the rows say nothing."""
        return self.rows.reason

    @property
    def printed(self) -> Measured:
        """What was printed."""
        return self._measured(Fraction(self.statement.value), self._places, signed=self._is_change)

    @property
    def computed(self) -> Measured | None:
        """What the rows say."""
        return self._maybe(self.rows.computed, signed=self._is_change)

    @property
    def difference(self) -> Measured | None:
        """What the rows say less what was printed."""
        return self._maybe(self.rows.difference, signed=True, points=True)

    @property
    def from_own(self) -> Measured | None:
        """What the two printed figures make."""
        return self._maybe(self.own.computed if self.own else None, signed=self._is_change)

    @property
    def own_difference(self) -> Measured | None:
        """What they make less what was printed."""
        return self._maybe(self.own.difference if self.own else None, signed=True, points=True)

    @property
    def value_now(self) -> Measured | None:
        """The figure of the year itself, where the statement is about a change."""
        return self._of_figure(self.now)

    @property
    def value_before(self) -> Measured | None:
        """The figure of the year before."""
        return self._of_figure(self.before)

    def _of_figure(self, figure: Figure | None) -> Measured | None:
        if figure is None or figure.value is None or self.source is None:
            return None
        return Measured(figure.value, self.source.unit)

    @property
    def _is_change(self) -> bool:
        return self.statement.measure is not Measure.AMOUNT

    def _maybe(self, value: Fraction | None, *, signed: bool, points: bool = False) -> Measured | None:
        return None if value is None else self._measured(value, max(1, self._places), signed=signed, points=points)

    @property
    def _places(self) -> int:
        """The decimals to which a percentage was printed."""
        return max(0, -int(self.statement.step.normalize().as_tuple().exponent))

    def _measured(self, value: Fraction, places: int, *, signed: bool, points: bool = False) -> Measured:
        of_rate = self.statement.unit is FigureUnit.PERCENT and self.statement.measure is Measure.DIFFERENCE
        return Measured(value, self.statement.unit, places=places, signed=signed, points=points or of_rate)
