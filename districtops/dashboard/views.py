"""The management page, the health of the server, and amounts in words while people type."""

import datetime as dt
from collections.abc import Iterable, Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from districtops import clock
from districtops.guard.access import Action, may, public, signed_in
from districtops.guard.identity import visitor
from districtops.guard.installation import installation
from districtops.kit.db import db
from districtops.kit.forms import amount_in_words, clean
from districtops.kit.won import NotAnAmount, parse_won
from districtops.models import OfficeHolder
from districtops.models.queries import district_names
from districtops.module import Entry, Module
from districtops.registry import MODULES

blueprint = Blueprint("dashboard", __name__)

DAYS_AHEAD = 14


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The numbers and dates of every module that the reader may see."""
    today = clock.today()
    mine = [module for module in MODULES if may(Action.VIEW, module.name)]
    person = visitor()
    holders = db.session.execute(select(OfficeHolder).order_by(OfficeHolder.district_id)).scalars().all()
    return render_template(
        "dashboard/index.html",
        cards=[card for module in mine for card in module.cards()],
        modules=mine,
        late=[e for e in _entries(mine, dt.date.min, today - dt.timedelta(days=1)) if not e.done],
        coming=_entries(mine, today, today + dt.timedelta(days=DAYS_AHEAD)),
        waiting=_by_day(
            entry
            for module in mine
            for action in (Action.DECIDE, Action.EDIT)
            if may(action, module.name)
            for entry in module.waiting(action)
        ),
        holders=holders if person and person.user.district_id else [],
        offices=district_names() if person and person.user.district_id is None else {},
    )


def _entries(modules: Sequence[Module], first: dt.date, last: dt.date) -> list[Entry]:
    return _by_day(entry for module in modules for entry in module.entries(first, last))


def _by_day(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.day)


@blueprint.get("/amount-in-words")
@signed_in
def amount_words() -> Response:
    """``2억 1,160만원 · 211.6 million won`` for what was typed so far; empty while it is no amount."""
    try:
        words = amount_in_words(parse_won(clean(request.args.get("text", ""))))
    except NotAnAmount:
        words = ""
    return Response(words, mimetype="text/plain")


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Answers 200 when the database answers."""
    installation()
    return Response("ok\n", mimetype="text/plain")
