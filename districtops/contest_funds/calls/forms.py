"""What officers enter about a call, and what a division answers."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from districtops import clock
from districtops.contest_funds.models import Answer, ContestType, NoReason, OrganiserKind
from districtops.kit.forms import DayField, EnumField, Form, IdField, QuantityField, VersionedForm, WonField, text_field
from districtops.kit.text import _l
from districtops.models.queries import departments_on

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.ASCII | re.IGNORECASE)


class CallForm(VersionedForm):
    """A call as its notice states it."""

    title = text_field(_l("Name of the call"), 200)
    title_other = text_field(
        _l("Name in the other language"), 200, required=False, description=_l("Leave it empty to show the name above.")
    )
    organiser = text_field(
        _l("Organiser"), 120, required=False, description=_l("The ministry, the city's division, the foundation.")
    )
    organiser_kind = EnumField(_l("Kind of organiser"), OrganiserKind, blank=_l("Not stated"), validators=[Optional()])
    type = EnumField(_l("Type of contest"), ContestType, blank=_l("Not stated"), validators=[Optional()])
    opens_on = DayField(_l("Opens"))
    closes_on = DayField(_l("Closes"), description=_l("The last day on which an application is taken."))
    max_grant_won = WonField(_l("Maximum grant"))
    matching_percent = QuantityField(
        _l("Matching rate"), description=_l("The share of the total that the district must bring, in percent.")
    )
    council_report = BooleanField(_l("Report to the council needed"))
    doc_no = text_field(_l("Document number"), 80, required=False)
    link = StringField(
        _l("Address of the notice"),
        validators=[Optional(), Length(max=500)],
        description=_l("Kept as text; this office has no way to the internet."),
    )

    def validate_link(self, field: StringField) -> None:
        """An address that a browser could open, and nothing that it would run."""
        if field.data and not WEB_ADDRESS.fullmatch(field.data):
            raise ValidationError(gettext("Write an address that begins with https:// or http://."))

    def validate_matching_percent(self, field: QuantityField) -> None:
        """A rate as offices print it: one decimal."""
        if field.data is not None and field.data != field.data.quantize(Decimal("0.1")):
            raise ValidationError(gettext("Write the rate with at most one decimal."))


class AskForm(Form):
    """Which division is asked."""

    department = IdField(_l("Department"), blank=_l("Choose a division"))

    def __init__(self, *args: Any, asked: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.offer((row_id, name) for row_id, name in departments_on(clock.today()) if row_id not in asked)


class AnswerForm(VersionedForm):
    """What a division answers."""

    answer = EnumField(_l("Answer"), Answer, blank=_l("Choose an answer"), validators=[InputRequired()])
    reason = EnumField(
        _l("Reason"),
        NoReason,
        blank=_l("No reason"),
        validators=[Optional()],
        description=_l("Needed when the division does not apply."),
    )
    reason_text = TextAreaField(_l("Reason in words"), validators=[Optional(), Length(max=1000)])
    answered_on = DayField(_l("Answered on"), required=True)
