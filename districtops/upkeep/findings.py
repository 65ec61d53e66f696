"""What can be wrong with an installation: numbered, each with why it matters and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is. An error must be mended before the office works with the installation."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A thing that can be wrong. ``stops`` says that the server does not start with it: it would lose or leak data."""

    number: str
    level: Level
    why: str
    do: str
    stops: bool = False


@dataclass(frozen=True)
class Finding:
    """A thing that is wrong here; ``what`` names the file, the value or the role."""

    kind: Kind
    what: str

    def __str__(self) -> str:
        return f"{self.kind.number} {self.kind.level}: {self.what}"

    @property
    def explained(self) -> str:
        """What is wrong, why it matters and what to do, over three lines."""
        return f"{self}\n      Why: {self.kind.why}\n      Do:  {self.kind.do}"


E, W, N = Level.ERROR, Level.WARNING, Level.NOTE

DEBUG = Kind(
    number="DO001",
    level=E,
    stops=True,
    why="A page that fails shows code and values to whoever asks, and lets them run code.",
    do="Start without --debug and without FLASK_DEBUG.",
)
WEAK_SECRET = Kind(
    number="DO002",
    level=E,
    stops=True,
    why="Whoever guesses the key signs in as anybody.",
    do="Remove the setting, and a key is made; or set 32 or more random characters.",
)
OPEN_KEY = Kind(
    number="DO003",
    level=E,
    stops=True,
    why="Every account of this machine can read the key and with it sign in as anybody.",
    do="chmod 600 the file, and make a new key if others have worked on this machine.",
)
NO_HOSTS = Kind(
    number="DO004",
    level=W,
    why="The server answers under any name, so a link that it writes can be made to lead elsewhere.",
    do="Set DISTRICTOPS_HOSTS to the names under which the office opens it.",
)
NO_HTTPS = Kind(
    number="DO005",
    level=W,
    why="Passwords and personal data cross the network readable for everybody on the way.",
    do="Put a proxy with https in front and set DISTRICTOPS_PROXIES=1.",
)
PINNED_DAY = Kind(
    number="DO006",
    level=W,
    why="What is due and what is late is told for another day.",
    do="Remove DISTRICTOPS_TODAY.",
)
OLD_SQLITE = Kind(
    number="DO010",
    level=E,
    stops=True,
    why="Before 3.51.3 two connections that write at once can corrupt a database in WAL mode.",
    do="Install the package pysqlite3, or use PostgreSQL.",
)
PRAGMA = Kind(
    number="DO011",
    level=E,
    stops=True,
    why="A power cut could lose what was acknowledged, or deleted values could be read in the file.",
    do="Use the database through the product alone; report it if it stays.",
)
NETWORK_SHARE = Kind(
    number="DO012",
    level=E,
    stops=True,
    why="SQLite's locks do not hold on a network share: the database is corrupted sooner or later.",
    do="Move the database to a local disk, or use PostgreSQL.",
)
OTHERS_WRITE = Kind(
    number="DO013",
    level=E,
    why="Other accounts of this machine can alter the data behind the product's back.",
    do="chmod o-rwx the folder and the database.",
)
OTHERS_READ = Kind(
    number="DO014",
    level=W,
    why="Other accounts of this machine can read personal data.",
    do="chmod 700 the folder that the database lies in.",
)
DAMAGED = Kind(
    number="DO015",
    level=E,
    stops=True,
    why="Working on spreads the damage, and backups would carry it.",
    do="Stop the server, keep the file, restore the newest backup into another place.",
)
SHARED_FILE = Kind(
    number="DO016",
    level=W,
    why="One server serves one SQLite database; a second one doubles waiting and can outrun the first.",
    do="Stop the other process, or use PostgreSQL.",
)
OLD_SCHEMA = Kind(
    number="DO020",
    level=E,
    why="The tables are not those that this version of the product works with.",
    do="Back up, then start the server: it migrates the tables.",
)
NEWER_SCHEMA = Kind(
    number="DO021",
    level=E,
    stops=True,
    why="A newer version of the product made these tables; this one would write wrong rows into them.",
    do="Start the newer version.",
)
NOT_SET_UP = Kind(
    number="DO022",
    level=E,
    why="There are no tables, so nobody can work.",
    do="flask --app app setup",
)
DEMONSTRATION = Kind(
    number="DO023",
    level=W,
    why="Its accounts and their password stand on the sign-in page.",
    do="Keep no data of the office in it; set up an installation of its own.",
)
DEMONSTRATION_PASSWORD = Kind(
    number="DO024",
    level=W,
    why="The password of the demonstration stands in the handbook.",
    do="Let an administrator give these people one-time passwords.",
)
NO_ADMINISTRATOR = Kind(
    number="DO025",
    level=E,
    why="Nobody can invite people, take roles back or close accounts.",
    do="flask --app app setup --district …",
)
SUPERUSER = Kind(
    number="DO030",
    level=E,
    stops=True,
    why="PostgreSQL keeps nothing from such a role: districts are no longer kept apart by the database.",
    do="Make a role with LOGIN alone and name it in DISTRICTOPS_DATABASE_URL.",
)
NOT_UTF8 = Kind(
    number="DO031",
    level=E,
    why="Korean text cannot be stored as it is written.",
    do="Make the database with createdb --encoding=UTF8, and restore a backup into it.",
)
OWNS_TABLES = Kind(
    number="DO032",
    level=W,
    why="An owner can switch off the rules that keep districts apart and the record of changes whole.",
    do="Let another role own the tables and grant this one SELECT, INSERT, UPDATE and DELETE.",
)
DISK_FULL = Kind(
    number="DO040",
    level=W,
    why="On a full disk nothing can be saved and no backup be made.",
    do="Make room, or move the data to a larger disk.",
)
NO_BACKUP = Kind(
    number="DO041",
    level=W,
    why="After the loss of this machine nothing would be left.",
    do="flask --app app backup, every day by cron, to another disk (DISTRICTOPS_BACKUP_FOLDER).",
)
OLD_BACKUP = Kind(
    number="DO042",
    level=W,
    why="What was entered since would be lost with this machine.",
    do="See why cron made none, and run flask --app app backup.",
)
BACKUP_BESIDE = Kind(
    number="DO046",
    level=W,
    why="One broken disk takes both, and whoever alters the data can alter the ends of the record of changes, too.",
    do="Set DISTRICTOPS_BACKUP_FOLDER to another disk, or carry the backups to another machine.",
)
NO_DRILL = Kind(
    number="DO043",
    level=W,
    why="A backup that nobody has restored is a hope.",
    do="flask --app app restore-drill, once a month by cron.",
)
FAILED_DRILL = Kind(
    number="DO044",
    level=E,
    why="The newest backup could not be restored.",
    do="Read what the drill says, make a new backup, and run flask --app app restore-drill again.",
)
OLD_DRILL = Kind(
    number="DO045",
    level=W,
    why="Much has changed since a backup was last restored.",
    do="flask --app app restore-drill, once a month by cron.",
)
UNCHECKED = Kind(
    number="DO050",
    level=N,
    why="What cannot be looked at may be wrong.",
    do="Run the check as the account that runs the server, with the database reachable.",
)

KINDS: Sequence[Kind] = sorted(
    (value for value in globals().values() if isinstance(value, Kind)), key=lambda kind: kind.number
)
"""Every kind, in the order of their numbers."""
