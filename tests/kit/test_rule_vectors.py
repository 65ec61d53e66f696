"""The examples of the rules, one row each in ``rule_vectors.csv``: every row has a runner and comes out exactly."""

import csv
import json
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from districtops.contest_funds import rules
from districtops.kit.change import compare
from districtops.kit.deadline import days_left, due_state
from districtops.kit.execution import achievement, current_budget, execution_rate, projected, unused
from districtops.kit.ratio import half_up
from districtops.kit.won import Unit, in_unit, words_ko
from districtops.playgrounds.rules import Cause, Kind, Period, Schedule, answer, open_days

Values = dict[str, Any]

with (Path(__file__).parents[1] / "rule_vectors.csv").open(encoding="utf-8", newline="") as file:
    VECTORS = list(csv.DictReader(file))


def execution(given: Values) -> Values:
    if "as_of" in given:
        forecast = projected(given["spent"], given["budget"], date.fromisoformat(given["as_of"]))
        assert forecast is not None
        return {"projected": forecast.amount, "projected_rate": forecast.rate}
    if "grant_return" in given:
        budget = given.pop("budget")
        return {"unused": unused(budget, **given)}
    if "target" in given:
        return {"achievement": achievement(given["spent"], given["target"])}
    budget = given.get(
        "budget",
        current_budget(given.get("original"), supplementary=given.get("supp", 0), carried_in=given.get("carried", 0)),
    )
    return {"budget": budget, "rate": execution_rate(given["spent"], budget)}


def year_on_year(given: Values) -> Values:
    change = compare(given["cur"], given["prev"])
    return {
        "diff": change.difference,
        "pct": change.percent(),
        "pct0": change.percent(0),
        "pct1": change.percent(1),
    }


def money(given: Values) -> Values:
    won = given["won"]
    if isinstance(won, list):
        return {
            "rounded_sum_eok": in_unit(sum(won), Unit.EOK, 1),
            "sum_of_rounded_eok": sum(in_unit(part, Unit.EOK, 1) for part in won),
        }
    return {
        **{unit.value: in_unit(won, unit) for unit in Unit},
        "bn_en": half_up(Fraction(won, 10**9), 2),
        "ko": words_ko(won),
    }


def due(given: Values) -> Values:
    deadline, today = date.fromisoformat(given["deadline"]), date.fromisoformat(given["today"])
    return {"days_left": days_left(deadline, today), "state": due_state(deadline, today, given["done"])}


def outside_money(given: Values) -> Values:
    if "total" in given:
        total, outside = given["total"], given["external"]
        return {"rest": total - outside, "external_share": rules.external_share(outside, total)}
    names = {"nat": "national", "city": "city", "dist": "district"}
    parts = {names[name]: amount for name, amount in given.items()}
    total, outside = sum(parts.values()), rules.external(parts)
    share = rules.external_share(outside, total)
    return {"total": total, "external": outside, "matching": parts.get("district", 0), "external_share": share}


def settlement(given: Values) -> Values:
    unit, within = given["rule"]
    due_on = rules.settlement_due(date.fromisoformat(given["completed"]), within, rules.SettleUnit(unit))
    return {"due": due_on.isoformat()}


def _period(number: int, kind: Kind, first: str, last: str | None = None, **more: Any) -> Period:
    return Period(
        id=number, kind=kind, first=date.fromisoformat(first), last=date.fromisoformat(last) if last else None, **more
    )


PLAYGROUND = Schedule(
    (
        _period(1, Kind.BASE_HOURS, "2022-01-01", hours=(time(10), time(17))),
        _period(2, Kind.SEASON_HOURS, "2022-01-01", yearly=((4, 1), (9, 30)), hours=(time(10), time(18))),
        _period(3, Kind.WEEKLY_CLOSURE, "2022-01-01", weekday=0),
        _period(4, Kind.OPERATION, "2022-01-27"),
        _period(5, Kind.HOLIDAY_PERIOD, "2022-01-31", "2022-02-02", cause=Cause.SEOLLAL),
        _period(6, Kind.HOLIDAY_PERIOD, "2022-09-09", "2022-09-12", cause=Cause.CHUSEOK),
        _period(7, Kind.EXCEPTIONAL_OPENING, "2022-01-29", "2022-02-02", hours=(time(10), time(17))),
        _period(8, Kind.DATED_CLOSURE, "2022-01-31", "2022-02-01"),
        _period(9, Kind.FLOOD_PERIOD, "2022-08-08", "2022-08-12"),
    )
)
"""The schedule that the examples of R8 speak of: the season of 2022, with one flood control period entered by hand."""


def playground(given: Values) -> Values:
    if "from" in given:
        return {"open_days": open_days(PLAYGROUND, *(date.fromisoformat(given[name]) for name in ("from", "to")))}
    assert given["emergency"] == []
    day = answer(PLAYGROUND, date.fromisoformat(given["date"]))
    found: Values = {"day": day.state.value, "because": day.because.value}
    if day.hours:
        found["hours"] = "-".join(f"{moment:%H:%M}" for moment in day.hours[0])
    if given["time"]:
        found["now"] = "open" if day.open_at(time.fromisoformat(given["time"])) else "closed"
    return found


RUNNERS: dict[str, Callable[[Values], Values]] = {
    "R1_execution_rate": execution,
    "R2_yoy": year_on_year,
    "R3_external": outside_money,
    "R10_money": money,
    "R11_due": due,
    "R8_playground": playground,
    "R15_settlement_due": settlement,
}


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['rule']}-{vector['case']}" for vector in VECTORS])
def test_a_rule_gives_what_its_example_says(vector: dict[str, str]) -> None:
    assert vector["rule"] in RUNNERS, f"no runner for {vector['rule']}"
    result = RUNNERS[vector["rule"]](json.loads(vector["input_json"]))
    expected = json.loads(vector["expected_json"], parse_float=Decimal)
    assert {name: result.get(name, "not computed") for name in expected} == expected


def test_every_runner_has_its_examples() -> None:
    assert {vector["rule"] for vector in VECTORS} == set(RUNNERS)
    assert len(VECTORS) == 41
