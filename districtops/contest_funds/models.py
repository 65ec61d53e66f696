"""Calls of contests, who was asked, the applications, and the money that they brought."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.contest_funds.rules import SettleUnit, State
from districtops.kit.db import Base, Versioned, WonInt, kept_as, labelled
from districtops.kit.text import LabelledEnum, Words, _l, in_language
from districtops.models import LARGEST_WON, Department, DistrictScoped, Payer, Program, User, within_district

IN_RANGE = f"amount_won BETWEEN -{LARGEST_WON} AND {LARGEST_WON} AND amount_won <> 0"


class OrganiserKind(LabelledEnum):
    """Who invites applications (fact CF-004)."""

    MINISTRY = "ministry", _l("Ministry")
    CITY = "city", _l("Seoul city")
    PUBLIC_PRIVATE = "public_private", _l("Public-private joint body")


class ContestType(LabelledEnum):
    """Whether a contest is for a whole programme or for one part of it."""

    COMPREHENSIVE = "comprehensive", _l("Comprehensive")
    UNIT = "unit", _l("Unit type")


class Answer(LabelledEnum):
    """What a division answers when it is asked whether it will apply."""

    WILL_APPLY = "will_apply", _l("Will apply")
    CONSIDERING = "considering", _l("Considering")
    NO = "no", _l("Will not apply")


class NoReason(LabelledEnum):
    """Why a division does not apply."""

    CANNOT_MATCH = "cannot_match", _l("Matching money cannot be found")
    NO_CAPACITY = "no_capacity", _l("No staff for it")
    DEADLINE = "deadline", _l("Too little time")
    NOT_ELIGIBLE = "not_eligible", _l("Not eligible")
    OVERLAP = "overlap", _l("Overlaps with another project")
    OTHER = "other", _l("Other reason")


class LossReason(LabelledEnum):
    """Why an application was not selected."""

    PLAN = "plan", _l("Plan not convincing")
    FIT = "fit", _l("Does not fit the contest")
    MATCHING = "matching", _l("Matching money too small")
    SITE = "site", _l("Site or rights not secured")
    RECORD = "record", _l("Little experience to show")
    COMPETITION = "competition", _l("Strong competition")
    NOT_TOLD = "not_told", _l("Organiser gave no reason")


class Call(DistrictScoped, Versioned, Base):
    """An invitation to apply. ``matching_percent`` is the share of the total that the district must bring."""

    __tablename__ = "contest_call"
    __label__ = _l("Call")
    __constraints__ = (
        CheckConstraint("closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on", name="dates_in_order"),
        CheckConstraint("max_grant_won IS NULL OR max_grant_won >= 0", name="max_grant"),
        CheckConstraint("matching_percent IS NULL OR matching_percent BETWEEN 0 AND 100000", name="matching_percent"),
        Index("ix_contest_call_closes_on", "district_id", "closes_on", "id"),
        Index("ix_contest_call_title_en", "district_id", "title_en", "id"),
        Index("ix_contest_call_title_ko", "district_id", "title_ko", "id"),
        Index("ix_contest_call_organiser_kind", "district_id", "organiser_kind", "id"),
        Index("ix_contest_call_type", "district_id", "type", "id"),
        Index("ix_contest_call_max_grant_won", "district_id", "max_grant_won", "id"),
        Index("ix_contest_call_council_report", "district_id", "council_report", "id"),
    )

    title_en: Mapped[str] = labelled(_l("Name in English"), String(200))
    title_ko: Mapped[str] = labelled(_l("Name in Korean"), String(200))
    organiser: Mapped[Words | None] = labelled(_l("Organiser"))
    organiser_kind: Mapped[OrganiserKind | None] = labelled(_l("Kind of organiser"))
    type: Mapped[ContestType | None] = labelled(_l("Type of contest"))
    opens_on: Mapped[dt.date | None] = labelled(_l("Opens"))
    closes_on: Mapped[dt.date | None] = labelled(_l("Closes"))
    max_grant_won: Mapped[WonInt | None] = labelled(_l("Maximum grant"))
    matching_percent: Mapped[Decimal | None] = labelled(_l("Matching rate"))
    council_report: Mapped[bool] = labelled(_l("Report to the council needed"), default=False)
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    link: Mapped[str | None] = labelled(_l("Address of the notice"), String(500))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(64))

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_language(self.title_en, self.title_ko)


class Routing(DistrictScoped, Versioned, Base):
    """A division that was asked whether it will apply, and what it answered."""

    __tablename__ = "contest_routing"
    __label__ = _l("Question to a division")
    __constraints__ = (
        within_district("call_id", "contest_call"),
        within_district("department_id", "department"),
        within_district("asked_by_id", "user_account"),
        within_district("answered_by_id", "user_account"),
        UniqueConstraint("district_id", "call_id", "department_id"),
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answered_on_a_day"),
        CheckConstraint("answer IS NULL OR answer <> 'no' OR reason IS NOT NULL", name="no_has_reason"),
        CheckConstraint("reason IS NULL OR reason <> 'other' OR reason_text IS NOT NULL", name="other_is_told"),
        CheckConstraint("answered_on IS NULL OR answered_on >= asked_on", name="answered_after_asked"),
        Index("ix_contest_routing_asked_on", "district_id", "asked_on", "id"),
        Index("ix_contest_routing_answer", "district_id", "answer", "id"),
        Index("ix_contest_routing_answered_on", "district_id", "answered_on", "id"),
        Index("ix_contest_routing_reason", "district_id", "reason", "id"),
        Index("ix_contest_routing_department", "district_id", "department_id", "id"),
    )

    call_id: Mapped[int] = labelled(_l("Call"), info={"silent": True})
    department_id: Mapped[int] = labelled(_l("Division"), info={"names": "department"})
    asked_on: Mapped[dt.date] = labelled(_l("Asked on"))
    asked_by_id: Mapped[int | None] = labelled(_l("Asked by"), info={"names": "user_account", "silent": True})
    answer: Mapped[Answer | None] = labelled(_l("Answer"))
    reason: Mapped[NoReason | None] = labelled(_l("Reason"))
    reason_text: Mapped[Words | None] = labelled(_l("Reason in words"))
    answered_on: Mapped[dt.date | None] = labelled(_l("Answered on"))
    answered_by_id: Mapped[int | None] = labelled(_l("Answered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    call: Mapped[Call] = relationship(primaryjoin="foreign(Routing.call_id) == Call.id", viewonly=True)
    department: Mapped[Department] = relationship(
        primaryjoin="foreign(Routing.department_id) == Department.id", viewonly=True
    )


class Application(DistrictScoped, Versioned, Base):
    """An application to a call, run as a Program from its discovery to its settlement.

    ``total_won`` is the total cost that the award's notice states, with everybody's money; ``several`` says that the
    row stands for several projects whose number is not stated; ``named`` that the announcement lists it by name.
    """

    __tablename__ = "contest_application"
    __label__ = _l("Contest application")
    __constraints__ = (
        within_district("call_id", "contest_call"),
        within_district("program_id", "program"),
        UniqueConstraint("district_id", "program_id"),
        CheckConstraint("requested_won IS NULL OR requested_won > 0", name="requested"),
        CheckConstraint("total_won IS NULL OR total_won > 0", name="total"),
        CheckConstraint(
            "result_on IS NULL OR applied_on IS NULL OR result_on >= applied_on", name="result_after_applied"
        ),
        CheckConstraint("returned_won IS NULL OR returned_won >= 0", name="returned"),
        CheckConstraint("interest_won IS NULL OR interest_won >= 0", name="interest"),
        CheckConstraint("settle_within IS NULL OR settle_within BETWEEN 0 AND 3650", name="settle_within"),
        CheckConstraint("(settle_within IS NULL) = (settle_unit IS NULL)", name="settle_whole"),
        Index("ix_contest_application_call", "district_id", "call_id", "id"),
        Index("ix_contest_application_settle_by", "district_id", "settle_by", "id"),
    )

    call_id: Mapped[int] = labelled(_l("Call"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    state: Mapped[State] = labelled(_l("State"))
    purpose: Mapped[Words | None] = labelled(_l("Purpose"))
    requested_won: Mapped[WonInt | None] = labelled(_l("Requested"))
    total_won: Mapped[WonInt | None] = labelled(_l("Total cost as stated"))
    applied_on: Mapped[dt.date | None] = labelled(_l("Applied on"))
    result_on: Mapped[dt.date | None] = labelled(_l("Result on"))
    loss: Mapped[LossReason | None] = labelled(_l("Why not selected"))
    lesson: Mapped[Words | None] = labelled(_l("Lesson"))
    council_reported_on: Mapped[dt.date | None] = labelled(_l("Reported to the council on"))
    settle_within: Mapped[int | None] = labelled(_l("Settlement within"))
    settle_unit: Mapped[SettleUnit | None] = labelled(_l("Counted in"))
    completed_on: Mapped[dt.date | None] = labelled(_l("Completed on"))
    settle_by: Mapped[dt.date | None] = labelled(_l("To be settled by"))
    returned_won: Mapped[WonInt | None] = labelled(_l("Unspent and returned"))
    interest_won: Mapped[WonInt | None] = labelled(_l("Interest returned"))
    several: Mapped[bool] = labelled(_l("Stands for several projects"), default=False)
    named: Mapped[bool] = labelled(_l("Named in the announcement"), default=False)

    call: Mapped[Call] = relationship(primaryjoin="foreign(Application.call_id) == Call.id", viewonly=True)
    program: Mapped[Program] = relationship(
        primaryjoin="foreign(Application.program_id) == Program.id", lazy="joined", innerjoin=True, viewonly=True
    )

    @property
    def version_token(self) -> str:
        """Both rows that the form edits, so that a change to either makes a save from before stale."""
        return f"{self.version}.{self.program.version}"


class StateChange(DistrictScoped, Base):
    """One step of an application: from where to where, on which day, by whom and why."""

    __tablename__ = "contest_state_change"
    __label__ = _l("State")
    __append_only__ = True
    __constraints__ = (
        within_district("application_id", "contest_application"),
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        Index("ix_contest_state_change_application", "district_id", "application_id", "id"),
        Index("ix_contest_state_change_on_date", "district_id", "on_date", "id"),
    )

    application_id: Mapped[int] = labelled(_l("Contest application"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    from_state: Mapped[State] = labelled(_l("From"), kept_as(State, "from_state"))
    to_state: Mapped[State] = labelled(_l("To"), kept_as(State, "to_state"))
    on_date: Mapped[dt.date] = labelled(_l("On"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    by: Mapped[User | None] = relationship(primaryjoin="foreign(StateChange.by_id) == User.id", viewonly=True)


class Award(DistrictScoped, Base):
    """Outside money of an award: whose, for which fiscal year, how much. A reduction is a line below zero with its
    reason. The year in which an award is won and the years in which it is spent are different things (rule R3)."""

    __tablename__ = "contest_award"
    __label__ = _l("Award line")
    __append_only__ = True
    __constraints__ = (
        within_district("application_id", "contest_application"),
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        CheckConstraint(IN_RANGE, name="amount_in_range"),
        CheckConstraint("payer <> 'district'", name="outside_money"),
        CheckConstraint("amount_won > 0 OR reason IS NOT NULL", name="less_has_reason"),
        Index("ix_contest_award_application", "district_id", "application_id", "id"),
        Index("ix_contest_award_program", "district_id", "program_id", "payer"),
    )

    application_id: Mapped[int] = labelled(_l("Contest application"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    payer: Mapped[Payer] = labelled(_l("Payer"))
    fiscal_year: Mapped[int | None] = labelled(_l("Fiscal year of spending"))
    amount_won: Mapped[WonInt] = labelled(_l("Amount"))
    decided_on: Mapped[dt.date | None] = labelled(_l("Decided on"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)


class MatchingSource(LabelledEnum):
    """Whose money stands beside the award. What of the total cost no line explains is never called matching
    (fact CF-029)."""

    DISTRICT = "district", _l("District funds (matching)")
    PARTNER = "partner", _l("Partners")


class Matching(DistrictScoped, Base):
    """Money beside the award by fiscal year. A correction is a line below zero with its reason."""

    __tablename__ = "contest_matching"
    __label__ = _l("Matching line")
    __append_only__ = True
    __constraints__ = (
        within_district("application_id", "contest_application"),
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        CheckConstraint(IN_RANGE, name="amount_in_range"),
        CheckConstraint("amount_won > 0 OR reason IS NOT NULL", name="less_has_reason"),
        Index("ix_contest_matching_application", "district_id", "application_id", "id"),
        Index("ix_contest_matching_program", "district_id", "program_id", "source"),
        Index("ix_contest_matching_year", "district_id", "fiscal_year", "id"),
    )

    application_id: Mapped[int] = labelled(_l("Contest application"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    source: Mapped[MatchingSource] = labelled(_l("Whose money"))
    fiscal_year: Mapped[int | None] = labelled(_l("Fiscal year of spending"))
    amount_won: Mapped[WonInt] = labelled(_l("Amount"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)


class Tie(DistrictScoped, Base):
    """An award at work: the program that spends it, and the budget line that one award line became there.

    An award line becomes a budget line once. A tie without lines says only that the two belong together, where nobody
    states whether the award is part of the program's budget.
    """

    __tablename__ = "contest_tie"
    __label__ = _l("Award at work")
    __append_only__ = True
    __constraints__ = (
        within_district("application_id", "contest_application"),
        within_district("program_id", "program"),
        within_district("target_id", "program"),
        within_district("award_id", "contest_award"),
        within_district("funding_line_id", "funding_line"),
        UniqueConstraint("district_id", "award_id"),
        CheckConstraint("(award_id IS NULL) = (funding_line_id IS NULL)", name="whole_line"),
        Index("ix_contest_tie_application", "district_id", "application_id", "id"),
        Index("ix_contest_tie_target", "district_id", "target_id", "id"),
    )

    application_id: Mapped[int] = labelled(_l("Contest application"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    target_id: Mapped[int] = labelled(_l("Spent by"), info={"names": "program"})
    award_id: Mapped[int | None] = labelled(_l("Award line"), info={"silent": True})
    funding_line_id: Mapped[int | None] = labelled(_l("Budget line"), info={"silent": True})


class RewardRule(DistrictScoped, Versioned, Base):
    """How secured contests are rewarded from a year on, until another rule begins."""

    __tablename__ = "contest_reward_rule"
    __label__ = _l("Rule for rewards")
    __constraints__ = (
        UniqueConstraint("district_id", "from_year"),
        CheckConstraint("base >= 0 AND points >= 0 AND step_won > 0", name="not_below_zero"),
        CheckConstraint("most IS NULL OR most >= 0", name="most"),
        Index("ix_contest_reward_rule_year", "district_id", "from_year", "id"),
    )

    from_year: Mapped[int] = labelled(_l("From the year"))
    base: Mapped[int] = labelled(_l("Points for each secured contest"))
    points: Mapped[int] = labelled(_l("Points for each step of outside money"))
    step_won: Mapped[WonInt] = labelled(_l("One step"))
    most: Mapped[int | None] = labelled(_l("At most, for one contest"))
