"""What officers enter about residents' opinions, and how their list is narrowed."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from districtops import clock
from districtops.kit.filters import ANY, YearField
from districtops.kit.forms import DayField, EnumField, IdField, VersionedForm, choices, text_field
from districtops.kit.listing import FilterForm
from districtops.kit.personal import without_contact
from districtops.kit.text import _l
from districtops.models.queries import departments, departments_on
from districtops.new_deal import queries
from districtops.new_deal.opinions.models import Channel, Opinion
from districtops.new_deal.opinions.rules import NEXT, OpinionState


class OpinionForm(VersionedForm):
    """An opinion as it was received, without who gave it."""

    received_on = DayField(_l("Received on"), required=True)
    channel = EnumField(_l("Channel"), Channel, blank=_l("Choose a channel"), validators=[InputRequired()])
    programme = IdField(_l("Annual programme"), blank=_l("Choose a year"))
    project = text_field(
        _l("Code of the project"),
        32,
        required=False,
        description=_l("Such as ND-2022-01. Empty when it is about the programme as a whole."),
    )
    department = IdField(
        _l("Department in charge"),
        required=False,
        blank=_l("Not stated"),
        description=_l("Empty for a project: then its own division."),
    )
    text = TextAreaField(
        _l("Opinion"),
        validators=[DataRequired(), Length(max=2000), without_contact],
        description=_l("What was said, without names, telephone numbers or addresses of residents: none are kept."),
    )

    def __init__(self, *args: Any, department_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in queries.programmes())
        self.department.offer(departments_on(clock.today(), also=department_id))


class OpinionStepForm(VersionedForm):
    """The next step of an opinion."""

    state = EnumField(_l("Step"), OpinionState, blank=_l("Choose the step"), validators=[InputRequired()])
    on_date = DayField(_l("On"), required=True)
    said = TextAreaField(
        _l("Reason, what was done, or the answer"),
        validators=[Optional(), Length(max=1000), without_contact],
        description=_l("May stay empty where the opinion is accepted. Without names of residents."),
    )

    def offer(self, state: OpinionState) -> None:
        """The steps that are open now, and one that was chosen before somebody else took it."""
        open_now = [s for s in OpinionState if s in NEXT[state] or s is self.state.data]
        self.state.choices = choices(((s.value, s.label) for s in open_now), _l("Choose the step"))


class OpinionFilter(FilterForm):
    """How the list of opinions is narrowed."""

    state = EnumField(_l("State"), OpinionState, blank=ANY)
    year = YearField(_l("Fiscal year"))
    programme = IdField(_l("Annual programme"), required=False, blank=ANY)
    department = IdField(_l("Department"), required=False, blank=ANY)
    project = text_field(_l("Code of the project"), 32, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = queries.programmes()
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in programmes)
        self._of_year = [p.id for p in programmes if p.fiscal_year == self.year.data]
        years = {programme.fiscal_year for programme in programmes} | {self.year.data or clock.today().year}
        self.year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)
        self.department.offer([(0, str(_l("Not stated"))), *((row.id, row.name) for row in departments())])

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.state.data is not None:
            found.append(Opinion.state == self.state.data)
        if self.programme.data is not None:
            found.append(Opinion.programme_id == self.programme.data)
        if self.year.data is not None:
            found.append(Opinion.programme_id.in_(self._of_year))
        if self.department.data is not None:
            found.append(Opinion.department_id == (self.department.data or None))
        if self.project.data:
            found.append(Opinion.project_id.in_([p.id for p in queries.projects_coded(self.project.data)]))
        if self.q.data:
            found.append(cast(Opinion.text, String).icontains(self.q.data, autoescape=True))
        return found
