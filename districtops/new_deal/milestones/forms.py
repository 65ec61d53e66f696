"""What officers enter about milestones, and how their list is narrowed."""

import datetime as dt
from typing import Any

from flask_babel import lazy_pgettext
from sqlalchemy import ColumnElement, and_, func, or_
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from districtops import clock
from districtops.kit.filters import ANY, YearField, YesNoField
from districtops.kit.forms import DayField, EnumField, IdField, VersionedForm, choices, text_field
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import Milestone, Program, search
from districtops.models.queries import departments
from districtops.new_deal import queries
from districtops.new_deal.milestones.rules import Standing


class MilestoneForm(VersionedForm):
    """A dated step."""

    title = text_field(_l("Milestone"), 200)
    due_on = DayField(_l("Due"), required=True)
    done_on = DayField(_l("Done on"))
    reason = TextAreaField(
        _l("Why the date changes"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Needed when another date is set; the first one is kept beside it."),
    )
    given_up = BooleanField(lazy_pgettext("state of a milestone", "Given up"))
    given_up_reason = TextAreaField(_l("Why it is given up"), validators=[Optional(), Length(max=1000)])
    issue = TextAreaField(_l("Issue"), validators=[Optional(), Length(max=1000)])
    countermeasure = TextAreaField(_l("Countermeasure"), validators=[Optional(), Length(max=1000)])


def is_late(today: dt.date) -> ColumnElement[bool]:
    """Milestones that slipped behind their first planned date (milestones.rules.slip above 0)."""
    waited_until = func.coalesce(Milestone.given_up_on, today)
    return or_(
        and_(Milestone.done_on.is_not(None), Milestone.done_on > Milestone.planned_on),
        and_(Milestone.done_on.is_(None), Milestone.due_on >= waited_until, Milestone.due_on > Milestone.planned_on),
        and_(Milestone.done_on.is_(None), Milestone.due_on < waited_until, Milestone.planned_on < waited_until),
    )


class MilestoneFilter(FilterForm):
    """How the list of milestones is narrowed."""

    fiscal_year = YearField(_l("Fiscal year"))
    state = EnumField(_l("State"), Standing, blank=ANY)
    department = IdField(_l("Department"), required=False, blank=ANY)
    late = YesNoField(_l("Behind the first plan"), _l("late only"), _l("not late"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = {programme.fiscal_year for programme in queries.programmes()}
        years.add(self.fiscal_year.data or clock.today().year)
        self.fiscal_year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)
        self.department.offer([(0, str(_l("Not stated"))), *((row.id, row.name) for row in departments())])

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        today = clock.today()
        found: list[ColumnElement[bool]] = []
        if self.q.data:
            found.append(search.named(self.q.data, Program.id, Program.title_en, Program.title_ko, Program.code))
        if self.fiscal_year.data is not None:
            found.append(Program.fiscal_year == self.fiscal_year.data)
        if self.department.data is not None:
            found.append(Program.department_id == (self.department.data or None))
        if self.state.data is Standing.DONE:
            found.append(Milestone.done_on.is_not(None))
        elif self.state.data is Standing.GIVEN_UP:
            found.append(Milestone.given_up_on.is_not(None))
        elif self.state.data is Standing.OVERDUE:
            found += [*queries.WAITED_FOR, Milestone.due_on < today]
        elif self.state.data is Standing.OPEN:
            found += [*queries.WAITED_FOR, Milestone.due_on >= today]
        if self.late.data is not None:
            late = is_late(today)
            found.append(late if self.late.data else ~late)
        return found
