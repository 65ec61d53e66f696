"""The ground every test stands on: a database in a clean state, an application on it, and no trace afterwards.

Tests that touch the database run twice, on SQLite and on a real PostgreSQL that comes from a wheel. No fixture holds
an application context open while a client asks for a page: the two would share ``g``, and with it the visitor.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from databases import TODAY, Database, Postgres, Sqlite, Unavailable, application
from factories import Maker
from flask import Flask
from pages import Visitor

from districtops.guard import passwords

for name in [name for name in os.environ if name.startswith("DISTRICTOPS_")]:
    del os.environ[name]
# Else the application would make a key of its own in the checkout.
os.environ["DISTRICTOPS_SECRET_KEY"] = "a key that only the tests know, 32 or more letters"
os.environ["DISTRICTOPS_AUDIT_KEYS"] = "another-key-that-only-the-tests-know-0001"

REAL_HASHER = passwords._hasher
# A sign-in costs 70 ms on purpose. Tests sign in hundreds of times; one of them checks the real figures.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
passwords._NOBODY = passwords._hasher.hash("nobody")


@pytest.fixture(scope="session")
def real_hasher() -> PasswordHasher:
    """The hasher that the product uses, which the tests replace by a fast one."""
    return REAL_HASHER


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """A folder of this worker under /tmp."""
    folder = Path(tempfile.mkdtemp(prefix="districtops-tests-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite(run_folder: Path) -> Sqlite:
    """Templates of SQLite files, made when first asked for."""
    return Sqlite(run_folder)


@pytest.fixture(scope="session")
def postgres(worker_id: str, testrun_uid: str) -> Iterator[Postgres]:
    """The PostgreSQL server of this run, shared by the workers. Tests are skipped only where it cannot start."""
    try:
        server = Postgres(testrun_uid, worker_id)
    except Unavailable as problem:
        pytest.skip(f"PostgreSQL cannot start here: {problem}")
    yield server
    server.stop()


BACKENDS = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with all tables, on each backend in turn."""
    backend = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres")
    with backend.empty() as found:
        yield found


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    """The application on an empty database; today is Tuesday 15 March 2022."""
    with application(database.url, TODAY=TODAY) as made:
        yield made


@pytest.fixture
def lite_app(sqlite: Sqlite) -> Iterator[Flask]:
    """The application on an empty SQLite database, for what the database has no part in."""
    with sqlite.empty() as found, application(found.url, TODAY=TODAY) as made:
        yield made


@pytest.fixture
def demo_app(sqlite: Sqlite) -> Iterator[Flask]:
    """The application with the demonstration, as of 25 January 2022."""
    with sqlite.demonstration() as found, application(found.url) as made:
        yield made


@pytest.fixture(params=BACKENDS)
def demo_on_both(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The demonstration on each backend in turn, for what the database computes."""
    backend = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres")
    with backend.demonstration() as found, application(found.url) as made:
        yield made


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Maker:
    """Makes rows in the database of this test's application."""
    names = [name for name in ("app", "lite_app", "demo_app", "demo_on_both") if name in request.fixturenames]
    return Maker(request.getfixturevalue(names[0] if names else "app"))


@pytest.fixture
def visit(make: Maker) -> "type[Visitor]":
    """``visit("name.of.somebody")`` signs in; ``visit()`` is nobody."""
    return lambda username=None, **more: Visitor(make.app, username, **more)  # type: ignore[return-value]
