"""What residents said, without their names, and the steps of each opinion to its answer."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, kept_as, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import Department, DistrictScoped, User, within_district
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.opinions.rules import OpinionState

TABLE = "new_deal_opinion"
SORTS = ("received_on", "state", "done_on", "answered_on", "days")
FILTERS = ("programme_id", "project_id", "department_id", "state")


class Channel(LabelledEnum):
    """How an opinion reached the office."""

    ONLINE = "online", _l("Online")
    PHONE = "phone", _l("By telephone")
    VISIT = "visit", _l("In person")
    LETTER = "letter", _l("By letter")
    MEETING = "meeting", _l("At a meeting")
    SURVEY = "survey", _l("In a survey")


class Opinion(DistrictScoped, Versioned, Base):
    """An opinion of a resident on a project, or on the programme as a whole.

    The day of each step is kept here as well, so that lists sort and filter by it; ``days`` are those from receipt to
    answer. ``program_id`` is the project's: with a deleted project its opinions are not shown.
    """

    __tablename__ = TABLE
    __label__ = _l("Resident opinion")
    __constraints__ = (
        within_district("programme_id", "new_deal_programme"),
        within_district("project_id", "new_deal_project"),
        within_district("program_id", "program"),
        within_district("department_id", "department"),
        CheckConstraint("state <> 'not_accepted' OR reason IS NOT NULL", name="refusal_has_reason"),
        CheckConstraint("(answered_on IS NULL) = (days IS NULL)", name="days_of_the_answered"),
        CheckConstraint("days IS NULL OR days >= 0", name="answered_after_it_came"),
        *(Index(f"ix_{TABLE}_{name}", "district_id", name, "id") for name in SORTS),
        *(Index(f"ix_{TABLE}_{name}_received", "district_id", name, "received_on", "id") for name in FILTERS),
    )

    programme_id: Mapped[int] = labelled(_l("Annual programme"), info={"silent": True})
    project_id: Mapped[int | None] = labelled(_l("Project"), info={"silent": True})
    program_id: Mapped[int | None] = labelled(_l("Project"), info={"names": "program"})
    received_on: Mapped[dt.date] = labelled(_l("Received on"))
    channel: Mapped[Channel] = labelled(_l("Channel"))
    text: Mapped[Words] = labelled(_l("Opinion"))
    state: Mapped[OpinionState] = labelled(_l("State"), default=OpinionState.RECEIVED)
    department_id: Mapped[int | None] = labelled(_l("Department in charge"), info={"names": "department"})
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    decided_on: Mapped[dt.date | None] = labelled(_l("Decided on"))
    done_on: Mapped[dt.date | None] = labelled(_l("Carried out on"))
    answered_on: Mapped[dt.date | None] = labelled(_l("Answered on"))
    days: Mapped[int | None] = labelled(_l("Days to the answer"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    programme: Mapped[Programme] = relationship(
        primaryjoin="foreign(Opinion.programme_id) == Programme.id", viewonly=True
    )
    project: Mapped[Project | None] = relationship(
        primaryjoin="foreign(Opinion.project_id) == Project.id", viewonly=True
    )
    department: Mapped[Department | None] = relationship(
        primaryjoin="foreign(Opinion.department_id) == Department.id", viewonly=True
    )


class OpinionStep(DistrictScoped, Base):
    """One step of an opinion: from where to where, on which day, by whom, and what was said."""

    __tablename__ = "new_deal_opinion_step"
    __label__ = _l("Step of an opinion")
    __append_only__ = True
    __constraints__ = (
        within_district("opinion_id", TABLE),
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        Index("ix_new_deal_opinion_step_opinion", "district_id", "opinion_id", "id"),
    )

    opinion_id: Mapped[int] = labelled(_l("Resident opinion"), info={"silent": True})
    program_id: Mapped[int | None] = labelled(_l("Programme"), info={"silent": True})
    from_state: Mapped[OpinionState] = labelled(_l("From"), kept_as(OpinionState, "from_state"))
    to_state: Mapped[OpinionState] = labelled(_l("To"), kept_as(OpinionState, "to_state"))
    on_date: Mapped[dt.date] = labelled(_l("On"))
    said: Mapped[Words | None] = labelled(_l("What was said"))
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})

    by: Mapped[User | None] = relationship(primaryjoin="foreign(OpinionStep.by_id) == User.id", viewonly=True)
