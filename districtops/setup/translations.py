"""The Korean texts: kept in step with the English ones in the code, checked, and compiled for the application.

Run by path with the environment's Python: `compile`, `update` (after texts in the code have changed) or `check`.
"""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "districtops" / "translations"
KOREAN = TRANSLATIONS / "ko" / "LC_MESSAGES" / "messages.po"

# Written by us, without the dates and versions that would differ in every commit.
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plurals}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""

# Named values in a text: %(name)s, %(total).1f, {name}.
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|\{\w*\}")


class TranslationError(Exception):
    """What is wrong, and where."""


class AnyValue(dict[str, int]):
    """Fills each named value of a text, to see whether the text can be filled at all."""

    def __missing__(self, key: str) -> int:
        return 0


def read(path: Path, locale: str | None = None) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except PoFileError as error:
        raise TranslationError(f"{path}, line {error.lineno + 1}: {error}") from error


def korean_texts() -> Catalog:
    return read(KOREAN, "ko") if KOREAN.exists() else Catalog(locale="ko")


def texts(catalog: Catalog) -> Iterator[Message]:
    """Without the header, which a catalogue keeps as the translation of nothing."""
    return (message for message in catalog if message.id)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """The singular and the plural, or the one text."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def named(message: Message) -> str:
    return f"{message.id!r} ({message.context})" if message.context else repr(message.id)


def texts_in_code() -> Catalog:
    """Every text marked for translation, found as pyproject.toml says."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-F", "pyproject.toml"]
        options = ["--ignore-dirs", ".* _* node_modules instance vendor", "-o", str(template)]
        done = subprocess.run([*command, *options, "."], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.splitlines()
            last = next((line for line in reversed(said) if line.startswith("extracting ")), "extracting messages")
            raise TranslationError(f"Stopped while {last}: {said[-1]}")
        return read(template)


def compile_all() -> None:
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        compiled = io.BytesIO()
        write_mo(compiled, read(source, locale=source.parts[-3]))
        unfinished = source.with_suffix(".mo.new")
        unfinished.write_bytes(compiled.getvalue())
        unfinished.replace(source.with_suffix(".mo"))


def update() -> None:
    """Adds new texts without a translation and drops those that no page shows; git keeps the rest of the past."""
    catalog = korean_texts()
    catalog.update(texts_in_code(), no_fuzzy_matching=True)
    KOREAN.parent.mkdir(parents=True, exist_ok=True)
    with KOREAN.open("wb") as file:
        file.write(HEADER.format(language="ko", plurals=catalog.plural_forms).encode())
        write_po(file, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    empty = sum(not all(forms(message.string)) for message in texts(catalog))
    print(f"{KOREAN.relative_to(ROOT)}: {len(catalog)} texts, {empty} of them without a translation")


def problems(message: Message) -> Iterator[str]:
    """What is wrong with one translated text."""
    originals, translated = forms(message.id), forms(message.string)
    if message.fuzzy:
        yield "is marked as a guess (fuzzy)"
    if not all(translated):
        yield "has no translation"
        return
    # Korean has one form for all numbers, so it needs the values of the plural.
    wanted = set(PLACEHOLDER.findall(originals[-1]))
    for text in translated:
        if set(PLACEHOLDER.findall(text)) != wanted:
            yield f"has other values than its translation: {text!r}"
        elif fillable(originals[-1]) and not fillable(text):
            yield f"has a stray % in its translation: {text!r}"
        if "\n" in text and "\n" not in originals[-1]:
            yield f"has a line break in its translation: {text!r}"


def fillable(text: str) -> bool:
    try:
        text % AnyValue()
    except (TypeError, ValueError):
        return False
    return True


def check() -> None:
    """Raises TranslationError listing all that is wrong with the Korean catalogue."""
    korean, code = korean_texts(), texts_in_code()
    found = [f"{named(text)} is not in the catalogue" for text in texts(code) if not korean.get(text.id, text.context)]
    # Jinja fills every text, even one without values.
    found += [
        f"{named(text)} in {file} must write %% for %"
        for text in texts(code)
        for file, _ in text.locations
        if file.endswith(".html") and not all(map(fillable, forms(text.id)))
    ]
    for message in texts(korean):
        if code.get(message.id, message.context):
            found += [f"{named(message)} {problem}" for problem in problems(message)]
        else:
            found.append(f"{named(message)} is no longer used")
    found += [f"{named(message)} is commented out" for message in korean.obsolete.values()]
    if found:
        raise TranslationError("\n".join([*found, f"{len(found)} to correct; `make translations` finds the texts."]))


def main() -> None:
    commands = {"compile": compile_all, "update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"Usage: translations.py {'|'.join(commands)}")
    commands[sys.argv[1]]()


if __name__ == "__main__":
    try:
        main()
    except TranslationError as error:
        sys.exit(str(error))
