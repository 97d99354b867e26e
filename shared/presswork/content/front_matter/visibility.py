"""Who may see a post, as its front matter says it in the words of many generators.

Whoever is not everybody's is nobody's: a word for privacy that is not understood makes a draft.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from presswork.content.front_matter import vocabulary as keys
from presswork.content.front_matter.dates import looks_like_date
from presswork.content.front_matter.entries import Entry
from presswork.content.front_matter.fields import FALSE, TRUE, Fields, flag, spelled
from presswork.post import PostWarning, Visibility

_STATUSES_OF_DRAFTS = frozenset({"draft", "pending", "trash", "auto-draft", "unpublished"})
_STATUSES_FOR_NOBODY = frozenset({"private", "sent", "skip", "inherit", "password", "protected"})
_STATUSES_OF_UNLISTED = frozenset({"hidden", "unlisted"})
_STATUSES_FOR_ALL = frozenset({"publish", "published", "future", "scheduled", "public"})
_NEVER = frozenset({"never", *FALSE})
_ALWAYS = frozenset({"always", *TRUE})
_PUBLIC = frozenset({"public", *TRUE})
_UNLISTED = frozenset({"unlisted", "hidden"})
_OUT_OF_SITEMAP = ("disable", "exclude")


class _Reach(IntEnum):
    """Who may see a post; of several words the one that shows it to fewer people counts."""

    EVERYBODY = 0
    WHO_KNOWS_THE_ADDRESS = 1
    NOBODY = 2


@dataclass(frozen=True)
class Audience:
    """Who may see a post, and whether search engines are to know it.

    `sitemap` is false where the sitemap leaves it out. `warnings` tell what words of other
    generators were read as.
    """

    draft: bool
    visibility: Visibility
    noindex: bool
    sitemap: bool
    warnings: tuple[PostWarning, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """What a post says of it."""
        return {
            "draft": self.draft,
            "visibility": self.visibility,
            "noindex": self.noindex,
            "sitemap": self.sitemap,
        }


@dataclass(frozen=True)
class _Said:
    """What one entry says; `foreign` where the word is another generator's."""

    reach: _Reach
    entry: Entry
    foreign: bool = True


def audience(fields: Fields, key: str) -> Audience:
    """Who may see the post that these fields and the folders of its key speak of."""
    said = [*_own_words(fields), *_status(fields), *_visibility(fields), *_foreign_words(fields)]
    reach = max((each.reach for each in said), default=_Reach.EVERYBODY)
    is_draft = reach is _Reach.NOBODY or "_drafts" in key.split("/")[:-1]
    is_unlisted = reach is _Reach.WHO_KNOWS_THE_ADDRESS
    noindex = _noindex(fields) or is_unlisted
    sitemap = not _out_of_sitemap(fields) and not noindex
    partly = [_hidden_in_places(each) for each in fields.take_all(*keys.HIDDEN_IN_PLACES)]
    return Audience(
        draft=is_draft,
        visibility=Visibility.UNLISTED if is_unlisted else Visibility.PUBLIC,
        noindex=noindex,
        sitemap=sitemap,
        warnings=(
            *(_warning(each, reach) for each in said if each.foreign and each.reach is reach),
            *(each for each in partly if each is not None),
        ),
    )


def _own_words(fields: Fields) -> Iterator[_Said]:
    for entry in fields.take_all(*keys.DRAFT):
        if flag(entry):
            yield _Said(_Reach.NOBODY, entry, foreign=False)
    for entry in list(fields.take_all(*keys.PUBLISHED)):
        if not looks_like_date(entry.value) and not flag(entry):
            yield _Said(_Reach.NOBODY, entry, foreign=False)
    for entry in fields.take_all(*keys.UNLISTED):
        if flag(entry):
            yield _Said(_Reach.WHO_KNOWS_THE_ADDRESS, entry, foreign=False)


def _status(fields: Fields) -> Iterator[_Said]:
    entry = fields.take(*keys.STATUS)
    if entry is None:
        return
    word = _word(entry.value)
    if word in _STATUSES_OF_DRAFTS:
        yield _Said(_Reach.NOBODY, entry, foreign=False)
    elif word in _STATUSES_FOR_NOBODY:
        yield _Said(_Reach.NOBODY, entry)
    elif word in _STATUSES_OF_UNLISTED:
        yield _Said(_Reach.WHO_KNOWS_THE_ADDRESS, entry)
    elif word not in _STATUSES_FOR_ALL:
        fields.put_back(entry)


def _visibility(fields: Fields) -> Iterator[_Said]:
    for entry in fields.take_all(*keys.VISIBILITY):
        word = _word(entry.value)
        if word in _UNLISTED:
            yield _Said(_Reach.WHO_KNOWS_THE_ADDRESS, entry, foreign=word != "unlisted")
        elif word not in _PUBLIC:
            yield _Said(_Reach.NOBODY, entry)


def _foreign_words(fields: Fields) -> Iterator[_Said]:
    for entry in fields.take_all(*keys.PRIVATE, *keys.PASSWORD, *keys.HEADLESS):
        if _word(entry.value) not in FALSE:
            yield _Said(_Reach.NOBODY, entry)
    for entry in fields.take_all(*keys.HIDDEN):
        if _word(entry.value) not in FALSE:
            yield _Said(_Reach.WHO_KNOWS_THE_ADDRESS, entry)
    permalink = fields.peek(*keys.PERMALINK)
    if permalink is not None and permalink.value is False:
        yield _Said(_Reach.NOBODY, permalink)
    render = fields.take(*keys.RENDER)
    if render is not None:
        yield from _render(fields, render, render.value)
    build = fields.take(*keys.BUILD)
    if build is not None and isinstance(build.value, dict):
        yield from _build(build, build.value)
    elif build is not None:
        fields.put_back(build)


def _render(fields: Fields, entry: Entry, value: Any) -> Iterator[_Said]:
    word = _word(value)
    if word in _NEVER or word == "link":
        yield _Said(_Reach.NOBODY, entry)
    elif word not in _ALWAYS:
        fields.put_back(entry)


def _build(entry: Entry, options: dict[str, Any]) -> Iterator[_Said]:
    """Hugo's build options; a value that it does not know either is never everybody's."""
    if _word(options.get("render", "always")) not in _ALWAYS:
        yield _Said(_Reach.NOBODY, entry)
    if _word(options.get("list", "always")) not in _ALWAYS:
        yield _Said(_Reach.WHO_KNOWS_THE_ADDRESS, entry)


def _noindex(fields: Fields) -> bool:
    said = [_word(entry.value) not in FALSE for entry in fields.take_all(*keys.NOINDEX)]
    robots = fields.take(*keys.ROBOTS)
    words = set(_word(robots.value).replace(",", " ").split()) if robots else set[str]()
    return any(said) or bool(words & {"noindex", "none"})


def _out_of_sitemap(fields: Fields) -> bool:
    """Jekyll's `sitemap: false`, Hugo's `disable`; how often a page changes is nobody's matter."""
    entry = fields.take(*keys.SITEMAP)
    if entry is None:
        return False
    if isinstance(entry.value, dict):
        return any(_word(entry.value.get(name, "")) in TRUE for name in _OUT_OF_SITEMAP)
    return _word(entry.value) in _NEVER


def _hidden_in_places(entry: Entry) -> PostWarning | None:
    if _word(entry.value) in FALSE:
        return None
    return PostWarning(
        rule="visibility.places",
        line=entry.line,
        message=f"`{entry.key}` hides the post in no list: a post stands in all or in none.",
        fix="Write `unlisted: true` for none, or delete the line.",
    )


def _warning(said: _Said, reach: _Reach) -> PostWarning:
    """What a foreign word was read as; never with its value, which may be a secret."""
    entry = said.entry
    if reach is _Reach.NOBODY:
        return PostWarning(
            rule="visibility.draft",
            line=entry.line,
            message=f"`{entry.key}` keeps the post from everybody: it is a draft, and on no page.",
            fix="Write `draft: true` to say so, or delete the line to show the post to everybody.",
        )
    return PostWarning(
        rule="visibility.unlisted",
        line=entry.line,
        message=f"`{entry.key}` leaves the post out of all lists: who knows its address reads it.",
        fix="Write `unlisted: true` to say so, or `draft: true` to show it to nobody.",
    )


def _word(value: Any) -> str:
    return spelled(value).strip().lower()
