"""The whole site of a set of posts, planned from all of them at once: pure.

The stages plan from what a change touches. This planner knows nothing of them, and they nothing of
it: both share the renderers of `presswork.site` alone, so that each can be held against the other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from presswork import site
from presswork.post import Card, Image, Post
from presswork.settings import Site
from presswork.site import Member, Object

Objects = dict[str, Object]


@dataclass(frozen=True)
class Shown:
    """A post that readers see, and its images by their addresses, as far as they have come."""

    post: Post
    images: Mapping[str, Image] = field(default_factory=dict)


def whole_site(settings: Site, shown: Iterable[Shown]) -> Objects:
    """Every object of the site but media and static files, by key; `base_url` is to be set."""
    posts = sorted(shown, key=lambda each: (each.post.date, each.post.id), reverse=True)
    lists = _lists(settings, posts)
    objects = site.furniture(settings, settings.base_url)
    for each in posts:
        objects |= _post(settings, each)
    objects |= _home(settings, lists.pop("home", []))
    objects |= _feed(settings, [each.post for each in posts[: site.NEWEST]], objects)
    months = sorted(name.partition(":")[2] for name in lists if name.startswith("month:"))
    for before, month, after in zip(["", *months], months, [*months[1:], ""], strict=False):
        members = lists.pop(f"month:{month}")
        objects |= _month(settings, month, members, newer=after or None, older=before or None)
    objects[site.SITEMAP_KEY] = site.sitemap_index(settings.base_url, months)
    for name, members in lists.items():
        objects |= _term(settings, name, members)
    return objects


def _lists(settings: Site, posts: Iterable[Shown]) -> dict[str, list[Member]]:
    """The members of each list, newest first."""
    lists: dict[str, list[Member]] = {}
    for each in posts:
        card = site.card(each.post, each.images)
        for name, words in site.lists_of(settings, each.post).items():
            lists.setdefault(name, []).append(Member(card=card, words=words))
    return lists


def _post(settings: Site, shown: Shown) -> Objects:
    """A post's page, the post as data, and what leads there from its aliases."""
    post, base_url = shown.post, settings.base_url
    return {site.key_of(alias): site.redirect(post.path) for alias in post.aliases} | {
        site.key_of(post.path): site.post_page(settings, base_url, post, shown.images),
        site.key_of(post.path, "index.json"): site.post_json(
            settings, base_url, post, shown.images
        ),
    }


def _home(settings: Site, members: Sequence[Member]) -> Objects:
    page = site.home(settings, settings.base_url, _newest(members), _older(settings, members))
    return {site.key_of("/"): page}


def _feed(settings: Site, posts: Iterable[Post], objects: Objects) -> Objects:
    documents = [json.loads(objects[site.key_of(post.path, "index.json")].body) for post in posts]
    return {site.FEED_KEY: site.atom(settings, settings.base_url, documents)}


def _month(
    settings: Site, month: str, members: Sequence[Member], *, newer: str | None, older: str | None
) -> Objects:
    """The archive and the sitemap of a month."""
    cards = [member.card for member in members]
    pages = {card.path: card.date for card in cards}
    page = site.month(settings, settings.base_url, month, cards, newer, older)
    return {
        site.key_of(site.list_path(f"month:{month}")): page,
        site.sitemap_key(month): site.sitemap_shard(settings.base_url, pages),
    }


def _term(settings: Site, name: str, members: Sequence[Member]) -> Objects:
    newest, older = members[: site.NEWEST], _older(settings, members)
    page = site.term(settings, settings.base_url, name, newest, older)
    return {site.key_of(site.list_path(name)): page}


def _newest(members: Sequence[Member]) -> list[Card]:
    return [member.card for member in members[: site.NEWEST]]


def _older(settings: Site, members: Sequence[Member]) -> str | None:
    """The month of the newest post that a list's page has no room for."""
    if len(members) <= site.NEWEST:
        return None
    return site.month_of(settings, members[site.NEWEST].card.date)
