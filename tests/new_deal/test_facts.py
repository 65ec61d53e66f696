"""Each New Deal fact of the article is a row or a number that comes out of rows.

The facts stand in the product's own copy. Every one has a reading below: a fact without a reading fails.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from districtops.demo.loader import rows
from districtops.guard.passwords import DEMONSTRATION
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.kit.db import db
from districtops.models import District, OfficeHolder, Program
from districtops.new_deal import queries
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.overview import Overview, overview_of
from districtops.new_deal.record import record_of

FACTS = [line for line in rows("facts") if line["module"] == "new_deal"]
HOLDERS = [line for line in rows("facts") if line["fact"].startswith("OT-") and "mayor" in line["statement"]]


class Office:
    """Yongsan's New Deal, as its pages compute it."""

    def __init__(self) -> None:
        self.programmes = queries.programmes()
        self.this_year = next(p for p in self.programmes if p.fiscal_year == 2022)

    @property
    def overview(self) -> Overview:
        return overview_of(self.this_year, self.programmes)

    def project(self, fact: str) -> Project:
        [found] = [
            project
            for project in db.session.execute(select(Project)).scalars()
            if fact in (project.program.fact or "").split()
        ]
        return found

    def named(self) -> list[Project]:
        return list(db.session.execute(select(Project).where(Project.named.is_(True))).scalars())


def named_in(category: str) -> Callable[[Office, dict[str, str]], Any]:
    """The statement names the project; its row carries the same name and the category."""

    def read(office: Office, fact: dict[str, str]) -> str:
        project = office.project(fact["fact"])
        assert project.program.title_en in fact["statement"]
        assert project.category.value == category
        assert project.named
        assert not project.program.sample
        return fact["value"]

    return read


READINGS: dict[str, Callable[[Office, dict[str, str]], Any]] = {
    "ND-001": lambda o, _: o.this_year.name_en,
    "ND-002": lambda o, _: o.this_year.started_year if o.this_year.parent_policy.en == "Korean New Deal" else None,
    "ND-003": lambda o, _: o.overview.last.total.projects,
    "ND-004": lambda o, _: o.overview.last.total.budget,
    "ND-005": lambda o, _: len(queries.concerns(o.overview.before)),
    "ND-006": lambda o, _: o.overview.year.total.projects,
    "ND-007": lambda o, _: o.overview.year.total.budget,
    "ND-008": lambda o, _: o.overview.count_change.difference,
    "ND-009": lambda o, _: o.overview.count_change.percent(),
    "ND-010": lambda o, _: o.overview.budget_change.difference,
    "ND-011": lambda o, _: (
        o.overview.budget_change.percent() if o.overview.budget_band == (Decimal("1.6"), Decimal("4.8")) else None
    ),
    "ND-012": lambda o, _: o.overview.last.total.average,
    "ND-013": lambda o, _: o.overview.year.total.average,
    "ND-014": named_in("digital"),
    "ND-015": named_in("digital"),
    "ND-016": named_in("green"),
    "ND-017": named_in("green"),
    "ND-018": named_in("safety_net"),
    "ND-019": named_in("safety_net"),
    "ND-020": named_in("creative"),
    "ND-021": named_in("creative"),
    "ND-022": lambda o, _: o.overview.year.named.projects,
    "ND-023": lambda o, _: record_of(o.project("ND-014")).budget,
    "ND-024": lambda o, _: o.project("ND-014").kpi_target / o.project("ND-014").kpi_base,
    "ND-025": lambda o, _: sum(
        any(word in o.project("ND-014").purpose.en for word in words)
        for words in (("CCTV",), ("IoT", "Internet of Things"), ("Wi-Fi",))
    ),
    "ND-026": lambda o, _: record_of(o.project("ND-015")).budget,
    "ND-027": lambda o, f: (
        f["value"] if o.project("ND-015").location.en == "Comprehensive Administrative Town" else None
    ),
    "ND-028": lambda o, _: o.overview.year.named.budget,
    "ND-029": lambda o, _: o.overview.named_share,
    "ND-030": lambda o, _: o.overview.unnamed_budget,
    "ND-031": lambda o, _: o.overview.year.named.without_amount,
    "ND-032": lambda o, _: o.overview.contests.projects,
    "ND-033": lambda o, _: o.overview.contests.won,
    "ND-034": lambda o, _: o.overview.contest_average,
    "ND-035": lambda o, _: len(o.overview.measures),
    "ND-036": lambda o, _: o.this_year.planned_count,
}


@pytest.fixture
def office(demo_app: Any) -> Iterator[Office]:
    with demo_app.test_request_context("/"):
        enter(NOBODY)
        yongsan = db.session.execute(select(District.id).where(District.slug == "yongsan")).scalar_one()
        with within(yongsan):
            yield Office()


def test_there_is_a_reading_for_every_fact_and_no_other():
    assert set(READINGS) == {fact["fact"] for fact in FACTS}
    assert len(FACTS) == 36


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"])
def test_the_fact_is_a_row_or_comes_out_of_rows(office, fact):
    found = READINGS[fact["fact"]](office, fact)
    assert found is not None
    expected = fact["value"]
    assert found == (Decimal(expected) if expected.lstrip("-").replace(".", "", 1).isdigit() else expected)


def test_the_eight_named_projects_are_exactly_the_articles(office):
    named = office.named()
    assert len(named) == 8
    assert {record_of(project).budget for project in named} == {1_200_000_000, 211_600_000, None}
    assert all(project.status is None and project.type is None for project in named)
    assert all(project.program.starts_on is None and project.program.department_id is None for project in named)


def test_whatever_is_not_named_is_marked_sample(office):
    programs = db.session.execute(select(Program).where(Program.module == "new_deal")).scalars().all()
    assert len(programs) == 148
    assert sum(not program.sample for program in programs) == 8


def test_the_year_before_splits_as_the_mid_year_report_says(office):
    before = next(p for p in office.programmes if p.fiscal_year == 2021)
    overview = overview_of(before, office.programmes)
    assert [line.total.projects for line in overview.by_category] == [45, 12, 3, 23]
    assert {line.member.value if line.member else None: line.total.projects for line in overview.by_status} == {
        "done": 18,
        "on_schedule": 56,
        "delayed": 0,
        "later": 9,
        None: 0,
    }


def test_the_dashboard_shows_the_figures_of_the_article(demo_app, visit):
    page = visit("manager.yongsan", password=DEMONSTRATION).open("new_deal.index").text
    for figure in ("65", "6,500", "−18", "−21.7%", "+200", "+3.2%", "+1.6%", "+4.8%", "1,411.6", "21.7%", "5,088.4"):
        assert figure in page, figure
    for figure in ("2 of 8 named with an amount", "59 of 65 projects with an amount", "65 planned", "2,100", "350"):
        assert figure in page, figure


@pytest.mark.parametrize("fact", HOLDERS, ids=lambda fact: fact["fact"])
def test_the_mayor_of_the_day_is_kept_with_the_source(demo_app, fact):
    with demo_app.test_request_context("/"):
        enter(NOBODY)
        district = db.session.execute(select(District).where(District.slug == fact["district"])).scalar_one()
        with within(district.id):
            holder = db.session.execute(select(OfficeHolder)).scalar_one()
            assert (holder.name_en, holder.fact) == (fact["value"], fact["fact"])
            assert str(holder.known_on) == fact["as_of"]


def test_loading_the_demonstration_twice_changes_nothing(demo_app):
    runner = demo_app.test_cli_runner()
    result = runner.invoke(args=["load-demo"])
    assert result.exit_code == 0, result.output
    assert "already" in result.output


def test_the_demonstration_is_refused_where_an_office_has_data(lite_app, make):
    make.project()
    result = lite_app.test_cli_runner().invoke(args=["load-demo"])
    assert result.exit_code == 1
    assert "own data" in result.output


def test_each_programme_keeps_what_was_announced(office):
    kept = {p.fiscal_year: (p.planned_won, p.rounding_won) for p in db.session.execute(select(Programme)).scalars()}
    assert kept == {2021: (6_300_000_000, 100_000_000), 2022: (6_500_000_000, 100_000_000)}
