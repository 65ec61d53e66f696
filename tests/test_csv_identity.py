"""A list that is exported and read back is the list: whatever letters its texts hold, whoever writes the lines."""

import csv
import io

import pytest
from factories import Maker
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import Visitor
from sqlalchemy import inspect, select
from test_access import OWN
from test_lists import Place, each_list, orders, reader_of
from test_queries import fill

from districtops.kit import sql_csv
from districtops.kit.csv_export import unguard
from districtops.models import Department, Program, Role

RISKY = "=+-@\t\r\n＝＋－＠'"
IN_CP949 = "가힣각도로 예산AZaz09=+-@\t\r\n＝＋－＠'\"',;%_\\|<>&()￦·―～"
"""Letters that both encodings have, so that both give back what was written."""
TITLES = st.builds(
    lambda first, rest: (first + rest)[:200],
    st.text(st.sampled_from(RISKY), max_size=3),
    st.one_of(
        st.text(st.sampled_from(IN_CP949), max_size=20),
        st.lists(st.sampled_from(["'=", '""', '",', "\r\n", "=1+1", "＝", " "]), max_size=4).map("".join),
    ),
).filter(bool)
ANYTHING = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=40)

AWKWARD = (
    "=1+1",
    "+82",
    "-",
    "@a",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "－1",
    "'",
    "'=1",
    "''x",
    'a "b", c',
    "a\r\nb",
    " =1",
    "%s",
)

PLAIN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cells(visitor: Visitor, url: str, encoding: str = "utf-8") -> list[list[str]]:
    """Every cell of a download, as a spreadsheet reads it."""
    answer = visitor.ask(url + ("&" if "?" in url else "?") + f"encoding={encoding}")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def renamed(make: Maker, program_id: int, title: str) -> None:
    """Give a project a name, past every form."""
    with make.inside() as session:
        program = session.execute(select(Program).where(Program.id == program_id)).scalar_one()
        program.title_en = title
        session.commit()


@pytest.fixture
def reader(app: Flask, make: Maker) -> Visitor:
    """Somebody who may read and take away."""
    make.user("reader", Role.VIEWER)
    return Visitor(app, "reader")


def test_a_name_that_is_exported_and_read_back_is_the_same(reader: Visitor, make: Maker) -> None:
    project = make.project()

    @PLAIN
    @given(TITLES)
    def in_both_encodings(title: str) -> None:
        renamed(make, project.program_id, title)
        for encoding in ("utf-8", "cp949"):
            head, row = cells(reader, "/new-deal/projects.csv?header=keys", encoding)
            cell = row[head.index("title")]
            assert unguard(cell) == title
            assert not cell.startswith(tuple(RISKY[:-1])), "a spreadsheet could run it"

    @PLAIN
    @given(ANYTHING)
    def in_utf_8(title: str) -> None:
        renamed(make, project.program_id, title)
        head, row = cells(reader, "/new-deal/projects.csv?header=keys")
        assert unguard(row[head.index("title")]) == title

    in_both_encodings()
    in_utf_8()


@each_list
def test_the_database_and_python_write_the_same_cells(
    demo_on_both: Flask, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, header in (("en", "labels"), ("ko", "labels"), ("en", "keys")):
        visitor = reader_of(demo_on_both, place, language=language)
        for order in (place.listing.default_sort, orders(place.listing)[-1]):
            url = f"{place.path}.csv?header={header}&sort={order}"
            as_offered = cells(visitor, url)
            with monkeypatch.context() as patch:
                patch.setattr(sql_csv, "can_write", lambda _columns: False)
                assert cells(visitor, url) == as_offered, url
            assert len(as_offered) > 2


@each_list
def test_the_same_of_awkward_texts_in_every_column(
    app: Flask, make: Maker, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make, OWN, OWN + len(AWKWARD))
    with make.inside() as session:
        for model in (Program, Department):
            for row, words in zip(session.execute(select(model)).scalars(), AWKWARD, strict=True):
                for column in inspect(model).column_attrs:
                    if column.key.startswith(("title", "name")):
                        setattr(row, column.key, words)
        session.commit()
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    written = cells(reader, f"{place.path}.csv?header=keys")
    if len(written) == 1:
        pytest.skip("the list holds no row that is made up column by column")
    assert len(written) > len(AWKWARD)
    monkeypatch.setattr(sql_csv, "can_write", lambda _columns: False)
    assert cells(reader, f"{place.path}.csv?header=keys") == written


def test_the_list_of_projects_is_written_by_the_database(reader: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    # Else the comparisons above would compare one way of writing with itself.
    asked = []
    genuine = sql_csv.line
    monkeypatch.setattr(sql_csv, "line", lambda *given, **named: asked.append(given) or genuine(*given, **named))
    cells(reader, "/new-deal/projects.csv")
    assert len(asked) == 1
