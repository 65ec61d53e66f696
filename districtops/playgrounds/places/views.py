"""The pages on which playgrounds and zones are kept."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops.guard.access import Action, requires
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.text import Words, in_language, language
from districtops.playgrounds.blueprint import blueprint
from districtops.playgrounds.places.forms import PlaygroundForm, ZoneForm
from districtops.playgrounds.places.models import Playground, Zone


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def create() -> ResponseReturnValue:
    """Add a playground."""
    return _keep(Playground(), PlaygroundForm(), gettext("New playground"))


@blueprint.route("/<int:playground_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit(playground_id: int) -> ResponseReturnValue:
    """Change what is kept of a playground."""
    playground = fetch_or_404(Playground, playground_id)
    other = in_language(playground.name_ko, playground.name_en)
    values = {
        "version": str(playground.version),
        "name": playground.name,
        "name_other": "" if other == playground.name else other,
        "status": playground.status,
        "off_leash": playground.off_leash,
        **{name: str(getattr(playground, name) or "") for name in ("address", "site", "visitor_rules")},
    }
    return _keep(playground, PlaygroundForm(data=values), gettext("Edit the playground"))


def _keep(playground: Playground, form: PlaygroundForm, title: str) -> ResponseReturnValue:
    def keep() -> None:
        name, other = form.name.data or "", form.name_other.data or form.name.data or ""
        playground.name_en, playground.name_ko = (other, name) if language() == "ko" else (name, other)
        playground.address = Words.written(form.address.data, playground.address) or Words()
        playground.site = Words.written(form.site.data, playground.site)
        playground.visitor_rules = Words.written(form.visitor_rules.data, playground.visitor_rules)
        playground.status, playground.off_leash = form.status.data, form.off_leash.data
        db.session.add(playground)

    if save(form, keep, version=str(playground.version or "")):
        flash(gettext("The playground is saved."), "success")
        return redirect(url_for(".show", playground_id=playground.id), 303)
    back = url_for(".show", playground_id=playground.id) if playground.id else url_for(".index")
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=gettext("What residents know of a playground. When it is open is kept in its schedule."),
        submit=gettext("Save the playground"),
        back=back,
        playground=playground if playground.id else None,
    )
    return page, form.http_status


@blueprint.route("/<int:playground_id>/zones/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_zone(playground_id: int) -> ResponseReturnValue:
    """Add a zone to a playground."""
    playground = fetch_or_404(Playground, playground_id)
    return _keep_zone(playground, Zone(playground_id=playground.id), ZoneForm(), gettext("Add a zone"))


@blueprint.route("/zones/<int:zone_id>", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_zone(zone_id: int) -> ResponseReturnValue:
    """Change a zone."""
    zone = fetch_or_404(Zone, zone_id)
    playground = fetch_or_404(Playground, zone.playground_id)
    values = {name: getattr(zone, name) for name in ("dog_size", "area_pyeong", "area_m2")}
    form = ZoneForm(data={**values, "name": str(zone.name), "version": str(zone.version)})
    return _keep_zone(playground, zone, form, gettext("Edit the zone"))


def _keep_zone(playground: Playground, zone: Zone, form: ZoneForm, title: str) -> ResponseReturnValue:
    def keep() -> None:
        zone.name = Words.written(form.name.data, zone.name) or Words()
        zone.dog_size, zone.area_pyeong, zone.area_m2 = form.dog_size.data, form.area_pyeong.data, form.area_m2.data
        db.session.add(zone)

    if save(form, keep, version=str(zone.version or "")):
        flash(gettext("The zone is saved."), "success")
        return redirect(url_for(".show", playground_id=playground.id, _anchor="zones"), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=gettext("A fenced part of %(playground)s and the dogs it is for.", playground=playground.name),
        submit=gettext("Save the zone"),
        back=url_for(".show", playground_id=playground.id),
        playground=playground,
    )
    return page, form.http_status
