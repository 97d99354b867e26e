"""Requests that the webhook takes from nobody, each with the status that it is answered.

They are sent to the function in one process, and to the real endpoint of the local cloud.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

JSON, MARKDOWN, HTML = "application/json", "text/markdown", "text/html"
STRANGER = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU="
MOST = 1024 * 1024

_ID, _TIME, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """What the standard has stand in the header, made by its text and not by our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def signed(
    secret: str, body: bytes, *, type: str = JSON, id: str | None = None, age: float = 0
) -> dict[str, str]:
    """The headers of a request that a sender has signed."""
    id, timestamp = id or f"msg_{uuid4().hex}", str(int(time.time() - age))
    return {
        "content-type": type,
        _ID: id,
        _TIME: timestamp,
        _SIGNATURE: signature(secret, id, timestamp, body),
    }


@dataclass(frozen=True)
class BadRequest:
    """A request that is well-formed and signed but for what it names.

    `was` is the body that was signed instead. Of `headers` None stands for one that is left out,
    and `{…}` for what the header would have held. `secret` is another's where it is given.
    """

    status: int
    body: bytes = b'{"key": "bad.md", "content": "Bad."}'
    type: str = JSON
    source: str = "default"
    query: str = ""
    id: str | None = None
    age: float = 0
    secret: str | None = None
    was: bytes | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)

    def sent(self, secret: str) -> dict[str, str]:
        """The headers with which it is sent."""
        body = self.body if self.was is None else self.was
        by = self.secret or secret
        good = signed(by, body, type=self.type, id=self.id, age=self.age)
        changed = {name: good.get(name, "") for name in good} | {
            name: value and value.replace("{…}", good.get(name.replace("svix", "webhook"), ""))
            for name, value in self.headers.items()
        }
        return {name: value for name, value in changed.items() if value is not None}


def _json(status: int, **fields: object) -> BadRequest:
    return BadRequest(status, json.dumps(fields).encode())


def _body(text: str) -> BadRequest:
    return BadRequest(400, text.encode())


def _key(status: int, key: str) -> BadRequest:
    return _json(status, key=key, content="Bad.")


def _header(**headers: str | None) -> BadRequest:
    return BadRequest(401, headers={n.replace("_", "-"): value for n, value in headers.items()})


def _deep(levels: int) -> str:
    return "[" * levels + "]" * levels


NOTHING = {_ID: None, _TIME: None, _SIGNATURE: None}

UNSIGNED: dict[str, BadRequest] = {
    "nothing": BadRequest(401, headers=NOTHING),
    "no id": _header(webhook_id=None),
    "no timestamp": _header(webhook_timestamp=None),
    "no signature": _header(webhook_signature=None),
    "empty id": _header(webhook_id=""),
    "empty timestamp": _header(webhook_timestamp=""),
    "empty signature": _header(webhook_signature=""),
    "bearer token": BadRequest(401, headers=NOTHING | {"authorization": "Bearer {…}"}),
    "half of svix": BadRequest(401, headers=NOTHING | {"svix-id": "{…}"}),
    "half of both": BadRequest(401, headers={_ID: None, "svix-id": "{…}", "svix-signature": "{…}"}),
    "stale": BadRequest(401, age=310),
    "of yesterday": BadRequest(401, age=86_400),
    "of the future": BadRequest(401, age=-310),
    "timestamp in words": _header(webhook_timestamp="now"),
    "timestamp with a fraction": _header(webhook_timestamp="{…}.5"),
    "timestamp with a sign": _header(webhook_timestamp="+{…}"),
    "timestamp in milliseconds": _header(webhook_timestamp="{…}000"),
    "timestamp that is no number": _header(webhook_timestamp="nan"),
    "timestamp without end": _header(webhook_timestamp="9" * 400),
    "timestamp twice": _header(webhook_timestamp="{…},{…}"),
    "signature of no version": _header(webhook_signature="nonsense"),
    "signature without a comma": _header(webhook_signature="v1"),
    "signature of nothing": _header(webhook_signature="v1,"),
    "signature that is no base64": _header(webhook_signature="v1,@@@"),
    "signature of another version": _header(webhook_signature="v2,{…}"),
    "signature with its version twice": _header(webhook_signature="v1,{…}"),
    "signatures joined by a comma": _header(webhook_signature="{…},{…}"),
}
"""What is refused before a secret is looked for."""

FORGED: dict[str, BadRequest] = {
    "another secret": BadRequest(401, secret=STRANGER),
    "another secret, by Svix's names": BadRequest(
        401,
        secret=STRANGER,
        headers=NOTHING | {"svix-id": "{…}", "svix-timestamp": "{…}", "svix-signature": "{…}"},
    ),
    "another id": _header(webhook_id="{…}x"),
    "id twice": _header(webhook_id="{…},{…}"),
    "another timestamp": _header(webhook_timestamp="0{…}"),
    "another body": BadRequest(401, was=b'{"key": "good.md", "content": "Bad."}'),
    "the same JSON, spaced otherwise": BadRequest(401, was=b'{"key":"bad.md","content":"Bad."}'),
    "a mark before the body": BadRequest(401, was=b"\xef\xbb\xbf{}"),
    "no body": BadRequest(401, was=b""),
    "signature of Markdown, bytes that are none": BadRequest(
        401, b"\xff\xfe\xfd", type=MARKDOWN, was=b"Bad."
    ),
    "signature in hex": _header(webhook_signature="v1," + "ab" * 32),
    "half a signature": _header(webhook_signature="v1,c2hvcnQ="),
    "two signatures, none right": _header(
        webhook_signature="v1,c2hvcnQ= v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
    ),
    "a source that nobody knows": BadRequest(401, source="stranger"),
    "a source called as the other route": BadRequest(401, source="status"),
    "a source in capitals": BadRequest(401, source="Default"),
    "a source with a dot": BadRequest(401, source="default.md"),
    "a source with a blank": BadRequest(401, source="default%20"),
    "a source too long": BadRequest(401, source="s" * 65),
    "a source in another script": BadRequest(401, source="%E6%BA%90"),
}
"""What no secret of the source has signed."""

REFUSED: dict[str, BadRequest] = {
    "an author's key": _key(403, "posts/bad.md"),
    "another source's key": _key(403, "posts/hooks/other/bad.md"),
    "a source whose name begins so": _key(403, "posts/hooks/default-2/bad.md"),
    "a file beside the sources": _key(403, "posts/hooks/default.md"),
    "another's post to go": _json(403, key="posts/hooks/other/bad.md", deleted=True),
    "an author's post to go": _json(403, key="posts/hello.md", deleted=True),
    "an author's key for parts": _json(403, key="posts/bad.md", markdown="Bad."),
    "an author's key in the address": BadRequest(
        403, b"Bad.", type=MARKDOWN, query="?key=posts/bad.md"
    ),
    "a way up": _key(400, "../bad.md"),
    "a way up within": _key(400, "posts/hooks/default/../../bad.md"),
    "a way up in the address": BadRequest(400, b"Bad.", type=MARKDOWN, query="?key=..%2Fbad.md"),
    "a hidden file": _key(400, ".bad.md"),
    "a hidden folder": _key(400, ".git/bad.md"),
    "a hidden file to go": _json(400, key=".bad.md", deleted=True),
    "an empty part": _key(400, "a//bad.md"),
    "a key from the root": _key(400, "/bad.md"),
    "a folder": _key(400, "bad/"),
    "an empty key": _key(400, ""),
    "a control character in the key": _key(400, "bad\x00.md"),
    "a line end in the key": _key(400, "bad\n.md"),
    "half a character in the key": _key(400, "bad\ud83d.md"),
    "a key in another form of Unicode": _key(400, "e\u0301.md"),
    "a key too long": _key(400, "x" * 1010 + ".md"),
    "a key too long by its bytes": _key(400, "源" * 400 + ".md"),
    "an id with a full stop": BadRequest(400, id="msg.1"),
    "an id too long": BadRequest(400, id="m" * 257),
    "no JSON": _body("not json"),
    "an empty body": _body(""),
    "half an object": _body('{"key": "bad.md", "content": "Ba'),
    "a list": _body("[]"),
    "a text": _body('"bad.md"'),
    "nothing": _body("null"),
    "a name twice": _body('{"key": "good.md", "key": "bad.md", "content": "Bad."}'),
    "a number without end": _body('{"markdown": "Bad.", "weight": 1e999}'),
    "no number": _body('{"markdown": "Bad.", "weight": NaN}'),
    "digits without end": _body('{"markdown": "Bad.", "weight": ' + "9" * 5000 + "}"),
    "lists without end": _body(_deep(100_000)),
    "a field of many levels": _body('{"markdown": "Bad.", "extra": ' + _deep(900) + "}"),
    "a field of more levels": _body('{"markdown": "Bad.", "extra": ' + _deep(5000) + "}"),
    "fields without end": _json(400, markdown="Bad.", notes="x" * 70_000),
    "no text": _json(400, key="bad.md"),
    "an object of nothing": _body("{}"),
    "a content without a key": _json(400, content="Bad."),
    "a key that is a number": _json(400, key=1, content="Bad."),
    "a key of nothing": _json(400, key=None, content="Bad."),
    "a content that is a number": _json(400, key="bad.md", content=1),
    "a content of nothing": _json(400, key="bad.md", content=None),
    "an empty content": _json(400, key="bad.md", content=""),
    "a content of blanks": _json(400, key="bad.md", content=" \n\t"),
    "half a character in the content": _json(400, key="bad.md", content="\ud83d"),
    "a title beside the content": _json(400, key="bad.md", content="Bad.", title="Lost"),
    "Markdown and HTML": _json(400, markdown="Bad.", html="<p>Bad.</p>"),
    "a content and Markdown": _json(400, key="bad.md", content="Bad.", markdown="Bad."),
    "HTML of nothing": _json(400, html=None),
    "Markdown in a list": _json(400, markdown=["Bad."]),
    "a title that is a number": _json(400, markdown="Bad.", title=1),
    "a draft in words": _json(400, markdown="Bad.", draft="yes"),
    "tags that are numbers": _json(400, markdown="Bad.", tags=[1]),
    "half a character in a field": _json(400, markdown="Bad.", notes="\ud83d"),
    "half a character in Markdown": _json(400, markdown="\ud83d"),
    "a post that is not to go": _json(400, key="bad.md", deleted=False),
    "a post to go in words": _json(400, key="bad.md", deleted="true"),
    "a post to go by number": _json(400, key="bad.md", deleted=1),
    "a post to go and its text": _json(400, key="bad.md", deleted=True, content="Bad."),
    "a post to go without a name": _json(400, deleted=True),
    "empty Markdown": BadRequest(400, b"", type=MARKDOWN),
    "HTML of blanks": BadRequest(400, b" \n", type=HTML),
    "a body too long": BadRequest(413, b"x" * (MOST + 1), type=MARKDOWN),
    "JSON too long": _json(413, key="bad.md", content="x" * MOST),
    "an image": BadRequest(415, type="image/png"),
    "plain text": BadRequest(415, type="text/plain"),
    "a form": BadRequest(415, b"key=bad.md", type="application/x-www-form-urlencoded"),
    "a form in parts": BadRequest(415, type="multipart/form-data; boundary=x"),
    "another kind of JSON": BadRequest(415, type="application/ld+json"),
    "a type twice": BadRequest(415, type=f"{JSON}, {JSON}"),
    "no type": BadRequest(415, headers={"content-type": None}),
}
"""What is signed well, and wrong."""

BAD_REQUESTS = UNSIGNED | FORGED | {f"signed: {name}": bad for name, bad in REFUSED.items()}
