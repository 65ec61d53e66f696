"""Rows as a CSV file that Excel opens in Korean, that runs no formula, and that can be read back unchanged.

Comma, CRLF and quotes as in RFC 4180; plain digits, ISO dates, an empty cell for what is not stated.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Literal
from urllib.parse import quote

from districtops.clock import KOREA

Cell = str | int | Decimal | date | datetime | bool | None
"""What a cell may hold. A moment must be aware; None is what is not stated. Anything else is written as text."""

_CHUNK = 500  # rows: few enough to stay small, enough to spend the time on rows and not on chunks

# A spreadsheet takes a cell that begins so for a formula, or skips the blank and looks at what follows. The full-width
# signs count as plain ones where East Asian text is typed.
_RISKY = "[=+\\-@\t\r\n\0＝＋－＠]"
_NEEDS_GUARD = re.compile(f"'*{_RISKY}")
_GUARDED = re.compile(f"'+{_RISKY}")

_IN_CP949 = {"₩": "￦", "\N{EM DASH}": "\N{HORIZONTAL BAR}", "•": "·", "\N{WAVE DASH}": "～"} | dict.fromkeys(
    ("\N{MINUS SIGN}", "\N{EN DASH}", "\N{HYPHEN}", "\N{NON-BREAKING HYPHEN}"), "-"
)


def guard(text: str) -> str:
    """``text`` with an apostrophe in front if a spreadsheet could run it, else ``text`` itself.

    Guarded is what begins with ``= + - @``, their full-width forms, TAB, CR, LF or NUL; and what begins with
    apostrophes and then one of these, because only so does ``unguard`` give back every text.
    """
    return "'" + text if _NEEDS_GUARD.match(text) else text


def unguard(text: str) -> str:
    """``text`` without the apostrophe that ``guard`` put there, and without any other change."""
    return text[1:] if _GUARDED.match(text) else text


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: Literal["utf-8", "cp949"]
) -> Iterator[bytes]:
    """The file in pieces: the header at once, before the first row is asked for, then about 500 rows at a time.

    utf-8 begins with the byte order mark that Excel needs; cp949 has none. Text is guarded, numbers are not, so -18
    stays a number. True and False are 1 and 0; moments are Korea time to the minute.

    What cp949 lacks is replaced by the nearest that it has (``₩`` by ``￦``, ``é`` by ``e``), dropped if nobody would
    see it, and a ``?`` otherwise; all that before the guarding, so that no formula comes of it.
    In utf-8 nothing is replaced but halves of surrogate pairs, which become ``?``.

    Raises ``ValueError`` for a row that is not as long as the header and for a moment without a time zone.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)

    def text(value: str) -> str:
        return guard(_fit_cp949(value) if encoding == "cp949" else value)

    def written(row: Sequence[Cell]) -> list[str]:
        if len(row) != len(header):
            raise ValueError(f"{len(row)} cells under {len(header)} headings")
        return [text(cell) if isinstance(cell, str) else _written(cell, text) for cell in row]

    def taken() -> bytes:
        piece = buffer.getvalue().encode(encoding, "replace")
        buffer.seek(0)
        buffer.truncate()
        return piece

    if encoding == "utf-8":
        buffer.write("\ufeff")
    writer.writerow([text(str(label)) for label in header])
    yield taken()
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        writer.writerows(map(written, chunk))
        yield taken()


def content_disposition(file_name: str) -> str:
    """The value of a Content-Disposition header that saves an answer as ``file_name``, in any language (RFC 6266).

    Old readers get an ASCII name with the same ending. What a file name or a header may not hold becomes ``_``: path
    separators, quotes, controls. Names are cut to 120 characters before the ending; an empty one is ``download``.
    """
    name = unicodedata.normalize("NFC", "".join(filter(_is_seen, file_name)))
    name = re.sub(r'[<>:"/\\|?*]', "_", name)
    stem, dot, ending = name.strip(" .").rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = stem + dot + ending, "", ""
    stem = stem[:120].strip(" .") or "download"
    plain_stem = re.sub(r"[^A-Za-z0-9.-]+", "_", stem).strip("_.-") or "download"
    plain_ending = re.sub(r"[^A-Za-z0-9]", "", ending)
    plain = f"{plain_stem}.{plain_ending}" if plain_ending else plain_stem
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(stem + dot + ending, safe='!#$&+^`|')}"


def in_korea(moment: datetime) -> datetime:
    """The wall clock in Korea at ``moment``, without a zone. Raises ``ValueError`` for a moment without one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(KOREA).replace(tzinfo=None)


def _written(cell: object, text: Callable[[str], str]) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case int():
            return str(int(cell))
        case Decimal():
            return f"{cell:f}"
        case datetime():
            return in_korea(cell).isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case _:  # a text translated when it is shown, for one
            return text(str(cell))


def _fit_cp949(text: str) -> str:
    """``text`` with every character that cp949 lacks replaced by the nearest one that it has."""
    try:
        text.encode("cp949")
    except UnicodeEncodeError:
        return "".join(map(_nearest_in_cp949, unicodedata.normalize("NFC", text)))
    return text


def _nearest_in_cp949(character: str) -> str:
    # The letter without its accents comes last: NFKD takes Korean syllables apart, but cp949 has all of those.
    folded = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    for candidate in (character, _IN_CP949.get(character, ""), folded):
        try:
            if candidate.encode("cp949"):
                return candidate
        except UnicodeEncodeError:
            continue
    return "?" if _is_seen(character) and unicodedata.category(character) != "Mn" else ""


def _is_seen(character: str) -> bool:
    """Whether a reader sees the character: no control, no direction mark, no half of a surrogate pair."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")
