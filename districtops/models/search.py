"""Finding programs by words, Korean words of two syllables among them.

The usual indexes of three letters cannot find 도로 or 예산, so names are kept as pairs of letters. SQLite keeps them in
its full-text index, PostgreSQL in an inverted index over an array. The index holds numbers of programs and pairs of
letters alone; whatever it finds is looked up, and compared with the words themselves, among the reader's own rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
)

from districtops.kit.db import db, is_sqlite

INDEX = "program_search"
ON_SQLITE = table(INDEX, column("rowid", Integer), column("pairs", Text))
ON_POSTGRESQL = table(INDEX, column("program_id", Integer), column("pairs", ARRAY(Text)))

FEW = 5_000
"""Up to so many hits the index leads; above it a page is full after a short walk along the list's own order."""
MOST_PAIRS = 16
"""So many pairs of a long search are looked up; the comparison with the words sorts out the rest."""


def text_of(*texts: str) -> str:
    """What a program is found by: its code and its names, no pair of letters reaching from one into the next."""
    return "\n".join(texts)


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring letters in ``text``, each once, written so that any tokenizer leaves them whole."""
    found: dict[str, None] = {}
    for line in text.casefold().split("\n"):
        for first, second in pairwise(line):
            found[f"{ord(first):x}z{ord(second):x}"] = None
    return list(found)


def keep(connection: Connection, texts: Mapping[int, str | None]) -> None:
    """Index programs under their new texts; None removes one."""
    sqlite = is_sqlite(connection)
    index, row_id = (ON_SQLITE, ON_SQLITE.c.rowid) if sqlite else (ON_POSTGRESQL, ON_POSTGRESQL.c.program_id)
    rows = [
        {row_id.name: program_id, "pairs": " ".join(pairs(text)) if sqlite else pairs(text)}
        for program_id, text in sorted(texts.items())
        if text is not None
    ]
    for ids in _batches(sorted(texts)):
        connection.execute(delete(index).where(row_id.in_(ids)))
    if rows:
        connection.execute(insert(index), rows)


def _batches(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def named(words: str, program_id: Any, *texts: Any) -> ColumnElement[bool]:
    """The condition that one of ``texts`` holds ``words``, letter case aside; ``program_id`` is their program's column.

    Asks the index first how many it would find: it leads to few, and only slows down what almost every row holds.
    """
    holds = contains(words, *texts)
    wanted = pairs(words)[:MOST_PAIRS]
    if not wanted:
        return holds
    if is_sqlite(db.session.connection()):
        match = literal_column(INDEX).op("MATCH")(" ".join(f'"{pair}"' for pair in wanted))
        found = select(ON_SQLITE.c.rowid).where(match)
    else:
        found = select(ON_POSTGRESQL.c.program_id).where(ON_POSTGRESQL.c.pairs.op("@>")(cast(wanted, ARRAY(Text))))
    hits = db.session.execute(select(func.count()).select_from(found.limit(FEW + 1).subquery())).scalar_one()
    return holds if hits > FEW else and_(program_id.in_(found), holds)


def contains(words: str, *texts: Any) -> ColumnElement[bool]:
    """The condition that one of ``texts`` holds ``words``, letter case aside, compared row by row."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    # Korean knows no letter case, and to look past it costs as much again as to compare.
    cased = words.upper() != words.lower()
    return or_(*((text.ilike if cased else text.like)(f"%{escaped}%", escape="\\") for text in texts))
