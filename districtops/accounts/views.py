"""One's own settings and password. Signing in stands in ``sign_in``, the pages of administrators in ``people``."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh

from districtops.accounts.forms import DensityForm, LanguageForm, PasswordForm, SettingsForm, UnitForm
from districtops.guard import passwords
from districtops.guard.access import public, signed_in
from districtops.guard.identity import SignedIn, close_sessions_of, open_sessions_of, visitor
from districtops.guard.transaction import save
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.kit.won import Unit
from districtops.models import Density

blueprint = Blueprint("accounts", __name__)


def here_only(target: str | None) -> str:
    """An address within the product, else the first page: nobody is sent elsewhere after an act."""
    home = url_for("dashboard.index")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return home
    if any(ord(letter) < 32 or letter == "\\" for letter in target):
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc else target


@blueprint.post("/account/language")
@public
def set_language() -> ResponseReturnValue:
    """Choose a language; kept for the person, or for this browser before signing in."""
    form = LanguageForm()
    person = visitor()
    if form.validate_on_submit():
        session["language"] = form.language.data
        if person is not None:
            person.user.language = form.language.data
    return redirect(here_only(request.form.get("return")), 303)


@blueprint.post("/account/unit")
@signed_in
def set_unit() -> ResponseReturnValue:
    """Choose the unit in which money is shown."""
    form = UnitForm()
    person = visitor()
    if form.validate_on_submit() and person is not None:
        person.user.unit = Unit(form.unit.data)
    return redirect(here_only(request.form.get("return")), 303)


@blueprint.post("/account/density")
@signed_in
def set_density() -> ResponseReturnValue:
    """Choose how much room the rows of tables take."""
    form = DensityForm()
    person = visitor()
    if form.validate_on_submit() and person is not None:
        person.user.density = form.density.data
    return redirect(here_only(request.form.get("return")), 303)


def person_signed_in() -> SignedIn:
    """The visitor of a view that only signed-in people reach."""
    person = visitor()
    assert person is not None, "the guard lets only signed-in people in"
    return person


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """One's own settings, sign-ins and second factor."""
    person = person_signed_in()
    user = person.user
    form = SettingsForm(
        data={
            "version": str(user.version),
            "language": user.language or "",
            "text_size": str(user.text_size),
            "unit": user.unit.value if user.unit else "",
            "density": user.density or Density.COMFORTABLE,
        }
    )

    def keep() -> None:
        user.language = form.language.data or None
        user.text_size = int(form.text_size.data)
        user.unit = Unit(form.unit.data) if form.unit.data else None
        user.density = form.density.data

    if save(form, keep, version=str(user.version)):
        session.pop("language", None)
        refresh()
        flash(gettext("Your settings are saved."), "success")
        return redirect(url_for(".account"), 303)
    page = render_template("accounts/account.html", form=form, person=person, sign_ins=open_sessions_of(user))
    return page, form.http_status


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """One's own password. Every other open sign-in ends with the old one."""
    person = person_signed_in()
    user = person.user
    form = PasswordForm()

    def change() -> None:
        if not passwords.matches(form.current.data or "", user.password_hash):
            raise RuleBroken(_l("This is not your present password."), "current")
        passwords.refuse_weak(form.password.data or "", user.username)
        if form.password.data == form.current.data:
            raise RuleBroken(_l("Choose a password other than the present one."), "password")
        user.password_hash = passwords.hashed(form.password.data or "")
        user.one_time_until = None
        close_sessions_of(user, but=person.key)
        db.session.flush()

    if save(form, change):
        flash(gettext("Your password is changed. Every other sign-in of yours was ended."), "success")
        return redirect(url_for(".account"), 303)
    return render_template("accounts/password.html", form=form, must=person.must_choose_password), form.http_status
