"""Pages without a socket: lists (G1), what a page costs (G4), search (G5), the dashboard (G6)."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from databases import application
from flask import Flask, render_template_string

from bench.data import SLUGS, YEARS
from bench.measure import Result, in_turn, told
from bench.office import InProcess, environ, settings
from bench.words import ABSENT, COMMON, MIDDLING, RARE
from districtops.kit.db import sqlite_driver

LIST, DASHBOARD = "/new-deal/projects", "/new-deal/"
SEARCHES = {"rare (20 hits)": RARE, "common (10 %)": COMMON, "none": ABSENT}

HOME = f"(SELECT id FROM district WHERE slug = '{SLUGS[0]}')"

LIKE_SCAN = f"""
SELECT id FROM new_deal_project_figures
WHERE district_id = {HOME} AND (title_en LIKE :words OR title_ko LIKE :words OR code LIKE :words)
ORDER BY code, id LIMIT 51
"""

GROUPS_AT_REQUEST = f"""
SELECT j.category, j.status, p.department_id, j.named, count(*), count(m.budget), sum(m.budget), sum(s.spent)
FROM new_deal_project j
JOIN program p ON p.id = j.program_id
LEFT JOIN (
    SELECT program_id, sum(amount_won) AS budget FROM funding_line WHERE district_id = {HOME} GROUP BY program_id
) m ON m.program_id = j.program_id
LEFT JOIN (
    SELECT program_id, sum(amount_won) AS spent FROM ledger_entry WHERE district_id = {HOME} GROUP BY program_id
) s ON s.program_id = j.program_id
WHERE j.district_id = {HOME} AND p.fiscal_year = {YEARS[-1]}
GROUP BY j.category, j.status, p.department_id, j.named
"""


@dataclass(frozen=True)
class Pair:
    """The same office twice: small and large."""

    small: Path
    large: Path
    blocks: int


def measured(pair: Pair) -> Iterator[Result]:
    """G1, G4, G5 and G6."""
    with ExitStack() as stack:
        small, large = (stack.enter_context(_office(path)) for path in (pair.small, pair.large))
        yield from lists(pair, small, large)
        yield from cost(pair, large)
        yield from searches(pair, small, large)
        yield from dashboard(pair, small, large)


@contextmanager
def _office(path: Path) -> Iterator[InProcess]:
    with application(f"sqlite:///{path}", **settings()) as app:
        yield InProcess(app)


def middle(path: Path) -> str:
    """The address of the page in the middle of the first district's list."""
    with closing(sqlite_driver.connect(path)) as connection:
        [rows] = connection.execute(
            f"SELECT count(*) FROM new_deal_project_figures WHERE district_id = {HOME}"
        ).fetchone()
        place = connection.execute(
            f"SELECT code, id FROM new_deal_project_figures WHERE district_id = {HOME} ORDER BY code, id "
            f"LIMIT 1 OFFSET {rows // 2}"
        ).fetchone()
    return f"{LIST}?after=" + base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def lists(pair: Pair, small: InProcess, large: InProcess) -> Iterator[Result]:
    """A page costs the same wherever it lies, however many there are."""
    addresses: dict[str, Callable[[Path], str]] = {
        "first page": lambda _: LIST,
        "middle page": middle,
        "last page": lambda _: f"{LIST}?before=end",
        "filtered by status": lambda _: f"{LIST}?status=delayed",
        "filtered by year": lambda _: f"{LIST}?fiscal_year={YEARS[-1]}",
        "sorted by budget": lambda _: f"{LIST}?sort=-budget_won",
        "searched (10 %)": lambda _: _search(COMMON),
    }
    for what, address in addresses.items():
        here, there = address(pair.small), address(pair.large)
        with told(f"G1 {what}"):
            best = in_turn(
                {"small": lambda at=here: small.page(at), "large": lambda at=there: large.page(at)}, blocks=pair.blocks
            )
        yield Result(goal="G1", what=f"list, {what}: large / small", figure=_ratio(best), limit=1.15, note=_ms(best))


CONSTANT = """<!doctype html><title>{{ title }}</title><table>{% for row in rows %}<tr>
{% for cell in row %}<td class="cell">{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""


def cost(pair: Pair, large: InProcess) -> Iterator[Result]:
    """What the signed-in page costs the processor, against a page of constants of the same framework."""
    plain = Flask("plain")
    rows = [[f"constant {row} {column}" for column in range(10)] for row in range(50)]

    @plain.get("/")
    def constant() -> str:
        return render_template_string(CONSTANT, title="Constants", rows=rows)

    asked = environ("/")

    def page() -> None:
        b"".join(plain.wsgi_app(dict(asked), lambda status, headers, info=None: None))

    with told("G4 cost of the list page"):
        cases = {"small": page, "large": lambda: large.page(LIST)}
        best = in_turn(cases, blocks=pair.blocks, clock=time.process_time)
    yield Result(goal="G4", what="list / constant page, CPU", figure=_ratio(best), limit=2.5, note=_ms(best))


def searches(pair: Pair, small: InProcess, large: InProcess) -> Iterator[Result]:
    """Korean words of two syllables, against the first page and against the small office."""
    for what, words in {**SEARCHES, "0.5 %": MIDDLING}.items():
        address = _search(words)
        with told(f"G5 {what}"), closing(sqlite_driver.connect(pair.large)) as connection:
            best = in_turn(
                {
                    "first": lambda: large.page(LIST),
                    "small": lambda at=address: small.page(at),
                    "large": lambda at=address: large.page(at),
                    "scan": lambda like=f"%{words}%": connection.execute(LIKE_SCAN, {"words": like}).fetchall(),
                },
                blocks=max(pair.blocks // 2, 1),
                calls=2,
            )
        asked = words != MIDDLING
        over_first = best["large"] / best["first"]
        yield Result(
            goal="G5",
            what=f"search, {what} / first page",
            figure=over_first,
            limit=2.0 if asked else None,
            note=_ms(best),
        )
        yield Result(
            goal="G5", what=f"search, {what}: large / small", figure=_ratio(best), limit=1.5 if asked else None
        )
        yield Result(goal="G5", what=f"LIKE scan / search, {what}", figure=best["scan"] / best["large"])


def dashboard(pair: Pair, small: InProcess, large: InProcess) -> Iterator[Result]:
    """The dashboard from kept sums, and what adding up at the request would take."""
    with told("G6 dashboard"), closing(sqlite_driver.connect(pair.large)) as connection:
        cases = {"small": lambda: small.page(DASHBOARD), "large": lambda: large.page(DASHBOARD)}
        best = in_turn(cases, blocks=pair.blocks)
        adding = in_turn({"scan": lambda: connection.execute(GROUPS_AT_REQUEST).fetchall()}, blocks=1, calls=1)
    yield Result(
        goal="G6", what="dashboard: large / small", figure=_ratio(best), limit=1.1, note=_ms({**best, **adding})
    )
    yield Result(goal="G6", what="GROUP BY at the request / dashboard", figure=adding["scan"] / best["large"])


def _search(words: str) -> str:
    return f"{LIST}?q={quote(words)}"


def _ratio(best: Mapping[str, float]) -> float:
    return best["large"] / best["small"]


def _ms(best: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in best.items())
