"""Which files are accepted: a short list of endings, each with the content that it must have.

Only what offices exchange, and nothing that a browser runs or that hides further files. The content is looked at as far
as it takes to know the kind; whatever is handed out again carries a fixed media type and a policy that runs nothing.
"""

import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from districtops.kit.rules import RuleBroken
from districtops.kit.text import LabelledEnum, _l

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one file: a camera's best picture, a scanned report."""
LONGEST_NAME = 120
MOST_PIXELS = 120_000_000
"""What a browser can still unpack; the best cameras of phones make 108 million."""
MOST_ENTRIES = 1_000
MOST_UNPACKED = 100 * 1024 * 1024
HIGHEST_RATIO = 100
_LARGEST_DIRECTORY = 1024 * 1024
_LARGEST_TYPES = 1024 * 1024


class FileKind(LabelledEnum):
    """A kind of file that is accepted."""

    JPEG = "jpeg", _l("Picture (JPEG)")
    PNG = "png", _l("Picture (PNG)")
    PDF = "pdf", _l("PDF document")
    HWP = "hwp", _l("Hangul document (HWP)")
    HWPX = "hwpx", _l("Hangul document (HWPX)")
    DOCX = "docx", _l("Word document")
    XLSX = "xlsx", _l("Excel workbook")
    PPTX = "pptx", _l("PowerPoint slides")
    DOC = "doc", _l("Word document (until 2003)")
    XLS = "xls", _l("Excel workbook (until 2003)")
    PPT = "ppt", _l("PowerPoint slides (until 2003)")

    @property
    def media_type(self) -> str:
        """The one media type under which files of this kind are handed out."""
        return MEDIA_TYPES[self]

    @property
    def is_picture(self) -> bool:
        """Whether a page may show it: a browser draws it and can run nothing in it."""
        return self in (FileKind.JPEG, FileKind.PNG)


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.PDF: "application/pdf",
    FileKind.HWP: "application/x-hwp",
    FileKind.HWPX: "application/hwp+zip",
    FileKind.DOCX: f"{_OPEN_XML}.wordprocessingml.document",
    FileKind.XLSX: f"{_OPEN_XML}.spreadsheetml.sheet",
    FileKind.PPTX: f"{_OPEN_XML}.presentationml.presentation",
    FileKind.DOC: "application/msword",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.PPT: "application/vnd.ms-powerpoint",
}
ENDINGS = {"jpg": FileKind.JPEG, "jpeg": FileKind.JPEG} | {
    kind.value: kind for kind in FileKind if kind is not FileKind.JPEG
}
"""Ending of a name, in small letters -> the kind that it promises."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {
    FileKind.HWP: ("FileHeader",),
    FileKind.DOC: ("WordDocument",),
    FileKind.XLS: ("Workbook", "Book"),
    FileKind.PPT: ("PowerPoint Document",),
}
_OLE_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA")
_HWP_SIGNATURE = b"HWP Document File".ljust(32, b"\0")
_MAIN_PARTS = {
    FileKind.DOCX: f"{_OPEN_XML}.wordprocessingml.document.main+xml",
    FileKind.XLSX: f"{_OPEN_XML}.spreadsheetml.sheet.main+xml",
    FileKind.PPTX: f"{_OPEN_XML}.presentationml.presentation.main+xml",
}
_WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm"})
_UNREADABLE = (BadZipFile, RuntimeError, EOFError, zlib.error, struct.error, ValueError, KeyError, OSError)
"""What Python's reader raises for archives that are none."""


@dataclass(frozen=True)
class Recognised:
    """What a file is: its kind and its size in bytes."""

    kind: FileKind
    size: int


def file_name(sent: str | None) -> str:
    """A name that is safe to keep and to show: composed Hangul on one line, nothing invisible, no folders, at most 120
    characters with the ending kept. A name of which nothing is left is ``file``.
    """
    last = re.split(r"[/\\]", sent or "")[-1]
    seen = (
        sign
        for sign in unicodedata.normalize("NFC", last)
        if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    name = " ".join("".join(seen).split()).rstrip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME].strip(" .") or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip(' .') or 'file'}.{ending}"


def recognise(name: str, stream: BinaryIO) -> Recognised:
    """What the file is. ``name`` comes from ``file_name``; the stream can be wound back, and is left at its start.

    Raises RuleBroken, naming the file, where the ending is not accepted or the content is not what the ending says.
    """
    kind = _promised(name)
    size = stream.seek(0, 2)
    if size == 0:
        raise RuleBroken(_l("“%(name)s” is empty.", name=name))
    if size > LARGEST_FILE:
        raise RuleBroken(
            _l("“%(name)s” is larger than %(limit)s MB. Make it smaller, or add it in parts.", name=name, limit=20)
        )
    stream.seek(0)
    if kind.is_picture:
        _check_picture(name, stream, kind)
    elif kind is FileKind.PDF:
        _check_pdf(name, stream, size)
    elif kind in _OLE_STREAMS:
        _check_ole(name, stream.read(), kind)
    else:
        _check_package(name, stream, kind, size)
    stream.seek(0)
    return Recognised(kind, size)


def _promised(name: str) -> FileKind:
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    if ending in ("heic", "heif"):
        raise RuleBroken(
            _l(
                "“%(name)s” is an HEIC picture, which office computers cannot open. Set the camera of the phone to "
                "“Most compatible”, or send the picture as JPEG.",
                name=name,
            )
        )
    if ending in _WITH_MACROS:
        raise _macros(name)
    if ending not in ENDINGS:
        raise RuleBroken(
            _l(
                "“%(name)s” is of a kind that is not accepted. Accepted are %(kinds)s.",
                name=name,
                kinds=", ".join(ENDINGS),
            )
        )
    return ENDINGS[ending]


def _other(name: str) -> RuleBroken:
    return RuleBroken(
        _l("“%(name)s” is not what its ending says. Open it, save it again in that format, and add it.", name=name)
    )


def _damaged(name: str) -> RuleBroken:
    return RuleBroken(_l("“%(name)s” is damaged. Open it, save it again, and add it.", name=name))


def _macros(name: str) -> RuleBroken:
    return RuleBroken(_l("“%(name)s” holds macros. Save it without macros, and add it.", name=name))


def _locked(name: str) -> RuleBroken:
    return RuleBroken(_l("“%(name)s” is locked with a password. Save it without the password, and add it.", name=name))


# Pictures and PDF --------------------------------------------------------------------------------------------------


def _check_picture(name: str, stream: BinaryIO, kind: FileKind) -> None:
    magic = b"\x89PNG\r\n\x1a\n" if kind is FileKind.PNG else b"\xff\xd8\xff"
    if stream.read(len(magic)) != magic:
        raise _other(name)
    width, height = _png_extent(stream) if kind is FileKind.PNG else _jpeg_extent(stream)
    if not (width and height):
        raise _damaged(name)
    if width * height > MOST_PIXELS:
        raise RuleBroken(
            _l("“%(name)s” has more than %(count)s million pixels. Make it smaller.", name=name, count=120)
        )


def _png_extent(stream: BinaryIO) -> tuple[int, int]:
    head = stream.read(25)
    if len(head) < 25 or head[:8] != b"\0\0\0\rIHDR" or zlib.crc32(head[4:21]) != int.from_bytes(head[21:]):
        return 0, 0
    return int.from_bytes(head[8:12]), int.from_bytes(head[12:16])


def _jpeg_extent(stream: BinaryIO) -> tuple[int, int]:
    """From the first frame's head; the segments before it say how long they are, the picture's data does not."""
    stream.seek(2)
    while True:
        mark = stream.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            return 0, 0
        code = mark[1]
        if code == 0xFF:  # padding before a mark
            stream.seek(-1, 1)
            continue
        if code == 0x01 or 0xD0 <= code <= 0xD7:
            continue
        length = int.from_bytes(stream.read(2))
        if length < 2 or code in (0xD8, 0xD9, 0xDA):
            return 0, 0
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            frame = stream.read(5)
            return int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])
        stream.seek(length - 2, 1)


def _check_pdf(name: str, stream: BinaryIO, size: int) -> None:
    if not re.match(rb"%PDF-[12]\.\d", stream.read(8)):
        raise _other(name)
    stream.seek(max(0, size - 2048))
    if b"%%EOF" not in stream.read():
        raise _damaged(name)


# HWP and the Office files until 2003 -------------------------------------------------------------------------------


def _check_ole(name: str, data: bytes, kind: FileKind) -> None:
    if not data.startswith(_OLE) or not any(_lists(data, stream) for stream in _OLE_STREAMS[kind]):
        raise _other(name)
    if any(_lists(data, stream) for stream in _OLE_MACROS):
        raise _macros(name)
    if kind is FileKind.HWP:
        found = data.find(_HWP_SIGNATURE)
        if found < 0:
            raise _other(name)
        if data[found + 36 : found + 37] and data[found + 36] & 2:
            raise _locked(name)


def _lists(data: bytes, stream: str) -> bool:
    """Whether the directory of an OLE file lists a stream or storage. Its entries have 128 bytes and lie on multiples
    of that: the name in UTF-16, its length with the closing zero, what it is."""
    wanted = stream.encode("utf-16-le") + b"\0\0"
    ending = struct.pack("<H", len(wanted))
    found = data.find(wanted)
    while found >= 0:
        rest = data[found + 64 : found + 67]
        if found % 128 == 0 and rest in (ending + b"\1", ending + b"\2"):
            return True
        found = data.find(wanted, found + 1)
    return False


# HWPX and the Office files since 2007 ------------------------------------------------------------------------------


def _check_package(name: str, stream: BinaryIO, kind: FileKind, size: int) -> None:
    start = stream.read(8)
    if start == _OLE and kind in _MAIN_PARTS:
        stream.seek(0)
        # Office wraps a file with a password into the older format.
        raise _locked(name) if _lists(stream.read(), "EncryptedPackage") else _other(name)
    if not start.startswith(b"PK\x03\x04"):
        raise _other(name)
    stream.seek(max(0, size - 22))
    end = stream.read()
    # The directory's own length is looked at first: reading a hundred thousand entries would take seconds.
    if len(end) < 22 or not end.startswith(b"PK\x05\x06"):
        raise _damaged(name)
    if int.from_bytes(end[10:12], "little") > MOST_ENTRIES or int.from_bytes(end[12:16], "little") > _LARGEST_DIRECTORY:
        raise _too_much(name)
    try:
        with ZipFile(stream) as archive:
            _check_entries(name, archive.infolist(), size)
            if not _is_package_of(archive, kind):
                raise _other(name)
            if archive.testzip() is not None:
                raise _damaged(name)
    except _UNREADABLE as error:
        raise _damaged(name) from error


def _check_entries(name: str, entries: list[ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > min(MOST_UNPACKED, HIGHEST_RATIO * size):
        raise _too_much(name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _locked(name)
    names = [entry.orig_filename for entry in entries]
    if any("vbaproject" in entry.casefold() for entry in names):
        raise _macros(name)
    # Two entries of one name, or an archive behind another, look different to every program that opens them.
    twice = len({entry.casefold() for entry in names}) < len(names)
    hidden = min((entry.header_offset for entry in entries), default=1) > 0
    packed_otherwise = any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries)
    if twice or hidden or packed_otherwise or any(_leads_out(entry) for entry in names):
        raise _damaged(name)


def _leads_out(entry: str) -> bool:
    return entry.startswith("/") or bool(re.search(r"[\\:\0]", entry)) or ".." in entry.split("/")


def _is_package_of(archive: ZipFile, kind: FileKind) -> bool:
    names = archive.namelist()
    if kind is FileKind.HWPX:
        return "mimetype" in names and _start(archive, "mimetype", 64).strip() == b"application/hwp+zip"
    types = _start(archive, "[Content_Types].xml", _LARGEST_TYPES) if "[Content_Types].xml" in names else b""
    return bool(re.search(rb"ContentType\s*=\s*[\"']" + re.escape(_MAIN_PARTS[kind].encode()) + rb"[\"']", types))


def _start(archive: ZipFile, entry: str, most: int) -> bytes:
    with archive.open(entry) as file:
        return file.read(most)


def _too_much(name: str) -> RuleBroken:
    return RuleBroken(_l("“%(name)s” unpacks to far more than a document holds.", name=name))
