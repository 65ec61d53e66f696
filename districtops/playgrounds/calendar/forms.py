"""What officers enter about public holidays."""

from wtforms.validators import InputRequired, NumberRange

from districtops.kit.forms import DayField, EnumField, Form, VersionedForm, WholeNumberField, text_field
from districtops.kit.text import _l
from districtops.playgrounds.calendar.models import HolidayKind, Occasion
from districtops.playgrounds.calendar.source import FIRST, LAST


def year_field() -> WholeNumberField:
    """A year that may have holidays."""
    return WholeNumberField(_l("Year"), validators=[InputRequired(), NumberRange(min=FIRST, max=LAST)])


class HolidayForm(VersionedForm):
    """A public holiday."""

    on_date = DayField(_l("Day"), required=True)
    name = text_field(_l("Holiday"), 120)
    kind = EnumField(_l("Kind"), HolidayKind, blank=_l("Choose the kind"), validators=[InputRequired()])
    occasion = EnumField(
        _l("Belongs to"),
        Occasion,
        blank=_l("Choose what it belongs to"),
        validators=[InputRequired()],
        description=_l("Only Lunar New Year and Chuseok close a playground; on every other public holiday it is open."),
    )
    source = text_field(_l("Source"), 120, description=_l("The announcement, such as a gazette number."))


class FillForm(Form):
    """The year whose holidays are looked up."""

    year = year_field()


class ConfirmForm(Form):
    """A year that was compared with the official list."""

    year = year_field()
    source = text_field(_l("Compared with"), 120, description=_l("Such as the almanac of the astronomy institute."))
    confirmed_on = DayField(_l("Confirmed on"), required=True)


class ClosuresForm(Form):
    """The year whose holiday periods are drafted."""

    year = year_field()
