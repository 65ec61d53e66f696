"""What officers enter when they request the reports of a month."""

from typing import Any

from flask_babel import lazy_pgettext
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from districtops import clock
from districtops.kit.forms import NOT_LISTED, DayField, Form, IdField, VersionedForm, choices
from districtops.kit.locale import month_name
from districtops.kit.text import _l
from districtops.new_deal import queries
from districtops.new_deal.monthly import rules


class DeadlineForm(VersionedForm):
    """Another deadline of a month, and why."""

    due_on = DayField(_l("New deadline"), required=True, description=_l("The day itself is still in time."))
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class MonthForm(Form):
    """The month whose reports are requested, of which programme, and until when."""

    programme = IdField(_l("Annual programme"), blank=_l("Choose a year"))
    month = SelectField(
        lazy_pgettext("month of a report", "Month"),
        choices=[],
        validators=[InputRequired()],
        invalid_choice_message=NOT_LISTED,
    )
    due_on = DayField(
        _l("Deadline"), required=True, description=_l("The day itself is still in time. Later reports are marked late.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = queries.programmes()
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in programmes)
        today = clock.today()
        first = min((p.fiscal_year for p in programmes), default=today.year)
        months = [month for year in range(first, today.year + 1) for month in rules.months_of(year)]
        begun = [month for month in months if month <= rules.month_of(today)]
        self.month.choices = choices(((month, month_name(month)) for month in reversed(begun)), _l("Choose a month"))
