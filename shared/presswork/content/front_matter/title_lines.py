"""Front matter with a mark at the start of each line: Nikola's comment and Pandoc's title block."""

import re

from presswork.patterns import late

# Nikola: `<!--`, lines such as `.. title: Fog`, `-->`.
COMMENT = late(
    r"<!--[ \t]*+\n(?P<lines>(?:[ \t]*+\.\.[ \t]++\w[\w-]{0,40}+:[^\n]*+\n)++)"
    r"[ \t]*+-->[ \t]*+(?:\n|\Z)"
)
# Pandoc: `% title`, `% authors`, `% date`; what begins with a blank goes on.
BLOCK = late(
    r"%[ \t]++(?P<title>[^\n]++(?:\n[ \t]++[^\n]++)*+)\n"
    r"%(?:[ \t]++(?P<authors>[^\n]++(?:\n[ \t]++[^\n]++)*+))?+[ \t]*+\n"
    r"%[ \t]++(?P<date>[^\n]++)(?:\n|\Z)"
)


def headers_of_comment(found: re.Match[str]) -> str:
    """The lines of Nikola's comment as headers; those without a value say nothing."""
    lines = (line.strip().removeprefix("..").strip() for line in found["lines"].split("\n"))
    return "\n".join(lines).rstrip("\n")


def headers_of_block(found: re.Match[str]) -> str:
    """The title block as headers; each author of several stands behind a semicolon or a line."""
    title = " ".join(found["title"].split())
    authors = re.split(r";|\n", found["authors"] or "")
    named = "; ".join(filter(None, (each.strip() for each in authors)))
    return f"title: {title}\nauthors: {named}\ndate: {found['date'].strip()}"
