"""The second factor of a person: an authenticator app that shows codes, and ten recovery codes for its loss.

What is kept of the app's secret is a random seed; the secret is computed from it and the installation's key whenever it
is needed (RFC 4226 section 7.5, "deterministic generation"). A copy of the database alone, such as a backup, therefore
yields no code. Whoever holds the installation's key as well, or runs code on the server, can compute the secrets: a
second factor protects against a stolen password and not against a stolen server. A new installation key makes every
app worthless; ``flask --app app reset-second-factor`` lets each person set up a new one.

Of recovery codes the keyed digests are kept; a code that was used is removed.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

import segno
from flask import current_app
from sqlalchemy import select

from districtops import clock
from districtops.guard import totp
from districtops.guard.identity import SignedIn, close_sessions_of, keep_in_silence, keyed_digest
from districtops.guard.tenancy import across_districts
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import User

ISSUER = "DistrictOps"
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other; ten of them are 49 bits, behind a lock and a key."""


@dataclass(frozen=True)
class Offer:
    """A secret that is not in force yet, as it is shown to be taken into an app."""

    seed: str
    secret: bytes
    username: str

    @property
    def words(self) -> str:
        """The secret in groups of four letters, for typing."""
        text = totp.base32(self.secret)
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

    @property
    def qr_code(self) -> "QrCode":
        """The same as a picture."""
        rows = segno.make_qr(totp.address(self.secret, self.username, ISSUER), error="m").matrix
        dark = [(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module]
        return QrCode(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))


@dataclass(frozen=True)
class QrCode:
    """The dark squares of a QR code as a path of SVG, one unit each; ``size`` is the length of its sides."""

    size: int
    path: str


def offer(person: SignedIn) -> Offer:
    """The secret that a person may set up next: the same at every look within one sign-in, another one after it is
    set up, and kept nowhere before."""
    user = person.user
    seed = keyed_digest(f"next second factor\n{person.key}\n{user.second_factor_seed or ''}")
    return Offer(seed, _secret(seed), user.username)


def set_up(person: SignedIn, offered: Offer, typed: str) -> list[str]:
    """Put the offered secret in force once its first code is right. Every other open sign-in of the person ends.

    Returns the recovery codes, which are shown once. Raises RuleBroken for a code that does not fit.
    """
    step = totp.matching_step(offered.secret, _plain(typed), clock.now())
    if step is None:
        raise RuleBroken(
            _l("This code does not fit. Wait for the next one, and check that the phone's clock is right."), "code"
        )
    user = person.user
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    user.second_factor_seed, user.second_factor_step = offered.seed, step
    user.second_factor_since = clock.now()
    user.recovery_codes = [_digest(user, _plain(code)) for code in codes]
    person.row.passed_second_factor = True
    close_sessions_of(user, but=person.key)
    db.session.flush()
    return codes


def reset(user: User) -> None:
    """Take a person's second factor away, for somebody who lost the phone and the recovery codes. Every open sign-in
    of theirs ends. Raises RuleBroken where there is none."""
    if user.second_factor_seed is None:
        raise RuleBroken(_l("This person has no second factor."))
    user.second_factor_seed = user.second_factor_step = user.second_factor_since = user.recovery_codes = None
    close_sessions_of(user)
    db.session.flush()


def accepts(person: SignedIn, typed: str) -> bool:
    """Whether this is the code of the person's app now, or one of their recovery codes. Either works once."""
    user = db.session.execute(
        # Locked, so that two requests cannot use one code.
        select(User).where(User.id == person.user.id).with_for_update(of=User),
        execution_options={**across_districts("sign-in: the person is not let in yet"), "populate_existing": True},
    ).scalar_one()
    plain = _plain(typed)
    if user.second_factor_seed is None:
        return False
    if len(plain) == totp.DIGITS and plain.isascii() and plain.isdigit():
        step = totp.matching_step(_secret(user.second_factor_seed), plain, clock.now(), user.second_factor_step)
        if step is not None:
            keep_in_silence(user, second_factor_step=step)
        return step is not None
    digest = _digest(user, plain)
    left = [kept for kept in user.recovery_codes or [] if not hmac.compare_digest(kept, digest)]
    if len(left) == len(user.recovery_codes or []):
        return False
    # Recorded as a change of the person, by the person: from here on they are let in.
    db.session().info["scope"] = person.scope
    user.recovery_codes = left
    db.session.flush()
    return True


def _secret(seed: str) -> bytes:
    # SHA-512: what ``keyed_digest`` makes, with the same key, of a name that somebody types can never be a secret.
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"second factor\n{seed}".encode(), hashlib.sha512).digest()[: totp.SECRET_BYTES]


def _digest(user: User, plain: str) -> str:
    return keyed_digest(f"recovery code\n{user.id}\n{plain}")


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2))


def _plain(typed: str) -> str:
    """What was typed as it is compared: full-width digits are digits, blanks and hyphens do not count."""
    normal = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(letter for letter in normal if not letter.isspace() and letter != "-")
