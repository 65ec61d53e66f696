"""What officers enter about a playground and its zones."""

from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from districtops.kit.forms import EnumField, QuantityField, VersionedForm, text_field
from districtops.kit.text import _l
from districtops.playgrounds.places.models import DogSize, Status


class PlaygroundForm(VersionedForm):
    """A playground as residents know it."""

    name = text_field(_l("Name"), 120)
    name_other = text_field(
        _l("Name in the other language"), 120, required=False, description=_l("Leave it empty to show the name above.")
    )
    address = text_field(_l("Street address"), 200)
    site = text_field(
        _l("Site"), 300, required=False, description=_l("What the ground is, such as a retention basin that may flood.")
    )
    status = EnumField(_l("Operation"), Status, blank=_l("Choose a state"), validators=[InputRequired()])
    off_leash = BooleanField(_l("Dogs may be off leash inside"))
    visitor_rules = TextAreaField(_l("Rules for visitors"), validators=[Optional(), Length(max=2000)])


class ZoneForm(VersionedForm):
    """A zone of a playground."""

    name = text_field(_l("Zone"), 120)
    dog_size = EnumField(_l("Dogs admitted"), DogSize, blank=_l("Choose the dogs"), validators=[InputRequired()])
    area_pyeong = QuantityField(_l("Area in pyeong"))
    area_m2 = QuantityField(
        _l("Area in m², measured"), description=_l("Leave it empty where only pyeong are known; m² are then derived.")
    )
