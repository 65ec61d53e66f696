"""What people ask about the end of a year: of one project, and of the whole programme."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import BigInteger, cast, func, select

from districtops import clock
from districtops.guard.tenancy import scope
from districtops.kit.db import AnyRow, db
from districtops.kit.execution import Projection, achievement, unused
from districtops.models import ChangeRecord, Department, Program
from districtops.new_deal.figures import ProjectFigures, ProjectSums
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.queries import department_column, figures_title_column, title_column
from districtops.new_deal.rules import ENDED, FINISHED
from districtops.new_deal.year_end import rules
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import DecisionState


@dataclass(frozen=True, kw_only=True)
class Closing:
    """The year's end of one project: where its spending leads, and what was decided about the rest."""

    projection: Projection | None
    by_payments: bool
    finished: bool
    as_of: dt.date | None
    decision: YearEndDecision | None
    withdrawn: Sequence[YearEndDecision]
    budget: int | None
    spent: int

    @property
    def over(self) -> bool:
        """Whether the fiscal year is past."""
        return self.as_of is not None and self.as_of == rules.last_day(self.as_of.year) < clock.today()

    @property
    def outlook(self) -> rules.Outlook | None:
        """Whether the project will under-spend, or exceed its budget."""
        return rules.outlook(self.projection)

    @property
    def confirmed(self) -> bool:
        """Whether a decision counts."""
        return self.decision is not None and self.decision.state is DecisionState.CONFIRMED

    @property
    def unused(self) -> int | None:
        """Won that close the identity of rule R1; below 0 the figures contradict each other. None without a decision
        or a budget."""
        if self.decision is None or self.budget is None:
            return None
        carried, returned = self.decision.carry_won, self.decision.return_won
        return unused(self.budget, spent=self.spent, carry_next=carried, grant_return=returned)

    @property
    def late(self) -> bool:
        """Whether the decision was confirmed after the books of its year closed."""
        found = self.decision
        if found is None or found.confirmed_at is None:
            return False
        return clock.day_of(found.confirmed_at) > rules.last_day(found.fiscal_year)


def closing_of(project: Project, budget: int | None, spent: int) -> Closing:
    """The year's end of a project, whose budget and spending in won its page has read already."""
    due = db.session.execute(
        select(ProjectFigures.payments_due_won).where(ProjectFigures.id == project.id)
    ).scalar_one_or_none()
    year, today = project.program.fiscal_year, clock.today()
    decisions = decisions_of(project)
    return Closing(
        projection=rules.projection(spent=spent, budget=budget, payments=due, fiscal_year=year, today=today),
        by_payments=due is not None,
        finished=project.stage in FINISHED | ENDED,
        as_of=rules.as_of(year, today),
        decision=next((d for d in decisions if d.state is not DecisionState.WITHDRAWN), None),
        withdrawn=[d for d in decisions if d.state is DecisionState.WITHDRAWN],
        budget=budget,
        spent=spent,
    )


def decisions_of(project: Project) -> Sequence[YearEndDecision]:
    """The year-end decisions of a project, the latest first."""
    statement = (
        select(YearEndDecision).where(YearEndDecision.project_id == project.id).order_by(YearEndDecision.id.desc())
    )
    return db.session.execute(statement).scalars().all()


def to_confirm(person_id: int | None, *, limit: int) -> Sequence[AnyRow]:
    """The drafts that this person neither entered nor changed, the oldest year first.

    Columns: district_id, project_id, fiscal_year, title, department, sample.
    """
    own = (YearEndDecision.entered_by_id, YearEndDecision.changed_by_id)
    return db.session.execute(
        select(
            YearEndDecision.district_id,
            YearEndDecision.project_id,
            YearEndDecision.fiscal_year,
            title_column().label("title"),
            department_column().label("department"),
            Program.sample,
        )
        .join(Program, Program.id == YearEndDecision.program_id)
        .outerjoin(Department, Department.id == Program.department_id)
        .where(
            YearEndDecision.state == DecisionState.DRAFT,
            *(column.is_distinct_from(person_id) for column in own),
        )
        .order_by(YearEndDecision.fiscal_year, YearEndDecision.id)
        .limit(limit)
    ).all()


def without_drafts(changes: Iterable[ChangeRecord], editing: bool) -> list[ChangeRecord]:
    """A project's changes as a reader may see them: amounts of drafts are for those who write them."""
    return [change for change in changes if editing or change.table_name != YearEndDecision.__tablename__]


CARRIED = tuple(rules.CarryKind)


@dataclass(frozen=True)
class YearEnd:
    """The year's end of a whole programme, in won: every sum is the sum of the list's column (rule R1)."""

    programme: Programme
    sums: Any
    today: dt.date

    def url(self, **filters: Any) -> str:
        """The address of the rows that make a sum. A reader of several districts has several programmes of one year,
        so the address names it."""
        if len(scope().districts) > 1:
            filters["programme"] = self.programme.id
        return url_for("new_deal.year_end", fiscal_year=self.programme.fiscal_year, **filters)

    @property
    def as_of(self) -> dt.date | None:
        """The day up to which spending is looked at."""
        return rules.as_of(self.programme.fiscal_year, self.today)

    @property
    def projects(self) -> int:
        """How many projects the year has."""
        return self.sums.projects or 0

    @property
    def decided(self) -> int:
        """Of how many the year's end is decided."""
        return self.sums.decided or 0

    @property
    def budget(self) -> int | None:
        """The current budget; None where no project states one."""
        return self.sums.budget if self.sums.with_amount else None

    @property
    def spent(self) -> int:
        """What the projects with a budget have spent."""
        return self.sums.spent_of_budget or 0

    @property
    def spent_beside(self) -> int:
        """What was spent where no budget is stated."""
        return (self.sums.spent or 0) - self.spent

    def carried(self, kind: rules.CarryKind) -> int:
        """What confirmed decisions carry over in one way."""
        return getattr(self.sums, kind.value) or 0

    @property
    def carry(self) -> int:
        """What confirmed decisions carry over."""
        return sum(self.carried(kind) for kind in CARRIED)

    @property
    def returned(self) -> int:
        """What confirmed decisions return to whoever granted it."""
        return self.sums.returned or 0

    @property
    def unused(self) -> int:
        """What is left unused where the year's end is decided."""
        return self.sums.unused or 0

    @property
    def undecided(self) -> int | None:
        """What is left where nothing is decided yet: it closes the identity of the whole programme."""
        if self.budget is None:
            return None
        return unused(self.budget - self.unused, spent=self.spent, carry_next=self.carry, grant_return=self.returned)

    @property
    def projection(self) -> Projection | None:
        """What all will have spent on 31 December, sum over sum and rounded once; None without a budget above 0."""
        day, budget = self.as_of, self.sums.above_zero or 0
        by_payments = self.sums.by_payments or 0
        if day is None:
            return rules.projection(
                spent=by_payments, budget=budget, payments=0, fiscal_year=self.programme.fiscal_year, today=self.today
            )
        straight = rules.projection(
            spent=self.sums.straight or 0,
            budget=budget,
            payments=None,
            fiscal_year=self.programme.fiscal_year,
            today=self.today,
        )
        return None if straight is None else Projection(exact=straight.exact + by_payments, budget=budget)

    # Early execution -------------------------------------------------------------------------------------------------

    @property
    def early_target(self) -> int | None:
        """Won that were to be spent by 30 June."""
        return rules.early_target(self.budget, rate=self.programme.early_rate, won=self.programme.early_won)

    @property
    def early_as_of(self) -> dt.date | None:
        """The day up to which early execution is looked at: today, at most 30 June."""
        day = self.as_of
        return None if day is None else min(day, dt.date(day.year, *rules.HALF_YEAR))

    @property
    def early_spent(self) -> int:
        """Won that were spent by that day."""
        return self.sums.first_half or 0

    @property
    def achievement(self) -> Decimal | None:
        """Percent of the target; may exceed 100 (rule R1, example l)."""
        return achievement(self.early_spent, self.early_target)


def _sum(column: Any, name: str) -> Any:
    return cast(func.sum(column), BigInteger).label(name)


def year_end_of(programme: Programme) -> YearEnd:
    """The sums of a programme, as they are kept for its groups."""
    s = ProjectSums
    sums = db.session.execute(
        select(
            *(_sum(s.projects, "projects"), _sum(s.with_amount, "with_amount"), _sum(s.decided, "decided")),
            *(_sum(s.budget_won, "budget"), _sum(s.spent_won, "spent"), _sum(s.spent_of_budget_won, "spent_of_budget")),
            *(_sum(s.above_zero_won, "above_zero"), _sum(s.straight_won, "straight")),
            *(_sum(s.by_payments_won, "by_payments"), _sum(s.first_half_won, "first_half")),
            *(_sum(getattr(s, f"{kind.value}_won"), kind.value) for kind in CARRIED),
            *(_sum(s.return_won, "returned"), _sum(s.unused_won, "unused")),
        ).where(s.programme_id == programme.id)
    ).one()
    return YearEnd(programme, sums, clock.today())


CONTRADICTIONS = 20


def contradictions(programme: Programme) -> Sequence[AnyRow]:
    """Projects with less than nothing unused, the worst first, a few at most: id, title, unused_won."""
    return db.session.execute(
        select(ProjectFigures.id, figures_title_column().label("title"), ProjectFigures.unused_won)
        .join(Program, Program.id == ProjectFigures.program_id)
        .where(ProjectFigures.unused_won < 0, ProjectFigures.programme_id == programme.id)
        .order_by(ProjectFigures.unused_won, ProjectFigures.id)
        .limit(CONTRADICTIONS)
    ).all()
