"""What officers enter about measures beside the projects, and how their list is narrowed."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from districtops import clock
from districtops.kit.filters import ANY, YearField, YesNoField
from districtops.kit.forms import (
    DayField,
    EnumField,
    IdField,
    VersionedForm,
    WholeNumberField,
    choices,
    text_field,
)
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.new_deal import queries
from districtops.new_deal.support.models import MeasureKind, SupportMeasure


class MeasureForm(VersionedForm):
    """A measure as it is planned."""

    programme = IdField(_l("Annual programme"), blank=_l("Choose a year"))
    kind = EnumField(_l("Kind of measure"), MeasureKind, blank=_l("Choose a kind"), validators=[InputRequired()])
    name = text_field(_l("Support measure"), 200)
    planned_on = DayField(_l("Planned for"), description=_l("Leave what is not known yet empty."))
    place = text_field(_l("Place"), 200, required=False)
    target_group = text_field(_l("Target group"), 200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in queries.programmes())


class HeldForm(VersionedForm):
    """That a measure was held, and what came of it."""

    held_on = DayField(_l("Held on"), required=True)
    participants = WholeNumberField(
        _l("Participants"),
        validators=[Optional(), NumberRange(min=0, max=1_000_000)],
        description=_l("Leave it empty where nobody counted."),
    )
    result = TextAreaField(_l("Result"), validators=[DataRequired(), Length(max=1000)])


class MeasureFilter(FilterForm):
    """How the list of measures is narrowed."""

    year = YearField(_l("Fiscal year"))
    programme = IdField(_l("Annual programme"), required=False, blank=ANY)
    kind = EnumField(_l("Kind of measure"), MeasureKind, blank=ANY)
    held = YesNoField(_l("Held"), _l("held"), _l("planned"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = queries.programmes()
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in programmes)
        self._of_year = [p.id for p in programmes if p.fiscal_year == self.year.data]
        years = {programme.fiscal_year for programme in programmes} | {self.year.data or clock.today().year}
        self.year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.programme.data is not None:
            found.append(SupportMeasure.programme_id == self.programme.data)
        if self.year.data is not None:
            found.append(SupportMeasure.programme_id.in_(self._of_year))
        if self.kind.data is not None:
            found.append(SupportMeasure.kind == self.kind.data)
        if self.held.data is not None:
            held = SupportMeasure.held_on
            found.append(held.is_not(None) if self.held.data else held.is_(None))
        if self.q.data:
            found.append(cast(SupportMeasure.name, String).icontains(self.q.data, autoescape=True))
        return found
