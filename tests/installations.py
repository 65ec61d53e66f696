"""Installations for tests of upkeep, and ways to damage what they keep."""

import hashlib
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from databases import TODAY, application
from flask import Flask
from flask.testing import FlaskCliRunner

from districtops.kit.db import sqlite_driver
from districtops.upkeep.manifest import MANIFEST, SEAL


def attachment(folder: Path, content: bytes) -> str:
    """Put a file among the attachments, as an upload does. Gives its path."""
    name = hashlib.sha256(content).hexdigest()[:32]
    path = folder / "files" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"{name[:2]}/{name}"


def installed(url: str, place: Path, owner: str | None = None) -> Any:
    """The application with its attachments and backups in a folder of the test."""
    files, kept = place / "files", str(place / "backups")
    return application(url, FILES_FOLDER=files, BACKUP_FOLDER=kept, TODAY=TODAY, OWNER_DATABASE_URI=owner)


def contents(database: Path) -> list[str]:
    """Everything that a SQLite database holds: its schema, then each table with its rows."""
    connection = sqlite_driver.connect(f"file:{database}?mode=ro", uri=True)
    try:
        schema = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()
        tables = [name for name, sql in schema if sql.startswith("CREATE TABLE")]
        return [
            repr(schema),
            *(repr((name, connection.execute(f'SELECT * FROM "{name}"').fetchall())) for name in tables),
        ]
    finally:
        connection.close()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def run(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    """Run a command. Gives its exit code and what it said; whatever it raises is a defect."""
    result = FlaskCliRunner(app).invoke(args=[str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def flipped(path: Path, random_: random.Random) -> None:
    """Change 64 bytes (or as many as there are) somewhere in a file."""
    data = bytearray(path.read_bytes())
    start = random_.randrange(max(1, len(data) - 64))
    for at in range(start, min(start + 64, len(data))):
        data[at] ^= random_.randrange(1, 256)
    path.write_bytes(data)


def cut(path: Path, random_: random.Random) -> None:
    """Cut a file off somewhere."""
    os.truncate(path, random_.randrange(path.stat().st_size))


def resealed(kept: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a manifest and its seal with it, as somebody would who wants to deceive."""
    values = json.loads((kept / MANIFEST).read_text("utf-8"))
    change(values)
    text = json.dumps(values)
    (kept / MANIFEST).write_text(text, "utf-8")
    (kept / SEAL).write_text(f"{hashlib.sha256(text.encode()).hexdigest()}  {MANIFEST}\n", "utf-8")
