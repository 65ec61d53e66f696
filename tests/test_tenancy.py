"""No session sees, counts or writes a row of another district, whatever the class and whatever the statement.

Everything that is said here is said of every class: one that is added tomorrow is tested tomorrow.
"""

import ast
import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from factories import Maker, mapped_models, references, scoped_models
from flask import Flask
from pages import Visitor
from sqlalchemy import Date, UniqueConstraint, delete, exists, func, insert, inspect, select, union, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, aliased
from werkzeug.exceptions import NotFound

from districtops.guard.tenancy import (
    NOBODY,
    ForeignDistrict,
    NoScope,
    Scope,
    enter,
    narrowed_to,
    raise_fence,
    scope,
    within,
)
from districtops.kit.db import Base, db, fetch_or_404
from districtops.models import District, Grant, Program, Role, User

PACKAGE = Path(__file__).parent.parent / "districtops"

OF_NO_DISTRICT = {
    "District": "the districts themselves",
    "Installation": "one row for the whole database",
    "SignedInSession": "read before it is known who asks, by a random key only",
    "FailedSignIn": "counts names that may belong to nobody",
    "RestoreDrill": "tells of the installation",
    "SentForm": "found by a keyed digest that holds the person and the page",
}
"""Classes whose rows belong to no district, each with its reason."""

LIFTS_THE_FILTER = {
    "accounts/actions.py": 1,  # sign-in finds a person by name
    "accounts/queries.py": 1,  # the sign-in page of a demonstration offers its accounts
    "attachments/commands.py": 1,  # check-files compares the files of the whole installation
    "cli.py": 1,  # user names are unique over all districts
    "guard/chain.py": 2,  # the record of every district is verified, its heads are written elsewhere
    "guard/identity.py": 4,  # the open sign-in, its person, their grants; what signing in notes of itself
    "guard/second_factor.py": 1,  # the person whose code is asked for, who is not let in yet
    "upkeep/facts.py": 1,  # whether any district has an administrator
}
"""Where ``across_districts(...)`` is called, how often."""

LIFTS_THE_REFUSAL = {
    "cli.py": 2,  # a city reader belongs to no district; a lost second factor, in any of them
    "demo/loader.py": 1,  # the same, for the demonstration
}
"""Where ``writing_across(...)`` is called, how often."""

OWN, FOREIGN = 500, 7000
MODELS = scoped_models()
each_class = pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])


@pytest.fixture
def both(make: Maker) -> Maker:
    """A row of every class in two districts: 500 at home, 7000 elsewhere."""
    make.one_of_each(make.home, OWN)
    make.one_of_each(make.district("songpa"), FOREIGN)
    return make


def ids(result: Any) -> set[int]:
    """The ids that a statement gave, without those of rows that serve as somebody's sign-in."""
    return {row_id for row_id in result.scalars() if row_id in (OWN, FOREIGN)}


# Reading ---------------------------------------------------------------------------------------------------------


def _plain(session: Session, model: Any) -> set[int]:
    return {row.id for row in session.execute(select(model)).scalars()} & {OWN, FOREIGN}


def _columns(session: Session, model: Any) -> set[int]:
    return ids(session.execute(select(model.id)))


def _other_columns(session: Session, model: Any) -> set[int]:
    return {row.id for row in session.execute(select(model.id, model.district_id))} & {OWN, FOREIGN}


def _alias(session: Session, model: Any) -> set[int]:
    return ids(session.execute(select(aliased(model).id)))


def _alias_of_rows(session: Session, model: Any) -> set[int]:
    return {row.id for row in session.execute(select(aliased(model))).scalars()} & {OWN, FOREIGN}


def _common_table(session: Session, model: Any) -> set[int]:
    found = select(model.id).cte()
    return ids(session.execute(select(found.c.id)))


def _subquery(session: Session, model: Any) -> set[int]:
    found = select(model.id).subquery()
    return ids(session.execute(select(found.c.id)))


def _union(session: Session, model: Any) -> set[int]:
    return ids(
        session.execute(union(select(model.id).where(model.id == OWN), select(model.id).where(model.id == FOREIGN)))
    )


def _join_with_itself(session: Session, model: Any) -> set[int]:
    other = aliased(model)
    return ids(session.execute(select(other.id).select_from(model).join(other, other.id >= 0)))


def _outer_join(session: Session, model: Any) -> set[int]:
    return ids(session.execute(select(model.id).select_from(District).outerjoin(model, model.id >= 0)))


def _in_a_condition(session: Session, model: Any) -> set[int]:
    return {
        n
        for n in (OWN, FOREIGN)
        if session.execute(select(District.id).where(select(model.id).where(model.id == n).exists())).first()
    }


def _exists(session: Session, model: Any) -> set[int]:
    return {n for n in (OWN, FOREIGN) if session.execute(select(exists().where(model.id == n))).scalar_one()}


def _scalar_subquery(session: Session, model: Any) -> set[int]:
    largest = select(func.max(model.id)).where(model.id.in_((OWN, FOREIGN))).scalar_subquery()
    return ids(session.execute(select(largest)))


def _largest(session: Session, model: Any) -> set[int]:
    return ids(session.execute(select(func.max(model.id)).where(model.id.in_((OWN, FOREIGN)))))


def _legacy(session: Session, model: Any) -> set[int]:
    return {row.id for row in session.query(model)} & {OWN, FOREIGN}


def _get(session: Session, model: Any) -> set[int]:
    return {row.id for n in (OWN, FOREIGN) if (row := session.get(model, n)) is not None}


def _fetch(session: Session, model: Any) -> set[int]:
    found = {fetch_or_404(model, OWN).id}
    with pytest.raises(NotFound):
        fetch_or_404(model, FOREIGN)
    return found


READINGS: dict[str, Callable[[Session, Any], set[int]]] = {
    "rows": _plain,
    "a column": _columns,
    "several columns": _other_columns,
    "an alias": _alias,
    "rows of an alias": _alias_of_rows,
    "a common table expression": _common_table,
    "a subquery": _subquery,
    "a union": _union,
    "a join with itself": _join_with_itself,
    "an outer join": _outer_join,
    "exists as a condition": _in_a_condition,
    "exists": _exists,
    "a scalar subquery": _scalar_subquery,
    "an aggregate": _largest,
    "the legacy query": _legacy,
    "get": _get,
    "fetch_or_404": _fetch,
}


@each_class
def test_every_way_of_reading_sees_the_own_district_only(app: Flask, both: Maker, model: type[Base]) -> None:
    with both.inside() as session:
        for way, read in READINGS.items():
            session.expunge_all()
            assert read(session, model) == {OWN}, way


@each_class
def test_counting_over_a_subquery_counts_the_own_district_only(app: Flask, both: Maker, model: type[Base]) -> None:
    with both.inside() as session:
        found = select(model.id).where(model.id.in_((OWN, FOREIGN))).limit(1000).subquery()
        assert session.execute(select(func.count()).select_from(found)).scalar_one() == 1
        assert session.execute(select(func.count(model.id)).where(model.id >= 7000)).scalar_one() == 0


@each_class
def test_a_relationship_never_leads_into_another_district(lite_app: Flask, both: Maker, model: type[Base]) -> None:
    relationships = [r for r in inspect(model).relationships if r.mapper.class_ in MODELS]
    with lite_app.app_context():
        enter(Scope(frozenset({both.home.id, both.district("songpa").id})))
        row = db.session.execute(select(model).where(model.id == FOREIGN)).scalar_one()
        loaded = {r.key: getattr(row, r.key) for r in relationships}
        needed = [r.key for r in relationships if not next(iter(r.local_columns)).nullable]
        assert all(loaded[key] is not None for key in needed), "the test's own rows are linked"
        # The row itself is kept in memory on purpose: what it leads to must not be read with it.
        db.session.expire(row, [r.key for r in relationships])
        for other in list(db.session.identity_map.values()):
            if other is not row:
                db.session.expunge(other)
        db.session.info["scope"] = Scope(frozenset({both.home.id}), home=both.home.id)
        for key in needed:
            assert getattr(row, key) is None, f"{model.__name__}.{key}"


@each_class
def test_without_a_scope_nothing_can_be_read(lite_app: Flask, both: Maker, model: type[Base]) -> None:
    with lite_app.app_context(), pytest.raises(NoScope):
        db.session.execute(select(model))


@each_class
def test_nobody_sees_nothing(lite_app: Flask, both: Maker, model: type[Base]) -> None:
    with lite_app.app_context():
        enter(NOBODY)
        assert db.session.execute(select(func.count(model.id))).scalar_one() == 0


@each_class
def test_a_reader_of_several_districts_sees_them_together(lite_app: Flask, both: Maker, model: type[Base]) -> None:
    both.district("jung")
    with both.reading(both.home, both.district("songpa")) as session:
        assert _columns(session, model) == {OWN, FOREIGN}


def test_asking_for_the_scope_before_there_is_one_raises(lite_app: Flask) -> None:
    with lite_app.app_context(), pytest.raises(NoScope):
        scope()


def test_entering_another_scope_forgets_the_rows_of_the_one_before(lite_app: Flask, both: Maker) -> None:
    elsewhere = both.district("songpa")
    with both.inside() as session:
        assert session.get(Program, OWN) is not None
        enter(Scope(frozenset({elsewhere.id})))
        assert session.get(Program, OWN) is None


# Writing ---------------------------------------------------------------------------------------------------------


@each_class
def test_bulk_updates_and_deletes_reach_the_own_district_only(app: Flask, both: Maker, model: Any) -> None:
    with both.inside() as session:
        columns = [c for c in inspect(model).column_attrs if c.key not in ("id", "district_id")]
        column = min(columns, key=lambda c: bool(c.columns[0].foreign_keys))
        kept = session.execute(select(getattr(model, column.key)).where(model.id == OWN)).scalar_one()
        change = update(model).where(model.id == FOREIGN).values({column.key: kept})
        assert rows_touched(session, change) == 0
        removal = delete(model).where(model.id == FOREIGN)
        assert rows_touched(session, removal) == 0


def rows_touched(session: Session, statement: Any) -> int:
    """How many rows a statement wrote; none where the application's role may not do such a thing at all."""
    try:
        with session.begin_nested():
            result = session.execute(statement.execution_options(synchronize_session=False))
            return int(getattr(result, "rowcount", -1))
    except ProgrammingError as problem:
        return 0 if "permission denied" in str(problem) else -1


@each_class
def test_bulk_inserts_and_updates_by_primary_key_are_refused(lite_app: Flask, both: Maker, model: Any) -> None:
    with both.inside() as session:
        with pytest.raises(ForeignDistrict):
            session.execute(insert(model), [{"district_id": both.home.id}])
        with pytest.raises(ForeignDistrict):
            session.execute(insert(model).values(district_id=both.home.id))
        with pytest.raises(ForeignDistrict):
            session.execute(update(model), [{"id": FOREIGN, "district_id": both.home.id}])


@each_class
def test_a_new_row_belongs_to_the_district_of_whoever_writes_it(lite_app: Flask, make: Maker, model: Any) -> None:
    with make.inside() as session:
        row = make.build(session, model, District(id=None), {}, {})
        assert row.district_id == make.home.id


@each_class
def test_a_row_of_another_district_can_be_neither_added_nor_changed_nor_removed(
    lite_app: Flask, both: Maker, model: Any
) -> None:
    home, elsewhere = both.home, both.district("songpa")
    with both.inside() as session, pytest.raises(ForeignDistrict):
        both.build(session, model, elsewhere, {}, {})
    column = next(c for c in inspect(model).column_attrs if c.key not in ("id", "district_id", "version"))
    for act in ("change", "remove", "steal"):
        with both.reading(elsewhere) as session:
            row = session.execute(select(model).where(model.id == FOREIGN)).scalar_one()
            session.info["scope"] = Scope(frozenset({home.id}), home=home.id)
            if act == "change":
                sqlalchemy.orm.attributes.flag_modified(row, column.key)
            elif act == "steal":
                row.district_id = home.id
            else:
                session.delete(row)
            with pytest.raises(ForeignDistrict):
                session.flush()
            session.rollback()


@each_class
def test_a_reader_of_several_districts_writes_in_none(lite_app: Flask, both: Maker, model: Any) -> None:
    with both.reading(both.home, both.district("songpa")) as session, pytest.raises(ForeignDistrict):
        session.add(model(district_id=both.home.id))
        session.flush()


def test_a_row_cannot_move_into_another_district(lite_app: Flask, both: Maker) -> None:
    elsewhere = both.district("songpa")
    with both.inside() as session:
        row = session.execute(select(Program).where(Program.id == OWN)).scalar_one()
        row.district_id = elsewhere.id
        with pytest.raises(ForeignDistrict):
            session.flush()


def test_people_may_change_their_own_settings_even_without_a_district_to_write_in(lite_app: Flask, make: Maker) -> None:
    city = make.city_reader("city", make.home)
    with make.inside() as session:
        user = session.merge(city, load=False)
        session.info["scope"] = Scope(frozenset({make.home.id}), user_id=city.id)
        user.text_size = 125
        session.flush()


def test_an_insider_cannot_become_a_person_of_another_district(lite_app: Flask, make: Maker) -> None:
    elsewhere = make.district("songpa")
    person = make.user("insider", Role.VIEWER)
    with make.inside(user=person) as session:
        row = session.execute(select(User).where(User.id == person.id)).scalar_one()
        row.district_id = elsewhere.id
        with pytest.raises(ForeignDistrict):
            session.flush()


def test_the_scope_before_is_restored_after_working_within_a_district(lite_app: Flask, make: Maker) -> None:
    home, elsewhere = make.home, make.district("songpa")
    with lite_app.app_context():
        enter(Scope(frozenset({home.id}), home=home.id))
        with within(elsewhere.id):
            assert scope().home == elsewhere.id
        assert scope().home == home.id


def test_nobody_may_leave_their_district(lite_app: Flask, make: Maker) -> None:
    person = make.user("insider", Role.VIEWER)
    with make.inside(user=person) as session:
        row = session.execute(select(User).where(User.id == person.id)).scalar_one()
        row.district_id = None
        with pytest.raises(ForeignDistrict):
            session.flush()


# The database's own fence -----------------------------------------------------------------------------------------

REFERENCES = [(model, column, parent) for model in MODELS for column, parent in references(model)]


@pytest.mark.parametrize(("model", "column", "parent"), REFERENCES, ids=[f"{m.__name__}.{c}" for m, c, _ in REFERENCES])
def test_the_database_itself_refuses_a_parent_in_another_district(
    app: Flask, both: Maker, model: type[Base], column: str, parent: type[Base]
) -> None:
    if _reason_across(model, column):
        return
    with both.inside() as session:
        table = model.__table__
        connection = session.connection()
        raise_fence(session, str(both.home.id))
        # Through the table, past every event of the session; the ids stand in both districts.
        if getattr(model, "__append_only__", False):
            row = connection.execute(select(table).where(table.c.id == OWN)).one()
            # What takes back another row is below zero; some references stand together or not at all.
            sign = {"amount_won": -row.amount_won} if column == "reverses_id" else {}
            also: dict[str, Any] = {"award_id": {"funding_line_id": OWN}, "funding_line_id": {"award_id": OWN}}.get(
                column, {}
            )
            unique = {c for u in table.constraints if isinstance(u, UniqueConstraint) for c in u.columns}
            also |= {c.name: row._mapping[c] + dt.timedelta(days=1) for c in unique if isinstance(c.type, Date)}
            statement = table.insert().values({**row._mapping, **sign, **also, "id": OWN + 1, column: FOREIGN})
        else:
            statement = table.update().where(table.c.id == OWN).values({column: FOREIGN})
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"), connection.begin_nested():
            connection.execute(statement)


def _reason_across(model: type[Base], column: str) -> str | None:
    reasons = [key.info.get("across_districts") for key in model.__table__.c[column].foreign_keys]
    return next((reason for reason in reasons if reason), None)


def test_every_reference_stays_within_its_district_unless_it_says_why_not() -> None:
    free = []
    for model in MODELS:
        tables = {m.__table__ for m in MODELS}
        for constraint in model.__table__.foreign_key_constraints:
            if constraint.referred_table in tables:
                targets = {element.target_fullname.partition(".")[2] for element in constraint.elements}
                composite = constraint.column_keys[0] == "district_id" and targets == {"district_id", "id"}
                if not composite:
                    free.append((model.__name__, constraint.column_keys[-1]))
                    assert _reason_across(model, constraint.column_keys[-1]), free[-1]
    assert free == [("Grant", "user_id")]


def test_every_class_belongs_to_a_district_or_to_the_short_list_of_those_that_do_not() -> None:
    assert {m.__name__ for m in mapped_models()} - {m.__name__ for m in MODELS} == set(OF_NO_DISTRICT)
    for model in MODELS:
        column = model.__table__.c.district_id
        assert [
            key.target_fullname for key in column.foreign_keys if key.constraint.column_keys == ["district_id"]
        ] == ["district.id"]
        assert not column.nullable or model.__name__ in ("User", "ChangeRecord"), model


# The code ----------------------------------------------------------------------------------------------------------


def _calls(name: str) -> dict[str, int]:
    """File -> how often a function of this name is called in it."""
    found: dict[str, int] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called == name:
                    place = str(path.relative_to(PACKAGE))
                    found[place] = found.get(place, 0) + 1
    return found


def test_the_filter_is_lifted_only_where_the_list_says() -> None:
    assert _calls("across_districts") == LIFTS_THE_FILTER
    assert _calls("writing_across") == LIFTS_THE_REFUSAL


def test_nothing_lifts_the_filter_by_hand() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != PACKAGE / "guard" / "tenancy.py":
            tree = ast.parse(path.read_text("utf-8"))
            words = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            keys = [word for word in words if word == "writing_across"]
            assert not keys, path
            assert "across_districts" not in words or path.name == "people.py", path


@pytest.mark.parametrize(
    "name", ["bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings", "exec_driver_sql", "get_or_404"]
)
def test_nothing_outside_guard_and_kit_goes_past_the_session(name: str) -> None:
    places = {place for place in _calls(name) if not place.startswith(("guard/", "kit/db.py", "setup/"))}
    assert not places


def test_no_module_asks_a_bare_table() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name not in ("guard", "setup"):
            attributes = {n.attr for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Attribute)}
            assert not attributes & {"__table__", "local_table"}, path


def test_bulk_updates_and_deletes_stand_only_where_the_list_says() -> None:
    # They go past the record of changes and past versions.
    places: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
                names = {alias.name for alias in node.names} & {"insert", "update", "delete", "text"}
                if names:
                    places[str(path.relative_to(PACKAGE))] = names
    assert places == {
        "guard/chain.py": {"insert", "text"},  # the record of changes itself; the lock on its end
        "guard/summaries.py": {"update"},  # sums, which follow from rows that are recorded
        "kit/db.py": {"text"},  # the condition of an index
        "models/search.py": {"delete", "insert"},  # the search index, which is no table of a class
        "guard/once.py": {"delete"},  # keys of forms that were sent long ago
        "guard/tenancy.py": {"text"},  # the fence of a PostgreSQL transaction
        "guard/identity.py": {"delete", "update"},  # open sign-ins, which are no data of the office
    }


# Lists -------------------------------------------------------------------------------------------------------------


def test_a_list_its_count_and_its_downloads_keep_to_the_district(app: Flask, make: Maker) -> None:
    elsewhere = make.district("songpa")
    make.project("Ours", money=100_000_000)
    for number in range(3):
        make.project(f"Theirs {number}", money=900_000_000, district=elsewhere)
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    page = reader.open("new_deal.projects")
    assert "1 row" in page.text
    assert [row for row in page.rows() if "Ours" in row[1] or "Ours" in row[0]]
    assert "Theirs" not in page.text
    text = reader.ask("/new-deal/projects.csv?header=keys").get_data().decode("utf-8-sig")
    assert [row["title"] for row in csv.DictReader(io.StringIO(text))] == ["Ours"]


def test_grants_of_a_person_in_another_district_give_nothing_here(lite_app: Flask, make: Maker) -> None:
    elsewhere = make.district("songpa")
    person = make.user("insider", Role.VIEWER)
    make.row(Grant, elsewhere, user_id=person.id, role=Role.ADMINISTRATOR)
    assert Visitor(lite_app, "insider").ask("/people").status_code == 403


def test_a_reader_may_narrow_the_scope_to_one_of_their_districts_and_to_no_other(app: Flask, make: Maker) -> None:
    first, second, third = make.home, make.district("songpa"), make.district("jung")
    for district in (first, second, third):
        make.project(f"Of {district.slug}", district=district)
    with make.reading(first, second) as session:
        before = scope()
        with narrowed_to(second.id):
            assert [row.title_en for row in session.execute(select(Program)).scalars()] == ["Of songpa"]
        assert scope() == before
        assert len(session.execute(select(Program)).scalars().all()) == 2
        with pytest.raises(NoScope), narrowed_to(third.id):
            raise AssertionError("never let in")
