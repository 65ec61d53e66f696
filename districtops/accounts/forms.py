"""What people enter about themselves, and administrators about others."""

from typing import Any

from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from districtops import clock
from districtops.guard.passwords import LONGEST
from districtops.kit.forms import DayField, EnumField, Form, IdField, VersionedForm, choices, text_field
from districtops.kit.locale import UNIT_NAMES
from districtops.kit.text import _l
from districtops.kit.won import Unit
from districtops.models import Density, DepartmentKind, Role
from districtops.models.queries import departments, departments_on

LANGUAGE_NAMES = [("en", "English"), ("ko", "한국어")]
OFFERED_ROLES = [role for role in Role if role is not Role.CITY]
"""A city reader reads several districts and is set up on the server."""

TEXT_SIZES = [("100", "100 %"), ("125", "125 %"), ("150", "150 %")]


class SignInForm(Form):
    """Who are you?"""

    username = StringField(_l("User name"), validators=[InputRequired(), Length(max=64)])
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=LONGEST)])


class CodeForm(Form):
    """What does your app show?"""

    code = StringField(
        _l("Verification code"),
        validators=[InputRequired(), Length(max=40)],
        description=_l("Six digits from the app. Without your phone: one of your recovery codes."),
    )


class SecondFactorForm(Form):
    """A new second factor of one's own; the password is asked of whoever is not just signing in."""

    current = PasswordField(_l("Present password"), validators=[InputRequired(), Length(max=LONGEST)])
    code = StringField(_l("Verification code"), validators=[InputRequired(), Length(max=40)])

    def __init__(self, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_password:
            del self.current


class ResetForm(Form):
    """A reset password is shown on the answer alone; an answer that is loaded again must not make another one."""

    before = HiddenField()


class ReturnForm(Form):
    """A small choice made on any page, which is then shown again."""

    return_to = HiddenField(name="return")


class LanguageForm(ReturnForm):
    """The language of the pages."""

    language = SelectField(choices=choices(LANGUAGE_NAMES))


class UnitForm(ReturnForm):
    """The unit in which money is shown."""

    unit = SelectField(choices=choices([(unit.value, UNIT_NAMES[unit]) for unit in Unit]))


class DensityForm(ReturnForm):
    """How much room the rows of tables take."""

    density = EnumField("", Density)


class SettingsForm(VersionedForm):
    """How the product looks for one person."""

    language = SelectField(
        _l("Language"),
        choices=choices(LANGUAGE_NAMES, _l("As the browser asks")),
    )
    text_size = SelectField(_l("Text size"), choices=choices(TEXT_SIZES))
    unit = SelectField(
        _l("Unit of money"),
        choices=choices([(unit.value, UNIT_NAMES[unit]) for unit in Unit], _l("As usual: million won")),
    )
    density = EnumField(_l("Rows of tables"), Density)


class PasswordForm(Form):
    """A new password of one's own."""

    current = PasswordField(_l("Present password"), validators=[InputRequired(), Length(max=LONGEST)])
    password = PasswordField(
        _l("New password"),
        validators=[InputRequired(), Length(max=LONGEST)],
        description=_l("At least 10 characters. Several words are easier to remember than odd signs."),
    )
    again = PasswordField(
        _l("New password again"),
        validators=[InputRequired(), EqualTo("password", message=_l("The two new passwords differ."))],
    )


class PersonForm(VersionedForm):
    """A person of the office, as an administrator keeps them."""

    name_ko = text_field(_l("Name in Korean"), 80)
    name_en = text_field(_l("Name in English"), 80, required=False)
    department = IdField(_l("Division or team"), required=False, blank=_l("Not stated"))

    def __init__(self, *args: Any, department_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.offer(departments_on(clock.today(), also=department_id))


class InvitationForm(PersonForm):
    """A new person, with the first thing that they may do."""

    username = StringField(
        _l("User name"),
        validators=[
            InputRequired(),
            Length(min=3, max=64),
            Regexp(r"^[a-z0-9][a-z0-9._-]*$", message=_l("Use small letters, digits, dots and hyphens.")),
        ],
        description=_l("Small letters, digits, dots and hyphens; it is not changed later."),
    )
    role = EnumField(_l("Role"), Role, blank=_l("Choose a role"), offered=OFFERED_ROLES, validators=[InputRequired()])
    module = SelectField(_l("In"), choices=[])


class GrantForm(Form):
    """A role given to a person."""

    role = EnumField(_l("Role"), Role, blank=_l("Choose a role"), offered=OFFERED_ROLES, validators=[InputRequired()])
    module = SelectField(_l("In"), choices=[])


class DepartmentForm(VersionedForm):
    """A bureau, division or team of the office."""

    code = text_field(_l("Code"), 32, description=_l("Short and lasting, such as the office's own number."))
    kind = EnumField(_l("Level"), DepartmentKind, blank=_l("Choose a level"), validators=[InputRequired()])
    name_ko = text_field(_l("Name in Korean"), 120)
    name_en = text_field(_l("Name in English"), 120, required=False)
    parent = IdField(_l("Part of"), required=False, blank=_l("Nothing above it"))
    valid_from = DayField(_l("Exists from"))
    valid_to = DayField(_l("Existed until"), description=_l("Empty while it exists."))
    successor = IdField(
        _l("Continued as"), required=False, blank=_l("Nothing"), description=_l("After a change of name or a merger.")
    )

    def __init__(self, *args: Any, own_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(row.id, row.name) for row in departments() if row.id != own_id]
        self.parent.offer(others)
        self.successor.offer(others)
