"""The figures of a year that the office tells the public, with the rows behind each: statements are checked against
them."""

from collections.abc import Callable, Iterator
from typing import Any

from districtops.contest_funds import queries
from districtops.contest_funds.figures import ContestFigures
from districtops.contest_funds.overview import Year
from districtops.kit.db import AnyRow
from districtops.kit.measured import FigureUnit
from districtops.kit.text import Words, _l
from districtops.module import Figure, FigureRow, FigureSource


def _of(compute: Callable[[Year], Figure]) -> Callable[[int], Figure | None]:
    """The figure of a year; None where nothing of the year is recorded."""

    def of_year(number: int) -> Figure | None:
        year = Year(number)
        return compute(year) if year.rows else None

    return of_year


def _rows(value: Callable[[AnyRow], int | None], *conditions: Any) -> Callable[[], Iterator[FigureRow]]:
    def rows() -> Iterator[FigureRow]:
        for row in queries.figure_rows(*conditions):
            label = Words(row.title_en, row.title_ko)
            yield FigureRow(key=row.code, label=label, value=value(row), sample=row.sample)

    return rows


def _filed(year: Year) -> tuple[Any, ...]:
    return ContestFigures.fiscal_year == year.year, ContestFigures.applied.is_(True)


def _one(_row: AnyRow) -> int:
    return 1


def _applied(year: Year) -> Figure:
    return Figure(value=year.total.applied, url=year.applied_url(), rows=_rows(_one, *_filed(year)))


def _selected(year: Year) -> Figure:
    rows = _rows(_one, ContestFigures.award_year == year.year)
    return Figure(value=year.total.selected, url=year.selected_url(), rows=rows)


def _external(year: Year) -> Figure:
    secured = (ContestFigures.award_year == year.year, ContestFigures.secured.is_(True))
    rows = _rows(lambda row: row.external_won, *secured)  # type: ignore[no-any-return]
    return Figure(value=year.total.external, url=year.secured_url(), rows=rows)


def _rate(year: Year) -> Figure:
    def part(row: AnyRow) -> int:
        return int(row.award_year is not None)

    total = year.total
    return Figure.rate(total.succeeded, total.applied, url=year.applied_url(), rows=_rows(part, *_filed(year)))


sources = (
    FigureSource(key="applied", label=_l("Contests applied for"), unit=FigureUnit.COUNT, compute=_of(_applied)),
    FigureSource(key="selected", label=_l("Contests selected"), unit=FigureUnit.COUNT, compute=_of(_selected)),
    FigureSource(key="external_won", label=_l("External funds secured"), unit=FigureUnit.WON, compute=_of(_external)),
    FigureSource(
        key="selection_rate", label=_l("Selection rate of contests"), unit=FigureUnit.PERCENT, compute=_of(_rate)
    ),
)
