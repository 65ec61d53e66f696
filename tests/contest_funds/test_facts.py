"""Each contest fact of the article is a row or a number that comes out of rows.

The facts stand in the product's own copy. Every one has a reading below: a fact without a reading fails.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from factories import Maker
from flask import Flask
from sqlalchemy import select

from districtops.contest_funds.applications.record import record_of
from districtops.contest_funds.figures import PAYERS
from districtops.contest_funds.models import Application, OrganiserKind
from districtops.contest_funds.overview import overview_of
from districtops.demo.files import rows
from districtops.kit.db import db
from districtops.kit.ratio import half_up
from districtops.models import Payer, Program

FACTS = [line for line in rows("facts") if line["module"] == "contest_funds"]


class Office:
    """Dongdaemun's contests, as their pages compute them."""

    def __init__(self) -> None:
        self.overview = overview_of(2021)
        self.total = self.overview.year.total
        self.before = self.overview.last.total

    def named(self, fact: str) -> Application:
        """The application that states a fact: no sample, and named in the announcement."""
        found = db.session.execute(
            select(Application).join(Program, Program.id == Application.program_id).where(Program.fact.contains(fact))
        ).scalar_one()
        assert found.named
        assert not found.program.sample
        return found

    def award(self, fact: str) -> int | None:
        return record_of(self.named(fact)).external


READINGS: dict[str, Callable[[Office], Any]] = {
    "CF-001": lambda o: o.total.applied,
    "CF-002": lambda o: o.total.selected,
    "CF-003": lambda o: o.total.external,
    "CF-004": lambda _: len(OrganiserKind),
    "CF-005": lambda o: o.overview.change("applied").difference,
    "CF-006": lambda o: o.overview.change("applied").percent(0),
    "CF-007": lambda o: o.overview.change("selected").difference,
    "CF-008": lambda o: o.overview.change("selected").percent(0),
    "CF-009": lambda o: o.before.applied,
    "CF-010": lambda o: o.before.selected,
    "CF-011": lambda o: o.total.rate,
    "CF-012": lambda o: o.before.rate,
    "CF-013": lambda o: o.total.applied - o.total.selected,
    "CF-014": lambda _: "excluded" if Payer.DISTRICT not in PAYERS else "included",
    "CF-018": lambda o: o.award("CF-018"),
    "CF-019": lambda o: o.award("CF-019"),
    "CF-020": lambda o: o.award("CF-020") if o.named("CF-020").several else None,
    "CF-021": lambda o: o.award("CF-021") if o.named("CF-021").several else None,
    "CF-022": lambda o: o.award("CF-022"),
    "CF-023": lambda o: o.overview.named.external if o.overview.named.secured == 5 else None,
    "CF-024": lambda o: o.overview.unnamed,
    "CF-025": lambda o: o.overview.named_share,
    "CF-026": lambda o: half_up(Decimal(o.total.external or 0) / o.total.selected),
    "CF-027": lambda o: record_of(o.named("CF-027")).total,
    "CF-028": lambda o: record_of(o.named("CF-027")).external_share,
    "CF-029": lambda o: record_of(o.named("CF-027")).unexplained,
    "CF-030": lambda o: len((o.named("CF-030").purpose.en or "").split(", ")),
}


@pytest.mark.parametrize("fact", FACTS, ids=[fact["fact"] for fact in FACTS])
def test_a_fact_comes_out_of_the_rows(demo_app: Flask, make: Maker, fact: dict[str, str]) -> None:
    with make.inside(make.district("dongdaemun")):
        found = READINGS[fact["fact"]](Office())
    assert str(found) == fact["value"], fact["statement"]


def test_the_campus_towns_other_money_is_never_called_matching(demo_app: Flask, make: Maker) -> None:
    with make.inside(make.district("dongdaemun")):
        record = record_of(Office().named("CF-027"))
        assert record.beside == []
        assert record.unexplained == 5_940_000_000


def test_the_money_of_both_years_and_its_fall(demo_app: Flask, make: Maker) -> None:
    with make.inside(make.district("dongdaemun")):
        office = Office()
        assert office.before.external == 34_000_000_000
        assert str(office.overview.change("external").percent()) == "-39.1"
        assert str(office.overview.rate_change) == "-0.7"


def test_what_was_won_in_2020_for_the_budget_of_2021_counts_in_2020(demo_app: Flask, make: Maker) -> None:
    with make.inside(make.district("dongdaemun")):
        park = db.session.execute(
            select(Application).join(Program, Program.id == Application.program_id).where(Program.fact == "E13")
        ).scalar_one()
        [line] = record_of(park).awards
        assert (park.program.fiscal_year, line.fiscal_year, line.amount_won) == (2020, 2021, 12_300_000_000)


def test_the_six_contests_of_yongsan_stand_beside_its_projects_and_bring_2_1_billion(
    demo_app: Flask, make: Maker
) -> None:
    with make.inside(make.district("yongsan")):
        total = overview_of(2021).year.total
        assert (total.selected, total.external, total.average) == (6, 2_100_000_000, 350_000_000)
        for application in db.session.execute(select(Application)).scalars():
            [work] = record_of(application).work
            assert work.module == "new_deal"
            assert work.amount is None, "whether it is part of the budget is not stated"
