"""What every module may ask about the shared tables. Answers are rows of the reader's districts."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Select, and_, or_, select

from districtops.kit.db import Base, db
from districtops.models.events import CHANGES, ChangeRecord
from districtops.models.files import Attachment
from districtops.models.money import FundingLine, LedgerEntry
from districtops.models.offices import Department, District
from districtops.models.people import User
from districtops.models.programs import Milestone, Note, Program
from districtops.models.upkeep import RestoreDrill

Row = TypeVar("Row", bound=Base)


def rows_of(statement: Select[Row]) -> Sequence[Row]:
    """The rows that a statement selects."""
    return db.session.execute(statement).scalars().all()


def funding_lines(program: Program) -> Sequence[FundingLine]:
    """The decisions about a program's money, the first one first."""
    return rows_of(select(FundingLine).where(FundingLine.program_id == program.id).order_by(FundingLine.id))


def ledger(program: Program) -> Sequence[LedgerEntry]:
    """A program's spending, the latest first."""
    return rows_of(
        select(LedgerEntry)
        .where(LedgerEntry.program_id == program.id)
        .order_by(LedgerEntry.on_date.desc(), LedgerEntry.id.desc())
    )


def milestones(program: Program) -> Sequence[Milestone]:
    """A program's milestones in the order of their days."""
    return rows_of(select(Milestone).where(Milestone.program_id == program.id).order_by(Milestone.due_on, Milestone.id))


def notes(program: Program) -> Sequence[Note]:
    """Remarks on a program, the latest first."""
    return rows_of(select(Note).where(Note.program_id == program.id).order_by(Note.id.desc()))


def attachments(program: Program) -> Sequence[Attachment]:
    """The files that were ever added to a program, the latest first; removed ones too."""
    return rows_of(select(Attachment).where(Attachment.program_id == program.id).order_by(Attachment.id.desc()))


HISTORY = 100
"""How many changes a record's own page shows at most; auditors see all of them."""


def changes(program: Program, limit: int = HISTORY) -> Sequence[ChangeRecord]:
    """What was changed of a program and of what hangs on it, the latest first."""
    return rows_of(
        select(ChangeRecord).where(ChangeRecord.program_id == program.id).order_by(ChangeRecord.id.desc()).limit(limit)
    )


def changes_of(rows: Mapping[str, Iterable[int]], limit: int = HISTORY) -> Sequence[ChangeRecord]:
    """What was changed of some rows, given as their ids by table, the latest first. That they were seen is left out."""
    places = [and_(ChangeRecord.table_name == table, ChangeRecord.row_id.in_(ids)) for table, ids in rows.items()]
    return rows_of(
        select(ChangeRecord)
        .where(or_(*places), ChangeRecord.act.in_(CHANGES))
        .order_by(ChangeRecord.id.desc())
        .limit(limit)
    )


def district_names() -> dict[int, str]:
    """The name of each district in the reader's language, by id."""
    return {district.id: district.name for district in rows_of(select(District))}


def departments() -> Sequence[Department]:
    """Every division and team, past ones too, in the order of their codes."""
    return rows_of(select(Department).order_by(Department.code, Department.id))


def departments_on(day: dt.date, also: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the departments that exist on a day, and of the one already chosen."""
    return [(row.id, row.name) for row in departments() if row.exists_on(day) or row.id == also]


def people() -> Sequence[User]:
    """Everybody of the office, in the order of their names."""
    return rows_of(select(User).order_by(User.name_ko, User.id))


def officers(also: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the people who may be in charge of something, and of the one already chosen."""
    return [(row.id, row.name) for row in people() if row.active or row.id == also]


def latest_drill() -> RestoreDrill | None:
    """The last try to restore a backup; None where nobody tried yet."""
    statement = select(RestoreDrill).order_by(RestoreDrill.at.desc(), RestoreDrill.id.desc()).limit(1)
    return db.session.execute(statement).scalar_one_or_none()
