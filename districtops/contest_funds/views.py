"""The first page of contests, and the board on which every application has its place."""

import datetime as dt

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from districtops import clock
from districtops.contest_funds import queries
from districtops.contest_funds.overview import board_of, closing_within, overview_of, shown_year
from districtops.guard.access import Action, requires
from districtops.kit.deadline import days_left

CLOSING_DAYS = 30
"""Calls that close, and awards to be settled, within so many days are shown on the first page."""
MOST_DUE = 6

blueprint = Blueprint("contest_funds", __name__, url_prefix="/contest-funds")


def year_asked(years: list[int]) -> int | None:
    """The year in the address, None without one; another one than those answers 404."""
    wanted = request.args.get("year", "")
    found = next((year for year in years if str(year) == wanted), None)
    if wanted and found is None:
        abort(404)
    return found


@blueprint.get("/")
@requires(Action.VIEW)
def index() -> ResponseReturnValue:
    """What was applied for and won in a year, against the year before."""
    years = queries.years()
    asked = year_asked(years)
    overview = overview_of(asked if asked is not None else shown_year(years)) if years else None
    today = clock.today()
    return render_template(
        "contest_funds/index.html",
        overview=overview,
        years=years,
        closing_calls=closing_within(today, CLOSING_DAYS),
        settling=[
            {"row": row, "days": days_left(row.Application.settle_by, today)}
            for row in queries.settlements_due(today + dt.timedelta(days=CLOSING_DAYS), limit=MOST_DUE)
        ],
    )


@blueprint.get("/pipeline")
@requires(Action.VIEW)
def pipeline() -> ResponseReturnValue:
    """Every state with its applications: of what is open, or of one year."""
    years = queries.years()
    year = year_asked(years)
    return render_template("contest_funds/pipeline.html", board=board_of(year), years=years, year=year)
