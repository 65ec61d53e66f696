"""The figures that public statements are checked against: each is the sum of its rows, and of the list it opens."""

import csv
import io

import pytest
from flask import Flask
from pages import Visitor
from sqlalchemy import select

from districtops.guard.passwords import DEMONSTRATION
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.kit.db import db
from districtops.kit.measured import FigureUnit
from districtops.models import District
from districtops.new_deal import headlines

EXPECTED = {
    ("projects", 2021): 83,
    ("budget_won", 2021): 6_300_000_000,
    ("projects", 2022): 65,
    ("budget_won", 2022): 6_500_000_000,
    ("contest_projects", 2021): 6,
    ("contest_won", 2021): 2_100_000_000,
}
"""Facts ND-003, ND-004, ND-006, ND-007, ND-032 and ND-033."""


@pytest.mark.parametrize(("key", "year"), EXPECTED, ids=[f"{key}-{year}" for key, year in EXPECTED])
def test_a_figure_is_the_articles_the_sum_of_its_rows_and_of_the_list_it_opens(
    demo_on_both: Flask, key: str, year: int
) -> None:
    source = next(source for source in headlines.sources if source.key == key)
    with demo_on_both.test_request_context("/"):
        enter(NOBODY)
        home = db.session.execute(select(District.id).where(District.slug == "yongsan")).scalar_one()
        with within(home):
            figure = source.compute(year)
            assert figure is not None
            rows = list(figure.rows())
            assert source.compute(1990) is None
    assert figure.value == EXPECTED[key, year]
    assert sum(row.value for row in rows if row.value is not None) == figure.value
    assert len({row.key for row in rows}) == len(rows)
    path, _, query = figure.url.partition("?")
    answer = Visitor(demo_on_both, "viewer.yongsan", DEMONSTRATION).ask(f"{path}.csv?{query}&header=keys")
    listed = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    if source.unit is FigureUnit.COUNT:
        assert len(listed) == figure.value
    else:
        amount = next(name for name in ("budget_won", "amount_won") if name in listed[0])
        assert sum(int(line[amount]) for line in listed) == figure.value
