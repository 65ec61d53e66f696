"""Words are found on both databases, short Korean ones too, and nothing that is typed is taken for a command."""

import csv
import io

import pytest
from acts import stored
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import select

from districtops.kit.db import db
from districtops.kit.listing import Listing
from districtops.models import Program, Role, search
from districtops.registry import MODULES

TITLES = (
    *(ROADS := "마포 도로 도포 정비", BUDGET := "예산 AND 결산", LAMPS := "Smart 가로등 100%"),
    *(QUOTED := 'a "quoted" name', STAR := "under_score * star", NEAR := "O'Neil (north) NEAR 2"),
)
FOUND = {
    "도로": {ROADS},
    "로 도": {ROADS},
    # Each pair of letters stands in the name, and not one after the other.
    "마포 도포": set(),
    "로": {ROADS, LAMPS},
    "예산": {BUDGET},
    "AND": {BUDGET},
    "가로등": {LAMPS},
    "%": {LAMPS},
    "100%": {LAMPS},
    "0%": {LAMPS},
    "_": {STAR},
    "r_s": {STAR},
    "*": {STAR},
    '"': {QUOTED},
    '"quoted"': {QUOTED},
    "'": {NEAR},
    "O'N": {NEAR},
    "(north)": {NEAR},
    "NEAR": {NEAR},
    "NEAR(": set(),
    "NOT": set(),
    "OR": {STAR, NEAR},
    "marts": set(),
    "smart": {LAMPS},
    "' OR 1=1 --": set(),
    '" OR "a': set(),
    "1z2": set(),
    "\\": set(),
    "%%": set(),
    "__": set(),
    "^": set(),
    "title:": set(),
    "{a b}": set(),
}
"""What somebody types, and the titles that hold it, letter case aside."""


@pytest.fixture
def reader(app: Flask, make: Maker) -> Visitor:
    """Somebody who may read projects with awkward names."""
    for title in TITLES:
        make.project(title)
    make.project("도로 of another office", district=make.district("songpa"))
    make.user("reader", Role.VIEWER)
    return Visitor(app, "reader")


def searched(reader: Visitor, words: str) -> set[str]:
    """The titles that a search finds."""
    answer = reader.ask("/new-deal/projects.csv", query_string={"q": words, "header": "keys"})
    assert answer.status_code == 200, words
    return {row["title"].removeprefix("'") for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}


def test_every_search_finds_what_holds_its_words_and_nothing_else(reader: Visitor) -> None:
    before = stored(reader.app, "change_record")
    assert {words: searched(reader, words) for words in FOUND} == FOUND
    assert stored(reader.app, "change_record") == before


def test_a_search_finds_the_same_whether_the_index_leads_or_the_list_is_walked(
    reader: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    assert {words: searched(reader, words) for words in FOUND} == FOUND


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(app: Flask, make: Maker) -> None:
    project = make.project("가로등")
    make.user("officer")
    officer = Visitor(app, "officer")
    assert officer.submit("new_deal.edit", {"title": "보안등"}, project_id=project.id).status_code == 303
    assert searched(officer, "보안등") == {"보안등"}
    assert searched(officer, "가로") == set()


def test_what_is_searched_for_never_becomes_part_of_a_statement(reader: Visitor, make: Maker) -> None:
    # What is typed travels beside the statement, so that no letters of it can be a command.
    for words in FOUND:
        with make.inside(), reader.app.test_request_context("/"):
            texts = (Program.title_en, Program.code)
            statement = str(select(Program.id).where(search.named(words, Program.id, *texts)).compile(db.engine))
            assert len(words) < 2 or words.isalpha() or words not in statement


LISTS: list[tuple[str, Listing]] = [
    (f"{module.blueprint.url_prefix}/{listing.name}", listing) for module in MODULES for listing in module.lists
]


@pytest.mark.parametrize("path", [path for path, _ in LISTS])
def test_no_search_of_any_list_faults(app: Flask, make: Maker, path: str) -> None:
    make.one_of_each(make.home, 500)
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    for words in FOUND:
        for suffix in ("", ".csv"):
            assert reader.ask(path + suffix, query_string={"q": words}).status_code == 200, f"{path}{suffix} {words!r}"
