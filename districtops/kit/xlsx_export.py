"""Rows as an Excel workbook: text stays text, numbers and dates are real, and memory does not grow with the rows."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, cast
from unicodedata import east_asian_width

from xlsxwriter import Workbook

from districtops.kit.csv_export import Cell, in_korea

MAX_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""

_MAX_TEXT = 32_767  # UTF-16 units in a cell
_MAX_SHEET_NAME = 31  # UTF-16 units
_MAX_DIGITS = 15  # Excel keeps no more of a number
_NARROWEST, _WIDEST = 8, 50  # digits across a column
_MEASURED = 200  # rows that decide how wide the columns are

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in a 29 February 1900, so that earlier days would be off by one


def xlsx_file(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet_name: str,
    number_formats: Mapping[int, str] | None = None,
) -> BinaryIO:
    """A workbook of one sheet in a temporary file, open for reading at its beginning; whoever gets it closes it.

    ``number_formats`` gives Excel formats by column, counted from 0: ``{3: "#,##0"}``. Numbers of more than 15 digits
    and dates before March 1900 are text, because Excel would change them. Moments are Korea time; True and False are 1
    and 0, as in the CSV. Controls that XML cannot carry are dropped; a text is cut at the 32,767 characters of a cell.

    Raises ``ValueError`` for a row that is not as long as the header, for more than ``MAX_ROWS`` rows and for a moment
    without a time zone.
    """
    with ExitStack() as until_it_is_whole:
        file = until_it_is_whole.enter_context(tempfile.TemporaryFile())
        # XlsxWriter leaves files behind when a sheet stays empty or the disk runs full; the folder takes them along.
        with (
            tempfile.TemporaryDirectory() as scratch,
            Workbook(file, {"constant_memory": True, "tmpdir": scratch}) as workbook,
        ):
            sheet = _Sheet(workbook, sheet_name, header, number_formats or {})
            for row in rows:
                sheet.append(row)
            sheet.finish()
        file.seek(0)
        until_it_is_whole.pop_all()
    return cast(BinaryIO, file)


class _Sheet:
    """A sheet being written from the top down, which is what keeps the memory small."""

    def __init__(self, workbook: Any, name: str, header: Sequence[str], number_formats: Mapping[int, str]) -> None:
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.minute = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.numbers = {column: workbook.add_format({"num_format": form}) for column, form in number_formats.items()}
        self.sheet = workbook.add_worksheet(_sheet_name(name))
        self.widths = [_width(str(label)) + 3 for label in header]  # the filter's button takes three
        self.last = 0
        bold = workbook.add_format({"bold": True})
        for column, label in enumerate(header):
            self.sheet.write_string(0, column, _text(str(label)), bold)

    def append(self, row: Sequence[Cell]) -> None:
        if len(row) != len(self.widths):
            raise ValueError(f"{len(row)} cells under {len(self.widths)} headings")
        if self.last == MAX_ROWS:
            raise ValueError(f"a sheet holds {MAX_ROWS} rows")
        self.last += 1
        for column, cell in enumerate(row):
            value = _storable(cell)
            if value is not None:
                self._write(column, value)
                if self.last <= _MEASURED:
                    self.widths[column] = max(self.widths[column], _width(_as_shown(value)))

    def _write(self, column: int, value: str | int | Decimal | date) -> None:
        if isinstance(value, str):
            self.sheet.write_string(self.last, column, value)
        elif isinstance(value, date):
            form = self.minute if isinstance(value, datetime) else self.day
            self.sheet.write_datetime(self.last, column, value, form)
        else:
            self.sheet.write_number(self.last, column, value, self.numbers.get(column))

    def finish(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, min(max(width + 1, _NARROWEST), _WIDEST))
        if self.widths:
            self.sheet.freeze_panes(1, 0)
            self.sheet.autofilter(0, 0, self.last, len(self.widths) - 1)


def _storable(cell: object) -> str | int | Decimal | date | None:
    """The cell as Excel can keep it: a number, a date or a wall-clock moment in Korea where it can, else text."""
    match cell:
        case None | "":
            return None
        case str():
            return _text(cell)
        case int():
            return int(cell) if abs(cell) < 10**_MAX_DIGITS else str(int(cell))
        case Decimal():
            plain = f"{cell:f}"
            fits = cell.is_finite() and cell.adjusted() < _MAX_DIGITS >= len(plain.strip("-0.").replace(".", ""))
            return cell if fits else plain
        case datetime():
            moment = in_korea(cell)
            return moment if moment.date() >= _FIRST_DAY else moment.isoformat(" ", "minutes")
        case date():
            return cell if cell >= _FIRST_DAY else cell.isoformat()
        case _:  # a text translated when it is shown, for one
            return _text(str(cell))


def _text(text: str) -> str:
    """``text`` as XML can carry it and a cell can hold it, with the line ends of Excel."""
    text = _cut(_NOT_IN_XML.sub("", re.sub("\r\n?", "\n", text)), _MAX_TEXT)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take this for the ready-made XML of a rich string and write it unescaped.
        return f"{_cut(text, _MAX_TEXT - 1)} "
    return text


def _sheet_name(name: str) -> str:
    """``name`` as Excel allows it: 31 characters, none of its own signs, no apostrophe at either end, not its own
    word "History", not empty."""
    allowed = re.sub(r"[\[\]:*?/\\]", "_", _NOT_IN_XML.sub("", re.sub(r"\s", " ", name)))
    allowed = _cut(allowed.strip(" '"), _MAX_SHEET_NAME).strip(" '")
    return f"{allowed}_" if allowed.lower() == "history" else allowed or "Sheet1"


def _cut(text: str, units: int) -> str:
    """The beginning of ``text`` that fits into so many UTF-16 units, as Excel counts them."""
    if len(text) <= units // 2:
        return text
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def _as_shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def _width(text: str) -> int:
    """How many digits the widest line of ``text`` is wide: a Korean syllable is as wide as two."""
    return max(sum(2 if east_asian_width(character) in "WF" else 1 for character in line) for line in text.split("\n"))
