"""Codes that an authenticator app shows: TOTP with SHA-1, 30 seconds and six digits, which every app knows.

Pure functions: the caller brings the secret and the time and remembers the last step that was used.

Sources: RFC 6238 (TOTP), RFC 4226 section 5.3 (a code from a counter), RFC 4648 (base32), and for the address in the QR
code the key URI format that authenticator apps share.
"""

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
TOLERANCE = 1
"""Steps before and after the present one whose code is taken too: RFC 6238 section 5.2 advises one at most."""
SECRET_BYTES = 20
"""The length that RFC 4226 section 4 recommends."""


def code(secret: bytes, step: int) -> str:
    """The six digits of one step."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_at(moment: dt.datetime) -> int:
    """The number of the step in which a moment lies. ``moment`` is aware."""
    return int(moment.timestamp()) // SECONDS


def matching_step(secret: bytes, typed: str, moment: dt.datetime, used: int | None = None) -> int | None:
    """The step whose code was typed, or None. A step up to ``used`` is taken no more, so that a code that somebody
    looked over a shoulder is worth nothing once it was sent (RFC 6238 section 5.2)."""
    present = step_at(moment)
    found = None
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        # Every step is compared, so that the time taken does not tell which one fits.
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()) and (used is None or step > used):
            found = step
    return found


def base32(secret: bytes) -> str:
    """The secret as it is typed into an app, without the padding that apps do not expect."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, account: str, issuer: str) -> str:
    """The ``otpauth`` address that an app reads from a QR code."""
    query = urlencode({"secret": base32(secret), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}&period={SECONDS}"
