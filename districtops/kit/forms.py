"""Forms as officers fill them in: one base, fields that read what people write, refusals that keep what was typed."""

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation
from wtforms.widgets import TimeInput

from districtops.kit.locale import day, quantity, won_exact
from districtops.kit.text import _l
from districtops.kit.won import NotAnAmount, parse_won, words_en, words_ko

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
LONGEST_TEXT = 4000

NOT_LISTED = _l("Choose one of the listed entries.")

Choice = tuple[str, str]

KEEP_STORED = "stored"
"""The name under which a form sends the names of fields whose stored value is kept."""


JOINER = "\u200d"
"""Holds the parts of one emoji together; every other invisible sign is dropped."""


def clean(text: Any) -> Any:
    """Text as it is kept: composed Hangul, nothing invisible, no blanks around it. Anything else passes unchanged."""
    if not isinstance(text, str):
        return text
    seen = (sign for sign in unicodedata.normalize("NFC", text) if sign == JOINER or unicodedata.category(sign) != "Cf")
    return "".join(seen).strip().strip(JOINER)


def clean_line(text: Any) -> Any:
    """The same for what is kept on one line: a break becomes a blank."""
    return re.sub(r"[\r\n\t\u2028\u2029]+", " ", clean(text)) if isinstance(text, str) else text


def require(field: Field) -> None:
    """Let a form demand a field that is otherwise optional, so that whatever is missing is told at once; 0 is given."""
    field.flags.required = True
    field.validators = [_given, *(v for v in field.validators if not isinstance(v, Optional))]


def _given(_form: Any, field: Field) -> None:
    if not field.errors and (field.data is None or field.data == ""):
        raise StopValidation(_l("This field is required."))


class Form(FlaskForm):
    """The base of every form: cleans text, refuses what a database cannot keep, carries refusals of the rules."""

    stale = False

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Adds the cleaning to every text field."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                several = issubclass(unbound_field.field_class, TextAreaField)
                options = {**options, "filters": [clean if several else clean_line]}
            return unbound_field.bind(form=form, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is right. Adds a refusal of control characters and of endless text to each."""
        valid: bool = super().validate(extra_validators)
        for field in self:
            for value in field.raw_data or ():
                if isinstance(value, str) and (problem := _unkeepable(value)):
                    field.errors = [*field.errors, problem]
                    valid = False
        return valid

    def refuse(self, message: str, field: str | None = None) -> None:
        """Show a refusal beside ``field``, or above the form where it concerns no single field."""
        target = self[field] if field is not None and field in self else None
        if target is None:
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form: 200 when it is new, 422 refused, 409 stale."""
        if not self.is_submitted():
            return 200
        return 409 if self.stale else 422

    def differences(self) -> list[tuple[str, str, str, str]]:
        """(name, label, stored now, typed) of each field in which what was typed differs from what is stored."""
        return [
            (field.name, str(field.label.text), shown(field, field.object_data), shown(field, field.data))
            for field in self
            if not isinstance(field, HiddenField) and (field.object_data or None) != (field.data or None)
        ]


class VersionedForm(Form):
    """A form that edits a row: it remembers the version that it was opened with."""

    version = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is right. Where somebody saw both versions and ticked the stored one, that one counts."""
        for name in request.form.getlist(KEEP_STORED):
            if name in self and not isinstance(self[name], HiddenField):
                _take_stored(self[name])
        return super().validate(extra_validators)

    def is_stale(self, current: str) -> bool:
        """Whether the row was saved since. The form then carries the new version, so that a second save is meant."""
        # As it was sent: a field that is left out would keep the present version as its default, and always be right.
        if self.version.raw_data == [current]:
            return False
        self.version.data = current
        self.version.raw_data = [current]
        self.stale = True
        return True


def _take_stored(field: Field) -> None:
    field.data, field.process_errors, field.raw_data = field.object_data, [], None
    if isinstance(field, BooleanField | SelectField):
        text = str(getattr(field.data, "value", field.data) or "")
    else:
        text = field._value()
    # What is required asks what was sent.
    field.raw_data = [text]


def _unkeepable(text: str) -> str | None:
    if len(text) > LONGEST_TEXT:
        return gettext("This is longer than %(count)s characters.", count=LONGEST_TEXT)
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\r\n\t" for letter in text):
        return gettext("This holds a character that cannot be kept. Delete it and type it again.")
    return None


def shown(field: Field, value: Any) -> str:
    """A field's value in words, for comparing two versions of it."""
    if value in (None, ""):
        return gettext("empty")
    if isinstance(field, WonField) and isinstance(value, int):
        return won_exact(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return quantity(value)
    if isinstance(field, SelectField):
        # Addresses say "yes" where the data is True.
        chosen = (choice for choice in field.iter_choices() if field.coerce(choice.value) == value)
        return next((str(choice.label) for choice in chosen), str(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(getattr(value, "label", value))


def choices(pairs: Iterable[Choice], blank: str | None = None) -> list[SelectChoice]:
    """Choices of a select; ``blank`` is the label of the empty one, where leaving it empty is allowed."""
    first = [] if blank is None else [SelectChoice("", blank)]
    return first + [SelectChoice(value, label) for value, label in pairs]


def text_field(label: str, longest: int, *, required: bool = True, **kwargs: Any) -> StringField:
    """One line of text of at most ``longest`` characters."""
    return StringField(label, validators=[_needed(required), Length(max=longest)], **kwargs)


def _needed(required: bool) -> Any:
    return DataRequired() if required else Optional()


class EnumField(SelectField):
    """A choice among the members of a LabelledEnum; None when left empty."""

    def __init__(self, label: str, members: type[enum.Enum], blank: str | None = None, **kwargs: Any) -> None:
        self.members = members
        offered = kwargs.pop("offered", members)
        pairs = [(str(member.value), getattr(member, "label", str(member.value))) for member in offered]
        if blank is None:
            kwargs.setdefault("validators", [InputRequired()])
        kwargs.setdefault("invalid_value_message", NOT_LISTED)
        super().__init__(label, choices=choices(pairs, blank), coerce=self._member, **kwargs)

    def _member(self, value: Any) -> Any:
        if value in (None, "", "None"):
            return None
        return self.members(value)


class IdField(SelectField):
    """A choice of a row by its id; None when left empty. The choices are set by the view, from what it may see."""

    def __init__(self, label: str, *, required: bool = True, blank: str, **kwargs: Any) -> None:
        self.blank = blank
        validators = [InputRequired() if required else Optional()]
        messages = dict.fromkeys(("invalid_value_message", "invalid_choice_message"), NOT_LISTED)
        super().__init__(label, choices=[], coerce=_row_id, validators=validators, **messages, **kwargs)

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """The rows to choose from, as (id, label)."""
        self.choices = choices(((str(row_id), label) for row_id, label in rows), self.blank)


def _row_id(value: Any) -> int | None:
    if value in (None, "", "None"):
        return None
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError("not a row's id")
    return int(text)


class WholeNumberField(IntegerField):
    """A whole number of at most nine digits; WTForms' own check of a range fails on endless ones."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Reads the number; what cannot be one is refused and kept as typed."""
        if valuelist and len(clean(valuelist[0])) > 9:
            self.data = None
            raise ValueError(gettext("Write a whole number of at most nine digits."))
        super().process_formdata(valuelist)


class DayField(DateField):
    """A day, written ``2022-01-25`` or as offices write it: ``2022. 1. 25.``, ``2022.1.25``, ``20220125``."""

    PATTERN = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\.?|(\d{4})(\d{2})(\d{2})")

    def __init__(self, label: str, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators=[InputRequired() if required else Optional()], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Reads the day; what cannot be one is refused and kept as typed."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        match = self.PATTERN.fullmatch(text) if len(text) < 30 and text.isascii() else None
        try:
            self.data = dt.date(*(int(part) for part in match.groups() if part)) if match else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError(gettext("Write a day of the calendar, such as 2022-01-25."))
        if not EARLIEST <= self.data <= LATEST:
            raise ValueError(gettext("The year must lie between 1990 and 2099."))


class ClockField(StringField):
    """A time of day to the minute, written ``10:00`` or as people type it: ``9:30``, ``930``, ``1000``."""

    PATTERN = re.compile(r"(\d{1,2}):?(\d{2})(?::00)?")
    widget = TimeInput()

    def __init__(self, label: str, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators=[InputRequired() if required else Optional()], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Reads the time; what cannot be one is refused and kept as typed."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data: dt.time | None = None
        if not text:
            return
        match = self.PATTERN.fullmatch(text) if text.isascii() else None
        try:
            self.data = dt.time(int(match[1]), int(match[2])) if match else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError(gettext("Write a time of day between 00:00 and 23:59, such as 10:00."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:%H:%M}"


class WonField(StringField):
    """An amount of money, written as officers write it: ``12억``, ``2억1160만원``, ``211,600천원``, ``₩1,200,000,000``.

    ``data`` is a whole number of won, or None when nothing is known.
    """

    MESSAGES = {  # noqa: RUF012 (never changed)
        "unreadable": _l("Write an amount such as 1,200,000,000, 12억 or 211,600천원."),
        "fraction": _l("The amount must be a whole number of won."),
        "too_large": _l("The amount is too large. Check the unit."),
    }

    def __init__(self, label: str, *, required: bool = False, negative: bool = False, **kwargs: Any) -> None:
        self.negative = negative
        super().__init__(label, validators=[InputRequired() if required else Optional()], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Reads the amount; what cannot be one is refused and kept as typed."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data: int | None = None
        if not text:
            return
        try:
            amount = parse_won(text)
        except NotAnAmount as problem:
            raise ValueError(str(self.MESSAGES.get(problem.code, self.MESSAGES["unreadable"]))) from problem
        if amount < 0 and not self.negative:
            raise ValueError(gettext("The amount must not be below zero."))
        self.data = amount

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}"

    @property
    def echo(self) -> str:
        """The amount in words of both languages, empty while there is none."""
        return amount_in_words(self.data) if isinstance(self.data, int) else ""


def amount_in_words(amount: int) -> str:
    """``2억 1,160만원 · 211.6 million won``."""
    return f"{words_ko(amount)} · {words_en(amount)}"


class QuantityField(StringField):
    """An exact number with up to three decimals, such as the value of an indicator; None when left empty."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, validators=[Optional()], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Reads the number; what cannot be one is refused and kept as typed."""
        text = (clean(valuelist[0]) if valuelist else "").replace("−", "-")
        self.data: Decimal | None = None
        if not text:
            return
        try:
            if not re.fullmatch(r"-?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,3})?", text, re.ASCII):
                raise InvalidOperation
            self.data = Decimal(text.replace(",", ""))
        except InvalidOperation as problem:
            raise ValueError(gettext("Write a number with at most three decimals.")) from problem

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"


class NoteForm(Form):
    """A remark on a record."""

    text = TextAreaField(_l("Note"), validators=[DataRequired(), Length(max=2000)])
