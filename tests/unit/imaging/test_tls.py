"""https holds its promise, also through `ConnectTo`."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, fetch
from presswork.imaging.fetching import transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from unit.imaging.conftest import Origin

    Reply = Callable[..., bytes]


def certify(name: str, file: Path) -> ssl.SSLContext:
    """A server's context for `name`; its certificate, signed by itself, is written to `file`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    chain = file.with_suffix(".chain")
    chain.write_bytes(
        file.read_bytes()
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


@pytest.fixture
def secure(origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Origin]:
    """An origin with a trusted certificate for images.example."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    origin.tls = certify("images.example", tmp_path / "ca.pem")
    transport._tls.cache_clear()
    yield origin
    transport._tls.cache_clear()


def test_https_through_connect_to(secure: Origin, reply: Reply) -> None:
    """A mapped host is still asked for its certificate, under its own name."""
    secure.answers["/"] = reply(b"data")
    network = secure.network("images.example", "other.example")
    fetched = fetch("https://images.example/", resolve=network.resolve, connect=network.connect)
    assert fetched.data == b"data"
    assert "Host: images.example" in secure.requests[0].splitlines()
    with pytest.raises(RetryLater, match="certificate"):
        fetch("https://other.example/", resolve=network.resolve, connect=network.connect)
    assert len(secure.requests) == 1


def test_an_unknown_certificate(secure: Origin, reply: Reply, tmp_path: Path) -> None:
    """A certificate that nobody vouches for is not accepted."""
    secure.answers["/"] = reply(b"data")
    secure.tls = certify("images.example", tmp_path / "other.pem")
    network = secure.network("images.example")
    with pytest.raises(RetryLater, match="certificate"):
        fetch("https://images.example/", resolve=network.resolve, connect=network.connect)
    assert secure.requests == []


def test_https_does_not_redirect_to_http(secure: Origin, reply: Reply) -> None:
    """What began with encryption does not end without."""
    location = {"Location": "http://images.example/"}
    secure.answers["/"] = reply(b"", status="301 Moved", headers=location)
    network = secure.network("images.example")
    with pytest.raises(Refused) as refused:
        fetch("https://images.example/", resolve=network.resolve, connect=network.connect)
    assert refused.value.rule == "fetch.downgrade"


def test_no_encryption_where_it_is_due(origin: Origin) -> None:
    """A server that answers https in the clear is not listened to."""
    network = origin.network("images.example")
    with pytest.raises(RetryLater):
        fetch(
            "https://images.example/",
            limits=Limits(silence=0.2),
            resolve=network.resolve,
            connect=network.connect,
        )
    assert origin.requests == []
