"""Makes rows for tests. Every default is an ordinary, honest value; a test names only what it is about.

Rows are committed and detached: no session is open afterwards. ``make.row`` builds a row of any class from its
columns, with the parents it needs, so that a rule about every class holds for those that nobody has written yet.
"""

import datetime as dt
import enum
import hashlib
import io
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Enum,
    Integer,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Session, scoped_session

from districtops import clock
from districtops.guard import passwords
from districtops.guard.tenancy import NOBODY, Scope, enter, writing_across
from districtops.kit.db import Base, Thousandths, UtcDateTime, db
from districtops.kit.file_store import FileStore
from districtops.kit.text import Words, WordsType
from districtops.models import (
    Attachment,
    Department,
    DepartmentKind,
    District,
    DistrictScoped,
    FundingKind,
    FundingLine,
    Grant,
    LedgerEntry,
    Milestone,
    Payer,
    Program,
    Role,
    User,
)
from districtops.new_deal.models import Category, Programme, Project, Status
from districtops.new_deal.rules import FINISHED, ProjectType, Stage

PASSWORD = "rain falls on Mapo bridge"
Row = TypeVar("Row", bound=Base)

_numbers = itertools.count(1)
_hashes: dict[str, str] = {}


def _hashed(password: str) -> str:
    if password not in _hashes:
        _hashes[password] = passwords.hashed(password)
    return _hashes[password]


class Maker:
    """Makes rows of one application's database."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._home: District | None = None

    @property
    def store(self) -> FileStore:
        """The files of the application."""
        return FileStore(self.app.config["FILES_FOLDER"])

    @contextmanager
    def inside(self, district: District | None = None, user: User | None = None) -> Iterator[scoped_session[Session]]:
        """Work as a district: an application context with its scope. Nothing is committed unless the test does."""
        home = (district or self.home).id
        with self.app.app_context():
            enter(Scope(frozenset({home}), home=home, user_id=user.id if user else None))
            try:
                yield db.session
            finally:
                db.session.remove()

    @contextmanager
    def reading(self, *districts: District) -> Iterator[scoped_session[Session]]:
        """Work as a reader of several districts, who may write in none."""
        with self.app.app_context():
            enter(Scope(frozenset(d.id for d in districts)))
            try:
                yield db.session
            finally:
                db.session.remove()

    def everything(self, model: type[Row], **equal: Any) -> list[Row]:
        """All rows of a class in all districts, by id."""
        with self.app.app_context():
            statement = select(model).filter_by(**equal).order_by(model.id)
            return list(db.session.execute(statement, execution_options={"across_districts": "a test looks"}).scalars())

    @property
    def home(self) -> District:
        """The district in which rows are made unless a test says otherwise: Mapo-gu."""
        if self._home is None:
            self._home = self.district("mapo")
        return self._home

    def district(self, slug: str = "mapo") -> District:
        """A district, made once for each name."""
        with self.app.app_context():
            enter(NOBODY)
            found = db.session.execute(select(District).where(District.slug == slug)).scalar_one_or_none()
            if found is None:
                code = f"{11000 + next(_numbers) % 88000:05d}"
                found = District(code=code, slug=slug, name_en=f"{slug.title()}-gu", name_ko=f"{slug}구")
                db.session.add(found)
                db.session.commit()
            return found

    def keep(self, row: Row, district: District | None = None) -> Row:
        """Store a row of a district."""
        with self.inside(district) as session:
            session.add(row)
            session.commit()
        return row

    # Offices and people ------------------------------------------------------------------------------------------

    def department(
        self, name: str = "Planning Division", district: District | None = None, **columns: Any
    ) -> Department:
        """A division that exists without end."""
        columns.setdefault("code", f"D{next(_numbers)}")
        columns.setdefault("kind", DepartmentKind.DIVISION)
        return self.keep(Department(name_en=name, name_ko=name, sample=False, **columns), district)

    def user(
        self,
        username: str | None = None,
        *roles: Role,
        module: str | None = None,
        district: District | None = None,
        password: str = PASSWORD,
        **columns: Any,
    ) -> User:
        """A person who may sign in with ``PASSWORD`` and holds the roles (an officer's, when none is named)."""
        name = username or f"person{next(_numbers)}"
        columns = {"name_en": f"Kim {name}", "name_ko": f"김{name}", "active": True, "text_size": 100, **columns}
        with self.inside(district) as session:
            user = User(username=name, password_hash=_hashed(password), **columns)
            session.add(user)
            session.flush()
            for role in roles or (Role.OFFICER,):
                session.add(Grant(user_id=user.id, role=role, module=module, given_at=clock.now()))
            session.commit()
        return user

    def city_reader(self, username: str, *districts: District) -> User:
        """A reader of several districts, who belongs to none."""
        with self.app.app_context():
            enter(NOBODY)
            with writing_across("a test makes a city reader"):
                user = User(
                    username=username, password_hash=_hashed(PASSWORD), name_en="City", name_ko="시", active=True
                )
                db.session.add(user)
                db.session.flush()
                for district in districts:
                    db.session.add(
                        Grant(district_id=district.id, user_id=user.id, role=Role.CITY, given_at=clock.now())
                    )
            db.session.commit()
            db.session.remove()
        return user

    # New Deal ----------------------------------------------------------------------------------------------------

    def programme(self, year: int = 2022, district: District | None = None, **columns: Any) -> Programme:
        """The programme of a year, made once for each district and year."""
        with self.inside(district) as session:
            found = session.execute(select(Programme).where(Programme.fiscal_year == year)).scalar_one_or_none()
            if found is None:
                found = Programme(fiscal_year=year, name_en=f"{year} New Deal", name_ko=f"{year} 뉴딜", **columns)
                session.add(found)
                session.commit()
        return found

    def project(
        self,
        title: str = "Smart street lamps",
        *,
        money: Mapping[Payer, int] | int | None = None,
        stage: Stage = Stage.DISCOVERED,
        year: int = 2022,
        district: District | None = None,
        program: Mapping[str, Any] | None = None,
        **columns: Any,
    ) -> Project:
        """A project with its program; ``money`` is its original budget by payer (a bare number: the district's)."""
        programme = self.programme(year, district)
        parts = {Payer.DISTRICT: money} if isinstance(money, int) else dict(money or {})
        values = {
            "category": Category.DIGITAL,
            "type": ProjectType.PURCHASE,
            "named": False,
            "status": Status.DONE if stage in FINISHED else None,
            "held_from": Stage.PLANNED if stage is Stage.ON_HOLD else None,
            **columns,
        }
        with self.inside(district) as session:
            run = Program(
                **{
                    "module": "new_deal",
                    "code": f"ND-{next(_numbers)}",
                    "title_en": title,
                    "title_ko": title,
                    "fiscal_year": year,
                    "sample": False,
                    **(program or {}),
                }
            )
            session.add(run)
            session.flush()
            project = Project(programme_id=programme.id, program_id=run.id, stage=stage, **values)
            session.add(project)
            for payer, amount in parts.items():
                session.add(_line(run.id, year, payer, amount))
            session.commit()
            assert project.program is not None, "loaded while the session is open"
        return project

    def funding(self, project: Project, amount: int, payer: Payer = Payer.DISTRICT, **columns: Any) -> FundingLine:
        """A decision about a project's money."""
        line = _line(project.program_id, 2022, payer, amount)
        for name, value in columns.items():
            setattr(line, name, value)
        return self.keep(line, self._of(project))

    def entry(self, project: Project, amount: int, on: dt.date = dt.date(2022, 3, 2), **columns: Any) -> LedgerEntry:
        """Money spent on a day."""
        entry = LedgerEntry(program_id=project.program_id, on_date=on, amount_won=amount, sample=False, **columns)
        return self.keep(entry, self._of(project))

    def milestone(
        self, project: Project, title: str = "Tender", due: dt.date = dt.date(2022, 4, 1), **columns: Any
    ) -> Milestone:
        """A dated step."""
        row = Milestone(program_id=project.program_id, title=Words(en=title), due_on=due, sample=False, **columns)
        return self.keep(row, self._of(project))

    def _of(self, row: Any) -> District:
        with self.app.app_context():
            enter(NOBODY)
            return db.session.execute(select(District).where(District.id == row.district_id)).scalar_one()

    # Any class ---------------------------------------------------------------------------------------------------

    def row(self, model: type[Row], district: District | None = None, **given: Any) -> Row:
        """A row of any class that belongs to a district, with the parents that it cannot do without.

        ``id`` is the id of the row and of every parent that is made for it.
        """
        home = district or self.home
        with self.inside(home) as session:
            row = self.build(session, model, home, given, {})
            session.commit()
        return row

    def one_of_each(self, district: District, row_id: int) -> dict[type[Base], Base]:
        """One row of every class that belongs to a district, all with the same id."""
        made: dict[type[Base], Base] = {}
        with self.inside(district) as session:
            for model in scoped_models():
                if model not in made:
                    self.build(session, model, district, {"id": row_id}, made)
            session.commit()
        return made

    def build(
        self, session: Any, model: type[Row], district: District, given: dict[str, Any], made: dict[type[Base], Base]
    ) -> Row:
        """Add a row and the parents that it needs; ``made`` holds those that exist already."""
        values = {"district_id": district.id, **given}
        for column in model.__table__.columns:
            if (
                column.name in values
                or column.nullable
                or column.default is not None
                or column.name in ("id", "version")
            ):
                continue
            parent = _parent_of(model, column.name)
            if parent is not None:
                if parent not in made:
                    self.build(session, parent, district, {k: v for k, v in given.items() if k == "id"}, made)
                values[column.name] = made[parent].id
            else:
                same = column.name == "program_id" and "id" in given
                values[column.name] = given["id"] if same else _plausible(column)
        if model is Attachment and "stored_name" not in given:
            # A row of it without its file is what the product never makes.
            content = b"x" * values["size_bytes"]
            values["stored_name"] = self.store.keep(io.BytesIO(content))
            values["sha256"] = hashlib.sha256(content).hexdigest()
        row = model(**values)
        session.add(row)
        session.flush()
        made[model] = row
        return row


def _line(program_id: int, year: int, payer: Payer, amount: int) -> FundingLine:
    return FundingLine(
        program_id=program_id, fiscal_year=year, payer=payer, kind=FundingKind.ORIGINAL, amount_won=amount, sample=False
    )


def mapped_models() -> list[type[Base]]:
    """Every class with a table, by name."""
    return sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__name__)


def scoped_models() -> list[type[Base]]:
    """Every class whose rows belong to a district, by name."""
    return [model for model in mapped_models() if issubclass(model, DistrictScoped)]


def references(model: type[Base]) -> list[tuple[str, type[Base]]]:
    """(column, class) of every reference to a class whose rows belong to a district."""
    found = []
    by_table = {m.__table__: m for m in scoped_models()}
    for constraint in model.__table__.foreign_key_constraints:
        target = by_table.get(constraint.referred_table)
        if target is not None:
            found.append((constraint.column_keys[-1], target))
    return sorted(found, key=lambda pair: pair[0])


def _parent_of(model: type[Base], column: str) -> type[Base] | None:
    return dict(references(model)).get(column)


def _plausible(column: Any) -> Any:  # noqa: C901 - a table of types, read from top to bottom
    kind = column.type
    number = next(_numbers)
    if isinstance(kind, WordsType):
        return Words(en=f"words {number}")
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if issubclass(kind.enum_class or str, enum.Enum) else kind.enums[0]
    if isinstance(kind, UtcDateTime | DateTime):
        return clock.now()
    if isinstance(kind, Date):
        return dt.date(2022, 3, 1)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Thousandths):
        return 1
    if isinstance(kind, BigInteger):
        return 1_000_000
    if isinstance(kind, Integer):
        if column.name == "hour":
            return 10
        unique = {c.name for u in column.table.constraints if isinstance(u, UniqueConstraint) for c in u.columns}
        if column.name == "from_year":
            return 2000 + number % 90
        return 100_000 + number if column.name in unique - {"fiscal_year"} else 2022
    if isinstance(kind, String | Text):
        return "2021-12" if column.name == "month" else f"x{number}"
    raise NotImplementedError(f"no plausible value for {column}")
