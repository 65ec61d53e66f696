"""Words for people: translated lazily, typed as text, and the two languages of names and free text."""

import enum
import json
import unicodedata
from dataclasses import dataclass
from typing import Any, Self, cast

from flask_babel import get_locale, lazy_gettext
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

LANGUAGES = ("en", "ko")


def _l(message: str, **variables: Any) -> str:
    """A message translated when it is shown, for labels made at import. Babel's lazy text is a str to its readers."""
    return cast(str, lazy_gettext(message, **variables))


def language() -> str:
    """The reader's language: ``en`` or ``ko``."""
    locale = get_locale()
    return "ko" if locale is not None and locale.language == "ko" else "en"


class LabelledEnum(str, enum.Enum):  # noqa: UP042 - a StrEnum cannot carry the label beside its value
    """A value that the database keeps in English and people read as a label: ``GREEN = "green", _l("Green")``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return str(self.value)


def in_language(english: str | None, korean: str | None) -> str:
    """The text in the reader's language, else in the other one, else empty."""
    return (korean or english or "") if language() == "ko" else (english or korean or "")


def both_names(name: str, other: str | None) -> tuple[str, str]:
    """(English, Korean) from a name in the reader's language and, where there is one, its name in the other."""
    return (other or name, name) if language() == "ko" else (name, other or name)


def other_name(english: str, korean: str) -> str:
    """What a form shows as the name in the other language: empty where both are the same."""
    return "" if english == korean else (english if language() == "ko" else korean)


@dataclass(frozen=True)
class Words:
    """Free text that may exist in both languages; ``str()`` gives the reader's. Empty text is no text."""

    en: str | None = None
    ko: str | None = None

    def __str__(self) -> str:
        return in_language(self.en, self.ko)

    def __bool__(self) -> bool:
        return bool(self.en or self.ko)

    @property
    def in_other_language(self) -> str:
        """What is kept in the language that the reader does not read; empty where nothing is."""
        return (self.en if language() == "ko" else self.ko) or ""

    @classmethod
    def in_both(cls, text: str | None, other: str | None) -> "Words":
        """A text in the reader's language, and what it says in the other one where that is known."""
        own, other = text or None, other or None
        return cls(en=other, ko=own) if language() == "ko" else cls(en=own, ko=other)

    @classmethod
    def written(cls, text: str | None, before: "Words | None" = None) -> "Words | None":
        """What is kept when a reader saves ``text``: the old words when nothing changed, else only the new ones,
        because a translation of a text that is gone must not be shown."""
        if not text:
            return None
        if before is not None and str(before) == text:
            return before
        return cls(ko=text) if language() == "ko" else cls(en=text)


def width_of(text: str) -> int:
    """How wide a text is set, in Latin letters: a Korean syllable takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def shortened(text: str, width: int) -> str:
    """A text on one line that is at most ``width`` Latin letters wide; what is cut off leaves an ellipsis."""
    line = " ".join(text.split())
    if width_of(line) <= width:
        return line
    kept = ""
    for sign in line:
        if width_of(kept + sign) > width - 1:
            break
        kept += sign
    return f"{kept.rstrip()}…"


class WordsType(TypeDecorator[Words]):
    """Keeps Words as JSON text, readable in the database and found by a text search in either language."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> str | None:
        if value is None or not value:
            return None
        kept = {name: text for name, text in (("en", value.en), ("ko", value.ko)) if text}
        return json.dumps(kept, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Words | None:
        return None if value is None else Words(**json.loads(value))
