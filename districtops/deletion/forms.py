"""What people say when they delete a record or bring it back."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from districtops.kit.forms import Form
from districtops.kit.text import _l

RESTORE = "restore"


class DeletionForm(Form):
    """Why a record is deleted."""

    reason = TextAreaField(
        _l("Reason for the deletion"),
        validators=[DataRequired(), Length(max=1000)],
        description=_l("For a record that was filed by mistake. It stays in the record of changes, with your name."),
    )


class RestorationForm(Form):
    """Says that the record shall come back, so that no form to delete it is ever taken for this one."""

    act = HiddenField(default=RESTORE)
