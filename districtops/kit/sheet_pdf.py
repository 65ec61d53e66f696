"""A sheet as a PDF file of one A4 page, in the pages' own fonts; its text can be searched and copied.

The fonts are those that the set-up installs. Signs that Pretendard GOV lacks come from the pieces of Noto Sans KR; one
that no font has is shown as a square.
"""

import re
from collections.abc import Container, Sequence
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from districtops import clock
from districtops.kit.sheet import Fact, Sheet, Table

FONTS = Path(__file__).parents[1] / "static" / "vendor" / "fonts"
FAMILY = "sheet"
WEIGHTS = {"": "PretendardGOV-Regular.subset.woff2", "B": "PretendardGOV-Bold.subset.woff2"}
NO_SIGN = "□"

MARGIN = 15.0
WIDTH = 210.0 - 2 * MARGIN
GAP = 6.0
LINE = 4.6
ROW = 4.9
LABEL = 28.0
GREY, BLACK = 90, 0
"""Millimetres of an A4 page; grey levels of ink."""


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as a PDF file. It never has a second page: what were too long would run off the first."""
    writer = _Writer(sheet)
    return bytes(writer.pdf.output())


@cache
def _pieces() -> Sequence[tuple[Sequence[tuple[int, int]], Path]]:
    """(ranges of signs, file) of the pieces of Noto Sans KR, as the pages' style sheet names them."""
    css = (FONTS.parent / "fonts.css").read_text("utf-8")
    found = re.findall(r"url\(\"?fonts/(noto-sans-kr-[\w-]+\.woff2)[^}]*?unicode-range:\s*([^;}]+)", css)
    return [(_ranges(text), FONTS / name) for name, text in found]


def _ranges(text: str) -> Sequence[tuple[int, int]]:
    pairs = re.findall(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", text, flags=re.IGNORECASE)
    return [(int(first, 16), int(last or first, 16)) for first, last in pairs]


def _piece_with(sign: str) -> Path | None:
    return next((file for ranges, file in _pieces() if any(a <= ord(sign) <= b for a, b in ranges)), None)


class _Writer:
    """Writes one sheet from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        pdf = self.pdf = FPDF(format="A4")
        pdf.set_margin(MARGIN)
        pdf.set_auto_page_break(False)
        pdf.c_margin = 0
        for style, name in WEIGHTS.items():
            pdf.add_font(FAMILY, style, FONTS / name)
        self._borrowed: set[Path] = set()
        pdf.set_lang(sheet.language)
        pdf.set_title(sheet.title)
        pdf.set_creator("DistrictOps")
        pdf.set_creation_date(clock.now())
        pdf.add_page()
        self._line(sheet.head, 8, grey=True)
        self._line(sheet.title, 15, bold=True, height=6.6)
        self._line(sheet.subtitle, 9.5, grey=True, height=5.2)
        pdf.ln(1.6)
        self._facts(sheet.facts)
        for band in sheet.bands:
            self._band(band)
        pdf.ln(1.5)
        self._rule(MARGIN, WIDTH)
        pdf.ln(1)
        self._line(sheet.foot, 8, grey=True, height=3.8)

    def _ink(self, size: float, *, bold: bool = False, grey: bool = False) -> None:
        self.pdf.set_font(FAMILY, "B" if bold else "", size)
        self.pdf.set_text_color(GREY if grey else BLACK)

    def _shown(self, text: str) -> str:
        """The text with what no font has replaced; fonts that it needs besides are added."""
        regular = self._signs(FAMILY)
        for sign in set(text) - {" "}:
            if ord(sign) in regular:
                continue
            piece = _piece_with(sign)
            if piece is None or not self._borrow(piece, sign):
                text = text.replace(sign, NO_SIGN)
        return text

    def _borrow(self, piece: Path, sign: str) -> bool:
        if piece not in self._borrowed:
            self.pdf.add_font(piece.stem, "", piece, variations={"wght": 400.0})
            self._borrowed.add(piece)
            self.pdf.set_fallback_fonts([file.stem for file in sorted(self._borrowed)], exact_match=False)
        return ord(sign) in self._signs(piece.stem)

    def _signs(self, family: str) -> Container[int]:
        """The signs that a font can show."""
        font = self.pdf.fonts[family]
        assert isinstance(font, TTFFont), "only fonts of ours are added"
        return font.cmap

    def _line(self, text: str, size: float, *, bold: bool = False, grey: bool = False, height: float = LINE) -> None:
        """Text over the whole width, on as many lines as it takes."""
        self._ink(size, bold=bold, grey=grey)
        self.pdf.multi_cell(WIDTH, height, self._shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _rule(self, x: float, width: float) -> None:
        self.pdf.set_draw_color(GREY)
        self.pdf.set_line_width(0.2)
        self.pdf.line(x, self.pdf.get_y(), x + width, self.pdf.get_y())

    def _facts(self, facts: Sequence[Fact]) -> None:
        """Two facts beside each other, wide ones alone."""
        half = (WIDTH - GAP) / 2
        waiting: list[Fact] = []
        for fact in facts:
            if fact.wide:
                self._beside(waiting, half)
                waiting = []
                self._beside([fact], WIDTH)
                continue
            waiting.append(fact)
            if len(waiting) == 2:
                self._beside(waiting, half)
                waiting = []
        self._beside(waiting, half)

    def _beside(self, facts: Sequence[Fact], width: float) -> None:
        top = bottom = self.pdf.get_y()
        for place, fact in enumerate(facts):
            left = MARGIN + place * (width + GAP)
            self.pdf.set_xy(left, top)
            self._ink(8.5, grey=True)
            label = self._shown(fact.label)
            self.pdf.multi_cell(LABEL - 1, LINE, label, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            lowest = self.pdf.get_y()
            self.pdf.set_xy(left + LABEL, top)
            self._ink(9)
            self.pdf.multi_cell(
                width - LABEL, LINE, self._shown(fact.value), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
            )
            bottom = max(bottom, lowest, self.pdf.get_y())
        self.pdf.set_xy(MARGIN, bottom)

    def _band(self, tables: Sequence[Table]) -> None:
        self.pdf.ln(2.2)
        top = bottom = self.pdf.get_y()
        width = (WIDTH - GAP * (len(tables) - 1)) / len(tables)
        for place, table in enumerate(tables):
            self.pdf.set_y(top)
            self._table(table, MARGIN + place * (width + GAP), width)
            bottom = max(bottom, self.pdf.get_y())
        self.pdf.set_xy(MARGIN, bottom)

    def _table(self, table: Table, x: float, width: float) -> None:
        self._ink(10, bold=True)
        self._cell(table.title, x, width)
        self.pdf.ln(5.4)
        if table.rows:
            widths = [width * share / 100 for share in table.shares]
            self._ink(8, grey=True)
            self._row(table, table.head, x, widths)
            self._rule(x, width)
            for row in table.rows:
                self._ink(8.8)
                self._row(table, row, x, widths)
            if table.foot:
                self._rule(x, width)
                self._ink(8.8, bold=True)
                self._row(table, table.foot, x, widths)
        if table.note:
            self._ink(8.5, grey=True)
            self._cell(table.note, x, width)
            self.pdf.ln(ROW)

    def _row(self, table: Table, cells: Sequence[str], x: float, widths: Sequence[float]) -> None:
        for place, (text, width) in enumerate(zip(cells, widths, strict=True)):
            self._cell(text, x, width - 1.5, right=bool(place) and table.numeric)
            x += width
        self.pdf.ln(ROW)

    def _cell(self, text: str, x: float, width: float, *, right: bool = False) -> None:
        """One line, cut where the column ends."""
        shown = self._shown(text)
        if self.pdf.get_string_width(shown) > width:
            while shown and self.pdf.get_string_width(f"{shown}…") > width:
                shown = shown[:-1]
            shown = f"{shown.rstrip()}…"
        self.pdf.set_x(x)
        self.pdf.cell(width, ROW, shown, align="R" if right else "L")
