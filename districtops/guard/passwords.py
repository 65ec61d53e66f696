"""Passwords: argon2id, what is refused, and attempts that are counted without telling which names exist.

Attempts are counted by name and not by address: a whole office shares one address, so that one forgetful colleague, or
a stranger in the lobby, would slow down everybody; and an answer that waits holds one of the server's few threads. What
slows down somebody who tries many names are the two verifications that run at once.
"""

import datetime as dt
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from districtops import clock
from districtops.guard.identity import keyed_digest
from districtops.kit.db import db, writing
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import FailedSignIn

DEMONSTRATION = "districtops-demo"
SHORTEST, LONGEST = 10, 200
ATTEMPTS = 5
LONGEST_LOCK = dt.timedelta(minutes=15)
FORGET_AFTER = dt.timedelta(days=1)

COMMON = frozenset(
    [
        "password123",
        "1234567890",
        "12345678910",
        "0123456789",
        "qwertyuiop",
        "qwerty12345",
        "administrator",
        "password1234",
        "abcd123456",
        "korea123456",
        "seoul123456",
        "welcome123",
        "letmein123",
        "iloveyou123",
        "districtops",
    ]
)

# OWASP's floor for argon2id; at most two verifications at once, each takes 19 MiB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = threading.BoundedSemaphore(2)
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _turns:
        return _hasher.hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept. Takes the same time for a name that does not exist (``kept`` None)."""
    if len(password) > LONGEST:
        password = ""
    with _turns:
        try:
            right = _hasher.verify(kept or _NOBODY, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether what is kept of a password was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(kept)


def one_time() -> str:
    """A random password to hand over once, without letters that are mistaken for each other."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def refuse_weak(password: str, username: str) -> None:
    """Raises RuleBroken for a password that is short, common, made of the name, or the demonstration's."""
    plain = _normal(password).casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise RuleBroken(_l("A password has at least 10 characters."), "password")
    if plain in COMMON or plain == DEMONSTRATION or len(set(plain)) < 5:
        raise RuleBroken(_l("This password is easy to guess. Choose another one."), "password")
    if any(len(part) > 3 and part in plain for part in [username.casefold(), *username.casefold().split(".")]):
        raise RuleBroken(_l("The password must not hold the user name."), "password")


def normal_name(username: str) -> str:
    """A user name as it is compared: spelling variants are one name."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def is_locked(username: str) -> bool:
    """Whether this name, known or not, was tried too often lately."""
    found = db.session.execute(
        select(FailedSignIn).where(FailedSignIn.digest == keyed_digest(normal_name(username)))
    ).scalar_one_or_none()
    return found is not None and found.locked_until is not None and found.locked_until > clock.now()


def count_failure(username: str) -> None:
    """Note a vain attempt, in a transaction of its own: the refusal rolls the request back.

    From the fifth on the name is locked for one minute, then two, four … at most fifteen. While it is locked only
    ``since_success`` grows: nobody can keep a colleague locked out by trying.
    """
    # The request's own transaction holds SQLite's one writer's place and has nothing to keep, so it ends first. What
    # was loaded in it stays readable: the page that follows is shown in the person's language.
    db.session.expunge_all()
    db.session.rollback()
    token = writing.set(True)
    try:
        digest, moment = keyed_digest(normal_name(username)), clock.now()
        try:
            _count(digest, moment)
            db.session.commit()
        except IntegrityError:
            # Somebody tried the same name for the first time at this very moment; now the row is there.
            db.session.rollback()
            _count(digest, moment)
            db.session.commit()
    finally:
        writing.reset(token)


def forget_failures(username: str) -> int:
    """A sign-in that succeeded ends the count. Returns how many attempts failed since the one before."""
    found = db.session.execute(
        select(FailedSignIn).where(FailedSignIn.digest == keyed_digest(normal_name(username)))
    ).scalar_one_or_none()
    if found is None:
        return 0
    db.session.delete(found)
    return found.since_success


def _count(digest: str, moment: dt.datetime) -> None:
    found = db.session.execute(
        select(FailedSignIn).where(FailedSignIn.digest == digest).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        found = FailedSignIn(digest=digest, failures=0, since_success=0, last_at=moment)
        db.session.add(found)
    found.since_success += 1
    if found.locked_until is not None and found.locked_until > moment:
        return
    if moment - found.last_at > FORGET_AFTER:
        found.failures = 0
    found.failures += 1
    found.last_at = moment
    if found.failures >= ATTEMPTS:
        minutes = 2 ** min(found.failures - ATTEMPTS, 4)
        found.locked_until = moment + min(dt.timedelta(minutes=minutes), LONGEST_LOCK)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
