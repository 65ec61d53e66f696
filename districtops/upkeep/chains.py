"""The record of changes within backups: where its chains ended when one was made, and whether a copy still holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from districtops.guard import chain
from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db, writing
from districtops.upkeep.manifest import Refused


def heads(app: Flask, url: URL) -> list[dict[str, Any]]:
    """The last entry of every chain as plain values; none where the tables are from before there was a chain."""
    with _reading(app, url):
        return [] if not _is_chained() else [_plain(head) for head in chain.heads()]


def _plain(head: chain.Head) -> dict[str, Any]:
    return {"chain": head.chain, "seq": head.seq, "mac": head.mac, "at": head.at.isoformat(timespec="microseconds")}


def copy_of_sqlite(path: Path) -> URL:
    """The address of a copy that nobody writes; nothing is written beside it either."""
    options = {"mode": "ro", "immutable": "1", "uri": "true"}
    return URL.create("sqlite", database=f"file:{quote(str(path.resolve()))}", query=options)


def refuse_broken(app: Flask, url: URL, expected: list[dict[str, Any]]) -> None:
    """Raises Refused where an entry of the record in this database was altered, added or taken away, or where it does
    not hold the entries at which its chains stood when the backup was begun."""
    with _reading(app, url):
        if not _is_chained():
            if expected:
                raise Refused("The record of changes is not a chain, and the manifest says that it was one.")
            return
        try:
            anchors = chain.read_anchors(
                f"{head['chain']} {head['seq']} {head['mac']} {head['at']}" for head in expected
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(f"The manifest's heads of the record of changes cannot be understood ({error}).") from error
        _count, problems = chain.verify(anchors)
    for problem in problems:
        raise Refused(
            f"The record of changes does not hold: entry {problem.seq} of chain {problem.chain} {problem.words}."
        )


def _is_chained() -> bool:
    with db.engine.connect() as connection:
        tables = inspect(connection)
        if not tables.has_table("change_record"):
            return False
        columns = {column["name"] for column in tables.get_columns("change_record")}
    return {*chain.SIGNED, "mac", "district_id"} <= columns


@contextmanager
def _reading(app: Flask, url: URL) -> Iterator[None]:
    """Within the block the session reads another database, with the keys of this installation."""
    reader = Flask("districtops-reader")
    reader.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {}),
        AUDIT_KEYS=app.config["AUDIT_KEYS"],
    )
    db.init_app(reader)
    token = writing.set(False)
    try:
        with reader.app_context():
            enter(NOBODY)
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()
    except DBAPIError as error:
        raise Refused(f"The record of changes cannot be read ({str(error.orig).strip()}).") from error
    finally:
        writing.reset(token)
