"""The posts that benchmarks read: real ones where they stand beside the project, or made ones."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "18f" / "posts"
MADE = 200

_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*\n", re.DOTALL | re.MULTILINE)
_TRAILING_TABS = re.compile(r"[ \t]+$", re.MULTILINE)
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_WORDS = (
    "boat harbour lantern morning the a of and river garden letter stone quiet paper winter "
    "bread keeper island window to in from with station orchard signal tide almost never again"
)


@dataclass(frozen=True)
class Sample:
    """A post as its author wrote it."""

    name: str
    text: str

    @property
    def has_html(self) -> bool:
        """Whether a tag stands in it, so that its Markdown alone does not tell what it holds."""
        return _TAG.search(self.text) is not None


def real() -> list[Sample]:
    """The 509 posts of the 18F blog, or none where they are absent.

    Tabs at the ends of lines are dropped: PyYAML refuses them, and so the usual way reads no such
    post.
    """
    return [
        Sample(path.name, _TRAILING_TABS.sub("", path.read_text(encoding="utf-8")))
        for path in sorted(CORPUS.glob("*.md"))
    ]


def made(count: int = MADE) -> list[Sample]:
    """As many posts of invented text, the same ones each time; about 6 KB long as real ones are."""
    chance = random.Random(18)  # noqa: S311 - it draws sizes and words
    return [Sample(f"made-{number}.md", _made(chance, number)) for number in range(count)]


def as_feed_tools_write(sample: Sample) -> Sample:
    """The same post as wild HTML: a wrapper, empty paragraphs, a lazy image behind a proxy."""
    import markdown  # noqa: PLC0415 - other benches need no such library

    matter = _FENCE.match(sample.text)
    front, body = (matter[0], sample.text[matter.end() :]) if matter else ("", sample.text)
    html = markdown.markdown(body, extensions=["tables", "fenced_code"])
    picture = (
        '<p></p><div class="img_box" id="id_imagebox_0" onclick><img class="lazy opacity_0 " '
        'id="img_0" data-original="http://images.example/2021/boat_1024.jpg" data-height="659" '
        'data-width="900" referrerpolicy="no-referrer" '
        'src="https://proxy.example/?http://images.example/2021/boat_1024.jpg"></div>'
        "The boat in the morning<p></p>"
    )
    return Sample(
        sample.name.removesuffix(".md") + ".html",
        f'{front}\n<div class="article"> <div id="content">\n{picture}\n{html}\n</div>  </div>\n',
    )


def _made(chance: random.Random, number: int) -> str:
    front = (
        f"---\ntitle: 'Post {number}: {_sentence(chance)}'\n"
        f"date: 2021-{1 + number % 12:02}-{1 + number % 28:02} 08:30:00 +0100\n"
        "authors:\n- ann\n- bo\ntags:\n- sea\n- letters\nimage: null\n---\n"
    )
    kinds = [_paragraph, _paragraph, _paragraph, _list, _section]
    parts = [chance.choice(kinds)(chance) for _ in range(chance.randint(8, 24))]
    if number % 5 == 0:
        parts.append('<figure><img src="https://images.example/a.jpg" alt="A boat"></figure>\n')
    return "\n".join([front, *parts])


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=chance.randint(6, 18))).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    text = " ".join(_sentence(chance) for _ in range(chance.randint(2, 6)))
    return f"{text} **{chance.choice(_WORDS.split())}** and [a link](https://example.org/a?b=c).\n"


def _list(chance: random.Random) -> str:
    return "".join(f"* {_sentence(chance)}\n" for _ in range(chance.randint(3, 8)))


def _section(chance: random.Random) -> str:
    return f"## {_sentence(chance)}\n\n{_paragraph(chance)}"
