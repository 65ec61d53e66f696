"""Keeping a statement, and freezing the figures that it stands on with the rows behind them."""

from districtops import clock
from districtops.announced_figures import rules
from districtops.announced_figures.checks import Check, Computations
from districtops.announced_figures.rules import Line
from districtops.guard.tenancy import narrowed_to
from districtops.kit.db import db
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import LARGEST_WON, AnnouncedFigure, FrozenFigure, FrozenRow
from districtops.module import Figure, FigureSource


def keep(statement: AnnouncedFigure, computations: Computations) -> None:
    """Add a statement, or change one. Raises RuleBroken where it contradicts itself or the figure that it names."""
    _refuse_wrong_value(statement)
    _refuse_wrong_pair(statement)
    source = computations.source(statement.figure)
    if isinstance(source, FigureSource) and not rules.fits(statement.measure, statement.unit, source.unit):
        raise RuleBroken(_l("The figure that it claims to be counts in another unit."), "figure")
    if statement.as_of and statement.announced_on and statement.as_of > statement.announced_on:
        raise RuleBroken(_l("The as-of date must not lie after the announcement."), "as_of")
    db.session.add(statement)
    db.session.flush()


def _refuse_wrong_value(statement: AnnouncedFigure) -> None:
    if statement.measure is Measure.GROWTH and statement.unit is not FigureUnit.PERCENT:
        raise RuleBroken(_l("A change in percent is stated in percent."), "unit")
    if statement.step < 1 and statement.unit is not FigureUnit.PERCENT:
        raise RuleBroken(_l("Only percentages are printed to parts of one."), "step")
    if abs(statement.value) > LARGEST_WON:
        raise RuleBroken(_l("The value is too large. Check the unit."), "value")
    if statement.value < 0 and statement.measure is Measure.AMOUNT:
        raise RuleBroken(_l("Only a change can be below zero."), "value")
    if statement.value % statement.step:
        raise RuleBroken(_l("The value is finer than what it was printed to."), "value")


def _refuse_wrong_pair(statement: AnnouncedFigure) -> None:
    compared, base = statement.compared, statement.base
    if (compared is None) != (base is None):
        missing = "compared" if compared is None else "base"
        raise RuleBroken(_l("Enter both figures, or neither."), missing)
    if compared is None or base is None:
        return
    if not rules.has_two_figures(statement.measure, statement.unit):
        raise RuleBroken(_l("Only a percentage or a change is made of two figures."), "compared")
    if compared % statement.base_step or base % statement.base_step:
        raise RuleBroken(_l("One of the two figures is finer than what they were printed to."), "base_step")


def freeze(check: Check, reason: Words | None, by_id: int | None) -> list[FrozenFigure]:
    """Keep the figures that a statement stands on as they are now, with their rows: the year's, and for a change the
    year before's too.

    Raises RuleBroken where nothing can be computed, where it has too many rows, and without a reason.
    """
    if not reason:
        raise RuleBroken(_l("Say why the figure is frozen."), "reason")
    if check.source is None or check.now is None:
        raise RuleBroken(check.reason.label if check.reason else _l("There is nothing to freeze."))
    statement = check.statement
    years = [(statement.year, check.now)]
    if check.before is not None:
        years.append((statement.year - 1, check.before))
    return [_freeze_year(statement, check.source, year, figure, reason, by_id) for year, figure in years]


def _freeze_year(
    statement: AnnouncedFigure, source: FigureSource, year: int, figure: Figure, reason: Words, by_id: int | None
) -> FrozenFigure:
    lines = lines_of(figure, statement.district_id)
    if len(lines) > rules.MOST_ROWS:
        raise RuleBroken(_l("More rows make this figure than can be frozen: at most %(most)s.", most=rules.MOST_ROWS))
    rate = source.unit is FigureUnit.PERCENT
    frozen = FrozenFigure(
        announced_id=statement.id,
        figure=statement.figure or "",
        year=year,
        unit=source.unit,
        total=None if rate or figure.value is None else int(figure.value),
        part=figure.part if rate else None,
        whole=figure.whole if rate else None,
        row_count=len(lines),
        at=clock.now(),
        by_id=by_id,
        reason=reason,
    )
    db.session.add(frozen)
    db.session.flush()
    db.session.add_all(
        FrozenRow(frozen_id=frozen.id, key=line.key, label=line.label, value=line.value, sample=line.sample)
        for line in lines
    )
    db.session.flush()
    return frozen


def lines_of(figure: Figure, district_id: int) -> list[Line]:
    """The rows behind a figure as they are now, one more than can be frozen at most."""
    found = []
    with narrowed_to(district_id):
        for row in figure.rows():
            found.append(Line(row.key, row.label, row.value, row.sample))
            if len(found) > rules.MOST_ROWS:
                break
    return found
