"""The functions at the edge, run by node: which key a request gets, and what it is answered."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

import pytest

from presswork.site_keys import is_file, key_of
from presswork_cli.serve.addresses import MEDIA_POLICY, PAGE_POLICY, Asked
from template.stack import REPOSITORY, Stack

BUNDLED = REPOSITORY / ".venvs" / "cloud" / "bin" / "node"
"""The one that the local cloud brings along."""
HOME = "/2021/05/moved-home/"


class Node:
    """A process that runs functions, given by name, on events: a line in, a line out."""

    def __init__(self, code: Mapping[str, str]) -> None:
        functions = ",".join(
            f"{name}: (() => {{ {text}\nreturn handler; }})()" for name, text in code.items()
        )
        driver = (
            f"const functions = {{ {functions} }};"
            "require('readline').createInterface({ input: process.stdin }).on('line', (line) => {"
            "  const [name, event] = JSON.parse(line);"
            "  console.log(JSON.stringify(functions[name](event)));"
            "});"
        )
        node = shutil.which("node") or str(BUNDLED)
        self._process = subprocess.Popen(
            [node, "-e", driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, name: str, event: Mapping[str, Any]) -> Any:
        """What a function makes of an event."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps([name, event])}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        """Ends the process."""
        self._process.communicate()


@dataclass(frozen=True)
class Edge:
    """CloudFront with the two functions of the template, before a bucket of stubs and pages.

    `objects` maps a key to where its stub leads, or to nothing for a page.
    """

    node: "Node"
    objects: Mapping[str, str | None]

    def get(self, url: str) -> tuple[int, str]:
        """The status of a request, and where it leads or which key it is answered with."""
        parts = urlsplit(url)
        request = {"method": "GET", "uri": parts.path, "querystring": _asked(parts.query)}
        asked = self.node.run("IndexDocument", {"request": request})
        if "statusCode" in asked:
            return asked["statusCode"], asked["headers"]["location"]["value"]
        key = unquote_plus(asked["uri"]).lstrip("/")  # as S3 reads a path
        if key not in self.objects:  # no function sees what the bucket does not have
            return 404, key
        metadata = {}
        if location := self.objects[key]:
            metadata = {
                "x-amz-meta-presswork-status": {"value": "301"},
                "x-amz-meta-presswork-location": {"value": location},
            }
        response = {"statusCode": 200, "headers": metadata}
        answer = self.node.run("MovedAndGone", {"request": asked, "response": response})
        assert not [name for name in answer["headers"] if name.startswith("x-amz-meta")]
        where = answer["headers"].get("location", {"value": key})["value"]
        return answer["statusCode"], where


def _asked(query: str) -> dict[str, Any]:
    """The query as the functions get it: values as they are spelled, repeated ones in a list."""
    asked: dict[str, Any] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name in asked:
            first = asked[name]
            others = first.setdefault("multiValue", [{"value": first["value"]}])
            others.append({"value": value})
        else:
            asked[name] = {"value": value}
    return asked


ALIASES = [
    "/tag/c++/",
    "/files/a+b.html",
    "/2010/01/old-post.html",
    "/old/foo.html",
    "/2010/01/old-post/",
    "/news/article.php",
    "/Default.aspx",
    "/blog/Old_Name.htm",
    "/feeds/all.atom.xml",
    "/archives/123/",
    "/notes/release-1.2/",
    "/?p=123",
]


@pytest.fixture(scope="module")
def edge(whole: Stack) -> Iterator[Edge]:
    """The functions before a post, its ten aliases, and a page that is a file."""
    functions = whole.of("AWS::CloudFront::Function")
    node = Node({name: each["FunctionCode"] for name, each in functions.items()})
    pages = dict.fromkeys(["index.html", key_of(HOME), key_of("/a/b.html"), "a/b.html.json"])
    stubs = {key_of(alias): HOME for alias in ALIASES}
    elsewhere = {key_of("/shop/"): "https://shop.example/?from=us#top"}
    yield Edge(node, {**pages, **stubs, **elsewhere})
    node.stop()


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_answers_301(edge: Edge, alias: str) -> None:
    """With a dot, with a slash, or by a number: a former address leads to the post."""
    assert edge.get(alias) == (301, HOME)


@pytest.mark.parametrize("alias", [each for each in ALIASES if each.endswith("/")])
def test_an_alias_without_its_slash_gets_there(edge: Edge, alias: str) -> None:
    """First to the slash, then on; the query comes along both times."""
    assert edge.get(alias.rstrip("/") + "?a=1") == (301, f"{alias}?a=1")
    assert edge.get(f"{alias}?a=1") == (301, f"{HOME}?a=1")


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("/old/foo.html?utm_source=x&b=%C3%A9", f"{HOME}?utm_source=x&b=%C3%A9"),
        ("/old/foo.html?a=1&b=2&a=3", f"{HOME}?a=1&a=3&b=2"),
        ("/old/foo.html?flag", f"{HOME}?flag"),
        ("/old/foo.html?p=4", f"{HOME}?p=4"),
        ("/?p=123&utm_source=x", f"{HOME}?utm_source=x"),
        ("/shop/?a=1", "https://shop.example/?from=us&a=1#top"),
        ("/shop?a=1", "/shop/?a=1"),
        ("/index.html?p=123&a=1", f"{HOME}?a=1"),
    ],
)
def test_a_query_survives_a_redirect(edge: Edge, url: str, where: str) -> None:
    """But for the number of a post, which has done its work; a fragment stays last."""
    assert edge.get(url) == (301, where)


@pytest.mark.parametrize("uri", ["//evil.example/a", "/\\evil.example/a", "///evil/a"])
def test_no_request_is_sent_to_another_host(edge: Edge, uri: str) -> None:
    """Two slashes, or what a browser takes for them, are one at the start of a Location."""
    answer = edge.node.run("IndexDocument", {"request": {"uri": uri, "querystring": {}}})
    assert not answer["headers"]["location"]["value"].startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("/", "index.html"),
        ("/?x=1", "index.html"),
        ("/?p=new", "index.html"),
        (f"{HOME}?p=123", key_of(HOME)),
        ("/a/b.html", "a/b.html"),
        ("/a/b.html.json", "a/b.html.json"),
    ],
)
def test_a_page_is_answered_with_itself(edge: Edge, url: str, key: str) -> None:
    """A query changes nothing, unless it is the number of a post."""
    assert edge.get(url) == (200, key)


@pytest.mark.parametrize(
    "path",
    [
        "/a",
        "/a.b",
        "/a.7z",
        "/a.1",
        "/release-1.2",
        "/v1.2b",
        "/.x",
        "/a/.x",
        "/a.b-c",
        "/a/b.html",
    ],
)
def test_the_edge_and_the_keys_tell_files_apart_alike(edge: Edge, path: str) -> None:
    """What is a file here is one there, or a page would lie where no request looks."""
    status, _ = edge.get(path)
    assert (status != 301) is is_file(path)


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/?p=123&utm_source=x",
        "/?p=new&a=1",
        "/?a=1&p=7",
        "/index.html?p=123",
        "/index.html",
        "/a",
        "/a?b=1&flag",
        "/a/",
        "/a/?p=4",
        "/a/b.html",
        "/release-1.2",
        "/.well-known/x",
        "//evil.example/a",
        "/%E9%9B%A8",
        "/%E9%9B%A8/",
        "/a%2Emd",
    ],
)
def test_serve_and_the_edge_find_the_same(edge: Edge, url: str) -> None:
    """`presswork serve` does for files on disk what the functions do for the bucket."""
    parts, asked = urlsplit(f"//edge{url}"), Asked.of(url)
    request = {"method": "GET", "uri": parts.path, "querystring": _asked(parts.query)}
    answer = edge.node.run("IndexDocument", {"request": request})
    if "statusCode" in answer:
        assert asked.slash == answer["headers"]["location"]["value"]
    else:
        assert (asked.slash, asked.key) == (None, unquote(answer["uri"])[1:])


@pytest.mark.parametrize("url", ["/x/?a=1&b=2", "/x/", "/?p=1&a=1", "/x/?p=1", "/x/?flag"])
@pytest.mark.parametrize("target", ["/to/", "/to/?c=3", "/to/#top", "https://h.example/?c#top"])
def test_serve_and_the_edge_lead_to_the_same(edge: Edge, url: str, target: str) -> None:
    """With the query, but for the number of a post."""
    parts = urlsplit(url)
    metadata = {"status": "301", "location": target}
    headers = {f"x-amz-meta-presswork-{name}": {"value": v} for name, v in metadata.items()}
    event = {
        "request": {"uri": parts.path, "querystring": _asked(parts.query)},
        "response": {"statusCode": 200, "headers": headers},
    }
    answer = edge.node.run("MovedAndGone", event)
    assert Asked.of(url).with_query(target) == answer["headers"]["location"]["value"]


def test_serve_has_the_policies_of_the_template(whole: Stack) -> None:
    """A page that breaks under one breaks on its author's screen first."""
    policies = [
        each["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
        for each in whole.of("AWS::CloudFront::ResponseHeadersPolicy").values()
    ]
    assert [each["ContentSecurityPolicy"] for each in policies] == [PAGE_POLICY, MEDIA_POLICY]
