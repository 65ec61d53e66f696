"""What the administrator sets about rewards."""

from wtforms.validators import InputRequired, NumberRange, Optional

from districtops.kit.forms import VersionedForm, WholeNumberField, WonField
from districtops.kit.text import _l


class RuleForm(VersionedForm):
    """A rule for rewards, from a year on."""

    from_year = WholeNumberField(_l("From the year"), validators=[InputRequired(), NumberRange(min=2000, max=2100)])
    base = WholeNumberField(
        _l("Points for each secured contest"), validators=[InputRequired(), NumberRange(min=0, max=10_000)]
    )
    points = WholeNumberField(
        _l("Points for each step of outside money"), validators=[InputRequired(), NumberRange(min=0, max=10_000)]
    )
    step_won = WonField(
        _l("One step"), required=True, description=_l("So much outside money earns the points above, such as 1억.")
    )
    most = WholeNumberField(
        _l("At most, for one contest"),
        validators=[Optional(), NumberRange(min=0, max=1_000_000)],
        description=_l("Empty for no limit."),
    )
