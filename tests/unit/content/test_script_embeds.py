"""Scripts that would write something to read."""

import pytest

from presswork.content.html.script_embeds import link_of


@pytest.mark.parametrize(
    ("src", "link"),
    [
        ("https://gist.github.com/a/0af1.js", "https://gist.github.com/a/0af1"),
        ("//gist.github.com/a/0af1.js?file=b.py", "https://gist.github.com/a/0af1"),
        ("https://gist.github.com/0af1.js", "https://gist.github.com/0af1"),
        ("https://gitlab.com/-/snippets/12.js", "https://gitlab.com/-/snippets/12"),
        ("https://gitlab.com/a/b/-/snippets/12.js", "https://gitlab.com/a/b/-/snippets/12"),
        ("https://asciinema.org/a/aB1.js", "https://asciinema.org/a/aB1"),
        ("//jsfiddle.net/someone/x1y2/3/embed/js,html/", "https://jsfiddle.net/someone/x1y2/3/"),
        ("https://secure.polldaddy.com/p/12.js", "https://poll.fm/12"),
        ("https://gist.github.com.evil.example/a/0af1.js", None),
        ("https://evil.example/https://gist.github.com/a/0af1.js", None),
        ("https://platform.twitter.com/widgets.js", None),
        ("", None),
    ],
)
def test_the_place_to_read_it(src: str, link: str | None) -> None:
    """Known hosts alone have one."""
    assert link_of({"src": src}) == link


def test_widgets_name_theirs_in_an_attribute() -> None:
    """Telegram's posts and the slides of Speaker Deck."""
    assert link_of({"data-telegram-post": "durov/68"}) == "https://t.me/durov/68"
    deck = {"src": "//speakerdeck.com/assets/embed.js", "data-id": "0123456789abcdef"}
    assert link_of(deck) == "https://speakerdeck.com/player/0123456789abcdef"
    assert link_of({"data-telegram-post": "x/y"}) is None
