"""Since when the weekly list tells."""

from districtops.kit.forms import DayField
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l


class WeekForm(FilterForm):
    """From which day results and changes are told."""

    since = DayField(_l("Results and changes since"))
