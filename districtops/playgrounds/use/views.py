"""The pages of the daily log and of what it adds up to."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.locale import WEEKDAYS
from districtops.kit.text import Words
from districtops.models import queries as shared
from districtops.playgrounds import rules as schedule_rules
from districtops.playgrounds.blueprint import blueprint, me
from districtops.playgrounds.opinions.queries import pace_of
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.places.queries import zones_of
from districtops.playgrounds.rules import Reason, State
from districtops.playgrounds.schedule.answers import Answer
from districtops.playgrounds.schedule.queries import schedule_of
from districtops.playgrounds.use import actions, queries, rules
from districtops.playgrounds.use.forms import IncidentForm, NewLogForm, log_form
from districtops.playgrounds.use.models import DayLog, Incident

ORDINARY = range(10, 18)
"""The hours that a log offers on a day on which it is not open."""


@blueprint.route("/<int:playground_id>/log/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_log(playground_id: int) -> ResponseReturnValue:
    """Begin the log of a day."""
    playground = fetch_or_404(Playground, playground_id)
    form = NewLogForm(data={"on_date": clock.today()})
    log = DayLog(playground_id=playground.id, by_id=me(), incidents=0, sample=False)

    def begin() -> None:
        log.on_date = form.on_date.data or clock.today()
        actions.open_log(log)

    if save(form, begin):
        return redirect(url_for(".edit_log", log_id=log.id), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=gettext("New log"),
        purpose=gettext("One log for each day. Times, visitors and dogs are entered on the next page."),
        submit=gettext("Begin the log"),
        back=url_for(".log"),
        playground=playground,
    )
    return page, form.http_status


@blueprint.get("/log/<int:log_id>")
@requires(Action.VIEW)
def show_log(log_id: int) -> ResponseReturnValue:
    """A day of the log: what was published for it, who came, what happened."""
    log = fetch_or_404(DayLog, log_id)
    zones = zones_of(log.playground)
    counted = {(row.zone_id, row.hour): (row.visitors, row.dogs) for row in queries.hour_counts(log)}
    return render_template(
        "playgrounds/log.html",
        log=log,
        answer=Answer(log.playground, schedule_of(log.playground), log.on_date),
        zones=zones,
        hours=sorted({hour for _, hour in counted}),
        counted=counted,
        zone_names={zone.id: zone.name for zone in zones},
        incidents=queries.incidents_of(log),
        history=history(shared.changes_of({DayLog.__tablename__: [log.id]})),
    )


@blueprint.route("/log/<int:log_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_log(log_id: int) -> ResponseReturnValue:
    """Enter who came in each hour, and when it opened and closed."""
    log = fetch_or_404(DayLog, log_id)
    zones = zones_of(log.playground)
    there = {(row.zone_id, row.hour): row for row in queries.hour_counts(log)}
    hours = _hours(log) | {hour for _, hour in there}
    kinds = ("visitors", "dogs")
    stored = {f"{kind}_{zone}_{hour}": getattr(row, kind) for (zone, hour), row in there.items() for kind in kinds}
    values = {"opened_at": log.opened_at, "closed_at": log.closed_at, "note": str(log.note or "")}
    form = log_form(zones, sorted(hours))(data={**values, **stored, "version": str(log.version)})

    def keep() -> None:
        log.opened_at, log.closed_at = form.opened_at.data, form.closed_at.data
        log.note = Words.written(form.note.data, log.note)
        cells = [(zone.id, hour) for zone in zones for hour in hours]
        actions.keep_counts(
            log, {(z, h): (form[f"visitors_{z}_{h}"].data, form[f"dogs_{z}_{h}"].data) for z, h in cells}
        )

    if save(form, keep, version=str(log.version)):
        flash(gettext("The log is saved."), "success")
        return redirect(url_for(".show_log", log_id=log.id), 303)
    page = render_template("playgrounds/log_edit.html", form=form, log=log, zones=zones, hours=sorted(hours))
    return page, form.http_status


def _hours(log: DayLog) -> set[int]:
    """The hours in which it is open on the day."""
    day = schedule_rules.answer(schedule_of(log.playground), log.on_date)
    found = {hour for opens, closes in day.hours for hour in range(opens.hour, closes.hour + bool(closes.minute))}
    return found or set(ORDINARY)


@blueprint.route("/log/<int:log_id>/incidents/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_incident(log_id: int) -> ResponseReturnValue:
    """Enter an incident."""
    log = fetch_or_404(DayLog, log_id)
    form = IncidentForm()
    return _keep(log, Incident(log_id=log.id, mistaken=False, sample=False), form, gettext("New incident"))


@blueprint.route("/incidents/<int:incident_id>", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_incident(incident_id: int) -> ResponseReturnValue:
    """Correct an incident."""
    incident = fetch_or_404(Incident, incident_id)
    log = fetch_or_404(DayLog, incident.log_id)
    values = {name: getattr(incident, name) for name in ("kind", "at_time", "zone_id", "mistaken")}
    form = IncidentForm(data={**values, "description": str(incident.description), "version": str(incident.version)})
    return _keep(log, incident, form, gettext("Edit the incident"))


def _keep(log: DayLog, incident: Incident, form: IncidentForm, title: str) -> ResponseReturnValue:
    form.zone_id.offer((zone.id, str(zone.name)) for zone in zones_of(log.playground))

    def keep() -> None:
        incident.kind, incident.at_time, incident.zone_id = form.kind.data, form.at_time.data, form.zone_id.data
        incident.mistaken = form.mistaken.data
        incident.description = Words.written(form.description.data, incident.description) or Words()
        actions.keep_incident(log, incident)

    if save(form, keep, version=str(incident.version or "")):
        flash(gettext("The incident is saved."), "success")
        return redirect(url_for(".show_log", log_id=log.id, _anchor="incidents"), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=gettext("What happened, so that it can be counted and prevented."),
        submit=gettext("Save the incident"),
        back=url_for(".show_log", log_id=log.id),
        playground=log.playground,
    )
    return page, form.http_status


@blueprint.get("/<int:playground_id>/use")
@requires(Action.VIEW)
def use(playground_id: int) -> ResponseReturnValue:
    """A year of use: by weekday, hour and zone, how safely, and whether exceptional openings were worth it."""
    playground = fetch_or_404(Playground, playground_id)
    years = queries.log_years()
    wanted = request.args.get("year", "")
    year = next((known for known in years if str(known) == wanted), years[0] if years else clock.today().year)
    days = queries.logged_days(playground, year)
    schedule = schedule_of(playground)
    exceptional = {d.date for d in days if _because(schedule, d) is Reason.EXCEPTIONAL_OPENING}
    counts = queries.counts(playground, year)
    zones = zones_of(playground)
    by_zone = rules.sums(counts, 0)
    return render_template(
        "playgrounds/use.html",
        playground=playground,
        year=year,
        years=years,
        days=days,
        counted=[day for day in days if day.visitors is not None],
        visitors=sum(rules.visitors_of(days)),
        incidents=sum(day.incidents for day in days),
        per_thousand=rules.incidents_per_thousand(days),
        by_weekday=rules.by_weekday(days),
        by_hour=rules.sums(counts, 1),
        zones=[
            (z, *by_zone.get(z.id, (0, 0)), rules.per_hundred_pyeong(by_zone.get(z.id, (0, 0))[1], z.area_pyeong))
            for z in zones
        ],
        exceptional=rules.visitors_of(d for d in days if d.date in exceptional),
        ordinary=rules.visitors_of(d for d in days if d.date not in exceptional),
        average=rules.average,
        weekdays=WEEKDAYS,
        pace=pace_of(playground),
    )


def _because(schedule: schedule_rules.Schedule, day: rules.LoggedDay) -> Reason | None:
    found = schedule_rules.answer(schedule, day.date)
    return found.because if found.state is State.OPEN else None
