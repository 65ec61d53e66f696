"""What the first page says about the year's end: drafts that somebody else has to confirm."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext

from districtops.guard.identity import visitor_id
from districtops.kit.text import _l
from districtops.module import Entry
from districtops.new_deal.year_end import queries, rules

MOST = 50


def waiting() -> Iterable[Entry]:
    """The drafts that the visitor may confirm, due when the books of their year close."""
    for row in queries.to_confirm(visitor_id(), limit=MOST):
        yield Entry(
            day=rules.last_day(row.fiscal_year),
            district_id=row.district_id,
            title=gettext("%(title)s · year-end decision", title=row.title),
            url=url_for("new_deal.show", project_id=row.project_id, _anchor="year-end"),
            what=_l("The books close"),
            who=row.department or "",
            sample=row.sample,
        )
