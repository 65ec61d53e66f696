"""The weekly list for the executive meeting, and the matching money of the coming years."""

import datetime as dt

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from districtops import clock
from districtops.contest_funds.reports.forms import WeekForm
from districtops.contest_funds.reports.overview import Outlook, Weekly
from districtops.contest_funds.views import blueprint
from districtops.guard.access import Action, requires
from districtops.kit.csv_export import content_disposition, csv_lines
from districtops.kit.listing_export import refused
from districtops.kit.text import _l
from districtops.lists.record import note_export, record_as_list

WEEKLY = {
    "section": _l("Part of the list"),
    "day": _l("Day"),
    "title": _l("Title"),
    "organiser": _l("Organiser"),
    "department": _l("Department"),
    "what": _l("What"),
    "amount_won": _l("Amount"),
    "sample": _l("Sample"),
}
SECTIONS = {
    "closing_14": _l("Closing within 14 days"),
    "closing_30": _l("Closing within 30 days"),
    "not_answered": _l("Not answered"),
    "result": _l("Result"),
    "change": _l("Change"),
}
record_as_list("contest_funds.weekly", _l("Weekly contest list"), WeekForm)


def _asked() -> tuple[WeekForm, dt.date | None]:
    form = WeekForm(MultiDict((key, value) for key, value in request.args.items() if value))
    return form, form.since.data if form.validate() else None


@blueprint.get("/weekly")
@requires(Action.VIEW)
def weekly() -> ResponseReturnValue:
    """One A4 page for the executive meeting."""
    form, since = _asked()
    status = 422 if form.errors else 200
    return render_template("contest_funds/weekly.html", form=form, weekly=Weekly(since)), status


@blueprint.get("/weekly.csv")
@requires(Action.VIEW)
def weekly_csv() -> ResponseReturnValue:
    """The same as a file."""
    form, since = _asked()
    if form.errors:
        return refused(form)
    keys = form.header.data == "keys"
    header = [key if keys else str(label) for key, label in WEEKLY.items()]
    lines = ((section if keys else str(SECTIONS[section]), *rest) for section, *rest in Weekly(since).lines())
    answer = Response(b"".join(csv_lines(header, lines, encoding=form.encoding.data)), mimetype="text/csv")
    answer.headers["Content-Type"] = f"text/csv; charset={form.encoding.data}; header=present"
    name = f"{gettext('Weekly contest list')}_{clock.today().isoformat()}.csv"
    answer.headers["Content-Disposition"] = content_disposition(name)
    return note_export("contest_funds.weekly", answer, "csv")


@blueprint.get("/outlook")
@requires(Action.VIEW)
def outlook() -> ResponseReturnValue:
    """What matching money the coming years need, in three cases."""
    return render_template("contest_funds/outlook.html", outlook=Outlook())
