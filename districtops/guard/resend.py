"""Nothing typed is lost when a sign-in has ended: the form is shown again, to be sent once more.

Only for a form that came from our own pages, which the browser says itself; another site cannot have one prepared.
"""

from urllib.parse import urlsplit

from flask import render_template, request
from flask_wtf.csrf import generate_csrf

NEVER_KEPT = frozenset({"csrf_token", "password", "current", "again", "code"})


def from_our_own_page() -> bool:
    """Whether the browser says that the form was sent by a page of this server."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.host


def typed() -> list[tuple[str, str]]:
    """What was typed, in order, without passwords. Of a form with files nothing: a page cannot carry them."""
    if request.mimetype == "multipart/form-data":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]


def page(title: str, text: str, code: int, *, signed_in: bool) -> tuple[str, int]:
    """The page that carries the form until it can be sent again."""
    shown = render_template(
        "errors/resend.html",
        code=code,
        title=title,
        text=text,
        fields=typed(),
        token=generate_csrf() if signed_in else "",
        signed_in=signed_in,
    )
    return shown, code
