"""How the lists of contests are narrowed, and the fields that several forms share."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement
from wtforms import SelectField
from wtforms.validators import NumberRange, Optional

from districtops import clock
from districtops.contest_funds import queries
from districtops.contest_funds.figures import PAYERS, ContestFigures
from districtops.contest_funds.models import Answer, Call, ContestType, LossReason, NoReason, OrganiserKind, Routing
from districtops.contest_funds.rules import State
from districtops.kit.filters import ANY, YearField, YesNoField
from districtops.kit.forms import NOT_LISTED, EnumField, IdField, WholeNumberField, choices
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import Payer, search
from districtops.models.queries import departments

NOT_STATED = _l("Not stated")


def fiscal_year_field() -> WholeNumberField:
    """The fiscal year in which money is spent; empty while no document says."""
    return WholeNumberField(
        _l("Fiscal year of spending"),
        validators=[Optional(), NumberRange(min=2000, max=2100)],
        description=_l("Empty while it is not stated."),
    )


class _ContestYears(FilterForm):
    """Offers the years in which there is anything."""

    def offer_years(self, *fields: Any) -> None:
        known = set(queries.years())
        for field in fields:
            offered = sorted(known | ({field.data} if isinstance(field.data, int) else set()), reverse=True)
            field.choices = choices(((str(year), str(year)) for year in offered or [clock.today().year]), ANY)


class ApplicationFilter(_ContestYears):
    """How the list of applications is narrowed."""

    year = YearField(_l("Year of the application"))
    award_year = YearField(_l("Selected in"))
    result_year = YearField(_l("Decided in"))
    state = EnumField(_l("State"), State, blank=ANY)
    organiser_kind = SelectField(
        _l("Kind of organiser"),
        choices=choices([*((k.value, k.label) for k in OrganiserKind), ("none", NOT_STATED)], ANY),
        invalid_choice_message=NOT_LISTED,
        default="",
    )
    department = IdField(_l("Department"), required=False, blank=ANY)
    applied = YesNoField(_l("Applied"), _l("applied"), _l("not applied"))
    secured = YesNoField(_l("Secured"), _l("secured"), _l("not secured"))
    payer = EnumField(_l("Money of"), Payer, blank=ANY, offered=PAYERS)
    loss = EnumField(_l("Why not selected"), LossReason, blank=ANY)
    named = YesNoField(_l("Named in the announcement"), _l("named"), _l("not named"))
    council = YesNoField(_l("Report to the council"), _l("due"), _l("not due"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_years(self.year, self.award_year, self.result_year)
        self.department.offer([(0, str(NOT_STATED)), *((row.id, row.name) for row in departments())])

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        equal = (
            (self.year, ContestFigures.fiscal_year),
            (self.award_year, ContestFigures.award_year),
            (self.result_year, ContestFigures.result_year),
            (self.state, ContestFigures.state),
            (self.applied, ContestFigures.applied),
            (self.secured, ContestFigures.secured),
            (self.loss, ContestFigures.loss),
            (self.named, ContestFigures.named),
            (self.council, ContestFigures.council_due),
        )
        found: list[ColumnElement[bool]] = [column == field.data for field, column in equal if field.data is not None]
        if self.organiser_kind.data:
            kind = self.organiser_kind.data
            found.append(ContestFigures.organiser_kind == (None if kind == "none" else OrganiserKind(kind)))
        if self.department.data is not None:
            found.append(ContestFigures.department_id == (self.department.data or None))
        if self.payer.data is not None:
            found.append(getattr(ContestFigures, f"{self.payer.data.value}_won") > 0)
        if self.q.data:
            texts = (ContestFigures.title_en, ContestFigures.title_ko)
            found.append(search.named(self.q.data, ContestFigures.program_id, *texts))
        return found


CLOSING = {"14": 14, "30": 30}
"""Days ahead that the list of calls offers."""


class CallFilter(FilterForm):
    """How the list of calls is narrowed."""

    closing = SelectField(
        _l("Closing"),
        choices=choices(
            [
                ("14", _l("within 14 days")),
                ("30", _l("within 30 days")),
                ("open", _l("not closed yet")),
                ("closed", _l("closed")),
            ],
            ANY,
        ),
        invalid_choice_message=NOT_LISTED,
        default="",
    )
    organiser_kind = EnumField(_l("Kind of organiser"), OrganiserKind, blank=ANY)
    type = EnumField(_l("Type of contest"), ContestType, blank=ANY)
    council = YesNoField(_l("Report to the council needed"), _l("needed"), _l("not needed"))

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        equal = (
            (self.organiser_kind, Call.organiser_kind),
            (self.type, Call.type),
            (self.council, Call.council_report),
        )
        found: list[ColumnElement[bool]] = [column == field.data for field, column in equal if field.data is not None]
        today = clock.today()
        if self.closing.data in CLOSING:
            last = today + dt.timedelta(days=CLOSING[self.closing.data])
            found.append(Call.closes_on.between(today, last))
        elif self.closing.data:
            found.append(Call.closes_on < today if self.closing.data == "closed" else Call.closes_on >= today)
        if self.q.data:
            found.append(search.contains(self.q.data, Call.title_en, Call.title_ko))
        return found


class RoutingFilter(FilterForm):
    """How the list of questions to divisions is narrowed."""

    answer = SelectField(
        _l("Answer"),
        choices=choices([*((a.value, a.label) for a in Answer), ("none", _l("Not answered"))], ANY),
        invalid_choice_message=NOT_LISTED,
        default="",
    )
    reason = EnumField(_l("Reason"), NoReason, blank=ANY)
    department = IdField(_l("Department"), required=False, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.offer((row.id, row.name) for row in departments())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.answer.data:
            found.append(Routing.answer == (None if self.answer.data == "none" else Answer(self.answer.data)))
        if self.reason.data is not None:
            found.append(Routing.reason == self.reason.data)
        if self.department.data is not None:
            found.append(Routing.department_id == self.department.data)
        if self.q.data:
            found.append(search.contains(self.q.data, Call.title_en, Call.title_ko))
        return found


class RewardFilter(_ContestYears):
    """How the list of rewards is narrowed."""

    award_year = YearField(_l("Selected in"))
    department = IdField(_l("Department"), required=False, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_years(self.award_year)
        self.department.offer([(0, str(NOT_STATED)), *((row.id, row.name) for row in departments())])

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.award_year.data is not None:
            found.append(ContestFigures.award_year == self.award_year.data)
        if self.department.data is not None:
            found.append(ContestFigures.department_id == (self.department.data or None))
        if self.q.data:
            texts = (ContestFigures.title_en, ContestFigures.title_ko)
            found.append(search.named(self.q.data, ContestFigures.program_id, *texts))
        return found
