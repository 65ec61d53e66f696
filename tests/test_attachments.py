"""Files on a record: added whole or not at all, handed out unchanged and harmless, removed with a reason, checked."""

import datetime as dt
import io
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from acts import failing
from click.testing import Result
from factories import Maker
from flask import Flask
from pages import Page, Visitor
from sample_files import EVERY_KIND, hwp, jpeg, pdf, png
from test_transaction import everything
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from districtops.guard.uploads import MOST_AT_ONCE
from districtops.kit.db import db
from districtops.models import Attachment, ChangeRecord, Program, Role, User
from districtops.new_deal.models import Project
from districtops.new_deal.rules import Stage

MEBIBYTE = 1024 * 1024
Visit = Callable[..., Visitor]
Sent = tuple[str, bytes]


def body(fields: Mapping[str, str], *files: Sent) -> dict[str, Any]:
    """A form with files as a browser writes it. In memory: the client's own would leave temporary files open."""
    sent = [*fields.items(), *(("files", FileStorage(io.BytesIO(content), name)) for name, content in files)]
    boundary, data = encode_multipart(MultiDict(sent))
    return {"data": data, "content_type": f"multipart/form-data; boundary={boundary}"}


def add(visitor: Visitor, project: Project, *files: Sent) -> TestResponse:
    """Choose files on the page for it and send them, as a browser does."""
    url = visitor.url("new_deal.add_attachments", record_id=project.id)
    fields = visitor.look(url).form().fields.to_dict()
    return visitor.ask(url, "POST", **body(fields, *files))


def refused(visitor: Visitor, project: Project, *files: Sent) -> Page:
    """The page that comes back when files are refused."""
    answer = add(visitor, project, *files)
    assert answer.status_code == 422
    return Page(answer, visitor.url("new_deal.add_attachments", record_id=project.id))


def attached(make: Maker, project: Project, *files: Sent) -> list[Attachment]:
    """Rows of files that an officer added."""
    if not make.everything(User, username="adder"):
        make.user("adder")
    assert add(Visitor(make.app, "adder"), project, *files).status_code == 303
    return make.everything(Attachment, program_id=project.program_id)[-len(files) :]


def stored(make: Maker) -> list[Path]:
    """Every file on the disk."""
    return sorted(path for path in make.store.folder.rglob("*") if path.is_file())


def address(visitor: Visitor, project: Project, file: Attachment, act: str = "attachment") -> str:
    """The address of a file, or of what is done with it."""
    return visitor.url(f"new_deal.{act}", record_id=project.id, attachment_id=file.id)


# Adding and listing ------------------------------------------------------------------------------------------------


def test_an_officer_attaches_a_file_and_finds_it_on_the_page(app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    kim = make.user("kim", name_en="Kim Minji")
    officer = visit("kim")
    page = officer.follow(add(officer, project, ("현장 사진.jpg", jpeg())))
    assert "1 file is added." in page.flashed
    assert "현장 사진.jpg" in page.text
    assert "Picture (JPEG) · 1 KB" in page.text
    [row] = make.everything(Attachment)
    assert (row.program_id, row.name, row.added_by_id) == (project.program_id, "현장 사진.jpg", kim.id)
    assert row.district_id == make.home.id
    assert make.store.path(row.stored_name).read_bytes() == jpeg()
    assert "Attachment added · File name: 현장 사진.jpg; Kind: Picture (JPEG)" in page.text


@pytest.mark.parametrize("name", EVERY_KIND)
def test_every_kind_comes_back_byte_by_byte_under_its_name(lite_app: Flask, make: Maker, name: str) -> None:
    project = make.project()
    [row] = attached(make, project, (name, EVERY_KIND[name]))
    make.user("reader", Role.VIEWER)
    reader = Visitor(lite_app, "reader")
    answer = reader.ask(address(reader, project, row))
    assert answer.get_data() == EVERY_KIND[name]
    assert answer.content_type == row.kind.media_type
    assert answer.headers["Content-Length"] == str(len(EVERY_KIND[name]))
    assert f"filename*=UTF-8''{name.replace(' ', '%20')}" in answer.headers["Content-Disposition"]


def test_several_files_are_added_at_once_and_listed_from_the_latest(app: Flask, make: Maker) -> None:
    project = make.project()
    rows = attached(make, project, ("a.pdf", pdf(b"a")), ("b.hwp", hwp()), ("c.png", png()))
    assert [row.name for row in rows] == ["a.pdf", "b.hwp", "c.png"]
    page = Visitor(app, "adder").open("new_deal.show", project_id=project.id)
    names = re.findall(r"(\w\.(?:pdf|hwp|png)) [DHP]", page.text)
    assert names[:3] == ["c.png", "b.hwp", "a.pdf"]
    pictures = [image.get("src") for image in page.tree.iter("img")]
    assert pictures == [address(Visitor(app), project, rows[2], "attachment_preview")]


def test_a_name_is_cleaned_before_it_is_kept(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    sent = "../temp/\u202efdp.\u1112\u1161\u11ab\u200bgeul \u2066.jpg"
    [row] = attached(make, project, (sent, jpeg()))
    assert row.name == "fdp.한geul.jpg"
    assert "/" not in row.stored_name
    assert re.fullmatch(r"[0-9a-f]{32}", row.stored_name)


def test_markup_in_a_name_is_shown_as_text(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    name = "<img src=x onerror=alert(1)>'&.pdf"
    [row] = attached(make, project, (name, pdf()))
    adder = Visitor(lite_app, "adder")
    assert name in adder.open("new_deal.show", project_id=project.id).text
    adder.look(address(adder, project, row, "remove_attachment"))
    disposition = adder.ask(address(adder, project, row)).headers["Content-Disposition"]
    assert "<" not in disposition
    assert disposition.count('"') == 2


def test_an_ended_project_still_takes_files(app: Flask, make: Maker) -> None:
    project = make.project(stage=Stage.SETTLED)
    attached(make, project, ("settlement.pdf", pdf()))


def test_a_page_without_files_says_what_they_are_for(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    make.user("reader", Role.VIEWER)
    assert "Pictures of the site" in visit("officer").open("new_deal.show", project_id=project.id).text
    page = visit("reader").open("new_deal.show", project_id=project.id)
    assert "No file yet." in page.text
    assert "Pictures of the site" not in page.text


def test_the_files_are_listed_in_korean_too(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    attached(make, project, ("계약서.pdf", pdf()))
    page = Visitor(lite_app, "adder", language="ko").open("new_deal.show", project_id=project.id)
    assert "첨부파일" in page.text
    assert "PDF 문서" in page.text


# Refusals ----------------------------------------------------------------------------------------------------------


def test_one_refused_file_refuses_all_and_each_is_named(app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    officer = visit("officer")
    before = everything(app)
    page = refused(officer, project, ("good.jpg", jpeg()), ("page.html", b"<html>"), ("fake.pdf", b"x"))
    assert "No file was added." in page.summary
    for words in ("“page.html” is of a kind", "“fake.pdf” is not what its ending says"):
        assert words in page.summary
        assert words in " ".join(page.errors)
    assert "good.jpg" not in page.summary
    assert everything(app) == before
    assert stored(make) == []


def test_sending_no_file_is_refused(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    officer = visit("officer")
    assert "required" in refused(officer, project).summary
    assert "required" in refused(officer, project, ("", b"")).summary
    assert stored(make) == []


def test_the_same_content_twice_is_refused_and_says_where_it_is(app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    attached(make, project, ("plan.pdf", pdf()))
    page = refused(Visitor(app, "adder"), project, ("copy.pdf", pdf()))
    assert "“copy.pdf” is here already, as “plan.pdf”." in page.summary
    page = refused(Visitor(app, "adder"), project, ("a.jpg", jpeg()), ("b.jpg", jpeg()))
    assert "“b.jpg” is here already, as “a.jpg”." in page.summary
    assert len(stored(make)) == 1
    attached(make, make.project("Another"), ("plan.pdf", pdf()))


def test_too_many_files_at_once_are_refused(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    page = refused(visit("officer"), project, *((f"{n}.jpg", jpeg(n + 1)) for n in range(21)))
    assert "at most 20 files" in page.summary


def test_a_file_of_more_than_20_mb_is_named_and_refused(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    page = refused(visit("officer"), project, ("huge.pdf", pdf(bytes(20 * MEBIBYTE))))
    assert "“huge.pdf” is larger than 20 MB" in page.summary
    assert stored(make) == []


def test_a_file_of_20_mb_is_taken(lite_app: Flask, make: Maker, visit: Visit) -> None:
    content = pdf(bytes(20 * MEBIBYTE - len(pdf(b""))))
    [row] = attached(make, make.project(), ("large.pdf", content))
    assert row.size_bytes == 20 * MEBIBYTE


def test_more_than_a_request_may_hold_is_answered_with_a_page(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    answer = add(visit("officer"), project, ("huge.pdf", bytes(MOST_AT_ONCE + 1)))
    assert answer.status_code == 413
    assert "Too much was sent at once" in Page(answer, "/").text


def test_every_other_page_still_takes_no_more_than_a_form(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    [row] = attached(make, project, ("plan.pdf", pdf()))
    adder = Visitor(lite_app, "adder")
    for url in (
        address(adder, project, row, "remove_attachment"),
        adder.url("new_deal.add_note", project_id=project.id),
        "/account",
    ):
        sent = body({"csrf_token": "x"}, ("x.pdf", bytes(2 * MEBIBYTE)))
        assert adder.ask(url, "POST", **sent).status_code == 413


def test_nobody_makes_the_server_read_files_without_the_right_to_add_them(
    lite_app: Flask, make: Maker, visit: Visit
) -> None:
    project = make.project()
    make.user("reader", Role.VIEWER)
    url = Visitor(lite_app).url("new_deal.add_attachments", record_id=project.id)
    huge = body({}, ("x.pdf", bytes(MOST_AT_ONCE + 1)))
    answer = visit().ask(url, "POST", **huge, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303
    assert unquote(answer.headers["Location"]) == f"/login?next={url}", "back to the page after signing in"
    assert visit("reader").ask(url, "POST", **huge).status_code == 403


def test_a_form_with_files_needs_its_token(lite_app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    make.user("officer")
    officer = visit("officer")
    url = officer.url("new_deal.add_attachments", record_id=project.id)
    for headers in ({}, {"Origin": "http://localhost"}):
        answer = officer.ask(url, "POST", **body({"csrf_token": "forged"}, ("x.jpg", jpeg())), headers=headers)
        assert answer.status_code == 400
        assert "This form is too old" in answer.get_data(as_text=True)
    assert make.everything(Attachment) == []


# Room --------------------------------------------------------------------------------------------------------------


def test_a_record_takes_files_until_its_room_is_full(app: Flask, make: Maker, visit: Visit) -> None:
    app.config["FILES_PER_PROGRAM"] = 2 * MEBIBYTE
    project = make.project()
    rows = attached(make, project, ("a.pdf", pdf(bytes(MEBIBYTE))))
    adder = Visitor(app, "adder")
    page = refused(adder, project, ("b.pdf", pdf(bytes(MEBIBYTE))))
    assert "the files of one record may take 2 MB" in page.summary
    assert len(stored(make)) == 1
    attached(make, project, ("small.pdf", pdf()))
    attached(make, make.project("Another"), ("b.pdf", pdf(bytes(MEBIBYTE))))
    adder.submit("new_deal.remove_attachment", {"reason": "Old"}, record_id=project.id, attachment_id=rows[0].id)
    attached(make, project, ("b.pdf", pdf(bytes(MEBIBYTE))))


def test_a_district_takes_files_until_its_room_is_full_and_others_have_their_own(
    app: Flask, make: Maker, visit: Visit
) -> None:
    app.config["FILES_PER_DISTRICT"] = 2 * MEBIBYTE
    attached(make, make.project("First"), ("a.pdf", pdf(bytes(MEBIBYTE))))
    page = refused(Visitor(app, "adder"), make.project("Second"), ("b.pdf", pdf(bytes(MEBIBYTE))))
    assert "all files of the district may take 2 MB" in page.summary
    elsewhere = make.district("songpa")
    make.user("neighbour", district=elsewhere)
    there = make.project("Third", district=elsewhere)
    assert add(visit("neighbour"), there, ("b.pdf", pdf(bytes(MEBIBYTE)))).status_code == 303


def test_of_several_requests_at_the_same_moment_only_those_that_fit_are_kept(app: Flask, make: Maker) -> None:
    app.config["FILES_PER_DISTRICT"] = 2 * MEBIBYTE
    projects = [make.project(f"Project {n}") for n in range(4)]
    make.user("officer")
    officers = [Visitor(app, "officer") for _ in projects]

    def send(n: int) -> int:
        return add(officers[n], projects[n], (f"{n}.pdf", pdf(bytes([n]) * MEBIBYTE))).status_code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(send, range(4)))
    assert codes == [303, 422, 422, 422]
    assert len(make.everything(Attachment)) == 1


def test_a_form_that_is_sent_several_times_at_once_attaches_its_file_once(app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    officers = [Visitor(app, "officer") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(lambda officer: add(officer, project, ("a.jpg", jpeg())).status_code, officers))
    assert codes == [303, 422, 422, 422]
    assert len(make.everything(Attachment)) == len(stored(make)) == 1


# Handing out -------------------------------------------------------------------------------------------------------


def test_a_file_runs_nothing_and_is_kept_by_no_browser(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    rows = attached(make, project, ("plan.pdf", pdf()), ("site.jpg", jpeg()))
    adder = Visitor(lite_app, "adder")
    for url in (
        address(adder, project, rows[0]),
        address(adder, project, rows[1]),
        address(adder, project, rows[1], "attachment_preview"),
    ):
        headers = adder.ask(url).headers
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert "ETag" not in headers
        assert headers.get("Content-Disposition", "attachment").startswith("attachment") or "preview" in url


def test_only_a_picture_is_shown(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    rows = attached(make, project, ("plan.pdf", pdf()), ("site.png", png()), ("report.hwp", hwp()))
    adder = Visitor(lite_app, "adder")
    codes = [adder.ask(address(adder, project, row, "attachment_preview")).status_code for row in rows]
    assert codes == [404, 200, 404]
    shown = adder.ask(address(adder, project, rows[1], "attachment_preview"))
    assert (shown.get_data(), shown.content_type) == (png(), "image/png")


def test_a_file_that_is_missing_on_the_disk_is_not_found(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    [row] = attached(make, project, ("plan.pdf", pdf()))
    make.store.path(row.stored_name).unlink()
    adder = Visitor(lite_app, "adder")
    assert adder.ask(address(adder, project, row)).status_code == 404


def test_a_file_is_reached_through_its_own_record_only(app: Flask, make: Maker) -> None:
    project, other = make.project(), make.project("Another")
    [row] = attached(make, project, ("site.jpg", jpeg()))
    adder = Visitor(app, "adder")
    for act in ("attachment", "attachment_preview", "remove_attachment"):
        assert adder.ask(address(adder, project, row, act)).status_code == 200
        assert adder.ask(address(adder, other, row, act)).status_code == 404


def test_a_program_of_another_module_takes_no_file_here(app: Flask, make: Maker) -> None:
    make.user("officer")
    stranger = make.row(Program, module="another_module", id=900)
    officer = Visitor(app, "officer")
    assert officer.ask(officer.url("new_deal.add_attachments", record_id=stranger.id)).status_code == 404
    row = make.row(Attachment, program_id=stranger.id, id=901)
    project = make.project()
    for act in ("attachment", "attachment_preview", "remove_attachment"):
        assert officer.ask(address(officer, project, row, act)).status_code == 404


def test_another_districts_file_answers_like_one_that_does_not_exist(app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    [row] = attached(make, project, ("SECRET.jpg", jpeg()))
    make.user("neighbour", Role.OFFICER, district=make.district("songpa"))
    neighbour = visit("neighbour")
    for act in ("attachment", "attachment_preview", "remove_attachment"):
        answer = neighbour.ask(address(neighbour, project, row, act))
        absent = neighbour.ask(neighbour.url(f"new_deal.{act}", record_id=9000, attachment_id=9000))
        assert (answer.status_code, absent.status_code) == (404, 404)
        blurred = [re.sub(r"\d+|value=\"[^\"]*\"", "", each.get_data(as_text=True)) for each in (answer, absent)]
        assert blurred[0] == blurred[1]


def test_a_reader_takes_files_away_and_changes_none(app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    [row] = attached(make, project, ("site.jpg", jpeg()))
    make.user("reader", Role.VIEWER)
    reader = visit("reader")
    page = reader.open("new_deal.show", project_id=project.id)
    assert address(reader, project, row) in page.links
    assert not [link for link in page.links if "attachments/new" in link or link.endswith("/remove")]
    assert reader.ask(address(reader, project, row)).status_code == 200
    for url in (
        reader.url("new_deal.add_attachments", record_id=project.id),
        address(reader, project, row, "remove_attachment"),
    ):
        assert reader.ask(url).status_code == reader.ask(url, "POST").status_code == 403


# Removing ----------------------------------------------------------------------------------------------------------


def test_a_file_is_removed_with_a_reason_that_stays(app: Flask, make: Maker, visit: Visit) -> None:
    project = make.project()
    [row] = attached(make, project, ("wrong.jpg", jpeg()))
    boss = make.user("boss", name_en="Lee Jun")
    officer = visit("boss")
    url = address(officer, project, row, "remove_attachment")
    answer = officer.submit(
        "new_deal.remove_attachment", {"reason": "Wrong site"}, record_id=project.id, attachment_id=row.id
    )
    page = officer.follow(answer)
    assert "The file is removed." in page.flashed
    assert "1 removed file" in page.text
    assert "wrong.jpg · Wrong site" in page.text
    assert "Lee Jun" in page.text
    for act in ("attachment", "attachment_preview", "remove_attachment"):
        assert officer.ask(address(officer, project, row, act)).status_code == 404
    assert officer.ask(url, "POST", data=officer.look("/account").form().fields).status_code == 404
    [kept] = make.everything(Attachment)
    assert (kept.name, str(kept.removal_reason), kept.removed_by_id) == ("wrong.jpg", "Wrong site", boss.id)
    assert len(stored(make)) == 1, "the file itself is swept later"
    record = make.everything(ChangeRecord, table_name="attachment")[-1]
    assert (record.act, record.program_id) == ("changed", project.program_id)


def test_removing_asks_for_a_reason(app: Flask, make: Maker) -> None:
    project = make.project()
    [row] = attached(make, project, ("plan.pdf", pdf()))
    adder = Visitor(app, "adder")
    page = adder.refused("new_deal.remove_attachment", {"reason": "  "}, record_id=project.id, attachment_id=row.id)
    assert "required" in page.summary
    assert make.everything(Attachment)[0].removed_at is None


# Faults ------------------------------------------------------------------------------------------------------------


def test_a_fault_at_the_commit_leaves_no_row_and_a_file_that_is_swept(
    app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(app, "officer")
    before = everything(app)

    def burst() -> None:
        raise OSError("the disk is full")

    url = officer.url("new_deal.add_attachments", record_id=project.id)
    fields = officer.look(url).form().fields.to_dict()
    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", burst)
        answer = officer.client.post(url, **body(fields, ("a.jpg", jpeg())))
    assert answer.status_code == 500
    assert everything(app) == before
    [left] = stored(make)
    age(left)
    assert "1 files deleted" in check(app, "--sweep").output
    assert stored(make) == []


def test_every_statement_may_fail_and_no_row_is_left_without_its_file(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    url = officer.url("new_deal.add_attachments", record_id=project.id)
    fields = officer.look(url).form().fields.to_dict()
    before = everything(lite_app)
    fail_at = 0
    while True:
        fail_at += 1
        with failing("before_cursor_execute", fail_at):
            answer = officer.client.post(url, **body(fields, ("a.jpg", jpeg()), ("b.pdf", pdf())))
        if answer.status_code == 303:
            break
        assert answer.status_code == 500
        assert everything(lite_app) == before, f"statement {fail_at} left something"
        assert fail_at < 60
    assert fail_at > 6
    assert len(make.everything(Attachment)) == 2
    assert check(lite_app).exit_code == 0


def test_a_disk_that_refuses_the_second_file_keeps_neither(
    app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(app, "officer")
    url = officer.url("new_deal.add_attachments", record_id=project.id)
    fields = officer.look(url).form().fields.to_dict()
    genuine, calls = Path.rename, []

    def rename(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return genuine(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        sent = body(fields, ("a.jpg", jpeg()), ("b.pdf", pdf()))
        assert officer.client.post(url, **sent).status_code == 500
    assert make.everything(Attachment) == []
    assert len(stored(make)) == 1, "the first is swept later"


# check-files -------------------------------------------------------------------------------------------------------


def check(app: Flask, *options: str) -> Result:
    """Run the command."""
    return app.test_cli_runner().invoke(args=["check-files", *options])


def age(path: Path, hours: float = 25) -> None:
    """Make a file look as if it had been written hours ago."""
    moment = dt.datetime.now(dt.UTC).timestamp() - hours * 3600
    os.utime(path, (moment, moment))


def test_files_that_match_their_rows_are_in_order(app: Flask, make: Maker) -> None:
    attached(make, make.project(), ("a.jpg", jpeg()), ("b.pdf", pdf()))
    result = check(app)
    assert result.exit_code == 0
    assert result.output == "2 attachments, 0 problems; 0 files to be deleted.\n"


def test_an_office_without_any_file_is_in_order(app: Flask) -> None:
    assert check(app).exit_code == 0


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_bytes(b"short"), "5 bytes on the disk instead of"),
        (lambda path: path.write_bytes(bytes(path.stat().st_size)), "was changed"),
    ],
    ids=["missing", "cut off", "changed"],
)
def test_a_file_that_is_not_what_was_kept_is_told(
    app: Flask, make: Maker, damage: Callable[[Path], object], said: str
) -> None:
    rows = attached(make, make.project(), ("a.jpg", jpeg()), ("b.pdf", pdf()))
    damage(make.store.path(rows[1].stored_name))
    for options in ([], ["--sweep"]):
        result = check(app, *options)
        assert result.exit_code == 1
        assert f"attachment {rows[1].id}: " in result.output
        assert said in result.output
        assert f"attachment {rows[0].id}: " not in result.output


def test_files_of_every_district_are_checked(app: Flask, make: Maker) -> None:
    for slug in ("mapo", "songpa"):
        row = make.row(Attachment, make.district(slug))
        make.store.path(row.stored_name).unlink()
    result = check(app)
    assert result.exit_code == 1
    assert "2 problems" in result.output


def test_a_stray_file_is_told_and_swept_once_it_is_a_day_old(app: Flask, make: Maker) -> None:
    attached(make, make.project(), ("a.jpg", jpeg()))
    [named] = stored(make)
    young, old = (make.store.path(make.store.keep(io.BytesIO(b"x"))) for _ in range(2))
    unfinished = old.with_name("0" * 32 + ".part").parent.parent / "00" / ("0" * 32 + ".part")
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half")
    age(young, hours=23)
    for path in (old, unfinished, named):
        age(path)
    result = check(app)
    assert result.exit_code == 1
    assert old.name in result.output
    assert young.name not in result.output
    swept = check(app, "--sweep")
    assert swept.exit_code == 0
    assert swept.output == "1 attachments, 0 problems; 2 files deleted.\n"
    assert set(stored(make)) == {named, young}
    assert check(app).exit_code == 0


def test_a_removed_file_is_swept_a_day_later_and_its_row_stays(app: Flask, make: Maker) -> None:
    project = make.project()
    [row] = attached(make, project, ("a.jpg", jpeg()))
    Visitor(app, "adder").submit(
        "new_deal.remove_attachment", {"reason": "Old"}, record_id=project.id, attachment_id=row.id
    )
    age(stored(make)[0])
    assert check(app, "--sweep").exit_code == 0
    assert len(stored(make)) == 1
    with make.inside() as session:
        kept = session.get(Attachment, row.id)
        assert kept is not None
        assert kept.removed_at is not None
        kept.removed_at -= dt.timedelta(hours=25)
        session.commit()
    result = check(app)
    assert (result.exit_code, result.output) == (0, "0 attachments, 0 problems; 1 files to be deleted.\n")
    assert check(app, "--sweep").exit_code == 0
    assert stored(make) == []
    assert [r.name for r in make.everything(Attachment)] == ["a.jpg"]
    assert check(app).exit_code == 0
