"""The loss meter finds what is not on a page, and accuses no sound post."""

import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest

from presswork.content import Parsed, Site, parse, prose
from presswork_cli.offline.losses import measure
from unit.cli.test_app import run
from unit.cli.test_check import post as written

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
POSTS = 500


class Writer:
    """Writes posts of invented words, in every form of Markdown and HTML that people use."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def words(self, least: int = 8, most: int = 40) -> str:
        """Invented words."""
        return " ".join(
            "".join(self.dice.choices(LETTERS, k=self.dice.randint(2, 9)))
            for _ in range(self.dice.randint(least, most))
        )

    def name(self) -> str:
        """An invented name of a file."""
        return "".join(self.dice.choices(LETTERS, k=9))

    def block(self) -> str:
        """A part of a post."""
        forms: list[Callable[[], str]] = [
            lambda: self.words().capitalize() + ".",
            lambda: f"{self.words()} *{self.words(1, 3)}* and **{self.words(1, 2)}**bold.",
            lambda: f"## {self.words(2, 5)}",
            lambda: f"{self.words(2, 4)}\n{'-' * 12}\n\n{self.words()}",
            lambda: "\n".join(f"{n}. {self.words(2, 6)}" for n in range(1, 5)),
            lambda: "\n".join(f"- [{x}] {self.words(2, 6)}" for x in " x"),
            lambda: f"> {self.words()}\n> — {self.words(1, 2)}",
            lambda: f"```{self.name()} title\n{self.name()}({self.words(1, 3)})\n\n  x = 1\n```",
            lambda: f'![{self.words(1, 4)}](https://a.example/{self.name()}.png "{self.name()}")',
            lambda: f"[{self.words(1, 4)}](https://a.example/{self.name()}/?q=1) {self.words()}",
            lambda: f"<https://a.example/{self.name()}> {self.words()} `{self.name()}`",
            lambda: (
                f"| {self.name()} | b |\n|---|:-:|\n| {self.words(1, 3)} | {self.words(1, 2)} |"
            ),
            lambda: f'<div class="{self.name()}"><p>{self.words()}</p><p>{self.words()}</p></div>',
            lambda: (
                f"<figure><img src='/{self.name()}.jpg' alt='{self.words(1, 3)}'>"
                f"<figcaption>{self.words(2, 5)}</figcaption></figure>"
            ),
            lambda: f"{self.words()}[^{self.name()}] &amp; caf&eacute; <!-- {self.words()} -->",
            lambda: f"{self.words(3, 9)}\\\n{self.words(3, 9)} 汉字{self.dice.randint(1, 99)}文章",
        ]
        return self.dice.choice(forms)()

    def post(self) -> bytes:
        """A whole post."""
        blocks = [self.block() for _ in range(self.dice.randint(3, 15))]
        body = "\n\n".join([self.words(), *blocks])
        return f"---\ntitle: {self.words(2, 5)}\ndate: 2024-01-02\n---\n\n{body}\n".encode()


def parsed(data: bytes) -> Parsed:
    """A post as the pipeline understands it."""
    return parse(data, "posts/a.md", Site())


@cache
def written_post(seed: int) -> tuple[bytes, Parsed]:
    """An invented post, and what it is understood to be."""
    data = Writer(seed).post()
    return data, parsed(data)


def damaged(sound: Parsed, html: str) -> Parsed:
    """The same post with another page."""
    images = tuple(image for image in sound.images if image.url in html)
    post = sound.post.model_copy(update={"html": html, "images": images})
    return replace(sound, post=post, text=prose.plain_text(html))


def test_sound_posts_are_not_accused() -> None:
    """Of 500 posts none; one in a hundred would be borne."""
    accused = [seed for seed in range(POSTS) if measure(*written_post(seed))]
    assert accused == []


PLANTED = {
    "loss-words": r"<p>(?:(?!<p>|</p>|<img|<a |<code).){60,}?</p>",
    "loss-image": r"<img [^>]*>",
    "loss-link": r'<a href="https://a.example/\w+/\?q=1"[^>]*>',
    "loss-code": r"<pre>.*?</pre>",
    "loss-table": r"</?(?:table|thead|tbody|tr|td|th)\b[^>]*>",
}


def test_each_planted_loss_is_found() -> None:
    """In 500 posts: a paragraph, image, link, code or table taken out is told by its rule."""
    planted: Counter[str] = Counter()
    for seed in range(POSTS):
        data, sound = written_post(seed)
        there = [rule for rule in PLANTED if re.search(PLANTED[rule], sound.html, re.DOTALL)]
        rule = min(there, key=lambda rule: planted[rule])
        count = 0 if rule == "loss-table" else 1
        html = re.sub(PLANTED[rule], " ", sound.html, count=count, flags=re.DOTALL)
        told = measure(data, damaged(sound, html))
        assert rule in {each.rule for each in told}, seed
        assert all(each.line for each in told)
        planted[rule] += 1
    assert min(planted.values()) > POSTS / 10
    assert planted.keys() == PLANTED.keys()


def test_the_line_is_that_of_the_rarest_words() -> None:
    """What is blamed is where the words stand that are nowhere else."""
    body = "One line of words here.\n\nHere is what nobody will ever read again, alas.\n\nThe end."
    data = f"---\ntitle: T\ndate: 2024-01-02\n---\n{body}\n".encode()
    html = parsed(data).html.replace("Here is what nobody will ever read again, alas.", "")
    [told] = measure(data, damaged(parsed(data), html))
    assert (told.rule, told.line, told.count) == ("loss-words", 7, 9)
    assert "nobody will ever read again" in told.message


def test_what_a_repair_tells_is_no_loss() -> None:
    """A script that was taken out is a repair, whole, however long it is."""
    script = "<script>" + " ".join(f"word{number}" for number in range(200)) + "</script>"
    data = f"---\ntitle: T\ndate: 2024-01-02\n---\nWords.\n\n{script}\n\nMore.\n".encode()
    assert parsed(data).repairs
    assert measure(data, parsed(data)) == ()


@pytest.mark.parametrize("hostile", ["<!--", "<script>", "`", "``", "<pre>", "[", "![", "|-", "{:"])
def test_hostile_sources_take_linear_work(hostile: str) -> None:
    """What is opened ever so often and never closed is read once: four times as much, no square."""
    sound = parsed(b"---\ntitle: T\ndate: 2024-01-02\n---\nWords.\n")

    def cost(count: int) -> float:
        data = f"---\ntitle: T\ndate: 2024-01-02\n---\nWords.\n\n{hostile * count}\n".encode()
        begun = process_time()
        measure(data, sound)
        return process_time() - begun

    few, many = (min(cost(count) for _ in range(3)) for count in (10_000, 40_000))
    assert many < 9 * few + 0.05


def test_an_address_that_is_none_is_no_loss() -> None:
    """A scheme alone has nothing behind it to be looked for on the page."""
    data = b"---\ntitle: T\ndate: 2024-01-02\n---\n[a](http://) words.\n"
    assert measure(data, parsed(data)) == ()


def test_check_measures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` and `build --strict` tell losses; `build` alone does not measure."""
    words = "These are words that stand on no page at all, whoever looks."
    file = written(tmp_path / "posts" / "a.md", f"Seen.\n\n{words}")
    real = parse

    def forgetful(data: bytes, *args: object, **more: object) -> Parsed:
        return real(data.replace(words.encode(), b""), *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("presswork.content.parse", forgetful)
    _, out, _ = run(capsys, "check", str(file))
    assert re.search(r"a\.md:\d+: Of 13 words 12 are not on the page", out)
    build = ("build", str(tmp_path), "--out", str(tmp_path / "out"))
    assert run(capsys, *build)[0] == 0
    code, out, _ = run(capsys, *build, "--strict")
    assert code == 1
    assert "words 12 are not on the page" in out
