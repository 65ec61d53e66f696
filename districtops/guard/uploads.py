"""How much a request may send: little, except to a view that takes files, and there only for who may use it.

The limit must be raised before anything reads the form, which the check of the form's token does first. It is raised
after access was granted, so that a stranger cannot make the server read more than a form.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

MOST_AT_ONCE = 64 * 1024 * 1024
"""Bytes of one request with files: a walk's worth of pictures, or three of the largest files."""

View = TypeVar("View", bound=Callable[..., object])


def with_files(view: View) -> View:
    """Mark a view: its form sends files."""
    view.with_files = True  # type: ignore[attr-defined]
    return view


def takes_files(endpoint: str) -> bool:
    """Whether the endpoint's view takes files."""
    return getattr(current_app.view_functions[endpoint], "with_files", False)


def raise_limit() -> None:
    """Let a request to a view that takes files send them. Runs after access was granted."""
    if request.endpoint is not None and takes_files(request.endpoint):
        request.max_content_length = MOST_AT_ONCE
