"""The posts that every program builds: the same text, dates and tags, forty a month."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import posts

FIRST = datetime(2000, 1, 1, 8, 30, tzinfo=UTC)
APART = timedelta(hours=18)
TAGS = (
    "boats",
    "bread",
    "gardens",
    "harbour",
    "islands",
    "letters",
    "lanterns",
    "mornings",
    "orchards",
    "paper",
    "rivers",
    "signals",
    "stations",
    "stones",
    "tides",
    "winters",
)


@dataclass(frozen=True)
class Post:
    """A post before a program's own form of front matter is put before it."""

    slug: str
    title: str
    date: datetime
    tags: tuple[str, ...]
    body: str

    @property
    def page(self) -> str:
        """Where its page stands, below the folder of any of the sites."""
        return f"{self.date:%Y/%m}/{self.slug}/index.html"

    def with_words(self, words: str) -> "Post":
        """The same post with one more paragraph."""
        return replace(self, body=f"{self.body}\n{words}\n")


def written(count: int) -> Iterator[Post]:
    """As many posts, oldest first; a larger corpus begins with the smaller one."""
    chance = random.Random(11)  # noqa: S311 - it draws tags
    for number, sample in enumerate(posts.made(count)):
        # A post of the bench begins with front matter between two lines of hyphens.
        body = sample.text.split("---\n", 2)[2]
        yield Post(
            slug=f"post-{number:05}",
            title=f"Post {number} from the harbour",
            date=FIRST + number * APART,
            tags=tuple(chance.sample(TAGS, 3)),
            body=body,
        )


def in_yaml(post: Post) -> str:
    """The post as Presswork, Eleventy and Hexo read it."""
    return (
        f"---\ntitle: {post.title}\ndate: {post.date:%Y-%m-%dT%H:%M:%SZ}\n"
        f"tags: [{', '.join(post.tags)}]\n---\n{post.body}"
    )


def for_hugo(post: Post) -> str:
    """The same with its month as a taxonomy, which is how Hugo makes archives of months."""
    return in_yaml(post).replace("\ntags:", f"\nmonths: [{post.date:%Y/%m}]\ntags:", 1)


def for_eleventy(post: Post) -> str:
    """The same with its tags as data, so that each is a list alone and no collection as well."""
    text = in_yaml(post).replace("\ntags:", "\nwords:", 1)
    link = f"/{post.page.removesuffix('index.html')}"
    return text.replace("---\n", f"---\nlayout: post.liquid\npermalink: {link}\ntags: posts\n", 1)


def for_pelican(post: Post) -> str:
    """The same with the metadata of Python-Markdown."""
    return (
        f"Title: {post.title}\nDate: {post.date:%Y-%m-%d %H:%M:%S}\nSlug: {post.slug}\n"
        f"Tags: {', '.join(post.tags)}\n\n{post.body}"
    )
