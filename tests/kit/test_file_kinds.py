"""Which files are accepted, and which are refused however they are called.

Every file is made by hand in ``sample_files``; those at the end come from the libraries that write such files.
"""

import io
import os
import struct
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_files import EVERY_KIND, OLE_MAGIC, hwp, hwpx_parts, jpeg, office_parts, ole, package, pdf, png

from districtops.kit import file_kinds
from districtops.kit.file_kinds import (
    ENDINGS,
    LARGEST_FILE,
    LONGEST_NAME,
    MEDIA_TYPES,
    FileKind,
    file_name,
    recognise,
)
from districtops.kit.rules import RuleBroken

DOCX = package(office_parts("docx"))


def refusal(name: str, content: bytes) -> str:
    """The words with which a file is refused."""
    with pytest.raises(RuleBroken) as refused:
        recognise(name, io.BytesIO(content))
    said = str(refused.value.message)
    assert name in said, "a refusal names its file"
    return said


# What is accepted --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY_KIND)
def test_every_kind_of_the_list_is_accepted_under_its_ending(name: str) -> None:
    stream = io.BytesIO(EVERY_KIND[name])
    found = recognise(name, stream)
    assert found.kind is ENDINGS[name.rpartition(".")[2]]
    assert found.size == len(EVERY_KIND[name])
    assert stream.tell() == 0, "the whole file is there to be kept"


def test_the_samples_hold_every_kind_and_every_ending() -> None:
    assert {name.rpartition(".")[2] for name in EVERY_KIND} == set(ENDINGS)
    assert set(ENDINGS.values()) == set(FileKind)


def test_an_ending_may_be_written_in_capitals() -> None:
    assert recognise("IMG_0001.JPG", io.BytesIO(jpeg())).kind is FileKind.JPEG


def test_a_picture_with_a_phones_film_behind_it_is_accepted() -> None:
    assert recognise("motion.jpg", io.BytesIO(jpeg(after=b"MotionPhoto" * 100))).kind is FileKind.JPEG


def test_only_pictures_are_shown_and_no_kind_has_a_type_that_a_browser_runs() -> None:
    assert {kind for kind in FileKind if kind.is_picture} == {FileKind.JPEG, FileKind.PNG}
    assert set(MEDIA_TYPES) == set(FileKind)
    for media_type in MEDIA_TYPES.values():
        assert not media_type.startswith("text/")
        assert not any(word in media_type for word in ("html", "javascript", "svg"))
        assert "xml" not in media_type.replace("openxmlformats", "")


# What is refused by its name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("page.html", "page.htm", "drawing.svg", "data.xml", "code.js", "code.mjs", "archive.zip", "archive.7z"),
        *(
            "archive.rar",
            "archive.tar.gz",
            "program.exe",
            "batch.bat",
            "mail.eml",
            "page.mhtml",
            "film.mp4",
            "picture.gif",
        ),
        *(
            "picture.bmp",
            "picture.webp",
            "words.txt",
            "sums.csv",
            "words.rtf",
            "link.lnk",
            "noending",
            ".pdf.html",
            "x.",
        ),
    ],
)
def test_a_kind_that_is_not_on_the_list_is_refused_whatever_it_holds(name: str) -> None:
    for content in (jpeg(), pdf(), DOCX, b"<script>alert(1)</script>"):
        assert "of a kind that is not accepted" in refusal(name, content)


def test_the_refusal_of_a_kind_says_which_are_accepted() -> None:
    said = refusal("x.gif", b"GIF89a")
    assert all(ending in said for ending in ENDINGS)


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.heif"])
def test_a_phones_heic_picture_is_refused_with_what_to_do(name: str) -> None:
    said = refusal(name, b"\0\0\0\x18ftypheic" + bytes(100))
    assert "Most compatible" in said
    assert "JPEG" in said


@pytest.mark.parametrize("name", ["x.docm", "x.xlsm", "x.pptm", "x.xlsb", "x.dotm"])
def test_a_document_with_macros_is_refused_by_its_ending(name: str) -> None:
    assert "macros" in refusal(name, DOCX)


# What is refused by its content ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"alert(1)",
        b"MZ" + bytes(600),
        b"GIF89a" + bytes(600),
        b"\0",
        b"\0\0\0\x18ftypheic" + bytes(600),
        package({"readme.txt": "an ordinary archive"}),
        package({"index.html": "<script>"}),
    ],
    ids=["html", "svg", "script", "program", "gif", "one zero", "heic", "zip", "zip of a page"],
)
def test_what_is_none_of_the_kinds_is_refused_under_every_ending(ending: str, content: bytes) -> None:
    assert "not what its ending says" in refusal(f"file.{ending}", content)


@pytest.mark.parametrize("name", EVERY_KIND)
def test_a_file_of_one_kind_is_refused_under_the_ending_of_another(name: str) -> None:
    own = ENDINGS[name.rpartition(".")[2]]
    for ending, kind in ENDINGS.items():
        if kind is not own:
            refusal(f"file.{ending}", EVERY_KIND[name])


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file_is_refused(ending: str) -> None:
    assert "is empty" in refusal(f"file.{ending}", b"")


def test_a_file_of_20_mb_is_accepted_and_one_byte_more_is_refused() -> None:
    largest = pdf(bytes(LARGEST_FILE - len(pdf(b""))))
    assert recognise("large.pdf", io.BytesIO(largest)).size == LARGEST_FILE
    assert "larger than 20 MB" in refusal("large.pdf", largest + b"\n")


@pytest.mark.parametrize("before", [b" ", b"\n", b"<html>", b"GIF89a", bytes(100)])
@pytest.mark.parametrize("name", EVERY_KIND)
def test_a_file_with_something_before_its_beginning_is_refused(name: str, before: bytes) -> None:
    refusal(name, before + EVERY_KIND[name])


@pytest.mark.parametrize("name", EVERY_KIND)
def test_a_file_that_was_cut_off_is_refused_or_at_least_no_fault(name: str) -> None:
    whole = EVERY_KIND[name]
    for length in range(1, len(whole), max(1, len(whole) // 40)):
        with suppress(RuleBroken):
            recognise(name, io.BytesIO(whole[:length]))


# Pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extent", [(0, 3), (3, 0), (0, 0)])
def test_a_picture_without_width_or_height_is_refused(extent: tuple[int, int]) -> None:
    assert "damaged" in refusal("x.jpg", jpeg(*extent))
    assert "damaged" in refusal("x.png", png(*extent))


def test_a_picture_that_would_fill_a_browsers_memory_is_refused() -> None:
    assert "million pixels" in refusal("x.png", png(60_000, 60_000))
    assert "million pixels" in refusal("x.jpg", jpeg(65_000, 65_000))


def test_a_picture_of_the_best_phones_is_accepted() -> None:
    assert recognise("x.jpg", io.BytesIO(jpeg(12_000, 9_000))).kind is FileKind.JPEG


def test_a_png_whose_head_was_changed_is_refused() -> None:
    spoilt = bytearray(png())
    spoilt[18] ^= 1
    assert "damaged" in refusal("x.png", bytes(spoilt))


def test_a_jpeg_without_a_frame_or_with_a_wrong_length_is_refused() -> None:
    for content in (
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00",
        b"\xff\xd8\xff\xda" + bytes(100),
        b"\xff\xd8\xff" * 9,
    ):
        assert "damaged" in refusal("x.jpg", content)


# PDF ---------------------------------------------------------------------------------------------------------------


def test_a_pdf_without_its_end_is_refused() -> None:
    assert "damaged" in refusal("x.pdf", pdf()[:-8])
    assert "not what its ending says" in refusal("x.pdf", b"%PDF-9.9\n%%EOF")


# HWP and older Office ----------------------------------------------------------------------------------------------


def test_an_older_office_file_with_macros_is_refused() -> None:
    assert "macros" in refusal("x.doc", ole("WordDocument", "Macros", "_VBA_PROJECT"))
    assert "macros" in refusal("x.xls", ole("Workbook", "_VBA_PROJECT_CUR"))


def test_the_word_macro_in_a_text_is_no_macro() -> None:
    text = "see _VBA_PROJECT".encode("utf-16-le") + b"\0\0"
    assert recognise("x.doc", io.BytesIO(ole("WordDocument", content=text))).kind is FileKind.DOC


def test_a_document_of_hangul_with_a_password_is_refused() -> None:
    assert "password" in refusal("x.hwp", hwp(flags=0b11))


def test_a_hangul_ending_needs_hanguls_own_signature() -> None:
    assert "not what its ending says" in refusal("x.hwp", ole("FileHeader"))


def test_an_installer_in_the_same_container_is_refused() -> None:
    assert "not what its ending says" in refusal("x.doc", ole("Property", "Binary.setup"))


def test_a_new_office_file_with_a_password_is_refused_as_such() -> None:
    assert "password" in refusal("x.docx", ole("EncryptedPackage", "EncryptionInfo"))
    assert "not what its ending says" in refusal("x.docx", ole("WordDocument"))


# Packages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry", ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "a\\b.xml", "..\\evil.xml", "C:/evil.xml", "c:evil"]
)
def test_a_package_with_a_name_that_leads_out_of_it_is_refused(entry: str) -> None:
    assert "damaged" in refusal("x.docx", package(office_parts("docx") | {entry: "x"}))


def test_a_package_with_a_zero_in_a_name_is_refused() -> None:
    content = package(office_parts("docx") | {"harmless.xmlZhidden.js": "x"}).replace(b"xmlZhidden", b"xml\0hidden")
    assert "damaged" in refusal("x.docx", content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_package_with_an_entry_twice_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in [*office_parts("docx").items(), ("main.xml", "another")]:
            archive.writestr(name, data)
    assert "damaged" in refusal("x.docx", buffer.getvalue())


@pytest.mark.parametrize("entry", ["word/vbaProject.bin", "xl/VBAPROJECT.BIN", "word/vbaProjectSignature.bin"])
def test_a_package_with_macros_is_refused(entry: str) -> None:
    for kind in ("docx", "xlsx", "pptx"):
        assert "macros" in refusal(f"x.{kind}", package(office_parts(kind) | {entry: "x"}))


def test_a_package_whose_main_part_has_macros_is_refused() -> None:
    types = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    assert "not what its ending says" in refusal("x.docx", package({"[Content_Types].xml": types}))


def test_a_package_that_only_mentions_the_type_is_refused() -> None:
    types = f"<Override PartName='{MAIN}'/>"
    assert "not what its ending says" in refusal("x.docx", package({"[Content_Types].xml": types}))


MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def test_a_hangul_package_needs_its_own_type() -> None:
    for wrong in ("application/epub+zip", "application/hwp+zipx", "", "text/html"):
        assert "not what its ending says" in refusal("x.hwpx", package(hwpx_parts() | {"mimetype": wrong}))


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(package(office_parts("docx"), zipfile.ZIP_STORED))
    for place in _places(content, b"PK\x01\x02"):
        content[place + 8] |= 1
    assert "password" in refusal("x.docx", bytes(content))


def _places(content: bytes | bytearray, mark: bytes) -> list[int]:
    return [n for n in range(len(content)) if content[n : n + 4] == mark]


def test_a_bomb_is_refused_by_what_it_says_it_unpacks_to() -> None:
    bomb = package(office_parts("xlsx") | {"xl/sheet.xml": bytes(101 * 1024 * 1024)})
    assert len(bomb) < LARGEST_FILE
    assert "far more than a document" in refusal("x.xlsx", bomb)


def test_a_package_that_is_packed_more_than_a_hundredfold_is_refused() -> None:
    assert "far more than a document" in refusal("x.xlsx", package(office_parts("xlsx") | {"a": bytes(5_000_000)}))


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(package(office_parts("xlsx") | {"xl/sheet.xml": os.urandom(3000) * 40}))
    last = _places(content, b"PK\x01\x02")[-1]
    content[last + 24 : last + 28] = struct.pack("<I", 10)
    assert "damaged" in refusal("x.xlsx", bytes(content))


def test_a_package_with_too_many_entries_is_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = package(office_parts("docx") | {f"part{n}.xml": b"x" for n in range(1000)})
    monkeypatch.setattr(file_kinds, "ZipFile", None)
    assert "far more than a document" in refusal("x.docx", many)


def test_a_directory_that_lies_about_its_length_is_refused() -> None:
    many = bytearray(package(office_parts("docx") | {f"part{n}.xml": b"x" for n in range(1000)}))
    many[-14:-10] = struct.pack("<HH", 2, 2)
    refusal("x.docx", bytes(many))


def test_an_archive_behind_another_is_refused() -> None:
    assert "damaged" in refusal("x.docx", package({"readme.txt": "first"}) + DOCX)


def test_something_behind_the_end_of_a_package_is_refused() -> None:
    assert "damaged" in refusal("x.docx", DOCX + b"<script>alert(1)</script>" + bytes(30))


def test_a_package_packed_in_an_unusual_way_is_refused() -> None:
    assert "damaged" in refusal("x.docx", package(office_parts("docx"), zipfile.ZIP_BZIP2))


def test_a_package_whose_content_was_damaged_is_refused() -> None:
    content = bytearray(package(office_parts("docx") | {"word/text.xml": "words " * 50}, zipfile.ZIP_STORED))
    place = content.index(b"words ")
    content[place] ^= 0xFF
    assert "damaged" in refusal("x.docx", bytes(content))


CHANGES = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=30)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(EVERY_KIND)), CHANGES)
def test_no_damage_of_a_file_is_a_fault(name: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray(EVERY_KIND[name])
    for place, value in changes:
        content[place % len(content)] = value
    with suppress(RuleBroken):
        recognise(name, io.BytesIO(bytes(content)))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ENDINGS)), st.binary(max_size=400))
def test_whatever_bytes_are_sent_are_refused_without_a_fault(ending: str, content: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4", OLE_MAGIC, b"PK\x03\x04"):
        with suppress(RuleBroken):
            recognise(f"x.{ending}", io.BytesIO(start + content))


# Names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("현장 사진.jpg", "현장 사진.jpg"),
        ("\u1112\u1167\u11ab장.jpg", "현장.jpg"),
        ("C:\\Users\\kim\\Desktop\\plan.pdf", "plan.pdf"),
        ("/storage/DCIM/plan.pdf", "plan.pdf"),
        ("../../etc/plan.pdf", "plan.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200b\u2066b\u2069\ufeff.pdf", "ab.pdf"),
        ("a\u2028b\u2029c.pdf", "abc.pdf"),
        ("a\x1b[31mb\x7f\x85.pdf", "a[31mb.pdf"),
        ("half \ud800.pdf", "half.pdf"),
        ("  two   blanks .pdf  ", "two blanks.pdf"),
        ("plan.pdf.", "plan.pdf"),
        ("plan.pdf . .", "plan.pdf"),
        (".pdf", "file.pdf"),
        ("...", "file"),
        ("", "file"),
        (None, "file"),
        ("/", "file"),
        ("\u202e", "file"),
        ("no ending", "no ending"),
        ('"quoted" <b>&.pdf', '"quoted" <b>&.pdf'),
        ("plan.v1.2.pdf", "plan.v1.2.pdf"),
    ],
)
def test_a_name_is_kept_as_people_read_it_and_without_what_they_cannot_see(sent: str | None, kept: str) -> None:
    assert file_name(sent) == kept


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    kept = file_name("가" * 400 + ".hwpx")
    assert len(kept) == LONGEST_NAME
    assert kept.endswith("가.hwpx")
    assert len(file_name("x" * 400)) == LONGEST_NAME
    assert len(file_name("x." + "y" * 400)) == LONGEST_NAME


@given(st.text(max_size=300))
def test_whatever_name_is_sent_what_is_kept_is_short_visible_and_stays_the_same(sent: str) -> None:
    kept = file_name(sent)
    assert 0 < len(kept) <= LONGEST_NAME
    assert not any(sign in kept for sign in "/\\\0\r\n\u202e\u2028")
    assert kept.strip(" .") == kept
    assert file_name(kept) == kept


# Files of others ---------------------------------------------------------------------------------------------------


def test_a_workbook_of_another_program_is_accepted() -> None:
    book = openpyxl.Workbook()
    for number in range(2000):
        book.active.append([number, "가로등", number * 1000])
    buffer = io.BytesIO()
    book.save(buffer)
    assert recognise("sums.xlsx", buffer).kind is FileKind.XLSX
