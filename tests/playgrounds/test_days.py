"""The computed list of days: its page, its CSV and its XLSX are the same rows, and bad dates get a clear message."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from factories import Maker
from flask import Flask
from makers import playgrounds as makers
from pages import Visitor

from districtops.guard.passwords import DEMONSTRATION
from districtops.models import Role

URL = "/playgrounds/days"


def rows_of(visitor: Visitor, query: str) -> list[dict[str, str]]:
    """The rows of the CSV."""
    answer = visitor.ask(f"{URL}.csv?header=keys&{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


@pytest.fixture
def officer(demo_app: Flask) -> Visitor:
    """Songpa's officer."""
    return Visitor(demo_app, "officer.songpa", DEMONSTRATION)


def test_the_keys_are_those_that_were_asked_for(officer: Visitor) -> None:
    [row] = rows_of(officer, "from=2022-02-02&to=2022-02-02")
    assert row == {
        "playground": "Songpa Dog Playground",
        "date": "2022-02-02",
        "weekday": "Wed",
        "state": "open",
        "opens": "10:00",
        "closes": "17:00",
        "rule": "exceptional_opening",
        "reason": "exceptional opening: Open during this Lunar New Year holiday",
    }


def test_page_csv_and_xlsx_hold_the_same_rows(officer: Visitor) -> None:
    query = "from=2022-01-01&to=2022-04-30&size=200"
    dates = re.findall(r'<td[^>]*><time datetime="([^"]+)"', officer.ask(f"{URL}?{query}").get_data(as_text=True))
    in_csv = rows_of(officer, query)
    assert dates == [row["date"] for row in in_csv]
    assert len(in_csv) == 120
    book = openpyxl.load_workbook(io.BytesIO(officer.ask(f"{URL}.xlsx?header=keys&{query}").get_data()))
    sheet = book.active
    assert sheet is not None
    head, *body = sheet.iter_rows(values_only=True)
    assert list(head) == list(in_csv[0])
    assert [[str(v.date() if hasattr(v, "date") else v or "") for v in row] for row in body] == [
        list(row.values()) for row in in_csv
    ]


def test_pages_follow_each_other(officer: Visitor) -> None:
    seen, url = [], f"{URL}?from=2022-01-01&to=2022-03-31&size=25"
    while url:
        html = officer.ask(url).get_data(as_text=True)
        seen += re.findall(r'<td[^>]*><time datetime="([^"]+)"', html)
        found = re.search(r'href="([^"]*)"[^>]*>Next', html)
        url = unescape(found[1]) if found else ""
    assert len(seen) == len(set(seen)) == 90
    assert seen == sorted(seen)


def test_the_open_days_of_the_file_are_the_dashboards_figure(officer: Visitor) -> None:
    page = officer.look("/")
    link = next(link for link in page.links if link.startswith(URL))
    found = rows_of(officer, link.partition("?")[2])
    assert f"Open days of the playgrounds 2022 {len(found)} days" in page.text
    everything = rows_of(officer, "from=2022-01-01&to=2022-12-31")
    assert len([row for row in everything if row["state"] == "open"]) == len(found) == 287


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nine_days_are_open_from_the_reopening_to_6_february(demo_app: Flask, language: str) -> None:
    visitor = Visitor(demo_app, "officer.songpa", DEMONSTRATION, language=language)
    found = rows_of(visitor, "from=2022-01-27&to=2022-02-06")
    rules = ["weekly_pattern"] * 2 + ["exceptional_opening"] * 2 + ["dated_closure"] * 2
    rules += ["exceptional_opening"] + ["weekly_pattern"] * 4
    assert [row["rule"] for row in found] == rules
    assert sum(row["state"] == "open" for row in found) == 9
    reasons = {
        "en": (
            "dated closure: Closed on Lunar New Year’s Day",
            "exceptional opening: Open during this Lunar New Year holiday",
        ),
        "ko": ("임시휴장(날짜 지정): 설날 당일 휴장", "예외 개장: 이번 설 연휴 기간 예외 개장"),
    }
    assert (found[5]["reason"], found[6]["reason"]) == reasons[language]


def test_a_year_that_is_not_prepared_says_so(officer: Visitor) -> None:
    states = {row["state"] for row in rows_of(officer, "from=2023-01-01&to=2023-12-31")}
    assert states == {"closed", "not_prepared"}
    assert "Not prepared" in officer.look("/playgrounds/?on=2023-03-15").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2022-13-45", "Write a day of the calendar"),
        ("from=x", "Write a day of the calendar"),
        ("to=1066-10-14", "The year must lie between"),
        ("from=2022-02-01&to=2022-01-31", "The last day lies before the first"),
        ("from=2020-01-01&to=2023-12-31", "at most three years"),
        ("playground=999", "Choose one of the listed entries"),
        ("state=ajar", "Choose one of the listed entries"),
        ("known=yesterday", "Write a day of the calendar"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_clear_message(officer: Visitor, query: str, words: str) -> None:
    assert words in officer.look(f"{URL}?{query}", status=422).text
    for suffix in (".csv", ".xlsx"):
        answer = officer.ask(f"{URL}{suffix}?{query}")
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=" + "9" * 40, "before=end", "sort=date", "size=3", "q=%00"]
)
def test_a_place_that_is_none_is_refused(officer: Visitor, query: str) -> None:
    officer.look(f"{URL}?{query}", status=422)


@pytest.mark.parametrize("query", ["on=2022-02-30", "at=24:00", "at=ten", "on=x&at=y"])
def test_a_question_that_is_none_is_refused(officer: Visitor, query: str) -> None:
    assert officer.look(f"/playgrounds/?{query}", status=422).errors


def test_another_district_sees_none_of_it(lite_app: Flask, make: Maker) -> None:
    place = makers.playground(make, "Foreign", make.district("songpa"))
    makers.ordinary(make, place)
    make.user("reader", Role.VIEWER)
    reader = Visitor(lite_app, "reader")
    assert rows_of(reader, "from=2022-01-01&to=2022-12-31") == []
    assert reader.ask(f"/playgrounds/{place.id}").status_code == 404
    assert reader.ask("/playgrounds/calendar.ics").status_code == 404
