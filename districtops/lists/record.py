"""What the record of changes says about lists: what they are called, and that somebody took rows away as a file."""

from flask import Response, request
from wtforms.fields.core import UnboundField

from districtops.guard import audit
from districtops.guard.history import LISTS
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l


def record_as_list(name: str, title: str, form: type[FilterForm]) -> None:
    """Let the record of changes call a list, or another file, by its title, and its filters by their labels."""
    fields = ((key, getattr(form, key)) for key in dir(form))
    labels = {f.name or key: f.args[0] for key, f in fields if isinstance(f, UnboundField) and f.args}
    LISTS[name] = (title, {**labels, "file": _l("File")})


def filters_set(name: str) -> dict[str, list[None]]:
    """The names of a list's filters that the address sets, as the record of changes keeps them: never what was looked
    for."""
    given = {key for key, value in request.args.items() if value} & LISTS[name][1].keys()
    return {key: [None, None] for key in sorted(given - FilterForm.NOT_FILTERS)}


def note_export(name: str, answer: Response, kind: str) -> Response:
    """Record that rows of a list were taken away as a file, before it is handed out."""
    if answer.status_code < 400:
        audit.note("exported", name, what={**filters_set(name), "file": [None, kind]})
    return answer
