"""Seed each defect into a copy of the checkout and see whether a test notices.

The copy is what is tested: before anything else the script asks its interpreter where ``districtops`` comes from. Run
from the checkout's interpreter: ``make defects ARGS="--only name"``.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from defects import ROOT, Defect
from defects.everything import DEFECTS

LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "instance", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
LONGEST = 900
"""Seconds after which a run counts as stuck."""


def copied(folder: Path) -> Path:
    """A copy of the checkout, without its interpreter and its data."""
    return Path(shutil.copytree(ROOT, folder / "copy", ignore=LEFT_OUT, symlinks=True))


def command(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy: the copy's packages come first, the checkout's interpreter brings the libraries."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISTRICTOPS_", "PYTHON"))}
    environment = kept | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )


def refuse_the_original(copy: Path) -> None:
    """Stop where the copy's tests would test the checkout: every defect would then go unnoticed."""
    for module in ("districtops", "districtops.guard.tenancy"):
        found = command(copy, "-c", f"import {module}; print({module}.__file__)").stdout.strip()
        if not Path(found).is_relative_to(copy):
            sys.exit(f"{module} comes from {found or 'nowhere'}, not from the copy.")


def tested(copy: Path, tests: tuple[str, ...]) -> tuple[bool, str]:
    """(whether all passed, the first test that failed or what pytest said instead)."""
    try:
        done = command(copy, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header", *tests)
    except subprocess.TimeoutExpired:
        return False, f"did not end within {LONGEST} seconds"
    if done.returncode == 0:
        return True, ""
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if done.returncode != 1:
        # No test was collected, or pytest itself failed: that is no test that noticed.
        sys.exit(f"pytest {' '.join(tests)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return False, failed[0] if failed else done.stdout.strip().splitlines()[-1]


def untouched(copy: Path, chosen: list[Defect]) -> None:
    """Every selection passes where nothing is seeded; a test that fails anyway would notice nothing."""
    for tests in dict.fromkeys(defect.tests for defect in chosen):
        print(f"{'without':10} {' '.join(tests)}", flush=True)
        passed, failed = tested(copy, tests)
        if not passed:
            sys.exit(f"Without any defect {failed} fails: pytest {' '.join(tests)}")
    print(f"{len(chosen)} defects; their tests pass without them.", flush=True)


def tried(copy: Path, defect: Defect, whole: bool) -> tuple[bool, str]:
    """(whether a test noticed, which). The copy is as it was afterwards."""
    file = copy / defect.file
    before = file.read_text("utf-8")
    defect.seed(copy)
    try:
        passed, failed = tested(copy, () if whole else defect.tests)
    finally:
        file.write_text(before, "utf-8")
    return not passed, failed


def _fits(defect: Defect, part: str) -> bool:
    return defect.name == part[1:] if part.startswith("=") else part in defect.name


def main() -> None:
    """Try the chosen defects; exit 1 when one went unnoticed."""
    parser = argparse.ArgumentParser(prog="make defects", description=__doc__)
    parser.add_argument(
        "--only", action="append", help="a part of a defect's name, or the whole after =; may be given often"
    )
    parser.add_argument("--whole", action="store_true", help="run the whole suite for each, not its own tests")
    parser.add_argument("--unchecked", action="store_true", help="leave out the run without any defect")
    parser.add_argument("--list", action="store_true", help="show the defects and end")
    arguments = parser.parse_args()
    chosen = [d for d in DEFECTS if not arguments.only or any(_fits(d, part) for part in arguments.only)]
    if not chosen:
        parser.error("no defect has such a name; --list shows them")
    if arguments.list:
        for defect in chosen:
            print(f"{defect.name:32} {defect.words}")
        return
    found: list[tuple[Defect, bool, str, float]] = []
    with tempfile.TemporaryDirectory(prefix="districtops-defects-") as folder:
        copy = copied(Path(folder))
        refuse_the_original(copy)
        if not (arguments.whole or arguments.unchecked):
            untouched(copy, chosen)
        for defect in chosen:
            begun = time.monotonic()
            noticed, failed = tried(copy, defect, arguments.whole)
            found.append((defect, noticed, failed, time.monotonic() - begun))
            print(f"{'caught' if noticed else 'NOT CAUGHT':10} {defect.name:32} {failed}", flush=True)
    print(f"\n{'defect':32} {'':10} {'seconds':>7}  what it means")
    for defect, noticed, _, seconds in found:
        print(f"{defect.name:32} {'caught' if noticed else 'NOT CAUGHT':10} {seconds:7.1f}  {defect.words}")
    missed = [defect.name for defect, noticed, _, _ in found if not noticed]
    print(
        f"{len(found)} defects, {len(found) - len(missed)} caught" + (f"; not: {', '.join(missed)}" if missed else "")
    )
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
