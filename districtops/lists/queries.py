"""Saved views: what one holds, which of them a reader is offered."""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext
from sqlalchemy import func, or_, select
from werkzeug.datastructures import MultiDict

from districtops.kit.columns import Column
from districtops.kit.db import db
from districtops.kit.forms import shown
from districtops.kit.listing import FilterForm, Listing
from districtops.models import SavedView, User

MOST_OF_ONE = 50
"""So many views of one list may one person keep."""
MOST_SHOWN = 200
"""So many are offered, one's own first."""

Query = dict[str, Any]
"""What a view holds: ``filters`` as an address writes them, ``sort``, and the keys of the ``columns``."""


def query_of(listing: Listing, form: FilterForm, columns: Sequence[Column]) -> Query:
    """What the address of a list asks for, always written in the same way; the place in the list is left out."""
    return {
        "filters": {field.name: _written(field.data) for field in form.set_filters()},
        "sort": form.sort.data or listing.default_sort,
        "columns": [column.key for column in columns],
    }


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, enum.Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def arguments(query: Mapping[str, Any]) -> MultiDict[str, str]:
    """A view as the arguments of an address."""
    given = MultiDict(query.get("filters") or {})
    if query.get("sort"):
        given["sort"] = query["sort"]
    if query.get("columns"):
        given["columns"] = ",".join(query["columns"])
    return given


def address(path: str, given: Mapping[str, str]) -> str:
    """The address of a list with arguments."""
    return path + (f"?{urlencode(given, safe=',')}" if given else "")


def known_arguments(listing: Listing, given: MultiDict[str, str]) -> dict[str, str]:
    """What an address says about a list, without the place in it, and without what the list does not know."""
    asked = {name: ",".join(given.getlist(name)) for name in given if hasattr(listing.form, name)}
    left_out = ("after", "before", "header", "encoding")
    return {name: value for name, value in asked.items() if value and name not in left_out}


def views_of(list_name: str, user: User) -> Sequence[SavedView]:
    """The views of a list that somebody is offered: their own, then those that their division shares."""
    offered = [SavedView.owner_id == user.id]
    if user.department_id is not None:
        offered.append(SavedView.department_id == user.department_id)
    return (
        db.session.execute(
            select(SavedView)
            .where(SavedView.list_name == list_name, or_(*offered))
            .order_by(SavedView.owner_id != user.id, SavedView.name, SavedView.id)
            .limit(MOST_SHOWN)
        )
        .scalars()
        .all()
    )


def number_of_own(list_name: str, user: User) -> int:
    """How many views of a list somebody keeps."""
    own = select(func.count(SavedView.id)).where(SavedView.list_name == list_name, SavedView.owner_id == user.id)
    return db.session.execute(own).scalar_one()


def may_change(view: SavedView, user: User) -> bool:
    """Whether somebody may change or remove a view: its owner, and the division of an owner who has left."""
    if view.owner_id == user.id:
        return True
    return not view.owner.active and view.department_id is not None and view.department_id == user.department_id


def in_words(listing: Listing, form: FilterForm, given: MultiDict[str, str]) -> str:
    """The arguments of an address in words: filters, then the order. ``form`` is lent to read them: it is made once."""
    form.process(given)
    words = [f"{field.label.text}: {shown(field, field.data)}" for field in form.set_filters()] or [gettext("All rows")]
    order = listing.order(form)
    if order is not None:
        by = {"column": order.column.label}
        words.append(gettext("by %(column)s, falling", **by) if order.descending else gettext("by %(column)s", **by))
    return " · ".join(words)
