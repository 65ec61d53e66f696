"""Secret addresses of calendars, what they answer, and the opening hours in public formats."""

import re
import secrets

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from districtops import clock
from districtops.guard.access import Action, may, public, requires
from districtops.guard.identity import keyed_digest
from districtops.guard.tenancy import NOBODY, Scope, enter
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.forms import Form, text_field
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.playgrounds.blueprint import blueprint, me
from districtops.playgrounds.osm import opening_hours
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.places.queries import playgrounds
from districtops.playgrounds.schedule.queries import schedule_of
from districtops.playgrounds.sharing.feed import calendar_of, schema_org
from districtops.playgrounds.sharing.models import CalendarAddress

SECRET = re.compile(r"(\d{1,9})-([A-Za-z0-9_-]{43})", re.ASCII)
"""The district's number, so that the secret is looked for among its rows alone, and 256 random bits."""


class AddressForm(Form):
    """Who will use the address."""

    label = text_field(
        _l("Used by"),
        120,
        description=_l("The person or the place, so that it can be revoked when it is needed no more."),
    )


class RevocationForm(Form):
    """Nothing but the wish to revoke."""


@blueprint.route("/<int:playground_id>/calendar-addresses/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def make_address(playground_id: int) -> ResponseReturnValue:
    """Make a secret address; it is shown once."""
    playground = fetch_or_404(Playground, playground_id)
    form = AddressForm()
    secret = f"{playground.district_id}-{secrets.token_urlsafe(32)}"
    address = CalendarAddress(
        playground_id=playground.id, digest=keyed_digest(secret), made_at=clock.now(), made_by_id=me()
    )

    def keep() -> None:
        address.label = Words.written(form.label.data) or Words()
        db.session.add(address)

    if save(form, keep):
        url = url_for(".calendar_feed", key=secret, _external=True)
        return render_template("playgrounds/address.html", playground=playground, url=url)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=gettext("New calendar address"),
        purpose=gettext(
            "Whoever knows the address reads the opening times of %(playground)s and nothing else.",
            playground=playground.name,
        ),
        submit=gettext("Make the address"),
        back=url_for(".show", playground_id=playground.id, _anchor="sharing"),
        playground=playground,
    )
    return page, form.http_status


@blueprint.route("/calendar-addresses/<int:address_id>/revoke", methods=["GET", "POST"])
@requires(Action.EDIT)
def revoke_address(address_id: int) -> ResponseReturnValue:
    """Revoke an address: from now on it answers like one that never existed."""
    address = fetch_or_404(CalendarAddress, address_id)
    playground = fetch_or_404(Playground, address.playground_id)
    form = RevocationForm()

    def revoke() -> None:
        if address.revoked_at is not None:
            raise RuleBroken(_l("This address is revoked already."))
        address.revoked_at = clock.now()

    if save(form, revoke):
        flash(gettext("The address is revoked. Calendars that use it are not updated any more."), "success")
        return redirect(url_for(".show", playground_id=playground.id, _anchor="sharing"), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=gettext("Revoke the calendar address"),
        purpose=gettext("Used by: %(label)s. It cannot be given back; a new one can be made.", label=address.label),
        submit=gettext("Revoke"),
        danger=True,
        back=url_for(".show", playground_id=playground.id, _anchor="sharing"),
        playground=playground,
    )
    return page, form.http_status


@blueprint.get("/calendar.ics")
@public
def calendar_feed() -> ResponseReturnValue:
    """The opening times for a calendar program that knows a secret address, or for a reader of the module."""
    found = _by_secret(request.args.get("key", "")) if "key" in request.args else _of_reader()
    if found is None:
        abort(404)
    answer = Response(calendar_of(found, schedule_of(found), clock.today()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "inline; filename=playground.ics"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _by_secret(text: str) -> Playground | None:
    """The playground of a secret address that is not revoked. The session then sees its district, and else nothing."""
    match = SECRET.fullmatch(text)
    if match is None:
        return None
    enter(Scope(frozenset({int(match[1])})))
    digest = keyed_digest(text)
    statement = (
        select(Playground)
        .join(CalendarAddress, CalendarAddress.playground_id == Playground.id)
        .where(CalendarAddress.digest == digest, CalendarAddress.revoked_at.is_(None))
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        enter(NOBODY)
    return found


def _of_reader() -> Playground | None:
    if not may(Action.VIEW, blueprint.name):
        return None
    wanted = request.args.get("playground", "")
    return next((place for place in playgrounds() if wanted in ("", str(place.id))), None)


@blueprint.get("/<int:playground_id>/opening-hours.json")
@requires(Action.VIEW)
def opening_hours_json(playground_id: int) -> Response:
    """This year's opening hours for other programs: schema.org, and OpenStreetMap's syntax beside it."""
    playground = fetch_or_404(Playground, playground_id)
    schedule = schedule_of(playground)
    year: int = clock.today().year
    found = schema_org(playground, schedule, year)
    # In schema.org "openingHours" has a syntax of its own; this key says whose it is.
    answer: Response = jsonify({**found, "osm:opening_hours": opening_hours(schedule, year)})
    name = f"opening-hours-{year}.json"
    answer.headers["Content-Disposition"] = f"inline; filename={name}"
    return answer
