"""A real Chromium, and the real server with the demonstration."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.office import Desk, OpenDesk, served
from browser.samples import SAMPLES
from databases import Sqlite, application
from factories import Maker
from flask import Flask
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from sample_files import png

from districtops.models import Attachment

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program; without one the browser tests are skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium here: install the package chromium (apt-get install chromium) or Google Chrome")
    return found


@pytest.fixture(scope="session")
def playwright_driver(chromium: str) -> Iterator[Playwright]:
    """What steers the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    # Two workers, two browsers and two servers may share one slow machine.
    expect.set_options(timeout=15_000)
    found = playwright_driver.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
    yield found
    found.close()


@pytest.fixture(scope="session")
def reading_room(sqlite: Sqlite) -> Iterator[tuple[Flask, str]]:
    """The demonstration, served for tests that only read: (application, address)."""
    with sqlite.demonstration() as found, application(found.url) as app, served(app) as url:
        make = Maker(app)
        for sample in SAMPLES:
            with app.app_context(), sample.inside():
                program = sample.program()
            for name in ("site.png", "현장 사진.png") if program is not None else ():
                picture = make.store.keep(io.BytesIO(png(640, 480)))
                home = make.district(sample.district)
                make.row(Attachment, home, program_id=program, name=name, stored_name=picture, kind="png")
        yield app, url


@pytest.fixture
def office_url(demo_app: Flask) -> Iterator[str]:
    """The address of this test's own demonstration, into which it may write."""
    with served(demo_app) as url:
        yield url


def _desks(browser: Browser, url: str) -> Iterator[OpenDesk]:
    opened: list[Desk] = []

    def open_desk(username: str | None = None, language: str = "en", **options: object) -> Desk:
        desk = Desk(browser, url, language, **options)
        opened.append(desk)
        return desk.sign_in(username) if username else desk

    yield open_desk
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(browser: Browser, office_url: str) -> Iterator[OpenDesk]:
    """``desk("officer.yongsan", "ko")`` sits down at a browser and signs in; what is written stays in this test."""
    yield from _desks(browser, office_url)


@pytest.fixture
def reading_desk(browser: Browser, reading_room: tuple[Flask, str]) -> Iterator[OpenDesk]:
    """The same for somebody who only reads."""
    yield from _desks(browser, reading_room[1])


@pytest.fixture(params=["en", "ko"])
def language(request: pytest.FixtureRequest) -> str:
    """English and Korean in turn."""
    return str(request.param)
