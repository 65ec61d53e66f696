"""All checks of `make check`: each runs, whatever the others say, and shows its words only when it fails."""

import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent

# Spelt in pieces: these names must stand in no file of ours, this one included.
REGISTRIES = [
    ".".join(name)
    for name in (
        *(("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com")),
        *(("npmmirror", "com"), ("jsdelivr", "net"), ("unpkg", "com"), ("deb", "debian", "org")),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.<~/-])/(?:root|home/\w+|Users/\w+|work)/")

Check = Callable[[], str]


def run(*command: str | Path, **environment: str) -> str:
    """What a tool says when it is not content; nothing when it is."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stdout + done.stderr).strip()
    return (said or f"{command[0]} ended with {done.returncode}") if done.returncode else ""


def tool(name: str, *arguments: str) -> Check:
    return lambda: run(BIN / name, *arguments)


def translations() -> str:
    return run(sys.executable, HERE / "translations.py", "check")


def migrations() -> str:
    """An empty database, migrated, has the tables that the models describe."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/check.sqlite3"
        for command in ("upgrade", "check"):
            if said := run(BIN / "flask", "--app", "app", "db", command, DISTRICTOPS_DATABASE_URL=database):
                return said
    return ""


def locks() -> str:
    """What pyproject.toml asks for is what the lock files pin."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    asked = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-test.lock": [*project["project"]["dependencies"], *groups["test"]],
        "requirements-tools.lock": groups["tools"],
        "requirements-node.lock": groups["node"],
    }
    wrong = []
    for name, requirements in asked.items():
        pinned = dict(re.findall(r"^([\w.-]+)==([\w.+!-]+)", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE))
        for requirement in map(Requirement, requirements):
            version = pinned.get(canonicalize_name(requirement.name))
            if version is None or version not in requirement.specifier:
                wrong.append(f"{name} pins {version or 'nothing'} for {requirement}; `make lock` writes it anew.")
    return "\n".join(wrong)


def traces() -> str:
    """No committed file names a package registry or a place on somebody's machine."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is where it is
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = []
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        file = ROOT / name
        data = file.read_bytes() if file.is_file() else b""
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
            named = [host for host in REGISTRIES if host in line] + MACHINE_PATH.findall(line)
            named += [str(Path.home())] if f"{Path.home()}/" in line else []
            found += [f"{name}:{number} names {word}" for word in named]
    return "\n".join(found)


CHECKS: dict[str, Check] = {
    "ruff: mistakes and style of Python": tool("ruff", "check", "."),
    "ruff: layout of Python": tool("ruff", "format", "--check", "."),
    "mypy: types": tool("mypy"),
    "import-linter: imports point one way": tool("lint-imports", "--no-logo"),
    "djlint: templates": tool("djlint", "--lint", "templates"),
    "translations are complete": translations,
    "migrations match the models": migrations,
    "lock files match pyproject.toml": locks,
    "no registry or machine is named": traces,
}


def timed(check: Check) -> tuple[str, float]:
    started = time.monotonic()
    try:
        return check(), time.monotonic() - started
    except (OSError, subprocess.SubprocessError) as error:
        return str(error), time.monotonic() - started


def main() -> None:
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, (said, seconds) in zip(CHECKS, pool.map(timed, CHECKS.values()), strict=True):
            print(f"{'failed' if said else 'ok':6} {name} ({seconds:.1f} s)", flush=True)
            if said:
                failed += 1
                print("\n".join(f"       {line}" for line in said.splitlines()), flush=True)
    print(f"{len(CHECKS)} checks, {failed} failed" if failed else f"{len(CHECKS)} checks, all ok")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
