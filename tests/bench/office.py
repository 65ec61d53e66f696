"""An office in this process, and one that is served as people use it, with somebody signed in."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench.data import PASSWORD, ROOT, SLUGS, TODAY

SECRET = "a key that only measurements know, 32 or more letters: 7f3a91c5"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 120
"""Seconds that an answer may take."""


def settings() -> dict[str, object]:
    """The settings of an office in this process."""
    return {"SECRET_KEY": SECRET, "AUDIT_KEYS": (SECRET.replace(" ", "-"),), "TODAY": TODAY}


class InProcess:
    """An office whose pages are asked for without a socket, by an officer of the first district."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        client = app.test_client()
        login = client.get("/login").get_data(as_text=True)
        fields = {"csrf_token": TOKEN.search(login)[1], "username": f"officer.{SLUGS[0]}", "password": PASSWORD}
        answer = client.post("/login", data=fields)
        assert answer.status_code == 303, f"nobody was let in: {answer.status_code}"
        name = app.config["SESSION_COOKIE_NAME"]
        self.cookie = f"{name}={client.get_cookie(name).value}"

    def page(self, address: str) -> bytes:
        """A page, as WSGI answers it."""
        said: list[str] = []
        answer = self.app.wsgi_app(
            environ(address, self.cookie), lambda status, headers, info=None: said.append(status)
        )
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        assert said[0].startswith("200"), f"{address} answered {said[0]}"
        return body


def environ(address: str, cookie: str = "") -> dict[str, object]:
    """What a server tells WSGI of a request."""
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": cookie,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": None,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@dataclass
class Served:
    """A served office. ``process`` is the server itself, started here."""

    process: subprocess.Popen[bytes]
    port: int
    cookie: str = ""

    def connection(self) -> http.client.HTTPConnection:
        """A connection to the server."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(
        self, address: str, fields: dict[str, str] | None = None, connection: http.client.HTTPConnection | None = None
    ) -> http.client.HTTPResponse:
        """An answer whose body is yet to be read; a form is sent where ``fields`` are given."""
        using = connection or self.connection()
        headers = {"Cookie": self.cookie}
        if fields is None:
            using.request("GET", address, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            using.request("POST", address, urlencode(fields), headers)
        answer = using.getresponse()
        given = answer.getheader("Set-Cookie")
        if given:
            self.cookie = given.partition(";")[0]
        return answer

    def sign_in(self) -> None:
        """Let the officer of the first district in."""
        answer = self.ask("/login")
        token = TOKEN.search(answer.read().decode())[1]
        fields = {"csrf_token": token, "username": f"officer.{SLUGS[0]}", "password": PASSWORD}
        answer = self.ask("/login", fields)
        assert answer.status == 303, f"nobody was let in: {answer.status}"
        answer.read()

    def memory(self) -> float:
        """Megabytes that the server holds of its own, without pages of files."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) / 1024

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(url: str, folder: Path, owner: str | None = None) -> Iterator[Served]:
    """An office served by ``flask serve``, with an officer signed in. What it says goes into a file in ``folder``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DISTRICTOPS_")}
    environment |= {
        "DISTRICTOPS_DATABASE_URL": url,
        "DISTRICTOPS_SECRET_KEY": SECRET,
        "DISTRICTOPS_AUDIT_KEYS": SECRET.replace(" ", "-"),
        "DISTRICTOPS_TODAY": TODAY.isoformat(),
        "DISTRICTOPS_BACKUP_FOLDER": str(folder / "backups"),
        **({"DISTRICTOPS_OWNER_DATABASE_URL": owner} if owner else {}),
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)]
    log = folder / "served.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        office = Served(process, port)
        try:
            _wait(office, log)
            office.sign_in()
            yield office
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(office: Served, log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if office.process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", office.port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer: {log.read_text('utf-8', 'replace')[-2000:]}")
