"""A post of the webhook is followed to its end by the address in its answer, over HTTP."""

import json
from typing import Any
from uuid import uuid4

import pytest

from e2e.local import Local, markdown
from e2e.test_webhook_refusals import secret
from webhook_cases import HTML, JSON, signed

__all__ = ["secret"]


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return uuid4().hex


def send(local: Local, secret: str, body: bytes, type: str = JSON) -> dict[str, str]:
    """Sends a change as the source "default"; returns the answer, which is that it is written."""
    url = f"{local.cloud.outputs.WebhookUrl}/default"
    headers = signed(secret, body, type=type)
    answer = local.cloud.fetch(url, method="POST", headers=headers, body=body)
    assert answer.status == 202, answer.body
    found: dict[str, str] = json.loads(answer.body)
    return found


def change(local: Local, secret: str, **fields: object) -> dict[str, str]:
    """Sends a document."""
    return send(local, secret, json.dumps(fields).encode())


def outcome(local: Local, answer: dict[str, str]) -> dict[str, Any]:
    """What became of a change in the end."""

    def ask() -> dict[str, Any] | None:
        asked = local.cloud.fetch(answer["status_url"])
        assert asked.status == 200, asked.body
        assert asked.headers["cache-control"] == "no-store"
        found: dict[str, Any] = json.loads(asked.body)
        assert found["key"] == answer["key"]
        return None if found["status"] == "accepted" else found

    return local.until(ask)


def test_a_post_is_created_replaced_and_deleted(local: Local, secret: str, name: str) -> None:
    """Each time its address tells when it is done, and readers see just that."""
    parts = {"key": name, "title": f"Tide {name}", "slug": name, "tags": ["sea", "no"]}
    first = change(local, secret, **parts, date="2026-05-04", markdown="High *water*.")
    assert first["key"] == f"posts/hooks/default/{name}.md"
    live = outcome(local, first)
    assert live["status"] == "live"
    page = local.get(live["url"]).text
    assert "High <em>water</em>." in page
    assert local.document(live["url"])["tags"] == ["sea", "no"]

    second = change(
        local, secret, key=first["key"], content=markdown(name, "Low water.", slug=name)
    )
    replaced = outcome(local, second)
    assert replaced["status"] == "live"
    assert "Low water." in local.get(replaced["url"]).text
    assert outcome(local, first)["status"] == "replaced"

    third = change(local, secret, key=first["key"], deleted=True)
    assert outcome(local, third)["status"] == "removed"
    assert local.get(replaced["url"]).status == 410


def test_html_may_come_as_it_is(local: Local, secret: str, name: str) -> None:
    """A raw body, named after the id of its request."""
    body = f"---\ntitle: Raw {name}\ndate: 2026-05-04\n---\n\n<p>High <b>water</b>.</p>".encode()
    answer = send(local, secret, body, HTML)
    assert answer["key"].endswith(".html")
    live = outcome(local, answer)
    assert live["status"] == "live"
    assert "<b>water</b>" in local.get(live["url"]).text


def test_a_rejected_post_is_told_with_line_and_cure(local: Local, secret: str, name: str) -> None:
    """And with the address of what readers still see; mended, it is live."""
    good = markdown(name, slug=name)
    live = outcome(local, change(local, secret, key=name, content=good))
    bad = change(
        local, secret, key=name, content="---\ntitle: Bad\ndate: 2025-02-30\n---\n\nBad.\n"
    )
    told = outcome(local, bad)
    assert (told["status"], told["url"]) == ("rejected", live["url"])
    assert told["error"]["line"] == 3
    assert "2025-02-30" in told["error"]["message"]
    assert told["error"]["fix"]
    mended = change(local, secret, key=name, content=good + "Mended.\n")
    assert outcome(local, mended)["status"] == "live"


def test_a_post_that_waits_names_the_holder(local: Local, secret: str, name: str) -> None:
    """Its path is an author's."""
    local.live(f"posts/{name}.md", markdown(name, slug=name, permalink=f"/{name}/"))
    content = markdown(name, slug=name, date="2026-05-04")
    held = local.live(f"posts/{name}-2.md", content)
    told = outcome(local, change(local, secret, key=name, content=content))
    assert (told["status"], told["url"]) == ("waiting", None)
    assert f"posts/{name}-2.md" in told["error"]["message"]
    assert local.get(held).status == 200


def test_an_address_is_of_one_post(local: Local, secret: str, name: str) -> None:
    """Changed at any place, it is none."""
    url = change(local, secret, key=name, content=markdown(name))["status_url"]
    start, _, token = url.rpartition("/")
    for at in (0, len(token) // 2, len(token) - 2):
        letter = "A" if token[at] != "A" else "B"
        forged = f"{start}/{token[:at]}{letter}{token[at + 1 :]}"
        assert local.cloud.fetch(forged).status == 404
