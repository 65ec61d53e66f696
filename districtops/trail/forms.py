"""How auditors narrow the record of changes."""

import datetime as dt
import json
from typing import Any

from sqlalchemy import ColumnElement, String, cast, false, or_
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from districtops.clock import KOREA
from districtops.guard.history import recorded_tables
from districtops.kit.forms import NOT_LISTED, DayField, IdField, WholeNumberField, choices
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import ChangeRecord
from districtops.models.queries import people
from districtops.models.search import contains

ANY = _l("Any")
ACT_NAMES = {
    "added": _l("Added"),
    "changed": _l("Changed"),
    "removed": _l("Removed"),
    "viewed": _l("Viewed"),
    "exported": _l("Exported"),
    "signed in": _l("Signed in"),
    "signed out": _l("Signed out"),
    "sign-ins ended": _l("Open sign-ins ended"),
}
"""The acts of history.ACTS, standing alone."""


def _text_or_none(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


class NumberField(WholeNumberField):
    """The number of a record; one that no database could hold finds nothing."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, validators=[Optional()], **kwargs)


class TrailFilter(FilterForm):
    """Period, person, act, kind of record, its number, words among its values, request. Every one but the words has an
    index; words are looked for in what the others leave."""

    first = DayField(_l("First day"))
    last = DayField(_l("Last day"))
    person = IdField(_l("Person"), required=False, blank=ANY)
    act = SelectField(_l("Act"), coerce=_text_or_none, invalid_value_message=NOT_LISTED)
    table = SelectField(_l("Kind of record"), coerce=_text_or_none, invalid_value_message=NOT_LISTED)
    row = NumberField(_l("Number of the record"))
    request = StringField(_l("Request"), validators=[Length(max=32)])
    program = NumberField(_l("Number of the programme or project"), widget=HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.offer((row.id, row.name) for row in people())
        self.act.choices = choices(((act, name) for act, name in ACT_NAMES.items()), ANY)
        kinds = sorted(recorded_tables().items(), key=lambda pair: pair[1])
        self.table.choices = choices(kinds, ANY)

    def conditions(self) -> list[ColumnElement[bool]]:
        """What the entries must meet."""
        found: list[ColumnElement[bool]] = []
        if self.first.data:
            found.append(ChangeRecord.at >= _begins(self.first.data))
        if self.last.data:
            found.append(ChangeRecord.at < _begins(self.last.data + dt.timedelta(days=1)))
        equal: tuple[tuple[Any, Any], ...] = (
            (self.person, ChangeRecord.actor_id),
            (self.act, ChangeRecord.act),
            (self.table, ChangeRecord.table_name),
            (self.row, ChangeRecord.row_id),
            (self.request, ChangeRecord.request_id),
            (self.program, ChangeRecord.program_id),
        )
        for field, column in equal:
            if field.data not in (None, ""):
                found.append(column == field.data if _storable(field.data) else false())
        row: Any = self.row.data
        if row is not None and not self.table.data:
            # The index begins with the kind.
            found.append(ChangeRecord.table_name.in_(recorded_tables()))
        if self.q.data:
            found.append(_mentions(self.q.data))
        return found


def _begins(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, KOREA)


def _storable(value: str | int) -> bool:
    return isinstance(value, str) or 0 <= value < 2**31


def _mentions(words: str) -> ColumnElement[bool]:
    # JSON keeps every letter beyond ASCII as its number.
    kept = cast(ChangeRecord.changes, String)
    return or_(contains(words, kept), contains(json.dumps(words)[1:-1], kept))
