"""What officers and managers enter about a monthly report, and how the list of reports is narrowed."""

from typing import Any

from flask_babel import lazy_pgettext
from sqlalchemy import ColumnElement
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from districtops.kit.filters import ANY, YearField
from districtops.kit.forms import (
    NOT_LISTED,
    EnumField,
    Form,
    IdField,
    QuantityField,
    VersionedForm,
    WonField,
    choices,
)
from districtops.kit.listing import FilterForm
from districtops.kit.locale import month_name
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import Program, search
from districtops.models.queries import departments, officers
from districtops.new_deal import queries as new_deal
from districtops.new_deal.monthly import queries, rules
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft, ReportMonth
from districtops.new_deal.monthly.rules import State, Written

MISSING, UNCONFIRMED = "missing", "unconfirmed"
"""Filters of states that belong together: nothing was reported yet; nothing is confirmed yet."""


class DraftForm(VersionedForm):
    """What an officer reports of a month. A draft may have gaps; a report that is submitted may not."""

    progress = QuantityField(_l("Progress"), description=_l("Of the whole project, from 0 to 100."))
    spent_won = WonField(
        _l("Spent by the end of the month"),
        description=_l("All money spent up to the last day of the month. The ledger’s balance is filled in."),
    )
    issue = TextAreaField(_l("Issue"), validators=[Optional(), Length(max=1000)])
    counter_measure = TextAreaField(
        _l("Counter-measure"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Needed where an issue is named: what is done about it, by whom, until when."),
    )
    next_step = TextAreaField(_l("Next step"), validators=[Optional(), Length(max=1000)])

    def written(self, before: ReportDraft | None) -> Written:
        """What was entered; words that did not change keep both languages."""
        words = {
            name: Words.written(self[name].data, getattr(before, name, None))
            for name in ("issue", "counter_measure", "next_step")
        }
        return Written(progress=self.progress.data, spent_won=self.spent_won.data, **words)


class SeenForm(Form):
    """An act on what a page showed: it is refused where that has changed since."""

    seen = HiddenField()


class Verdict(LabelledEnum):
    """What a manager decides."""

    CONFIRM = "confirm", _l("Confirm the figures")
    RETURN = "return", _l("Return to the officer")


class DecisionForm(SeenForm):
    """What a manager decides about a submitted report."""

    verdict = EnumField(_l("Confirm or return"), Verdict, blank=_l("Choose the decision"), validators=[InputRequired()])
    reason = TextAreaField(
        _l("Reason or remark"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Needed for a report that is returned: what is to be changed."),
    )


class ReopenForm(Form):
    """Why something that was closed is opened again."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class ReportFilter(FilterForm):
    """How the list of reports is narrowed."""

    month = SelectField(
        lazy_pgettext("month of a report", "Month"), choices=[], invalid_choice_message=NOT_LISTED, default=""
    )
    year = YearField(_l("Year"))
    state = SelectField(
        _l("State"),
        choices=choices(
            [
                *((state.value, state.label) for state in State),
                (MISSING, _l("Not reported yet")),
                (UNCONFIRMED, _l("Not confirmed yet")),
            ],
            ANY,
        ),
        invalid_choice_message=NOT_LISTED,
        default="",
    )
    department = IdField(_l("Department"), required=False, blank=ANY)
    officer = IdField(_l("Officer"), required=False, blank=ANY)
    programme = IdField(_l("Annual programme"), required=False, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = queries.months()
        self.month.choices = choices(((month, month_name(month)) for month in months), ANY)
        self.year.choices = choices(((y, y) for y in sorted({month[:4] for month in months}, reverse=True)), ANY)
        self.department.offer([(0, str(_l("Not stated"))), *((row.id, row.name) for row in departments())])
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in new_deal.programmes())
        self.officer.offer([(0, str(_l("Not stated"))), *officers(also=self.officer.data)])

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.q.data:
            texts = (Program.title_en, Program.title_ko, Program.code)
            found.append(search.named(self.q.data, MonthlyReport.program_id, *texts))
        if self.month.data:
            found.append(MonthlyReport.month == self.month.data)
        if self.year.data is not None:
            found.append(MonthlyReport.month.between(f"{self.year.data}-01", f"{self.year.data}-12"))
        if self.state.data:
            found.append(MonthlyReport.state.in_(_states(self.state.data)))
        if self.programme.data is not None:
            found.append(ReportMonth.programme_id == self.programme.data)
        if self.department.data is not None:
            found.append(Program.department_id == (self.department.data or None))
        if self.officer.data is not None:
            found.append(Program.officer_id == (self.officer.data or None))
        return found


def _states(name: str) -> list[State]:
    if name == MISSING:
        return sorted(rules.MISSING)
    return [state for state in State if state is not State.CONFIRMED] if name == UNCONFIRMED else [State(name)]
