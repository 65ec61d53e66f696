"""What the guides' log holds, and how the list of days is narrowed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from districtops.kit.forms import (
    NOT_LISTED,
    ClockField,
    DayField,
    EnumField,
    Form,
    IdField,
    VersionedForm,
    WholeNumberField,
    choices,
)
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.playgrounds.calendar.queries import year_of
from districtops.playgrounds.places.models import Zone
from districtops.playgrounds.places.queries import playgrounds
from districtops.playgrounds.use.models import DayLog, IncidentKind
from districtops.playgrounds.use.queries import log_years

ANY = _l("Any")


class NewLogForm(Form):
    """The day of a new log."""

    on_date = DayField(_l("Day"), required=True)


class LogForm(VersionedForm):
    """A day of the log; the fields of its hours are added for its zones."""

    opened_at = ClockField(_l("Opened at"))
    closed_at = ClockField(_l("Closed at"))
    note = TextAreaField(_l("Note"), validators=[Optional(), Length(max=1000)])


def log_form(zones: Sequence[Zone], hours: Iterable[int]) -> type[LogForm]:
    """A log's form with two numbers, visitors and dogs, for each zone and hour."""
    fields: dict[str, Any] = {}
    for hour in hours:
        for zone in zones:
            for name, label in (("visitors", _l("Visitors")), ("dogs", _l("Dogs"))):
                fields[f"{name}_{zone.id}_{hour}"] = WholeNumberField(
                    f"{label} · {zone.name} · {hour:02}:00", validators=[Optional(), NumberRange(min=0, max=9999)]
                )
    return type("LogFormOfZones", (LogForm,), fields)


class IncidentForm(VersionedForm):
    """An incident of a day."""

    kind = EnumField(_l("Kind"), IncidentKind, blank=_l("Choose the kind"), validators=[InputRequired()])
    at_time = ClockField(_l("At"))
    zone_id = IdField(_l("Zone"), required=False, blank=_l("Not stated"))
    description = TextAreaField(
        _l("What happened"),
        validators=[DataRequired(), Length(max=2000)],
        description=_l("Without names and numbers of people."),
    )
    mistaken = BooleanField(_l("Entered by mistake"), description=_l("It stays readable and is not counted."))


def _year(value: Any) -> int | None:
    if value in (None, "", "None"):
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise ValueError("not a year")
    return int(text)


class LogFilter(FilterForm):
    """How the list of logged days is narrowed."""

    playground = IdField(_l("Playground"), required=False, blank=ANY)
    year = SelectField(
        _l("Year"), choices=[], coerce=_year, invalid_value_message=NOT_LISTED, invalid_choice_message=NOT_LISTED
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.playground.offer((playground.id, playground.name) for playground in playgrounds())
        self.year.choices = choices(((str(year), str(year)) for year in log_years()), ANY)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.playground.data is not None:
            found.append(DayLog.playground_id == self.playground.data)
        if self.year.data is not None:
            found.append(DayLog.on_date.between(*year_of(self.year.data)))
        if self.q.data:
            found.append(cast(DayLog.note, String).icontains(self.q.data, autoescape=True))
        return found
