"""``make bench`` measures what it says: every goal has a line with figures. How large they are no test asks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.data import HOMES
from bench.measure import Result, in_turn, quantile, table
from bench.words import ABSENT, COMMON, RARE, RARE_HITS, names

ROOT = Path(__file__).resolve().parent.parent
TINY = ("--rows", "60,200", "--blocks", "1", "--pages", "4", "--seconds", "0.4", "--no-postgres")


def test_every_goal_has_a_line_with_figures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", *TINY, "--folder", tmp_path / "office"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if line[:1] == "|"]
    head, _, *rows = lines
    assert head == ["goal", "what", "limit", "reached", "verdict", "note"]
    assert {row[0] for row in rows} == {"G1", *(f"G{number}" for number in range(4, 12)), "G13"}
    for goal, what, _limit, reached, verdict, _note in rows:
        assert re.match(r"-?[\d,.]+", reached), (goal, what, reached)
        assert verdict in ("ok", "beside it") or verdict.startswith("misses by "), (goal, what, verdict)
    stored = {row[1]: row[3] for row in rows}
    assert stored["accepted and lost after kill -9, or stored twice"] == "0"
    assert not list((tmp_path / "office").glob("*-writers*")), "what the writers wrote is taken away"


def test_the_words_are_in_as_many_names_as_they_say() -> None:
    rows = 20_000
    rare = {n * (rows // 10) // RARE_HITS * 10 for n in range(RARE_HITS)}
    korean = [names(n, rare=n in rare)[1] for n in range(rows)]
    assert sum(RARE in name for name in korean) == RARE_HITS
    assert {HOMES[n % 10] for n in rare} == {0}
    assert 0.08 < sum(COMMON in name for name in korean) / rows < 0.12
    assert not any(ABSENT in name for name in korean)


@pytest.mark.parametrize(
    ("figure", "limit", "higher", "verdict"),
    [
        (1.1, 1.15, False, "ok"),
        (2.3, 1.15, False, "misses by 2.00x"),
        (2.0, 1.0, True, "ok"),
        (0.5, 1.0, True, "misses by 2.00x"),
        (3.0, 0.0, False, "misses by 3"),
        (9.0, None, False, "beside it"),
    ],
)
def test_a_verdict_says_by_how_much_a_goal_is_missed(
    figure: float, limit: float | None, higher: bool, verdict: str
) -> None:
    result = Result(goal="G0", what="a thing", figure=figure, limit=limit, higher=higher)
    assert result.verdict == verdict
    assert verdict in table([result])


def test_each_case_keeps_the_fastest_of_its_blocks() -> None:
    ticks = iter([0, 5, 10, 12, 20, 21, 30, 37])
    best = in_turn({"a": list, "b": list}, blocks=2, calls=1, clock=lambda: next(ticks))
    assert best == {"a": 1, "b": 2}
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
