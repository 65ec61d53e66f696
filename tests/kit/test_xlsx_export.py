"""Excel workbooks, opened by a stranger's reader."""

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from districtops.kit import xlsx_export
from districtops.kit.csv_export import Cell
from districtops.kit.xlsx_export import xlsx_file


def sheet_of(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    sheet_name: str = "Projects",
    number_formats: Mapping[int, str] | None = None,
) -> Any:
    with xlsx_file(header, rows, sheet_name=sheet_name, number_formats=number_formats) as file:
        book = load_workbook(io.BytesIO(file.read()))
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def cell_of(cell: Cell) -> Any:
    return sheet_of(["a"], [[cell]])["A2"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://a.example", "00123", "1200", "TRUE"])
def test_text_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    cell = cell_of(text)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize("value", [0, 1, -18, 211_600_000, 999_999_999_999_999, -999_999_999_999_999])
def test_a_whole_number_is_a_number(value: int) -> None:
    cell = cell_of(value)
    assert (cell.value, cell.data_type) == (value, "n")


@pytest.mark.parametrize("value", ["12.5", "-39.1", "0.00015", "123456789012.345"])
def test_a_decimal_is_a_number(value: str) -> None:
    cell = cell_of(Decimal(value))
    assert (cell.value, cell.data_type) == (float(value), "n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**15, "1000000000000000"),
        (-(10**15), "-1000000000000000"),
        (1234567890123456, "1234567890123456"),
        (Decimal("1.000000000000001"), "1.000000000000001"),
        (Decimal("1.00000000000000000000000000000001"), "1.00000000000000000000000000000001"),
        (Decimal("1E+15"), "1000000000000000"),
        (Decimal("NaN"), "NaN"),
        (date(1900, 2, 28), "1900-02-28"),
        (datetime(1899, 12, 31, 0, 0, tzinfo=UTC), "1899-12-31 09:00"),
    ],
)
def test_what_excel_would_change_is_text(value: Cell, text: str) -> None:
    cell = cell_of(value)
    assert (cell.value, cell.data_type) == (text, "s")


def test_trailing_zeros_do_not_make_a_number_too_long() -> None:
    assert cell_of(Decimal("1.00000000000000000000")).data_type == "n"


def test_a_date_is_a_real_date() -> None:
    cell = cell_of(date(2022, 1, 27))
    assert (cell.value, cell.number_format, cell.is_date) == (datetime(2022, 1, 27), "yyyy-mm-dd", True)  # noqa: DTZ001
    assert cell_of(date(1900, 3, 1)).value == datetime(1900, 3, 1)  # noqa: DTZ001
    assert cell_of(date(9999, 12, 31)).value == datetime(9999, 12, 31)  # noqa: DTZ001


def test_a_moment_is_korea_time() -> None:
    cell = cell_of(datetime(2022, 1, 27, 15, 0, tzinfo=UTC))
    assert (cell.value, cell.number_format) == (datetime(2022, 1, 28), "yyyy-mm-dd hh:mm")  # noqa: DTZ001


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        cell_of(datetime(2022, 1, 27))  # noqa: DTZ001


def test_nothing_is_a_blank_and_yes_is_one() -> None:
    sheet = sheet_of(["a", "b", "c", "d"], [[None, "", True, False]])
    assert [cell.value for cell in sheet[2]] == [None, None, 1, 0]


def test_what_is_no_cell_is_text() -> None:
    class Later:
        def __str__(self) -> str:
            return "=later"

    cell = cell_of(Later())  # type: ignore[arg-type]
    assert (cell.value, cell.data_type) == ("=later", "s")


def test_characters_that_xml_cannot_carry_are_dropped() -> None:
    assert cell_of("a\x00b\x08c\x1fd\ufffee\ud800f\uffff").value == "abcdef"
    assert cell_of("a\tb\nc").value == "a\tb\nc"
    assert cell_of("a\r\nb\rc").value == "a\nb\nc"
    assert cell_of("\x00").value in (None, "")


def test_a_text_that_looks_like_the_inside_of_a_workbook_stays_text() -> None:
    assert cell_of("<r><t>bold</t></r>").value == "<r><t>bold</t></r> "
    assert cell_of("<r></is></c></row><r>&</r>").value == "<r></is></c></row><r>&</r> "
    assert cell_of("a & <b> \"c\" 'd' ]]>").value == "a & <b> \"c\" 'd' ]]>"
    with xlsx_file(["a"], [["_x0041_"]], sheet_name="a") as file, zipfile.ZipFile(file) as archive:
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml")


def test_blanks_at_the_ends_are_kept() -> None:
    assert cell_of("  a  ").value == "  a  "


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert cell_of("가" * 40_000).value == "가" * 32_767
    assert cell_of("👍" * 20_000).value == "👍" * 16_383
    assert cell_of(f"<r>{'a' * 32_760}</r>").value == f"<r>{'a' * 32_760}</r "


def test_the_header_is_bold_frozen_and_filters_every_row() -> None:
    sheet = sheet_of(["사업명", "지출액(원)"], [["a", 1], ["b", 2]])
    assert [cell.value for cell in sheet[1]] == ["사업명", "지출액(원)"]
    assert all(cell.font.b for cell in sheet[1])
    assert not sheet["A2"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"


def test_an_empty_list_is_a_header_alone() -> None:
    sheet = sheet_of(["a", "b"], [])
    assert [[cell.value for cell in row] for row in sheet.rows] == [["a", "b"]]
    assert sheet.auto_filter.ref == "A1:B1"


def test_a_list_without_columns_is_an_empty_sheet() -> None:
    assert sheet_of([], []).max_row == 1


def test_a_column_has_the_format_it_is_given() -> None:
    sheet = sheet_of(["a", "b"], [[1_000, 1_000], [Decimal("1.5"), "text"]], number_formats={1: "#,##0"})
    assert [sheet["A2"].number_format, sheet["B2"].number_format] == ["General", "#,##0"]
    assert sheet["B3"].value == "text"


def test_columns_are_as_wide_as_their_text_within_reason() -> None:
    sheet = sheet_of(["a", "b", "c", "d"], [["가" * 20, "x" * 500, 1, "두\n" + "줄" * 6]])
    widths = [sheet.column_dimensions[column].width for column in "ABCD"]
    assert [int(width) for width in widths] == [41, 50, 8, 13]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("Projects", "Projects"),
        ("공모사업", "공모사업"),
        ("a/b\\c[d]e:f*g?h", "a_b_c_d_e_f_g_h"),
        ("'quoted'", "quoted"),
        ("it's", "it's"),
        ("History", "History_"),
        ("", "Sheet1"),
        (" ' ", "Sheet1"),
        ("a\nb\x00", "a b"),
        ("가" * 40, "가" * 31),
        ("👍" * 20, "👍" * 15),
        ("x" * 30 + "'y", "x" * 30),
    ],
)
def test_a_sheet_has_a_name_that_excel_allows(name: str, allowed: str) -> None:
    assert sheet_of(["a"], [], sheet_name=name).title == allowed


@pytest.mark.parametrize("row", [[], [1], [1, 2, 3]])
def test_a_row_of_another_length_is_refused(row: list[Cell]) -> None:
    with pytest.raises(ValueError, match="headings"):
        sheet_of(["a", "b"], [row])


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_export, "MAX_ROWS", 2)
    assert sheet_of(["a"], [[1], [2]]).max_row == 3
    with pytest.raises(ValueError, match="2 rows"):
        sheet_of(["a"], [[1], [2], [3]])


def test_rows_are_fetched_one_at_a_time_and_a_failure_is_the_callers_to_see() -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        yield [1]
        raise LookupError("the database went away")

    with pytest.raises(LookupError):
        xlsx_file(["a"], rows(), sheet_name="a")


@pytest.mark.parametrize(("header", "rows"), [([], []), (["a"], []), (["a"], [[1]]), (["a"], [[1, 2]])])
def test_no_file_is_left_behind(
    header: list[str], rows: list[list[Cell]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with suppress(ValueError):
        xlsx_file(header, rows, sheet_name="a").close()
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.lists(st.text(max_size=20) | st.integers(-(10**14), 10**14) | st.none(), min_size=2, max_size=2)),
    st.text(max_size=40),
)
def test_any_text_and_name_make_a_workbook_that_opens(rows: list[list[Cell]], name: str) -> None:
    sheet = sheet_of(["a", "b"], rows, sheet_name=name)
    numbers = [[cell if isinstance(cell, int) else None for cell in row] for row in rows]
    read = [[cell.value if cell.data_type == "n" else None for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert read == numbers[: len(read)]
    assert not any(any(cell is not None for cell in row) for row in numbers[len(read) :])
