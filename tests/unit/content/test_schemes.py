"""Schemes of links."""

import pytest

from presswork.content import Site
from presswork.content.html.allowed import SCHEMES
from unit.content.reading import read


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_link_of_a_harmless_scheme_keeps_its_address(scheme: str) -> None:
    """It only leads somewhere, in Markdown and in HTML."""
    address = f"{scheme}:a.example/b"
    for body in (f"[a]({address})", f"<p class=x><a href='{address}'>a</a></p>"):
        parsed = read(body)
        assert f'href="{address}"' in parsed.html
        assert not parsed.warnings


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "blob:https://a.example/x",
        "file:///etc/passwd",
        "ms-msdt:/id",
        "intent://x",
    ],
)
@pytest.mark.parametrize("trusted", [(), ("posts/",)])
def test_a_link_of_another_scheme_leaves_its_words_and_a_warning(
    address: str, trusted: tuple[str, ...]
) -> None:
    """The warning has the line and the address."""
    for body in (f"\n[words]({address})", f"\n<p class=x><a href='{address}'>words</a></p>"):
        parsed = read(body, site=Site(trusted_html=trusted))
        assert "words" in parsed.html
        assert "href" not in parsed.html
        (warning,) = parsed.warnings
        assert (warning.rule, warning.line) == ("link-scheme", 5)
        assert address in warning.message


@pytest.mark.parametrize("scheme", ["ftp", "magnet", "mailto", "ni", "file"])
def test_no_image_and_no_player_has_such_an_address(scheme: str) -> None:
    """They would be asked for without a click."""
    body = f"<p><img src='{scheme}:x'><video src='{scheme}:x'></video><audio src='{scheme}:x'>"
    assert "src=" not in read(body).html
