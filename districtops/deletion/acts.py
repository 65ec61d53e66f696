"""Deleting a record and restoring it. Nothing is destroyed: the guard shows no deleted record to anybody, sums and
search follow, and restoring brings everything back as it was, with its files and its history."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from districtops import clock
from districtops.guard.tenancy import with_deleted
from districtops.kit.db import AnyRow, Base, db, writing
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import Program

DAYS = 30
"""So long after its deletion a record can be restored."""

MOST_SHOWN = 200


def restorable_until(program: Program) -> dt.date:
    """The last day on which a deleted program can be restored."""
    assert program.deleted_at is not None
    return clock.day_of(program.deleted_at) + dt.timedelta(days=DAYS)


def may_be_restored(program: Program) -> bool:
    """Whether it is deleted, and not for too long. By the real day: a demonstration's as-of date says nothing of it."""
    return program.deleted_at is not None and clock.day_of(clock.now()) <= restorable_until(program)


def found(model: type[Any], row_id: int) -> tuple[Any, Program] | None:
    """A record and its program, deleted or not; locked in a request that may write. None where there is none here."""
    option = with_deleted("a deleted record is shown to whoever may restore it")
    row = _one(select(model).where(model.id == row_id), model, option)
    program = None if row is None else _one(select(Program).where(Program.id == row.program_id), Program, option)
    return None if program is None else (row, program)


def _one(statement: Any, model: type[Base], option: dict[str, Any]) -> Any:
    if writing.get():
        statement = statement.with_for_update(of=model)
    return db.session.execute(statement, execution_options={**option, "populate_existing": True}).scalar_one_or_none()


def deleted(model: type[Any]) -> Sequence[AnyRow]:
    """(id of the record, its Program) of a module's deleted records, the last one first."""
    return db.session.execute(
        select(model.id, Program)
        .join(Program, Program.id == model.program_id)
        .options(joinedload(Program.deleted_by))
        .where(Program.deleted_at.is_not(None))
        .order_by(Program.deleted_at.desc(), Program.id.desc())
        .limit(MOST_SHOWN),
        execution_options=with_deleted("the page of deleted records"),
    ).all()


def delete(program: Program, reason: Words | None, by_id: int | None) -> None:
    """Take a record out of everything that is shown. Raises RuleBroken for one that is deleted, or has no reason."""
    if program.deleted_at is not None:
        raise RuleBroken(_l("The record is deleted already. Nothing was changed."))
    if not reason:
        raise RuleBroken(_l("Say why the record is deleted."), "reason")
    program.deleted_at, program.deleted_by_id, program.deletion_reason = clock.now(), by_id, reason


def restore(program: Program) -> None:
    """Bring a record back as it was. Raises RuleBroken for one that stands, or was deleted too long ago."""
    if program.deleted_at is None:
        raise RuleBroken(_l("The record is not deleted. Somebody may have restored it already."))
    if not may_be_restored(program):
        raise RuleBroken(
            _l("The record was deleted more than %(days)s days ago and is not restored any more.", days=DAYS)
        )
    program.deleted_at = program.deleted_by_id = program.deletion_reason = None
