"""Sixteen people write at once: nobody is refused, nothing is lost or doubled, and every sum is what its rows make."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from acts import problems_of, twin
from factories import Maker
from flask import Flask
from flask.testing import FlaskClient
from pages import Visitor
from sqlalchemy import func, select

from districtops.guard.once import key
from districtops.models import ChangeRecord, LedgerEntry, Milestone, Note
from districtops.new_deal.figures import ProjectFigures, ProjectSums
from districtops.new_deal.models import Project
from districtops.new_deal.queries import DIMENSIONS, groups
from districtops.new_deal.rules import Stage

WRITERS = 16
ROUNDS = 4


class Office:
    """Projects that may spend, and an officer whose cookie all writers share."""

    def __init__(self, app: Flask, make: Maker, projects: int) -> None:
        self.app, self.make = app, make
        self.projects = [make.project(f"No. {n}", money=10**6, stage=Stage.IN_EXECUTION) for n in range(projects)]
        make.user("officer")
        self.officer = Visitor(app, "officer")
        self.token = self.officer.open("accounts.account").form().fields["csrf_token"]

    def everybody(self, act: Callable[[FlaskClient, random.Random, int], object]) -> list[object]:
        """What each writer's act gave; ``act`` gets a client, a source of chances, and the writer's number."""
        clients = [twin(self.officer) for _ in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS) as pool:
            return list(pool.map(lambda n: act(clients[n], random.Random(n), n), range(WRITERS)))  # noqa: S311 - not a secret

    def send(self, client: FlaskClient, url: str, **fields: object) -> int:
        """Send a form under a new key. The status of its answer."""
        sent = {"csrf_token": self.token, "once": key(), **fields}
        return client.post(url, data=sent, buffered=True).status_code


@pytest.fixture
def office(app: Flask, make: Maker) -> Office:
    """Four projects: few enough that the writers meet."""
    return Office(app, make, 4)


def test_sixteen_writers_are_all_let_in_and_everything_they_saved_stands(office: Office, make: Maker) -> None:
    def write(client: FlaskClient, chance: random.Random, number: int) -> Counter[tuple[str, int]]:
        answers: Counter[tuple[str, int]] = Counter()
        for turn in range(ROUNDS):
            project = chance.choice(office.projects)
            base, words = f"/new-deal/projects/{project.id}", f"{number}/{turn}"
            new = {"title": words, "programme": project.programme_id, "category": "green", "type": "purchase"}
            for kind, url, fields in (
                ("note", f"{base}/notes", {"text": words}),
                ("spending", f"{base}/spending", {"on_date": "2022-03-02", "amount_won": turn + 1, "note": words}),
                ("milestone", f"{base}/milestones/new", {"version": "", "title": words, "due_on": "2022-05-02"}),
                *([("project", "/new-deal/projects/new", {**new, "original_city": 1000})] if turn == 0 else []),
            ):
                answers[kind, office.send(client, url, **fields)] += 1
        return answers

    answers: Counter[tuple[str, int]] = Counter()
    for found in office.everybody(write):
        answers += found  # type: ignore[operator]
    assert {status for _, status in answers} == {303}, answers
    accepted = {kind: count for (kind, _), count in answers.items()}
    assert accepted == {"note": 64, "spending": 64, "milestone": 64, "project": 16}
    for model, kind in ((Note, "note"), (LedgerEntry, "spending"), (Milestone, "milestone")):
        assert len(make.everything(model)) == accepted[kind]
        assert len(make.everything(ChangeRecord, table_name=model.__tablename__)) == accepted[kind]
    assert len({note.text for note in make.everything(Note)}) == accepted["note"]
    assert len(make.everything(Project)) == len(office.projects) + accepted["project"]
    assert problems_of(make) == []


def test_many_hands_spend_and_take_back_and_every_sum_agrees(office: Office, make: Maker) -> None:
    entries = [make.entry(project, 1000) for project in office.projects for _ in range(8)]

    def bank(client: FlaskClient, chance: random.Random, _number: int) -> list[int]:
        answers = []
        for _ in range(ROUNDS):
            project = chance.choice(office.projects)
            url = f"/new-deal/projects/{project.id}/spending"
            spent = {"on_date": "2022-03-02", "amount_won": chance.randrange(1, 10**6)}
            answers.append(office.send(client, url, **spent))
            # Several reach for the same entry: one of them takes it back, the others are told so.
            old = chance.choice(entries)
            url = f"/new-deal/projects/{_project_of(office, old).id}/spending/{old.id}/reverse"
            answers.append(office.send(client, url, reason="typed twice"))
        return answers

    answers = Counter(answer for found in office.everybody(bank) for answer in found)  # type: ignore[attr-defined]
    assert set(answers) <= {303, 422}, answers
    ledger = make.everything(LedgerEntry)
    assert len(ledger) == len(entries) + answers[303]
    taken_back = [entry.reverses_id for entry in ledger if entry.reverses_id is not None]
    assert len(taken_back) == len(set(taken_back)) > 8
    total = sum(entry.amount_won for entry in ledger)
    figures = make.everything(ProjectFigures)
    for project in office.projects:
        own = sum(entry.amount_won for entry in ledger if entry.program_id == project.program_id)
        assert [row.spent_won for row in figures if row.program_id == project.program_id] == [own]
    assert sum(row.spent_won for row in figures) == total
    year = make.programme(2022)
    with make.inside() as session:
        assert session.execute(select(func.sum(ProjectSums.spent_won))).scalar_one() == total
        assert sum(group.spent for group in groups(year, DIMENSIONS)) == total
    assert problems_of(make) == []


def test_what_is_written_past_the_pages_at_once_is_summed_all_the_same(app: Flask, make: Maker) -> None:
    # A page locks the record that it changes. Whatever does not must find the figures locked.
    projects = [make.project(f"No. {n}", money=10**6) for n in range(2)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: make.entry(projects[n % 2], n + 1), range(64)))
    figures = {row.program_id: row.spent_won for row in make.everything(ProjectFigures)}
    for project in projects:
        entries = make.everything(LedgerEntry, program_id=project.program_id)
        assert len(entries) == 32
        assert figures[project.program_id] == sum(entry.amount_won for entry in entries)
    assert problems_of(make) == []


def _project_of(office: Office, entry: LedgerEntry) -> Project:
    return next(project for project in office.projects if project.program_id == entry.program_id)
