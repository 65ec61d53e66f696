"""How many reports of a month stand where, kept by division and state (guard.summaries)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Index, or_, select
from sqlalchemy.orm import Mapped

from districtops.guard.summaries import Figures, Summary
from districtops.kit.db import Base, db
from districtops.models import DistrictScoped, Program
from districtops.new_deal.models import Project
from districtops.new_deal.monthly.models import MonthlyReport
from districtops.new_deal.monthly.rules import MISSING, State
from districtops.new_deal.rules import STOPPED

TABLE = "new_deal_report_figures"
DIMENSIONS = ("month_id", "department_id", "state")


class ReportFigures(DistrictScoped, Base):
    """Where a report stands, and whose it is: the division of its project, which may change after it was requested."""

    __tablename__ = TABLE
    __silent__ = "follows from rows whose changes are recorded"
    __constraints__ = (Index(f"ix_{TABLE}_program", "district_id", "program_id", "id"),)

    program_id: Mapped[int]
    month_id: Mapped[int]
    department_id: Mapped[int | None]
    state: Mapped[State]


class ReportSums(DistrictScoped, Base):
    """The reports of a month, of one division and in one state. Several rows of one group add up."""

    __tablename__ = "new_deal_report_sums"
    __silent__ = "follows from rows whose changes are recorded"
    __constraints__ = (Index("ix_new_deal_report_sums_month", "district_id", *DIMENSIONS),)

    month_id: Mapped[int]
    department_id: Mapped[int | None]
    state: Mapped[State]
    reports: Mapped[int]


def compute(programs: Sequence[int]) -> Mapping[int, Figures]:
    """The figures of the programs' reports by the ids of these, from one query."""
    rows = db.session.execute(
        select(
            *(MonthlyReport.id, MonthlyReport.program_id, MonthlyReport.month_id, MonthlyReport.state),
            Program.department_id,
        )
        .join(Program, Program.id == MonthlyReport.program_id)
        .join(Project, Project.id == MonthlyReport.project_id)
        .where(
            MonthlyReport.program_id.in_(programs),
            # The list leaves them out too (monthly.queries.owed).
            or_(MonthlyReport.state.not_in(MISSING), Project.stage.not_in(STOPPED)),
        )
    )
    return {row.id: dict(row._mapping) for row in rows}


summary = Summary(
    row=ReportFigures,
    sums=ReportSums,
    dimensions=DIMENSIONS,
    measures={"reports": lambda figures: 1},
    compute=compute,
)
