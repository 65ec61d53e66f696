"""A sheet as a PDF: one A4 page whose words can be read back, in Korean too, with signs that the font lacks."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from districtops.kit.ratio import mean
from districtops.kit.sheet import Fact, Sheet, Table
from districtops.kit.sheet_pdf import pdf_of
from districtops.kit.text import shortened, width_of


def sheet(**more):
    values = {
        "language": "ko",
        "head": "용산구",
        "title": "스마트 용산 네트워크 고도화",
        "subtitle": "ND-2022-01",
        "facts": (Fact("사업비", "1,200,000,000원"), Fact("목적", "CCTV 수용", wide=True)),
        "bands": (),
        "foot": "2022. 1. 25.(화) 기준",
    }
    return Sheet(**{**values, **more})


def read(made):
    return PdfReader(io.BytesIO(pdf_of(made)))


def words(made):
    return read(made).pages[0].extract_text()


def test_a_sheet_is_one_a4_page_with_its_title_and_language():
    found = read(sheet())
    assert len(found.pages) == 1
    assert [round(float(side)) for side in found.pages[0].mediabox[2:]] == [595, 842]
    assert found.metadata.title == "스마트 용산 네트워크 고도화"
    assert found.trailer["/Root"]["/Lang"] == "ko"


def test_korean_can_be_searched_and_copied():
    text = words(sheet())
    for part in ("스마트 용산 네트워크 고도화", "사업비", "1,200,000,000원", "2022. 1. 25.(화) 기준"):
        assert part in text


def test_signs_that_the_font_lacks_come_from_another_and_what_none_has_is_a_square():
    text = words(sheet(subtitle="똠방각하 漢字 🙂"))
    assert "똠방각하" in text
    assert "漢字" in text
    assert "🙂" not in text
    assert "□" in text


def test_tables_show_head_rows_sum_and_note():
    table = Table(
        title="Budget by payer",
        head=("Payer", "Amount"),
        rows=(("City", "₩100"), ("District", "₩50")),
        shares=(50, 50),
        numeric=True,
        foot=("Total", "₩150"),
        note="and 2 more",
    )
    text = words(sheet(bands=((table, table), (table,))))
    for part in ("Budget by payer", "Payer", "₩100", "District", "₩150", "and 2 more"):
        assert text.count(part) >= 3, part


def test_a_cell_that_is_too_long_for_its_column_is_cut():
    table = Table(title="T", head=("Name", "Day"), rows=(("가" * 200, "2022"),), shares=(70, 30))
    text = words(sheet(bands=((table,),)))
    assert "가…" in text.replace("\n", "")
    assert "가" * 100 not in text
    assert "2022" in text


@settings(max_examples=200)
@given(st.text(), st.integers(1, 60))
def test_a_shortened_text_is_never_wider_than_asked_and_stands_on_one_line(text, width):
    found = shortened(text, width)
    assert width_of(found) <= width
    assert len(found.splitlines()) <= 1
    if width_of(" ".join(text.split())) <= width:
        assert found == " ".join(text.split())
    else:
        assert found.endswith("…")


@given(st.lists(st.integers(0, 10**6), max_size=20))
def test_a_mean_is_within_half_a_step_of_the_exact_one(values):
    found = mean(sum(values), len(values))
    if not values:
        assert found is None
    else:
        assert abs(found * len(values) - sum(values)) * 20 <= len(values)


@pytest.mark.parametrize(
    ("total", "count", "rounded"), [(43, 3, "14.3"), (1, 20, "0.1"), (None, 3, None), (5, 0, None)]
)
def test_a_mean_is_rounded_once_half_up_to_one_decimal(total, count, rounded):
    found = mean(total, count)
    assert (None if found is None else str(found)) == rounded
