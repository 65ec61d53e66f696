"""Files on the disk, each under a random name. What is kept has reached the disk before anybody is told its name.

A file is written beside its place, flushed, put in its place, and the folder is flushed; only then does the caller
commit a row that names it. A crash in between leaves a file that no row names, never a row without its file.
"""

import datetime as dt
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_NAME = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"


@dataclass(frozen=True)
class Stored:
    """A file that lies in the store. ``finished`` is false for one whose writing was cut off."""

    name: str
    path: Path
    changed_at: dt.datetime
    finished: bool


class FileStore:
    """The files below one folder: ``ab/ab12…``, readable by the server's user alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the file of this name lies. Raises ValueError for a name that is none of ours."""
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of a stored file")
        return self.folder / name[:2] / name

    def keep(self, stream: BinaryIO) -> str:
        """Keep everything from the stream's place on; returns the name. Raises OSError, and leaves nothing, when the
        disk does not take it."""
        name = secrets.token_hex(16)
        path = self.path(name)
        self._make_folder(path.parent)
        unfinished = path.with_name(name + _UNFINISHED)
        try:
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                shutil.copyfileobj(stream, file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
        return name

    def discard(self, stored: Stored) -> None:
        """Remove a file; one that is gone already is no fault."""
        stored.path.unlink(missing_ok=True)

    def digest(self, name: str) -> str:
        """The SHA-256 of a file, in hexadecimal. Raises FileNotFoundError where there is none."""
        with self.path(name).open("rb") as file:
            return sha256_of(file)

    def __iter__(self) -> Iterator[Stored]:
        """Every file of ours, by name. Whatever else somebody put into the folder is passed over."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            name = path.name.removesuffix(_UNFINISHED)
            if not _NAME.fullmatch(name) or name[:2] != path.parent.name:
                continue
            try:
                seconds = path.stat().st_mtime
            except FileNotFoundError:  # finished or removed meanwhile
                continue
            yield Stored(name, path, dt.datetime.fromtimestamp(seconds, dt.UTC), path.name == name)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            _flush_folder(self.folder)


def sha256_of(stream: BinaryIO) -> str:
    """The SHA-256 of everything from the stream's place on, in hexadecimal."""
    digest = hashlib.sha256()
    while chunk := stream.read(1024 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
