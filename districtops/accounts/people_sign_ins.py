"""What administrators do about the sign-ins of others: end them, and take a lost second factor away."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops.accounts.people import blueprint, confirm
from districtops.accounts.views import person_signed_in
from districtops.guard import second_factor
from districtops.guard.access import Action, requires
from districtops.guard.identity import close_sessions_of
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.forms import Form
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import User


@blueprint.route("/people/<int:user_id>/sign-ins", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def end_sign_ins(user_id: int) -> ResponseReturnValue:
    """End every open sign-in of a person."""
    user = fetch_or_404(User, user_id)
    form = Form()
    if save(form, lambda: close_sessions_of(user)):
        flash(gettext("All sign-ins of %(name)s have ended.", name=user.name), "success")
        return redirect(url_for(".show", user_id=user.id), 303)
    return confirm(
        form,
        user,
        gettext("End all sign-ins of %(name)s?", name=user.name),
        gettext("The person is signed out everywhere at once and may sign in again."),
        gettext("End all sign-ins"),
    )


@blueprint.route("/people/<int:user_id>/second-factor", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def reset_second_factor(user_id: int) -> ResponseReturnValue:
    """Take the second factor of a person away who lost the phone."""
    user = fetch_or_404(User, user_id)
    form = Form()

    def reset() -> None:
        if user.id == person_signed_in().user.id:
            raise RuleBroken(_l("Replace your own second factor on the page of your account."))
        second_factor.reset(user)

    if save(form, reset):
        flash(gettext("The second factor is reset."), "success")
        return redirect(url_for(".show", user_id=user.id), 303)
    return confirm(
        form,
        user,
        gettext("Reset the second factor of %(name)s?", name=user.name),
        gettext("The person is signed out everywhere. Their app and recovery codes are worth nothing from now on."),
        gettext("Reset the second factor"),
    )
