"""Figures that are kept and not counted anew: one row a record for its module's lists, and their sums for dashboards.

A module says how the figures of some programs come out of its rows; this keeps them in step, in the transaction that
changes the rows, so that no page ever shows a sum that its rows do not make. ``flask --app app figures`` computes all
of them anew and says whether anything differed.

What is summed stands apart from what it is summed by: a record whose status changes leaves one sum and joins another.
Several rows of one group may stand beside each other (two transactions may begin a group at once); readers add them up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, event, select, update
from sqlalchemy.orm import Session, UOWTransaction

from districtops.guard import tenancy
from districtops.kit.db import Base, db
from districtops.models import Program, search

Figures = Mapping[str, Any]
"""The figures of one record: a value for every column of its row but ``district_id``."""

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a module keeps of the records of its programs: of the program's own, or of several that hang on it.

    ``row`` and ``sums`` are classes with a table; a row has the ``id`` of its record and the ``program_id`` to which it
    belongs. ``compute`` gives the figures of the records of the given programs by their ids. ``dimensions`` name
    columns of both, ``measures`` give what a record adds to each column of the sums.
    """

    row: type[Any]
    sums: type[Any]
    dimensions: tuple[str, ...]
    measures: Mapping[str, Callable[[Figures], int]]
    compute: Callable[[Sequence[int]], Mapping[int, Figures]]

    def columns(self) -> list[str]:
        """The names of a row's figures."""
        return [c.name for c in self.row.__table__.columns if c.name != "district_id"]


SUMMARIES: list[Summary] = []
"""Every module's, in the order of their registration."""


def register(summary: Summary) -> None:
    """Keep a module's figures from now on."""
    SUMMARIES.append(summary)


def init_app() -> None:
    """Listen to every session, once however many applications a process makes."""
    for name, listener in (("after_flush", _note), ("before_commit", _keep)):
        if not event.contains(db.session, name, listener):
            event.listen(db.session, name, listener)


def touch(programs: Iterable[Program]) -> None:
    """Compute the figures of these programs anew with this transaction, because a row changed that is none of theirs
    and yet tells of them."""
    db.session().info.setdefault("touched programs", set()).update((p.district_id, p.id) for p in programs)


def _note(session: Session, _context: UOWTransaction) -> None:
    touched: set[tuple[int, int]] = session.info.setdefault("touched programs", set())
    named: set[tuple[int, int]] = session.info.setdefault("named programs", set())
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Program):
            touched.add((row.district_id, row.id))
            named.add((row.district_id, row.id))
        elif getattr(row, "program_id", None) is not None and not hasattr(row, "__silent__"):
            touched.add((row.district_id, row.program_id))


def _keep(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched: set[tuple[int, int]] = session.info.pop("touched programs", set())
    named: set[tuple[int, int]] = session.info.pop("named programs", set())
    scope = session.info.get("scope")
    for district in sorted({district for district, _ in touched}):
        with tenancy.within(district, scope.user_id if scope else None):
            refresh(_of(district, touched))
            if renamed := _of(district, named):
                search.keep(session.connection(), _texts(renamed))
    # What was stored just now follows from those rows and touches no other program.
    session.info.pop("touched programs", None)


def _of(district: int, programs: set[tuple[int, int]]) -> list[int]:
    return sorted(program_id for home, program_id in programs if home == district)


def refresh(programs: Sequence[int]) -> int:
    """Compute the figures of some programs of the scope's district anew, in the order of their ids; how many rows
    differed.

    The rows are locked first: whoever changes the same program at the same moment waits, and then sees these changes.
    """
    differing = 0
    for summary in SUMMARIES:
        change: dict[tuple[Any, ...], Counter[str]] = {}
        for start in range(0, len(programs), BATCH):
            differing += _refresh(summary, programs[start : start + BATCH], change)
        _add(summary, change)
    db.session.flush()
    return differing


def _refresh(summary: Summary, programs: Sequence[int], change: dict[tuple[Any, ...], Counter[str]]) -> int:
    """Store the rows of some programs; how many differed. What the sums gain or lose is added to ``change``."""
    row, differing = summary.row, 0
    statement = select(row).where(row.program_id.in_(programs)).order_by(row.program_id, row.id).with_for_update()
    kept = {found.id: found for found in db.session.execute(statement).scalars()}
    new = summary.compute(programs)
    for record in sorted(kept.keys() | new.keys()):
        before, after = kept.get(record), new.get(record)
        old = None if before is None else {name: getattr(before, name) for name in summary.columns()}
        if old == after:
            continue
        differing += 1
        for figures, sign in ((old, -1), (after, 1)):
            if figures is not None:
                key = tuple(figures[name] for name in summary.dimensions)
                group = change.setdefault(key, Counter())
                for name, measure in summary.measures.items():
                    group[name] += sign * measure(figures)
        _store(row, before, after)
    return differing


def _store(row: type[Any], before: Base | None, after: Figures | None) -> None:
    if after is None:
        db.session.delete(before)
    elif before is None:
        db.session.add(row(**after))
    else:
        for name, value in after.items():
            setattr(before, name, value)


def _add(summary: Summary, change: Mapping[tuple[Any, ...], Mapping[str, int]]) -> None:
    sums = summary.sums
    # Always in the same order: two transactions never wait for each other's groups.
    for key in sorted(change, key=repr):
        added = {name: amount for name, amount in change[key].items() if amount}
        if not added:
            continue
        group = _is_group(sums, dict(zip(summary.dimensions, key, strict=True)))
        first = db.session.execute(select(sums.id).where(group).order_by(sums.id).limit(1)).scalar()
        if first is None:
            amounts = dict.fromkeys(summary.measures, 0) | added
            db.session.add(sums(**dict(zip(summary.dimensions, key, strict=True)), **amounts))
            db.session.flush()
        else:
            higher = {name: getattr(sums, name) + amount for name, amount in added.items()}
            db.session.execute(
                update(sums).where(sums.id == first).values(higher).execution_options(synchronize_session=False)
            )


def _is_group(sums: type[Any], values: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(getattr(sums, name).is_not_distinct_from(value) for name, value in values.items()))


@dataclass(frozen=True)
class Recomputed:
    """What computing everything anew found in a district."""

    programs: int
    differing: int
    wrong_groups: int

    @property
    def right(self) -> bool:
        """Whether everything was as it should be."""
        return not self.differing and not self.wrong_groups


def recompute() -> Recomputed:
    """Compute all figures of the scope's district anew and compare: first each program's, then every sum."""
    last, programs, differing = 0, 0, 0
    while batch := _next(last):
        differing += refresh(batch)
        search.keep(db.session.connection(), _texts(batch))
        last, programs = batch[-1], programs + len(batch)
        db.session.expunge_all()
    for summary in SUMMARIES:
        orphans = select(summary.row.program_id).where(summary.row.program_id.not_in(select(Program.id)))
        differing += refresh(list(db.session.execute(orphans).scalars()))
    return Recomputed(programs, differing, sum(_recompute_sums(summary) for summary in SUMMARIES))


def _next(last: int) -> list[int]:
    return list(
        db.session.execute(select(Program.id).where(Program.id > last).order_by(Program.id).limit(BATCH)).scalars()
    )


def _texts(programs: Sequence[int]) -> dict[int, str | None]:
    names = (Program.code, Program.title_en, Program.title_ko)
    rows = db.session.execute(select(Program.id, *names).where(Program.id.in_(programs)))
    return dict.fromkeys(programs) | {row_id: search.text_of(*texts) for row_id, *texts in rows}


def _recompute_sums(summary: Summary) -> int:
    """How many groups were wrong; they are right afterwards."""
    right: dict[tuple[Any, ...], Counter[str]] = {}
    columns = [getattr(summary.row, name) for name in summary.columns()]
    for found in db.session.execute(select(*columns).execution_options(yield_per=BATCH)):
        figures = dict(found._mapping)
        group = right.setdefault(tuple(figures[name] for name in summary.dimensions), Counter())
        for name, measure in summary.measures.items():
            group[name] += measure(figures)
    kept: dict[tuple[Any, ...], Counter[str]] = {}
    for row in db.session.execute(select(summary.sums)).scalars():
        group = kept.setdefault(tuple(getattr(row, name) for name in summary.dimensions), Counter())
        for name in summary.measures:
            group[name] += getattr(row, name)
    change = {}
    for key in right.keys() | kept.keys():
        missing = Counter(right.get(key, {}))
        missing.subtract(kept.get(key, {}))
        if any(missing.values()):
            change[key] = missing
    _add(summary, change)
    return len(change)
