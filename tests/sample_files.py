"""Small files of every kind that is accepted, made by hand byte by byte, for tests to attach and to spoil."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

OPEN_XML = "application/vnd.openxmlformats-officedocument"
MAIN_PARTS = {
    "docx": f"{OPEN_XML}.wordprocessingml.document.main+xml",
    "xlsx": f"{OPEN_XML}.spreadsheetml.sheet.main+xml",
    "pptx": f"{OPEN_XML}.presentationml.presentation.main+xml",
}
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


def jpeg(width: int = 4, height: int = 3, about: bytes = b"", after: bytes = b"") -> bytes:
    """The head of a picture as cameras write it: a note, padding, a table, the frame; then ``after``."""
    note = b"\xff\xe1" + struct.pack(">H", len(about) + 2) + about
    table = b"\xff\xff\xdb" + struct.pack(">H", 67) + bytes(65)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + note + table + frame + b"\xff\xda\x00\x08" + bytes(6) + b"\x12\x34\xff\xd9" + after


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2, colour: bytes = b"\x20\x60\xa0") -> bytes:
    """A picture of one colour that a browser can draw, while it is small."""
    rows = (b"\0" + colour * width) * height if width * height < 1_000_000 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def pdf(words: bytes = b"1 0 obj << >> endobj") -> bytes:
    """The least that is a PDF."""
    return b"%PDF-1.7\n" + words + b"\ntrailer << >>\nstartxref\n0\n%%EOF\n"


def ole(*streams: str, content: bytes = b"") -> bytes:
    """A compound file of Microsoft's older format whose directory lists the streams; ``content`` lies behind it."""
    directory = b""
    for name in ("Root Entry", *streams):
        text = name.encode("utf-16-le") + b"\0\0"
        directory += (
            text.ljust(64, b"\0") + struct.pack("<HBB", len(text), 5 if name == "Root Entry" else 2, 1) + bytes(60)
        )
    directory += bytes(-len(directory) % 512)
    return OLE_MAGIC.ljust(512, b"\0") + directory + content


def hwp(flags: int = 1) -> bytes:
    """A document of Hangul 5; ``flags`` is the first byte of its properties."""
    head = b"HWP Document File".ljust(32, b"\0") + b"\x00\x01\x00\x05" + bytes([flags, 0, 0, 0])
    return ole("FileHeader", "DocInfo", "BodyText", content=head.ljust(256, b"\0"))


def package(entries: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def office_parts(kind: str, **more: bytes | str) -> dict[str, bytes | str]:
    """The entries of a document of Office; ``more`` is added."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{MAIN_PARTS[kind]}"/></Types>'
    )
    return {"[Content_Types].xml": types, "main.xml": "<main/>", **more}


def hwpx_parts() -> dict[str, bytes | str]:
    """The entries of a document of Hangul since 2014."""
    return {"mimetype": "application/hwp+zip", "version.xml": "<v/>", "Contents/section0.xml": "<s/>"}


EVERY_KIND: dict[str, bytes] = {
    "site.jpg": jpeg(),
    "site.jpeg": jpeg(about=b"Exif\0\0"),
    "plan.png": png(),
    "contract.pdf": pdf(),
    "report.hwp": hwp(),
    "report.hwpx": package(hwpx_parts()),
    "letter.docx": package(office_parts("docx")),
    "sums.xlsx": package(office_parts("xlsx")),
    "slides.pptx": package(office_parts("pptx")),
    "letter.doc": ole("WordDocument", "1Table"),
    "sums.xls": ole("Workbook"),
    "old sums.xls": ole("Book"),
    "slides.ppt": ole("PowerPoint Document"),
}
"""A name and the bytes of a file, for each kind that is accepted."""
