"""How pairs are timed and judged.

A machine's speed drifts by more than what is to be told apart, so nothing is compared with a figure of another run:
pairs are timed in turn (A B A B …) and each keeps the minimum of its blocks.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

Clock = Callable[[], float]
Act = Callable[[], object]

LONGEST = 15.0


@dataclass(frozen=True, kw_only=True)
class Result:
    """One line of the table. ``figure`` is judged by ``limit``: at most so much, or at least where ``higher`` says
    that more is better. Without a limit it is told beside the others."""

    goal: str
    what: str
    figure: float
    limit: float | None = None
    higher: bool = False
    unit: str = "x"
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        if self.limit is None:
            return True
        return self.figure >= self.limit if self.higher else self.figure <= self.limit

    @property
    def verdict(self) -> str:
        """``ok``, by what factor the goal is missed, or that there is none."""
        if self.limit is None:
            return "beside it"
        if self.met:
            return "ok"
        if not self.limit or not self.figure:
            return f"misses by {abs(self.figure - self.limit):g}"
        return f"misses by {max(self.figure / self.limit, self.limit / self.figure):.2f}x"

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        """What the table shows."""
        sign = ">=" if self.higher else "<="
        limit = "" if self.limit is None else f"{sign} {_number(self.limit)} {self.unit}"
        return self.goal, self.what, limit, f"{_number(self.figure)} {self.unit}", self.verdict, self.note


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 100 and value != int(value) else f"{value:,.0f}"


def table(results: list[Result]) -> str:
    """The results as lines of equal columns, which are a Markdown table too."""
    rows = [("goal", "what", "limit", "reached", "verdict", "note"), *(result.cells for result in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(6)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def in_turn(
    cases: Mapping[str, Act], *, blocks: int, calls: int = 5, clock: Clock = time.perf_counter
) -> dict[str, float]:
    """Seconds a call of each case: the fastest of its blocks, one block of each in turn. The first call warms up.

    What is far from its goal is known soon: no more blocks are begun after LONGEST seconds.
    """
    ends = time.monotonic() + LONGEST
    best = dict.fromkeys(cases, float("inf"))
    for act in cases.values():
        act()
    for block in range(blocks):
        if block and time.monotonic() > ends:
            break
        for name, act in cases.items():
            started = clock()
            for _ in range(calls):
                act()
            best[name] = min(best[name], (clock() - started) / calls)
    return best


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what is being done and how long it took, in seconds."""
    print(f"{what} … ", end="", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.1f} s", flush=True)
