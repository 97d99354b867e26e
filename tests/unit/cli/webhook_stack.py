"""A stack with sources of webhooks, and an endpoint that answers as it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from botocore.exceptions import ClientError

from presswork.settings import Site
from presswork_cli.failure import Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import Outputs

SINCE = datetime(2026, 11, 29, 10, tzinfo=UTC)


@dataclass
class ParameterStore:
    """SSM with SecureStrings; `meanwhile` writes one between a read and the write after it."""

    values: dict[str, tuple[str, int]] = field(default_factory=dict)
    meanwhile: str | None = None
    denied: bool = False

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]:  # noqa: N803 - boto3's
        """One of them, as it is kept."""
        value, version = self._of(Name, "GetParameter")
        if self.meanwhile is not None:
            self.values[Name] = self.meanwhile, version + 1
        value = value if WithDecryption else "encrypted"
        return {"Parameter": _described(Name, value, version)}

    def put_parameter(self, *, Name: str, Value: str, Type: str, Overwrite: bool) -> dict[str, Any]:  # noqa: N803 - boto3's
        """A secret is nothing but a SecureString."""
        self._allow("PutParameter")
        assert Type == "SecureString"
        if Name in self.values and not Overwrite:
            raise _error("ParameterAlreadyExists", "PutParameter")
        version = self.values.get(Name, ("", 0))[1] + 1
        self.values[Name] = Value, version
        return {"Version": version}

    def delete_parameter(self, *, Name: str) -> None:  # noqa: N803 - boto3's
        """With all its versions."""
        self._of(Name, "DeleteParameter")
        del self.values[Name]

    def get_paginator(self, operation: str) -> "ParameterStore":
        """Two to a page."""
        assert operation == "get_parameters_by_path"
        return self

    def paginate(self, *, Path: str, WithDecryption: bool) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
        """Those right below a path."""
        self._allow("GetParametersByPath")
        assert WithDecryption
        found = [
            _described(name, *of)
            for name, of in self.values.items()
            if name.rpartition("/")[0] == Path
        ]
        for begin in range(0, len(found) + 1, 2):
            yield {"Parameters": found[begin : begin + 2]}

    def _allow(self, operation: str) -> None:
        if self.denied:
            said = f"User: me is not authorized to perform: ssm:{operation}"
            raise _error("AccessDeniedException", operation, said)

    def _of(self, name: str, operation: str) -> tuple[str, int]:
        self._allow(operation)
        if name not in self.values:
            raise _error("ParameterNotFound", operation)
        return self.values[name]


def _described(name: str, value: str, version: int) -> dict[str, Any]:
    return {"Name": name, "Value": value, "Version": version, "LastModifiedDate": SINCE}


def _error(code: str, operation: str, message: str = "No.") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@dataclass
class ContentKeys:
    """ContentBucket, by its keys."""

    keys: list[str] = field(default_factory=list)

    def get_paginator(self, operation: str) -> "ContentKeys":
        """One to a page."""
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
        """Those that begin so."""
        assert Bucket == "content"
        yield from ({"Contents": [{"Key": key}]} for key in self.keys if key.startswith(Prefix))
        yield {}


@dataclass
class SettingsInForce:
    """The store of the settings, and all that is read of it."""

    site: Site = field(default_factory=Site)

    @property
    def sites(self) -> "SettingsInForce":
        """As the stores have it."""
        return self

    def read(self) -> "SettingsInForce":
        """The state of the site."""
        return self


class StackWithSources(Stack):
    """The stack `blog`; its webhook answers at `url`."""

    def __init__(self, url: str = "https://hooks.example/") -> None:
        self.parameters = ParameterStore()
        self.content = ContentKeys()
        self.settings = SettingsInForce()
        self.outputs = Outputs(
            ContentBucket="content", WebhookUrl=url, SiteUrl="https://blog.example"
        )
        self.stores: Any = self.settings

    @property
    def name(self) -> str:
        """The stack's name."""
        return "blog"

    def client(self, service: str) -> Any:
        """Parameters and content."""
        return {"ssm": self.parameters, "s3": self.content}[service]

    def absent(self, why: str) -> Failure:
        """It is there."""
        raise AssertionError(why)

    def refresh(self, paths: Any) -> None:
        """It has no caches."""
        raise AssertionError(paths)


@dataclass(frozen=True)
class HeardRequest:
    """A request as an endpoint heard it; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Endpoint:
    """An HTTP server that gives its answers one after the other, the last one for ever."""

    port: int = 0
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    heard: list[HeardRequest] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, by a name that resolvers do not know."""
        return f"http://hooks.localhost:{self.port}"

    def answer(self, status: int, document: Any = None, **headers: str) -> None:
        """What it says next."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, document))


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """An endpoint on loopback, for as long as the block lasts."""
    here = Endpoint()

    class Heard(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            names = {name.lower(): value for name, value in self.headers.items()}
            here.heard.append(HeardRequest(self.command, self.path, names, body))
            status, headers, document = here.answers[0]
            del here.answers[: len(here.answers) > 1]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(document if isinstance(document, bytes) else _json(document))

        do_GET = do_POST = _take  # noqa: N815 - http.server's

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Heard)
    here.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _json(document: Any) -> bytes:
    return b"" if document is None else json.dumps(document).encode()
