"""What officers enter about indicators, and how their list is narrowed."""

from typing import Any

from sqlalchemy import ColumnElement
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from districtops import clock
from districtops.kit.filters import ANY, YearField
from districtops.kit.forms import DayField, EnumField, Form, IdField, QuantityField, choices
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import search
from districtops.models.queries import departments
from districtops.new_deal import queries
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.indicators.rules import Goal


class NumberNeeded(QuantityField):
    """A number that must be entered; 0 is one."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.validators = [InputRequired()]
        self.flags.required = True


class ReadingForm(Form):
    """A reading of the indicator, or the correction of one."""

    on_date = DayField(_l("Measured on"), required=True)
    value = NumberNeeded(_l("Value"))
    note = TextAreaField(_l("Note"), validators=[Optional(), Length(max=1000)])


class CorrectionForm(ReadingForm):
    """What takes the place of a wrong reading."""

    on_date = DayField(_l("Measured on"), description=_l("Leave it empty where the day was right."))


class IndicatorFilter(FilterForm):
    """How the list of indicators is narrowed."""

    fiscal_year = YearField(_l("Fiscal year"))
    goal = EnumField(_l("Goal"), Goal, blank=ANY)
    department = IdField(_l("Department"), required=False, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = {programme.fiscal_year for programme in queries.programmes()}
        years.add(self.fiscal_year.data or clock.today().year)
        self.fiscal_year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)
        self.department.offer([(0, str(_l("Not stated"))), *((row.id, row.name) for row in departments())])

    def partition(self, order: str) -> list[ColumnElement[bool]]:
        """The year stands in front of every index that orders the list."""
        year = self.fiscal_year.data
        return [] if year is None else [ProjectFigures.fiscal_year == year]

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.q.data:
            texts = (ProjectFigures.title_en, ProjectFigures.title_ko, ProjectFigures.code)
            found.append(search.named(self.q.data, ProjectFigures.program_id, *texts))
        if self.goal.data is not None:
            found.append(ProjectFigures.goal == self.goal.data)
        if self.department.data is not None:
            found.append(ProjectFigures.department_id == (self.department.data or None))
        return found
