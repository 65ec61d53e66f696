"""The figures of a year that the office tells the public, with the rows behind each: statements are checked against
them."""

from collections.abc import Callable, Iterator

from flask import url_for

from districtops.kit.db import AnyRow
from districtops.kit.measured import FigureUnit
from districtops.kit.text import Words, _l
from districtops.module import Figure, FigureRow, FigureSource
from districtops.new_deal import queries
from districtops.new_deal.models import Programme
from districtops.new_deal.overview import Year


def _of(compute: Callable[[Programme], Figure]) -> Callable[[int], Figure | None]:
    """The figure of a year; None where the year has no programme."""

    def of_year(year: int) -> Figure | None:
        programme = next((p for p in queries.programmes() if p.fiscal_year == year), None)
        return compute(programme) if programme is not None else None

    return of_year


def _row(row: AnyRow, value: int | None) -> FigureRow:
    return FigureRow(key=row.code, label=Words(row.title_en, row.title_ko), value=value, sample=row.sample)


def _projects(programme: Programme) -> Figure:
    def rows() -> Iterator[FigureRow]:
        return (_row(row, 1) for row in queries.project_rows(programme))

    total = Year(programme, programme.fiscal_year).total
    return Figure(value=total.projects, url=_projects_url(programme), rows=rows)


def _budget(programme: Programme) -> Figure:
    def rows() -> Iterator[FigureRow]:
        return (_row(row, row.budget_won) for row in queries.project_rows(programme))

    total = Year(programme, programme.fiscal_year).total
    return Figure(value=total.budget, url=_projects_url(programme, amount_stated=True), rows=rows)


def _contests(programme: Programme) -> Figure:
    def rows() -> Iterator[FigureRow]:
        return (_row(row, 1) for row in queries.contest_rows(programme))

    return Figure(value=queries.contest_totals(programme).projects, url=_contests_url(programme), rows=rows)


def _contest_money(programme: Programme) -> Figure:
    def rows() -> Iterator[FigureRow]:
        return (_row(row, row.won) for row in queries.contest_rows(programme))

    return Figure(value=queries.contest_totals(programme).won, url=_contests_url(programme), rows=rows)


def _projects_url(programme: Programme, *, amount_stated: bool = False) -> str:
    # Whoever opens it may read several districts, each with a programme of that year.
    return url_for("new_deal.projects", programme=programme.id, amount="yes" if amount_stated else None)


def _contests_url(programme: Programme) -> str:
    return url_for("new_deal.contests", year=programme.fiscal_year, programme=programme.id)


sources = (
    FigureSource(key="projects", label=_l("New Deal projects"), unit=FigureUnit.COUNT, compute=_of(_projects)),
    FigureSource(key="budget_won", label=_l("Budget of the New Deal"), unit=FigureUnit.WON, compute=_of(_budget)),
    FigureSource(
        key="contest_projects",
        label=_l("New Deal projects selected in contests"),
        unit=FigureUnit.COUNT,
        compute=_of(_contests),
    ),
    FigureSource(
        key="contest_won",
        label=_l("National and city money of those contests"),
        unit=FigureUnit.WON,
        compute=_of(_contest_money),
    ),
)
