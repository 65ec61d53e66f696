"""What people are told of their sign-ins, and how they end one that is not theirs."""

import datetime as dt

import pytest
import time_machine
from factories import Maker
from flask import Flask
from pages import Page, Visitor
from test_access import outcome
from test_sign_in import START, attempt, cookie

from districtops.guard import identity
from districtops.kit.browser import browser_of
from districtops.models import FailedSignIn, Role, SignedInSession, User

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WINDOWS} Chrome/126.0.0.0 Safari/537.36"
MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605"
)
KNOWN = [
    (CHROME, ("Chrome", "Windows")),
    (f"{CHROME} Edg/126.0.0.0", ("Edge", "Windows")),
    (f"{WINDOWS} Whale/3.26.244.21 Chrome/126.0.0.0 Safari/537.36", ("Whale", "Windows")),
    (f"{CHROME} OPR/110.0", ("Opera", "Windows")),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ("Firefox", "Linux")),
    (MAC_SAFARI, ("Safari", "macOS")),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Mobile/15E148 Safari/604.1",
        ("Chrome", "iPhone"),
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-S918N) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
        ("Samsung Internet", "Android"),
    ),
    ("curl/8.5.0", (None, None)),
    ("", (None, None)),
]


class Browser(Visitor):
    """Somebody whose browser says what it is."""

    def __init__(self, app: Flask, username: str, agent: str, address: str = "10.1.2.3") -> None:
        super().__init__(app)
        self.headers["User-Agent"] = agent
        self.client.environ_base["REMOTE_ADDR"] = address
        assert self.sign_in(username).status_code == 303


def sign_ins(visitor: Visitor) -> list[list[str]]:
    """The rows of one's own open sign-ins."""
    return visitor.open("accounts.account").rows("Open sign-ins")


@pytest.mark.parametrize(("agent", "words"), KNOWN)
def test_a_browser_is_named_as_people_call_it(agent: str, words: tuple[str | None, str | None]) -> None:
    assert browser_of(agent) == words


# The last sign-in ----------------------------------------------------------------------------------------------------


def test_the_first_sign_in_says_so(app: Flask, make: Maker) -> None:
    make.user("kim")
    page = Visitor(app, "kim").look("/")
    assert "This is your first sign-in." in page.text
    assert page.flashed == ""


def test_the_last_sign_in_and_what_failed_since_is_told_on_the_first_page_and_the_account(
    app: Flask, make: Maker
) -> None:
    make.user("kim")
    with time_machine.travel(dt.datetime(2022, 1, 24, 9, 2, tzinfo=dt.UTC), tick=False) as travel:
        Visitor(app, "kim")
        travel.shift(dt.timedelta(days=2))
        attempt(app, "kim")
        attempt(app, "KIM ")
        kim = Visitor(app, "kim")
        page = kim.look("/")
        told = "Last sign-in Mon 24 Jan 2022 18:02. 2 failed attempts before this sign-in."
        assert told in page.text
        assert "2 attempts to sign in with your name failed" in page.flashed
        assert told in kim.open("accounts.account").text
        assert kim.look("/").flashed == "", "the warning is told once"
        travel.shift(dt.timedelta(minutes=1))
        assert "Last sign-in Wed 26 Jan 2022 18:02. " in Visitor(app, "kim").look("/").text + " "


def test_what_failed_is_told_however_long_ago_and_while_the_name_was_locked(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        for _ in range(7):
            attempt(lite_app, "kim")
        travel.shift(dt.timedelta(days=3))
        attempt(lite_app, "kim")
        kept = make.everything(FailedSignIn)[0]
        assert (kept.failures, kept.since_success) == (1, 8)
        assert "8 failed attempts" in Visitor(lite_app, "kim").look("/").text


def test_nothing_is_told_before_the_sign_in_and_unknown_names_are_counted_alike(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    for name in ("kim", "nobody"):
        page = Page(attempt(lite_app, name), "/login")
        assert "failed" not in page.text
    assert [row.since_success for row in make.everything(FailedSignIn)] == [1, 1]


def test_counts_that_nobody_adds_to_are_dropped_after_three_months(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        attempt(lite_app, "nobody")
        travel.shift(identity.FAILURES_KEPT + dt.timedelta(seconds=1))
        Visitor(lite_app, "kim")
        assert make.everything(FailedSignIn) == []


def test_signing_in_makes_no_open_form_stale(lite_app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    boss = Visitor(lite_app, "boss")
    page = boss.open("people.show", user_id=user.id)
    Visitor(lite_app, "kim")
    assert boss.send(page, {"name_en": "Kim Minji"}).status_code == 303
    assert make.everything(User, username="kim")[0].last_signed_in_at is not None


# Open sign-ins -------------------------------------------------------------------------------------------------------


def test_the_account_shows_where_one_is_signed_in_and_marks_the_present_one(app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        Browser(app, "kim", "curl/8.5.0", "10.9.9.9")
        travel.shift(dt.timedelta(minutes=5))
        here = Browser(app, "kim", CHROME)
        first, second = sign_ins(here)
        assert first[:4] == [
            "Chrome on Windows this one",
            "10.1.2.3",
            "Tue 15 Mar 2022 09:05",
            "Tue 15 Mar 2022 09:05",
        ]
        assert second[:3] == ["another browser", "10.9.9.9", "Tue 15 Mar 2022 09:00"]
        travel.shift(dt.timedelta(minutes=26))
        assert len(sign_ins(here)) == 1, "what was unused for half an hour opens nothing any more"


def test_nothing_but_two_words_of_the_browser_is_kept(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    Browser(lite_app, "kim", CHROME)
    [row] = make.everything(SignedInSession)
    assert (row.browser, row.system) == ("Chrome", "Windows")
    assert "Mozilla" not in repr(vars(row))


def test_a_sign_in_that_is_ended_is_dead_at_the_next_request_in_every_copy_of_its_cookie(
    app: Flask, make: Maker
) -> None:
    make.user("kim")
    elsewhere, here = Browser(app, "kim", "curl/8.5.0"), Browser(app, "kim", CHROME)
    copy = app.test_client()
    copy.set_cookie("districtops", cookie(elsewhere))
    assert copy.get("/account").status_code == 200
    other = min(row.id for row in make.everything(SignedInSession))
    page = here.open("accounts.account")
    answer = here.ask("/account/sign-ins", "POST", data={**token(page), "end": str(other)})
    assert "The sign-in has ended." in here.follow(answer).flashed
    assert outcome(elsewhere.ask("/account")) == "sign-in"
    assert copy.get("/account").status_code == 303
    again = here.ask("/account/sign-ins", "POST", data={**token(page), "end": str(other)})
    assert "had ended already" in here.follow(again).flashed


def token(page: Page) -> dict[str, str]:
    """The token of the form that ends sign-ins."""
    return {"csrf_token": page.form("/account/sign-ins").fields["csrf_token"]}


def test_all_others_are_ended_at_once_and_the_present_one_stays(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    others = [Visitor(lite_app, "kim") for _ in range(3)]
    here = Visitor(lite_app, "kim")
    page = here.open("accounts.account")
    answer = here.ask("/account/sign-ins", "POST", data={**token(page), "end": "others"})
    assert "Every other sign-in" in here.follow(answer).flashed
    assert [outcome(other.ask("/account")) for other in others] == ["sign-in"] * 3
    assert len(sign_ins(here)) == 1


def test_ending_the_present_one_signs_out(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    here = Visitor(lite_app, "kim")
    page = here.open("accounts.account")
    [row] = make.everything(SignedInSession)
    here.ask("/account/sign-ins", "POST", data={**token(page), "end": str(row.id)})
    assert outcome(here.ask("/account")) == "sign-in"


@pytest.mark.parametrize("wanted", ["", "x", "-1", "9" * 30, "²", "0"])
def test_nobody_ends_the_sign_in_of_somebody_else_or_one_that_is_not_there(
    lite_app: Flask, make: Maker, wanted: str
) -> None:
    make.user("kim")
    make.user("lee")
    Visitor(lite_app, "lee")
    [theirs] = make.everything(SignedInSession)
    kim = Visitor(lite_app, "kim")
    page = kim.open("accounts.account")
    for value in (wanted, str(theirs.id)):
        assert kim.ask("/account/sign-ins", "POST", data={**token(page), "end": value}).status_code == 303
    assert len(make.everything(SignedInSession)) == 2


def test_an_administrator_sees_and_ends_the_sign_ins_of_their_people_and_no_other(app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    stranger = make.user("stranger", Role.ADMINISTRATOR, district=make.district("songpa"))
    boss = Visitor(app, "boss")
    assert "has not signed in yet" in boss.open("people.show", user_id=user.id).text
    kim = Browser(app, "kim", CHROME)
    page = boss.open("people.show", user_id=user.id)
    assert page.rows("Open sign-ins")[0][:2] == ["Chrome on Windows", "10.1.2.3"]
    assert "10.1.2.3" not in boss.open("people.index").html
    assert Visitor(app, "stranger").ask(f"/people/{user.id}/sign-ins").status_code == 404
    assert boss.ask(f"/people/{stranger.id}/sign-ins").status_code == 404
    assert boss.submit("people.end_sign_ins", user_id=user.id).status_code == 303
    assert outcome(kim.ask("/account")) == "sign-in"
    assert boss.ask("/account").status_code == 200


def test_signing_in_again_ends_the_sign_in_before(app: Flask, make: Maker) -> None:
    make.user("kim")
    kim = Visitor(app, "kim")
    copy = app.test_client()
    copy.set_cookie("districtops", cookie(kim))
    kim.sign_in("kim")
    assert kim.ask("/account").status_code == 200
    assert copy.get("/account").status_code == 303
    assert len(make.everything(SignedInSession)) == 1
