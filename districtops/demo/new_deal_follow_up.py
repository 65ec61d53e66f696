"""How the projects of the demonstration go on: contracts and payments, readings of indicators, year-end decisions."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from districtops.demo.files import day, maybe, rows, words
from districtops.kit.db import db
from districtops.models import User
from districtops.new_deal.contracts.models import Contract, Method, Payment, PaymentKind
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.models import Project
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import CarryKind, DecisionState, Reason

OFFICER, MANAGER = "officer.yongsan", "manager.yongsan"


def load(projects: Mapping[str, Project]) -> None:
    """Everything that follows the filing of these projects, which are found by their keys."""
    people = db.session.execute(select(User.username, User.id).where(User.username.in_((OFFICER, MANAGER))))
    ids: dict[str, int] = dict(people.all())
    _contracts(projects)
    _readings(projects, ids.get(OFFICER))
    _decisions(projects, ids.get(OFFICER), ids.get(MANAGER))


def _contracts(projects: Mapping[str, Project]) -> None:
    contracts: dict[str, Contract] = {}
    for line in rows("contracts"):
        project = projects[line["project"]]
        contracts[line["key"]] = Contract(
            project_id=project.id,
            program_id=project.program_id,
            method=Method(line["method"]),
            counterparty=line["counterparty"],
            amount_won=int(line["amount_won"]),
            starts_on=dt.date.fromisoformat(line["starts_on"]),
            ends_on=dt.date.fromisoformat(line["ends_on"]),
            doc_no=line["doc_no"] or None,
            sample=line["sample"] == "1",
        )
    db.session.add_all(contracts.values())
    db.session.flush()
    for line in rows("payments"):
        contract = contracts[line["contract"]]
        db.session.add(
            Payment(
                contract_id=contract.id,
                program_id=contract.program_id,
                kind=PaymentKind(line["kind"]),
                due_on=dt.date.fromisoformat(line["due_on"]),
                amount_won=int(line["amount_won"]),
                paid_on=day(line["paid_on"]),
                sample=line["sample"] == "1",
            )
        )


def _readings(projects: Mapping[str, Project], by_id: int | None) -> None:
    """In the order of their days: the last one is the project's actual value."""
    kept: dict[str, Reading] = {}
    for line in rows("readings"):
        project = projects[line["project"]]
        on = dt.date.fromisoformat(line["on_date"])
        reading = Reading(
            project_id=project.id,
            program_id=project.program_id,
            on_date=on,
            value=Decimal(line["value"]),
            note=words(line, "note"),
            replaces_id=kept[line["replaces"]].id if line["replaces"] else None,
            at=_noon(on),
            by_id=by_id,
            sample=line["sample"] == "1",
        )
        kept[line["key"]] = reading
        db.session.add(reading)
        db.session.flush()
        project.kpi_actual = reading.value


def _decisions(projects: Mapping[str, Project], officer_id: int | None, manager_id: int | None) -> None:
    for line in rows("year_end_decisions"):
        project = projects[line["project"]]
        decided_on = dt.date.fromisoformat(line["decided_on"])
        state = DecisionState(line["state"])
        confirmed, withdrawn = state is DecisionState.CONFIRMED, state is DecisionState.WITHDRAWN
        db.session.add(
            YearEndDecision(
                project_id=project.id,
                program_id=project.program_id,
                fiscal_year=decided_on.year,
                state=state,
                carry_won=int(line["carry_won"]),
                carry_kind=maybe(line["carry_kind"], CarryKind),
                return_won=int(line["return_won"]),
                reason_code=Reason(line["reason_code"]),
                reason=words(line, "reason"),
                decided_on=decided_on,
                doc_no=line["doc_no"] or None,
                entered_at=_noon(decided_on),
                entered_by_id=officer_id,
                changed_by_id=officer_id,
                confirmed_at=_noon(decided_on) if confirmed else None,
                confirmed_by_id=manager_id if confirmed else None,
                withdrawn_at=_noon(decided_on) if withdrawn else None,
                withdrawn_by_id=manager_id if withdrawn else None,
                withdrawal_reason=words(line, "withdrawal_reason"),
                sample=line["sample"] == "1",
            )
        )
        db.session.flush()


def _noon(on: dt.date) -> dt.datetime:
    """Noon in Korea."""
    return dt.datetime.combine(on, dt.time(3), tzinfo=dt.UTC)
