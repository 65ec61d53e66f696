"""What a backup says about itself: a folder with a database, attachments, ``manifest.json`` and ``manifest.sha256``.

``manifest.json`` names every other file with its size and SHA-256; ``manifest.sha256`` holds the hash of the manifest
in the form that ``sha256sum -c`` reads. So every byte of a backup is vouched for, and no file may lie beside them.
"""

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FILES = "files"

_ATTACHMENT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{4,64}")
_BLOCK = 1 << 20


class Refused(Exception):
    """A backup cannot be made, or must not be restored. The message names what is wrong, for whoever types."""


@dataclass(frozen=True)
class Fingerprint:
    """A file's content: SHA-256 as hexadecimal digits, and bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class DatabaseState:
    """What the database of a backup holds. ``kind`` is a key of DATABASES, ``engine`` is for people, ``schema`` is
    the revision of the last migration, ``rows`` maps each table to its number of rows, ``named`` each attachment's path
    to the SHA-256 that its row states."""

    kind: str
    engine: str
    schema: str
    rows: dict[str, int]
    named: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """``files`` maps a path within the backup to its content; ``audit_heads`` are the last entries of the audit
    chains; ``keys`` maps the name of a file of keys to the ids of the keys in it, never to the keys."""

    name: str
    created_at: dt.datetime
    database: DatabaseState
    files: dict[str, Fingerprint]
    audit_heads: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)

    @property
    def database_file(self) -> str:
        """The path of the database within the backup."""
        return DATABASES[self.database.kind]

    @property
    def attachments(self) -> list[str]:
        """The paths of the attachments below the folder of attachments, such as ``ab/abcd…``."""
        return [name.removeprefix(f"{FILES}/") for name in self.files if name != self.database_file]

    @property
    def lost(self) -> list[str]:
        """The paths of attachments that a row names and whose file is not there, or not the one that was attached."""
        held = {name: self.files[f"{FILES}/{name}"].sha256 for name in self.attachments}
        return sorted(name for name, sha256 in self.database.named.items() if held.get(name) != sha256)

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(file.size for file in self.files.values())


ATTACHED = "SELECT stored_name, sha256 FROM attachment WHERE removed_at IS NULL"
"""What a database says of its attachments, as rows for ``named``."""


def named(rows: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """The paths of attachments and the SHA-256 of each, from rows of ATTACHED."""
    return {f"{name[:2]}/{name}": sha256 for name, sha256 in rows}


def is_attachment(path: str) -> bool:
    """Whether a path below the folder of attachments is one that the product gives."""
    return _ATTACHMENT.fullmatch(path) is not None


def copied(source: Path, target: Path) -> Fingerprint:
    """Copy a file to a new name, readable by its owner alone, down to the disk. Returns what was copied."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as old, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        while block := old.read(_BLOCK):
            digest.update(block)
            size += len(block)
            new.write(block)
        new.flush()
        os.fsync(new.fileno())
    return Fingerprint(digest.hexdigest(), size)


def fingerprint(path: Path) -> Fingerprint:
    """The content of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return Fingerprint(digest.hexdigest(), size)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, down to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(path: Path) -> None:
    """Make a folder that its owner alone may open, and those above it that are not there."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700)


def write(folder: Path, manifest: Manifest) -> None:
    """Add the manifest and its seal to a folder that holds all other files."""
    values = {"format": FORMAT, "product": "districtops", **asdict(manifest)}
    values["created_at"] = manifest.created_at.isoformat(timespec="seconds")
    text = json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    for name, content in ((MANIFEST, text), (SEAL, _seal(text.encode()))):
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as f:
            f.write(content)
            f.flush()
            os.fsync(f.fileno())


def read(folder: Path) -> Manifest:
    """The manifest of a backup, once its seal holds. Raises Refused where this is no backup or the two differ."""
    if not folder.exists():
        raise Refused(f"There is nothing at {folder}.")
    if not folder.is_dir():
        raise Refused(f"{folder} is a file. A backup is a folder with {MANIFEST} in it.")
    try:
        data = (folder / MANIFEST).read_bytes()
    except FileNotFoundError as error:
        raise Refused(f"{folder} is not a backup: it has no {MANIFEST}.") from error
    try:
        seal = (folder / SEAL).read_bytes()
    except FileNotFoundError as error:
        raise Refused(f"The backup is damaged: {SEAL} is missing.") from error
    if seal != _seal(data).encode():
        raise Refused(f"The backup is damaged: {MANIFEST} and {SEAL} do not belong together.")
    try:
        return _parsed(json.loads(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(f"{MANIFEST} cannot be understood ({error}).") from error


def _seal(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n"


def _parsed(values: dict[str, Any]) -> Manifest:
    if values["format"] != FORMAT:
        raise Refused(f"The backup has format {values['format']}; this version of the product reads {FORMAT}.")
    database = DatabaseState(**values["database"])
    if database.kind not in DATABASES:
        raise Refused(f"The backup holds a database of an unknown kind, {database.kind!r}.")
    files = {name: Fingerprint(**file) for name, file in values["files"].items()}
    for name in files:
        # A name is only ever joined to a folder after this.
        folder, _, rest = name.partition("/")
        if name != DATABASES[database.kind] and not (folder == FILES and is_attachment(rest)):
            raise Refused(f"{MANIFEST} names a file that is no part of a backup: {name!r}.")
    if DATABASES[database.kind] not in files:
        raise Refused(f"{MANIFEST} names no database.")
    created = dt.datetime.fromisoformat(values["created_at"])
    return Manifest(values["name"], created.astimezone(dt.UTC), database, files, values["audit_heads"], values["keys"])


def compare(folder: Path, manifest: Manifest) -> None:
    """Read every file of a backup. Raises Refused for one that is missing, changed, or not named in the manifest."""
    expected = {*manifest.files, MANIFEST, SEAL}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(wanted.startswith(f"{name}/") for wanted in expected):
                raise Refused(f"The backup holds a folder that its manifest does not know: {name}.")
        elif name not in expected or path.is_symlink() or not path.is_file():
            raise Refused(f"The backup holds a file that its manifest does not know: {name}.")
    for name, wanted in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise Refused(f"The backup is damaged: {name} is missing.")
        if (size := path.stat().st_size) != wanted.size:
            raise Refused(f"The backup is damaged: {name} has {size} bytes and should have {wanted.size}.")
        if fingerprint(path) != wanted:
            raise Refused(f"The backup is damaged: {name} is not what was written (its SHA-256 differs).")
