"""What officers enter into a schedule, and how its days are asked for."""

import datetime as dt
from typing import Any

from flask_babel import gettext
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from districtops import clock
from districtops.kit.forms import (
    ClockField,
    DayField,
    EnumField,
    Form,
    IdField,
    VersionedForm,
    text_field,
)
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.playgrounds.places.queries import playgrounds
from districtops.playgrounds.rules import Cause, Kind, State
from districtops.playgrounds.schedule.models import Weekday

ANY = _l("Any")
MOST_DAYS = 1100
"""Three years: more is asked for in parts."""


class EntryForm(VersionedForm):
    """An entry of the schedule. Which fields a kind needs is told by the rules, beside the field."""

    kind = EnumField(_l("Kind"), Kind, blank=_l("Choose the kind"), validators=[InputRequired()])
    reason = TextAreaField(
        _l("Reason"),
        validators=[DataRequired(), Length(max=500)],
        description=_l("Residents read it: on the notice, in the calendar, and when they phone."),
    )
    reason_other = TextAreaField(
        _l("Reason in the other language"),
        validators=[Optional(), Length(max=500)],
        description=_l("For the notice and the calendar in that language. Empty: they show the reason above."),
    )
    cause = EnumField(
        _l("Cause"),
        Cause,
        blank=_l("No cause"),
        validators=[Optional()],
        description=_l("For safety closures, holiday periods, and heat or cold closures."),
    )
    first_on = DayField(_l("From day"), required=True)
    last_on = DayField(_l("To day"), description=_l("Leave it empty until further notice."))
    opens = ClockField(
        _l("From time"),
        description=_l("When it opens; of a closure, when it begins. Leave both empty to close the whole day."),
    )
    closes = ClockField(_l("Until time"), description=_l("The minute itself no longer belongs to it."))
    weekday = EnumField(_l("Day of the week"), Weekday, blank=_l("No single weekday"), validators=[Optional()])
    yearly_from = text_field(
        _l("Each year from"), 5, required=False, description=_l("Month and day, such as 04-01, for hours of a season.")
    )
    yearly_to = text_field(_l("Each year to"), 5, required=False, description=_l("It may lie in the next year."))
    notice_url = text_field(_l("Address of the notice"), 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        web = Regexp(r"https?://[^\s]+", message=str(_l("Write an address that begins with http:// or https://.")))
        self.notice_url.validators = [*self.notice_url.validators, web]


class ApprovalForm(VersionedForm):
    """The approval of a draft as it was shown."""

    doc_no = text_field(_l("Document number"), 80, required=False)


class PublicationForm(Form):
    """Nothing but the wish to publish."""


class WithdrawalForm(Form):
    """Why an entry counts no more."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=500)])


class DaysFilter(FilterForm):
    """Which days are listed: this year's, unless others are asked for."""

    q = HiddenField()
    from_ = DayField(_l("From day"), name="from")
    to = DayField(_l("To day"))
    playground = IdField(_l("Playground"), required=False, blank=ANY)
    state = EnumField(_l("State"), State, blank=ANY)
    known = DayField(_l("As published on"))

    NOT_FILTERS = FilterForm.NOT_FILTERS | {"q"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.playground.offer((playground.id, playground.name) for playground in playgrounds())

    @property
    def first(self) -> dt.date:
        """The first day that is listed."""
        return self.from_.data or dt.date((self.to.data or clock.today()).year, 1, 1)

    @property
    def last(self) -> dt.date:
        """The last day that is listed."""
        return self.to.data or dt.date(self.first.year, 12, 31)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the days are days of the calendar, in order, and few enough to be listed."""
        if not super().validate(extra_validators):
            return False
        if self.last < self.first:
            self.refuse(gettext("The last day lies before the first."), "to")
        elif (self.last - self.first).days >= MOST_DAYS:
            self.refuse(gettext("Ask for at most three years at once."), "to")
        return not self.errors


class QuestionForm(FilterForm):
    """Is it open then? A day, and a time of it where that matters."""

    q = HiddenField()
    on = DayField(_l("Day"))
    at = ClockField(_l("Time"))
