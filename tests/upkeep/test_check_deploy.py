"""The check of a deployment: each finding comes with its cause and goes when the cause is mended."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from databases import Postgres, Sqlite, application
from factories import Maker
from flask import Flask
from installations import installed, run
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from districtops import cli, clock
from districtops.guard import passwords
from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db, sqlite_driver
from districtops.models import DrillOutcome, Installation, RestoreDrill, User
from districtops.upkeep import backup as backups
from districtops.upkeep import checks
from districtops.upkeep import facts as looking
from districtops.upkeep import findings as kinds
from districtops.upkeep.facts import Access, Facts, OfficeFacts, PostgresFacts, SqliteFacts
from districtops.upkeep.findings import KINDS, Finding, Kind, Level

NOW = dt.datetime(2022, 3, 15, 3, 0, tzinfo=dt.UTC)
HOME = Path("/srv/districtops")


def days_ago(days: int) -> dt.datetime:
    """A moment some days before NOW."""
    return NOW - dt.timedelta(days=days)


WELL = Facts(
    debug=False,
    secret="4f9c1b7e2a8d3065c1e97ab2f4d8860b",
    keys=(Access(HOME / "secret_key", 0o600),),
    hosts=True,
    proxies=1,
    pinned_day=None,
    places=(Access(HOME, 0o700), Access(HOME / "districtops.sqlite3", 0o644)),
    schema="0002",
    head="0002",
    known=frozenset({"0001", "0002"}),
    free=20 << 30,
    total=100 << 30,
    backup_at=days_ago(1),
    backup_folder=HOME / "backups",
    sqlite=SqliteFacts(
        version=(3, 53, 4),
        pragmas=dict(checks.PRAGMAS),
        path=HOME / "districtops.sqlite3",
        file_system="ext4",
        damage="",
    ),
    office=OfficeFacts(demonstration=False, administrators=1, drill_at=days_ago(10)),
)
"""An installation of which nothing is wrong."""

POSTGRES = PostgresFacts(role="districtops", superuser=False, bypasses_rls=False, encoding="UTF8", owned=0)


def lite(**other: Any) -> Facts:
    """WELL with another SQLite."""
    assert WELL.sqlite is not None
    return replace(WELL, sqlite=replace(WELL.sqlite, **other))


def office(**other: Any) -> Facts:
    """WELL with other rows."""
    assert WELL.office is not None
    return replace(WELL, office=replace(WELL.office, **other))


def server(**other: Any) -> Facts:
    """WELL on a PostgreSQL."""
    return replace(WELL, sqlite=None, postgres=replace(POSTGRES, **other))


def opened(folder: int, file: int) -> Facts:
    """WELL with other permission bits of the folder and of the database."""
    return replace(WELL, places=(Access(HOME, folder), Access(HOME / "districtops.sqlite3", file)))


CAUSES: dict[str, tuple[Kind, Facts]] = {
    "debugging is on": (kinds.DEBUG, replace(WELL, debug=True)),
    "the key is short": (kinds.WEAK_SECRET, replace(WELL, secret="short")),
    "the key is empty": (kinds.WEAK_SECRET, replace(WELL, secret="")),
    "the key repeats itself": (kinds.WEAK_SECRET, replace(WELL, secret="ab" * 40)),
    "the key was meant to be replaced": (kinds.WEAK_SECRET, replace(WELL, secret="change-me-" + WELL.secret)),
    "the group may read a key": (kinds.OPEN_KEY, replace(WELL, keys=(Access(HOME / "secret_key", 0o640),))),
    "everybody may read a key": (kinds.OPEN_KEY, replace(WELL, keys=(Access(HOME / "secret_key", 0o604),))),
    "no names are set": (kinds.NO_HOSTS, replace(WELL, hosts=False)),
    "no proxy stands in front": (kinds.NO_HTTPS, replace(WELL, proxies=0)),
    "an office shows another day": (kinds.PINNED_DAY, replace(WELL, pinned_day=dt.date(2022, 1, 25))),
    "sqlite is old": (kinds.OLD_SQLITE, lite(version=(3, 51, 2))),
    "sqlite may lose what was acknowledged": (kinds.PRAGMA, lite(pragmas={**checks.PRAGMAS, "synchronous": "1"})),
    "sqlite has no log": (kinds.PRAGMA, lite(pragmas={**checks.PRAGMAS, "journal_mode": "delete"})),
    "sqlite lets rows point nowhere": (kinds.PRAGMA, lite(pragmas={**checks.PRAGMAS, "foreign_keys": "0"})),
    "the database lies on nfs": (kinds.NETWORK_SHARE, lite(file_system="nfs4")),
    "the database lies on a windows share": (kinds.NETWORK_SHARE, lite(file_system="cifs")),
    "the database lies on sshfs": (kinds.NETWORK_SHARE, lite(file_system="fuse.sshfs")),
    "others may write the folder": (kinds.OTHERS_WRITE, opened(0o777, 0o600)),
    "others may write the database": (kinds.OTHERS_WRITE, opened(0o755, 0o606)),
    "others may read the database": (kinds.OTHERS_READ, opened(0o755, 0o644)),
    "the database is damaged": (kinds.DAMAGED, lite(damage="row 3 missing from index")),
    "two servers share the database": (kinds.SHARED_FILE, lite(others=(10, 11))),
    "the tables are old": (kinds.OLD_SCHEMA, replace(WELL, schema="0001")),
    "the tables are newer": (kinds.NEWER_SCHEMA, replace(WELL, schema="0003")),
    "there are no tables": (kinds.NOT_SET_UP, replace(WELL, schema="", office=None)),
    "it is the demonstration": (kinds.DEMONSTRATION, office(demonstration=True)),
    "an administrator has the known password": (kinds.DEMONSTRATION_PASSWORD, office(known_passwords=("admin",))),
    "nobody administers": (kinds.NO_ADMINISTRATOR, office(administrators=0)),
    "the role is a superuser": (kinds.SUPERUSER, server(superuser=True)),
    "the role goes past row security": (kinds.SUPERUSER, server(bypasses_rls=True)),
    "the database is not utf-8": (kinds.NOT_UTF8, server(encoding="SQL_ASCII")),
    "the role owns its tables": (kinds.OWNS_TABLES, server(owned=3)),
    "little is free": (kinds.DISK_FULL, replace(WELL, free=1 << 29, total=1 << 30)),
    "a small share is free": (kinds.DISK_FULL, replace(WELL, free=4 << 30)),
    "there is no backup": (kinds.NO_BACKUP, replace(WELL, backup_at=None)),
    "the backup is old": (kinds.OLD_BACKUP, replace(WELL, backup_at=days_ago(3))),
    "the backup lies beside the data": (kinds.BACKUP_BESIDE, replace(WELL, backup_beside=True)),
    "no drill was made": (kinds.NO_DRILL, office(drill_at=None)),
    "the drill failed": (kinds.FAILED_DRILL, office(drill_ok=False, drill_words="a file is missing")),
    "the drill is old": (kinds.OLD_DRILL, office(drill_at=days_ago(91))),
    "the database cannot be looked at": (kinds.UNCHECKED, replace(WELL, unseen=("The database is locked.",))),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_finding_comes_when(cause: str) -> None:
    kind, facts = CAUSES[cause]
    assert [finding.kind for finding in checks.judged(facts, NOW)] == [kind]


def test_nothing_is_found_where_all_is_well() -> None:
    assert checks.judged(WELL, NOW) == []
    assert checks.judged(server(), NOW) == []
    assert checks.judged(office(demonstration=True), NOW)[0].kind.level is Level.WARNING
    assert checks.judged(opened(0o755, 0o600), NOW) == []
    assert checks.judged(opened(0o700, 0o666), NOW) == [], "nobody else can get there"


def test_every_finding_has_a_cause_in_these_tests_a_number_and_words() -> None:
    assert {kind.number for kind, _ in CAUSES.values()} == {kind.number for kind in KINDS}
    assert len({kind.number for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert re.fullmatch(r"DO\d{3}", kind.number)
        assert kind.why.endswith(".")
        assert len(kind.do) > 10
        assert not kind.stops or kind.level is Level.ERROR
        assert Finding(kind, "What.").explained.count("\n") == 2
    assert [kind.number for kind in KINDS] == sorted(kind.number for kind in KINDS)


def test_what_would_lose_or_leak_data_stops_the_server() -> None:
    stopping = {kind.number for kind in KINDS if kind.stops}
    wanted = (kinds.DEBUG, kinds.WEAK_SECRET, kinds.OPEN_KEY, kinds.OLD_SQLITE, kinds.PRAGMA, kinds.NETWORK_SHARE)
    assert stopping == {k.number for k in (*wanted, kinds.DAMAGED, kinds.NEWER_SCHEMA, kinds.SUPERUSER)}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/data/x.sqlite3", "ext4"),
        ("/srv/share/a/x.sqlite3", "nfs4"),
        ("/srv/my docs/x", "cifs"),
        ("/x", "overlay"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_nearest_mount(path: str, kind: str, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "overlay / overlay rw 0 0\n/dev/sda1 /srv ext4 rw 0 0\nnas:/x /srv/share nfs4 rw 0 0\n"
        "//nas/y /srv/my\\040docs cifs rw 0 0\n"
    )
    assert looking.file_system(Path(path), mounts) == kind
    assert looking.file_system(Path(path), tmp_path / "none") == ""


# Looking at a real installation ------------------------------------------------------------------------------------


@pytest.fixture
def own(office: Flask, place: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An office's own installation of which nothing is wrong."""
    place.chmod(0o700)
    # The test's folder is all on one disk.
    monkeypatch.setattr(looking, "same_disk", lambda *_places: False)
    monkeypatch.setattr(office, "instance_path", str(place))
    (place / "secret_key").write_text("x")
    (place / "secret_key").chmod(0o600)
    office.config.update(TRUSTED_HOSTS=["districtops.example"], PROXIES=1, TODAY_SETTING=None)
    with office.app_context():
        enter(NOBODY)
        found = db.session.execute(select(Installation)).scalar_one()
        found.demonstration, found.as_of = False, None
        db.session.commit()
    for user in Maker(office).everything(User):
        change(office, f"UPDATE user_account SET password_hash = 'none' WHERE id = {user.id}")
    run(office, "backup")
    run(office, "restore-drill")
    return office


def change(app: Flask, *statements: str) -> None:
    """Change a database behind the product's back."""
    connection = sqlite_driver.connect(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def found_in(app: Flask) -> list[Kind]:
    """What is wrong with an installation."""
    with app.app_context():
        return [finding.kind for finding in checks.judged(looking.gather(app, thoroughly=True), clock.now())]


def newest(app: Flask) -> Path:
    """The only backup of an installation."""
    [path] = backups.backup_folder(app).iterdir()
    return path


def known_password(app: Flask) -> None:
    """Give an administrator the demonstration's password."""
    connection = sqlite_driver.connect(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database, isolation_level=None)
    kept = passwords.hashed(passwords.DEMONSTRATION)
    connection.execute("UPDATE user_account SET password_hash = ? WHERE username = 'admin.mapo'", (kept,))
    connection.close()


def drilled(app: Flask, outcome: DrillOutcome, at: dt.datetime) -> None:
    """Record a drill."""
    with app.app_context():
        enter(NOBODY)
        db.session.add(RestoreDrill(at=at, backup="x", outcome=outcome, words="words"))
        db.session.commit()


def undrilled(app: Flask) -> None:
    """Forget all drills."""
    change(app, "DELETE FROM restore_drill")


def broken(app: Flask) -> None:
    """Break the database in its middle."""
    with app.app_context():
        db.engine.dispose()
    path = Path(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or "")
    data = bytearray(path.read_bytes())
    data[20 * 4096 : 22 * 4096] = b"\xff" * 8192
    path.write_bytes(data)


REAL: dict[str, tuple[Kind, Callable[[Flask], object]]] = {
    "the key is short": (kinds.WEAK_SECRET, lambda app: app.config.update(SECRET_KEY="short")),
    "a key is open": (kinds.OPEN_KEY, lambda app: Path(app.instance_path, "secret_key").chmod(0o644)),
    "another key is open": (kinds.OPEN_KEY, lambda app: Path(app.instance_path, "audit_keys").touch(0o644)),
    "no names are set": (kinds.NO_HOSTS, lambda app: app.config.update(TRUSTED_HOSTS=None)),
    "no proxy stands in front": (kinds.NO_HTTPS, lambda app: app.config.update(PROXIES=0)),
    "a day is pinned": (kinds.PINNED_DAY, lambda app: app.config.update(TODAY_SETTING=dt.date(2022, 1, 25))),
    "others may write the folder": (kinds.OTHERS_WRITE, lambda app: Path(app.instance_path).chmod(0o702)),
    "the database is damaged": (kinds.DAMAGED, broken),
    "the tables are newer": (
        kinds.NEWER_SCHEMA,
        lambda app: change(app, "UPDATE alembic_version SET version_num = '9999_tomorrow'"),
    ),
    "the tables are old": (
        kinds.OLD_SCHEMA,
        lambda app: change(app, "UPDATE alembic_version SET version_num = '0001'"),
    ),
    "it is the demonstration": (
        kinds.DEMONSTRATION,
        lambda app: change(app, "UPDATE installation SET demonstration = 1"),
    ),
    "an administrator has the known password": (kinds.DEMONSTRATION_PASSWORD, known_password),
    "nobody administers": (
        kinds.NO_ADMINISTRATOR,
        lambda app: change(app, "UPDATE role_grant SET ended_at = given_at WHERE role = 'administrator'"),
    ),
    "nobody who administers may sign in": (
        kinds.NO_ADMINISTRATOR,
        lambda app: change(app, "UPDATE user_account SET active = 0"),
    ),
    "there is no backup": (kinds.NO_BACKUP, lambda app: shutil.rmtree(newest(app))),
    "the backup is old": (
        kinds.OLD_BACKUP,
        lambda app: (
            newest(app).rename(newest(app).with_name("districtops-2022-01-25T090000")),
            (newest(app) / "manifest.json").unlink(),
        ),
    ),
    "no drill was made": (kinds.NO_DRILL, undrilled),
    "the last drill failed": (kinds.FAILED_DRILL, lambda app: drilled(app, DrillOutcome.FAILED, clock.now())),
    "the last drill is old": (
        kinds.OLD_DRILL,
        lambda app: (undrilled(app), drilled(app, DrillOutcome.OK, clock.now() - dt.timedelta(days=91))),
    ),
}


@pytest.mark.parametrize("cause", REAL)
def test_a_finding_comes_with_its_cause_in_a_real_installation(own: Flask, cause: str) -> None:
    assert found_in(own) == []
    kind, spoil = REAL[cause]
    spoil(own)
    found = found_in(own)
    assert kind in found
    assert set(found) <= {kind, kinds.UNCHECKED}
    code, said = run(own, "check-deploy")
    assert code == (1 if kind.level is Level.ERROR else 0)
    assert f"{kind.number} {kind.level}: " in said
    assert kind.why in said
    assert kind.do in said


def test_a_connection_that_is_not_set_as_it_should_be_is_found(own: Flask) -> None:
    def careless(connection: Any, _entry: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")

    with own.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", careless)
    assert found_in(own) == [kinds.PRAGMA]


def test_the_check_says_when_nothing_is_wrong_and_changes_nothing(own: Flask, place: Path) -> None:
    before = (place / "database.sqlite3").read_bytes()
    assert run(own, "check-deploy") == (0, "Nothing is wrong.\n")
    assert (place / "database.sqlite3").read_bytes() == before


def test_a_database_that_is_not_there_is_no_reason_to_fail(tmp_path: Path) -> None:
    with installed(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path) as app:
        assert kinds.NOT_SET_UP in found_in(app)
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.postgres
def test_a_superuser_of_postgresql_is_found_and_an_ordinary_role_is_not(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.demonstration() as database:
        with installed(database.owner or "", tmp_path) as app:
            found = found_in(app)
            assert kinds.SUPERUSER in found
            assert kinds.OWNS_TABLES in found
            assert kinds.NOT_UTF8 not in found
        with installed(database.url, tmp_path, database.owner) as app:
            found = found_in(app)
            assert not {kinds.SUPERUSER, kinds.OWNS_TABLES, kinds.UNCHECKED, kinds.NO_ADMINISTRATOR} & set(found)
            assert kinds.DEMONSTRATION in found


# Starting the server -----------------------------------------------------------------------------------------------


class Server:
    """Stands for waitress: notes that it ran."""

    ran = 0

    def run(self) -> None:
        """Serve nobody."""
        Server.ran += 1


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    """A server that stops at once."""
    Server.ran = 0
    monkeypatch.setattr(cli, "create_server", lambda *_arguments, **_options: Server())
    return Server


@pytest.mark.parametrize("cause", [cause for cause, (kind, _) in REAL.items() if kind.stops])
def test_the_server_does_not_start_when(own: Flask, served: type[Server], cause: str) -> None:
    kind, spoil = REAL[cause]
    spoil(own)
    code, said = run(own, "serve")
    assert code == 1
    assert f"{kind.number} error: " in said
    assert kind.do in said
    assert served.ran == 0


def test_the_server_does_not_start_with_debugging_on(
    own: Flask, served: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    for command in ("serve", "check-deploy"):
        code, said = run(own, command)
        assert code == 1
        assert "DO001 error: Debugging is on." in said
    assert served.ran == 0


@pytest.mark.postgres
def test_the_server_does_not_start_as_a_superuser_of_postgresql(
    postgres: Postgres, tmp_path: Path, served: type[Server]
) -> None:
    with postgres.demonstration() as database, installed(database.owner or "", tmp_path) as app:
        code, said = run(app, "serve")
        assert code == 1
        assert "DO030 error" in said
        assert served.ran == 0
    with postgres.demonstration() as database, installed(database.url, tmp_path, database.owner) as app:
        assert run(app, "serve")[0] == 0
        assert served.ran == 1


def test_the_server_tells_an_office_what_else_is_wrong_in_one_line_each(own: Flask, served: type[Server]) -> None:
    assert "DO0" not in run(own, "serve")[1]
    undrilled(own)
    own.config.update(PROXIES=0)
    code, said = run(own, "serve")
    assert code == 0
    assert [line[:5] for line in said.splitlines() if line.startswith("DO0")] == ["DO005", "DO043"]
    assert "Why:" not in said
    assert served.ran == 2


def test_a_demonstration_starts_with_one_line_about_it(tmp_path: Path, served: type[Server], sqlite: Sqlite) -> None:
    with sqlite.demonstration() as database, application(database.url, BACKUP_FOLDER=str(tmp_path)) as app:
        code, said = run(app, "serve")
    assert code == 0
    assert re.search(r"^\d hints: flask --app app check-deploy$", said, re.MULTILINE)
    assert "DO0" not in said
    assert served.ran == 1


def test_a_first_start_on_an_empty_database_is_let_through(tmp_path: Path, served: type[Server]) -> None:
    with installed(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path) as app:
        code, said = run(app, "serve")
    assert code == 0, said
    assert "hints: flask" in said
