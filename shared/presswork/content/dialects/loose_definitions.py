"""Definitions of several paragraphs, set apart from their term by an empty line.

Without it the library takes them for tight, and runs their paragraphs together into one word.
"""

from presswork.content.dialects.draft import Draft
from presswork.patterns import late

_OF_PARAGRAPHS = late(
    r"(?<=\S\n)(?P<first>:[ \t]++[^\n]++\n(?:(?!:)[^\n\S]*+\S[^\n]*+\n){0,50}+)"
    r"(?=[ \t]*+\n(?:[ \t]*+\n)?+(?:[ ]{2}|\t)[ \t]*+\S)",
)


def set_apart(draft: Draft) -> None:
    """Puts an empty line in front of each definition of several paragraphs that has none."""
    draft.replace(_OF_PARAGRAPHS, lambda mark: f"\n{mark['first']}")
