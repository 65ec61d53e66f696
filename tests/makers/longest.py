"""A project and a programme that hold as much as forms and databases let them: what a page must be able to bear."""

import datetime as dt

from factories import Maker

from districtops import clock
from districtops.kit.text import Words
from districtops.models import FundingKind, FundingLine, Payer
from districtops.new_deal.models import Category, Programme, Project, StageChange, Status
from districtops.new_deal.rules import LADDER, Stage

SYLLABLES = {"ko": "가나다라마바사아자차카타파하 ", "en": "WORMWOOD AND MAMMOTHS "}


def longest(language: str, length: int) -> str:
    """A text of a length, in a language."""
    return (SYLLABLES[language] * length)[:length].strip()


def longest_project(make: Maker, language: str, *, unbroken: bool = False) -> Project:
    """A project with the longest texts, every payer, 30 milestones and 25 steps. ``unbroken`` leaves no blank in it."""

    def text(length: int) -> str:
        found = longest(language, length)
        return found.replace(" ", "") if unbroken else found

    division = make.department(text(110))
    officer = make.user("long", name_en=text(110), name_ko=text(110))
    both = {"title_en": text(200), "title_ko": text(200)}
    for year in (2021, 2022):
        make.keep(
            Programme(
                fiscal_year=year,
                name_en=text(120),
                name_ko=text(120),
                planned_won=10**14,
                planned_count=99_999,
                rounding_won=10**8,
                parent_policy=Words(en=text(200)),
            )
        )
    make.project(text(200), year=2021, money=10**14)
    project = make.project(
        money=dict.fromkeys([p for p in Payer if p is not Payer.UNSTATED], 10**14),
        stage=Stage.IN_EXECUTION,
        status=Status.ON_SCHEDULE,
        purpose=Words(en=text(2000)),
        location=Words(en=text(200)),
        kpi_name=Words(en=text(200)),
        kpi_unit=Words(en=text(40)),
        kpi_base=123_456_789,
        kpi_target=123_456_789,
        kpi_actual=123_456_789,
        named=True,
        program={
            **both,
            "code": "ND-2022-" + "9" * 24,
            "department_id": division.id,
            "officer_id": officer.id,
            "starts_on": dt.date(2022, 10, 30),
            "ends_on": dt.date(2022, 12, 31),
        },
    )
    for number in range(30):
        make.milestone(project, text(200), dt.date(2022, 3, 1) + dt.timedelta(days=number))
    for number in range(25):
        make.keep(
            StageChange(
                project_id=project.id,
                program_id=project.program_id,
                from_stage=LADDER[number % 8],
                to_stage=LADDER[number % 8 + 1],
                on_date=dt.date(2022, 3, 1),
                detail=Words(en=text(300)),
                reason=Words(en=text(1000)),
                at=clock.now(),
            )
        )
    make.keep(
        FundingLine(
            program_id=project.program_id,
            fiscal_year=2022,
            payer=Payer.UNSTATED,
            kind=FundingKind.ORIGINAL,
            amount_won=10**14,
            sample=False,
        )
    )
    make.entry(project, 10**14)
    for number, category in enumerate(tuple(Category) * 3):
        make.project(
            text(200),
            money=10**14,
            named=True,
            category=category,
            program={"department_id": division.id, "code": f"ND-long-{number}"},
        )
    return project
