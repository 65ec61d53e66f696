"""Contact data that must not be kept: telephone numbers, addresses of mail, registration numbers of residents.

Only what has a shape of its own can be found; a name has none.
"""

import re
import unicodedata
from typing import Any

from wtforms.validators import ValidationError

from districtops.kit.text import _l

_SHAPES = re.compile(
    r"""
    (?<![\d.,])(?:
        (?:\+?82[-.\s]?)?0?1[016789][-.\s]?\d{3,4}[-.\s]?\d{4}     # mobile, also with the country's code
      | 0(?:2|[3-6]\d|70|50\d)[-.)\s]{0,2}\d{3,4}[-.\s]?\d{4}      # landline, internet, virtual
      | \d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])[-\s]?[1-8]\d{6}       # birthday, then the seven digits of a registration
    )(?!\d)
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                 # mail
    """,
    re.VERBOSE,
)


def contact_in(text: str) -> str | None:
    """The first thing in a text that looks like contact data or a registration number; None where nothing does."""
    found = _SHAPES.search(unicodedata.normalize("NFKC", text))
    return found.group().strip() if found else None


def without_contact(_form: Any, field: Any) -> None:
    """A validator of WTForms for words of residents: refuses contact data, because none is kept."""
    found = contact_in(field.data or "")
    if found is not None:
        raise ValidationError(
            _l(
                "Leave out “%(found)s”: telephone numbers, mail addresses and registration numbers are not kept.",
                found=found,
            )
        )
