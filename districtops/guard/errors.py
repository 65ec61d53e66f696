"""What a visitor sees when something is refused or fails: what happened, what to do, and nothing else."""

import logging
from dataclasses import dataclass

from flask import Flask, g, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.sansio.response import Response

from districtops.guard import resend
from districtops.guard.identity import visitor
from districtops.kit.db import db, writing
from districtops.kit.text import _l

log = logging.getLogger("districtops")

Answer = tuple[str, int] | tuple[str, int, dict[str, str]] | Response


@dataclass(frozen=True)
class Explanation:
    """The words of an error page."""

    title: str
    text: str


EXPLANATIONS = {
    400: Explanation(_l("The request could not be read"), _l("Go back, reload the page and send it again.")),
    403: Explanation(
        _l("You may not do this"),
        _l("Your role does not include it. Ask the administrator of your district if your work needs it."),
    ),
    404: Explanation(
        _l("This page does not exist"),
        _l("The address may be mistyped, or what stood here belongs to another office."),
    ),
    405: Explanation(_l("This address cannot be used like that"), _l("Open it from a page of DistrictOps.")),
    409: Explanation(
        _l("This form was sent before"), _l("What it saved stands already. Open the page again to see it.")
    ),
    413: Explanation(_l("Too much was sent at once"), _l("Shorten the text, or send a smaller file.")),
    500: Explanation(
        _l("Something went wrong on our side"),
        _l("Nothing was saved. Try again; if it happens again, tell the administrator the number below."),
    ),
    503: Explanation(_l("The database is busy"), _l("Nothing was saved. Wait a moment and send it again.")),
}
STALE_FORM = Explanation(
    _l("This form is too old"),
    _l("You were signed out, or signed in again, since it was opened. Open the form again and send it."),
)


def _page(code: int, explanation: Explanation, incident: str | None = None) -> tuple[str, int]:
    page = render_template(
        "errors/error.html", code=code, title=explanation.title, text=explanation.text, incident=incident
    )
    return page, code


def explained(error: HTTPException) -> Answer:
    """The answer to a refusal, in words."""
    if error.response is not None:
        return error.response
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        # It failed after the view, at the commit.
        failed = error.original_exception
        return _busy(failed) if isinstance(failed, OperationalError) else _unforeseen(failed)
    if isinstance(error, SecurityError):
        # A host that is not ours: no address can be built for it, so the page with its links cannot either.
        return str(EXPLANATIONS[400].title), 400
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return _page(code, EXPLANATIONS.get(code, EXPLANATIONS[400 if code < 500 else 500]))


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    if visitor() is not None and resend.from_our_own_page() and resend.typed():
        return resend.page(STALE_FORM.title, gettext("What you typed is kept. Send it again."), 400, signed_in=True)
    return _page(400, STALE_FORM)


def _busy(error: OperationalError) -> Answer:
    if "locked" not in str(error.orig) and "busy" not in str(error.orig):
        return _unforeseen(error)
    db.session.rollback()
    # The page reads for its menu, which needs no writer's place: asking for it would mean waiting in vain once more.
    writing.set(False)
    page, code = _page(503, EXPLANATIONS[503])
    return page, code, {"Retry-After": "5"}


def _unforeseen(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    incident = g.get("request_id")
    log.error("incident %s at %s %s", incident, request.method, request.endpoint, exc_info=error)
    try:
        return _page(500, EXPLANATIONS[500], incident)
    except Exception:
        # The page itself needs the database for its menu; when even that fails, plain words are left.
        log.exception("incident %s: the error page failed too", incident)
        return f"{gettext('Something went wrong on our side')} ({incident})", 500


def init_app(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, explained)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unforeseen)
