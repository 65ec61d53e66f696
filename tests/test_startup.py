"""What the application refuses to start with, how it opens its database, and what it does when that is busy."""

import logging
import threading

import pytest
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from districtops import create_app, factory
from districtops.guard import access
from districtops.kit import db as kit_db
from districtops.kit.db import db, sqlite_driver
from districtops.models import Note

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,
    "trusted_schema": 0,
}


def test_a_view_that_nobody_marked_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = access.refuse_unmarked_views

    def with_another(app: Flask) -> None:
        app.add_url_rule("/forgotten", "forgotten", lambda: "forgotten")
        genuine(app)

    monkeypatch.setattr(access, "refuse_unmarked_views", with_another)
    with pytest.raises(RuntimeError, match="forgotten"):
        create_app(SQLALCHEMY_DATABASE_URI="sqlite://")


def test_a_sqlite_that_can_corrupt_its_database_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    version = sqlite_driver.sqlite_version_info
    assert version >= (3, 51, 3)
    monkeypatch.setattr(factory, "OLDEST_SQLITE", (*version[:2], version[2] + 1))
    with pytest.raises(RuntimeError, match="pysqlite3"):
        create_app(SQLALCHEMY_DATABASE_URI="sqlite://")
    create_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg://nobody@localhost/nothing")


def test_the_oldest_sqlite_is_the_first_without_the_defect() -> None:
    assert kit_db.OLDEST_SQLITE >= (3, 51, 3)


def test_every_connection_to_sqlite_is_durable_strict_and_forgets_what_is_deleted(lite_app: Flask) -> None:
    with lite_app.app_context():
        db.engine.dispose()
        connections = [db.engine.raw_connection() for _ in range(6)]
        for connection in connections:
            found = {name: connection.cursor().execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
            assert found == PRAGMAS
        for connection in connections:
            connection.close()


def test_a_request_that_may_write_takes_the_writers_place_before_it_reads(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    kim = Visitor(lite_app, "kim")
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        kim.ask("/account")
        assert begun == ["BEGIN"]
        begun.clear()
        kim.ask("/account", "POST", data={})
        assert begun[0] == "BEGIN IMMEDIATE"
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_whoever_waits_to_write_comes_in_turn_and_every_turn_ends(lite_app: Flask) -> None:
    with lite_app.app_context():
        engine = db.engine

        def turn() -> threading.Lock:
            return kit_db._turns[engine.pool]

        with engine.connect() as first:
            first.begin()
            assert turn().locked()
            waiting = threading.Thread(target=lambda: engine.connect().begin().rollback())
            waiting.start()
            waiting.join(0.05)
            assert waiting.is_alive(), "it waits for its turn"
            first.rollback()
            waiting.join(kit_db.LONGEST_WAIT)
            assert not waiting.is_alive()
        for ending in ("commit", "rollback"):
            with engine.connect() as connection:
                getattr(connection.begin(), ending)()
                assert not turn().locked(), ending
        with engine.connect() as connection:
            connection.begin()
        assert not turn().locked(), "left without an end"
        lost = engine.raw_connection()
        lost.info[kit_db.TURN] = turn()
        turn().acquire()
        lost.close()
        assert not turn().locked(), "given back to the pool by nobody who knew of it"
        with engine.connect() as reading:
            token = kit_db.writing.set(False)
            reading.begin()
            kit_db.writing.reset(token)
            assert not turn().locked(), "whoever reads waits for nobody"


# A busy database -----------------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(lite_app: Flask) -> Flask:
    """The application, which waits for the writer's place a hundredth of a second and not ten."""

    @event.listens_for(Engine, "connect")
    def hurry(connection: object, _entry: object) -> None:
        connection.execute("PRAGMA busy_timeout=10")  # type: ignore[attr-defined]

    yield lite_app
    event.remove(Engine, "connect", hurry)


def test_a_busy_database_answers_503_and_says_when_to_come_back(impatient: Flask, make: Maker) -> None:
    project = make.project()
    make.user("kim")
    kim = Visitor(impatient, "kim")
    form = kim.open("new_deal.add_note", project_id=project.id).form()
    sent = {**form.fields.to_dict(), "text": "Kept waiting"}
    with impatient.app_context():
        db.engine.dispose()
    other = sqlite_driver.connect(impatient.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = kim.ask(form.action, "POST", data=sent)
    finally:
        other.rollback()
        other.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Nothing was saved" in answer.get_data(as_text=True)
    assert make.everything(Note) == []
    assert kim.ask(form.action, "POST", data=sent).status_code == 303


def test_a_database_that_is_busy_at_the_commit_answers_503_and_keeps_nothing(app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("kim")
    kim = Visitor(app, "kim")
    form = kim.open("new_deal.add_note", project_id=project.id).form()
    sent = {**form.fields.to_dict(), "text": "Kept waiting"}

    def busy(_connection: object) -> None:
        event.remove(Engine, "commit", busy)
        raise OperationalError("COMMIT", {}, sqlite_driver.OperationalError("database is locked"))

    event.listen(Engine, "commit", busy)
    answer = kim.ask(form.action, "POST", data=sent)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert make.everything(Note) == []
    assert kim.ask(form.action, "POST", data=sent).status_code == 303


def test_a_fault_of_the_database_that_is_not_haste_is_an_incident(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    kim = Visitor(lite_app, "kim")

    def gone(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM new_deal" in statement:
            raise OperationalError(statement, {}, sqlite_driver.OperationalError("disk I/O error"))

    event.listen(Engine, "before_cursor_execute", gone)
    try:
        answer = kim.client.get("/new-deal/projects")
    finally:
        event.remove(Engine, "before_cursor_execute", gone)
    assert answer.status_code == 500
    assert "disk I/O" not in answer.get_data(as_text=True)


# Log lines -----------------------------------------------------------------------------------------------------------

LINE = "\r\n2022-01-25 ERROR forged \u2028 2022-01-25 ERROR forged"


def test_what_somebody_typed_begins_no_line_of_the_log(
    app: Flask, make: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    project = make.project(f"Lamps {LINE}")
    make.user("kim")
    kim = Visitor(app, "kim")
    form = kim.open("new_deal.add_note", project_id=project.id).form()
    sent = {**form.fields.to_dict(), "text": f"words {LINE}"}

    def burst(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO note"):
            raise OSError("the disk is full")

    event.listen(Engine, "before_cursor_execute", burst)
    try:
        with caplog.at_level(logging.DEBUG):
            address = form.action + "?year=" + LINE.replace("\r\n", "%0d%0a")
            answer = kim.client.post(address, data=sent, headers={"User-Agent": "x\u00a0forged"})
    finally:
        event.remove(Engine, "before_cursor_execute", burst)
    assert answer.status_code == 500
    assert "incident" in caplog.text
    assert "forged" not in caplog.text
    assert all("\n" not in record.getMessage() for record in caplog.records)
