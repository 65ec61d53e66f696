"""Restoring: whatever is not whole is refused in words, and nothing is ever overwritten."""

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from databases import Sqlite, application
from factories import Maker
from flask import Flask
from installations import contents, cut, files_of, flipped, installed, resealed, run

from districtops.kit.db import sqlite_driver
from districtops.models import Attachment
from districtops.upkeep import backup as backups
from districtops.upkeep import restore as restoring
from districtops.upkeep.manifest import MANIFEST, SEAL, Refused

# What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [flipped, cut])
@pytest.mark.parametrize("part", ["database", "attachment", MANIFEST, SEAL])
def test_a_damaged_backup_is_refused(
    office: Flask, kept: Path, damage: Callable[[Path, random.Random], None], part: str
) -> None:
    names = {"database": "database.sqlite3", "attachment": max(map(str, kept.glob("files/*/*")), key=os.path.getsize)}
    path = kept / names.get(part, part)
    whole = path.read_bytes()
    random_ = random.Random(f"{damage.__name__} {part}")  # noqa: S311 (the same cases in every run)
    for _case in range(40):
        damage(path, random_)
        with pytest.raises(Refused):
            restoring.verify(office, kept)
        path.write_bytes(whole)
    restoring.verify(office, kept)


def refitted(kept: Path) -> None:
    """Make the manifest fit the database that lies there now."""
    data = (kept / "database.sqlite3").read_bytes()
    entry = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    resealed(kept, lambda values: values["files"].update({"database.sqlite3": entry}))


def altered(kept: Path, *statements: str) -> None:
    """Change the database of a backup and make the manifest fit."""
    connection = sqlite_driver.connect(kept / "database.sqlite3", isolation_level=None)
    # Whoever has the file can take the triggers away, too.
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.execute(statement)
    connection.close()
    refitted(kept)


def broken_page(kept: Path) -> None:
    """Break a page in the middle of the database and make the manifest fit."""
    path = kept / "database.sqlite3"
    data = bytearray(path.read_bytes())
    data[20 * 4096 : 21 * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    refitted(kept)


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "an attachment is missing": (lambda kept: next(kept.glob("files/*/*")).unlink(), "is missing"),
    "the database is missing": (lambda kept: (kept / "database.sqlite3").unlink(), "database.sqlite3 is missing"),
    "the seal is missing": (lambda kept: (kept / SEAL).unlink(), f"{SEAL} is missing"),
    "a file is too many": (lambda kept: (kept / "notes.txt").write_text("x"), "does not know: notes.txt"),
    "an attachment is too many": (
        lambda kept: next(kept.glob("files/*")).joinpath("abcdef").write_text("x"),
        "does not know: files/",
    ),
    "an empty folder is too many": (lambda kept: (kept / "more").mkdir(), "does not know: more"),
    "a log lies beside the database": (
        lambda kept: (kept / "database.sqlite3-wal").write_bytes(b"x"),
        "does not know: database.sqlite3-wal",
    ),
    "a link stands for a file": (
        lambda kept: (
            (kept / "database.sqlite3").rename(kept.parent / "away"),
            (kept / "database.sqlite3").symlink_to(kept.parent / "away"),
        ),
        "does not know: database.sqlite3",
    ),
    "the tables are of an unknown version": (
        lambda kept: resealed(kept, lambda values: values["database"].update(schema="9999_tomorrow")),
        "'9999_tomorrow', which this version of the product does not know",
    ),
    "the database is of another version than the manifest says": (
        lambda kept: altered(kept, "UPDATE alembic_version SET version_num = '0001'"),
        "The tables have the revision '0001'",
    ),
    "a row is missing": (
        lambda kept: altered(kept, "DELETE FROM note", "DELETE FROM milestone"),
        "table milestone has 0",
    ),
    "a table is missing": (lambda kept: altered(kept, "DROP TABLE failed_sign_in"), "table failed_sign_in has None"),
    "a row points nowhere": (
        lambda kept: altered(kept, "PRAGMA foreign_keys=OFF", "UPDATE role_grant SET user_id = 999999 WHERE id = 1"),
        "points to no row of user_account",
    ),
    "an entry of the record of changes is altered": (
        lambda kept: altered(kept, "UPDATE change_record SET row_id = row_id + 1 WHERE id = 500"),
        "The record of changes does not hold: entry",
    ),
    "the end of the record of changes is cut off": (
        lambda kept: (
            altered(kept, "DELETE FROM change_record WHERE id = (SELECT max(id) FROM change_record)"),
            resealed(
                kept, lambda v: v["database"]["rows"].update(change_record=v["database"]["rows"]["change_record"] - 1)
            ),
        ),
        "its end was cut off",
    ),
    "the heads of the record of changes are none": (
        lambda kept: resealed(kept, lambda values: values.update(audit_heads=[{"chain": 1}])),
        "heads of the record of changes cannot be understood",
    ),
    "a page is broken": (broken_page, "malformed"),
    "the database is none": (
        lambda kept: ((kept / "database.sqlite3").write_bytes(b"no database" * 1000), refitted(kept)),
        "cannot be read",
    ),
    "the format is of tomorrow": (lambda kept: resealed(kept, lambda values: values.update(format=2)), "format 2"),
    "a name leads out of the folder": (
        lambda kept: resealed(
            kept, lambda values: values["files"].update({"files/../../x": {"sha256": "0", "size": 0}})
        ),
        "no part of a backup",
    ),
    "the manifest lacks a part": (
        lambda kept: resealed(kept, lambda values: values.pop("keys")),
        "cannot be understood",
    ),
    "the manifest is a list": (
        lambda kept: (
            (kept / MANIFEST).write_text("[]"),
            (kept / SEAL).write_text(f"{hashlib.sha256(b'[]').hexdigest()}  {MANIFEST}\n"),
        ),
        "cannot be understood",
    ),
    "the kind of database is unknown": (
        lambda kept: resealed(kept, lambda values: values["database"].update(kind="oracle")),
        "unknown kind, 'oracle'",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_backup_is_refused_where(case: str, kept: Path, elsewhere: Flask, tmp_path: Path) -> None:
    damage, words = CASES[case]
    damage(kept)
    for options in ([], ["--check-only"]):
        code, said = run(elsewhere, "restore", *options, kept)
        assert code == 1
        assert words in said
    assert not (tmp_path / "elsewhere").exists() or not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("nothing", "There is nothing at"),
        ("file", "is a file. A backup is a folder"),
        ("empty", "is not a backup"),
        ("office", "is not a backup"),
    ],
)
def test_what_is_no_backup_is_refused_in_words(office: Flask, place: Path, wrong: str, words: str) -> None:
    (place / "file").write_bytes(b"x")
    (place / "empty").mkdir()
    code, said = run(office, "restore", place if wrong == "office" else place / wrong)
    assert code == 1
    assert words in said


def test_nothing_is_ever_overwritten(office: Flask, place: Path, kept: Path, elsewhere: Flask) -> None:
    before = contents(place / "database.sqlite3"), files_of(place / "files")
    code, said = run(office, "restore", kept)
    assert code == 1
    assert "is not empty" in said
    shutil.move(place / "files", place / "away")
    code, said = run(office, "restore", kept)
    assert code == 1
    assert "nothing is ever overwritten" in said
    assert (contents(place / "database.sqlite3"), files_of(place / "away")) == before
    assert not (place / "files").exists()
    code, said = run(office, "backup", kept)
    assert code == 1
    assert "is there already" in said


def test_a_backup_may_take_the_place_of_a_database_that_was_never_set_up(
    sqlite: Sqlite, place: Path, kept: Path
) -> None:
    with sqlite.empty() as found, installed(found.url, place.parent / "new") as app:
        path = Path(found.url.removeprefix("sqlite:///"))
        code, said = run(app, "restore", kept)
        assert code == 0, said
        assert contents(path) == contents(place / "database.sqlite3")


def test_a_log_without_a_database_is_not_taken_for_the_restored_ones(
    kept: Path, elsewhere: Flask, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "database.sqlite3-wal").write_bytes(b"of something else")
    code, said = run(elsewhere, "restore", kept)
    assert code == 1
    assert "Move it away first" in said


def test_a_failure_in_the_middle_of_restoring_leaves_nothing(
    kept: Path, elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device", "database.sqlite3")

    monkeypatch.setattr(restoring.sqlite_copies, "place", full)
    code, said = run(elsewhere, "restore", kept)
    assert code == 1
    assert "No space left on device" in said
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_another_key_is_told_and_no_reason_to_refuse(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    url = f"sqlite:///{folder / 'database.sqlite3'}"
    with application(url, FILES_FOLDER=str(folder / "files"), SECRET_KEY="another key, of 32 or more letters") as app:
        code, said = run(app, "restore", kept)
    assert code == 0
    assert "made with other secret_key" in said


def test_without_the_keys_of_the_record_a_backup_is_restored_only_when_that_is_said(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    url = f"sqlite:///{folder / 'database.sqlite3'}"
    with application(
        url, FILES_FOLDER=str(folder / "files"), AUDIT_KEYS=("a key that signed nothing of all this",)
    ) as app:
        code, said = run(app, "restore", kept)
        assert code == 1
        assert "Put them in their place first, or say --keys-lost." in said
        assert not folder.exists()
        code, said = run(app, "restore", "--keys-lost", kept)
        assert code == 0
        assert "made with other audit_keys" in said


def test_a_database_that_is_not_there_or_never_set_up_is_not_backed_up(elsewhere: Flask, tmp_path: Path) -> None:
    code, said = run(elsewhere, "backup", tmp_path / "out")
    assert code == 1
    assert "There is no database at" in said
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "database.sqlite3").touch()
    code, said = run(elsewhere, "backup", tmp_path / "out")
    assert code == 1
    assert "never set up" in said
    assert not list(tmp_path.glob("*out*"))


def test_an_attachment_whose_file_was_lost_is_told_and_fails_the_drill(
    office: Flask, place: Path, tmp_path: Path
) -> None:
    make = Maker(office)
    kept, lost = make.row(Attachment), make.row(Attachment)
    store = place / "files"
    (store / lost.stored_name[:2] / lost.stored_name).unlink()
    made = backups.make(office, tmp_path / "backups" / "districtops-2022-01-25T090000").manifest
    assert made.lost == [f"{lost.stored_name[:2]}/{lost.stored_name}"]
    assert f"{kept.stored_name[:2]}/{kept.stored_name}" in made.database.named
    result = restoring.drill(office, tmp_path / "backups")
    assert not result.ok
    assert "1 attachments had lost their file" in result.words
