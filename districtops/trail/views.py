"""The pages of auditors: the record of changes of their district, as a list and entry by entry.

Opening them is recorded too: whoever reads the record stands in it.
"""

from functools import partial

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from districtops.guard import audit, chain
from districtops.guard.access import Action, requires
from districtops.guard.history import Telling, label_of
from districtops.guard.tenancy import enter, scope
from districtops.kit.db import fetch_or_404
from districtops.kit.listing_export import csv_response, xlsx_response
from districtops.lists.pages import ListPages
from districtops.lists.record import filters_set, note_export
from districtops.models import ChangeRecord
from districtops.registry import MODULES
from districtops.trail import lists, queries

blueprint = Blueprint("trail", __name__)

PAGES = ListPages(blueprint=blueprint, listing=lists.trail, endpoint="index", path="/trail", action=Action.AUDIT)
PAGES.attach_choices()

LIST = PAGES.name
"""The name under which the record of changes calls its own list."""


@blueprint.get("/trail")
@requires(Action.AUDIT)
def index() -> ResponseReturnValue:
    """Every entry of the district that the filters admit, the latest first."""
    page = PAGES.page()
    lists.tell(page.rows)
    if page.status == 200:
        audit.note("viewed", LIST, what=filters_set(LIST))
    return render_template("trail/index.html", page=page), page.status


@blueprint.get("/trail.csv")
@requires(Action.AUDIT)
def index_csv() -> Response:
    """The same entries as CSV."""
    return note_export(LIST, csv_response(lists.trail, begin=partial(enter, scope())), "csv")


@blueprint.get("/trail.xlsx")
@requires(Action.AUDIT)
def index_xlsx() -> Response:
    """The same entries as an Excel workbook."""
    return note_export(LIST, xlsx_response(lists.trail), "xlsx")


@blueprint.get("/trail/<int:change_id>")
@requires(Action.AUDIT)
def show(change_id: int) -> ResponseReturnValue:
    """One entry: everything that is kept of it, and what else the same request did."""
    record = fetch_or_404(ChangeRecord, change_id)
    # By the number that the pages show; it is as lasting as the id.
    audit.note("viewed", ChangeRecord.__tablename__, record.seq)
    others = queries.neighbours(record)
    before, after = queries.beside(record)
    return render_template(
        "trail/show.html",
        record=record,
        kind=label_of(record.table_name),
        telling=Telling([record, *others]),
        others=others,
        before=before,
        after=after,
        intact=chain.intact(record),
        address=_address(record),
    )


def _address(record: ChangeRecord) -> str | None:
    """The page of the record that an entry is about, where there is one."""
    found = (module.address(record.table_name, record.row_id, record.program_id) for module in MODULES)
    return next(filter(None, found), None)
