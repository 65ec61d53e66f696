"""Annual programmes, their projects and the stages that a project walks through."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, WonInt, kept_as, labelled
from districtops.kit.text import LabelledEnum, Words, _l, in_language
from districtops.models import DistrictScoped, Program, User, within_district
from districtops.new_deal.rules import ProjectType, Stage


class Category(LabelledEnum):
    """The four fields of the programme."""

    DIGITAL = "digital", _l("Digital")
    GREEN = "green", _l("Green")
    SAFETY_NET = "safety_net", _l("Safety net")
    CREATIVE = "creative", _l("Creative")


class Concern(LabelledEnum):
    """What of residents' life a project serves (fact ND-005)."""

    RESIDENT_SAFETY = "resident_safety", _l("Resident safety")
    CONVENIENCE = "convenience", _l("Convenience")
    ENVIRONMENT = "environment", _l("Environment")


class Status(LabelledEnum):
    """The word by which the district reports a project, beside its stage."""

    DONE = "done", _l("Done")
    ON_SCHEDULE = "on_schedule", _l("On schedule")
    DELAYED = "delayed", _l("Delayed")
    LATER = "later", _l("To be done later")


class Programme(DistrictScoped, Versioned, Base):
    """One year of the New Deal: what was announced for it. ``rounding_won`` is the step to which the amount was
    printed; ``status_on`` the day whose status words the projects carry, where they are not today's. What is to be
    spent by 30 June (early execution) is ``early_rate`` percent of the budget or ``early_won``, never both."""

    __tablename__ = "new_deal_programme"
    __label__ = _l("Annual programme")
    __constraints__ = (
        UniqueConstraint("district_id", "fiscal_year"),
        CheckConstraint("planned_count IS NULL OR planned_count >= 0", name="planned_count"),
        CheckConstraint("planned_won IS NULL OR planned_won >= 0", name="planned_won"),
        CheckConstraint("early_rate IS NULL OR early_won IS NULL", name="one_early_target"),
        CheckConstraint("early_won IS NULL OR early_won > 0", name="early_won"),
    )

    fiscal_year: Mapped[int] = labelled(_l("Fiscal year"))
    name_en: Mapped[str] = labelled(_l("Name in English"), String(120))
    name_ko: Mapped[str] = labelled(_l("Name in Korean"), String(120))
    started_year: Mapped[int | None] = labelled(_l("Running since"))
    parent_policy: Mapped[Words | None] = labelled(_l("Parent policy"))
    planned_count: Mapped[int | None] = labelled(_l("Planned number of projects"))
    planned_won: Mapped[WonInt | None] = labelled(_l("Planned money"))
    rounding_won: Mapped[WonInt | None] = labelled(_l("Printed to the nearest"))
    announced_on: Mapped[dt.date | None] = labelled(_l("Announced on"))
    status_on: Mapped[dt.date | None] = labelled(_l("Status words as of"))
    early_rate: Mapped[Decimal | None] = labelled(_l("Target of early execution in percent"))
    early_won: Mapped[WonInt | None] = labelled(_l("Target of early execution as an amount"))
    fact: Mapped[str | None] = labelled(_l("Source"), String(80))

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ko)


class Project(DistrictScoped, Versioned, Base):
    """A New Deal project, run as a Program. ``named`` marks those that the announcement lists by name."""

    __tablename__ = "new_deal_project"
    __label__ = _l("Project")
    __constraints__ = (
        within_district("programme_id", "new_deal_programme"),
        within_district("program_id", "program"),
        within_district("continues_id", "new_deal_project"),
        UniqueConstraint("district_id", "program_id"),
        Index("ix_new_deal_project_programme", "district_id", "programme_id", "id"),
        # One project continues another; which of a year do is counted by the second.
        Index("ix_new_deal_project_continues", "district_id", "continues_id", unique=True),
        Index("ix_new_deal_project_programme_continues", "district_id", "programme_id", "continues_id"),
    )

    programme_id: Mapped[int] = labelled(_l("Annual programme"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    category: Mapped[Category] = labelled(_l("Category"))
    type: Mapped[ProjectType | None] = labelled(_l("Type"))
    concern: Mapped[Concern | None] = labelled(_l("Serves"))
    stage: Mapped[Stage] = labelled(_l("Stage"))
    held_from: Mapped[Stage | None] = labelled(
        _l("Stage before the hold"), kept_as(Stage, "held_from"), info={"silent": True}
    )
    status: Mapped[Status | None] = labelled(_l("Status"))
    purpose: Mapped[Words | None] = labelled(_l("Purpose"))
    location: Mapped[Words | None] = labelled(_l("Place"))
    named: Mapped[bool] = labelled(_l("Named in the announcement"), default=False)
    kpi_name: Mapped[Words | None] = labelled(_l("Performance indicator"))
    kpi_unit: Mapped[Words | None] = labelled(_l("Unit of the indicator"))
    kpi_base: Mapped[Decimal | None] = labelled(_l("Base value"))
    kpi_target: Mapped[Decimal | None] = labelled(_l("Target value"))
    kpi_actual: Mapped[Decimal | None] = labelled(_l("Actual value"))
    continues_id: Mapped[int | None] = labelled(_l("Continues the project"), info={"silent": True})

    program: Mapped[Program] = relationship(
        primaryjoin="foreign(Project.program_id) == Program.id", lazy="joined", innerjoin=True, viewonly=True
    )
    programme: Mapped[Programme] = relationship(
        primaryjoin="foreign(Project.programme_id) == Programme.id", viewonly=True
    )
    continues: Mapped["Project | None"] = relationship(
        primaryjoin="foreign(Project.continues_id) == remote(Project.id)", viewonly=True
    )

    @property
    def version_token(self) -> str:
        """Both rows that the form edits, so that a change to either makes a save from before stale."""
        return f"{self.version}.{self.program.version}"


class StageChange(DistrictScoped, Base):
    """One step of a project: from where to where, on which day, by whom and why."""

    __tablename__ = "new_deal_stage_change"
    __label__ = _l("Stage")
    __append_only__ = True
    __constraints__ = (
        within_district("project_id", "new_deal_project"),
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        Index("ix_new_deal_stage_change_project", "district_id", "project_id", "id"),
    )

    project_id: Mapped[int] = labelled(_l("Project"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    from_stage: Mapped[Stage] = labelled(_l("From"), kept_as(Stage, "from_stage"))
    to_stage: Mapped[Stage] = labelled(_l("To"), kept_as(Stage, "to_stage"))
    on_date: Mapped[dt.date] = labelled(_l("On"))
    detail: Mapped[Words | None] = labelled(_l("Particulars"))
    amount_won: Mapped[WonInt | None] = labelled(_l("Amount"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})

    by: Mapped[User | None] = relationship(primaryjoin="foreign(StageChange.by_id) == User.id", viewonly=True)


class ContestSelection(DistrictScoped, Base):
    """A project selected in a contest of a ministry or the city, with the money it brought.

    Kept apart from the budget: whether it overlaps with it is not stated. ``split_stated`` says whether the shares of
    the nation and the city are known.
    """

    __tablename__ = "new_deal_contest_selection"
    __label__ = _l("Contest selection")
    __append_only__ = True
    __constraints__ = (
        within_district("project_id", "new_deal_project"),
        Index("ix_new_deal_contest_selection_year", "district_id", "year", "id"),
        Index("ix_new_deal_contest_selection_amount", "district_id", "amount_won", "id"),
        Index("ix_new_deal_contest_selection_project", "district_id", "project_id"),
    )

    project_id: Mapped[int] = labelled(_l("Project"), info={"silent": True})
    year: Mapped[int] = labelled(_l("Year of selection"))
    contest: Mapped[Words] = labelled(_l("Contest"))
    amount_won: Mapped[WonInt | None] = labelled(_l("National and city money"))
    split_stated: Mapped[bool] = labelled(_l("Split between nation and city stated"), default=False)
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
