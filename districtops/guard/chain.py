"""The record of changes as a chain: whoever alters, removes or inserts an entry breaks it, and cannot mend it.

Each district has a chain of its own; chain 0 holds what belongs to none. An entry's ``mac`` is an HMAC-SHA256 over the
entry and the ``mac`` before it, under a key that lies outside the database. What a chain alone cannot show is that its
end was cut off: therefore its heads are written elsewhere (``flask --app app audit head``) and compared
(``audit verify --anchor FILE``).
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Text, cast, func, insert, select, text, type_coerce
from sqlalchemy.types import NullType

from districtops.guard.tenancy import across_districts
from districtops.kit.db import db, is_sqlite
from districtops.models import ChangeRecord

FIRST = ""
"""What stands as ``prev`` in the first entry of a chain."""

SIGNED = (
    *("chain", "seq", "at", "actor_id", "address", "request_id", "act", "table_name", "row_id", "program_id"),
    *("changes", "key_id", "prev"),
)
"""What the ``mac`` is computed over: every column but itself, the row's number and the district, which ``chain``
repeats."""

UNSIGNED = ("mac", "district_id", "id")

LOCK = 20220125
"""The first half of the number under which PostgreSQL lets one transaction at a time append to a chain."""


@dataclass(frozen=True)
class Head:
    """The last entry of a chain."""

    chain: int
    seq: int
    mac: str
    at: dt.datetime

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.mac} {self.at.isoformat(timespec='microseconds')}"


@dataclass(frozen=True)
class Place:
    """What an entry continues: number, ``mac`` and id of the one before it, 0 and ``FIRST`` at the beginning."""

    seq: int
    mac: str
    id: int = 0


@dataclass(frozen=True)
class Problem:
    """The first entry of a chain that is not what was written."""

    chain: int
    seq: int
    words: str


def key_id(key: str) -> str:
    """A key's name: enough to tell keys apart, nothing that helps to guess one."""
    return hashlib.sha256(b"districtops audit " + key.encode()).hexdigest()[:16]


def mac_of(key: str, entry: Mapping[str, Any]) -> str:
    """The keyed digest of an entry, as 64 hexadecimal digits. ``at`` is aware; every value of SIGNED is given."""
    values = {name: entry[name] for name in SIGNED}
    values["at"] = entry["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def append(connection: Connection, chain: int, entries: Sequence[dict[str, Any]]) -> None:
    """Write entries at the end of a chain, in their order, within the connection's transaction.

    Taken last in a transaction, so that others wait for as short as can be: SQLite has one writer anyway, PostgreSQL
    lets one transaction at a time into a chain. Were two ever to meet, the second breaks a unique constraint and is
    rolled back; a fork cannot be stored.
    """
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock, :chain)"), {"lock": LOCK, "chain": chain})
    table = ChangeRecord.__table__
    last = connection.execute(
        select(table.c.seq, table.c.mac).where(table.c.chain == chain).order_by(table.c.seq.desc()).limit(1)
    ).first()
    seq, prev = (last.seq, last.mac) if last is not None else (0, FIRST)
    key: str = current_app.config["AUDIT_KEYS"][-1]
    rows = []
    for entry in entries:
        seq += 1
        row = {**entry, "chain": chain, "seq": seq, "key_id": key_id(key), "prev": prev}
        row["mac"] = prev = mac_of(key, row)
        rows.append(row)
    connection.execute(insert(ChangeRecord), rows)


def heads() -> list[Head]:
    """The last entry of every chain, in the order of their numbers."""
    latest = select(ChangeRecord.chain, func.max(ChangeRecord.seq).label("seq")).group_by(ChangeRecord.chain).subquery()
    rows = db.session.execute(
        select(ChangeRecord.chain, ChangeRecord.seq, ChangeRecord.mac, ChangeRecord.at)
        .join(latest, (latest.c.chain == ChangeRecord.chain) & (latest.c.seq == ChangeRecord.seq))
        .order_by(ChangeRecord.chain),
        execution_options=across_districts("the heads of every chain are written elsewhere"),
    )
    return [Head(*row) for row in rows]


def read_anchors(lines: Iterable[str]) -> list[Head]:
    """Heads as ``audit head`` wrote them, one a line; empty lines and those that begin with # are passed over.

    Raises ValueError, naming the line, for one that is none.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            chain, seq, mac, at = line.split()
            found.append(Head(int(chain), int(seq), mac, dt.datetime.fromisoformat(at)))
        except ValueError as problem:
            raise ValueError(f"line {number} is no head of a chain: {line.strip()[:80]!r}") from problem
    return found


def verify(anchors: Iterable[Head] = (), first: int = 1) -> tuple[int, list[Problem]]:
    """(entries looked at, the first problem of each chain). ``first`` leaves out entries before that number, trusting
    them. Reads in batches: memory stays the same however long the record is."""
    keys = _keys()
    # The same entry may be an anchor twice, and both times it must be the one that stands in the record.
    wanted: dict[tuple[int, int], set[str]] = {}
    for head in anchors:
        wanted.setdefault((head.chain, head.seq), set()).add(head.mac)
    met: set[tuple[int, int]] = set()
    count, problems, broken = 0, [], set()
    last: dict[int, Place] = {}
    for entry in _entries(first):
        count += 1
        chain, seq = entry["chain"], entry["seq"]
        before = last.get(chain) or Place(first - 1, FIRST if first == 1 else entry["prev"])
        last[chain] = Place(seq, entry["mac"], entry["id"])
        met.add((chain, seq))
        if chain not in broken and (words := _wrong(entry, before, keys, wanted.get((chain, seq), set()))):
            problems.append(Problem(chain, seq, words))
            broken.add(chain)
    for place in sorted(wanted.keys() - met):
        if place[1] >= first and place[0] not in broken:
            problems.append(Problem(*place, "is in the anchor file, and not in the record: its end was cut off"))
            broken.add(place[0])
    return count, problems


def intact(record: ChangeRecord) -> bool:
    """Whether one entry is what was written, and continues the entry before it. One query."""
    before = db.session.execute(
        select(ChangeRecord.seq, ChangeRecord.mac, ChangeRecord.id).where(
            ChangeRecord.district_id == record.district_id,
            ChangeRecord.chain == record.chain,
            ChangeRecord.seq == record.seq - 1,
        )
    ).first()
    entry = {name: getattr(record, name) for name in (*SIGNED, *UNSIGNED)}
    return _wrong(entry, Place(*before) if before is not None else Place(0, FIRST), _keys(), set()) is None


def _keys() -> dict[str, str]:
    return {key_id(key): key for key in current_app.config["AUDIT_KEYS"]}


def _entries(first: int) -> Iterator[dict[str, Any]]:
    # As they lie in the database: a value that was made unreadable is a finding, and must not stop the reading.
    plain: dict[str, Any] = {
        "at": type_coerce(ChangeRecord.at, NullType()),
        "changes": cast(ChangeRecord.changes, Text),
    }
    columns = [plain.get(name, getattr(ChangeRecord, name)).label(name) for name in (*SIGNED, *UNSIGNED)]
    rows = db.session.execute(
        select(*columns).where(ChangeRecord.seq >= first).order_by(ChangeRecord.chain, ChangeRecord.seq),
        execution_options={**across_districts("every chain is verified"), "yield_per": 1000},
    )
    for row in rows:
        yield dict(row._mapping)


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with its moment and its changes as values. Raises ValueError or TypeError where they are none."""
    at, changes = entry["at"], entry["changes"]
    if isinstance(at, str):
        at = dt.datetime.fromisoformat(at)
    return {
        **entry,
        "at": at if at.tzinfo else at.replace(tzinfo=dt.UTC),
        "changes": json.loads(changes) if isinstance(changes, str) else changes,
    }


def _wrong(entry: Mapping[str, Any], before: Place, keys: Mapping[str, str], anchors: AbstractSet[str]) -> str | None:
    """What is wrong with an entry that follows ``before``; None when nothing is."""
    if entry["seq"] != before.seq + 1:
        return f"follows number {before.seq}: entries between them are missing"
    if entry["prev"] != before.mac:
        return "does not continue the entry before it"
    if entry["chain"] != (entry["district_id"] or 0):
        return "stands in another district's chain"
    if entry["id"] <= before.id:
        return "stands in another place than it was written in"
    key = keys.get(entry["key_id"])
    if key is None:
        return f"is signed with the key {entry['key_id']}, which is not among the keys"
    try:
        right = hmac.compare_digest(mac_of(key, _read(entry)).encode(), str(entry["mac"]).encode())
    except (ValueError, TypeError, AttributeError):
        right = False
    if not right:
        return "is not what was written"
    if anchors - {entry["mac"]}:
        return "is another one than the anchor file says"
    return None
