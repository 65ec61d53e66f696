"""Rows of the demonstration by which every page can be addressed, and who opens them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from districtops.contest_funds.models import Application, Call, RewardRule, Routing
from districtops.contest_funds.rules import State
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.kit.db import db
from districtops.models import (
    Attachment,
    ChangeRecord,
    Department,
    District,
    FrozenFigure,
    Grant,
    LedgerEntry,
    Milestone,
)
from districtops.new_deal.contracts.models import Contract, Payment
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.monthly.models import MonthlyReport
from districtops.new_deal.monthly.rules import State as ReportState
from districtops.new_deal.opinions.models import Opinion
from districtops.new_deal.support.models import SupportMeasure
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import DecisionState
from districtops.playgrounds.calendar.models import Holiday
from districtops.playgrounds.opinions.models import Feedback
from districtops.playgrounds.places.models import Playground, Zone
from districtops.playgrounds.schedule.models import Entry, Standing
from districtops.playgrounds.sharing.models import CalendarAddress
from districtops.playgrounds.use.models import Incident

Values = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A district whose rows fill the addresses of a module; ``module`` is None for the pages that all share.

    ``program`` gives the number of a program that gets an attachment, ``values`` what stands in the addresses, the
    richest first. Both are asked as the district.
    """

    district: str
    module: str | None
    program: Callable[[], int | None]
    values: Callable[[], Iterator[Values]]

    def addresses(self) -> list[Values]:
        """The values of this sample."""
        with self.inside():
            return list(self.values())

    def inside(self) -> Any:
        """As the district."""
        enter(NOBODY)
        return within(db.session.execute(select(District.id).where(District.slug == self.district)).scalar_one())


def first(statement: Any) -> Any:
    """The first value that a statement selects, which the demonstration must have."""
    found = db.session.execute(statement).scalars().first()
    assert found is not None, f"the demonstration has nothing for {statement}"
    return found


def _shared() -> Iterator[Values]:
    grant = first(select(Grant))
    frozen = first(select(FrozenFigure))
    yield {
        "announced_id": frozen.announced_id,
        "frozen_id": frozen.id,
        "department_id": first(select(Department.id)),
        "user_id": grant.user_id,
        "grant_id": grant.id,
        "change_id": first(select(ChangeRecord.id)),
    }


def _spent() -> int:
    return int(first(select(LedgerEntry.program_id)))


def _new_deal() -> Iterator[Values]:
    programme = first(select(Programme.id))
    attached = first(select(Attachment).join(Project, Project.program_id == Attachment.program_id))
    record = {
        "record_id": first(select(Project.id).where(Project.program_id == attached.program_id)),
        "attachment_id": attached.id,
    }
    entry, rich = db.session.execute(
        select(LedgerEntry.id, Project.id)
        .join(Project, Project.program_id == LedgerEntry.program_id)
        .where(LedgerEntry.reverses_id.is_(None))
        .order_by(LedgerEntry.id)
    ).first() or (None, None)
    milestone, dated = db.session.execute(
        select(Milestone.id, Project.id).join(Project, Project.program_id == Milestone.program_id)
    ).first() or (None, None)
    beside = {"opinion_id": first(select(Opinion.id)), "measure_id": first(select(SupportMeasure.id))}
    yield {**record, **beside, "programme_id": programme, "project_id": rich, "entry_id": entry}
    yield {**record, "programme_id": programme, "project_id": dated, "milestone_id": milestone}
    payment = first(select(Payment).where(Payment.paid_on.is_(None)).order_by(Payment.id))
    contracted = first(select(Contract.project_id).where(Contract.id == payment.contract_id))
    yield {**record, "project_id": contracted, "contract_id": payment.contract_id, "payment_id": payment.id}
    reading = first(select(Reading).order_by(Reading.id))
    yield {**record, "project_id": reading.project_id, "reading_id": reading.id}
    draft = first(select(YearEndDecision).where(YearEndDecision.state == DecisionState.DRAFT))
    yield {**record, "project_id": draft.project_id, "decision_id": draft.id}
    report = first(select(MonthlyReport).where(MonthlyReport.state == ReportState.SUBMITTED))
    yield {**record, "programme_id": programme, "report_id": report.id, "month_id": report.month_id}


def _contest() -> int:
    return int(first(select(Application.program_id).where(Application.state == State.AGREED)))


def _contest_funds() -> Iterator[Values]:
    attached = first(select(Attachment).join(Application, Application.program_id == Attachment.program_id))
    record = first(select(Application.id).where(Application.program_id == attached.program_id))
    yield {
        "record_id": record,
        "attachment_id": attached.id,
        "application_id": record,
        "call_id": first(select(Call.id).where(Call.closes_on > dt.date(2022, 1, 25))),
        "routing_id": first(select(Routing.id)),
        "rule_id": first(select(RewardRule.id)),
    }


def _playgrounds() -> Iterator[Values]:
    yield {
        "playground_id": first(select(Playground.id)),
        "zone_id": first(select(Zone.id)),
        "entry_id": first(select(Entry.id).where(Entry.standing == Standing.DRAFT)),
        "holiday_id": first(select(Holiday.id)),
        "log_id": first(select(Incident.log_id)),
        "incident_id": first(select(Incident.id)),
        "feedback_id": first(select(Feedback.id).order_by(Feedback.id.desc())),
        "address_id": first(select(CalendarAddress.id)),
    }


SAMPLES = (
    Sample("yongsan", None, lambda: None, _shared),
    Sample("yongsan", "new_deal", _spent, _new_deal),
    Sample("dongdaemun", "contest_funds", _contest, _contest_funds),
    Sample("songpa", "playgrounds", lambda: None, _playgrounds),
)
