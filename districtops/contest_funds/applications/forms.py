"""What officers enter about an application, and about each of its steps."""

from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from districtops import clock
from districtops.contest_funds.figures import PAYERS
from districtops.contest_funds.forms import NOT_STATED, fiscal_year_field
from districtops.contest_funds.models import LossReason
from districtops.contest_funds.rules import SettleUnit, Verb
from districtops.kit.forms import (
    DayField,
    EnumField,
    Form,
    IdField,
    QuantityField,
    VersionedForm,
    WholeNumberField,
    WonField,
    require,
    text_field,
)
from districtops.kit.text import _l
from districtops.models import Payer
from districtops.models.queries import departments_on, officers

AMOUNT_HELP = _l("Written as you are used to: 12억, 211,600천원 or 1,200,000,000.")


class ApplicationForm(VersionedForm):
    """An application as it is kept. Its state and its money have acts of their own."""

    title = text_field(_l("Name of the contest project"), 200)
    title_other = text_field(
        _l("Name in the other language"), 200, required=False, description=_l("Leave it empty to show the name above.")
    )
    department = IdField(_l("Department in charge"), required=False, blank=NOT_STATED)
    officer = IdField(_l("Officer in charge"), required=False, blank=NOT_STATED)
    purpose = TextAreaField(_l("Purpose"), validators=[Optional(), Length(max=2000)])
    starts_on = DayField(_l("Starts"))
    ends_on = DayField(_l("Ends"))
    total_won = WonField(
        _l("Total cost as stated"), description=_l("With everybody's money, as the notice of the award states it.")
    )
    council_reported_on = DayField(_l("Reported to the council on"))
    lesson = TextAreaField(
        _l("Lesson"),
        validators=[Optional(), Length(max=2000)],
        description=_l(
            "What the next application to such a contest should do otherwise. It is shown with similar calls."
        ),
    )
    several = BooleanField(_l("Stands for several projects"))
    named = BooleanField(_l("Named in the announcement"))

    def __init__(self, *args: Any, department_id: int | None = None, officer_id: int | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.department.offer(departments_on(clock.today(), also=department_id))
        self.officer.offer(officers(also=officer_id))


class NewApplicationForm(Form):
    """An application that may be filed to a call."""

    call = IdField(_l("Call"), blank=_l("Choose a call"))
    title = text_field(_l("Name of the contest project"), 200)
    title_other = text_field(
        _l("Name in the other language"), 200, required=False, description=_l("Leave it empty to show the name above.")
    )
    department = IdField(_l("Department in charge"), required=False, blank=NOT_STATED)
    officer = IdField(_l("Officer in charge"), required=False, blank=NOT_STATED)
    purpose = TextAreaField(_l("Purpose"), validators=[Optional(), Length(max=2000)])

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.department.offer(departments_on(clock.today()))
        self.officer.offer(officers())


class StepForm(VersionedForm):
    """One step of an application. The fields that the step does not ask for are left out."""

    on_date = DayField(_l("On"), required=True)
    requested_won = WonField(_l("Requested"), description=AMOUNT_HELP)
    national_won = WonField(_l("National funds"), description=AMOUNT_HELP)
    city_won = WonField(_l("City funds"))
    private_won = WonField(_l("Private funds"))
    other_won = WonField(_l("Other funds"))
    unstated_won = WonField(_l("Payer not stated"))
    fiscal_year = fiscal_year_field()
    total_won = WonField(
        _l("Total cost as stated"), description=_l("With everybody's money, as the notice of the award states it.")
    )
    loss = EnumField(_l("Why not selected"), LossReason, blank=_l("Choose a reason"), validators=[Optional()])
    settle_within = WholeNumberField(
        _l("Settlement within"),
        validators=[Optional(), NumberRange(min=0, max=3650)],
        description=_l("As the agreement says, counted from the completion. Empty where it says nothing."),
    )
    settle_unit = EnumField(_l("Counted in"), SettleUnit, blank=NOT_STATED, validators=[Optional()])
    returned_won = WonField(_l("Unspent and returned"), description=_l("Enter 0 where nothing was left."))
    interest_won = WonField(_l("Interest returned"))
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=1000)])
    lesson = TextAreaField(
        _l("Lesson"),
        validators=[Optional(), Length(max=2000)],
        description=_l(
            "What the next application to such a contest should do otherwise. It is shown with similar calls."
        ),
    )
    doc_no = text_field(_l("Document number"), 80, required=False)

    ALWAYS = frozenset({"on_date", "reason", "doc_no", "version", "csrf_token"})

    def given(self, name: str) -> Any:
        """What was entered, None for a field that the step does not ask for."""
        return self[name].data if name in self else None

    def ask_for(self, verb: Verb) -> None:
        """Keep what this step asks for, under its own words."""
        for name in [field.name for field in self]:
            if name not in self.ALWAYS | verb.asks:
                del self[name]
        self.reason.label.text = verb.reason
        for name in verb.needs:
            require(self[name])

    def awards(self) -> dict[Payer, int]:
        """Won by payer, of those that were filled in."""
        amounts = {payer: self.given(f"{payer.value}_won") for payer in PAYERS}
        return {payer: amount for payer, amount in amounts.items() if amount is not None}


class SharesForm(VersionedForm):
    """A selection as its notice states it: a total and who pays which part."""

    on_date = DayField(_l("On"), required=True)
    total_won = WonField(_l("Total cost"), required=True, description=AMOUNT_HELP)
    national_percent = QuantityField(_l("National funds"))
    city_percent = QuantityField(_l("City funds"))
    private_percent = QuantityField(_l("Private funds"))
    other_percent = QuantityField(_l("Other funds"))
    district_percent = QuantityField(_l("District funds"))
    fiscal_year = fiscal_year_field()
    doc_no = text_field(_l("Document number"), 80, required=False)

    PARTS = (Payer.NATIONAL, Payer.CITY, Payer.PRIVATE, Payer.OTHER, Payer.DISTRICT)

    def shares(self) -> dict[Payer, Any]:
        """Percent by payer, of those that were filled in."""
        given = {payer: self[f"{payer.value}_percent"].data for payer in self.PARTS}
        return {payer: share for payer, share in given.items() if share is not None}
