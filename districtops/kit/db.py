"""The database as the product uses it: one base class, the column types, SQLite made safe. Knows no table."""

import datetime as dt
import enum
import sqlite3
import threading
from contextvars import ContextVar
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy
from flask import abort
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Enum, Integer, MetaData, Select, event, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.types import TypeDecorator

from districtops.kit.text import Words, WordsType

try:
    from pysqlite3 import dbapi2 as bundled_sqlite
except ImportError:  # a platform without the wheel: its own SQLite, if it is new enough
    bundled_sqlite = sqlite3

sqlite_driver = bundled_sqlite

OLDEST_SQLITE = (3, 51, 3)
"""Before this release two connections could corrupt a database in WAL mode (the WAL-reset bug of March 2026)."""

writing: ContextVar[bool] = ContextVar("writing", default=True)
"""Whether the transaction that begins next may write. SQLite then takes its writer's place at once: a transaction
that reads first and writes later fails with "database is locked", whatever the timeout."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment. Goes in aware, comes out aware in UTC; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Thousandths(TypeDecorator[Decimal]):
    """An exact number with up to three decimals, kept as a whole number of thousandths (SQLite has no decimals)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(Decimal(value) * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 1000


WonInt = Annotated[int, "won"]
"""An amount of money: a whole number of won, never a float. Unknown is None, never 0."""


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


def kept_as(members: type[enum.Enum], name: str | None = None) -> Enum:
    """The type of an enumeration's column: its English values under a named CHECK, which a bare SQL client can read.

    ``name`` is needed where one table has two columns of the same enumeration.
    """
    return Enum(members, native_enum=False, create_constraint=True, length=32, values_callable=_values, name=name)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        dt.datetime: UtcDateTime,
        Decimal: Thousandths,
        WonInt: BigInteger,
        Words: WordsType,
        enum.Enum: kept_as(enum.Enum),
    }

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-100)


class Versioned:
    """For rows that people edit: a save made from an older version is refused, never merged in silence."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, sort_order=100, info={"silent": True})

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

Row = TypeVar("Row", bound=Base)

AnySelect = Select[*tuple[Any, ...]]
"""A select of any columns."""

AnyRow = sqlalchemy.Row[*tuple[Any, ...]]
"""A row of any columns."""


def labelled(label: str, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """A column with its name in the office's words, which forms, lists and the change history share."""
    info = {"label": label, **kwargs.pop("info", {})}
    return mapped_column(*args, info=info, **kwargs)


def only_where(condition: str) -> dict[str, Any]:
    """The keywords of an index over the rows that meet a condition, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def fetch_or_404(model: type[Row], row_id: int) -> Row:
    """The row, or an ordinary 404 where it does not exist for this reader.

    Always asks the database: ``Session.get`` would hand out a row that is already in memory without any filter. In a
    request that may write, the row is locked, so that a version is compared with what nobody else can change meanwhile;
    one that is never changed needs no lock.
    """
    statement = select(model).where(model.id == row_id)
    if writing.get() and not getattr(model, "__append_only__", False):
        statement = statement.with_for_update(of=model)
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        abort(404)
    return row


def gather_statistics() -> None:
    """Let the database count what it plans by. PostgreSQL does so by itself; SQLite only when told, and a look at what
    has grown costs it little."""
    with db.engine.begin() as connection:
        if is_sqlite(connection):
            connection.exec_driver_sql("PRAGMA optimize=0x10002")


def is_sqlite(connection: Connection) -> bool:
    """Whether this connection speaks to SQLite."""
    return connection.dialect.name == "sqlite"


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite_driver.Connection | sqlite3.Connection):
        return
    # SQLAlchemy's begin event below opens every transaction; the driver must not open its own.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


_turns: WeakKeyDictionary[Pool, threading.Lock] = WeakKeyDictionary()
"""One for each SQLite database that this process has open: who holds it may ask for the writer's place."""
TURN = "districtops.turn"
LONGEST_WAIT = 10
"""Seconds; the same as SQLite's own wait, which follows where another process writes."""


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if not is_sqlite(connection):
        return
    if writing.get():
        # SQLite lets whoever waits look again now and then, and so the unlucky wait until they are refused. Threads
        # that queue here are woken in their turn.
        turn = _turns.setdefault(connection.engine.pool, threading.Lock())
        if turn.acquire(timeout=LONGEST_WAIT):
            connection.info[TURN] = turn
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _end_turn(info: dict[Any, Any]) -> None:
    turn = info.pop(TURN, None)
    if turn is not None:
        turn.release()


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _after_the_turn(connection: Connection) -> None:
    _end_turn(connection.info)


@event.listens_for(Engine, "checkin")
def _after_all(_connection: Any, entry: ConnectionPoolEntry) -> None:
    # Whatever became of the transaction: a turn that nobody gives back would stop all who write.
    _end_turn(entry.info)
