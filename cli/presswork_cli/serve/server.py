"""Serves the site of a folder over HTTP, as the cloud answers, to this machine alone."""

import re
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socketserver import TCPServer
from threading import Condition
from typing import ClassVar
from urllib.parse import quote, urlsplit

from presswork import __version__, site
from presswork_cli.serve import pages
from presswork_cli.serve.addresses import Asked, content_type, file_of, moved_to, policy
from presswork_cli.serve.live_site import LiveSite
from presswork_cli.serve.revision import Revision

HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"

_NOT_FOUND_KEY = "404.html"
_HEARTBEAT = 15.0
"""Seconds after which a browser that listens is written to, so that one that went is noticed."""
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True)
class Answer:
    """What a request is answered with; `range` tells which bytes of how many the body holds."""

    status: int
    kind: str
    body: bytes
    policy: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Told:
    """The revision that is served, and who waits for the next one."""

    def __init__(self, revision: Revision) -> None:
        self._revision = revision
        self._changed = Condition()
        self.is_over = False

    @property
    def revision(self) -> Revision:
        """The one that is served now."""
        return self._revision

    def tell(self, revision: Revision) -> None:
        """Serves a revision from now on."""
        with self._changed:
            self._revision = revision
            self._changed.notify_all()

    def end(self) -> None:
        """Lets go of all who wait."""
        with self._changed:
            self.is_over = True
            self._changed.notify_all()

    def wait(self, seen: str, seconds: float) -> str:
        """The name of the revision, once it is another than was seen, or time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_over or self._revision.name != seen, seconds)
            return self._revision.name


class Answers:
    """What each address is answered with, of the files that were built and of what is told."""

    def __init__(self, live: LiveSite, told: Told) -> None:
        self._live = live
        self._told = told

    def of(self, target: str) -> Answer:
        """The answer to a request for an address, as it stands in the request."""
        asked, revision = Asked.of(target), self._told.revision
        if asked.path.startswith(pages.OWN):
            own = pages.asset(asked.path.removeprefix(pages.OWN))
            return Answer(200, own[1], own[0], policy("")) if own else self._text(404, "Not found")
        if asked.slash is not None:
            return self._redirect(asked.slash)
        body = self._body(asked.key)
        if asked.key == "index.html" and (revision.is_empty or body is None):
            return self._page(200, pages.welcome(revision, self._live.root), revision, "/")
        if body is None:
            return self._absent(asked, revision)
        return self._found(asked, body, revision)

    def _body(self, key: str) -> bytes | None:
        path = file_of(self._live.out, key)
        try:
            return path.read_bytes() if path else None
        except OSError:  # a build has taken it away just now
            return None

    def _found(self, asked: Asked, body: bytes, revision: Revision) -> Answer:
        kind = content_type(asked.key)
        if target := moved_to(body):
            return self._redirect(asked.with_query(target))
        if kind != HTML:
            return Answer(200, kind, body, policy(asked.key))
        return self._page(200, body.decode(errors="replace"), revision, asked.decoded)

    def _absent(self, asked: Asked, revision: Revision) -> Answer:
        """What was moved or removed since serving began says so, as it does in the cloud."""
        if target := revision.moved.get(asked.decoded):
            return self._redirect(asked.with_query(quote(target)))
        if asked.decoded in revision.gone:
            theme = self._live.theme.theme
            gone = site.gone(self._live.settings, self._live.base_url, theme=theme)
            return self._page(410, gone.body.decode(), revision, None)
        body = self._body(_NOT_FOUND_KEY) or b"<!DOCTYPE html><title>Not found</title>"
        return self._page(404, body.decode(errors="replace"), revision, None)

    def _page(self, status: int, html: str, revision: Revision, path: str | None) -> Answer:
        """A page with what is wrong: at home and where there is none with everything."""
        of_all = path in ("/", "/index.html", None)
        shown = pages.with_problems(html, revision, path or "", self._live.base_url, of_all=of_all)
        return Answer(status, HTML, shown.encode(), policy(""))

    @staticmethod
    def _redirect(location: str) -> Answer:
        return Answer(301, _TEXT, b"", policy(""), {"Location": location})

    @staticmethod
    def _text(status: int, words: str) -> Answer:
        return Answer(status, _TEXT, f"{words}\n".encode(), policy(""))


class SiteServer(ThreadingHTTPServer):
    """Listens at an address; a thread for each connection."""

    daemon_threads = True

    def __init__(self, host: str, port: int, live: LiveSite) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.told = Told(live.revision)
        self.answers = Answers(live, self.told)
        self._host = host.lower()
        super().__init__((host, port), _Request)

    def server_bind(self) -> None:
        """Takes the port, and asks nobody for the name of this machine."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self._host, self.server_address[1]

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.server_port}/"

    def is_asked_by(self, host: str) -> bool:
        """Whether a request names this server by an IP address, by localhost, or as it was told to.

        Any other name may be a stranger's, whose page a browser took to this machine (DNS
        rebinding) so that the stranger's scripts could read drafts.
        """
        with suppress(ValueError):
            name = urlsplit(f"//{host}").hostname or ""
            if name == "localhost" or name.endswith(".localhost") or name == self._host:
                return True
            ip_address(name)
            return True
        return False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hung up is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Request(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    server_version = f"presswork/{__version__}"
    sys_version = ""
    timeout: ClassVar[float] = 60
    server: SiteServer

    def do_GET(self) -> None:
        """Answers with the body."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answers without the body."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is for what the author wants to know."""

    def _answer(self) -> None:
        if not self.server.is_asked_by(self.headers.get("Host", "")):
            words = "This server answers to localhost and to IP addresses alone.\n"
            self._send(Answer(421, _TEXT, words.encode(), policy("")))
        elif not self.path.startswith("/"):
            self._send(Answer(400, _TEXT, b"An address begins with a slash.\n", policy("")))
        elif self.path.partition("?")[0] == pages.EVENTS:
            self._tell()
        else:
            self._send(_part(self.server.answers.of(self.path), self.headers.get("Range", "")))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", answer.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "strict-origin-when-cross-origin")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _tell(self) -> None:
        """Server-sent events: the name of the revision, and of each that follows."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        told, seen = self.server.told, ""
        self.wfile.write(b"retry: 500\n\n")
        while not told.is_over:
            name = told.wait(seen, _HEARTBEAT)
            self.wfile.write(b":\n\n" if name == seen else f"data: {name}\n\n".encode())
            seen = name


def _part(answer: Answer, asked: str) -> Answer:
    """The part of an answer that a player asks for; the whole to whoever asks otherwise."""
    found = _RANGE.fullmatch(asked)
    if (
        found is None
        or answer.status != HTTPStatus.OK
        or answer.kind == HTML
        or not any(found.groups())
    ):
        return answer
    size = len(answer.body)
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        return Answer(416, _TEXT, b"", answer.policy, {"Content-Range": f"bytes */{size}"})
    told = {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Accept-Ranges": "bytes"}
    return Answer(206, answer.kind, answer.body[start:end], answer.policy, told)
