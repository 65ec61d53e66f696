"""The way of a schedule entry: drafted, approved by somebody else, published, and at last withdrawn or replaced."""

import datetime as dt
import re

from sqlalchemy import select

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.locale import day as in_words
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.playgrounds import rules
from districtops.playgrounds.rules import CAUSES, CUTS, OPENS, YEARLY, Day, Kind, Schedule
from districtops.playgrounds.schedule.models import Entry, Standing, month_day

MUST_END = frozenset({Kind.EXCEPTIONAL_OPENING, Kind.HOLIDAY_PERIOD, Kind.FLOOD_PERIOD})
REPLACED = Words(en="Replaced by another entry", ko="다른 항목으로 대체")


def check(entry: Entry) -> None:
    """The rules that hold for an entry by itself. Raises RuleBroken."""
    kind = entry.kind
    if entry.last_on is not None and entry.last_on < entry.first_on:
        raise RuleBroken(_l("The last day lies before the first."), "last_on")
    if kind in MUST_END and entry.last_on is None:
        raise RuleBroken(_l("An entry of this kind needs its last day."), "last_on")
    _check_times(entry)
    if (kind is Kind.WEEKLY_CLOSURE) != (entry.weekday is not None):
        words = (
            _l("Choose the day of the week.") if entry.weekday is None else _l("Only a regular closing day has one.")
        )
        raise RuleBroken(words, "weekday")
    if kind in CAUSES and entry.cause not in CAUSES[kind]:
        names = ", ".join(sorted(str(cause.label) for cause in CAUSES[kind]))
        raise RuleBroken(_l("Choose a cause of this kind: %(causes)s.", causes=names), "cause")
    if kind not in CAUSES and entry.cause is not None:
        raise RuleBroken(_l("An entry of this kind has no cause; write it as the reason."), "cause")
    if entry.yearly_from or entry.yearly_to:
        _check_yearly(entry)


def _check_times(entry: Entry) -> None:
    if entry.kind in OPENS and entry.opens is None:
        raise RuleBroken(_l("Enter the opening time."), "opens")
    if (entry.opens is None) != (entry.closes is None):
        missing = "opens" if entry.opens is None else "closes"
        raise RuleBroken(_l("Enter both times, or neither."), missing)
    if entry.opens is not None and entry.closes is not None:
        if entry.kind not in OPENS | CUTS:
            raise RuleBroken(_l("An entry of this kind holds for whole days."), "opens")
        if entry.closes <= entry.opens:
            words = (
                _l("The closure must begin before it ends.")
                if entry.kind in CUTS
                else _l("It must open before it closes.")
            )
            raise RuleBroken(words, "closes")


def _check_yearly(entry: Entry) -> None:
    if entry.kind not in YEARLY:
        raise RuleBroken(_l("Only hours of a season and heat or cold closures come back every year."), "yearly_from")
    for name in ("yearly_from", "yearly_to"):
        text = getattr(entry, name) or ""
        try:
            if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
                raise ValueError(text)
            dt.date(2024, *month_day(text))
        except ValueError as problem:
            raise RuleBroken(_l("Write a month and a day, such as 04-01."), name) from problem


def others_of(entry: Entry, *standings: Standing) -> list[Entry]:
    """The other entries of its playground that stand so, without the one that it replaces."""
    found = select(Entry).where(Entry.playground_id == entry.playground_id, Entry.standing.in_(standings))
    left_out = {entry.id, entry.replaces_id}
    return [other for other in db.session.execute(found.order_by(Entry.id)).scalars() if other.id not in left_out]


def _refuse_clash(entry: Entry, *standings: Standing) -> None:
    others = others_of(entry, *standings)
    found = rules.clash(entry.period, (other.period for other in others))
    if found is not None:
        raise RuleBroken(
            _l(
                "Another entry of this kind says other hours for the same days: “%(reason)s”, from %(first)s. "
                "Change the days, or replace that entry.",
                reason=found.reason,
                first=in_words(found.first),
            ),
            "first_on",
        )


def keep(entry: Entry, by_id: int | None) -> None:
    """Keep a draft. What was approved and is changed needs a new approval. Raises RuleBroken."""
    if entry.standing not in (Standing.DRAFT, Standing.APPROVED):
        raise RuleBroken(_l("This entry is not a draft any more."))
    check(entry)
    with db.session.no_autoflush:
        _refuse_clash(entry, Standing.PUBLISHED, Standing.APPROVED)
    entry.standing = Standing.DRAFT
    entry.drafted_by_id, entry.drafted_at = by_id, clock.now()
    entry.approved_by_id = entry.approved_at = entry.doc_no = None
    db.session.add(entry)
    db.session.flush()


def approve(entry: Entry, by_id: int | None, doc_no: str | None) -> None:
    """Approve a draft. A safety closure is published by its approval: it cannot wait for a third click.

    Raises RuleBroken for one's own draft, and for what is no draft.
    """
    if entry.standing is not Standing.DRAFT:
        raise RuleBroken(_l("This entry is not a draft any more."))
    if entry.drafted_by_id == by_id:
        raise RuleBroken(_l("Somebody else must approve what you drafted."))
    check(entry)
    _refuse_clash(entry, Standing.PUBLISHED, Standing.APPROVED)
    entry.standing = Standing.APPROVED
    entry.approved_by_id, entry.approved_at, entry.doc_no = by_id, clock.now(), doc_no
    db.session.flush()
    if entry.kind is Kind.SAFETY_CLOSURE:
        publish(entry)


def publish(entry: Entry) -> None:
    """Let an approved entry count from this moment on, and the one that it replaces no more. Raises RuleBroken."""
    if entry.standing is not Standing.APPROVED:
        raise RuleBroken(_l("Only an approved entry can be published."))
    _refuse_clash(entry, Standing.PUBLISHED)
    now = clock.now()
    if entry.replaces_id is not None:
        before = db.session.execute(select(Entry).where(Entry.id == entry.replaces_id)).scalar_one()
        if before.standing is Standing.PUBLISHED:
            before.standing, before.withdrawn_at, before.withdrawal_reason = Standing.WITHDRAWN, now, REPLACED
    entry.standing, entry.published_at = Standing.PUBLISHED, now
    db.session.flush()


def withdraw(entry: Entry, reason: Words | None) -> None:
    """Take an entry back: a draft that is declined, an approval, or what is published. Raises RuleBroken."""
    if entry.standing is Standing.WITHDRAWN:
        raise RuleBroken(_l("This entry is withdrawn already."))
    if not reason:
        raise RuleBroken(_l("Say why the entry is withdrawn."), "reason")
    entry.standing, entry.withdrawn_at, entry.withdrawal_reason = Standing.WITHDRAWN, clock.now(), reason
    db.session.flush()


def without_effect(entry: Entry) -> list[Day]:
    """The days of an exceptional opening on which something higher closes all the same, as things are published."""
    if entry.kind is not Kind.EXCEPTIONAL_OPENING:
        return []
    others = (other.period for other in others_of(entry, Standing.PUBLISHED))
    return rules.cancelled(Schedule((*others, entry.period)), entry.period)


explains("ck_playgrounds_entry_days_in_order", _l("The last day lies before the first."), "last_on")
explains("ck_playgrounds_entry_opens_before_it_closes", _l("It must open before it closes."), "closes")
