"""What kind of thing may you do in this module? Marked on the view, enforced in one place before it runs.

A view without a mark stops the application from starting. Templates ask the same ``may`` that the guard asks, so that
a link is shown exactly where it would be let through.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Flask, abort, current_app, make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from districtops.guard import resend, uploads
from districtops.guard.identity import SignedIn, half_signed_in, visitor
from districtops.models import Role


class Action(StrEnum):
    """Kinds of thing that people do in a module."""

    VIEW = "view"
    EDIT = "edit"
    DECIDE = "decide"
    REQUEST = "request"
    FREEZE = "freeze"
    SCREEN = "screen"
    AUDIT = "audit"
    ADMINISTER = "administer"


ROLES: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.VIEW}),
    Role.OFFICER: frozenset({Action.VIEW, Action.EDIT, Action.REQUEST, Action.FREEZE}),
    Role.MANAGER: frozenset({Action.VIEW, Action.DECIDE, Action.REQUEST, Action.FREEZE}),
    Role.REVIEWER: frozenset({Action.SCREEN}),
    # Not an administrator's: their own doings are the first thing that an auditor asks about.
    Role.AUDITOR: frozenset({Action.VIEW, Action.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Action.ADMINISTER}),
    Role.CITY: frozenset({Action.VIEW}),
}

PUBLIC = "public"
SIGNED_IN = "signed-in"

View = TypeVar("View", bound=Callable[..., object])


def requires(action: Action) -> Callable[[View], View]:
    """Mark a view: the visitor needs a role with this action in the view's module."""
    return lambda view: _mark(view, action)


def public(view: View) -> View:
    """Mark a view that anybody on the network may open."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Mark a view that everybody who is signed in may open, whatever their role."""
    return _mark(view, SIGNED_IN)


def _mark(view: View, mark: str) -> View:
    view.access = mark  # type: ignore[attr-defined]
    return view


def mark_of(app: Flask, endpoint: str) -> str | None:
    """The mark of an endpoint's view, or None where it has none."""
    return getattr(app.view_functions[endpoint], "access", None)


def may(action: Action | str, module: str, who: SignedIn | None = None) -> bool:
    """Whether the visitor (or ``who``) may do this kind of thing in the module."""
    person = visitor() if who is None else who
    if person is None:
        return False
    return any(action in ROLES[role] for role, granted in person.grants if granted in (None, module))


def refuse_unmarked_views(app: Flask) -> None:
    """Raises RuntimeError at start-up, naming every view that does not say who may open it."""
    unmarked = sorted(name for name in app.view_functions if mark_of(app, name) is None)
    if unmarked:
        raise RuntimeError(f"views without @requires, @signed_in or @public: {', '.join(unmarked)}")


def _must_set_up(person: SignedIn) -> bool:
    # One thing after the other: whoever came with a one-time password chooses their own first.
    return person.must_set_up_second_factor and not person.must_choose_password


def enforce() -> Response | None:
    """Let the request through, send it to the sign-in page, or answer 403. Runs before every view."""
    if request.endpoint is None:
        return None
    mark = mark_of(current_app, request.endpoint)
    if mark == PUBLIC:
        return None
    person = visitor()
    if person is None:
        # The sign-in page asks for the code; whoever cannot give it may start again.
        if half_signed_in() is not None and request.endpoint == "accounts.sign_out":
            return None
        if request.method == "POST" and resend.from_our_own_page() and resend.typed():
            return make_response(
                resend.page(
                    gettext("Your sign-in has ended"),
                    gettext("What you typed is kept here. Sign in in a new tab, come back and send it again."),
                    401,
                    signed_in=False,
                )
            )
        # The page of a view that takes files has the form's own address; what was chosen there is chosen anew.
        shows = request.method in ("GET", "HEAD") or uploads.takes_files(request.endpoint)
        here = request.full_path.rstrip("?") if shows else None
        return redirect(url_for("accounts.login", next=here), 303)
    if person.must_choose_password and request.endpoint not in ("accounts.password", "accounts.sign_out"):
        return redirect(url_for("accounts.password"), 303)
    if _must_set_up(person) and request.endpoint not in ("accounts.second_factor", "accounts.sign_out"):
        return redirect(url_for("accounts.second_factor"), 303)
    if mark == SIGNED_IN:
        return None
    module = request.blueprint
    if mark is None or module is None or not may(mark, module, person):
        abort(403)
    return None
