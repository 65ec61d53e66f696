"""The fact sheets on paper: Chromium prints each on exactly one A4 page, however much it has to hold."""

import io
from collections.abc import Iterator

import pytest
from browser.office import Desk, OpenDesk, served
from factories import PASSWORD, Maker
from flask import Flask
from makers.longest import longest_project
from playwright.sync_api import Browser
from pypdf import PdfReader

from districtops.models import Role
from districtops.new_deal.models import Programme, Project

LANGUAGES = ("en", "ko")


def printed(desk: Desk, path: str) -> PdfReader:
    """What comes out of the printer."""
    desk.page.goto(path)
    return PdfReader(io.BytesIO(desk.page.pdf(prefer_css_page_size=True, print_background=True)))


def assert_one_a4_page(reader: PdfReader, *words: str) -> None:
    """One page of that size, and the words are on it."""
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] in ([595, 842], [596, 842], [594, 841])
    text = " ".join(reader.pages[0].extract_text().split())
    for word in words:
        assert word in text, word


@pytest.fixture(params=LANGUAGES)
def longest_desk(
    request: pytest.FixtureRequest, lite_app: Flask, make: Maker, browser: Browser
) -> Iterator[tuple[Desk, Project]]:
    """A desk in an office whose only project is as long as it can be."""
    make.user("lee", Role.MANAGER)
    project = longest_project(make, request.param, unbroken=request.param == "ko")
    with served(lite_app) as url:
        desk = Desk(browser, url)
        desk.page.goto("/login")
        desk.fill(username="lee", password=PASSWORD)
        desk.page.get_by_role("button", name="Sign in", exact=True).click()
        desk.page.wait_for_url(f"{url}/")
        yield desk, project
        desk.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_sheets_print_on_one_page(longest_desk: tuple[Desk, Project], language: str) -> None:
    desk, project = longest_desk
    more = "and 23 more" if language == "en" else "외 23건"
    path = f"/new-deal/projects/{project.id}/fact-sheet?language={language}"
    assert_one_a4_page(printed(desk, path), more)
    path = f"/new-deal/programmes/{project.programme_id}/fact-sheet?language={language}"
    assert_one_a4_page(printed(desk, path), "2022")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheets_of_the_demonstration_print_on_one_page(
    demo_app: Flask, make: Maker, desk: OpenDesk, language: str
) -> None:
    [programme] = make.everything(Programme, fiscal_year=2022)
    first = make.everything(Project, programme_id=programme.id)[0]
    at = desk("manager.yongsan", language)
    names = {"en": "Smart Yongsan Network Advancement", "ko": "스마트 용산 네트워크 고도화"}
    assert_one_a4_page(printed(at, f"/new-deal/projects/{first.id}/fact-sheet"), names[language], "1,200,000,000")
    assert_one_a4_page(printed(at, f"/new-deal/programmes/{programme.id}/fact-sheet"), "6,500,000,000")
    other = "한국어" if language == "en" else "English"
    at.page.locator("main").get_by_role("link", name=other, exact=True).click()
    assert at.page.locator("html").get_attribute("lang") != language
