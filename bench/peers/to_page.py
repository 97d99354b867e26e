"""From a post's text to its page: CPU time beside the stacks that blogs in Python are made of.

Run by `make bench-peers` in `.venvs/bench`; prints JSON. In rows, one way reads fifty posts before
the next one does, as a program does that has one way alone. In turns, all ways read a post before
the next post comes: then each finds the processor's caches full of the others.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import frontmatter
import nh3
import parse as classic
import posts
from bs4 import BeautifulSoup
from jinja2 import Environment
from markdown_it import MarkdownIt
from posts import Sample

from presswork.content import Site, parse
from presswork.site import post_page

A_ROW = 50
BASE_URL = "https://ferry.example"
SITE = Site(base_url=BASE_URL)
LAZY = ("data-original", "data-src")
MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")
TEMPLATE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<header><a href="/">The Slow Ferry</a></header>
<main>
<h1>{{ title }}</h1>
<time>{{ date }}</time>
{{ html | safe }}
<ul>{% for tag in tags %}<li><a href="/tags/{{ tag }}/">{{ tag }}</a>{% endfor %}</ul>
</main>
"""
)


def presswork(sample: Sample) -> bytes:
    """All that Presswork does: read, repair, sanitise, and make the page."""
    parsed = parse(sample.text.encode(), f"posts/{sample.name}", SITE, uploaded=classic.UPLOADED)
    return post_page(SITE, BASE_URL, parsed.post, {}).body


def classic_stack(sample: Sample) -> bytes:
    """Python-Markdown, Beautiful Soup on html.parser, bleach, Jinja."""
    post = frontmatter.loads(sample.text)
    is_html = sample.name.endswith(".html")
    return _page(post.metadata, classic.usual_html(post.content, is_html=is_html))


def quick_stack(sample: Sample) -> bytes:
    """The quickest of the usual libraries: markdown-it-py, Beautiful Soup on lxml, nh3, Jinja."""
    post = frontmatter.loads(sample.text)
    html = post.content if sample.name.endswith(".html") else MARKDOWN.render(post.content)
    soup = BeautifulSoup(html, "lxml")
    for image in soup.find_all("img"):
        address = next((image[name] for name in LAZY if image.get(name)), None)
        if address:
            image["src"] = address
    return _page(post.metadata, nh3.clean(str(soup)))


def _page(front: Mapping[str, Any], html: str) -> bytes:
    page = TEMPLATE.render(
        title=front.get("title"), date=front.get("date"), tags=front.get("tags") or (), html=html
    )
    return page.encode()


WAYS: dict[str, Callable[[Sample], bytes]] = {
    "Presswork": presswork,
    "classic stack": classic_stack,
    "quick stack": quick_stack,
}


def in_rows(samples: Sequence[Sample]) -> dict[str, float]:
    """CPU milliseconds a post, each way for a row of posts before the next way."""
    taken = dict.fromkeys(WAYS, 0.0)
    for start in range(0, len(samples), A_ROW):
        for name, way in WAYS.items():
            for sample in samples[start : start + A_ROW]:
                taken[name] += classic.cpu_ms(way, sample)
    return {name: ms / len(samples) for name, ms in taken.items()}


def in_turns(samples: Sequence[Sample]) -> dict[str, float]:
    """The same, all ways for a post before the next post."""
    taken = dict.fromkeys(WAYS, 0.0)
    for sample in samples:
        for name, way in WAYS.items():
            taken[name] += classic.cpu_ms(way, sample)
    return {name: ms / len(samples) for name, ms in taken.items()}


def measured(kind: str, samples: Sequence[Sample], rounds: int) -> Iterator[dict[str, Any]]:
    """Rows of the JSON: for each round, order and way."""
    for way in WAYS.values():  # what is loaded late is loaded now, and templates are compiled
        for sample in islice(samples, A_ROW):
            way(sample)
    for number in range(rounds):
        for order in (in_rows, in_turns):
            for way, ms in order(samples).items():
                order_name = order.__name__.replace("_", " ")
                yield {
                    "posts": kind,
                    "count": len(samples),
                    "round": number,
                    "order": order_name,
                    "way": way,
                    "ms": round(ms, 4),
                }


def main() -> None:
    """Prints the rows, of invented posts and of real ones where they are."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--most", type=int, default=1_000, help="so many posts of each kind")
    given = options.parse_args()
    rows: list[dict[str, Any]] = []
    for corpus, written in (("invented", posts.made()), ("18F", posts.real())):
        samples = written[: given.most]
        if samples:
            html = [posts.as_feed_tools_write(sample) for sample in samples]
            rows += measured(f"{corpus}, Markdown", samples, given.rounds)
            rows += measured(f"{corpus}, HTML", html, given.rounds)
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()
