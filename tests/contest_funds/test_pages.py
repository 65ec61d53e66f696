"""The pages of contests: what they show is what the rows hold, and every number opens the list that makes it."""

import csv
import datetime as dt
import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from factories import Maker
from flask import Flask
from makers import contest_funds as contest
from pages import Page, Visitor, text_of

from districtops.contest_funds.models import LossReason, RewardRule
from districtops.contest_funds.rules import State
from districtops.guard.passwords import DEMONSTRATION
from districtops.models import Payer, Role

KEYS = [
    *("id", "title", "call", "organiser", "organiser_kind", "type", "department", "state", "award_year", "applied_on"),
    *("result_on", "requested_won", "national_won", "city_won", "private_won", "other_won", "external_won"),
    *("matching_won", "total_won", "external_share", "sample"),
]


def rows_of(visitor: Visitor, url: str) -> list[dict[str, str]]:
    """The rows of the file behind a list's address."""
    parts = urlsplit(url)
    answer = visitor.ask(f"{parts.path}.csv?header=keys&{parts.query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def linked(page: Page, words: str) -> str:
    """The address behind the first link with these words."""
    return next(a.get("href", "") for a in page.main.iter("a") if "".join(a.itertext()).strip() == words)


def total(rows: list[dict[str, str]], key: str) -> int:
    return sum(int(row[key]) for row in rows if row[key])


@pytest.fixture
def manager(demo_app: Flask, visit: Any) -> Visitor:
    return visit("manager.dongdaemun", password=DEMONSTRATION)  # type: ignore[no-any-return]


def test_the_export_has_the_promised_keys_in_their_order(manager: Visitor) -> None:
    assert list(rows_of(manager, "/contest-funds/applications")[0]) == KEYS


def test_the_manager_sees_the_years_figures_without_a_calculator(manager: Visitor) -> None:
    text = manager.open("contest_funds.index").text
    for words in ("139", "95", "68.3%", "−0.7 %p", "20,700", "−39.1%", "+13 (+10.3%)", "+8 (+9.2%)"):
        assert words in text, words
    assert "139" in manager.look("/").text


def test_every_number_of_the_first_page_opens_the_list_that_makes_it(manager: Visitor) -> None:
    page = manager.open("contest_funds.index")
    assert len(rows_of(manager, linked(page, "Applied"))) == 139
    assert len(rows_of(manager, linked(page, "Selected"))) == 95
    secured = rows_of(manager, linked(page, "External funds secured"))
    assert total(secured, "external_won") == 20_700_000_000
    for name, key, amount in (("City funds", "city_won", "4,838.3"), ("Other funds", "other_won", "614")):
        rows = rows_of(manager, linked(page, name))
        assert f"{total(rows, key) / 1_000_000:,.1f}".removesuffix(".0") == amount
        assert amount in page.text
    named = rows_of(manager, linked(page, "Named in the announcement"))
    assert total(named, "external_won") == 11_454_000_000
    for reason, count, _share in page.rows("Reasons for not being selected"):
        assert len(rows_of(manager, linked(page, reason))) == int(count)


@pytest.mark.parametrize(
    "caption", ["Applications and money by kind of organiser", "Applications and money by division"]
)
def test_a_breakdown_adds_up_to_the_whole(manager: Visitor, caption: str) -> None:
    rows = manager.open("contest_funds.index").rows(caption)
    assert sum(int(row[1]) for row in rows) == 139
    assert sum(int(row[2]) for row in rows) == 95
    assert sum(float(row[4].replace(",", "")) for row in rows) == 20_700


def test_a_year_that_is_not_there_is_an_ordinary_404(manager: Visitor) -> None:
    for year in ("1999", "soon", "2021x", "-1"):
        for endpoint in ("index", "pipeline", "reward_points"):
            manager.open(f"contest_funds.{endpoint}", year=year, status=404)


def test_what_is_given_up_stays_selected_and_leaves_the_money(app: Flask, make: Maker) -> None:
    contest.application(make, state=State.SELECTED, award=300)
    contest.application(make, state=State.GIVEN_UP, award=500)
    contest.application(make, state=State.NOT_SELECTED, loss=LossReason.SITE)
    contest.application(make, state=State.APPLIED)
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    page = reader.open("contest_funds.index")
    assert len(rows_of(reader, linked(page, "Applied"))) == 4
    assert len(rows_of(reader, linked(page, "Selected"))) == 2
    assert total(rows_of(reader, linked(page, "External funds secured")), "external_won") == 300
    assert "50.0%" in page.text, "of four"
    assert "66.7% of what is decided" in page.text


def test_the_rate_follows_what_was_applied_for_in_the_year_whenever_it_was_decided(app: Flask, make: Maker) -> None:
    late = {"result_on": dt.date(2022, 1, 20)}
    for _ in range(2):
        contest.application(make, state=State.SELECTED, year=2021, **late)
    contest.application(make, state=State.NOT_SELECTED, year=2021, loss=LossReason.SITE)
    contest.application(make, state=State.SELECTED, year=2022)
    contest.application(make, state=State.APPLIED, year=2022)
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    [_, _, rate, *_] = reader.open("contest_funds.index", year=2022).rows("This year against last year")
    assert rate[1:4] == ["66.7%", "50.0%", "−16.7 %p"], "three selected in 2022, of which two were filed before"
    assert "100.0% of what is decided" in reader.open("contest_funds.index", year=2022).text


def test_every_number_of_a_division_opens_the_rows_that_make_it(app: Flask, make: Maker) -> None:
    contest.application(make, state=State.SELECTED, award=300)
    contest.application(make, state=State.GIVEN_UP, award=500)
    contest.application(make, state=State.APPLIED)
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    page = reader.open("contest_funds.index", year=2022)
    [row] = [row for row in page.tree.iter("tr") if "no division stated" in text_of(row)]
    links = [link.get("href") or "" for link in row.iter("a")]
    assert [len(rows_of(reader, link)) for link in links] == [3, 2, 1]
    payer = next(link for link in page.links if "payer=national" in link)
    assert total(rows_of(reader, payer), "national_won") == 300
    assert "National funds" in text_of(reader.look(payer).tree.find(".//thead")), "with the payer's own part"


def test_the_board_has_every_state_with_its_count_and_its_money(manager: Visitor) -> None:
    text = manager.open("contest_funds.pipeline").text
    assert "Being prepared" in text
    assert "1,200 million won" in text, "requested and not decided"
    past = manager.open("contest_funds.pipeline", year=2021).text
    assert "Not selected" in past


def test_the_outlook_counts_three_cases(app: Flask, make: Maker) -> None:
    for state in (State.SELECTED, State.NOT_SELECTED):
        contest.application(make, state=state, year=2021)
    contest.application(make, state=State.AGREED, matching=100)
    contest.application(make, state=State.APPLIED, matching=51)
    contest.application(make, state=State.DROPPED, matching=1_000)
    reader = make.user("reader", Role.VIEWER, unit="won")
    page = Visitor(app, reader.username).open("contest_funds.outlook")
    assert page.rows() == [["2022", "100", "126", "151"]], "half of 51, half up"
    assert "50.0%" in page.text


# The weekly list ---------------------------------------------------------------------------------------------------


def test_the_weekly_list_and_its_file_say_the_same(manager: Visitor) -> None:
    page = manager.open("contest_funds.weekly")
    rows = list(
        csv.DictReader(io.StringIO(manager.ask("/contest-funds/weekly.csv?header=keys").data.decode("utf-8-sig")))
    )
    for row in rows:
        assert row["title"] in page.text
    counts = [sum(row["section"] == name for row in rows) for name in ("closing_14", "closing_30", "not_answered")]
    assert counts == [3, 3, 4]
    assert [row["what"] for row in rows if row["section"] == "result"] == ["not_selected"] * 2


@pytest.mark.parametrize("since", ["2022-13-01", "yesterday", "1980-01-01", "\x00", "2" * 40])
def test_a_day_that_is_none_is_refused_on_the_page_and_in_the_file(manager: Visitor, since: str) -> None:
    for path in ("/contest-funds/weekly", "/contest-funds/weekly.csv"):
        assert manager.ask(path, query_string={"since": since}).status_code == 422


def test_the_weekly_list_tells_changes_since_the_day_that_is_asked(manager: Visitor) -> None:
    page = manager.look("/contest-funds/weekly?since=2022-01-24")
    assert len(page.rows("Other changes")) == 1
    assert "No result came in" in page.text


# Rewards -----------------------------------------------------------------------------------------------------------


def test_points_follow_the_rule_of_the_year(app: Flask, make: Maker) -> None:
    for year, base in ((2021, 1), (2022, 5)):
        make.keep(RewardRule(from_year=year, base=base, points=2, step_won=100, most=30 if year == 2022 else None))
    division = make.department("Roads Division")
    place = {"department_id": division.id}
    for year, award in ((2020, 900), (2021, 250), (2022, 99), (2022, 100), (2022, 5_000)):
        contest.application(make, state=State.SELECTED, year=year, award=award, program=place)
    contest.application(make, state=State.GIVEN_UP, award=900, program=place)
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    earned = {
        (row["award_year"], row["external_won"]): row["points"] for row in rows_of(reader, "/contest-funds/rewards")
    }
    assert earned == {
        ("2020", "900"): "",
        ("2021", "250"): "5",
        ("2022", "99"): "5",
        ("2022", "100"): "7",
        ("2022", "5000"): "30",
    }
    page = reader.open("contest_funds.reward_points", year=2022)
    assert page.rows("Points by division") == [["Roads Division", "3", "0", "42"]]


def test_the_administrator_sets_the_rule_and_sees_no_figures(app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(app, "boss")
    assert "/contest-funds/reward-rules" in boss.look("/account").links
    sent = {"from_year": "2022", "base": "5", "points": "1", "step_won": "1억"}
    page = boss.follow(boss.submit("contest_funds.create_rule", sent))
    assert "no limit" in page.text
    for fields, why in (
        ({**sent}, "begins in this year already"),
        ({**sent, "from_year": "2023", "step_won": "0"}, "above zero"),
        ({**sent, "from_year": "2023", "base": "-1"}, "Points for each secured contest"),
        ({**sent, "from_year": "next"}, "From the year"),
    ):
        assert why in boss.refused("contest_funds.create_rule", fields).summary
    assert boss.ask("/contest-funds/").status_code == 403
    assert len(make.everything(RewardRule)) == 1


# Several districts -------------------------------------------------------------------------------------------------


def test_a_reader_of_several_districts_sees_their_contests_together(demo_app: Flask, visit: Any) -> None:
    city = visit("city.seoul", password=DEMONSTRATION)
    assert "101" in city.open("contest_funds.index", year=2021).text, "95 and 6"


def test_the_payers_parts_add_up_to_the_outside_money(manager: Visitor) -> None:
    for row in rows_of(manager, "/contest-funds/applications?secured=yes"):
        parts = [row[f"{payer.value}_won"] for payer in Payer if f"{payer.value}_won" in row]
        if all(parts):
            assert sum(map(int, parts)) == int(row["external_won"])
        else:
            assert row["sample"] == "no", "only rows of the article leave the payer open"
