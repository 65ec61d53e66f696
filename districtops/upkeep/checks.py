"""The checks of a deployment: each looks at the facts and yields what is wrong."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from districtops.kit.db import OLDEST_SQLITE
from districtops.upkeep import findings as kinds
from districtops.upkeep.facts import Facts, PostgresFacts
from districtops.upkeep.findings import Finding

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "secure_delete": "1",
    "trusted_schema": "0",
    "busy_timeout": "10000",
}
"""What every connection to SQLite must say."""

NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs", "fuse.sshfs", "fuse.s3fs")
"""How the kinds of file systems begin that lie on another machine."""

DEFAULT_SECRETS = ("change", "secret", "default", "example", "password", "insecure", "development", "django-insecure")
"""How keys begin that were meant to be replaced."""

SHORTEST_SECRET = 32
LEAST_BITS = 100
LEAST_FREE, LEAST_SHARE = 1 << 30, 0.05
OLDEST_BACKUP, OLDEST_DRILL = dt.timedelta(days=2), dt.timedelta(days=90)

Findings = Iterator[Finding]


def debug(facts: Facts, _now: dt.datetime) -> Findings:
    """Debugging is off."""
    if facts.debug:
        yield Finding(kinds.DEBUG, "Debugging is on.")


def bits(secret: str) -> int:
    """How many bits a text holds at most, judged by how often each of its characters stands in it."""
    counts = Counter(secret).values()
    return int(-sum(count * math.log2(count / len(secret)) for count in counts)) if secret else 0


def secret(facts: Facts, _now: dt.datetime) -> Findings:
    """The key that signs cookies cannot be guessed."""
    key = facts.secret
    if len(key) < SHORTEST_SECRET:
        yield Finding(kinds.WEAK_SECRET, f"The secret key has {len(key)} characters; {SHORTEST_SECRET} are needed.")
    elif key.casefold().startswith(DEFAULT_SECRETS):
        yield Finding(kinds.WEAK_SECRET, "The secret key is one that was meant to be replaced.")
    elif bits(key) < LEAST_BITS:
        yield Finding(kinds.WEAK_SECRET, "The secret key repeats itself: it is not random.")


def key_files(facts: Facts, _now: dt.datetime) -> Findings:
    """Key files are the server's account's alone."""
    for file in facts.keys:
        if file.mode & 0o077:
            yield Finding(kinds.OPEN_KEY, f"Others may open {file.path} (mode {file.mode:o}).")


def network(facts: Facts, _now: dt.datetime) -> Findings:
    """The server knows its names and stands behind https."""
    if not facts.hosts:
        yield Finding(kinds.NO_HOSTS, "DISTRICTOPS_HOSTS is not set.")
    if not facts.proxies:
        yield Finding(kinds.NO_HTTPS, "No proxy stands in front, so there is no https (DISTRICTOPS_PROXIES=0).")


def day(facts: Facts, _now: dt.datetime) -> Findings:
    """An office's own installation shows today."""
    if facts.pinned_day and not (facts.office and facts.office.demonstration):
        yield Finding(kinds.PINNED_DAY, f"Every page shows {facts.pinned_day} as today.")


def sqlite(facts: Facts, _now: dt.datetime) -> Findings:
    """SQLite is new enough, set as it should be, whole, and on a disk of this machine."""
    found = facts.sqlite
    if found is None:
        return
    if found.version < OLDEST_SQLITE and found.pragmas.get("journal_mode", "wal") == "wal":
        yield Finding(kinds.OLD_SQLITE, f"SQLite is {'.'.join(map(str, found.version))}.")
    for name, wanted in PRAGMAS.items():
        if found.pragmas and found.pragmas.get(name) != wanted:
            yield Finding(kinds.PRAGMA, f"PRAGMA {name} is {found.pragmas.get(name)} and should be {wanted}.")
    if found.file_system.startswith(NETWORK):
        yield Finding(kinds.NETWORK_SHARE, f"{found.path} lies on a network share ({found.file_system}).")
    if found.damage:
        yield Finding(kinds.DAMAGED, f"{found.path} is damaged: {found.damage}")
    if len(found.others) > 1:
        yield Finding(kinds.SHARED_FILE, f"Processes {', '.join(map(str, found.others))} have the database open.")


def places(facts: Facts, _now: dt.datetime) -> Findings:
    """Other accounts of the machine get at neither the folder nor the database."""
    for place in facts.places:
        if any(above.path in place.path.parents and not above.mode & 0o001 for above in facts.places):
            continue  # Nobody else can even get there.
        if place.mode & 0o002:
            yield Finding(kinds.OTHERS_WRITE, f"Other accounts may write {place.path} (mode {place.mode:o}).")
        elif place.mode & 0o004 and facts.sqlite and place.path == facts.sqlite.path:
            yield Finding(kinds.OTHERS_READ, f"Other accounts may read {place.path} (mode {place.mode:o}).")


def schema(facts: Facts, _now: dt.datetime) -> Findings:
    """The tables are those of this version."""
    if not facts.schema:
        if not facts.unseen:
            yield Finding(kinds.NOT_SET_UP, "The database has no tables.")
    elif facts.schema not in facts.known:
        yield Finding(kinds.NEWER_SCHEMA, f"The tables have the revision {facts.schema}, unknown to this version.")
    elif facts.schema != facts.head:
        yield Finding(kinds.OLD_SCHEMA, f"The tables have the revision {facts.schema}; this version has {facts.head}.")


def office(facts: Facts, _now: dt.datetime) -> Findings:
    """The installation is an office's own, and somebody administers it."""
    found = facts.office
    if found is None:
        return
    if found.demonstration:
        yield Finding(kinds.DEMONSTRATION, "The database holds the demonstration.")
    if found.known_passwords:
        names = ", ".join(found.known_passwords)
        yield Finding(kinds.DEMONSTRATION_PASSWORD, f"The demonstration's password is that of {names}.")
    if not found.administrators:
        yield Finding(kinds.NO_ADMINISTRATOR, "No district has an administrator who may sign in.")


def postgres_role(found: PostgresFacts) -> Findings:
    """PostgreSQL's own rules hold for the role that the product works as."""
    if found.superuser or found.bypasses_rls:
        right = "is a superuser" if found.superuser else "has BYPASSRLS"
        yield Finding(kinds.SUPERUSER, f"The role {found.role} {right}.")
    if found.owned:
        yield Finding(kinds.OWNS_TABLES, f"The role {found.role} owns {found.owned} tables.")


def postgres(facts: Facts, _now: dt.datetime) -> Findings:
    """PostgreSQL keeps Korean text, and keeps districts apart."""
    if facts.postgres is not None:
        yield from postgres_role(facts.postgres)
        if facts.postgres.encoding != "UTF8":
            yield Finding(kinds.NOT_UTF8, f"The database is encoded in {facts.postgres.encoding}.")


def disk(facts: Facts, _now: dt.datetime) -> Findings:
    """There is room for more."""
    if facts.free < LEAST_FREE or facts.free < facts.total * LEAST_SHARE:
        yield Finding(kinds.DISK_FULL, f"The disk has {facts.free / (1 << 30):.1f} GiB left.")


def backup(facts: Facts, now: dt.datetime) -> Findings:
    """There is a backup, and it is not old."""
    if facts.backup_at is None:
        yield Finding(kinds.NO_BACKUP, f"There is no backup in {facts.backup_folder}.")
    elif (age := now - facts.backup_at) > OLDEST_BACKUP:
        yield Finding(kinds.OLD_BACKUP, f"The newest backup is {age.days} days old.")
    if facts.backup_beside:
        yield Finding(kinds.BACKUP_BESIDE, f"The backups in {facts.backup_folder} lie on the disk of the data.")


def drill(facts: Facts, now: dt.datetime) -> Findings:
    """A backup was restored not long ago."""
    found = facts.office
    if found is None:
        return
    if found.drill_at is None:
        yield Finding(kinds.NO_DRILL, "No restore drill was ever made.")
    elif not found.drill_ok:
        yield Finding(kinds.FAILED_DRILL, f"The last restore drill failed: {found.drill_words}")
    elif (age := now - found.drill_at) > OLDEST_DRILL:
        yield Finding(kinds.OLD_DRILL, f"The last restore drill was {age.days} days ago.")


def unseen(facts: Facts, _now: dt.datetime) -> Findings:
    """Everything could be looked at."""
    for words in facts.unseen:
        yield Finding(kinds.UNCHECKED, words)


CHECKS: Sequence[Callable[[Facts, dt.datetime], Findings]] = (
    debug,
    secret,
    key_files,
    network,
    day,
    sqlite,
    places,
    schema,
    office,
    postgres,
    disk,
    backup,
    drill,
    unseen,
)


def judged(facts: Facts, now: dt.datetime) -> list[Finding]:
    """Everything that is wrong, by number."""
    found = [finding for check in CHECKS for finding in check(facts, now)]
    return sorted(found, key=lambda finding: finding.kind.number)
