"""The contests of the demonstration: calls, applications, awards, and who was asked."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import select

from districtops import clock
from districtops.contest_funds.models import (
    Answer,
    Application,
    Award,
    Call,
    ContestType,
    LossReason,
    Matching,
    MatchingSource,
    NoReason,
    OrganiserKind,
    RewardRule,
    Routing,
    StateChange,
    Tie,
)
from districtops.contest_funds.rules import SettleUnit, State
from districtops.demo.files import Line, Office, day, maybe, words
from districtops.kit.db import db
from districtops.models import Payer, Program, User


def load(office: Office) -> None:
    """Everything of a district that applies to contests; nothing where none is recorded."""
    calls = _calls(office)
    if not calls:
        return
    applications = _applications(office, calls)
    for line in office.own("contest_awards"):
        application = applications[line["application"]]
        db.session.add(
            Award(
                application_id=application.id,
                program_id=application.program_id,
                payer=Payer(line["payer"]),
                fiscal_year=maybe(line["fiscal_year"], int),
                amount_won=int(line["amount_won"]),
                decided_on=day(line["decided_on"]),
                sample=line["sample"] == "1",
            )
        )
    for line in office.own("contest_matching"):
        application = applications[line["application"]]
        db.session.add(
            Matching(
                application_id=application.id,
                program_id=application.program_id,
                source=MatchingSource(line["source"]),
                fiscal_year=maybe(line["fiscal_year"], int),
                amount_won=int(line["amount_won"]),
                sample=line["sample"] == "1",
            )
        )
    _steps(office, applications)
    _routings(office, calls)
    for line in office.own("contest_reward_rules"):
        numbers = {name: int(line[name]) for name in ("from_year", "base", "points", "step_won", "most")}
        db.session.add(RewardRule(**numbers))
    db.session.flush()


def _calls(office: Office) -> dict[str, Call]:
    calls = {line["key"]: _call(line) for line in office.own("contest_calls")}
    db.session.add_all(calls.values())
    db.session.flush()
    return calls


def _call(line: Line) -> Call:
    return Call(
        title_en=line["title_en"],
        title_ko=line["title_ko"],
        organiser=words(line, "organiser"),
        organiser_kind=maybe(line["organiser_kind"], OrganiserKind),
        type=maybe(line["type"], ContestType),
        opens_on=day(line["opens_on"]),
        closes_on=day(line["closes_on"]),
        max_grant_won=maybe(line["max_grant_won"], int),
        matching_percent=maybe(line["matching_percent"], Decimal),
        council_report=line["council_report"] == "1",
        doc_no=line["doc_no"] or None,
        sample=line["sample"] == "1",
        fact=line["fact"] or None,
    )


def _applications(office: Office, calls: dict[str, Call]) -> dict[str, Application]:
    lines = office.own("contest_applications")
    officers = {user.username: user.id for user in db.session.execute(select(User)).scalars()}
    programs = [_program(line, office, officers) for line in lines]
    db.session.add_all(programs)
    db.session.flush()
    for program in programs:
        program.code = f"CF-{program.fiscal_year}-{program.id:05d}"
    applications = {
        line["key"]: _application(line, calls[line["call"]], program)
        for line, program in zip(lines, programs, strict=True)
    }
    db.session.add_all(applications.values())
    db.session.flush()
    for line in lines:
        if line["tie"]:
            application = applications[line["key"]]
            target = db.session.execute(select(Program.id).where(Program.code == line["tie"])).scalar_one()
            db.session.add(Tie(application_id=application.id, program_id=application.program_id, target_id=target))
    return applications


def _program(line: Line, office: Office, officers: dict[str, int]) -> Program:
    return Program(
        module="contest_funds",
        code=f"CF-{line['key']}",
        title_en=line["title_en"],
        title_ko=line["title_ko"],
        fiscal_year=int(line["fiscal_year"]),
        department_id=office.department_id(line["department_code"]),
        officer_id=maybe(line["officer"], officers.__getitem__),
        sample=line["sample"] == "1",
        fact=line["fact"] or None,
    )


def _application(line: Line, call: Call, program: Program) -> Application:
    return Application(
        call_id=call.id,
        program_id=program.id,
        state=State(line["state"]),
        purpose=words(line, "purpose"),
        requested_won=maybe(line["requested_won"], int),
        total_won=maybe(line["total_won"], int),
        applied_on=day(line["applied_on"]),
        result_on=day(line["result_on"]),
        loss=maybe(line["loss"], LossReason),
        lesson=words(line, "lesson"),
        settle_within=maybe(line["settle_within"], int),
        settle_unit=maybe(line["settle_unit"], SettleUnit),
        completed_on=day(line["completed_on"]),
        settle_by=day(line["settle_by"]),
        returned_won=maybe(line["returned_won"], int),
        interest_won=maybe(line["interest_won"], int),
        several=line["several"] == "1",
        named=line["named"] == "1",
    )


def _steps(office: Office, applications: dict[str, Application]) -> None:
    for line in office.own("contest_state_changes"):
        application = applications[line["application"]]
        db.session.add(
            StateChange(
                application_id=application.id,
                program_id=application.program_id,
                from_state=State(line["from_state"]),
                to_state=State(line["to_state"]),
                on_date=dt.date.fromisoformat(line["on_date"]),
                reason=words(line, "reason"),
                doc_no=line["doc_no"] or None,
                at=clock.now(),
                sample=line["sample"] == "1",
            )
        )


def _routings(office: Office, calls: dict[str, Call]) -> None:
    for line in office.own("contest_routings"):
        db.session.add(
            Routing(
                call_id=calls[line["call"]].id,
                department_id=office.department_id(line["department_code"]),
                asked_on=dt.date.fromisoformat(line["asked_on"]),
                answer=maybe(line["answer"], Answer),
                reason=maybe(line["reason"], NoReason),
                reason_text=words(line, "reason_text"),
                answered_on=day(line["answered_on"]),
                sample=line["sample"] == "1",
            )
        )
