"""What people ask about contests. Answers are rows; nothing here knows of a request."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, func, literal, or_, select, union_all

from districtops.contest_funds.figures import PAYERS, ContestFigures, ContestSums
from districtops.contest_funds.models import (
    Application,
    Award,
    Call,
    Matching,
    MatchingSource,
    RewardRule,
    Routing,
    StateChange,
    Tie,
)
from districtops.contest_funds.rules import ENDED, PENDING, SECURED, State, likeness
from districtops.kit.db import AnyRow, AnySelect, db
from districtops.kit.text import language
from districtops.models import Department, FundingLine, Program, User
from districtops.models.queries import rows_of

LESSONS = 5
MOST_LOST = 300
"""Among so many lost applications, the latest, lessons are looked for."""
EACH_STATE = 4
MOST_OPEN = 300
"""So many open calls a form offers."""


def in_reader_language(english: Any, korean: Any) -> Any:
    """The column of the reader's language."""
    return korean if language() == "ko" else english


def title_column() -> Any:
    """An application's name in the reader's language, as lists sort it."""
    return in_reader_language(ContestFigures.title_en, ContestFigures.title_ko)


def call_title_column() -> Any:
    """A call's name in the reader's language, as a column."""
    return in_reader_language(Call.title_en, Call.title_ko)


def department_column() -> Any:
    """The department's name in the reader's language, as a column."""
    return in_reader_language(Department.name_en, Department.name_ko)


def officer_column() -> Any:
    """The officer's name in the reader's language, as a column."""
    return in_reader_language(User.name_en, User.name_ko)


def with_figures(statement: AnySelect) -> AnySelect:
    """Applications with what lists sort them by, joined with their call, program, department and officer."""
    return (
        statement.select_from(ContestFigures)
        .join(Call, Call.id == ContestFigures.call_id)
        .join(Program, Program.id == ContestFigures.program_id)
        .outerjoin(Department, Department.id == ContestFigures.department_id)
        .outerjoin(User, User.id == Program.officer_id)
    )


def with_call(statement: AnySelect) -> AnySelect:
    """Questions to divisions, joined with their call and department."""
    return (
        statement.select_from(Routing)
        .join(Call, Call.id == Routing.call_id)
        .join(Department, Department.id == Routing.department_id)
    )


def application_of(program_id: int) -> int | None:
    """The id of the application that is run as this program, or whose award this program spends on its own."""
    own = select(Application.id).where(Application.program_id == program_id)
    found = db.session.execute(own).scalar_one_or_none()
    if found is None:
        spent = select(Tie.application_id).where(Tie.target_id == program_id).order_by(Tie.id).limit(1)
        found = db.session.execute(spent).scalar()
    return found


# The dashboard -------------------------------------------------------------------------------------------------------


def _sum(column: Any) -> Any:
    return cast(func.sum(column), BigInteger)


MEASURES = (
    *("applications", "with_external", "with_matching", "requested_won", "external_won", "matching_won", "total_won"),
    *(f"{payer.value}_won" for payer in PAYERS),
)


def groups(year: int) -> Sequence[AnyRow]:
    """Everything that was applied for or decided in a year, grouped by all that the dashboard adds up.

    Columns: fiscal_year, award_year, result_year, applied, state, loss, organiser_kind, department_id, named and
    ``MEASURES``.
    """
    dimensions = (
        *(ContestSums.fiscal_year, ContestSums.award_year, ContestSums.result_year, ContestSums.applied),
        *(ContestSums.state, ContestSums.loss, ContestSums.organiser_kind, ContestSums.department_id),
        ContestSums.named,
    )
    return db.session.execute(
        select(*dimensions, *(_sum(getattr(ContestSums, name)).label(name) for name in MEASURES))
        .where((ContestSums.fiscal_year == year) | (ContestSums.result_year == year))
        .group_by(*dimensions)
        .having(_sum(ContestSums.applications) > 0)
    ).all()


def years() -> list[int]:
    """The years in which anything was applied for or decided, the latest first."""
    counted = _sum(ContestSums.applications) > 0
    found = {
        year
        for column in (ContestSums.fiscal_year, ContestSums.result_year)
        for (year,) in db.session.execute(select(column).group_by(column).having(counted))
        if year is not None
    }
    return sorted(found, reverse=True)


def by_state(year: int | None) -> Sequence[AnyRow]:
    """(state, applications, requested, external) in won; of one year, or of all that has not ended."""
    narrowed = ContestSums.fiscal_year == year if year is not None else ContestSums.state.not_in(ENDED)
    return db.session.execute(
        select(
            ContestSums.state,
            _sum(ContestSums.applications).label("applications"),
            _sum(ContestSums.with_external).label("with_external"),
            _sum(ContestSums.requested_won).label("requested"),
            _sum(ContestSums.external_won).label("external"),
        )
        .where(narrowed)
        .group_by(ContestSums.state)
        .having(_sum(ContestSums.applications) > 0)
    ).all()


def latest_of_each_state(year: int | None) -> Sequence[AnyRow]:
    """The newest applications of each state: state, id, title, sample. One query, few rows a state."""
    parts = []
    for state in State:
        part = select(
            ContestFigures.state, ContestFigures.id, title_column().label("title"), ContestFigures.sample
        ).where(ContestFigures.state == state)
        if year is not None:
            part = part.where(ContestFigures.fiscal_year == year)
        parts.append(select(part.order_by(ContestFigures.id.desc()).limit(EACH_STATE).subquery()))
    return db.session.execute(union_all(*parts)).all()


# Calls ---------------------------------------------------------------------------------------------------------------


def open_calls(today: dt.date, also: Call | None = None) -> Sequence[Call]:
    """Calls to which an application can still be filed, the next deadline first, and the one already chosen."""
    still = or_(Call.closes_on.is_(None), Call.closes_on >= today, Call.id == (also.id if also else 0))
    return rows_of(
        select(Call).where(still).order_by(Call.closes_on.is_(None), Call.closes_on, Call.id).limit(MOST_OPEN)
    )


def closing(first: dt.date, last: dt.date, *, limit: int = 50) -> Sequence[AnyRow]:
    """Calls that close in the period, the next first: Call, asked, unanswered, applications."""
    asked = select(func.count()).select_from(Routing).where(Routing.call_id == Call.id).scalar_subquery()
    open_answers = (
        select(func.count()).select_from(Routing).where(Routing.call_id == Call.id, Routing.answer.is_(None))
    ).scalar_subquery()
    filed = select(func.count()).select_from(Application).where(Application.call_id == Call.id).scalar_subquery()
    return db.session.execute(
        select(Call, asked.label("asked"), open_answers.label("unanswered"), filed.label("applications"))
        .where(Call.closes_on >= first, Call.closes_on <= last)
        .order_by(Call.closes_on, Call.id)
        .limit(limit)
    ).all()


def unanswered(today: dt.date, *, limit: int = 100) -> Sequence[AnyRow]:
    """Questions of open calls that no division answered yet, the next deadline first: Routing, Call, department."""
    return db.session.execute(
        select(Routing, Call, department_column().label("department"))
        .join(Call, Call.id == Routing.call_id)
        .join(Department, Department.id == Routing.department_id)
        .where(Routing.answer.is_(None), (Call.closes_on.is_(None)) | (Call.closes_on >= today))
        .order_by(Call.closes_on.is_(None), Call.closes_on, Routing.id)
        .limit(limit)
    ).all()


def routings_of(call: Call) -> Sequence[Routing]:
    """Who was asked about a call, in the order of asking."""
    return rows_of(select(Routing).where(Routing.call_id == call.id).order_by(Routing.id))


def applications_of(call: Call) -> Sequence[AnyRow]:
    """The applications to a call: id, title, state, department, sample."""
    return db.session.execute(
        select(
            ContestFigures.id,
            title_column().label("title"),
            ContestFigures.state,
            department_column().label("department"),
            ContestFigures.sample,
        )
        .outerjoin(Department, Department.id == ContestFigures.department_id)
        .where(ContestFigures.call_id == call.id)
        .order_by(ContestFigures.id)
        .limit(MOST_LOST)
    ).all()


def lessons_for(call: Call) -> list[AnyRow]:
    """Lost applications to this call or to one like it that left a lesson, the most alike first; each lesson once.

    Columns: id, title, loss, lesson, result_on, call_title_en, call_title_ko, organiser, sample. Alike are calls of the
    same organiser, or whose titles share letters (rules.likeness).
    """
    lost = db.session.execute(
        select(
            *(Application.id, title_column().label("title"), Application.loss, Application.lesson),
            *(Application.result_on, Call.title_en.label("call_title_en"), Call.title_ko.label("call_title_ko")),
            *(Call.organiser, ContestFigures.sample),
        )
        .join(Call, Call.id == Application.call_id)
        .join(ContestFigures, ContestFigures.id == Application.id)
        .where(ContestFigures.state == State.NOT_SELECTED, Application.lesson.is_not(None))
        .order_by(ContestFigures.id.desc())
        .limit(MOST_LOST)
    ).all()

    def alike(row: AnyRow) -> Any:
        titles = likeness(call.title_ko, row.call_title_ko), likeness(call.title_en, row.call_title_en)
        return max(titles) + (call.organiser is not None and str(row.organiser or "") == str(call.organiser))

    found = [(alike(row), row) for row in lost]
    close = sorted((pair for pair in found if pair[0] * 5 >= 1), key=lambda pair: -pair[0])
    once = {str(row.lesson): row for _, row in reversed(close)}
    return list(reversed(once.values()))[:LESSONS]


# One application -----------------------------------------------------------------------------------------------------


def state_changes(application: Application) -> Sequence[StateChange]:
    """The steps of an application, the latest first."""
    return rows_of(
        select(StateChange).where(StateChange.application_id == application.id).order_by(StateChange.id.desc())
    )


def awards_of(application: Application) -> Sequence[Award]:
    """The lines of an award, the first one first."""
    return rows_of(select(Award).where(Award.application_id == application.id).order_by(Award.id))


def matching_of(application: Application) -> Sequence[Matching]:
    """The money beside an award, the first line first."""
    return rows_of(select(Matching).where(Matching.application_id == application.id).order_by(Matching.id))


def work_of(application: Application) -> Sequence[AnyRow]:
    """The programs that spend an award: target_id, module, code, title, fiscal_year, amount (won or None), award_id."""
    return db.session.execute(
        select(
            *(Tie.target_id, Program.module, Program.code, Program.fiscal_year, Tie.award_id),
            in_reader_language(Program.title_en, Program.title_ko).label("title"),
            FundingLine.amount_won.label("amount"),
        )
        .join(Program, Program.id == Tie.target_id)
        .outerjoin(FundingLine, FundingLine.id == Tie.funding_line_id)
        .where(Tie.application_id == application.id)
        .order_by(Tie.id)
    ).all()


def spent_by(program: Program) -> Sequence[AnyRow]:
    """The awards that a program spends: id, title, amount (won; None where only the tie is known), sample; and of the
    award as it is now state and external_won."""
    now = (ContestFigures.state, ContestFigures.external_won)
    return db.session.execute(
        select(
            *(ContestFigures.id, title_column().label("title"), ContestFigures.sample, *now),
            _sum(FundingLine.amount_won).label("amount"),
        )
        .join(Tie, Tie.application_id == ContestFigures.id)
        .outerjoin(FundingLine, FundingLine.id == Tie.funding_line_id)
        .where(Tie.target_id == program.id)
        .group_by(ContestFigures.id, title_column(), ContestFigures.sample, *now)
        .order_by(ContestFigures.id)
    ).all()


def settlements_due(last: dt.date, *, first: dt.date | None = None, limit: int = 50) -> Sequence[AnyRow]:
    """Completed awards that are to be settled up to a day, the oldest first: Application, title, department, sample."""
    statement = (
        select(
            *(Application, title_column().label("title"), department_column().label("department")),
            ContestFigures.sample,
        )
        .join(ContestFigures, ContestFigures.id == Application.id)
        .outerjoin(Department, Department.id == ContestFigures.department_id)
        .where(Application.settle_by <= last, Application.state == State.COMPLETED)
    )
    if first is not None:
        statement = statement.where(Application.settle_by >= first)
    return db.session.execute(statement.order_by(Application.settle_by, Application.id).limit(limit)).all()


# Matching money and rewards ------------------------------------------------------------------------------------------


def matching_by_year(first: int) -> Sequence[AnyRow]:
    """The district's matching money by fiscal year, from ``first`` on: fiscal_year, won, amount.

    ``won`` is false while no result is known. Applications that came to nothing are left out. A line without a year
    (None) counts until its award is settled.
    """
    won = Application.state.in_(SECURED).label("won")
    year = Matching.fiscal_year
    return db.session.execute(
        select(year, won, _sum(Matching.amount_won).label("amount"))
        .join(Application, Application.id == Matching.application_id)
        .where(
            Matching.source == MatchingSource.DISTRICT,
            Application.state.in_((*SECURED, *PENDING)),
            or_(year >= first, and_(year.is_(None), Application.state != State.SETTLED)),
        )
        .group_by(year, won)
    ).all()


def reward_rules() -> Sequence[RewardRule]:
    """The rules for rewards, the latest first."""
    return rows_of(select(RewardRule).order_by(RewardRule.from_year.desc()))


def points() -> ColumnElement[Any]:
    """The points of a secured contest, by the rule of its year: the base, and more for each whole step of outside
    money, up to the most for one contest. None before the first rule."""
    year, outside = ContestFigures.award_year, func.coalesce(ContestFigures.external_won, 0)
    found = []
    for rule in reward_rules():
        earned = literal(rule.base) + literal(rule.points) * outside.op("/")(rule.step_won)
        within = earned if rule.most is None else case((earned > rule.most, literal(rule.most)), else_=earned)
        found.append((year >= rule.from_year, within))
    return cast(case(*found) if found else literal(None), Integer)


# Figures that are announced ------------------------------------------------------------------------------------------


def figure_rows(*conditions: Any) -> Iterator[AnyRow]:
    """The applications that meet conditions on their figures, in blocks: code, title_en, title_ko, award_year,
    external_won, sample."""
    yield from db.session.execute(
        select(
            *(Program.code, ContestFigures.title_en, ContestFigures.title_ko),
            *(ContestFigures.award_year, ContestFigures.external_won, ContestFigures.sample),
        )
        .join(Program, Program.id == ContestFigures.program_id)
        .where(*conditions)
        .order_by(ContestFigures.id)
        .execution_options(yield_per=1000)
    )
