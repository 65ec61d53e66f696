"""Loads the demonstration. The data files stand beside it; each row names its fact or is marked sample."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from districtops import clock
from districtops.guard import passwords
from districtops.guard.tenancy import NOBODY, enter, within, writing_across
from districtops.kit.db import db
from districtops.kit.text import Words
from districtops.models import (
    Department,
    DepartmentKind,
    District,
    FundingKind,
    FundingLine,
    Grant,
    Installation,
    LedgerEntry,
    Milestone,
    OfficeHolder,
    Payer,
    Program,
    Role,
    User,
)
from districtops.new_deal.models import (
    Category,
    Concern,
    ContestSelection,
    Programme,
    Project,
    Status,
    SupportMeasure,
)
from districtops.new_deal.rules import ProjectType, Stage

DATA = Path(__file__).parent / "data"

Value = TypeVar("Value")
Line = dict[str, str]


class NotEmpty(Exception):
    """The database holds an office's own data."""


def rows(name: str) -> list[Line]:
    """The rows of a data file, as text by column."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add_districts() -> None:
    """Seoul's 25 districts, those that are missing."""
    known = set(db.session.execute(select(District.code)).scalars())
    for line in rows("districts"):
        if line["code"] not in known:
            db.session.add(District(**{name: line[name] for name in ("code", "slug", "name_en", "name_ko")}))
    db.session.flush()


def add_city_user(user: User, districts: Sequence[District]) -> None:
    """A reader of several districts."""
    db.session.add(user)
    db.session.flush()
    for district in districts:
        db.session.add(Grant(district_id=district.id, user_id=user.id, role=Role.CITY, given_at=clock.now()))
    db.session.flush()


def load(as_of: dt.date) -> str:
    """Load the demonstration as of a day, in one transaction. Returns a sentence that says what was done.

    Raises NotEmpty for a database that holds anything else.
    """
    enter(NOBODY)
    found = db.session.execute(select(Installation)).scalar_one_or_none()
    if found is not None and found.demonstration:
        return "The demonstration is loaded already."
    if found is not None or db.session.execute(select(District.id).limit(1)).first() is not None:
        raise NotEmpty("This database holds an office's own data. Load the demonstration into an empty one.")
    db.session.add(Installation(id=1, demonstration=True, as_of=as_of, made_at=clock.now()))
    add_districts()
    password = passwords.hashed(passwords.DEMONSTRATION)
    districts = {d.slug: d for d in db.session.execute(select(District)).scalars()}
    for line in rows("districts"):
        if line["has_data"] == "1":
            with within(districts[line["slug"]].id):
                _District(line["slug"], password).load()
    with writing_across("the demonstration's city reader belongs to no district"):
        for line in rows("people"):
            if not line["district"]:
                served = [districts[d["slug"]] for d in rows("districts") if d["has_data"] == "1"]
                add_city_user(_user(line, password, None), served)
    db.session.commit()
    return "The demonstration is loaded."


def _user(line: Line, password: str, department_id: int | None) -> User:
    return User(
        username=line["username"],
        name_en=line["name_en"],
        name_ko=line["name_ko"],
        department_id=department_id,
        password_hash=password,
        active=True,
        text_size=100,
    )


def _maybe(text: str, read: Callable[[str], Value]) -> Value | None:
    return read(text) if text else None


def _day(text: str) -> dt.date | None:
    return _maybe(text, dt.date.fromisoformat)


def _words(line: Line, name: str) -> Words | None:
    return Words(line[f"{name}_en"] or None, line[f"{name}_ko"] or None) or None


class _District:
    """Loads one district's rows, in the order in which they refer to each other."""

    def __init__(self, slug: str, password: str) -> None:
        self.slug = slug
        self.password = password
        self.departments: dict[str, Department] = {}
        self.programmes: dict[str, Programme] = {}
        self.projects: dict[str, Project] = {}

    def _own(self, name: str) -> list[Line]:
        return [line for line in rows(name) if line["district"] == self.slug]

    def load(self) -> None:
        """Everything of this district."""
        self._departments()
        self._people()
        for line in self._own("office_holders"):
            db.session.add(
                OfficeHolder(
                    post=line["post"],
                    name_en=line["name_en"],
                    name_ko=line["name_ko"],
                    known_on=dt.date.fromisoformat(line["on_date"]),
                    valid_from=_day(line["valid_from"]),
                    valid_to=_day(line["valid_to"]),
                    fact=line["fact"],
                )
            )
        self._programmes()
        if self.programmes:
            self._projects()
            self._money()
            self._milestones_and_contests()
        db.session.flush()

    def _departments(self) -> None:
        lines = self._own("departments")
        for line in lines:
            department = Department(
                code=line["code"],
                kind=DepartmentKind(line["kind"]),
                name_en=line["name_en"],
                name_ko=line["name_ko"],
                valid_from=_day(line["valid_from"]),
                valid_to=_day(line["valid_to"]),
                sample=line["sample"] == "1",
            )
            self.departments[line["code"]] = department
            db.session.add(department)
        db.session.flush()
        for line in lines:
            department = self.departments[line["code"]]
            department.parent_id = self._department_id(line["parent_code"])
            department.successor_id = self._department_id(line["successor_code"])
        db.session.flush()

    def _department_id(self, code: str) -> int | None:
        return self.departments[code].id if code else None

    def _people(self) -> None:
        for line in self._own("people"):
            user = _user(line, self.password, self._department_id(line["department_code"]))
            db.session.add(user)
            db.session.flush()
            db.session.add(
                Grant(user_id=user.id, role=Role(line["role"]), module=line["module"] or None, given_at=clock.now())
            )

    def _programmes(self) -> None:
        for line in self._own("new_deal_programmes"):
            programme = Programme(
                fiscal_year=int(line["fiscal_year"]),
                name_en=line["name_en"],
                name_ko=line["name_ko"],
                started_year=_maybe(line["started_year"], int),
                parent_policy=_words(line, "parent_policy"),
                planned_count=_maybe(line["planned_count"], int),
                planned_won=_maybe(line["announced_won"], int),
                rounding_won=_maybe(line["announced_rounding_won"], int),
                announced_on=_day(line["announced_on"]),
                status_on=_day(line["status_on"]),
                fact=line["fact"],
            )
            self.programmes[line["fiscal_year"]] = programme
            db.session.add(programme)
        db.session.flush()
        for line in self._own("support_measures"):
            measure = SupportMeasure(
                programme_id=self.programmes[line["fiscal_year"]].id,
                name=Words(line["name_en"], line["name_ko"]),
                fact=line["fact"],
            )
            db.session.add(measure)

    def _projects(self) -> None:
        lines = rows("new_deal_projects")
        programs = [self._program(line) for line in lines]
        db.session.add_all(programs)
        db.session.flush()
        for line, program in zip(lines, programs, strict=True):
            self.projects[line["key"]] = self._project(line, program)
        db.session.add_all(self.projects.values())
        db.session.flush()
        for line in lines:
            if line["continues"]:
                self.projects[line["key"]].continues_id = self.projects[line["continues"]].id

    def _program(self, line: Line) -> Program:
        return Program(
            module="new_deal",
            code=line["code"],
            title_en=line["title_en"],
            title_ko=line["title_ko"],
            fiscal_year=int(line["fiscal_year"]),
            department_id=self._department_id(line["department_code"]),
            starts_on=_day(line["starts_on"]),
            ends_on=_day(line["ends_on"]),
            sample=line["sample"] == "1",
            fact=line["fact"] or None,
        )

    def _project(self, line: Line, program: Program) -> Project:
        return Project(
            programme_id=self.programmes[line["fiscal_year"]].id,
            program_id=program.id,
            category=Category(line["category"]),
            type=_maybe(line["type"], ProjectType),
            concern=_maybe(line["field"], Concern),
            stage=Stage(line["stage"]),
            held_from=Stage.BUDGET_SECURED if line["stage"] == "on_hold" else None,
            status=_maybe(line["status"], Status),
            purpose=_words(line, "purpose"),
            location=_words(line, "location"),
            named=line["named"] == "1",
            kpi_name=_words(line, "kpi_name"),
            kpi_unit=_words(line, "kpi_unit"),
            kpi_base=_maybe(line["kpi_base"], Decimal),
            kpi_target=_maybe(line["kpi_target"], Decimal),
            kpi_actual=_maybe(line["kpi_actual"], Decimal),
        )

    def _money(self) -> None:
        for line in rows("funding_lines"):
            db.session.add(
                FundingLine(
                    program_id=self.projects[line["project"]].program_id,
                    fiscal_year=int(line["fiscal_year"]),
                    payer=Payer(line["payer"]),
                    kind=FundingKind(line["kind"]),
                    amount_won=int(line["amount_won"]),
                    decided_on=_day(line["decided_on"]),
                    doc_no=line["doc_no"] or None,
                    reason=_words(line, "reason"),
                    sample=line["sample"] == "1",
                )
            )
        entries: dict[str, LedgerEntry] = {}
        waiting: dict[bool, list[Line]] = defaultdict(list)
        for line in rows("ledger_entries"):
            waiting[bool(line["reverses"])].append(line)
        for reversal in (False, True):
            for line in waiting[reversal]:
                entries[line["key"]] = LedgerEntry(
                    program_id=self.projects[line["project"]].program_id,
                    on_date=dt.date.fromisoformat(line["on_date"]),
                    amount_won=int(line["amount_won"]),
                    note=_words(line, "note"),
                    reverses_id=entries[line["reverses"]].id if reversal else None,
                    sample=line["sample"] == "1",
                )
                db.session.add(entries[line["key"]])
            db.session.flush()

    def _milestones_and_contests(self) -> None:
        for line in rows("milestones"):
            db.session.add(
                Milestone(
                    program_id=self.projects[line["project"]].program_id,
                    title=Words(line["title_en"], line["title_ko"]),
                    due_on=dt.date.fromisoformat(line["due_on"]),
                    done_on=_day(line["done_on"]),
                    sample=line["sample"] == "1",
                )
            )
        for line in rows("contest_selections"):
            db.session.add(
                ContestSelection(
                    project_id=self.projects[line["project"]].id,
                    year=int(line["year"]),
                    contest=Words(line["contest_en"], line["contest_ko"]),
                    amount_won=_maybe(line["amount_won"], int),
                    split_stated=line["split_stated"] == "1",
                    sample=line["sample"] == "1",
                )
            )
