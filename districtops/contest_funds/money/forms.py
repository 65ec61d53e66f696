"""What officers enter about an application's money."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from districtops.contest_funds.applications.forms import AMOUNT_HELP
from districtops.contest_funds.figures import PAYERS
from districtops.contest_funds.forms import fiscal_year_field
from districtops.contest_funds.models import MatchingSource
from districtops.kit.forms import DayField, EnumField, Form, WholeNumberField, WonField, text_field
from districtops.kit.text import _l
from districtops.models import FundingKind, Payer

LESS_HELP = _l("A reduction is written with a minus.")


class AwardForm(Form):
    """A line of outside money."""

    payer = EnumField(_l("Payer"), Payer, blank=_l("Choose a payer"), offered=PAYERS, validators=[InputRequired()])
    fiscal_year = fiscal_year_field()
    amount_won = WonField(_l("Amount"), required=True, negative=True, description=LESS_HELP)
    decided_on = DayField(_l("Decided on"))
    doc_no = text_field(_l("Document number"), 80, required=False)
    reason = TextAreaField(
        _l("Reason"), validators=[Optional(), Length(max=1000)], description=_l("Needed for a reduction.")
    )


class MatchingForm(Form):
    """A line of money beside the award."""

    source = EnumField(_l("Whose money"), MatchingSource, blank=_l("Choose whose"), validators=[InputRequired()])
    fiscal_year = fiscal_year_field()
    amount_won = WonField(_l("Amount"), required=True, negative=True, description=AMOUNT_HELP)
    reason = TextAreaField(
        _l("Reason"), validators=[Optional(), Length(max=1000)], description=_l("Needed for a reduction.")
    )


class WorkForm(Form):
    """Which program spends the award."""

    program = text_field(_l("Project"), 200, description=_l("Its code, such as ND-2022-00012, or a part of its name."))
    kind = EnumField(
        _l("Kind of budget"),
        FundingKind,
        offered=(FundingKind.SUPPLEMENTARY, FundingKind.ORIGINAL),
        default=FundingKind.SUPPLEMENTARY,
    )


class OwnProgramForm(Form):
    """In which fiscal year a program of its own spends the award."""

    fiscal_year = WholeNumberField(
        _l("Fiscal year of spending"), validators=[InputRequired(), NumberRange(min=2000, max=2100)]
    )
