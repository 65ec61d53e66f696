"""What the first page says about monthly reports: a card, deadlines, and what an officer is reminded of."""

import datetime as dt
from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, may
from districtops.guard.identity import visitor
from districtops.kit.db import AnyRow
from districtops.kit.locale import month_name, short_day
from districtops.kit.text import _l
from districtops.module import Card, Entry
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.models import Programme
from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.forms import MISSING, UNCONFIRMED
from districtops.new_deal.rounds import grid, queries

MOST = 50


def card(programme: Programme) -> Card | None:
    """How many reports of the last month are not confirmed; None where none was requested."""
    cell = grid.latest(programme)
    if cell is None:
        return None
    month = cell.month.month
    return Card(
        label=_l("Reports not confirmed, %(month)s", month=month_name(month)),
        value=cell.total - cell.confirmed,
        kind="count",
        unit=_l("of %(all)s", all=cell.total),
        hint=_l(
            "%(missing)s not reported yet, deadline %(day)s", missing=cell.missing, day=short_day(cell.month.due_on)
        ),
        url=url_for("new_deal.reports", month=month, programme=programme.id, state=UNCONFIRMED),
        as_of=clock.today(),
        district_id=programme.district_id,
        tone="bad" if cell.overdue else None,
    )


def entries(first: dt.date, last: dt.date) -> Iterable[Entry]:
    """The deadlines of months in which reports are missing, and the visitor's own reports that are due.

    A report of which its officer was reminded is told as long as it is missing, also where its deadline is far.
    """
    months = queries.due_months(first, last, limit=MOST)
    missing: dict[int, int] = {}
    for row in queries.states(months) if months else ():
        if row.state in rules.MISSING:
            missing[row.month_id] = missing.get(row.month_id, 0) + row.reports
    for month in months:
        if month.id in missing:
            yield Entry(
                day=month.due_on,
                district_id=month.district_id,
                title=gettext(
                    "Monthly reports of %(month)s: %(missing)s not reported yet",
                    month=month_name(month.month),
                    missing=missing[month.id],
                ),
                url=url_for("new_deal.reports", month=month.month, programme=month.programme_id, state=MISSING),
                what=_l("Deadline"),
                sample=month.sample,
            )
    person = visitor()
    if person is None or not may(Action.EDIT, blueprint.name):
        return
    today = clock.today()
    for row in queries.own_missing(person.user, limit=MOST):
        reminded = row.reminded_on is not None and row.due_on > last and first <= today <= last
        if first <= row.due_on <= last or reminded:
            yield Entry(
                day=row.due_on,
                district_id=row.district_id,
                title=gettext("%(title)s · report of %(month)s", title=row.title, month=month_name(row.month)),
                url=url_for("new_deal.report", report_id=row.id),
                what=_what(row),
                sample=row.sample,
            )


def waiting() -> Iterable[Entry]:
    """The months of which reports wait for a decision."""
    for row in queries.to_decide(limit=MOST):
        yield Entry(
            day=row.due_on,
            district_id=row.district_id,
            title=gettext(
                "Monthly reports of %(month)s: %(waiting)s wait for your decision",
                month=month_name(row.month),
                waiting=row.reports,
            ),
            url=url_for(
                "new_deal.reports", month=row.month, programme=row.programme_id, state=rules.State.SUBMITTED.value
            ),
            what=_l("Deadline"),
            sample=row.sample,
        )


def _what(row: AnyRow) -> str:
    if row.state is rules.State.RETURNED:
        return _l("Your report was returned")
    if row.reminded_on is not None:
        return _l("Your report, reminded on %(day)s", day=short_day(row.reminded_on))
    return _l("Your report")
