"""What people enter about the end of a year, and how its list is narrowed."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from districtops import clock
from districtops.kit.filters import ANY, YearField, YesNoField
from districtops.kit.forms import DayField, EnumField, Form, IdField, VersionedForm, WonField, choices, text_field
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import search
from districtops.models.queries import departments
from districtops.new_deal import queries
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.year_end.rules import (
    PARTS,
    UNDER_SPEND,
    WHOLE,
    CarryKind,
    Outlook,
    Reason,
    straight_limit,
)


class DecisionForm(VersionedForm):
    """A year-end decision as a draft."""

    carry_won = WonField(_l("Carried to next year"), required=True, description=_l("0 where nothing is carried over."))
    carry_kind = EnumField(
        _l("Kind of carry-over"), CarryKind, blank=_l("Nothing is carried over"), validators=[Optional()]
    )
    return_won = WonField(
        _l("To be returned"),
        required=True,
        description=_l("What goes back to whoever granted it. 0 where nothing is returned; the rest is unused."),
    )
    reason_code = EnumField(_l("Why money is left"), Reason, blank=_l("Choose a reason"), validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=1000)])
    decided_on = DayField(_l("Decided on"), required=True)
    doc_no = text_field(_l("Document number"), 80, required=False)


class ConfirmationForm(VersionedForm):
    """The confirmation of a draft."""

    doc_no = text_field(_l("Document number"), 80, required=False)


class WithdrawalForm(Form):
    """Why a decision is withdrawn."""

    reason = TextAreaField(_l("Reason for the withdrawal"), validators=[DataRequired(), Length(max=1000)])


def leads_to(outlook: Outlook) -> ColumnElement[bool]:
    """The projects whose projection, as of today, leads there (year_end.rules.outlook), by the shares that are kept."""
    today = clock.today()
    year, straight, payment = ProjectFigures.fiscal_year, ProjectFigures.straight_share, ProjectFigures.payment_share
    percent = UNDER_SPEND if outlook is Outlook.UNDER else WHOLE
    whole, now = percent * PARTS // 100, straight_limit(percent, today)
    if outlook is Outlook.UNDER:
        return or_(
            payment < whole,
            and_(year < today.year, straight < whole),
            and_(year == today.year, straight < now),
        )
    return or_(
        payment > whole,
        and_(year < today.year, straight > whole),
        and_(year == today.year, straight > now),
    )


class YearEndFilter(FilterForm):
    """How the year-end list is narrowed."""

    fiscal_year = YearField(_l("Fiscal year"))
    department = IdField(_l("Department"), required=False, blank=ANY)
    outlook = EnumField(_l("Projection"), Outlook, blank=ANY)
    carry = EnumField(_l("Kind of carry-over"), CarryKind, blank=ANY)
    programme = IdField(_l("Annual programme"), required=False, blank=ANY)
    decided = YesNoField(_l("Decision"), _l("confirmed"), _l("undecided only"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = {programme.fiscal_year for programme in queries.programmes()}
        years.add(self.fiscal_year.data or clock.today().year)
        self.fiscal_year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in queries.programmes())
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
        if self.department.data is not None:
            found.append(ProjectFigures.department_id == (self.department.data or None))
        if self.programme.data is not None:
            found.append(ProjectFigures.programme_id == self.programme.data)
        if self.outlook.data is not None:
            found.append(leads_to(self.outlook.data))
        if self.carry.data is not None:
            found.append(ProjectFigures.carry_kind == self.carry.data)
        if self.decided.data is not None:
            found.append(ProjectFigures.decided == self.decided.data)
        return found
