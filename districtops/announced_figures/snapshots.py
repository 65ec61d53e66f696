"""A frozen figure as a page shows it: beside what the same figure is now."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from districtops.announced_figures.actions import lines_of
from districtops.announced_figures.checks import Check, name_of
from districtops.announced_figures.rules import Line, Reason
from districtops.kit.measured import FigureUnit, Measured
from districtops.models import FrozenFigure
from districtops.module import Figure


@dataclass(frozen=True)
class Snapshot:
    """A frozen figure, and the check of the statement that it was frozen for."""

    frozen: FrozenFigure
    check: Check

    MOST_SHOWN: ClassVar[int] = 200
    """So many lines of each kind a page shows."""

    @property
    def name(self) -> str:
        """The figure in the office's words."""
        return name_of(self.frozen.figure)

    @property
    def readable(self) -> bool:
        """Whether this reader may see it: what is frozen is no less a module's than what is not."""
        return self.check.computations.source(self.frozen.figure) is not Reason.NOT_YOURS

    @cached_property
    def now(self) -> Figure | None:
        """The same figure of the same year now; None where it is not computed any more."""
        if isinstance(self.check.computations.source(self.frozen.figure), Reason):
            return None
        return self.check.computations.figure(self.frozen.district_id, self.frozen.figure, self.frozen.year)

    @property
    def then_value(self) -> Measured | None:
        """The figure as it stood."""
        return self._measured(self.frozen.value)

    @property
    def now_value(self) -> Measured | None:
        """The figure as it stands."""
        return self._measured(self.now.value if self.now else None)

    @property
    def change(self) -> Measured | None:
        """By how much it was restated since."""
        then, now = self.frozen.value, self.now.value if self.now else None
        if then is None or now is None:
            return None
        return Measured(now - then, self.frozen.unit, signed=True, points=True)

    def lines_now(self) -> list[Line]:
        """The rows behind the figure now, where there are any that this reader may see."""
        return lines_of(self.now, self.frozen.district_id) if self.now else []

    def line_value(self, value: int | None, *, signed: bool = False) -> Measured | None:
        """What a line adds; the lines of a percentage are counted."""
        unit = FigureUnit.WON if self.frozen.unit is FigureUnit.WON else FigureUnit.COUNT
        return None if value is None else Measured(value, unit, signed=signed)

    def _measured(self, value: object) -> Measured | None:
        return None if value is None else Measured(value, self.frozen.unit)  # type: ignore[arg-type]
