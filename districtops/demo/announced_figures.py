"""The announced figures of the demonstration: those of the article, and of releases before and after it with their
sources. Those of January 2023 lie after the demonstration's day; their pages say so."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import func, select

from districtops.clock import KOREA
from districtops.demo.files import Office, day, maybe, words
from districtops.kit.db import db
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.text import Words
from districtops.models import AnnouncedFigure, FrozenFigure, FrozenRow, FundingLine, Program

FROZEN_ON = dt.date(2021, 7, 29)
"""The day of Yongsan's mid-year report."""


def load(office: Office) -> None:
    """What a district announced; after its modules, whose rows are frozen."""
    for line in office.own("announced_figures"):
        db.session.add(
            AnnouncedFigure(
                statement=words(line, "statement") or Words(),
                year=int(line["year"]),
                measure=Measure(line["measure"]),
                unit=FigureUnit(line["unit"]),
                value=Decimal(line["value"]),
                step=Decimal(line["step"]),
                figure=line["figure"] or None,
                compared=maybe(line["compared"], int),
                base=maybe(line["base"], int),
                base_step=int(line["base_step"]),
                as_of=day(line["as_of"]),
                announced_on=day(line["announced_on"]),
                source=words(line, "source"),
                department_id=office.department_id(line["department_code"]),
                fact=line["fact"] or None,
            )
        )
    db.session.flush()
    _freeze_the_mid_year_budget()


def _freeze_the_mid_year_budget() -> None:
    """The budget of 2021 as the sample rows make it at mid-year, so that what was decided later shows line by line."""
    figure = "new_deal.budget_won"
    statement = db.session.execute(
        select(AnnouncedFigure).where(AnnouncedFigure.figure == figure, AnnouncedFigure.year == FROZEN_ON.year)
    ).scalar_one_or_none()
    if statement is None:
        return
    rows = db.session.execute(
        select(Program, func.sum(FundingLine.amount_won).label("won"))
        .join(FundingLine, FundingLine.program_id == Program.id)
        .where(Program.module == "new_deal", Program.fiscal_year == FROZEN_ON.year, FundingLine.decided_on <= FROZEN_ON)
        .group_by(Program.id)
        .order_by(Program.code)
    ).all()
    frozen = FrozenFigure(
        announced_id=statement.id,
        figure=figure,
        year=FROZEN_ON.year,
        unit=FigureUnit.WON,
        total=sum(int(row.won) for row in rows),
        row_count=len(rows),
        at=dt.datetime.combine(FROZEN_ON, dt.time(18), KOREA),
        reason=Words("Mid-year report", "중간보고 발표"),
        sample=True,
    )
    db.session.add(frozen)
    db.session.flush()
    for row in rows:
        name = Words(row.Program.title_en, row.Program.title_ko)
        db.session.add(
            FrozenRow(
                frozen_id=frozen.id, key=row.Program.code, label=name, value=int(row.won), sample=row.Program.sample
            )
        )
    db.session.flush()
