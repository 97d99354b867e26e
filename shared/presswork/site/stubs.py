"""What stands at an address without a page: nothing, something removed, something moved.

A stub tells by its metadata how it is to be answered; the edge turns that into a status. The store
compares bodies alone, so two stubs with other metadata have other bodies too.
"""

from presswork.object import Object
from presswork.settings import Site
from presswork.site.addresses import href
from presswork.site.objects import page
from presswork.site.phrases import phrases_for
from presswork.site.theme.rendering import render, render_page
from presswork.site.theme.values import NoticePage
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

STATUS = "presswork-status"
LOCATION = "presswork-location"

# User metadata have 2 KB in all (S3 User Guide, "Working with object metadata").
_LONGEST_LOCATION = 1900


def not_found(site: Site, base_url: str, *, theme: ThemeFiles = DEFAULT_THEME) -> Object:
    """The page for every address that has none."""
    phrases = phrases_for(site.language)
    return page(_notice(site, base_url, theme, phrases.not_found_title, phrases.not_found_text))


def gone(site: Site, base_url: str, *, theme: ThemeFiles = DEFAULT_THEME) -> Object:
    """The stub of a removed page, to be answered with 410."""
    phrases = phrases_for(site.language)
    return page(
        _notice(site, base_url, theme, phrases.gone_title, phrases.gone_text), {STATUS: "410"}
    )


def redirect(path: str) -> Object:
    """The stub of a page that moved to another path, to be answered with 301."""
    return redirect_to(href(path))


def redirect_to(target: str) -> Object:
    """The stub of what moved to a reference, percent-encoded, to be answered with 301.

    Where nothing reads the metadata, or they have no room for it, the page itself leads on.
    """
    fits = len(target) <= _LONGEST_LOCATION
    return page(
        render("moved.html", target=target), {STATUS: "301", LOCATION: target} if fits else {}
    )


def _notice(site: Site, base_url: str, theme: ThemeFiles, title: str, text: str) -> str:
    values = NoticePage(title=title, text=text)
    return render_page(
        "notice.html", site, base_url, theme, values, path=None, language=site.language
    )
