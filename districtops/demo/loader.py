"""Loads the demonstration. The data files stand beside it; each row names its fact or is marked sample."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import select

from districtops import clock
from districtops.demo import announced_figures, contest_funds, new_deal, playgrounds
from districtops.demo.files import Line, Office, day, rows
from districtops.guard import passwords
from districtops.guard.tenancy import NOBODY, enter, within, writing_across
from districtops.kit.db import db
from districtops.models import (
    Department,
    DepartmentKind,
    District,
    Grant,
    Installation,
    OfficeHolder,
    Role,
    User,
)

MODULES: tuple[Callable[[Office], None], ...] = (
    new_deal.load,
    contest_funds.load,
    playgrounds.load,
    announced_figures.load,
)
"""What each module has in the demonstration, in the order in which they refer to each other."""


class NotEmpty(Exception):
    """The database holds an office's own data."""


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
                _load_office(Office(line["slug"]), password)
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


def _load_office(office: Office, password: str) -> None:
    """One district's rows, in the order in which they refer to each other."""
    _departments(office)
    _people(office, password)
    for line in office.own("office_holders"):
        db.session.add(
            OfficeHolder(
                post=line["post"],
                name_en=line["name_en"],
                name_ko=line["name_ko"],
                known_on=dt.date.fromisoformat(line["on_date"]),
                valid_from=day(line["valid_from"]),
                valid_to=day(line["valid_to"]),
                fact=line["fact"],
            )
        )
    db.session.flush()
    for load_module in MODULES:
        load_module(office)


def _departments(office: Office) -> None:
    lines = office.own("departments")
    for line in lines:
        department = Department(
            code=line["code"],
            kind=DepartmentKind(line["kind"]),
            name_en=line["name_en"],
            name_ko=line["name_ko"],
            valid_from=day(line["valid_from"]),
            valid_to=day(line["valid_to"]),
            sample=line["sample"] == "1",
        )
        office.departments[line["code"]] = department
        db.session.add(department)
    db.session.flush()
    for line in lines:
        department = office.departments[line["code"]]
        department.parent_id = office.department_id(line["parent_code"])
        department.successor_id = office.department_id(line["successor_code"])
    db.session.flush()


def _people(office: Office, password: str) -> None:
    for line in office.own("people"):
        user = _user(line, password, office.department_id(line["department_code"]))
        db.session.add(user)
        db.session.flush()
        db.session.add(
            Grant(user_id=user.id, role=Role(line["role"]), module=line["module"] or None, given_at=clock.now())
        )
