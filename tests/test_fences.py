"""The second fence: what the database itself refuses, when the first one, in the session, is taken away."""

from collections.abc import Iterator
from typing import Any

import pytest
from databases import Database
from factories import Maker, mapped_models, scoped_models
from flask import Flask
from sqlalchemy import delete, event, func, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from test_tenancy import FOREIGN, OWN, READINGS

from districtops.guard.tenancy import Scope, enter, limit_to_scope, raise_fence
from districtops.kit.db import db

MODELS = scoped_models()
APPEND_ONLY = [model for model in mapped_models() if getattr(model, "__append_only__", False)]
each_class = pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])


@pytest.fixture
def only_postgres(database: Database) -> None:
    """Row-level security is PostgreSQL's; on SQLite there is nothing to test."""
    if database.backend == "sqlite":
        pytest.skip("SQLite has no row-level security")


@pytest.fixture
def both(make: Maker) -> Maker:
    """A row of every class in two districts: 500 at home, 7000 elsewhere."""
    make.one_of_each(make.home, OWN)
    make.one_of_each(make.district("songpa"), FOREIGN)
    return make


@pytest.fixture
def unfiltered() -> Iterator[None]:
    """The session's own filter is switched off."""
    event.remove(db.session, "do_orm_execute", limit_to_scope)
    yield
    event.listen(db.session, "do_orm_execute", limit_to_scope)


@each_class
def test_without_the_sessions_filter_the_database_lets_no_foreign_row_through(
    only_postgres: None, app: Flask, both: Maker, unfiltered: None, model: Any
) -> None:
    for name, reading in READINGS.items():
        with both.inside() as session:
            assert reading(session, model) <= {OWN}, name
    with both.inside() as session:
        # Past the session's events, in the transaction that it began.
        session.execute(select(model.id)).all()
        connection = session.connection()
        assert FOREIGN not in connection.execute(select(model.__table__.c.id)).scalars().all()
        assert FOREIGN not in connection.execute(text(f'SELECT id FROM "{model.__tablename__}"')).scalars().all()


@each_class
def test_without_the_sessions_filter_the_database_writes_no_foreign_row(
    only_postgres: None, app: Flask, both: Maker, unfiltered: None, model: Any
) -> None:
    table = model.__table__
    column = next(c for c in inspect(model).column_attrs if c.key not in ("id", "district_id", "version"))
    with both.inside() as session:
        own = session.execute(select(table).where(table.c.id == OWN)).one()
        raise_fence(session, str(both.home.id))
        for statement in (
            update(table).where(table.c.id == FOREIGN).values({column.key: own._mapping[column.key]}),
            delete(table).where(table.c.id == FOREIGN),
            insert(table).values({**own._mapping, "id": FOREIGN + 1, "district_id": both.district("songpa").id}),
        ):
            assert _refused(session, statement), statement


def _refused(session: Session, statement: Any) -> bool:
    try:
        with session.begin_nested():
            return session.connection().execute(statement).rowcount == 0
    except DBAPIError as problem:
        return "row-level security" in str(problem) or "permission denied" in str(problem)


@each_class
def test_a_transaction_that_was_let_into_no_district_sees_nothing(
    only_postgres: None, app: Flask, both: Maker, model: Any
) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(model.__table__)).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM district")).scalar_one() == 2


def test_what_a_transaction_was_let_into_ends_with_it(only_postgres: None, app: Flask, both: Maker) -> None:
    with both.inside() as session:
        assert session.execute(text("SELECT count(*) FROM program")).scalar_one() == 1
        session.commit()
        connection = session.connection()
        assert connection.execute(text("SELECT count(*) FROM program")).scalar_one() == 0


def test_a_savepoint_that_is_rolled_back_does_not_widen_or_lose_the_fence(
    only_postgres: None, app: Flask, both: Maker
) -> None:
    home, elsewhere = both.home.id, both.district("songpa").id
    with both.inside() as session:
        with session.begin_nested() as savepoint:
            enter(Scope(frozenset({elsewhere})))
            assert session.execute(text("SELECT id FROM program")).scalars().all() == [FOREIGN]
            savepoint.rollback()
        enter(Scope(frozenset({home}), home=home))
        assert session.execute(text("SELECT id FROM program")).scalars().all() == [OWN]


def test_every_table_of_a_district_has_the_fence(only_postgres: None, app: Flask, database: Database) -> None:
    with app.app_context(), db.engine.connect() as connection:
        fenced = connection.execute(
            text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity")
        ).scalars()
        assert set(fenced) == {model.__tablename__ for model in MODELS}


def test_the_applications_role_owns_nothing_and_can_go_past_nothing(only_postgres: None, app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        role = connection.execute(
            text("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        ).scalar_one()
        owned = text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert (role, connection.execute(owned).scalar_one()) == (False, 0)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=[model.__name__ for model in APPEND_ONLY])
def test_the_database_itself_keeps_rows_that_are_only_added(app: Flask, make: Maker, model: Any) -> None:
    make.one_of_each(make.home, OWN)
    table = model.__table__
    with make.inside() as session:
        session.execute(select(model.id)).all()
        for statement in (update(table).values(id=OWN + 1).where(table.c.id == OWN), delete(table)):
            with pytest.raises(DBAPIError, match=r"only added|permission denied"), session.begin_nested():
                session.connection().execute(statement)
    assert OWN in {row.id for row in make.everything(model)}
