"""Films and sounds of the author's own, which pages play from the site itself."""

from presswork.content.html import tree
from presswork.content.html.allowed import PLAYER_ATTRIBUTES, PLAYERS
from presswork.content.html.image_repairs import Place
from presswork.content.html.images import names_file
from presswork.content.html.tree import Element


def own_player(element: Element, place: Place) -> Element | None:
    """The player of a film or a sound that lies on the site; None for any other element."""
    if element.tag not in PLAYERS:
        return None
    player = _copy(element, place)
    player.extend(
        _copy(part, place)
        for part in element.iter("source", "track")
        if names_file(place.absolute(part.get("src", "")))
    )
    src = player.get("src", "")
    if src and not names_file(src):
        del player.attrib["src"]
    has_source = "src" in player.attrib or next(player.iter("source"), None) is not None
    return player if has_source else None


def is_changed(element: Element, player: Element) -> bool:
    """Whether a player lacks what its author wrote, besides what every one has anyway."""
    return bool(tree.text_of(element)) or _said(element) != _said(player)


def _said(element: Element) -> set[tuple[str, str, str]]:
    return {
        (str(each.tag), name, value)
        for each in element.iter()
        for name, value in tree.attributes(each).items()
        if name not in ("class", "controls", "preload", "style")
    }


def _copy(element: Element, place: Place) -> Element:
    copy = tree.new(str(element.tag), **PLAYERS.get(str(element.tag), {}))
    for name, value in tree.attributes(element).items():
        if name in PLAYER_ATTRIBUTES[str(element.tag)] and name not in copy.attrib:
            copy.set(name, place.absolute(value) if name in ("poster", "src") else value)
    return copy
