"""Whether a printed figure holds, as pure functions: against what the rows say now, and against the two figures that
the announcement itself prints. Exact throughout; rounded once, half up, to the step of the print (rules R2, R3, R10).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import product

from districtops.kit.change import before_rounding
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.ratio import Number, half_up
from districtops.kit.text import LabelledEnum, Words, _l

MOST_ROWS = 20_000
"""So many rows are frozen with a figure; a district's whole year has far fewer."""

STEPS: Mapping[Decimal, str] = {
    Decimal(1): _l("1 (exact)"),
    Decimal("0.1"): "0.1",
    Decimal("0.01"): "0.01",
    Decimal(10): "10",
    Decimal(100): "100",
    Decimal(1_000): _l("1 thousand"),
    Decimal(1_000_000): _l("1 million"),
    Decimal(10_000_000): _l("10 million"),
    Decimal(100_000_000): _l("100 million (0.1 billion)"),
    Decimal(1_000_000_000): _l("1 billion"),
}
"""To what figures are printed, the first one being the usual."""


class Verdict(LabelledEnum):
    """What can be said of a statement."""

    MATCHES = "matches", _l("matches")
    DIFFERS = "differs", _l("differs")
    NOT_COMPUTED = "not_computed", _l("cannot be computed")


class Reason(LabelledEnum):
    """Why nothing can be computed."""

    NO_FIGURE = "no_figure", _l("The statement names no figure.")
    NOT_OFFERED = "not_offered", _l("No module offers this figure.")
    NOT_YOURS = "not_yours", _l("You have no role in the module of this figure.")
    NOTHING_RECORDED = "nothing_recorded", _l("Nothing is recorded of that year.")
    NOTHING_BEFORE = "nothing_before", _l("Nothing is recorded of the year before.")
    NOT_OVER = "not_over", _l("That year was not over on the date of this page.")
    NOT_STATED = "not_stated", _l("The rows do not state it.")
    NO_BASE = "no_base", _l("There is no base above zero to compare with.")
    OTHER_UNIT = "other_unit", _l("The figure counts in another unit.")


@dataclass(frozen=True)
class Judgement:
    """One comparison. ``computed`` is exact; ``difference`` is what was computed less what was printed."""

    verdict: Verdict
    computed: Fraction | None = None
    difference: Fraction | None = None
    reason: Reason | None = None


def cannot(reason: Reason) -> Judgement:
    """Nothing can be computed, and why."""
    return Judgement(Verdict.NOT_COMPUTED, reason=reason)


def rounded(value: Number, step: Number) -> Fraction:
    """``value`` half up, away from zero, to a whole number of steps. Raises ValueError for a step of 0 or below."""
    if step <= 0:
        raise ValueError("a step is above zero")
    return Fraction(half_up(Fraction(value) / Fraction(step))) * Fraction(step)


def judge(printed: Number, step: Number, computed: Number, others: Iterable[Number] = ()) -> Judgement:
    """Whether ``computed``, rounded to the step of the print, is what was printed.

    ``others`` are the ends between which the true figure lies, where what it was computed from was rounded itself: the
    print then matches when any figure between them would have been printed so.
    """
    exact = Fraction(computed)
    ends = [rounded(end, step) for end in (exact, *others)]
    holds = min(ends) <= Fraction(printed) <= max(ends)
    return Judgement(
        Verdict.MATCHES if holds else Verdict.DIFFERS, computed=exact, difference=exact - Fraction(printed)
    )


def _made_of(measure: Measure, current: Fraction, base: Fraction) -> Fraction:
    """What two figures make: a change, its percentage, or the share of one in the other."""
    if measure is Measure.DIFFERENCE:
        return current - base
    return (current - base if measure is Measure.GROWTH else current) / base * 100


def against_rows(
    measure: Measure, printed: Number, step: Number, now: Number | None, before: Number | None = None
) -> Judgement:
    """What was printed against the figures of the year and of the year before; None is what the rows do not state."""
    if now is None or (before is None and measure is not Measure.AMOUNT):
        return cannot(Reason.NOT_STATED)
    if measure is Measure.AMOUNT or before is None:
        return judge(printed, step, now)
    if measure is Measure.GROWTH and before <= 0:
        return cannot(Reason.NO_BASE)
    return judge(printed, step, _made_of(measure, Fraction(now), Fraction(before)))


def against_own_figures(
    measure: Measure, printed: Number, step: Number, compared: int, base: int, base_step: int = 1
) -> Judgement:
    """What was printed against the two figures printed beside it, such as ``+32 (7 %)`` for 125 against 93.

    ``base_step`` is what these two were printed to, in whole won or as counts; 1 says that they are exact.
    """
    bases = before_rounding(base, base_step)
    if measure is not Measure.DIFFERENCE and min(bases) <= 0:
        return cannot(Reason.NO_BASE)
    corners = product(before_rounding(compared, base_step), bases)
    ends = [_made_of(measure, Fraction(current), Fraction(before)) for current, before in corners]
    return judge(printed, step, _made_of(measure, Fraction(compared), Fraction(base)), ends)


def overall(*judgements: Judgement | None) -> Verdict:
    """A statement differs when one comparison says so, and matches when one says so and none differs."""
    verdicts = {found.verdict for found in judgements if found is not None}
    return next((v for v in (Verdict.DIFFERS, Verdict.MATCHES) if v in verdicts), Verdict.NOT_COMPUTED)


def fits(measure: Measure, unit: FigureUnit, figure: FigureUnit) -> bool:
    """Whether a statement in ``unit`` can be about a figure that counts in ``figure``. Rates are compared in percentage
    points, never by a percentage of a percentage (rule R2)."""
    if measure is Measure.GROWTH:
        return unit is FigureUnit.PERCENT and figure is not FigureUnit.PERCENT
    return unit is figure


def has_two_figures(measure: Measure, unit: FigureUnit) -> bool:
    """Whether a statement of this kind is made of two figures that may be printed beside it."""
    return measure is not Measure.AMOUNT or unit is FigureUnit.PERCENT


# A frozen figure against today -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One row of a figure: its name for good, what people call it, what it adds (None: not stated)."""

    key: str
    label: Words
    value: int | None
    sample: bool = False


@dataclass
class Differences:
    """What came, what went and what changed between two states of a figure, in the order of the lines."""

    came: list[Line] = field(default_factory=list)
    went: list[Line] = field(default_factory=list)
    changed: list[tuple[Line, Line]] = field(default_factory=list)
    same: int = 0

    @property
    def none(self) -> bool:
        """Whether every line is what it was."""
        return not (self.came or self.went or self.changed)

    @property
    def added(self) -> int:
        """What the lines that came add."""
        return sum(line.value or 0 for line in self.came)

    @property
    def taken(self) -> int:
        """What the lines that went took away."""
        return sum(line.value or 0 for line in self.went)

    @property
    def moved(self) -> int:
        """What the lines that changed add or take: then + added - taken + moved = now."""
        return sum((now.value or 0) - (then.value or 0) for then, now in self.changed)


def differences(then: Iterable[Line], now: Iterable[Line]) -> Differences:
    """Line by line, found by their keys. A line whose name alone changed is the same."""
    left = {line.key: line for line in then}
    found = Differences()
    for line in now:
        old = left.pop(line.key, None)
        if old is None:
            found.came.append(line)
        elif old.value != line.value:
            found.changed.append((old, line))
        else:
            found.same += 1
    found.went = list(left.values())
    return found
