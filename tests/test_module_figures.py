"""Every figure that a module offers to public statements is the sum of its rows, whatever the district and the year."""

import csv
import io

import pytest
from flask import Flask
from pages import Visitor
from sqlalchemy import select

from districtops.announced_figures.checks import sources
from districtops.guard.passwords import DEMONSTRATION
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.kit.db import db
from districtops.kit.measured import FigureUnit
from districtops.models import District

YEARS = range(2018, 2024)


@pytest.mark.parametrize("name", sources())
def test_a_figure_is_the_sum_of_its_rows_and_its_address_opens_them(demo_on_both: Flask, name: str) -> None:
    _, source = sources()[name]
    found = 0
    with demo_on_both.test_request_context("/"):
        enter(NOBODY)
        districts = db.session.execute(select(District)).scalars().all()
        figures = []
        for district in districts:
            with within(district.id):
                for year in YEARS:
                    figure = source.compute(year)
                    if figure is not None:
                        figures.append((district.slug, figure, list(figure.rows())))
    for slug, figure, rows in figures:
        assert len({row.key for row in rows}) == len(rows), "a row is named for good"
        assert all(row.label for row in rows)
        known = [row.value for row in rows if row.value is not None]
        if source.unit is FigureUnit.PERCENT:
            assert (sum(known), len(rows)) == (figure.part or 0, figure.whole or 0)
        else:
            assert (figure.part, figure.whole) == (None, None)
            assert sum(known) == (figure.value or 0)
            assert bool(known) or not figure.value
        path, _, query = figure.url.partition("?")
        answer = Visitor(demo_on_both, f"viewer.{slug}", DEMONSTRATION).ask(f"{path}.csv?{query}&header=keys")
        listed = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
        if source.unit is FigureUnit.COUNT:
            assert len(listed) == figure.value
        found += 1
    assert found, f"the demonstration has no rows of {name}"
