"""Changing many rows of a list at once: a preview that says how many and which, one confirmation, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from districtops.guard.transaction import save
from districtops.kit.bulk import MOST, BulkChange, BulkForm, Candidate
from districtops.kit.db import db
from districtops.kit.forms import shown
from districtops.kit.listing import Listing
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.lists.queries import address, known_arguments

ALL = "all"
NAMED = 20
"""So many rows are named in sight; the others on opening."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change would do. ``missing`` counts rows that there are no more, ``changed`` holds those that were changed
    by somebody since the preview before this one."""

    ready: Sequence[Candidate]
    skipped: Sequence[Candidate]
    missing: int
    changed: frozenset[int]

    @property
    def in_sight(self) -> Sequence[Candidate]:
        """The first rows that would be changed."""
        return self.ready[:NAMED]

    @property
    def further(self) -> Sequence[Candidate]:
        """The rest of them."""
        return self.ready[NAMED:]


class Chosen:
    """The rows that the request names: ticked ones (``row=5``), all of a filter, or those of a preview with the
    versions that it showed (``row=5:2.1``)."""

    def __init__(self, listing: Listing) -> None:
        sent = request.form if request.method == "POST" else request.args
        self.given = known_arguments(listing, MultiDict(parse_qsl(sent.get("query", ""))))
        self.refusal: str | None = None
        self.versions: dict[int, str] = {}
        if sent.get("rows") == ALL and request.method == "GET":
            self._all_of(listing)
        for token in sent.getlist("row"):
            row_id, _, version = token.partition(":")
            if row_id.isascii() and row_id.isdigit() and len(row_id) <= 9:
                self.versions[int(row_id)] = version
            else:
                self.refusal = gettext("This is not a row of the list. Tick the rows anew.")
        if len(self.versions) > MOST:
            self.versions = {}
            self.refusal = gettext("At most %(most)s rows are changed at once. Set a filter, or tick fewer.", most=MOST)

    def _all_of(self, listing: Listing) -> None:
        filters = listing.form(MultiDict(self.given))
        if not filters.validate():
            self.refusal = gettext("The list does not offer what these filters ask for. Set them again.")
            return
        ids = db.session.execute(listing.places(filters).limit(MOST + 1)).scalars()
        self.versions = dict.fromkeys(ids, "")

    @property
    def ids(self) -> list[int]:
        """The numbers of the rows, always in the same order, so that no two requests wait for each other."""
        return sorted(self.versions)


def page(listing: Listing, list_url: str) -> ResponseReturnValue:
    """Choose a value, look at what it would do, confirm."""
    sent = request.form if request.method == "POST" else request.args
    chosen = Chosen(listing)
    change = next((c for c in listing.bulk if c.key == sent.get("change")), listing.bulk[0])
    form = change.form() if request.method == "POST" else change.form(formdata=request.args)
    preview: list[Preview] = []

    def act() -> None:
        found = _look(change, form, chosen)
        preview.append(found)
        if chosen.refusal or not chosen.versions:
            raise RuleBroken(chosen.refusal or _l("Tick the rows in the list first."))
        if found.changed or found.missing or found.skipped:
            form.stale = True
            raise RuleBroken(
                _l("Rows were changed since the preview. Nothing is changed yet: look at them and confirm again.")
            )
        for candidate in found.ready:
            candidate.change()

    if request.method == "POST" and save(form, act):
        count = len(preview[0].ready)
        flash(ngettext("%(num)s row is changed.", "%(num)s rows are changed.", count), "success")
        return redirect(address(list_url, chosen.given), 303)
    decided = "value" in sent and (request.method == "POST" or form.validate())
    if chosen.refusal and request.method == "GET":
        form.form_errors.append(chosen.refusal)
    shown_page = render_template(
        "lists/bulk.html",
        listing=listing,
        list_url=address(list_url, chosen.given),
        change=change,
        form=form,
        chosen=chosen,
        query=address("", chosen.given)[1:],
        preview=(preview[0] if preview else _look(change, form, chosen)) if decided and not form.value.errors else None,
        becomes=shown(form.value, form.value.data),
        most=MOST,
    )
    wrong = request.method == "GET" and (form.form_errors or form.errors)
    return shown_page, 422 if wrong else form.http_status


def _look(change: BulkChange, form: BulkForm, chosen: Chosen) -> Preview:
    value: Any = form["value"].data
    found = change.look(chosen.ids, value) if chosen.ids else ()
    changed = frozenset(c.row_id for c in found if chosen.versions[c.row_id] not in ("", c.version))
    if request.method == "POST":
        # Sent without its version, a row was never looked at.
        changed |= {c.row_id for c in found if not chosen.versions[c.row_id]}
    return Preview(
        ready=[candidate for candidate in found if candidate.refusal is None],
        skipped=[candidate for candidate in found if candidate.refusal is not None],
        missing=len(chosen.versions) - len(found),
        changed=changed,
    )
