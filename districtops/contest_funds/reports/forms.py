"""Since when the weekly list tells."""

from flask_babel import gettext
from wtforms import ValidationError

from districtops import clock
from districtops.kit.forms import DayField
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l


class WeekForm(FilterForm):
    """From which day results and changes are told."""

    since = DayField(_l("Results and changes since"))

    def validate_since(self, field: DayField) -> None:
        """A day that has been."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(gettext("The day must not lie in the future."))
