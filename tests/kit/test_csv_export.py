"""CSV files: read back unchanged, opened without running anything, told apart from numbers."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from districtops.kit.csv_export import Cell, content_disposition, csv_lines, guard, unguard

SIGNS = "=+-@\t\r\n\0＝＋－＠"
tricky = st.one_of(st.text(), st.text(alphabet=[*"'\"=+-@,; \t\r\n\0＝＋－＠", "a", "가", "₩"], max_size=8))


def file_of(
    header: Sequence[str], rows: Sequence[Sequence[Cell]], encoding: Literal["utf-8", "cp949"] = "utf-8"
) -> bytes:
    return b"".join(csv_lines(header, rows, encoding=encoding))


def cell_of(cell: Cell, encoding: Literal["utf-8", "cp949"] = "utf-8") -> str:
    text = file_of(["a", "b"], [[cell, ""]], encoding).decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return next(csv.reader(io.StringIO(text.split("\r\n", 1)[1], newline=""), strict=True))[0]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_text_that_a_spreadsheet_could_run_gets_an_apostrophe(sign: str) -> None:
    assert guard(f"{sign}1") == f"'{sign}1"
    assert guard(sign) == f"'{sign}"
    assert guard(f"'{sign}1") == f"''{sign}1"


@pytest.mark.parametrize("text", ["", "a=1", " =1", "'", "''", "'a", "'80", "1-2", "가+나", "−5", "△5"])
def test_every_other_text_is_left_alone(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


@settings(deadline=None)
@given(tricky)
@example("'=")
@example("''＝")
def test_the_guard_comes_off_again_and_takes_nothing_with_it(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in set(SIGNS)


@settings(deadline=None)
@given(tricky, tricky)
def test_two_texts_never_become_one(one: str, other: str) -> None:
    assert (guard(one) == guard(other)) == (one == other)


@settings(deadline=None)
@given(st.lists(st.lists(tricky, min_size=2, max_size=2), max_size=6))
def test_what_is_exported_is_imported_unchanged(rows: list[list[str]]) -> None:
    rows = [[text.encode("utf-8", "replace").decode() for text in row] for row in rows]
    text = file_of(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [[unguard(cell) for cell in row] for row in read] == [["a", "b"], *rows]


@settings(deadline=None)
@given(st.lists(tricky, min_size=2, max_size=2))
def test_no_cell_of_a_cp949_file_can_run_either(row: list[str]) -> None:
    text = file_of(["a", "b"], [row], "cp949").decode("cp949")
    cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1]
    assert all(cell[:1] not in set(SIGNS) for cell in cells)


def test_the_file_is_what_excel_and_rfc_4180_expect() -> None:
    assert file_of(["사업명", "지출액(원)"], [['"빛", 그리고', -18], ["두\n줄", None]]) == (
        '\ufeff사업명,지출액(원)\r\n"""빛"", 그리고",-18\r\n"두\n줄",\r\n'.encode()
    )


def test_a_cp949_file_has_no_byte_order_mark() -> None:
    assert file_of(["사업명"], [["뷁"]], "cp949") == "사업명\r\n뷁\r\n".encode("cp949")


def test_an_empty_only_cell_is_still_a_row() -> None:
    assert file_of(["a"], [[None]]) == b'\xef\xbb\xbfa\r\n""\r\n'


class Colour(StrEnum):
    GREEN = "green"


class Later:
    """Like a text that is translated when it is shown."""

    def __str__(self) -> str:
        return "=later"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        ("", ""),
        (True, "1"),
        (False, "0"),
        (0, "0"),
        (-18, "-18"),
        (1_000_000_000_000_000_000_000, "1000000000000000000000"),
        (Decimal("-39.1"), "-39.1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0000001"), "0.0000001"),
        (Decimal("95.0"), "95.0"),
        (date(2022, 1, 27), "2022-01-27"),
        (date(22, 1, 2), "0022-01-02"),
        (datetime(2022, 1, 25, 0, 0, 59, tzinfo=UTC), "2022-01-25 09:00"),
        (datetime(2022, 1, 27, 15, 0, tzinfo=UTC), "2022-01-28 00:00"),
        (datetime(2022, 1, 1, 0, 0, tzinfo=timezone(timedelta(hours=9))), "2022-01-01 00:00"),
        ("-18", "'-18"),
        ("010-1234-5678", "010-1234-5678"),
        (Colour.GREEN, "green"),
    ],
)
def test_a_cell_is_written_plainly(cell: Cell, written: str) -> None:
    assert cell_of(cell) == written
    assert cell_of(cell, "cp949") == written


def test_what_is_no_cell_is_written_as_guarded_text() -> None:
    assert cell_of(Later()) == "'=later"  # type: ignore[arg-type]
    assert cell_of(-1.5) == "'-1.5"  # type: ignore[arg-type]


def test_headings_are_guarded_like_any_text() -> None:
    assert file_of(["=1", "b"], []) == "\ufeff'=1,b\r\n".encode()


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        cell_of(datetime(2022, 1, 27, 15, 0))  # noqa: DTZ001


@pytest.mark.parametrize("row", [[], [1], [1, 2, 3]])
def test_a_row_of_another_length_is_refused(row: list[Cell]) -> None:
    with pytest.raises(ValueError, match="headings"):
        file_of(["a", "b"], [row])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("₩1,200", "￦1,200"),
        ("café", "cafe"),
        ("1월–3월", "1월-3월"),
        ("가—나", "가―나"),
        ("• 하나", "· 하나"),
        ("a\u00a0b", "a b"),
        ("\u1112\u1161\u11ab글", "한글"),
        ("좋아요👍️", "좋아요?"),
        ("a\u200bb", "ab"),
        ("a\ud800b", "ab"),
        ("£5", "?5"),
        ("−5", "'-5"),
        ("⁺5", "'+5"),
        ("\u200b=1", "'=1"),
        ("한글 ㎡ ① ℃ …", "한글 ㎡ ① ℃ …"),
    ],
)
def test_what_cp949_lacks_is_replaced_by_the_nearest_before_the_guard(text: str, written: str) -> None:
    assert cell_of(text, "cp949") == written


def test_every_syllable_survives_cp949() -> None:
    syllables = "".join(map(chr, range(0xAC00, 0xD7A4)))
    assert cell_of(syllables, "cp949") == syllables


def test_a_lone_surrogate_does_not_break_the_file() -> None:
    assert cell_of("a\ud800b") == "a?b"


def test_the_header_is_sent_before_the_first_row_is_asked_for() -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        raise AssertionError("asked too early")
        yield []

    assert next(csv_lines(["a"], rows(), encoding="utf-8")) == b"\xef\xbb\xbfa\r\n"


def test_a_long_file_comes_in_pieces_and_rows_are_fetched_as_they_go() -> None:
    fetched = 0

    def rows() -> Iterator[Sequence[Cell]]:
        nonlocal fetched
        for number in range(1_250):
            fetched += 1
            yield [number]

    pieces = csv_lines(["n"], rows(), encoding="utf-8")
    sizes = []
    for piece in pieces:
        sizes.append(piece.count(b"\r\n"))
        assert fetched <= sum(sizes)
    assert sizes == [1, 500, 500, 250]


def test_an_empty_list_is_a_header_alone() -> None:
    assert file_of(["a", "b"], []) == b"\xef\xbb\xbfa,b\r\n"


@pytest.mark.parametrize(
    ("name", "plain", "saved"),
    [
        ("projects.csv", "projects.csv", "projects.csv"),
        ("공모사업_2022-01-25.csv", "2022-01-25.csv", "공모사업_2022-01-25.csv"),
        ("공모사업.xlsx", "download.xlsx", "공모사업.xlsx"),
        ("a b.csv", "a_b.csv", "a b.csv"),
        ('a"b\r\nSet-Cookie: x.csv', "a_bSet-Cookie_x.csv", "a_bSet-Cookie_ x.csv"),
        ("../../etc/passwd", "etc_passwd", "_.._etc_passwd"),
        ("C:\\a|b?.csv", "C_a_b.csv", "C__a_b_.csv"),
        ("100%'s;.csv", "100_s.csv", "100%'s;.csv"),
        ("\u202egnp.exe\ud800", "gnp.exe", "gnp.exe"),
        ("\u1112\u1161\u11ab.csv", "download.csv", "한.csv"),
        ("가" * 200 + ".csv", "download.csv", "가" * 120 + ".csv"),
        (".csv", "csv", "csv"),
        ("", "download", "download"),
        ("...", "download", "download"),
    ],
)
def test_a_file_is_saved_under_its_name_and_nothing_else(name: str, plain: str, saved: str) -> None:
    start, _, encoded = content_disposition(name).partition("; filename*=UTF-8''")
    assert start == f'attachment; filename="{plain}"'
    assert unquote(encoded) == saved
    assert not set(encoded) & set(" \"';,")


def test_a_korean_name_is_sent_in_percent_signs() -> None:
    assert content_disposition("구.csv") == "attachment; filename=\"download.csv\"; filename*=UTF-8''%EA%B5%AC.csv"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_name_can_break_out_of_its_header(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.count(";") == 2
    saved = unquote(header.partition("UTF-8''")[2])
    assert saved
    assert len(saved) <= 131
    assert not set(saved) & set('/\\<>:"|?*\r\n\0')
    assert not saved.startswith(".")
