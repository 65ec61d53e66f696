"""The pages of administrators: people, what they were granted, and the divisions of the office."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import announced_figures, clock
from districtops.accounts import actions
from districtops.accounts.forms import DepartmentForm, GrantForm, InvitationForm, PersonForm, ResetForm
from districtops.accounts.queries import people_with_roles
from districtops.guard import audit
from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.identity import open_sessions_of
from districtops.guard.passwords import normal_name
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.forms import Form, choices
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import Department, Grant, User
from districtops.models.queries import changes_of, departments, latest_drill
from districtops.registry import MODULES

blueprint = Blueprint("people", __name__)

ALL_MODULES = _l("All modules")


def module_names() -> dict[str, str]:
    """What a role can be granted for, in the reader's language: the modules, and what was announced of them."""
    announced = {announced_figures.blueprint.name: gettext("Announced figures")}
    return {**{module.name: str(module.label) for module in MODULES}, **announced}


def _offer_modules(form: InvitationForm | GrantForm) -> None:
    form.module.choices = choices(module_names().items(), ALL_MODULES)


@blueprint.get("/people")
@requires(Action.ADMINISTER)
def index() -> ResponseReturnValue:
    """Everybody of the district, and when a backup was last tried."""
    drill = latest_drill()
    # Real days: a demonstration shows a day of its own, but its backups are made today.
    days = (clock.day_of(clock.now()) - clock.day_of(drill.at)).days if drill else None
    return render_template(
        "accounts/people.html", people=people_with_roles(), modules=module_names(), drill=drill, days=days
    )


@blueprint.route("/people/invite", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def invite() -> ResponseReturnValue:
    """Add a person. The one-time password is shown on this answer and nowhere else."""
    form = InvitationForm()
    _offer_modules(form)
    user = User(active=True)
    shown: list[str] = []

    def add() -> None:
        user.username = normal_name(form.username.data or "")
        _fill(user, form)
        shown.append(actions.invite(user, form.role.data, form.module.data or None))

    if save(form, add):
        return render_template("accounts/one_time_password.html", user=user, password=shown[0])
    return render_template("accounts/invite.html", form=form), form.http_status


@blueprint.route("/people/<int:user_id>", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def show(user_id: int) -> ResponseReturnValue:
    """A person: names, division, roles."""
    user = fetch_or_404(User, user_id)
    if request.method != "POST":
        audit.note("viewed", "user_account", user.id)
    form = PersonForm(
        data={
            "version": str(user.version),
            "name_ko": user.name_ko,
            "name_en": user.name_en if user.name_en != user.name_ko else "",
            "department": user.department_id,
        },
        department_id=user.department_id,
    )
    if save(form, lambda: _fill(user, form), version=str(user.version)):
        flash(gettext("The changes are saved."), "success")
        return redirect(url_for(".show", user_id=user.id), 303)
    grants = actions.grants_of(user)
    changes = changes_of({"user_account": [user.id], "role_grant": [granted.id for granted in grants]})
    page = render_template(
        "accounts/person.html",
        form=form,
        user=user,
        grants=grants,
        modules=module_names(),
        sign_ins=open_sessions_of(user),
        history=history(changes),
    )
    return page, form.http_status


def _fill(user: User, form: PersonForm) -> None:
    user.name_ko = form.name_ko.data or ""
    user.name_en = form.name_en.data or user.name_ko
    user.department_id = form.department.data


@blueprint.route("/people/<int:user_id>/grant", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def grant(user_id: int) -> ResponseReturnValue:
    """Give a person a role."""
    user = fetch_or_404(User, user_id)
    form = GrantForm()
    _offer_modules(form)
    if save(form, lambda: actions.grant(user, form.role.data, form.module.data or None)):
        flash(gettext("The role is given."), "success")
        return redirect(url_for(".show", user_id=user.id), 303)
    return render_template("accounts/grant.html", form=form, user=user), form.http_status


@blueprint.route("/people/<int:user_id>/grants/<int:grant_id>/end", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def end_grant(user_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role back."""
    user = fetch_or_404(User, user_id)
    granted = fetch_or_404(Grant, grant_id)
    if granted.user_id != user.id:
        abort(404)
    form = Form()
    if save(form, lambda: actions.end_grant(granted)):
        flash(gettext("The role has ended."), "success")
        return redirect(url_for(".show", user_id=user.id), 303)
    return confirm(
        form,
        user,
        gettext("End the role %(role)s?", role=granted.role.label),
        gettext("The person loses it with their next click. The record of it stays."),
        gettext("End the role"),
    )


@blueprint.route("/people/<int:user_id>/reset", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def reset(user_id: int) -> ResponseReturnValue:
    """Give a person a new one-time password. It is shown on this answer and nowhere else; sent again, it is refused."""
    user = fetch_or_404(User, user_id)
    form = ResetForm(data={"before": str(user.version)})
    shown: list[str] = []

    def give() -> None:
        if form.before.data != str(user.version):
            # What was sent before stays as it was; the page now asks about the present state.
            form.before.data = str(user.version)
            raise RuleBroken(
                _l("Nothing was done: the password was reset just now, or the person was changed. Check, then reset.")
            )
        shown.append(actions.give_one_time_password(user))

    if save(form, give):
        return render_template("accounts/one_time_password.html", user=user, password=shown[0])
    return confirm(
        form,
        user,
        gettext("Reset the password of %(name)s?", name=user.name),
        gettext("The person is signed out everywhere and gets a one-time password that lasts 72 hours."),
        gettext("Reset the password"),
    )


@blueprint.route("/people/<int:user_id>/active", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def active(user_id: int) -> ResponseReturnValue:
    """Let a person sign in, or stop it."""
    user = fetch_or_404(User, user_id)
    form = Form()
    # The wish stands in the address, so that sending the same page twice does not undo it.
    wanted = request.args.get("wanted", "closed" if user.active else "open") == "open"
    if save(form, lambda: actions.set_active(user, active=wanted)):
        flash(gettext("The account is open.") if wanted else gettext("The account is closed."), "success")
        return redirect(url_for(".show", user_id=user.id), 303)
    if wanted:
        question, effect = gettext("Open the account of %(name)s?", name=user.name), gettext("They can sign in again.")
        return confirm(form, user, question, effect, gettext("Open the account"))
    question = gettext("Close the account of %(name)s?", name=user.name)
    effect = gettext("They are signed out at once and cannot sign in. What they did stays under their name.")
    return confirm(form, user, question, effect, gettext("Close the account"))


def confirm(form: Form, user: User, question: str, effect: str, act: str) -> ResponseReturnValue:
    """The page that asks before an act upon a person, and says what it does."""
    page = render_template("accounts/confirm.html", form=form, user=user, question=question, effect=effect, act=act)
    return page, form.http_status


@blueprint.get("/departments")
@requires(Action.ADMINISTER)
def department_list() -> ResponseReturnValue:
    """The bureaus, divisions and teams of the office, past ones too."""
    found = departments()
    above = {row.id: row.name for row in found}
    return render_template("accounts/departments.html", departments=found, above=above)


@blueprint.route("/departments/new", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def create_department() -> ResponseReturnValue:
    """Add a division or team."""
    return _department(Department(sample=False), DepartmentForm())


@blueprint.route("/departments/<int:department_id>", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def edit_department(department_id: int) -> ResponseReturnValue:
    """Change a division or team, or close it."""
    department = fetch_or_404(Department, department_id)
    values = {
        name: getattr(department, name) for name in ("code", "kind", "name_ko", "name_en", "valid_from", "valid_to")
    }
    form = DepartmentForm(
        data={
            **values,
            "version": str(department.version),
            "parent": department.parent_id,
            "successor": department.successor_id,
        },
        own_id=department.id,
    )
    return _department(department, form)


def _department(department: Department, form: DepartmentForm) -> ResponseReturnValue:
    def keep() -> None:
        department.code, department.kind = form.code.data or "", form.kind.data
        department.name_ko = form.name_ko.data or ""
        department.name_en = form.name_en.data or department.name_ko
        department.parent_id, department.successor_id = form.parent.data, form.successor.data
        department.valid_from, department.valid_to = form.valid_from.data, form.valid_to.data
        actions.check_department(department)
        db.session.add(department)

    if save(form, keep, version=str(department.version or "")):
        flash(gettext("The changes are saved."), "success")
        return redirect(url_for(".department_list"), 303)
    changes = history(changes_of({"department": [department.id]}) if department.id else ())
    page = render_template("accounts/department.html", form=form, department=department, history=changes)
    return page, form.http_status
