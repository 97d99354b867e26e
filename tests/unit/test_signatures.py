"""Signatures of requests: what the standard publishes holds, and why another does not is told."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from presswork.signatures import Cause, Signed, Unauthorized
from webhook_cases import signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "YW5vdGhlci1zZWNyZXQtb2YtMzItYnl0ZXMtaGVyZQ=="
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Vector(NamedTuple):
    """A published example: a message, and the signature of it."""

    secret: str
    id: str
    timestamp: int
    body: str
    signature: str


VECTORS = {
    # The tests of Standard Webhooks' own libraries.
    "standard": Vector(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    # Svix, "Verifying Webhooks Manually".
    "svix": Vector(
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        '{"event_type":"ping","data":{"success":true}}',
        "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    ),
}


def headers(begin: str, id: str, timestamp: int, signature: str) -> dict[str, str]:
    """The three headers."""
    return {
        f"{begin}-id": id,
        f"{begin}-timestamp": str(timestamp),
        f"{begin}-signature": signature,
    }


def made(body: bytes = b"Text.", *secrets: str, id: str = "msg_1") -> Signed:
    """A request of now, signed with these secrets."""
    at = int(NOW.timestamp())
    texts = [signature(secret, id, str(at), body) for secret in secrets or (SECRET,)]
    return Signed.read(headers("webhook", id, at, " ".join(texts)), NOW)


@pytest.mark.parametrize("begin", ["webhook", "svix"])
@pytest.mark.parametrize("name", VECTORS)
def test_what_is_published_holds(name: str, begin: str) -> None:
    """Both examples, by both names of the headers, at their own time; and not when it is over."""
    vector = VECTORS[name]
    sent = headers(begin, vector.id, vector.timestamp, vector.signature)
    then = datetime.fromtimestamp(vector.timestamp, UTC)
    signed = Signed.read(sent, then)
    signed.check(vector.body.encode(), vector.secret)
    with pytest.raises(Unauthorized) as refused:
        signed.check(vector.body.encode() + b" ", vector.secret)
    assert refused.value.cause is Cause.WRONG
    with pytest.raises(Unauthorized) as refused:
        Signed.read(sent, NOW)
    assert refused.value.cause is Cause.STALE


@given(st.text(max_size=200), st.from_regex(r"[A-Za-z0-9_-]{1,30}", fullmatch=True))
def test_what_the_library_signs_holds(body: str, id: str) -> None:
    """Our check agrees with the standard's own library."""
    text = Webhook(SECRET).sign(id, NOW, body)
    sent = headers("webhook", id, int(NOW.timestamp()), text)
    Signed.read(sent, NOW).check(body.encode(errors="surrogatepass"), SECRET)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_text_can_be_signed(body: bytes) -> None:
    """A post in another encoding than UTF-8 is signed like any other."""
    made(body).check(body, SECRET)


def test_any_secret_may_fit() -> None:
    """While a source changes its secret, both are good, and so is a malformed third beside them."""
    for stored in (SECRET, f"{OTHER} {SECRET}", f"{SECRET} {OTHER}", f"whsec_short {SECRET}"):
        made().check(b"Text.", stored)
    made(b"Text.", OTHER, SECRET).check(b"Text.", SECRET)


@pytest.mark.parametrize("secret", [SECRET.removeprefix("whsec_"), OTHER.rstrip("=")])
def test_a_secret_may_lack_its_begin_and_its_end(secret: str) -> None:
    """As the library has it: base64 alone, and base64 without its padding."""
    made(b"Text.", OTHER, SECRET).check(b"Text.", secret)


@pytest.mark.parametrize(
    ("stored", "cause"),
    [
        (None, Cause.UNKNOWN),
        (OTHER, Cause.WRONG),
        (f"{OTHER} {OTHER}", Cause.WRONG),
        ("", Cause.MALFORMED),
        ("whsec_", Cause.MALFORMED),
        ("whsec_c2hvcnQ=", Cause.MALFORMED),
        ("whsec_" + "A" * 88, Cause.MALFORMED),
        ("whsec_!" + SECRET[7:], Cause.MALFORMED),
        (f"{OTHER} whsec_c2hvcnQ=", Cause.MALFORMED),
    ],
)
def test_the_cause_is_told(stored: str | None, cause: Cause) -> None:
    """A wrong signature, a source without a secret, and a secret that its operator has to mend."""
    with pytest.raises(Unauthorized) as refused:
        made().check(b"Text.", stored)
    assert refused.value.cause is cause


def test_a_secret_of_nothing_signs_nothing() -> None:
    """What is signed with the empty key is refused, also where that is what stands stored."""
    for stored in ("whsec_", ""):
        with pytest.raises(Unauthorized):
            made(b"Text.", "whsec_").check(b"Text.", stored)


@pytest.mark.parametrize(
    ("age", "is_fresh"), [(300, True), (301, False), (-300, True), (-301, False)]
)
def test_five_minutes_are_fresh(age: int, is_fresh: bool) -> None:
    """In both directions: clocks differ."""
    at = int((NOW - timedelta(seconds=age)).timestamp())
    sent = headers("webhook", "1", at, signature(SECRET, "1", str(at), b""))
    if is_fresh:
        Signed.read(sent, NOW).check(b"", SECRET)
    else:
        with pytest.raises(Unauthorized) as refused:
            Signed.read(sent, NOW)
        assert refused.value.cause is Cause.STALE


def test_the_standard_s_names_come_first() -> None:
    """Where both are whole those of the standard count; where one is not, the other does."""
    good = headers_of(made())
    svix = headers("svix", "2", int(NOW.timestamp()), signature(OTHER, "2", "0", b""))
    assert Signed.read(good | svix, NOW).id == "msg_1"
    del good["webhook-id"]
    assert Signed.read(good | svix, NOW).id == "2"


def headers_of(signed: Signed) -> dict[str, str]:
    """The headers of a request that was read."""
    text = signature(SECRET, signed.id, signed.timestamp, b"Text.")
    return headers("webhook", signed.id, int(signed.timestamp), text)
