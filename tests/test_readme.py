"""The README is a promise: its commands, settings and places exist."""

import re
from pathlib import Path

import pytest

from districtops import create_app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
SOURCES = "\n".join(path.read_text("utf-8") for path in (ROOT / "districtops").glob("c*.py"))


def test_the_readme_shows_commands():
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")] + ["make check", "make help"])
def test_each_make_command_of_the_readme_is_a_target(command):
    assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"flask --app app ([a-z-]+(?: [a-z]+)?)", README))))
def test_each_flask_command_of_the_readme_exists(command):
    app = create_app(SQLALCHEMY_DATABASE_URI="sqlite://", SECRET_KEY="k" * 40)
    first, *rest = command.split()
    found = app.cli.commands.get(first)
    assert found is not None
    if first in ("db", "audit"):
        assert rest
        assert rest[0] in found.commands


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:DISTRICTOPS_[A-Z_]+)|HOST|PORT)`", README))))
def test_each_setting_of_the_readme_is_read(name):
    assert f'"{name}"' in SOURCES


def test_each_setting_that_is_read_stands_in_the_readme():
    assert set(re.findall(r'"(DISTRICTOPS_[A-Z_]+)"', SOURCES)) <= set(re.findall(r"DISTRICTOPS_[A-Z_]+", README))


@pytest.mark.parametrize(
    "place", sorted(set(re.findall(r"`((?:districtops|templates|tests|migrations)/[\w./]*)`", README)))
)
def test_each_place_on_the_map_exists(place):
    assert (ROOT / place).exists() or place == "districtops/static/vendor"


def test_the_picture_is_there():
    [picture] = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / picture).stat().st_size > 10_000
