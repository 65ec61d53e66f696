"""Setting up a second factor of one's own, or another one in its place."""

from flask import render_template
from flask.typing import ResponseReturnValue

from districtops.accounts.forms import SecondFactorForm
from districtops.accounts.views import blueprint, person_signed_in
from districtops.guard import passwords
from districtops.guard import second_factor as factor
from districtops.guard.access import signed_in
from districtops.guard.transaction import save
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@signed_in
def second_factor() -> ResponseReturnValue:
    """Show a secret, and put it in force once the app shows its first code.

    The recovery codes stand on the answer to that and nowhere else; sent again, it is refused, because the code
    belongs to a secret that is offered no more.
    """
    person = person_signed_in()
    must = person.must_set_up_second_factor
    form = SecondFactorForm(ask_password=not must)
    offered = factor.offer(person)
    codes: list[str] = []

    def keep() -> None:
        if not must and not passwords.matches(form.current.data or "", person.user.password_hash):
            raise RuleBroken(_l("This is not your present password."), "current")
        codes.extend(factor.set_up(person, offered, form.code.data or ""))

    if save(form, keep):
        return render_template("accounts/recovery_codes.html", codes=codes)
    page = render_template("accounts/second_factor.html", form=form, offered=offered, must=must, user=person.user)
    return page, form.http_status
