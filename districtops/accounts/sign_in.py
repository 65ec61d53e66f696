"""Coming in and going out: the password, the code of an app where there is one, and ending open sign-ins."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext, refresh

from districtops import clock
from districtops.accounts import actions
from districtops.accounts.forms import CodeForm, SignInForm
from districtops.accounts.queries import demonstration_accounts
from districtops.accounts.views import blueprint, here_only, person_signed_in
from districtops.guard import passwords, second_factor
from districtops.guard.access import public, signed_in
from districtops.guard.identity import (
    SignedIn,
    close_one_session,
    close_session,
    close_sessions_of,
    half_signed_in,
    keep_in_silence,
    open_session,
)
from districtops.guard.installation import is_demonstration
from districtops.kit.forms import Form
from districtops.kit.text import _l
from districtops.models import User

REFUSED = _l(
    "The user name and the password do not match, or there were too many attempts. Wait a minute, then check both."
)
CODE_REFUSED = _l("This code is not right, or there were too many attempts. Wait for the next code, then try again.")


@blueprint.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Sign in: the password first, then, for somebody who has an app, its code."""
    half = half_signed_in()
    if half is not None:
        return _ask_for_code(half)
    form = SignInForm()
    if form.validate_on_submit():
        name, password = form.username.data or "", form.password.data or ""
        user = _admitted(name, password)
        if user is not None:
            if passwords.is_outdated(user.password_hash):
                keep_in_silence(user, password_hash=passwords.hashed(password))
            if user.second_factor_seed is None:
                return _let_in(user)
            return _half_in(user)
        passwords.count_failure(name)
        form.refuse(REFUSED)
    accounts = demonstration_accounts() if is_demonstration() else []
    page = render_template(
        "accounts/login.html",
        form=form,
        demo_accounts=accounts,
        demo_password=passwords.DEMONSTRATION if accounts else None,
    )
    return page, form.http_status


def _admitted(name: str, password: str) -> User | None:
    """The person, if everything is right. Every refusal takes the same time and says the same."""
    user = actions.find(name)
    right = passwords.matches(password, user.password_hash if user else None)
    if user is None or not right or not user.active or passwords.is_locked(name):
        return None
    if user.one_time_until is not None and user.one_time_until < clock.now():
        return None
    if password == passwords.DEMONSTRATION and not is_demonstration():
        return None
    return user


def _ask_for_code(half: SignedIn) -> ResponseReturnValue:
    """The second page of signing in. Wrong codes lock the name as wrong passwords do."""
    user = half.user
    form = CodeForm()
    if form.validate_on_submit():
        if not passwords.is_locked(user.username) and second_factor.accepts(half, form.code.data or ""):
            return _let_in(user, passed=True)
        passwords.count_failure(user.username)
        form.refuse(CODE_REFUSED)
    return render_template("accounts/code.html", form=form), form.http_status


def _half_in(user: User) -> ResponseReturnValue:
    # The count of vain attempts stays: else a right password would give five more guesses at the code.
    language = session.get("language")
    open_session(user)
    _keep_language(language)
    return redirect(url_for(".login", next=request.args.get("next")), 303)


def _let_in(user: User, *, passed: bool = False) -> ResponseReturnValue:
    language = session.get("language")
    failures = passwords.forget_failures(user.username)
    open_session(user, failures=failures, passed=passed)
    _keep_language(language)
    if failures:
        refresh()
        flash(
            ngettext(
                "%(num)s attempt to sign in with your name failed before this one. "
                "If it was not you, change your password and tell your administrator.",
                "%(num)s attempts to sign in with your name failed before this one. "
                "If it was not you, change your password and tell your administrator.",
                failures,
            ),
            "warning",
        )
    return redirect(here_only(request.args.get("next")), 303)


def _keep_language(language: str | None) -> None:
    if language:
        session["language"] = language


@blueprint.post("/logout")
@signed_in
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    language = session.get("language")
    close_session()
    _keep_language(language)
    return redirect(url_for(".login"), 303)


@blueprint.post("/account/sign-ins")
@signed_in
def end_sign_ins() -> ResponseReturnValue:
    """End one open sign-in of one's own, or all but the present one."""
    person = person_signed_in()
    wanted = request.form.get("end", "")
    if Form().validate_on_submit():
        if wanted == "others":
            close_sessions_of(person.user, but=person.key)
            flash(gettext("Every other sign-in of yours has ended."), "success")
        elif wanted.isascii() and wanted.isdigit() and len(wanted) <= 9:
            if close_one_session(person.user, int(wanted)):
                flash(gettext("The sign-in has ended."), "success")
            else:
                flash(gettext("This sign-in had ended already."))
    return redirect(url_for(".account"), 303)
