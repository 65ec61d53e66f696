"""Seeded defects: each guard of the product taken away, one at a time, to see whether a test notices.

``make defects`` runs them. A defect is a small exact replacement in one file; ``tests/test_defects.py`` sees to it that
its text still stands there once, so that the list cannot rot.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Defect:
    """One guard less: what a reader of the code would have to overlook, and the tests that ought to notice."""

    name: str
    words: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def seeded(self, text: str) -> str:
        """The file's text with the defect. Raises LookupError where what it replaces does not stand exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise LookupError(f"{self.name}: what it replaces stands {found} times in {self.file}: {self.old!r}")
        return text.replace(self.old, self.new)

    def seed(self, root: Path) -> None:
        """Put the defect into a checkout."""
        file = root / self.file
        file.write_text(self.seeded(file.read_text("utf-8")), "utf-8")


def defect(name: str, words: str, file: str, old: str, new: str, *tests: str) -> Defect:
    """A defect; ``tests`` are arguments of pytest, a path or ``-k`` and an expression."""
    return Defect(name, words, file, old, new, tests)
