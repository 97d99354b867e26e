"""The marks of other tools' Markdown in one body, put into the Markdown that is rendered."""

from collections.abc import Iterable
from typing import Literal

from presswork.content import markdown
from presswork.content.characters import Signs
from presswork.content.dialects import (
    captions,
    directive_images,
    embed_lines,
    fences,
    inline_marks,
    loose_definitions,
    myst_lines,
    obsidian,
    picture_sizes,
    toc_lines,
)
from presswork.content.dialects.abbreviations import Abbreviations
from presswork.content.dialects.admonitions import Admonitions
from presswork.content.dialects.attribute_marks import AttributeMarks, with_links_to
from presswork.content.dialects.comments import without_comments
from presswork.content.dialects.draft import Draft
from presswork.content.dialects.formulas import Formulas
from presswork.content.dialects.heading_ids import with_heading_ids
from presswork.content.dialects.tools import understood
from presswork.content.repair_log import RepairLog
from presswork.settings import Dialect

_SIGNS = (
    "{",
    "==",
    "[[",
    "[!",
    "%%",
    ":::",
    "!!!",
    "???",
    "*[",
    "$",
    "~",
    "^",
    "\\(",
    "\\[",
    "```",
)
"""One of these stands in every text that holds a mark, but for emoji and titles of listings."""

Math = bool | Literal["auto"]


class Translation:
    """Markdown whose marks of other tools are put into `text`, and into the HTML made of that.

    It begins on `first_line` of its source; ids of footnotes and blocks begin with `prefix`. What
    `dialects` name is understood besides what is unmistakable; what is meant as a mark and not
    understood stays as text, with a warning in `log`.
    """

    def __init__(
        self,
        text: str,
        log: RepairLog,
        *,
        first_line: int = 1,
        prefix: str,
        dialects: Iterable[Dialect] = (),
        math: Math = "auto",
    ) -> None:
        self._log = log
        self._known = understood(dialects)
        self._prefix = prefix
        self._math = math
        self._draft = Draft(text, log, first_line)
        self._boxes = Admonitions(self._draft)
        self._attributes = AttributeMarks(self._draft, prefix)
        self._abbreviations = Abbreviations()
        if "hidden-lines" in self._known:
            myst_lines.drop(self._draft)
        signs, signs_now = Signs(text), Signs(self._draft.text)
        self._has_signs = any(map(signs_now.hold, _SIGNS))
        if signs.hold("!["):
            picture_sizes.drop(self._draft, obsidian="comments" in self._known)
        if signs.hold("\n:"):
            loose_definitions.set_apart(self._draft)
        if signs.hold("\n///"):
            captions.put_into_markdown(self._draft)
        if signs.hold("@["):
            embed_lines.put_into_markdown(self._draft)
        if "[" in text and "toc" in text.lower():
            toc_lines.drop(self._draft, wikilinks="wikilinks" in self._known)
        if self._has_signs:
            self._put_into_markdown()
        inline_marks.settle(self._draft, self._known)

    @property
    def text(self) -> str:
        """The Markdown, in which stand-ins take the place of what it must not read."""
        return self._draft.text

    @property
    def taken_out(self) -> str:
        """What of the author's words stands in the HTML and not in the text: titles of boxes."""
        return "\n".join(self._boxes.titles)

    def html(self, text: str) -> str:
        """The unsanitised HTML of `text`, or of what was made of it."""
        html = markdown.to_html(
            text,
            prefix=self._prefix,
            extensions=(
                *markdown.EXTENSIONS,
                *inline_marks.extensions(self._known),
                *(("block_directive",) if self._boxes.any else ()),
            ),
            full_info=self._has_signs and fences.have_words(text),
        )
        return self._finished(html) if self._has_signs else html

    def _finished(self, html: str) -> str:
        html = self._boxes.boxed(html)
        html = with_heading_ids(html, self._log) if "}</h" in html else html
        html = fences.with_languages(html, self._log)
        html = self._abbreviations.shown(html)
        return with_links_to(self._draft.rendered(html), self._attributes.anchors)

    def _put_into_markdown(self) -> None:
        """In this order: what is hidden first, then what no other mark may be read in."""
        draft, known = self._draft, self._known
        without_comments(draft, obsidian="comments" in known)
        if self._math is not False:
            Formulas(draft, always=self._math is True, inline="inline-math" in known).take_out()
        directive_images.put_into_markdown(draft)
        self._boxes.put_into_markdown(directives="directives" in known, tabs="tabs" in known)
        if "[[" in draft.text:
            obsidian.with_links(draft, wikilinks="wikilinks" in known)
        if "comments" in known and "^" in draft.text:
            obsidian.without_block_ids(draft)
        if "*[" in draft.text:
            self._abbreviations.take_out(draft)
        if "{" in draft.text or "\n^" in draft.text:
            self._attributes.take_out()
