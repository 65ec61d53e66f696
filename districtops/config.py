"""Settings and their defaults. Each is read from a ``DISTRICTOPS_*`` variable once, when the application is made."""

import contextlib
import datetime as dt
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MEBIBYTE = 1024 * 1024


class BadSetting(Exception):
    """A setting that cannot be used. The message names the variable and says what would be right."""


def settings(instance: Path, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The Flask configuration for an installation that keeps its data in ``instance``.

    Raises BadSetting for a value that cannot be used.
    """
    env = os.environ if environ is None else environ
    database = env.get("DISTRICTOPS_DATABASE_URL") or f"sqlite:///{instance / 'districtops.sqlite3'}"
    return {
        "SQLALCHEMY_DATABASE_URI": database,
        "OWNER_DATABASE_URI": env.get("DISTRICTOPS_OWNER_DATABASE_URL") or None,
        "SECRET_KEY": env.get("DISTRICTOPS_SECRET_KEY") or _kept_secret(instance, "secret_key"),
        # The last key signs the record of changes, all of them verify it: a new line in the file is a new key.
        "AUDIT_KEYS": tuple((env.get("DISTRICTOPS_AUDIT_KEYS") or _kept_secret(instance, "audit_keys")).split()),
        "TODAY": _day(env.get("DISTRICTOPS_TODAY")),
        "PROXIES": _number(env, "DISTRICTOPS_PROXIES", 0),
        "TRUSTED_HOSTS": [h for h in env.get("DISTRICTOPS_HOSTS", "").split(",") if h] or None,
        "BACKUP_FOLDER": env.get("DISTRICTOPS_BACKUP_FOLDER") or str(instance / "backups"),
        "PG_BIN": env.get("DISTRICTOPS_PG_BIN") or None,
        "IDLE_MINUTES": _number(env, "DISTRICTOPS_IDLE_MINUTES", 30),
        "SESSION_HOURS": _number(env, "DISTRICTOPS_SESSION_HOURS", 10),
        "SECOND_FACTOR": _choice(env, "DISTRICTOPS_SECOND_FACTOR", ("off", "administrators", "everybody")),
        # A form of this product is a few kilobytes; a view that takes files raises the limit for itself.
        "MAX_CONTENT_LENGTH": MEBIBYTE,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 400,
        "FILES_FOLDER": Path(env.get("DISTRICTOPS_FILES_FOLDER") or instance / "files"),
        "FILES_PER_PROGRAM": _number(env, "DISTRICTOPS_FILES_PER_PROGRAM", 200) * MEBIBYTE,
        "FILES_PER_DISTRICT": _number(env, "DISTRICTOPS_FILES_PER_DISTRICT", 2048) * MEBIBYTE,
        "SESSION_COOKIE_NAME": "districtops",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The form token lives as long as the session; a form left open over lunch must still save.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
    }


def _kept_secret(instance: Path, name: str) -> str:
    """The key in ``instance/<name>``; made, readable by its owner alone, when it is not there."""
    path = instance / name
    try:
        key = path.read_text("ascii").strip()
    except FileNotFoundError:
        instance.mkdir(parents=True, exist_ok=True)
        # Whole under another name first: a second process must not read half a key.
        own = path.with_name(f".{name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
        return _kept_secret(instance, name)
    if any(len(line) < 32 for line in key.split() or [""]):
        raise BadSetting(f"A key in {path.name} is too short. Put the file back, or remove it, and a new one is made.")
    return key


def _day(text: str | None) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadSetting(f"DISTRICTOPS_TODAY is {text!r}; write a day such as 2022-01-25.") from error


def _choice(env: Mapping[str, str], name: str, offered: tuple[str, ...]) -> str:
    text = env.get(name) or offered[0]
    if text not in offered:
        raise BadSetting(f"{name} is {text!r}; write one of {', '.join(offered)}.")
    return text


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise BadSetting(f"{name} is {text!r}; write a whole number.")
    return int(text)
