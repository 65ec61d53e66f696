"""What people enter about the ways in which they look at lists."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Length, Optional

from districtops.kit.forms import Form, choices, text_field
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.models import SavedView

CHANGED_MEANWHILE = _l("This view was changed or removed since you opened the page. Look at it again first.")


class ColumnsForm(Form):
    """Which columns of a list are shown: now, or from now on."""

    columns = SelectMultipleField(choices=[])
    query = HiddenField()
    act = SelectField(choices=choices([("show", ""), ("keep", ""), ("usual", "")]), default="show")

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.columns.choices = [(column.key, str(column.label)) for column in listing.columns]


class ViewForm(Form):
    """A view to be kept: a new one, or one that it takes the place of."""

    query = HiddenField()
    name = text_field(_l("Name of the view"), 80)
    instead = SelectField(
        _l("Save as"), choices=[], default="", invalid_choice_message=CHANGED_MEANWHILE, validators=[Optional()]
    )
    shared = BooleanField(_l("Share with my division"))

    def __init__(self, own: Iterable[SavedView], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # With their versions: a view that was changed in another tab is not among them any more.
        self.instead.choices = choices(((view.token, view.name) for view in own), _l("A new view"))


class RemoveViewForm(Form):
    """A view that is not needed any more."""

    remove = SelectField(choices=[], invalid_choice_message=CHANGED_MEANWHILE, validators=[Length(max=40)])

    def __init__(self, changeable: Sequence[SavedView]) -> None:
        super().__init__()
        self.remove.choices = choices((view.token, view.name) for view in changeable)
