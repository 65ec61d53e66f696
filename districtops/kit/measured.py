"""A figure with what it counts in, for where counts, money and percentages stand side by side."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_pgettext

from districtops.kit.ratio import Number, half_up
from districtops.kit.text import LabelledEnum, _l


class FigureUnit(LabelledEnum):
    """What a figure counts in."""

    COUNT = "count", lazy_pgettext("unit of a figure", "Number")
    WON = "won", _l("Won")
    PERCENT = "percent", _l("Percent")


class Measure(LabelledEnum):
    """What a statement says of a figure. A difference between percentages is one in percentage points (rule R2)."""

    AMOUNT = "amount", _l("The figure of the year")
    DIFFERENCE = "difference", _l("Change on the year before")
    GROWTH = "growth", _l("Change on the year before in percent")


@dataclass(frozen=True)
class Measured:
    """An exact figure as it is shown: ``signed`` is a change, which of a percentage may be one in ``points``."""

    value: Number
    unit: FigureUnit
    places: int = 1
    signed: bool = False
    points: bool = False

    @property
    def plain(self) -> int | Decimal:
        """The number as files hold it: won and counts whole, a percentage half up to ``places`` decimals."""
        shown = half_up(self.value, self.places if self.unit is FigureUnit.PERCENT else 0)
        return shown if self.unit is FigureUnit.PERCENT else int(shown)
