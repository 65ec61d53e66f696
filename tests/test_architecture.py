"""How the code is laid out. Import directions are checked by import-linter in ``make check``; the rest is said here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from factories import mapped_models, scoped_models
from flask import Flask
from jinja2 import nodes
from sqlalchemy import Enum

from districtops.kit.db import Base, Versioned
from districtops.kit.text import LabelledEnum
from districtops.registry import MODULES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "districtops"
TEMPLATES = ROOT / "templates"
CATALOGUE = PACKAGE / "translations" / "ko" / "LC_MESSAGES" / "messages.po"
FILES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
SHELLS = {"base.html", "plain.html"}
LONGEST_FILE = 400

MAY_IMPORT = {
    "views": {"blueprint", "forms", "queries", "rules", "models", "actions", "overview", "record", "lists"},
    "queries": {"figures", "models", "rules"},
    "rules": set(),
    "models": {"rules"},
    "actions": {"models", "queries", "rules"},
    "forms": {"figures", "models", "queries", "rules"},
    "figures": {"models", "rules"},
}
"""What a file of a module or of one of its feature folders may import from its own module, by the files' names: beside
these one of its own name in another folder, and files whose name is theirs alone."""

NAMED = set().union(MAY_IMPORT, *MAY_IMPORT.values())


def enums() -> list[type[LabelledEnum]]:
    """Every enumeration that people read."""
    return sorted(LabelledEnum.__subclasses__(), key=lambda members: members.__name__)


def parsed(path: Path) -> ast.Module:
    """The file as a tree."""
    return ast.parse(path.read_text("utf-8"))


# Python ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_a_file_is_short_says_what_it_is_for_and_imports_at_its_top(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") < LONGEST_FILE, f"{path.name} has {text.count(chr(10))} lines"
    tree = parsed(path)
    assert (ast.get_docstring(tree) or "").strip(), "a module says in one sentence what it is for"
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            assert not inner, f"imports inside a function at lines {inner}: a thing lies in the wrong layer"


def imported(path: Path) -> Iterator[str]:
    """The full names of everything a file imports."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES, ids=[module.name for module in MODULES])
def test_a_module_keeps_to_the_layers_within_itself(module: object) -> None:
    own = PACKAGE / module.name  # type: ignore[attr-defined]
    for path in sorted(own.rglob("*.py")):
        if path.stem in MAY_IMPORT:
            found = {_file_of(text) for text in imported(path) if text.startswith(f"districtops.{own.name}.")}
            above = NAMED - MAY_IMPORT[path.stem] - {path.stem}
            wrong = sorted(str(file.relative_to(own)) for file in found if file.stem in above)
            assert wrong == [], f"{path.relative_to(PACKAGE)} imports {wrong}"


def _file_of(name: str) -> Path:
    """The file in which a full name lies."""
    parts = name.split(".")[1:]
    while not (PACKAGE / Path(*parts).with_suffix(".py")).exists():
        parts.pop()
    return PACKAGE / Path(*parts).with_suffix(".py")


@pytest.mark.parametrize("module", MODULES, ids=[module.name for module in MODULES])
def test_a_modules_rules_know_neither_flask_nor_a_database(module: object) -> None:
    path = PACKAGE / module.name / "rules.py"  # type: ignore[attr-defined]
    if path.exists():
        foreign = [name for name in imported(path) if name.startswith(("flask", "sqlalchemy", "districtops.guard"))]
        assert foreign == []


@pytest.mark.parametrize("module", MODULES, ids=[module.name for module in MODULES])
def test_one_name_does_five_jobs(lite_app: Flask, module: object) -> None:
    name = module.name  # type: ignore[attr-defined]
    assert (PACKAGE / name / "__init__.py").exists()
    assert (TEMPLATES / name / "index.html").exists()
    assert module.blueprint.url_prefix == f"/{name.replace('_', '-')}"  # type: ignore[attr-defined]
    assert f"{name}.index" in lite_app.view_functions


def test_nobody_but_the_clock_asks_what_time_it_is() -> None:
    for path in FILES:
        if path.name != "clock.py" and path.parent.name != "setup":
            text = path.read_text("utf-8")
            assert not re.search(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btime\.time\(", text), path


def test_money_is_never_a_float() -> None:
    for path in FILES:
        calls = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "float"]
        assert not calls or path.parent.name == "setup", path


def test_no_view_commits() -> None:
    commits = set()
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("commit", "rollback"):
                commits.add(path.relative_to(PACKAGE).as_posix())
    commands = {"cli.py", "demo/loader.py", "upkeep/commands.py"}
    assert commits == commands | {"guard/audit.py", "guard/errors.py", "guard/passwords.py", "guard/transaction.py"}


# Tables ------------------------------------------------------------------------------------------------------------


def test_every_amount_of_money_says_so_and_is_a_big_integer() -> None:
    for model in mapped_models():
        for column in model.__table__.columns:
            if column.name.endswith("_won"):
                assert column.type.python_type is int
                assert str(column.type) == "BIGINT", column


def test_every_column_that_people_read_has_a_label() -> None:
    for model in scoped_models():
        if hasattr(model, "__label__"):
            for column in model.__table__.columns:
                if column.name not in ("id", "district_id", "version"):
                    assert column.info.get("label"), column


def test_every_row_that_people_edit_has_a_version_and_every_other_is_only_added_or_says_nothing_of_people() -> None:
    unversioned = {
        model.__name__
        for model in scoped_models()
        if not (
            issubclass(model, Versioned) or getattr(model, "__append_only__", False) or hasattr(model, "__silent__")
        )
    }
    assert unversioned == {"Grant", "OfficeHolder", "SupportMeasure"}


def test_every_reference_and_every_list_has_an_index() -> None:
    for model in scoped_models():
        table = model.__table__
        indexed = [[c.name for c in index.columns] for index in table.indexes]
        assert any(columns[0] == "district_id" for columns in indexed) or model.__name__ in {
            "Grant",  # found by its person
            "Programme",  # one a year; its unique key leads with the district
        }, f"{table.name} is read by district"


def test_every_constraint_has_a_name_that_fits_postgresql() -> None:
    for table in Base.metadata.sorted_tables:
        names = [str(constraint.name) for constraint in (*table.constraints, *table.indexes)]
        assert "None" not in names, table.name
        assert all(len(name) <= 63 for name in names), [name for name in names if len(name) > 63]
        assert len(names) == len(set(names)), table.name


# Words -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The Korean texts."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ko")


@pytest.mark.parametrize("members", enums(), ids=[members.__name__ for members in enums()])
def test_every_member_of_an_enumeration_has_a_label_in_both_languages(
    members: type[LabelledEnum], catalogue: Catalog
) -> None:
    labels = [str(member.label) for member in members]
    assert all(labels)
    assert len(set(labels)) == len(labels), "two members cannot be told apart"
    for member in members:
        message = catalogue.get(str(member.label))
        assert message is not None, f"{member!r} is not in the catalogue"
        assert message.string, f"{member!r} has no Korean label"
        assert re.fullmatch(r"[a-z][a-z0-9_]*", member.value), "the database keeps plain English"


def test_every_enumeration_of_a_column_keeps_its_values_under_a_named_check() -> None:
    for model in mapped_models():
        for column in model.__table__.columns:
            if isinstance(column.type, Enum):
                assert column.type.create_constraint, column
                assert not column.type.native_enum, column
                assert max(map(len, column.type.enums)) <= (column.type.length or 0), column


def test_every_label_of_a_list_and_a_column_is_translated(catalogue: Catalog) -> None:
    words = {str(label) for model in mapped_models() if (label := getattr(model, "__label__", None))}
    words |= {str(c.info["label"]) for m in mapped_models() for c in m.__table__.columns if c.info.get("label")}
    for module in MODULES:
        words.add(str(module.label))
        for listing in module.lists:
            words |= {str(listing.title), str(listing.purpose), str(listing.empty_text)}
            words |= {str(column.label) for column in listing.columns}
    missing = sorted(word for word in words if not (found := catalogue.get(word)) or not found.string)
    assert missing == []


def test_no_translation_loses_a_value_that_its_text_holds(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and message.string:
            texts = message.string if isinstance(message.string, tuple | list) else [message.string]
            sources = message.id if isinstance(message.id, tuple | list) else [message.id]
            wanted = set(re.findall(r"%\((\w+)\)s", sources[-1]))
            for text in texts:
                assert set(re.findall(r"%\((\w+)\)s", text)) == wanted, f"{sources[0]!r} → {text!r}"


# Templates ---------------------------------------------------------------------------------------------------------


def tree_of(app: Flask, name: str) -> nodes.Template:
    """A template as a tree."""
    return app.jinja_env.parse((TEMPLATES / name).read_text("utf-8"))


def is_fragment(name: str) -> bool:
    """Whether a template is used by others and never shown alone."""
    return name.startswith("components/") or Path(name).name.startswith("_")


@pytest.mark.parametrize("name", PAGES)
def test_a_template_is_a_page_of_ours_or_a_fragment(lite_app: Flask, name: str) -> None:
    tree = tree_of(lite_app, name)
    parents = [node.template.value for node in tree.find_all(nodes.Extends)]
    if is_fragment(name) or name in SHELLS:
        assert parents == []
    else:
        assert parents in (["base.html"], ["plain.html"])
        blocks = {block.name for block in tree.find_all(nodes.Block)}
        assert {"title", "main"} <= blocks
        assert blocks <= {"title", "main", "breadcrumbs"}
    assert list(tree.find_all(nodes.Include)) == [], "macros are imported by name"
    assert list(tree.find_all(nodes.Import)) == [], "macros are imported by name"


@pytest.mark.parametrize("name", PAGES)
def test_every_address_in_a_template_exists_with_the_values_it_needs(lite_app: Flask, name: str) -> None:
    arguments = {rule.endpoint: rule.arguments for rule in lite_app.url_map.iter_rules()}
    for call in tree_of(lite_app, name).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for" and isinstance(call.args[0], nodes.Const):
            endpoint = call.args[0].value
            assert endpoint in arguments, f"line {call.lineno}: {endpoint}"
            given = {keyword.key for keyword in call.kwargs}
            assert arguments[endpoint] <= given, f"line {call.lineno}: {endpoint} needs {arguments[endpoint] - given}"


@pytest.mark.parametrize("name", PAGES)
def test_everything_that_a_template_imports_is_used_and_exists(lite_app: Flask, name: str) -> None:
    tree = tree_of(lite_app, name)
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    for node in tree.find_all(nodes.FromImport):
        source = node.template.value
        macros = {macro.name for macro in tree_of(lite_app, source).find_all(nodes.Macro)}
        for imported_name in node.names:
            real, local = imported_name if isinstance(imported_name, tuple) else (imported_name, imported_name)
            assert real in macros, f"{source} has no {real}"
            assert local in used, f"{name} imports {local} and does not use it"


@pytest.mark.parametrize("name", PAGES)
def test_a_template_carries_no_code_and_no_style(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", text)
    assert "|safe" not in text or re.findall(r"(\w+)\([^{}]*\)\|safe", text) == ["ngettext"] * text.count("|safe")
    assert "autoescape" not in text


def test_every_template_is_used(lite_app: Flask) -> None:
    source = "\n".join(path.read_text("utf-8") for path in FILES)
    named = set(re.findall(r"[\"']([a-z_/]+\.html)[\"']", source))
    for name in PAGES:
        tree = tree_of(lite_app, name)
        named |= {
            n.template.value for n in tree.find_all((nodes.Extends, nodes.FromImport)) if hasattr(n.template, "value")
        }
    # ``act_page`` puts the name of an act between its folder and the ending.
    acts = set(re.findall(r"act_page\(\"(\w+)\"", source))
    named |= {f"{module.name}/{act}.html" for module in MODULES for act in acts}
    assert [name for name in PAGES if name not in named] == []


def test_templates_are_strict_about_names_that_do_not_exist(lite_app: Flask) -> None:
    with lite_app.test_request_context(), pytest.raises(Exception, match="'nobody' is undefined"):
        lite_app.jinja_env.from_string("{{ nobody }}").render()
