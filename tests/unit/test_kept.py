"""What depends on the settings alone is worked out once."""

from presswork.kept import MOST, kept
from presswork.settings import Author, Site


class Maker:
    """Counts how often something is made of settings."""

    def __init__(self) -> None:
        self.made = 0
        self.of = kept(self._make)

    def _make(self, site: Site, address: str) -> str:
        self.made += 1
        return f"{address}{' '.join(site.authors)}"


def test_of_the_same_settings_it_is_made_once() -> None:
    """One object of settings, and another of the same text, as each message reads one anew."""
    maker, site = Maker(), Site(title="A")
    assert [maker.of(site, "/"), maker.of(site, "/"), maker.of(Site(title="A"), "/")] == ["/"] * 3
    assert maker.made == 1


def test_of_others_it_is_made_anew() -> None:
    """Other settings, other arguments, and equal settings that name their authors otherwise."""
    maker, ann, bo = Maker(), Author(bio="a"), Author(bio="b")
    first, second = Site(authors={"ann": ann, "bo": bo}), Site(authors={"bo": bo, "ann": ann})
    assert first == second
    assert [maker.of(first, "/"), maker.of(second, "/")] == ["/ann bo", "/bo ann"]
    assert [maker.of(first, "x"), maker.of(Site(), "/")] == ["xann bo", "/"]
    assert maker.made == 4


def test_what_is_kept_is_bounded() -> None:
    """The first settings are forgotten when as many others came; the last ones are not."""
    maker, sites = Maker(), [Site(title=f"{number}") for number in range(MOST + 1)]
    for site in sites:
        maker.of(site, "/")
    maker.of(sites[-1], "/")
    assert maker.made == MOST + 1
    maker.of(sites[0], "/")
    assert maker.made == MOST + 2
