"""The world outside the cloud: one loopback server that plays every host a post speaks of."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

LOOPBACK = "127.0.0.1"
PICTURES = Path(__file__).parents[2] / "examples" / "images"

ORIGIN = "images.presswork.example"
SLEEPER = "sleeper.presswork.example"
SEED_ORIGIN = "zkres1.myzaker.com"
PROXIES = ("cors.relay.example", "cors.zfour.workers.dev")
HOOKS = "hooks.presswork.example"


@dataclass(frozen=True)
class Heard:
    """One hook as it arrived; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Outside:
    """Serves the example pictures at any path of their name; `asleep` hosts answer 503.

    At a path among `pictures` stands that one.
    """

    asleep: set[str] = field(default_factory=set)
    hooks: list[Heard] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    connect_to: tuple[str, ...] = ()

    def picture(self, host: str, path: str) -> bytes | None:
        """The bytes at an address: the picture of that path or name, else the ferry."""
        if host in self.asleep:
            return None
        self.fetched.append(f"{host}{path}")
        if path in self.pictures:
            return self.pictures[path]
        named = PICTURES / Path(path).name
        return (named if named.is_file() else PICTURES / "ferry.jpg").read_bytes()


@contextmanager
def outside() -> Iterator[Outside]:
    """The world, as long as the block runs."""
    world = Outside(asleep={SLEEPER, SEED_ORIGIN, *PROXIES})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = world.picture(self.headers["Host"].partition(":")[0], self.path)
            self.send_response(503 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            world.hooks.append(Heard(self.path, headers, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with socket.socket() as closed, ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        closed.bind((LOOPBACK, 0))  # bound and not listening: every connection is refused
        refusing, answering = closed.getsockname()[1], server.server_port
        hosts = (ORIGIN, SLEEPER, SEED_ORIGIN, *PROXIES, HOOKS)
        world.connect_to = (
            *(f"{host}:80:{LOOPBACK}:{answering}" for host in hosts),
            *(f"{host}:443:{LOOPBACK}:{refusing}" for host in hosts),
        )
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield world
        finally:
            server.shutdown()
