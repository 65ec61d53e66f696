"""Signing in tells nothing about who exists, stops guessing, and ends when it should."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import time_machine
from argon2 import PasswordHasher
from factories import PASSWORD, Maker
from flask import Flask
from pages import Page, Visitor
from werkzeug.test import TestResponse

from districtops import clock
from districtops.guard import passwords
from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.db import db
from districtops.models import FailedSignIn, Installation, Role, SignedInSession, User

START = dt.datetime(2022, 3, 15, 9, 0, tzinfo=clock.KOREA)
OUTSIDE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
    "/%0d%0aSet-Cookie:a=b\r\nX: y",
    "https:///evil.example",
    "//evil.example\\@localhost/",
    "http://localhost@evil.example/",
    "/.//evil.example" + "\\",
]


def refusal(answer: TestResponse) -> tuple[int, str]:
    """What a refused sign-in shows, without what the visitor typed."""
    page = Page(answer, "/login")
    words = re.sub(r'value="[^"]*"', "", page.html)
    return page.status, re.sub(r'content="[^"]*"', "", words)


def attempt(app: Flask, username: str, password: str = "wrong password", language: str = "en") -> TestResponse:
    """One try with a browser of its own."""
    return Visitor(app, language=language).sign_in(username, password)


def test_the_right_name_and_password_open_the_first_page(app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(app)
    page = visitor.follow(visitor.sign_in("kim"))
    assert page.url == "/"
    assert "Kim kim" in page.html


@pytest.mark.parametrize("typed", [" kim ", "KIM", "ｋｉｍ", "Kim\u3000"])
def test_a_name_may_be_typed_as_people_type_it(lite_app: Flask, make: Maker, typed: str) -> None:
    make.user("kim")
    assert attempt(lite_app, typed, PASSWORD).status_code == 303


def test_a_password_may_be_typed_with_composed_or_decomposed_letters(lite_app: Flask, make: Maker) -> None:
    make.user("kim", password="한강에 비가 내린다")
    decomposed = "\u1112\u1161\u11ab\u1100\u1161\u11bc에 비가 내린다"
    assert attempt(lite_app, "kim", decomposed).status_code == 303


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_refusal_says_the_same(app: Flask, make: Maker, language: str) -> None:
    make.user("kim")
    make.user("closed", active=False)
    make.user("late", one_time_until=clock.now() - dt.timedelta(seconds=1))
    make.user("locked")
    for _ in range(5):
        attempt(app, "locked")
    wrong = refusal(attempt(app, "kim", language=language))
    assert wrong[0] == 422
    assert refusal(attempt(app, "nobody", language=language)) == wrong
    assert refusal(attempt(app, "closed", PASSWORD, language=language)) == wrong
    assert refusal(attempt(app, "late", PASSWORD, language=language)) == wrong
    assert refusal(attempt(app, "locked", PASSWORD, language=language)) == wrong


def test_an_unknown_name_costs_one_verification_like_a_known_one(
    lite_app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.user("kim")
    verified: list[str] = []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return genuine.verify(kept, password)

        def check_needs_rehash(self, kept: str) -> bool:
            return False

    genuine = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    for name in ("kim", "nobody"):
        attempt(lite_app, name)
    assert len(verified) == 2
    assert len({kept.split("$")[3] for kept in verified}) == 1


@pytest.mark.parametrize("name", ["kim", "nobody"])
def test_after_five_attempts_a_name_is_locked_for_a_minute_then_longer(app: Flask, make: Maker, name: str) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        for _ in range(4):
            attempt(app, name)
        assert make.everything(FailedSignIn)[0].locked_until is None
        for minutes in (1, 2, 4, 8, 15, 15):
            attempt(app, name)
            kept = make.everything(FailedSignIn)[0]
            assert kept.locked_until == clock.now() + dt.timedelta(minutes=minutes)
            travel.shift(dt.timedelta(minutes=minutes, seconds=1))


def test_a_lock_refuses_the_right_password_and_lets_it_in_after_its_time(app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        for _ in range(5):
            attempt(app, "kim")
        assert attempt(app, "kim", PASSWORD).status_code == 422
        travel.shift(dt.timedelta(minutes=2, seconds=1))
        assert attempt(app, "kim", PASSWORD).status_code == 303
        assert make.everything(FailedSignIn) == []


def test_spelling_variants_are_one_name_and_a_locked_name_is_not_counted_further(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    for variant in ("kim", "KIM", " kim", "ｋｉｍ", "Kim "):
        attempt(lite_app, variant)
    assert attempt(lite_app, "kim", PASSWORD).status_code == 422
    assert [kept.failures for kept in make.everything(FailedSignIn)] == [5]


def test_locking_one_name_leaves_others_alone(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    make.user("lee")
    for _ in range(5):
        attempt(lite_app, "kim")
    assert attempt(lite_app, "lee", PASSWORD).status_code == 303


def test_a_success_ends_the_count(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    for _ in range(4):
        attempt(lite_app, "kim")
    assert attempt(lite_app, "kim", PASSWORD).status_code == 303
    for _ in range(4):
        attempt(lite_app, "kim")
    assert attempt(lite_app, "kim", PASSWORD).status_code == 303


def test_vain_attempts_are_forgotten_after_a_day(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        for _ in range(4):
            attempt(lite_app, "kim")
        travel.shift(dt.timedelta(days=1, seconds=1))
        attempt(lite_app, "kim")
        assert make.everything(FailedSignIn)[0].failures == 1
        assert make.everything(FailedSignIn)[0].locked_until is None


def test_attempts_are_counted_though_the_request_is_rolled_back(app: Flask, make: Maker) -> None:
    attempt(app, "nobody")
    attempt(app, "nobody")
    assert [kept.failures for kept in make.everything(FailedSignIn)] == [2]


def test_a_form_without_its_token_is_no_attempt(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    answer = lite_app.test_client().post("/login", data={"username": "kim", "password": PASSWORD})
    assert answer.status_code == 400
    assert make.everything(FailedSignIn) == []


def test_counts_keep_no_name(lite_app: Flask, make: Maker) -> None:
    attempt(lite_app, "typed.my.password.here")
    assert "typed" not in repr(vars(make.everything(FailedSignIn)[0]))


# Sessions ----------------------------------------------------------------------------------------------------------


def cookie(visitor: Visitor) -> str:
    """The session's cookie as the browser holds it."""
    found = visitor.client.get_cookie("districtops")
    assert found is not None
    return found.value


def test_the_key_is_new_at_every_sign_in_and_kept_only_as_a_digest(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app)
    visitor.open("accounts.login")
    before = cookie(visitor)
    visitor.sign_in("kim")
    first = cookie(visitor)
    visitor.submit("dashboard.index", to="accounts.sign_out")
    visitor.sign_in("kim")
    assert len({before, first, cookie(visitor)}) == 3
    kept = make.everything(SignedInSession)
    assert len(kept) == 1
    assert len(kept[0].digest) == 64
    assert kept[0].digest not in cookie(visitor)


def test_what_a_session_held_before_sign_in_is_gone_after_it(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app)
    page = visitor.open("accounts.login")
    with visitor.client.session_transaction() as held:
        held["planted"] = "by somebody else"
    visitor.send(page, {"username": "kim", "password": PASSWORD})
    with visitor.client.session_transaction() as held:
        assert "planted" not in held


def test_a_form_from_before_signing_in_is_worth_nothing_after_it(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app)
    page = visitor.open("accounts.login")
    assert visitor.send(page, {"username": "kim", "password": PASSWORD}).status_code == 303
    answer = visitor.ask("/account/unit", "POST", data={"csrf_token": page.form().fields["csrf_token"], "unit": "won"})
    assert answer.status_code == 400


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(app, "kim")
    thief = app.test_client()
    thief.set_cookie("districtops", cookie(visitor))
    assert thief.get("/account").status_code == 200
    answer = visitor.submit("dashboard.index", to="accounts.sign_out")
    assert answer.headers["Location"] == "/login"
    assert thief.get("/account").status_code == 303
    assert make.everything(SignedInSession) == []


def test_thirty_idle_minutes_end_a_session_and_work_keeps_it_open(app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        visitor = Visitor(app, "kim")
        for _ in range(3):
            travel.shift(dt.timedelta(minutes=30))
            assert visitor.ask("/account").status_code == 200
        travel.shift(dt.timedelta(minutes=30, seconds=1))
        answer = visitor.ask("/account")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/account")


def test_a_session_ends_after_ten_hours_however_busy(app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        visitor = Visitor(app, "kim")
        for _ in range(24):
            travel.shift(dt.timedelta(minutes=25))
            assert visitor.ask("/account").status_code == 200
        travel.shift(dt.timedelta(seconds=1))
        assert visitor.ask("/account").status_code == 303


def test_the_office_may_choose_other_times(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    lite_app.config["IDLE_MINUTES"] = 5
    with time_machine.travel(START, tick=False) as travel:
        visitor = Visitor(lite_app, "kim")
        travel.shift(dt.timedelta(minutes=5, seconds=1))
        assert visitor.ask("/account").status_code == 303


def test_when_a_session_was_last_seen_is_written_at_most_once_a_minute(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        visitor = Visitor(lite_app, "kim")
        travel.shift(dt.timedelta(seconds=59))
        visitor.ask("/account")
        assert make.everything(SignedInSession)[0].seen_at == START
        travel.shift(dt.timedelta(seconds=2))
        visitor.ask("/account")
        assert make.everything(SignedInSession)[0].seen_at == START + dt.timedelta(seconds=61)


def test_a_refused_form_still_counts_as_work(app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        visitor = Visitor(app, "kim")
        page = visitor.open("accounts.password")
        travel.shift(dt.timedelta(minutes=20))
        assert visitor.send(page, {"current": "wrong", "password": "x", "again": "y"}).status_code == 422
        travel.shift(dt.timedelta(minutes=20))
        assert visitor.ask("/account").status_code == 200


def test_a_forged_cookie_is_nobodys(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app, "kim")
    genuine = cookie(visitor)
    for forged in (genuine[:-2] + "xx", "x" + genuine, "", "a.b.c", "A" * 3000):
        client = lite_app.test_client()
        client.set_cookie("districtops", forged)
        assert client.get("/account").status_code == 303, forged


# Passwords ---------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_every_other_session_and_keeps_this_one(app: Flask, make: Maker) -> None:
    make.user("kim")
    here, elsewhere = Visitor(app, "kim"), Visitor(app, "kim")
    new = "another quiet evening by the river"
    answer = here.submit("accounts.password", {"current": PASSWORD, "password": new, "again": new})
    assert "Your password is changed" in here.follow(answer).flashed
    assert elsewhere.ask("/account").status_code == 303
    assert attempt(app, "kim", PASSWORD).status_code == 422
    assert attempt(app, "kim", new).status_code == 303


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 10 characters"),
        ("nine char", "at least 10 characters"),
        ("password123", "easy to guess"),
        ("PASSWORD123", "easy to guess"),
        ("1234567890", "easy to guess"),
        ("aaaaaaaaaaaaa", "easy to guess"),
        ("abababababab", "easy to guess"),
        (DEMONSTRATION, "easy to guess"),
        ("my name is minji", "must not hold the user name"),
        ("MINJI.KIM-2022", "must not hold the user name"),
        ("x" * 201, "longer than 200"),
    ],
)
def test_weak_passwords_are_refused(lite_app: Flask, make: Maker, password: str, words: str) -> None:
    make.user("minji.kim")
    visitor = Visitor(lite_app, "minji.kim")
    page = visitor.refused("accounts.password", {"current": PASSWORD, "password": password, "again": password})
    assert words in page.summary
    assert attempt(lite_app, "minji.kim", PASSWORD).status_code == 303


def test_a_new_password_needs_the_present_one_twice_the_new_one_and_a_change(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app, "kim")
    new = "another quiet evening"
    for fields, words in (
        ({"current": "wrong", "password": new, "again": new}, "not your present password"),
        ({"current": PASSWORD, "password": new, "again": new + "x"}, "two new passwords differ"),
        ({"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}, "other than the present one"),
    ):
        assert words in visitor.refused("accounts.password", fields).summary


def test_no_page_ever_sends_a_password_back(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app, "kim")
    page = visitor.refused("accounts.password", {"current": "MYSECRET", "password": "MYSECRET", "again": "other"})
    assert "MYSECRET" not in page.html
    assert "MYSECRET" not in attempt(lite_app, "kim", "MYSECRET").get_data(as_text=True)


def found_in(answer: TestResponse) -> str:
    """The one-time password that an answer shows."""
    found = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", answer.get_data(as_text=True))
    assert found is not None
    return found[0]


def one_time(boss: Visitor, user: User) -> str:
    """Reset a password and read the new one off the page."""
    return found_in(boss.submit("people.reset", user_id=user.id))


def test_a_one_time_password_lets_people_do_nothing_but_choose_their_own(app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim", Role.OFFICER)
    before = Visitor(app, "kim")
    password = one_time(Visitor(app, "boss"), user)
    assert before.ask("/account").status_code == 303, "a reset ends every open session"
    assert attempt(app, "kim", PASSWORD).status_code == 422
    visitor = Visitor(app, "kim", password)
    for url in ("/", "/account", "/new-deal/projects", "/new-deal/projects.csv"):
        answer = visitor.ask(url)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/password")
    new = "another quiet evening"
    page = visitor.open("accounts.password")
    assert "one-time password" in page.text
    assert visitor.send(page, {"current": password, "password": new, "again": new}).status_code == 303
    assert visitor.ask("/new-deal/projects").status_code == 200
    assert attempt(app, "kim", password).status_code == 422


def test_a_one_time_password_lasts_three_days(app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        password = one_time(Visitor(app, "boss"), user)
        travel.shift(dt.timedelta(hours=72))
        assert attempt(app, "kim", password).status_code == 303
        travel.shift(dt.timedelta(seconds=1))
        assert attempt(app, "kim", password).status_code == 422


def test_a_one_time_password_is_shown_once(lite_app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    boss = Visitor(lite_app, "boss")
    password = one_time(boss, user)
    assert password not in boss.open("people.show", user_id=user.id).html
    assert password not in boss.open("people.reset", user_id=user.id).html


def test_a_reset_that_is_sent_again_makes_no_other_password(app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    boss = Visitor(app, "boss")
    page = boss.open("people.reset", user_id=user.id)
    password = found_in(boss.send(page))
    again = boss.follow(boss.send(page))
    assert "arrived twice" in again.text
    assert attempt(app, "kim", password).status_code == 303, "what was shown is what counts"
    assert found_in(boss.send(again)) != password, "asked again on purpose, another one is made"


def test_an_invitation_that_is_sent_again_makes_no_other_password(lite_app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(lite_app, "boss")
    page = boss.open("people.invite")
    fields = {"username": "newcomer", "name_ko": "홍길동", "role": "officer"}
    password = found_in(boss.send(page, fields))
    assert "arrived twice" in boss.follow(boss.send(page, fields)).text
    assert attempt(lite_app, "newcomer", password).status_code == 303


def test_a_password_kept_with_weaker_parameters_is_kept_anew_at_the_next_sign_in(
    app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.user("kim")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert attempt(app, "kim", "wrong password").status_code == 422
    assert make.everything(User)[0].password_hash == user.password_hash
    assert attempt(app, "kim", PASSWORD).status_code == 303
    kept = make.everything(User)[0]
    assert "t=2" in kept.password_hash
    assert kept.version == user.version
    assert attempt(app, "kim", PASSWORD).status_code == 303
    assert make.everything(User)[0].password_hash == kept.password_hash


def test_two_passwords_at_most_are_tried_at_once(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    counting = threading.Lock()

    class Slow:
        def verify(self, kept: str, password: str) -> bool:
            nonlocal running, most
            with counting:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.02)
            with counting:
                running -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: passwords.matches("any password", "kept"), range(16)))
    assert most == 2


def test_the_demonstrations_password_is_refused_outside_the_demonstration(app: Flask, make: Maker) -> None:
    make.user("kim", password=DEMONSTRATION)
    assert attempt(app, "kim", DEMONSTRATION).status_code == 422
    with app.app_context():
        db.session.info["scope"] = None
        row = Installation(id=1, demonstration=False, as_of=None, made_at=clock.now())
        db.session.add(row)
        db.session.commit()
        db.session.remove()
    assert attempt(app, "kim", DEMONSTRATION).status_code == 422


def test_the_demonstration_offers_its_accounts_and_nothing_else_does(demo_app: Flask) -> None:
    page = Visitor(demo_app).open("accounts.login")
    assert "officer.yongsan" in page.html
    assert DEMONSTRATION in page.text
    assert Visitor(demo_app, "officer.yongsan", DEMONSTRATION).ask("/").status_code == 200


def test_an_offices_own_sign_in_page_offers_no_account(lite_app: Flask, make: Maker) -> None:
    make.user("secret.name")
    page = Visitor(lite_app).open("accounts.login")
    assert "secret.name" not in page.html
    assert DEMONSTRATION not in page.html


# Where people are sent ----------------------------------------------------------------------------------------------


def is_here(location: str) -> bool:
    """Whether a browser at our site would stay on it."""
    parts = urlsplit(location)
    return (
        not parts.scheme and not parts.netloc and location.startswith("/") and not re.match(r"^/[/\\\t\n\r]", location)
    )


@pytest.mark.parametrize("target", OUTSIDE)
def test_nobody_is_sent_elsewhere_after_signing_in(lite_app: Flask, make: Maker, target: str) -> None:
    make.user("kim")
    visitor = Visitor(lite_app)
    page = visitor.open("accounts.login")
    answer = visitor.ask(
        "/login",
        "POST",
        query_string={"next": target},
        data={**page.form().fields.to_dict(), "username": "kim", "password": PASSWORD},
    )
    assert answer.status_code == 303
    assert is_here(answer.headers["Location"]), answer.headers["Location"]
    assert "Set-Cookie:a" not in str(answer.headers)


@pytest.mark.parametrize("target", OUTSIDE)
def test_nobody_is_sent_elsewhere_after_a_small_choice(lite_app: Flask, target: str) -> None:
    visitor = Visitor(lite_app)
    token = visitor.open("accounts.login").form().fields["csrf_token"]
    data = {"csrf_token": token, "language": "ko", "return": target}
    answer = visitor.ask("/account/language", "POST", data=data)
    assert answer.status_code == 303
    assert is_here(answer.headers["Location"]), answer.headers["Location"]


def test_after_signing_in_people_arrive_where_they_wanted_to_go(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app)
    answer = visitor.ask("/new-deal/projects?category=green&q=%ED%95%9C")
    target = answer.headers["Location"]
    page = visitor.look(target)
    answer = visitor.ask(target, "POST", data={**page.form().fields.to_dict(), "username": "kim", "password": PASSWORD})
    assert answer.status_code == 303
    assert visitor.look(answer.headers["Location"]).url == answer.headers["Location"]
    assert answer.headers["Location"].startswith("/new-deal/projects?category=green&q=")


def test_a_post_of_somebody_signed_out_is_not_repeated_after_signing_in(lite_app: Flask, make: Maker) -> None:
    answer = Visitor(lite_app).ask("/new-deal/projects/new", "POST")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_the_language_chosen_before_signing_in_is_kept_after_it(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    visitor = Visitor(lite_app)
    page = visitor.open("accounts.login")
    form = next(form for form in page.forms if form.action == "/account/language")
    visitor.ask(form.action, "POST", data={**form.fields.to_dict(), "language": "ko"})
    visitor.sign_in("kim")
    assert 'lang="ko"' in visitor.open("accounts.account").html


def test_an_auditor_is_an_auditor_of_everything(lite_app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim", Role.VIEWER)
    page = Visitor(lite_app, "boss").refused("people.grant", {"role": "auditor", "module": "new_deal"}, user_id=user.id)
    assert "give this role for all modules" in page.text
