"""What officers enter about New Deal projects, and how the lists are narrowed."""

from typing import Any

from sqlalchemy import ColumnElement
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from districtops import clock
from districtops.kit.filters import ANY, YearField, YesNoField
from districtops.kit.forms import (
    NOT_LISTED,
    DayField,
    EnumField,
    Form,
    IdField,
    QuantityField,
    VersionedForm,
    WholeNumberField,
    WonField,
    choices,
    require,
    text_field,
)
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import FundingKind, Payer, Program, search
from districtops.models.queries import departments, departments_on, officers
from districtops.new_deal import queries
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.models import Category, Concern, ContestSelection, Project, Status
from districtops.new_deal.rules import ProjectType, Stage, Verb


class ProjectFilter(FilterForm):
    """How the list of projects is narrowed."""

    fiscal_year = YearField(_l("Fiscal year"))
    category = EnumField(_l("Category"), Category, blank=ANY)
    stage = EnumField(_l("Stage"), Stage, blank=ANY)
    status = SelectField(
        _l("Status"),
        choices=choices([*((s.value, s.label) for s in Status), ("none", _l("Not reported"))], ANY),
        invalid_choice_message=NOT_LISTED,
        default="",
    )
    department = IdField(_l("Department"), required=False, blank=ANY)
    programme = IdField(_l("Annual programme"), required=False, blank=ANY)
    named = YesNoField(_l("Named in the announcement"), _l("named"), _l("not named"))
    amount = YesNoField(_l("Amount"), _l("stated"), _l("not stated"))
    sample = YesNoField(_l("Sample rows"), _l("only sample"), _l("without sample"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = {programme.fiscal_year for programme in queries.programmes()}
        if isinstance(self.fiscal_year.data, int):
            years.add(self.fiscal_year.data)
        self.fiscal_year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)
        self.department.offer([(0, str(_l("Not stated"))), *((row.id, row.name) for row in departments())])
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in queries.programmes())

    def partition(self, order: str) -> list[ColumnElement[bool]]:
        """The year stands in front of every index that orders the list, and each filter before the codes: these begin
        with the year, so that a walk along them might meet what is true of this year alone at its very end."""
        if self.fiscal_year.data is not None:
            return [ProjectFigures.fiscal_year == self.fiscal_year.data]
        return self._equal()[:1] if order == "code" else []

    def _equal(self) -> list[ColumnElement[bool]]:
        equal = (
            (self.programme, ProjectFigures.programme_id),
            (self.category, ProjectFigures.category),
            (self.stage, ProjectFigures.stage),
            (self.named, ProjectFigures.named),
            (self.sample, ProjectFigures.sample),
        )
        found: list[ColumnElement[bool]] = [column == f.data for f, column in equal if f.data is not None]
        if self.status.data:
            reported = None if self.status.data == "none" else Status(self.status.data)
            found.append(ProjectFigures.status == reported)
        if self.department.data is not None:
            found.append(ProjectFigures.department_id == (self.department.data or None))
        return found

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found = self._equal()
        if self.q.data:
            texts = (ProjectFigures.title_en, ProjectFigures.title_ko, ProjectFigures.code)
            found.append(search.named(self.q.data, ProjectFigures.program_id, *texts))
        if self.amount.data is not None:
            budget = ProjectFigures.budget_won
            found.append(budget.is_not(None) if self.amount.data else budget.is_(None))
        return found


class ContestFilter(FilterForm):
    """How the list of contest selections is narrowed."""

    year = YearField(_l("Year of selection"))
    programme = IdField(_l("Annual programme"), required=False, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = queries.programmes()
        years = {programme.fiscal_year for programme in programmes} | {self.year.data or clock.today().year}
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in programmes)
        self.year.choices = choices(((str(y), str(y)) for y in sorted(years, reverse=True)), ANY)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.q.data:
            found.append(search.named(self.q.data, Program.id, Program.title_en, Program.title_ko, Program.code))
        if self.year.data is not None:
            found.append(ContestSelection.year == self.year.data)
        if self.programme.data is not None:
            found.append(Project.programme_id == self.programme.data)
        return found


TYPE_HELP = _l("The type decides which stages the project walks through.")


class ProjectForm(VersionedForm):
    """A project as it is filed and kept; its money is entered once here and changed by decisions later."""

    title = text_field(_l("Name of the project"), 200)
    title_other = text_field(
        _l("Name in the other language"), 200, required=False, description=_l("Leave it empty to show the name above.")
    )
    programme = IdField(_l("Annual programme"), blank=_l("Choose a year"))
    category = EnumField(_l("Category"), Category, blank=_l("Choose a category"), validators=[InputRequired()])
    type = EnumField(_l("Type"), ProjectType, blank=_l("Not stated"), validators=[Optional()], description=TYPE_HELP)
    concern = EnumField(_l("Serves"), Concern, blank=_l("Not stated"), validators=[Optional()])
    department = IdField(_l("Department in charge"), required=False, blank=_l("Not stated"))
    officer = IdField(_l("Officer in charge"), required=False, blank=_l("Not stated"))
    purpose = TextAreaField(_l("Purpose"), validators=[Optional(), Length(max=2000)])
    location = text_field(_l("Place"), 200, required=False)
    starts_on = DayField(_l("Starts"))
    ends_on = DayField(_l("Ends"))
    status = EnumField(_l("Status"), Status, blank=_l("Not reported"), validators=[Optional()])
    named = BooleanField(_l("Named in the announcement"))
    kpi_name = text_field(
        _l("Performance indicator"), 200, required=False, description=_l("What shows that the project worked.")
    )
    kpi_unit = text_field(_l("Unit of the indicator"), 40, required=False)
    kpi_base = QuantityField(_l("Base value"))
    kpi_target = QuantityField(_l("Target value"))
    kpi_actual = QuantityField(_l("Actual value"))

    def __init__(self, *args: Any, department_id: int | None = None, officer_id: int | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in queries.programmes())
        self.department.offer(departments_on(clock.today(), also=department_id))
        self.officer.offer(officers(also=officer_id))


AMOUNT_HELP = _l("Written as you are used to: 12억, 211,600천원 or 1,200,000,000.")


class NewProjectForm(ProjectForm):
    """A new project, with its original budget by payer."""

    type = EnumField(
        _l("Type"), ProjectType, blank=_l("Choose a type"), validators=[InputRequired()], description=TYPE_HELP
    )
    original_national = WonField(_l("National funds"), description=AMOUNT_HELP)
    original_city = WonField(_l("City funds"))
    original_district = WonField(_l("District funds"))
    original_private = WonField(_l("Private funds"))
    original_other = WonField(_l("Other funds"))

    def money(self) -> dict[Payer, int]:
        """Won by payer, of those that were filled in."""
        fields = {
            Payer.NATIONAL: self.original_national,
            Payer.CITY: self.original_city,
            Payer.DISTRICT: self.original_district,
            Payer.PRIVATE: self.original_private,
            Payer.OTHER: self.original_other,
        }
        return {payer: field.data for payer, field in fields.items() if field.data is not None}


class StepForm(VersionedForm):
    """One step of a project. The fields that the step does not ask for are left out."""

    on_date = DayField(_l("On"), required=True)
    detail = text_field(_l("Particulars"), 300, required=False)
    amount_won = WonField(_l("Amount"))
    result = QuantityField(_l("Actual value of the indicator"))
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=1000)])
    doc_no = text_field(_l("Document number"), 80, required=False)

    def given(self, name: str) -> Any:
        """What was entered, None for a field that the step does not ask for."""
        return self[name].data if name in self else None

    def ask_for(self, verb: Verb) -> None:
        """Keep what this step needs, under its own words."""
        for name, words in (("detail", verb.detail), ("amount_won", verb.amount), ("reason", verb.reason)):
            if words is None:
                del self[name]
            else:
                self[name].label.text = words
        if not verb.asks_result:
            del self["result"]
        for name in verb.needs:
            require(self[name])


class BudgetForm(Form):
    """A decision about a project's money."""

    payer = EnumField(_l("Payer"), Payer, blank=_l("Choose a payer"), validators=[InputRequired()])
    kind = EnumField(_l("Kind of budget"), FundingKind, blank=_l("Choose a kind"), validators=[InputRequired()])
    amount_won = WonField(
        _l("Amount"), required=True, negative=True, description=_l("A cut or a transfer away is written with a minus.")
    )
    decided_on = DayField(_l("Decided on"))
    doc_no = text_field(_l("Document number"), 80, required=False)
    reason = TextAreaField(
        _l("Reason"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Needed for every change after the original budget."),
    )


class SpendingForm(Form):
    """Money spent on a day."""

    on_date = DayField(_l("Spent on"), required=True)
    amount_won = WonField(_l("Amount"), required=True)
    note = text_field(_l("For"), 300, required=False)
    doc_no = text_field(_l("Document number"), 80, required=False)


class ReversalForm(Form):
    """Why an entry of the ledger is taken back."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class ProgrammeForm(VersionedForm):
    """What was announced for one year of the New Deal."""

    fiscal_year = WholeNumberField(_l("Fiscal year"), validators=[InputRequired(), NumberRange(min=2000, max=2100)])
    name = text_field(_l("Name of the programme"), 120)
    name_other = text_field(
        _l("Name in the other language"), 120, required=False, description=_l("Leave it empty to show the name above.")
    )
    started_year = WholeNumberField(_l("Running since"), validators=[Optional(), NumberRange(min=1990, max=2100)])
    parent_policy = StringField(_l("Parent policy"), validators=[Optional(), Length(max=200)])
    planned_count = WholeNumberField(
        _l("Planned number of projects"), validators=[Optional(), NumberRange(min=0, max=100_000)]
    )
    planned_won = WonField(_l("Planned money"))
    rounding_won = WonField(
        _l("Printed to the nearest"),
        description=_l("The step to which the announced amount was rounded, such as 1억. Empty when it is exact."),
    )
    announced_on = DayField(_l("Announced on"))
    status_on = DayField(
        _l("Status words as of"), description=_l("Only when the status of the projects is from an earlier report.")
    )
    early_rate = QuantityField(
        _l("Target of early execution in percent"),
        description=_l("Which part of the budget is to be spent by 30 June. Enter this or the amount, not both."),
    )
    early_won = WonField(_l("Target of early execution as an amount"))
