"""Makes a fresh checkout ready to run: Python packages, style and fonts, translations.

Run by path (`python3 districtops/setup/environment.py run`) before anything is installed, so it uses the standard
library alone, and its syntax stays readable to the old Pythons that it has to turn away.
"""

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

OLDEST_PIP = (22, 3)  # The first with --python.
OLDEST_NPM = (9,)  # Older ones overlook settings of the project's .npmrc.

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have any Python
    names = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    newer = [name for name in names if not subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL)]
    sys.exit(
        f"DistrictOps needs Python 3.11 or newer, and this is {sys.version_info[0]}.{sys.version_info[1]}: "
        + (f"run the command again with PYTHON={newer[0]} behind it." if newer else "install a newer one first.")
    )

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "setup.log"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "districtops" / "static" / "vendor"
TRANSLATIONS = ROOT / "districtops" / "translations"

TOOLS_LOCK = ROOT / "requirements-tools.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
NPM_FILES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")

# What a caller's shell may say about other projects. Addresses, certificates and caches are kept.
FOREIGN = {
    *("CONDA_PREFIX", "NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "VIRTUAL_ENV"),
    *("PIP_CONSTRAINT", "PIP_NO_BINARY", "PIP_PREFIX", "PIP_PYTHON", "PIP_REQUIREMENT", "PIP_REQUIRE_VIRTUALENV"),
    *("PIP_ROOT", "PIP_TARGET", "PIP_USER", "UV_CONSTRAINT", "UV_EXCLUDE_NEWER", "UV_NO_BINARY", "UV_OVERRIDE"),
    *("UV_PREFIX", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET"),
}

NETWORK = "check the network connection, then run the command again"


class SetupError(Exception):
    """Why the set-up stopped and what to do, in one sentence."""


def environment(**extra: str) -> dict[str, str]:
    """Our own environment variables without those meant for other projects."""
    kept = {key: value for key, value in os.environ.items() if key not in FOREIGN and not key.startswith("PYTHON")}
    return {**kept, "PYTHONUTF8": "1", **extra}


def answer(*command: str) -> str:
    """What a tool prints when asked something; nothing when it is absent or broken."""
    try:
        done = subprocess.run(
            command, env=environment(), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.decode("utf-8", "replace").strip()


def version(said: str) -> tuple[int, ...]:
    """The version number in `pip 23.2.1 from …`, `Python 3.11.7` or `11.19.1`."""
    number = next((word for word in said.split() if word[0].isdigit()), "")
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def digest(*files: Path) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def write(file: Path, text: str) -> None:
    """All or nothing: an interruption leaves the old file."""
    unfinished = file.with_name(file.name + ".new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


class Setup:
    """The steps, each skipped when its stamp says that the same inputs were worked through here before."""

    def __init__(self, profile: str) -> None:
        self.log_is_new = True
        self.stamps = self.read_stamps()
        # Once the test packages are here `run` keeps them, else either command would undo the other's work.
        self.profile = "test" if self.stamps.get("packages", "").startswith("test ") else profile
        self.steps: list[tuple[str, Callable[[], bool]]] = [
            ("Python environment", self.python_environment),
            ("Python packages", self.python_packages),
            ("Front-end packages", self.front_end_packages),
            ("Style sheets, fonts and icons", self.static_files),
            ("Translations", self.translations),
        ]

    def __call__(self) -> None:
        for number, (title, step) in enumerate(self.steps, start=1):
            self.title = f"[{number}/{len(self.steps)}] {title} … "
            started = time.monotonic()
            print(self.title, end="", flush=True)
            try:
                changed = step()
            except BaseException:
                print(f"stopped after {time.monotonic() - started:.1f} s", flush=True)
                raise
            print(f"{time.monotonic() - started:.1f} s" if changed else "up to date", flush=True)

    # Stamps

    def read_stamps(self) -> dict[str, str]:
        try:
            return dict(json.loads(read(VENV / "setup.json")))
        except ValueError:
            return {}

    def stamp(self, step: str, value: str) -> None:
        self.stamps[step] = value
        write(VENV / "setup.json", json.dumps(self.stamps, indent=1) + "\n")

    @contextmanager
    def stamping(self, step: str, value: str) -> Iterator[None]:
        """A step that was cut off stays "unfinished"; one whose tool gave up is "failed"."""
        self.stamp(step, "unfinished")
        try:
            yield
        except SetupError:
            self.stamp(step, "failed")
            raise
        self.stamp(step, value)

    # Tools

    def call(self, command: Sequence[str | Path], *, failure: str, **extra: str) -> None:
        """Runs a tool, its words going to the log; a failure stops the set-up with the given sentence."""
        mode = "w" if self.log_is_new else "a"
        self.log_is_new = False
        with LOG.open(mode, encoding="utf-8") as log:
            print("$", *command, file=log, flush=True)
            tool = subprocess.Popen(
                command, cwd=ROOT, env=environment(**extra), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            try:
                self.wait(tool)
            except KeyboardInterrupt:
                # The tool got the signal, too. A second run must not meet it while it tidies up.
                tool.wait()
                raise
        if tool.returncode:
            raise SetupError(failure)

    def wait(self, tool: "subprocess.Popen[bytes]") -> None:
        """Shows a person, not a log, how long it has been."""
        started = time.monotonic()
        while tool.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                tool.wait(timeout=1)
            if sys.stdout.isatty():
                print(f"\r{self.title}{time.monotonic() - started:.0f} s", end="", flush=True)
        if sys.stdout.isatty():
            print(f"\r{self.title}{' ' * 6}\r{self.title}", end="", flush=True)

    def pip(self, base: str) -> list[str | Path]:
        """A pip that can install into .venv, which has none of its own because making one takes long."""
        for python in (base, sys.executable):
            if version(answer(python, "-m", "pip", "--version")) >= OLDEST_PIP:
                return [python, "-m", "pip", "--python", PYTHON]
        missing = f"pip is missing from {base}: install it (on Debian and Ubuntu: apt install python3-pip)."
        self.call([PYTHON, "-m", "ensurepip"], failure=missing)
        return [PYTHON, "-m", "pip"]

    def uv(self, *arguments: str | Path, failure: str) -> None:
        """uv does not read pip's settings; a mirror or certificate set for pip is meant for every Python package."""
        settings = {}
        for option, ours in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
            said = os.environ.get("PIP_" + option.replace("-", "_").upper()) or answer(
                *(sys.executable, "-m", "pip", "config", "get", f"global.{option}")
            )
            if said and ours not in os.environ:
                settings[ours] = said
        self.call([VENV / "bin" / "uv", "pip", *arguments], failure=failure, **settings)

    # Steps: each says whether it had anything to do.

    def python_environment(self) -> bool:
        """A virtual environment with uv in it, which installs the rest."""
        here = f"{sys.version_info[0]}.{sys.version_info[1]} in {ROOT}"
        wanted = f"{digest(TOOLS_LOCK)} for {here}"
        known = self.stamps.get("environment", "")
        cut_off = "unfinished" in (known, self.stamps.get("packages"))
        if known == wanted and not cut_off and PYTHON.exists():
            return False
        base = getattr(sys, "_base_executable", "") or sys.executable
        moved = " for " in known and not known.endswith(f" for {here}")
        usable = version(answer(str(PYTHON), "--version"))[:2] == sys.version_info[:2]
        VENV.mkdir(exist_ok=True)
        if moved or cut_off or not usable:
            for entry in VENV.iterdir():
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()
            self.stamps = {}
            self.call(
                [base, "-m", "venv", "--without-pip", VENV],
                failure=f"{base} could not make a virtual environment: install its venv module.",
            )
        with self.stamping("environment", wanted):
            locked: list[str | Path] = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", TOOLS_LOCK]
            self.call(
                [*self.pip(base), "install", "--no-input", "--disable-pip-version-check", *locked],
                failure=f"uv, which installs the Python packages, could not be fetched: {NETWORK}.",
            )
        return True

    def python_packages(self) -> bool:
        """Exactly the locked packages: what the lock no longer names is removed."""
        lock = LOCKS[self.profile]
        wanted = f"{self.profile} {digest(TOOLS_LOCK, lock)}"
        known = self.stamps.get("packages")
        if known == wanted:
            return False
        # uv takes packages that a failure left half-written for whole ones.
        repair: list[str | Path] = ["--reinstall"] if known == "failed" else []
        with self.stamping("packages", wanted):
            self.uv(
                *("sync", "--python", PYTHON, "--require-hashes", *repair, TOOLS_LOCK, lock),
                failure=f"The Python packages could not be installed: {NETWORK}.",
            )
        return True

    def front_end_packages(self) -> bool:
        """node_modules, which serve only to build the static files."""
        done = NODE_MODULES / ".districtops-stamp"
        wanted = digest(*NPM_FILES)
        if self.static_files_are_current() or read(done) == wanted:
            return False
        # npm stumbles over what an interrupted npm left.
        if NODE_MODULES.exists():
            shutil.rmtree(NODE_MODULES)
        npm = shutil.which("npm")
        path = os.environ.get("PATH", os.defpath)
        if not npm or version(answer(npm, "--version")) < OLDEST_NPM:
            self.uv(
                *("install", "--python", PYTHON, "--require-hashes", "-r", NODE_LOCK),
                failure=f"npm is not on this machine and could not be fetched as a Python package: {NETWORK}.",
            )
            npm = str(VENV / "bin" / "npm")
            path = f"{VENV / 'bin'}{os.pathsep}{path}"
        self.call(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            failure=f"The style, fonts and icons could not be fetched with npm: {NETWORK}.",
            PATH=path,
        )
        write(done, wanted)
        return True

    def static_files(self) -> bool:
        if self.static_files_are_current():
            return False
        with self.stamping("static", self.static_inputs()):
            self.call(
                [sys.executable, "-I", HERE / "assets.py"],
                failure="The style, fonts and icons could not be built: "
                "remove the folder node_modules, then run the command again.",
            )
        return True

    def static_inputs(self) -> str:
        return digest(*NPM_FILES, HERE / "assets.py")

    def static_files_are_current(self) -> bool:
        if self.stamps.get("static") != self.static_inputs():
            return False
        try:
            manifest = json.loads(read(VENDOR / "manifest.json"))
            return all(
                hashlib.sha256((VENDOR / name).read_bytes()).hexdigest().startswith(sha)
                for name, sha in manifest.items()
            )
        except (OSError, ValueError):
            return False

    def translations(self) -> bool:
        sources = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
        compiled = [source.with_suffix(".mo") for source in sources]
        if all(file.exists() for file in compiled) and self.stamps.get("translations", digest()) == digest(
            *sources, *compiled
        ):
            return False
        with self.stamping("translations", ""):
            self.call(
                [PYTHON, "-I", HERE / "translations.py", "compile"],
                failure="A translation file could not be read: correct the line that the log names.",
            )
        self.stamp("translations", digest(*sources, *compiled))
        return True


def main() -> None:
    if sys.argv[1:] not in (["run"], ["test"]):
        sys.exit("Usage: environment.py run|test")
    # Output that a terminal's encoding cannot show is no reason to stop.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    # Two set-ups at once would install over each other; any file of the checkout serves as the lock.
    with (ROOT / "pyproject.toml").open() as turnstile:
        try:
            fcntl.flock(turnstile, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Waiting for another set-up of this checkout …", flush=True)
            fcntl.flock(turnstile, fcntl.LOCK_EX)
        Setup(sys.argv[1])()


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        if os.environ.get("CI"):
            print("".join(read(LOG).splitlines(keepends=True)[-40:]), file=sys.stderr)
        sys.exit(f"{error} Details: {LOG.relative_to(ROOT)}")
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on from here.")
    except BrokenPipeError:
        os._exit(1)  # Nobody reads what we print.
    except OSError as error:
        sys.exit(f"{error.filename} cannot be used ({error.strerror}): correct that, then run the command again.")
