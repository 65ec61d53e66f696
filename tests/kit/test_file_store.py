"""Files reach the disk before anybody learns their names, and nothing half-written is ever taken for a file."""

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest

from districtops.kit.file_store import FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """A store in a folder that does not exist yet."""
    return FileStore(tmp_path / "files")


def test_what_is_kept_is_read_back_byte_by_byte(store: FileStore) -> None:
    content = bytes(range(256)) * 5000
    name = store.keep(io.BytesIO(content))
    assert store.path(name).read_bytes() == content
    assert store.digest(name) == hashlib.sha256(content).hexdigest()


def test_names_are_random_and_tell_nothing_of_the_file(store: FileStore) -> None:
    names = {store.keep(io.BytesIO(b"the same")) for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) == 32 and set(name) <= set("0123456789abcdef") for name in names)
    assert {store.path(name).parent.name for name in names} == {name[:2] for name in names}


def test_only_the_servers_user_may_read_files_and_folders(store: FileStore) -> None:
    path = store.path(store.keep(io.BytesIO(b"x")))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_a_file_is_flushed_then_put_in_its_place_then_its_folder_is_flushed(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    flush, rename = os.fsync, Path.rename

    def flushed(handle: int) -> None:
        place = Path(f"/proc/self/fd/{handle}").readlink()
        if place.is_dir():
            seen.append("all folders" if place == store.folder else "the folder")
        else:
            assert place.read_bytes() == b"content", "everything was written before"
            seen.append("the file")
        flush(handle)

    def renamed(path: Path, target: Path) -> Path:
        seen.append("its place")
        assert path.parent == target.parent, "within one folder, so that it happens at once"
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "rename", renamed)
    store.keep(io.BytesIO(b"content"))
    assert seen == ["all folders", "the file", "its place", "the folder"]


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_disk_that_refuses_leaves_nothing_behind(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store.keep(io.BytesIO(b"first"))
    before = sorted(store.folder.rglob("*"))

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    class Stream(io.BytesIO):
        """Fails in the middle."""

        def read(self, size: int | None = -1) -> bytes:
            return full() if self.tell() else super().read(5)  # type: ignore[return-value]

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif step == "rename":
        monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        store.keep(Stream(b"second" * 10) if step == "write" else io.BytesIO(b"second"))
    assert [p for p in sorted(store.folder.rglob("*")) if p.is_file()] == [p for p in before if p.is_file()]


def test_a_crash_while_writing_leaves_a_file_that_is_known_as_unfinished(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        # A machine that loses power cleans nothing up.
        patched.setattr(Path, "unlink", lambda *_args, **_more: None)
        patched.setattr(Path, "rename", lambda *_args: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            store.keep(io.BytesIO(b"half"))
    [stray] = store
    assert not stray.finished
    assert not store.path(stray.name).exists()
    store.discard(stray)
    assert list(store) == []


def test_every_file_of_ours_is_listed_and_nothing_else(store: FileStore) -> None:
    names = {store.keep(io.BytesIO(b"x")) for _ in range(3)}
    (store.folder / "README").write_text("not ours")
    (store.folder / "ab").mkdir(exist_ok=True)
    (store.folder / "ab" / "notes.txt").write_text("not ours")
    (store.folder / "ab" / ("cd" + "0" * 30)).write_text("in the wrong folder")
    found = list(store)
    assert {stored.name for stored in found} == names
    assert all(stored.finished for stored in found)


def test_a_store_that_was_never_used_is_empty(store: FileStore) -> None:
    assert list(store) == []
    assert not store.folder.exists()


@pytest.mark.parametrize(
    "name", ["", "..", "../secret_key", "/etc/passwd", "AB" * 16, "a" * 31, "a" * 32 + "\n", "x123"]
)
def test_a_name_that_is_none_of_ours_leads_nowhere(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        store.path(name)


def test_removing_a_file_that_is_gone_is_no_fault(store: FileStore) -> None:
    store.keep(io.BytesIO(b"x"))
    [stored] = store
    store.discard(stored)
    store.discard(stored)
