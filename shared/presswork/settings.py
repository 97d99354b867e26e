"""What an administrator can set for the whole site, in `site.yaml`."""

import hashlib
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, field_validator

from presswork.post import Model

_PLACEHOLDERS = ("year", "month", "day", "slug", "id")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone of the IANA database") from error
    return name


class Site(Model):
    """The settings of a site; every one has a default, an unknown one is an error.

    `base_url` has no slash at the end; empty means the address the site was deployed at.
    `permalink` knows `:year`, `:month`, `:day`, `:slug` and `:id`, in the site's time zone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200)] = "Presswork"
    base_url: str = ""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    timezone: str = "UTC"
    permalink: str = "/:year/:month/:slug/"
    categories: Literal["chain", "parallel"] = "chain"

    @field_validator("base_url")
    @classmethod
    def _base_url_is_absolute(cls, url: str) -> str:
        parts = urlsplit(url)
        absolute = parts.scheme in ("http", "https") and parts.hostname
        if url and (not absolute or "?" in url or "#" in url):
            raise ValueError("write it as https://example.org, without ? and #")
        return url.rstrip("/")

    @field_validator("permalink")
    @classmethod
    def _permalink_tells_posts_apart(cls, template: str) -> str:
        if not (template.startswith("/") and template.endswith("/")):
            raise ValueError("it has to begin and end with a slash")
        names = re.findall(r":(\w+)", template)
        unknown = [name for name in names if name not in _PLACEHOLDERS]
        if unknown:
            raise ValueError(f":{unknown[0]} is not one of :{', :'.join(_PLACEHOLDERS)}")
        if "slug" not in names and "id" not in names:
            raise ValueError("it needs :slug or :id to tell posts apart")
        return template

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        return _known_zone(name)

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    def digest(self) -> str:
        """The sha256 of the effective settings, in hex."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
