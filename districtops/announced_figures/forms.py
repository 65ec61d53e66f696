"""What officers enter about announced figures, and how the list of them is narrowed."""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Text, type_coerce
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from districtops import clock
from districtops.announced_figures import queries
from districtops.announced_figures.checks import Check, computations, name_of, sources
from districtops.announced_figures.rules import STEPS, Verdict
from districtops.guard.access import Action, may
from districtops.kit.forms import (
    NOT_LISTED,
    DayField,
    EnumField,
    Form,
    IdField,
    VersionedForm,
    WholeNumberField,
    WonField,
    choices,
)
from districtops.kit.listing import FilterForm
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.text import _l
from districtops.kit.won import NotAnAmount, parse_won
from districtops.models import AnnouncedFigure, search
from districtops.models.queries import departments, departments_on
from districtops.registry import MODULES

ANY = _l("Any")
NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?(?P<digits>(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,3})?) ?(%p?|[건개명곳회])?", re.ASCII
)


def read_printed(text: str, unit: FigureUnit) -> Decimal:
    """What was printed, in the unit: ``207억원``, ``+13``, ``95건``, ``68.3%``. Raises ValueError with words
    for whoever typed it."""
    if unit is FigureUnit.WON:
        try:
            return Decimal(parse_won(text))
        except NotAnAmount as problem:
            words = WonField.MESSAGES.get(problem.code, WonField.MESSAGES["unreadable"])
            raise ValueError(str(words)) from problem
    found = NUMBER.fullmatch(text.replace("−", "-"))
    if found is None:
        raise ValueError(str(_l("Write a number such as 139, +13 or 68.3.")))
    number = Decimal(found["digits"].replace(",", ""))
    return -number if found["sign"] == "-" else number


def written(value: Decimal | int | None) -> str:
    """A value as it is typed."""
    return "" if value is None else f"{Decimal(value).normalize():,f}"


class NumberField(WonField):
    """A count, or an amount of money as officers write it: ``125``, ``223억``."""

    @property
    def echo(self) -> None:  # type: ignore[override]
        """Nothing is said back: it need not be money."""
        return


class StepField(SelectField):
    """To what something was printed."""

    def __init__(self, label: str, *, whole: bool = False, **kwargs: Any) -> None:
        offered = [(str(step), name) for step, name in STEPS.items() if not whole or step >= 1]
        super().__init__(
            label,
            choices=choices(offered),
            coerce=_step,
            default=Decimal(1),
            validators=[InputRequired()],
            invalid_value_message=NOT_LISTED,
            invalid_choice_message=NOT_LISTED,
            **kwargs,
        )


def _step(value: Any) -> Decimal:
    text = str(value)
    if not re.fullmatch(r"\d{1,10}(\.\d{1,3})?", text, re.ASCII):
        raise ValueError("not a step")
    return Decimal(text)


def _text_or_none(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


class StatementForm(VersionedForm):
    """A figure as it was announced."""

    statement = TextAreaField(
        _l("Statement"),
        validators=[DataRequired(), Length(max=500)],
        description=_l("The sentence as it was printed, or the part of it that holds the figure."),
    )
    year = WholeNumberField(_l("Year that it speaks of"), validators=[InputRequired(), NumberRange(2000, 2100)])
    measure = EnumField(_l("What it states"), Measure)
    unit = EnumField(_l("Unit"), FigureUnit)
    value = StringField(
        _l("Announced value"),
        validators=[DataRequired(), Length(max=60)],
        description=_l("As it was printed: 139, +13, 68.3 or 207억원. Money is read with its unit, else as won."),
    )
    step = StepField(_l("Rounded to the nearest"), description=_l("20.7 billion won is printed to 0.1 billion."))
    figure = SelectField(
        _l("Figure that it claims to be"),
        coerce=_text_or_none,
        invalid_choice_message=NOT_LISTED,
        description=_l("It is compared with what the rows of this figure say."),
    )
    compared = NumberField(_l("The part, or this year"))
    base = NumberField(_l("The whole, or the year before"))
    base_step = StepField(_l("These two rounded to the nearest"), whole=True)
    as_of = DayField(_l("As-of date"))
    announced_on = DayField(
        _l("Announced on"),
        description=_l("Leave it empty, or enter a day ahead, to check a text before it is printed."),
    )
    source = StringField(_l("Published in"), validators=[Optional(), Length(max=300)])
    department = IdField(_l("Department in charge"), required=False, blank=_l("Not stated"))

    def __init__(self, *args: Any, stored: AnnouncedFigure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            key: f"{module.label} · {source.label}"
            for key, (module, source) in sources().items()
            if may(Action.VIEW, module.name)
        }
        if stored.figure:
            offered.setdefault(stored.figure, name_of(stored.figure))
        self.figure.choices = choices(offered.items(), _l("It claims to be none"))
        self.department.offer(departments_on(clock.today(), also=stored.department_id))
        self.printed = Decimal(0)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is right, the value as a number of its unit."""
        valid: bool = super().validate(extra_validators)
        unit = self.unit.data
        if isinstance(unit, FigureUnit) and self.value.data and not self.value.errors:
            try:
                self.printed = read_printed(self.value.data, unit)
            except ValueError as problem:
                self.value.errors = [*self.value.errors, str(problem)]
                return False
        return valid


class FreezeForm(Form):
    """Why a figure is frozen."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=500)])


class StatementFilter(FilterForm):
    """How announced figures are narrowed."""

    module = SelectField(_l("Module"), coerce=_text_or_none, invalid_choice_message=NOT_LISTED)
    year = SelectField(_l("Year"), coerce=_text_or_none, invalid_choice_message=NOT_LISTED)
    verdict = EnumField(_l("Verdict"), Verdict, blank=ANY)
    department = IdField(_l("Department"), required=False, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {module.name: str(module.label) for module in MODULES if module.figures}
        for key in queries.figures_claimed():
            name = key.partition(".")[0]
            labels.setdefault(name, name)
        self.module.choices = choices(labels.items(), ANY)
        self.year.choices = choices(((str(year), str(year)) for year in queries.years()), ANY)
        self.department.offer((row.id, row.name) for row in departments())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The statements must meet every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.q.data:
            texts = (AnnouncedFigure.statement, AnnouncedFigure.source)
            found.append(search.contains(self.q.data, *(type_coerce(text, Text) for text in texts)))
        if self.module.data:
            found.append(AnnouncedFigure.figure.startswith(f"{self.module.data}.", autoescape=True))
        if self.year.data:
            found.append(AnnouncedFigure.year == int(self.year.data))
        if self.department.data is not None:
            found.append(AnnouncedFigure.department_id == self.department.data)
        if self.verdict.data is not None:
            # No column keeps it: what the rows say may be another thing tomorrow.
            known = computations()
            checks = (Check(row, known) for row in queries.statements())
            found.append(AnnouncedFigure.id.in_([c.statement.id for c in checks if c.verdict is self.verdict.data]))
        return found
