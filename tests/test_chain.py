"""The chain of the record of changes: whoever alters, removes, inserts or moves an entry is found out."""

import copy
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from databases import Database, application
from factories import Maker
from flask import Flask
from flask_migrate import upgrade
from pages import Visitor
from sqlalchemy import Connection, create_engine, delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from districtops import clock
from districtops.guard import chain
from districtops.guard.tenancy import Scope, enter
from districtops.kit.db import Base, db, sqlite_driver
from districtops.models import ChangeRecord, Department, Grant, Role

Entry = dict[str, Any]
Tamper = Callable[[list[Entry]], list[Entry]]
TABLE = Base.metadata.tables["change_record"]
OTHER_KEY = "a-key-that-some-stranger-made-up-0000001"


@contextmanager
def behind_the_applications_back(database: Database) -> Iterator[Connection]:
    """A connection of whoever holds the database itself: no triggers, no fence."""
    # Never two builds of SQLite in one process on one file: the one drops the other's locks.
    options = {"module": sqlite_driver} if database.backend == "sqlite" else {}
    engine = create_engine(database.owner or database.url, **options)
    try:
        with engine.begin() as connection:
            drop_guards(connection)
            yield connection
    finally:
        engine.dispose()


def drop_guards(connection: Connection) -> None:
    """Take the triggers of the record away."""
    if connection.dialect.name == "sqlite":
        for act in ("update", "delete"):
            connection.execute(text(f'DROP TRIGGER IF EXISTS "change_record_{act}"'))
    else:
        connection.execute(text("DROP TRIGGER IF EXISTS append_only ON change_record"))


def store(database: Database, entries: list[Entry]) -> None:
    """Put these entries into the record, instead of whatever stands there."""
    with behind_the_applications_back(database) as connection:
        connection.execute(delete(TABLE))
        if entries:
            connection.execute(insert(TABLE), entries)


def verified(app: Flask, anchors: list[chain.Head] | None = None, first: int = 1) -> tuple[int, list[chain.Problem]]:
    """What the verification says."""
    with app.app_context():
        found = chain.verify(anchors or [], first)
        db.session.remove()
        return found


def heads(app: Flask) -> list[chain.Head]:
    """Where the chains end now."""
    with app.app_context():
        return chain.heads()


@pytest.fixture
def entries(app: Flask, make: Maker, database: Database) -> Iterator[list[Entry]]:
    """The record of two districts in which things happened. Whatever a test did to it, the guards stand again."""
    project, elsewhere = make.project("Lamps", money=100), make.district("songpa")
    make.user("officer")
    officer = Visitor(app, "officer")
    for title in ("Lanterns", "Lights", "Lamp posts", "Lamps again"):
        officer.submit("new_deal.edit", {"title": title}, project_id=project.id)
    for number in range(4):
        make.department(f"Division {number}", district=elsewhere)
    with behind_the_applications_back(database) as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(TABLE).order_by(TABLE.c.chain, TABLE.c.seq))]
    yield rows
    with application(database.url, OWNER_DATABASE_URI=database.owner) as again, again.app_context():
        upgrade()


# What is tried ---------------------------------------------------------------------------------------------------


def longest(rows: list[Entry]) -> list[Entry]:
    """The entries of the longest chain, in their order."""
    chains = {row["chain"] for row in rows}
    return max(([row for row in rows if row["chain"] == number] for number in chains), key=len)


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(microseconds=1)
    if isinstance(value, dict):
        return {**value, "title_en": ["Lamps", "Something else"]}
    if isinstance(value, str):
        return value[:-1] + ("0" if value.endswith("1") else "1") if value else "1"
    return 7_000_001 if value is None else value + 7_000_000


def edit(place: int, column: str, value: Any = changed) -> Tamper:
    """One column of one entry says something else."""

    def tamper(rows: list[Entry]) -> list[Entry]:
        row = longest(rows)[place]
        row[column] = value(row[column]) if callable(value) else value
        return rows

    return tamper


def remove(place: int, *, renumber: bool = False) -> Tamper:
    """One entry is gone; with ``renumber`` those after it close the gap."""

    def tamper(rows: list[Entry]) -> list[Entry]:
        of_chain = longest(rows)
        gone = of_chain[place]
        for row in of_chain[place + 1 :] if renumber else ():
            row["seq"] -= 1
            row["prev"] = gone["prev"] if row["prev"] == gone["mac"] else row["prev"]
        return [row for row in rows if row is not gone]

    return tamper


def swap(place: int, *columns: str) -> Tamper:
    """Two neighbours change places in these columns."""

    def tamper(rows: list[Entry]) -> list[Entry]:
        of_chain = longest(rows)
        one, two = of_chain[place], of_chain[place + 1]
        for column in columns:
            one[column], two[column] = two[column], one[column]
        return rows

    return tamper


def forge(place: int, *, key: str | None) -> Tamper:
    """An entry is put in, those after it move up; with a key it is signed, and so is what follows."""

    def tamper(rows: list[Entry]) -> list[Entry]:
        of_chain = longest(rows)
        new = {**copy.deepcopy(of_chain[place]), "id": max(row["id"] for row in rows) + 1, "mac": "f" * 64}
        of_chain[place]["prev"] = new["mac"]
        for row in of_chain[place:]:
            row["seq"] += 1
        rows = [*rows, new]
        return resigned(rows, new["seq"], key) if key else rows

    return tamper


def resigned(rows: list[Entry], first: int, key: str, named: str | None = None) -> list[Entry]:
    """The longest chain from a number on, computed anew under a key, which may pass for another one."""
    prev = next((row["mac"] for row in longest(rows) if row["seq"] == first - 1), chain.FIRST)
    for row in sorted(longest(rows), key=lambda row: int(row["seq"])):
        if row["seq"] >= first:
            row.update(prev=prev, key_id=named or chain.key_id(key))
            row["mac"] = prev = chain.mac_of(key, row)
    return rows


def rewrite(first: int, key: str, named: str | None = None) -> Tamper:
    """From a number on every entry says that somebody else did it, signed under a key."""

    def tamper(rows: list[Entry]) -> list[Entry]:
        for row in longest(rows):
            row["actor_id"] = 9_999 if row["seq"] >= first else row["actor_id"]
        return resigned(rows, first, key, named)

    return tamper


def move(place: int, *, district: bool) -> Tamper:
    """The last entry of the shorter chain goes to the end of the longer one, or the other way round."""

    def tamper(rows: list[Entry]) -> list[Entry]:
        of_chain = longest(rows)
        others = [row for row in rows if row["chain"] not in (of_chain[0]["chain"], 0)]
        moved, end = (others[place], of_chain[-1])
        moved.update(chain=end["chain"], seq=end["seq"] + 1, prev=end["mac"])
        if district:
            moved["district_id"] = end["chain"]
        return rows

    return tamper


def exchange_districts(rows: list[Entry]) -> list[Entry]:
    """Two districts exchange their whole chains."""
    first = longest(rows)[0]["chain"]
    second = next(row["chain"] for row in rows if row["chain"] not in (first, 0))
    other = {first: second, second: first}
    for row in rows:
        row["chain"] = row["district_id"] = other.get(row["chain"], row["chain"])
    return [{**row, "district_id": row["district_id"] or None} for row in rows]


def tampers(rows: list[Entry], own_key: str) -> dict[str, Tamper]:
    """Every attempt, by name. Places are counted from the first and from the last entry of the longest chain."""
    places = (0, 1, 5, -2, -1)
    found: dict[str, Tamper] = {}
    for place in places:
        for column in (*chain.SIGNED, "mac", "district_id"):
            foreign = {"district_id": next(row["chain"] for row in rows if row["chain"] != longest(rows)[0]["chain"])}
            found[f"edit {column} of {place}"] = edit(place, column, foreign.get(column, changed) or None)
        for column in ("district_id", "actor_id", "address", "request_id", "program_id"):
            if longest(rows)[place][column] is not None:
                found[f"null {column} of {place}"] = edit(place, column, None)
        found[f"empty the changes of {place}"] = edit(place, "changes", {})
    for place in range(len(longest(rows)) - 1):
        found[f"delete {place}"] = remove(place)
        found[f"delete {place}, close the gap"] = remove(place, renumber=True)
        found[f"swap what {place} and its neighbour say"] = swap(place, "act", "table_name", "row_id", "changes", "at")
    for place in (0, 3, -2):
        found[f"swap {place} with its neighbour"] = swap(place, "id")
        found[f"let {place} be the latest"] = edit(place, "id")
    for place in (0, 2, -1):
        found[f"insert at {place}"] = forge(place, key=None)
        found[f"insert at {place}, signed by a stranger"] = forge(place, key=OTHER_KEY)
    for first in (1, 2, len(longest(rows))):
        found[f"rewrite from {first} under another key"] = rewrite(first, OTHER_KEY)
        found[f"rewrite from {first} under another key that passes for ours"] = rewrite(
            first, OTHER_KEY, chain.key_id(own_key)
        )
    for place in (0, -1):
        found[f"move {place} to another chain"] = move(place, district=False)
        found[f"move {place} to another district"] = move(place, district=True)
    found["exchange two districts"] = exchange_districts
    return found


def test_every_tampered_copy_is_noticed_and_the_untouched_one_passes(
    app: Flask, database: Database, entries: list[Entry]
) -> None:
    assert verified(app, heads(app)) == (len(entries), [])
    attempts = tampers(entries, app.config["AUDIT_KEYS"][-1])
    assert len(attempts) >= 100
    unnoticed = []
    for name, tamper in attempts.items():
        rows = tamper(copy.deepcopy(entries))
        assert rows != entries, f"{name} changes nothing"
        store(database, rows)
        if not verified(app)[1]:
            unnoticed.append(name)
    assert unnoticed == []
    store(database, entries)
    assert verified(app) == (len(entries), [])


def test_an_end_that_was_cut_off_shows_against_an_anchor_and_only_so(
    app: Flask, database: Database, entries: list[Entry]
) -> None:
    anchors = heads(app)
    number, end = longest(entries)[0]["chain"], len(longest(entries))
    for cut in range(1, end + 1):
        store(database, [row for row in entries if row["chain"] != number or row["seq"] <= end - cut])
        assert verified(app)[1] == []
        [problem] = verified(app, anchors)[1]
        assert (problem.chain, problem.seq) == (number, end)
        assert "cut off" in problem.words


def test_even_with_the_key_what_an_anchor_saw_cannot_be_written_anew(
    app: Flask, database: Database, entries: list[Entry]
) -> None:
    anchors, end = heads(app), len(longest(entries))
    store(database, rewrite(end, app.config["AUDIT_KEYS"][-1])(copy.deepcopy(entries)))
    assert verified(app)[1] == []
    # Anchors go on being written, and the later one knows only the forged end.
    [problem] = verified(app, [*anchors, *heads(app)])[1]
    assert (problem.seq, problem.words) == (end, "is another one than the anchor file says")


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "'rubbish'"), ("at", "12"), ("changes", "'{'"), ("changes", "'[1]'"), ("mac", "12"), ("seq", "'x'")],
)
def test_an_entry_that_cannot_be_read_is_a_finding_and_no_fault(
    lite_app: Flask, make: Maker, column: str, value: str
) -> None:
    make.department()
    make.department()
    with make.inside() as session, session.connection() as connection:
        drop_guards(connection)
        connection.execute(text(f"UPDATE change_record SET {column} = {value} WHERE chain > 0 AND seq = 1"))
        connection.commit()
    problems = verified(lite_app)[1]
    assert [problem.chain for problem in problems] == [make.home.id]


def test_entries_before_a_number_may_be_trusted(app: Flask, database: Database, entries: list[Entry]) -> None:
    number, end = longest(entries)[0]["chain"], len(longest(entries))
    store(database, edit(1, "row_id")(copy.deepcopy(entries)))
    assert [problem.seq for problem in verified(app)[1]] == [2]
    count, problems = verified(app, heads(app), first=3)
    assert problems == []
    assert 0 < count < len(entries)
    store(database, remove(3)(copy.deepcopy(entries)))
    assert [(problem.chain, problem.seq) for problem in verified(app, first=4)[1]] == [(number, 5)]
    assert verified(app, first=end + 1) == (0, [])


# Keys ------------------------------------------------------------------------------------------------------------


def test_a_new_key_signs_from_then_on_and_the_old_one_still_verifies(app: Flask, make: Maker) -> None:
    make.department()
    old = app.config["AUDIT_KEYS"]
    app.config["AUDIT_KEYS"] = (*old, OTHER_KEY)
    make.department()
    assert verified(app)[1] == []
    assert {row.key_id for row in make.everything(ChangeRecord)} == {chain.key_id(old[-1]), chain.key_id(OTHER_KEY)}
    app.config["AUDIT_KEYS"] = (OTHER_KEY,)
    problems = verified(app)[1]
    assert [problem.seq for problem in problems] == [1] * len(problems)
    assert problems
    assert all(chain.key_id(old[-1]) in problem.words for problem in problems)


# Many at once ----------------------------------------------------------------------------------------------------


def test_sixteen_writers_make_no_fork_and_no_hole_and_none_is_refused(app: Flask, make: Maker) -> None:
    home, each = make.home.id, 6
    refused: list[Exception] = []
    begin = threading.Barrier(16)

    def write(writer: int) -> None:
        begin.wait()
        for number in range(each):
            try:
                with app.app_context():
                    enter(Scope(frozenset({home}), home=home))
                    code = f"W{writer}-{number}"
                    db.session.add(Department(code=code, kind="team", name_en=code, name_ko=code, sample=False))
                    db.session.commit()
            except Exception as problem:  # noqa: BLE001 - whatever it is, it is shown below
                refused.append(problem)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    of_home = [row for row in make.everything(ChangeRecord) if row.chain == home]
    assert sorted(row.seq for row in of_home) == list(range(1, 16 * each + 1))
    assert len({row.prev for row in of_home}) == len(of_home)
    assert verified(app)[1] == []


def test_what_is_rolled_back_leaves_no_hole(app: Flask, make: Maker) -> None:
    make.department()
    with make.inside() as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            session.add(Department(code="A", kind="team", name_en="A", name_ko="가", sample=False))
            session.flush()
            raise ZeroDivisionError
        session.add(Department(code="B", kind="team", name_en="B", name_ko="나", sample=False))
        session.commit()
        session.add(Department(code="C", kind="team", name_en="C", name_ko="다", sample=False))
        session.flush()
        session.rollback()
    make.department()
    of_home = [row for row in make.everything(ChangeRecord) if row.chain == make.home.id]
    assert [row.seq for row in of_home] == [1, 2, 3]
    assert verified(app)[1] == []


# Entries that stood before there was a chain -----------------------------------------------------------------------


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without a table."""
    if request.param == "sqlite":
        return Database("sqlite", f"sqlite:///{tmp_path}/bare.sqlite3")
    server = request.getfixturevalue("postgres")
    # Has the roles made, if no test before did.
    with server.empty():
        name = f"bare_{server.worker}"
        server._make(name, "template1")
        return server._database(name)


def test_a_record_from_before_the_chain_is_chained_and_verifies(bare: Database) -> None:
    names = ("district_id", "at", "act", "table_name", "row_id", "actor_id", "request_id", "program_id", "changes")
    district = sa.table("district", *map(sa.column, ("id", "code", "slug", "name_en", "name_ko")))
    record = sa.table("change_record", *(sa.column(name, TABLE.c[name].type) for name in names))
    moment = dt.datetime(2022, 1, 25, 9, 0, 0, 123456, tzinfo=clock.KOREA)
    places = [1, None, 2, 1, 1, 2, None]
    with application(bare.url, OWNER_DATABASE_URI=bare.owner) as app, app.app_context():
        upgrade(revision="0001")
        with behind_the_applications_back(bare) as connection:
            names_of = [{"id": n, "code": str(n), "slug": f"d{n}", "name_en": "D", "name_ko": "구"} for n in (1, 2)]
            connection.execute(insert(district), names_of)
            for number, place in enumerate(places):
                entry = {"district_id": place, "at": moment + dt.timedelta(seconds=number), "act": "changed"}
                entry |= {"table_name": "program", "row_id": number, "actor_id": None, "request_id": None}
                changes = {"title_ko": ["등불", "가로등"], "sample": [None, False]}
                connection.execute(insert(record).values(**entry, program_id=number, changes=changes))
        for revision in ("0002", "0003", "head"):
            upgrade(revision=revision)
    with application(bare.url) as app:
        assert [(head.chain, head.seq) for head in heads(app)] == [(0, 2), (1, 3), (2, 2)]
        make = Maker(app)
        with app.app_context():
            enter(Scope(frozenset({1}), home=1))
            db.session.add(Department(code="A", kind="team", name_en="A", name_ko="가", sample=False))
            db.session.commit()
        assert len(make.everything(ChangeRecord)) == len(places) + 1
        assert verified(app) == (len(places) + 1, [])


def test_the_role_column_takes_the_auditor_and_nothing_unknown(app: Flask, make: Maker, database: Database) -> None:
    user = make.user("auditor", Role.AUDITOR)
    assert [grant.role for grant in make.everything(Grant, user_id=user.id)] == [Role.AUDITOR]
    with pytest.raises(DBAPIError, match="ck_role_grant_role"), behind_the_applications_back(database) as connection:
        connection.execute(text("UPDATE role_grant SET role = 'emperor'"))


# Commands --------------------------------------------------------------------------------------------------------


def test_the_commands_verify_and_write_down_where_the_record_ends(
    app: Flask, database: Database, entries: list[Entry], tmp_path: Any
) -> None:
    run = app.test_cli_runner().invoke
    file = tmp_path / "heads"
    printed = run(args=["audit", "head"])
    assert chain.read_anchors(printed.output.splitlines()) == heads(app)
    for times in (1, 2):
        assert run(args=["audit", "head", "--to", str(file)]).exit_code == 0
        assert chain.read_anchors(file.read_text().splitlines()) == heads(app) * times
    good = run(args=["audit", "verify", "--anchor", str(file)])
    assert (good.exit_code, f"{len(entries)} entries looked at" in good.output) == (0, True)
    store(database, edit(2, "row_id")(copy.deepcopy(entries)))
    bad = run(args=["audit", "verify"])
    assert bad.exit_code == 1
    assert "Mapo-gu: entry 3 is not what was written" in bad.output
    assert run(args=["audit", "verify", "--from", "4"]).exit_code == 0


def test_an_empty_record_verifies_and_a_bad_anchor_file_is_told_in_one_line(lite_app: Flask, tmp_path: Any) -> None:
    run = lite_app.test_cli_runner().invoke
    assert run(args=["audit", "verify"]).exit_code == 0
    assert run(args=["audit", "head"]).output == ""
    good = chain.Head(1, 1, "a" * 64, dt.datetime(2022, 3, 1, tzinfo=dt.UTC))
    for number, lines in enumerate((b"rubbish\n", b"1 2 3\n", b"\xff\xfe\x00", f"{good}\n1 x".encode())):
        file = tmp_path / str(number)
        file.write_bytes(lines)
        answer = run(args=["audit", "verify", "--anchor", str(file)])
        assert (answer.exit_code, "Traceback" in answer.output) == (2, False), lines
        assert "--anchor" in answer.output
    assert run(args=["audit", "verify", "--anchor", str(tmp_path / "none")]).exit_code == 2
    assert run(args=["audit", "head", "--to", str(tmp_path / "no" / "folder")]).exit_code == 1
    assert run(args=["audit", "verify", "--from", "0"]).exit_code == 2


def test_a_line_that_was_cut_off_does_not_swallow_the_next_one(lite_app: Flask, make: Maker, tmp_path: Any) -> None:
    make.department()
    file = tmp_path / "heads"
    file.write_text("# by hand")
    lite_app.test_cli_runner().invoke(args=["audit", "head", "--to", str(file)])
    assert chain.read_anchors(file.read_text().splitlines()) == heads(lite_app)


def test_a_head_is_written_and_read_back() -> None:
    head = chain.Head(3, 14, "ab" * 32, dt.datetime(2022, 3, 15, 1, 2, 3, 4, tzinfo=dt.UTC))
    assert chain.read_anchors(["# heads", "", str(head)]) == [head]


def test_an_anchor_file_that_holds_no_head_proves_nothing(lite_app: Flask, make: Maker, tmp_path: Path) -> None:
    make.project()
    empty = tmp_path / "heads"
    empty.write_text("# emptied\n")
    result = lite_app.test_cli_runner().invoke(args=["audit", "verify", "--anchor", str(empty)])
    assert (result.exit_code, "holds no head" in result.output) == (2, True)
