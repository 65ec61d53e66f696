"""Fields of filters that several lists offer: a year, and yes or no."""

from typing import Any

from wtforms import SelectField

from districtops.kit.forms import NOT_LISTED, choices
from districtops.kit.text import _l

ANY = _l("Any")


class YearField(SelectField):
    """A year, from those in which there is something. Any other year of the calendar finds nothing, politely."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            label, choices=[], coerce=_year, invalid_value_message=_l("Write a year such as 2022."), **kwargs
        )

    def pre_validate(self, form: Any) -> None:
        """A year in which there is nothing is not an error."""


def _year(value: Any) -> int | None:
    if value in (None, "", "None"):
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) == 4 and 2000 <= int(text) <= 2100):
        raise ValueError("not a year")
    return int(text)


def _yes_or_no(value: Any) -> bool | None:
    if value in (None, "", "None"):
        return None
    try:
        return {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}[str(value).lower()]
    except KeyError as error:
        raise ValueError("neither yes nor no") from error


class YesNoField(SelectField):
    """Yes, no, or either."""

    def __init__(self, label: str, yes: str, no: str, **kwargs: Any) -> None:
        pairs = choices([("yes", yes), ("no", no)], ANY)
        super().__init__(label, choices=pairs, coerce=_yes_or_no, invalid_value_message=NOT_LISTED, **kwargs)
