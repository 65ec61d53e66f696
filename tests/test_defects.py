"""The list of seeded defects fits the code as it stands. Whether each is noticed, ``make defects`` tries."""

import subprocess
import sys

import pytest
from defects import ROOT, Defect
from defects.everything import DEFECTS


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect.name for defect in DEFECTS])
def test_a_defect_can_still_be_seeded(defect: Defect) -> None:
    before = (ROOT / defect.file).read_text("utf-8")
    after = defect.seeded(before)
    assert after != before
    if defect.file.endswith(".py"):
        compile(after, defect.file, "exec")


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect.name for defect in DEFECTS])
def test_the_tests_that_ought_to_notice_it_are_there(defect: Defect) -> None:
    paths = [argument for argument in defect.tests if argument.startswith("tests/")]
    assert paths
    assert all((ROOT / path).is_file() for path in paths)
    assert defect.words.endswith(".")


def test_every_defect_has_a_name_of_its_own() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 30


def test_a_text_that_is_gone_or_stands_twice_is_told() -> None:
    some = DEFECTS[0]
    for text in ("", some.old * 2):
        with pytest.raises(LookupError, match=some.name):
            some.seeded(text)


def test_the_defects_can_be_listed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "defects", "--list"], cwd=ROOT / "tests", capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == len(DEFECTS)
