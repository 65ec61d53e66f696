"""Files at a phone: chosen, refused, added, seen, taken away and removed, without a script."""

import pytest
from browser.office import NARROW, OpenDesk
from factories import Maker
from flask import Flask
from playwright.sync_api import expect
from sample_files import pdf, png

from districtops.new_deal.models import Project


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_officer_adds_pictures_from_a_phone_and_removes_one(
    demo_app: Flask, make: Maker, desk: OpenDesk, language: str, scripts: bool
) -> None:
    project = make.everything(Project, district_id=make.district("yongsan").id)[0]
    officer = desk("officer.yongsan", language, viewport=NARROW, java_script_enabled=scripts)
    page, words = officer.go(f"/new-deal/projects/{project.id}"), officer.words
    section = page.locator("#attachments")
    section.get_by_role("link", name=words("Add files")).click()
    fake = {"name": "fake.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    page.locator("#files").set_input_files([fake])
    page.get_by_role("button", name=words("Add the files")).click()
    expect(page.locator(".error-summary")).to_contain_text("fake.pdf")
    picture = {"name": "현장 사진.png", "mimeType": "image/png", "buffer": png(640, 480)}
    paper = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.locator("#files").set_input_files([picture, paper])
    page.get_by_role("button", name=words("Add the files")).click()
    expect(section.locator(".files li")).to_have_count(2)
    section.locator("img").scroll_into_view_if_needed()
    expect(section.locator("img")).to_have_js_property("naturalWidth", 640)
    with page.expect_download() as download:
        section.get_by_role("link", name="현장 사진.png", exact=True).click()
    assert download.value.suggested_filename == "현장 사진.png"
    section.get_by_role("link", name="contract.pdf").last.click()
    page.locator("#reason").fill("잘못 올린 파일")
    page.get_by_role("button", name=words("Remove the file")).click()
    expect(section.locator(".files li")).to_have_count(1)
    expect(section.locator("details")).to_contain_text("contract.pdf · 잘못 올린 파일")
    assert officer.faults == []
