"""The hub: whatever an office runs in a fiscal year is a Program, and money, dates and notes hang on it."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled, only_where
from districtops.kit.text import Words, _l, in_language
from districtops.models.offices import Department
from districtops.models.people import User
from districtops.models.scoped import DistrictScoped, within_district


class Program(DistrictScoped, Versioned, Base):
    """Something that a department runs in one fiscal year. Module tables point here; it never learns which.

    A deleted one keeps its row and everything that hangs on it, and nobody is shown any of it (models.scoped).
    """

    __tablename__ = "program"
    __label__ = _l("Basic data")
    __constraints__ = (
        UniqueConstraint("district_id", "code"),
        within_district("department_id", "department"),
        within_district("officer_id", "user_account"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("fiscal_year BETWEEN 2000 AND 2100", name="fiscal_year"),
        within_district("deleted_by_id", "user_account"),
        CheckConstraint("(deleted_at IS NULL) = (deletion_reason IS NULL)", name="deleted_with_a_reason"),
        Index("ix_program_deleted", "district_id", "id", **only_where("deleted_at IS NOT NULL")),
        Index("ix_program_year", "district_id", "module", "fiscal_year", "id"),
        Index("ix_program_department", "district_id", "department_id"),
        Index("ix_program_officer", "district_id", "officer_id"),
        Index("ix_program_title_en", "district_id", "title_en", "id"),
        Index("ix_program_title_ko", "district_id", "title_ko", "id"),
    )

    module: Mapped[str] = labelled(_l("Module"), String(40), info={"silent": True})
    code: Mapped[str] = labelled(_l("Code"), String(32))
    title_en: Mapped[str] = labelled(_l("Name in English"), String(200))
    title_ko: Mapped[str] = labelled(_l("Name in Korean"), String(200))
    fiscal_year: Mapped[int] = labelled(_l("Fiscal year"))
    department_id: Mapped[int | None] = labelled(_l("Department in charge"), info={"names": "department"})
    officer_id: Mapped[int | None] = labelled(_l("Officer in charge"), info={"names": "user_account"})
    starts_on: Mapped[dt.date | None] = labelled(_l("Starts"))
    ends_on: Mapped[dt.date | None] = labelled(_l("Ends"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(64))

    deleted_at: Mapped[dt.datetime | None] = labelled(_l("Deleted at"))
    deleted_by_id: Mapped[int | None] = labelled(_l("Deleted by"), info={"names": "user_account"})
    deletion_reason: Mapped[Words | None] = labelled(_l("Reason for the deletion"))

    department: Mapped[Department | None] = relationship(
        primaryjoin="foreign(Program.department_id) == Department.id", viewonly=True
    )
    officer: Mapped[User | None] = relationship(primaryjoin="foreign(Program.officer_id) == User.id", viewonly=True)
    deleted_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(Program.deleted_by_id) == User.id", viewonly=True
    )

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_language(self.title_en, self.title_ko)


def _first_due(context: Any) -> Any:
    return context.get_current_parameters()["due_on"]


class Milestone(DistrictScoped, Versioned, Base):
    """A dated step of a program. Late when its day has passed and it is not done (rule R11).

    ``planned_on`` is the day for which it was first planned; it stays when ``due_on`` changes, for ``reason``.
    ``given_up_on`` is the day on which it was given up, by hand or because the program ended: nobody waits for it then.
    """

    __tablename__ = "milestone"
    __label__ = _l("Milestone")
    __constraints__ = (
        within_district("program_id", "program"),
        Index("ix_milestone_program", "district_id", "program_id", "due_on"),
        Index("ix_milestone_due", "district_id", "due_on", "id"),
        Index("ix_milestone_planned", "district_id", "planned_on", "id"),
        CheckConstraint("done_on IS NULL OR given_up_on IS NULL", name="done_or_given_up"),
        # Each holds its own rows alone, so that no database takes the wrong one for what is still waited for.
        Index("ix_milestone_done", "district_id", "done_on", "id", **only_where("done_on IS NOT NULL")),
        Index("ix_milestone_given_up", "district_id", "given_up_on", "id", **only_where("given_up_on IS NOT NULL")),
        Index(
            "ix_milestone_open", "district_id", "due_on", "id", **only_where("done_on IS NULL AND given_up_on IS NULL")
        ),
    )

    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    title: Mapped[Words] = labelled(_l("Milestone"))
    due_on: Mapped[dt.date] = labelled(_l("Due"))
    done_on: Mapped[dt.date | None] = labelled(_l("Done on"))
    given_up_on: Mapped[dt.date | None] = labelled(_l("Given up on"))
    given_up_reason: Mapped[Words | None] = labelled(_l("Why it was given up"))
    planned_on: Mapped[dt.date | None] = labelled(_l("First planned"), default=_first_due)
    reason: Mapped[Words | None] = labelled(_l("Why the date changed"))
    issue: Mapped[Words | None] = labelled(_l("Issue"))
    countermeasure: Mapped[Words | None] = labelled(_l("Countermeasure"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    program: Mapped[Program] = relationship(primaryjoin="foreign(Milestone.program_id) == Program.id", viewonly=True)


class Note(DistrictScoped, Base):
    """A remark on a program, signed and dated. Never changed: a later remark corrects an earlier one."""

    __tablename__ = "note"
    __label__ = _l("Note")
    __append_only__ = True
    __constraints__ = (
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        Index("ix_note_program", "district_id", "program_id", "id"),
    )

    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    text: Mapped[str] = labelled(_l("Note"), Text)
    at: Mapped[dt.datetime] = labelled(_l("Written at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Written by"), info={"names": "user_account", "silent": True})

    by: Mapped[User | None] = relationship(primaryjoin="foreign(Note.by_id) == User.id", viewonly=True)
