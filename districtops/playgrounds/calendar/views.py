"""The pages of the public holidays."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.locale import day as in_words
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.playgrounds.blueprint import blueprint, me
from districtops.playgrounds.calendar import actions, queries, source
from districtops.playgrounds.calendar.forms import ClosuresForm, ConfirmForm, FillForm, HolidayForm
from districtops.playgrounds.calendar.models import Holiday, HolidayYear
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.places.queries import playgrounds
from districtops.playgrounds.schedule.queries import schedules


@blueprint.get("/holidays")
@requires(Action.VIEW)
def holiday_table() -> ResponseReturnValue:
    """The holidays of a year, where they come from, and what they ask of the schedules."""
    wanted = request.args.get("year", "")
    year = int(wanted) if re.fullmatch(r"(19|20)\d\d", wanted, re.ASCII) else clock.today().year
    places = playgrounds()
    found = schedules(places)
    confirmed = queries.confirmations()
    return render_template(
        "playgrounds/holidays.html",
        year=year,
        holidays=queries.holidays(year),
        years=queries.years(),
        confirmed=confirmed,
        confirmed_up_to=queries.confirmed_up_to(confirmed),
        places={place.id: place for place in places},
        prepared={key: year in schedule.prepared for key, schedule in found.items()},
        not_closed=queries.not_closed(year, found),
        library_last=source.LAST,
    )


@blueprint.route("/holidays/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_holiday() -> ResponseReturnValue:
    """Add a holiday, such as a temporary one that was announced."""
    return _keep(Holiday(), HolidayForm(), gettext("Add a holiday"))


@blueprint.route("/holidays/<int:holiday_id>", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_holiday(holiday_id: int) -> ResponseReturnValue:
    """Change a holiday."""
    holiday = fetch_or_404(Holiday, holiday_id)
    values = {name: getattr(holiday, name) for name in ("on_date", "kind", "occasion", "source")}
    form = HolidayForm(data={**values, "name": str(holiday.name), "version": str(holiday.version)})
    return _keep(holiday, form, gettext("Edit the holiday"))


def _keep(holiday: Holiday, form: HolidayForm, title: str) -> ResponseReturnValue:
    def keep() -> None:
        holiday.name = Words.written(form.name.data, holiday.name) or Words()
        holiday.on_date, holiday.source = form.on_date.data or clock.today(), form.source.data
        holiday.kind, holiday.occasion = form.kind.data, form.occasion.data
        db.session.add(holiday)

    if save(form, keep, version=str(holiday.version or "")):
        flash(gettext("The holiday is saved."), "success")
        _warn(holiday)
        return redirect(url_for(".holiday_table", year=holiday.on_date.year), 303)
    purpose = gettext("A public holiday by itself closes nothing: only a published holiday period does.")
    return _form(form, title, purpose, gettext("Save the holiday"))


def _warn(holiday: Holiday) -> None:
    """Say so where the holiday would change a day that is published as open."""
    places = playgrounds()
    names = {place.id: place.name for place in places}
    for found in queries.not_closed(holiday.on_date.year, schedules(places)):
        if found.holiday.id == holiday.id:
            flash(
                gettext(
                    "%(playground)s is published as open on %(day)s, which now belongs to a holiday period. "
                    "Replace the period, or publish an exceptional opening.",
                    playground=names[found.playground_id],
                    day=in_words(holiday.on_date),
                ),
                "warning",
            )


@blueprint.route("/holidays/fill", methods=["GET", "POST"])
@requires(Action.EDIT)
def fill_holidays() -> ResponseReturnValue:
    """Look up the holidays of a year and add those that the table lacks."""
    form = FillForm()
    added: list[int] = []
    if save(form, lambda: added.append(actions.fill(form.year.data or 0))):
        flash(ngettext("%(num)s holiday is added.", "%(num)s holidays are added.", added[0]), "success")
        return redirect(url_for(".holiday_table", year=form.year.data), 303)
    purpose = gettext(
        "Adds what is known to %(source)s. What is in the table already stays as it is.", source=source.SOURCE
    )
    return _form(form, gettext("Fill the holidays of a year"), purpose, gettext("Fill the year"))


@blueprint.route("/holidays/confirm", methods=["GET", "POST"])
@requires(Action.EDIT)
def confirm_holidays() -> ResponseReturnValue:
    """Say that a year was compared with the official list."""
    form = ConfirmForm(data={"confirmed_on": clock.today()})

    def keep() -> None:
        if not queries.holidays(form.year.data or 0):
            raise RuleBroken(_l("The table has no holidays of this year yet."), "year")
        if form.confirmed_on.data is None or form.confirmed_on.data > clock.today():
            raise RuleBroken(_l("The day must not lie in the future."), "confirmed_on")
        db.session.add(
            HolidayYear(year=form.year.data, source=form.source.data, confirmed_on=form.confirmed_on.data, by_id=me())
        )

    if save(form, keep):
        flash(gettext("The year is confirmed."), "success")
        return redirect(url_for(".holiday_table", year=form.year.data), 303)
    purpose = gettext("Substitute and temporary holidays are announced late: compare the table before you rely on it.")
    return _form(form, gettext("Confirm the holidays of a year"), purpose, gettext("Confirm the year"))


@blueprint.route("/<int:playground_id>/holiday-periods", methods=["GET", "POST"])
@requires(Action.EDIT)
def draft_closures(playground_id: int) -> ResponseReturnValue:
    """Draft the closures of a year's holiday periods out of the table."""
    playground = fetch_or_404(Playground, playground_id)
    form = ClosuresForm()
    drafts: list[Any] = []
    if save(form, lambda: drafts.extend(actions.draft_closures(playground, form.year.data or 0, me()))):
        flash(ngettext("%(num)s draft is made.", "%(num)s drafts are made.", len(drafts)), "success")
        return redirect(url_for(".show", playground_id=playground.id, _anchor="waiting"), 303)
    purpose = gettext("One draft each for Lunar New Year and Chuseok, from the first to the last day in the table.")
    return _form(
        form, gettext("Draft the holiday periods of a year"), purpose, gettext("Make the drafts"), playground=playground
    )


def _form(form: Any, title: str, purpose: str, submit: str, playground: Playground | None = None) -> Any:
    back = url_for(".show", playground_id=playground.id) if playground else url_for(".holiday_table")
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=purpose,
        submit=submit,
        back=back,
        playground=playground,
        holidays=playground is None,
    )
    return page, form.http_status
