"""The settings file of a site, `site.yaml`."""

from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from presswork.content.decoding import decode
from presswork.content.front_matter import defaults as defaults_of
from presswork.content.front_matter.strict_yaml import LOADER, load
from presswork.content.parsing import Parsed, parse
from presswork.content.paths import is_for_posts
from presswork.errors import Rejected
from presswork.settings import Site, WebhookSource

_TRIAL = b"---\ntitle: Trial\ndate: 2021-11-21\n---\nText.\n"

Place = tuple[int | None, int | None]


def settings(data: bytes) -> Site:
    """The settings in a `site.yaml`; an empty file gives the defaults, a broken one `Rejected`."""
    text = decode(data).text
    entries = load(text, area="settings")
    try:
        site = Site.model_validate(
            {key: _given(entry.value) for key, entry in entries.items() if entry.value is not None}
        )
    except ValidationError as error:
        raise _rejected(error, text) from error
    if not is_for_posts(site):
        raise Rejected(
            "settings.permalink",
            *_place(text, ("permalink",)),
            f"Posts cannot stand at {site.permalink}: that belongs to the site itself.",
            "Begin the permalink with another word, or with :year.",
        )
    for name, source in site.sources.items():
        for key in source.defaults:
            problem = _problem_of_default(site, name, key)
            if problem is not None:
                place = _place(text, ("sources", name, "defaults", key))
                raise Rejected("settings.sources", *place, *problem)
    return site


def _problem_of_default(site: Site, source: str, key: str) -> tuple[str, str] | None:
    """What is wrong with a default, and the cure: it is tried with a post that says nothing."""
    defaults = site.sources[source].defaults
    if not defaults_of.may_be_default(key, site.extra):
        return (
            f"The key {key[:80]!r} can have no default.",
            "Take one that posts share, such as tags, author or draft, or name it in `extra`.",
        )
    meaning = defaults_of.same_meaning(key)
    first = next(each for each in defaults if defaults_of.same_meaning(each) == meaning)
    if first != key:
        return f"{first} and {key} say the same.", "Delete one of them."

    def tried(given: dict[str, Any]) -> Parsed:
        sources = {source: WebhookSource(defaults=given)}
        own = site.model_copy(update={"sources": sources})
        return parse(_TRIAL, f"posts/hooks/{source}/trial.md", own)

    try:
        found, plain = tried({key: defaults[key]}), tried({})
    except Rejected as rejected:
        return rejected.message, rejected.fix
    for warning in found.warnings:
        return warning.message, warning.fix
    if defaults_of.is_seen(key) and _meaning_of(found) == _meaning_of(plain):
        return f"The default of {key} says nothing.", "Correct the value, or delete the line."
    return None


def _meaning_of(parsed: Parsed) -> dict[str, Any]:
    return parsed.post.model_dump(exclude={"revision"})


def _given(value: Any) -> Any:
    """A value without the settings inside of it that are left empty: these have defaults."""
    if isinstance(value, dict):
        return {key: _given(inner) for key, inner in value.items() if inner is not None}
    return [_given(inner) for inner in value] if isinstance(value, list) else value


def _rejected(error: ValidationError, text: str) -> Rejected:
    first = error.errors(include_url=False)[0]
    path = first["loc"]
    place = _place(text, path)
    name = _spelled(path)
    if first["type"] == "extra_forbidden":
        known = _known(path)
        meant = "".join(f"Did you mean {each}? " for each in get_close_matches(name, known, n=1))
        return Rejected(
            "settings.unknown",
            *place,
            f"There is no setting {name[:80]!r}.",
            f"{meant}Use one of these: {', '.join(known)}.",
        )
    problem = first["msg"].removeprefix("Value error, ")
    return Rejected(
        f"settings.{path[0]}" if path else "settings.form",
        *place,
        f"The setting {name[:80]} cannot be used: {problem}.",
        "Correct the value, or delete the line to use the default.",
    )


def _spelled(path: tuple[int | str, ...]) -> str:
    """The way to a setting as people write it: `menu[0].url`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _known(path: tuple[int | str, ...]) -> list[str]:
    """The names of the settings that may stand where `path` ends."""
    model: type[BaseModel] = Site
    for step in path[:-1]:
        if isinstance(step, str) and step in model.model_fields:
            model = _part(model.model_fields[step].annotation, otherwise=model)
    return list(model.model_fields)


def _part(annotation: Any, *, otherwise: type[BaseModel]) -> type[BaseModel]:
    """The model that a field holds, itself or inside of a list or a mapping."""
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return otherwise


def _place(text: str, path: tuple[int | str, ...]) -> Place:
    """Where a setting stands: its key, or the nearest one around it.

    Without a place where an anchor is given twice: YAML 1.2 allows it (section 7.1), which the
    reader of settings knows and the composer does not.
    """
    place: Place = (None, None)
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        return place
    for step in path:
        found = _step(node, step)
        if found is None:
            break
        at, node = found
        place = at.start_mark.line + 1, at.start_mark.column + 1
    return place


def _step(node: yaml.Node | None, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """What stands one step below a node: where it begins, and its value."""
    if isinstance(node, yaml.MappingNode):
        pairs = (pair for pair in node.value if pair[0].value == step)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None
