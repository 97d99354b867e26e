"""The second way in: a post over HTTP, signed by the rules of Standard Webhooks."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from e2e.local import Local, markdown
from e2e.test_rights import without
from presswork_cli.local.cloud import Response

JSON = "application/json"


@pytest.fixture(scope="module")
def signer(local: Local) -> Webhook:
    """A sender who knows the secret of the source "default"."""
    answer = local.cloud.client("ssm").get_parameter(
        Name=local.cloud.outputs.WebhookSecret, WithDecryption=True
    )
    return Webhook(answer["Parameter"]["Value"])


@pytest.fixture
def name() -> str:
    """A file name that no other test uses."""
    return f"{uuid4().hex}.md"


def document(name: str) -> str:
    """A post as JSON."""
    return json.dumps({"key": f"posts/hooks/default/{name}", "content": markdown(f"Hooked {name}")})


def signed(
    signer: Webhook, body: str, *, id: str | None = None, age: timedelta = timedelta()
) -> dict[str, str]:
    """The headers of a signed request."""
    id, time = id or f"msg_{uuid4().hex}", datetime.now(UTC) - age
    return {
        "content-type": JSON,
        "webhook-id": id,
        "webhook-timestamp": str(int(time.timestamp())),
        "webhook-signature": signer.sign(id, time, body),
    }


def post(local: Local, body: str, headers: dict[str, str], source: str = "default") -> Response:
    """Sends a request to a source of the webhook."""
    url = f"{local.cloud.outputs.WebhookUrl}/{source}"
    return local.cloud.fetch(url, method="POST", headers=headers, body=body.encode())


def versions(local: Local, name: str) -> list[str]:
    """The versions of what was written under a name."""
    answer = local.cloud.client("s3").list_object_versions(
        Bucket=local.cloud.outputs.ContentBucket, Prefix=f"posts/hooks/default/{name}"
    )
    return [version["VersionId"] for version in answer.get("Versions", [])]


def test_a_signed_post_ends_as_a_live_page(local: Local, signer: Webhook, name: str) -> None:
    """202 and the key at once; the page a little later."""
    body = document(name)
    answer = post(local, body, signed(signer, body))
    assert answer.status == 202
    assert json.loads(answer.body)["key"] == f"posts/hooks/default/{name}"
    local.until(lambda: f"Hooked {name}" in local.feed())


def test_a_post_may_come_as_markdown(local: Local, signer: Webhook, name: str) -> None:
    """The body is the post, its key is the source's own."""
    body = markdown(f"Plain {name}")
    headers = signed(signer, body) | {"content-type": "text/markdown"}
    answer = post(local, body, headers)
    assert answer.status == 202
    assert json.loads(answer.body)["key"].startswith("posts/hooks/default/")
    local.until(lambda: f"Plain {name}" in local.feed())


def test_an_unsigned_post_is_refused(local: Local, name: str) -> None:
    """401, and nothing is written."""
    answer = post(local, document(name), {"content-type": JSON})
    assert (answer.status, versions(local, name)) == (401, [])


def test_a_wrongly_signed_post_is_refused(local: Local, name: str) -> None:
    """A signature by another secret is none."""
    body = document(name)
    stranger = Webhook("whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=")
    answer = post(local, body, signed(stranger, body))
    assert (answer.status, versions(local, name)) == (401, [])


def test_a_changed_body_is_refused(local: Local, signer: Webhook, name: str) -> None:
    """A signature holds for the bytes that were signed."""
    headers = signed(signer, document("other.md"))
    answer = post(local, document(name), headers)
    assert (answer.status, versions(local, name)) == (401, [])


def test_a_stale_post_is_refused(local: Local, signer: Webhook, name: str) -> None:
    """A request of ten minutes ago may be a recording."""
    body = document(name)
    answer = post(local, body, signed(signer, body, age=timedelta(minutes=10)))
    assert (answer.status, versions(local, name)) == (401, [])


def test_an_unknown_source_is_refused(local: Local, signer: Webhook, name: str) -> None:
    """Each source has a secret of its own."""
    body = document(name)
    answer = post(local, body, signed(signer, body), source="stranger")
    assert (answer.status, versions(local, name)) == (401, [])


def test_a_source_writes_below_its_own_prefix_only(
    local: Local, signer: Webhook, name: str
) -> None:
    """A valid signature is no right to other people's posts."""
    body = json.dumps({"key": f"posts/{name}", "content": markdown("Mine")})
    assert post(local, body, signed(signer, body)).status == 403


def test_a_repeated_id_gets_the_first_answer_and_writes_nothing(
    local: Local, signer: Webhook, name: str
) -> None:
    """A sender that missed our answer may send again."""
    body, id = document(name), f"msg_{uuid4().hex}"
    first = post(local, body, signed(signer, body, id=id))
    written = versions(local, name)
    second = post(local, body, signed(signer, body, id=id))
    assert (second.status, second.body) == (first.status, first.body)
    assert versions(local, name) == written
    assert len(written) == 1


def test_a_request_that_failed_may_be_sent_again(local: Local, signer: Webhook, name: str) -> None:
    """What could not be written is not answered as if it were: the same id is worked on again."""
    body, id = document(name), f"msg_{uuid4().hex}"
    with without(local, "Webhook", "s3:PutObject"):
        assert post(local, body, signed(signer, body, id=id)).status >= 500
    assert post(local, body, signed(signer, body, id=id)).status == 202
    assert len(versions(local, name)) == 1
