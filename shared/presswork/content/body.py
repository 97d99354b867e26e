"""The body of a post: Markdown or HTML in, sanitised HTML out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape, unescape
from typing import TYPE_CHECKING

from presswork.content import dialects, markdown, markdown_inside, prose
from presswork.content.characters import has_references, uncommon
from presswork.content.dialects import markdown_marks
from presswork.content.html import page_facts, schemes
from presswork.content.html.images import ImageSet, address_of, is_relative
from presswork.content.html.sanitizing import refuse_excess, sanitize
from presswork.content.html.unclosed import Settled, settled, shielded
from presswork.content.repair_log import RepairLog
from presswork.content.soft_breaks import joined
from presswork.content.source import SourceText
from presswork.patterns import late
from presswork.settings import EmbedHost, Site

if TYPE_CHECKING:
    from presswork.content.html.tree import Element

_BLOCK_START = late(
    r"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype|(?:html|head|body|base|link|meta|style|title|noscript"
    r"|address|article|aside|blockquote|center|details|div|dl|figure|footer|form|h[1-6]|header|hr"
    r"|main|nav|ol|p|pre|section|table|ul)(?=[\s>/]))",
    re.IGNORECASE | re.DOTALL,
)
_MORE = late(
    r"<!--(?:\s*+(?:more|truncate|excerpt|teaser_end|pelican_end_summary)\s*+"
    r"|more[ \t][^<>\n]{1,100}?)-->",
    re.IGNORECASE,
)
"""Where a post is cut: of WordPress, with the words of its link, Docusaurus, Nikola and Pelican."""
_COMMENT = late(r"<!--[^<>]*-->")
_CONTROL = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE_TO_CONTROL = late(
    r"&#(?:0*(?:[0-8]|1[1245-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]))(?![0-9a-fA-F]);?"
)
_BRACE = late(r"&#(?:12[35]|[xX]7[bBdD]);")
# Raw HTML in Markdown of which nothing is to be mended: sanitising is all that it needs.
_HARMLESS = (
    r"/?(?:abbr|b|bdi|bdo|br|cite|code|del|dfn|em|hr|i|ins|kbd|mark|q|rp|rt|ruby|s|samp|small|span"
    r"|strong|sub|sup|u|var|wbr)\s*/?>"
    r'|a href="(?:https?://|mailto:|/(?!/))[^"<>]*"(?: (?:title|target|rel)="[^"<>]*")*>|/a>'
    r"|(?:https?://|mailto:|[\w.+-]+@)[^\s<>]*>"
)
_HARM = late(rf"<(?=[A-Za-z/!?])(?!{_HARMLESS})", re.IGNORECASE)
# What our own Markdown writes for an image, and nothing else when there is no raw HTML.
_IMAGE = late(r'<img src="([^"]*)" alt="([^"]*)"((?: title="[^"]*")?) />')


@dataclass(frozen=True)
class Body:
    """The body of one source: its images are added to `image_set`, what is mended in it to `log`.

    The ids of its footnotes begin with `prefix`. `site` says which marks of Markdown count, which
    frames stay frames, and whose HTML keeps its own looks.
    """

    source: SourceText
    key: str
    prefix: str
    image_set: ImageSet
    log: RepairLog
    site: Site

    def html(self) -> str:
        """Sanitised HTML; a remote image has its canonical URL, an `alt`, and at most a `title`."""
        markdown.refuse_crowded_lines(self._text, self.source.body_line)
        clean = self._sanitized(self._unsafe())
        if has_references(self.source.body) and _CONTROL.search(clean):  # they came as references
            self.log.add("control-character")
            clean = self._sanitized(_CONTROL.sub("", clean))
        return joined(clean.strip())

    @cached_property
    def _embeds(self) -> frozenset[EmbedHost]:
        return frozenset(self.site.embeds)

    @cached_property
    def _is_trusted(self) -> bool:
        return self.site.trusts(self.key)

    def _sanitized(self, html: str) -> str:
        return sanitize(html, embeds=self._embeds, trusted=self._is_trusted)

    @cached_property
    def _text(self) -> str:
        """The body without control characters."""
        found = _CONTROL.search(uncommon(self.source.body))
        if not found:
            return self.source.body
        self.log.add("control-character", before=f"U+{ord(found[0]):04X}", sign=found[0])
        return _CONTROL.sub("", self.source.body)

    @cached_property
    def _is_html(self) -> bool:
        """What begins with a block is HTML, unless text behind it shows it to be Markdown."""
        if not _BLOCK_START.match(self._text):
            return False
        refuse_excess(self._text, self.source.body_line)
        if self.key.lower().endswith((".html", ".htm")):
            return True
        if markdown_inside.asks_for_markdown(self._text):
            return False
        from presswork.content.html import repairing  # noqa: PLC0415  most posts need no tree

        return not repairing.has_paragraphs_beside_tags(self._tree)

    @cached_property
    def _settled(self) -> Settled:
        return settled(self._text, of_markdown=False)

    @cached_property
    def _tree(self) -> "Element":
        from presswork.content.html import tree  # noqa: PLC0415  most posts need no tree

        return tree.tree_of(self._settled.html)

    @cached_property
    def _translated(self) -> str:
        """The body in Markdown or HTML alone."""
        origin = dialects.Origin(
            self.log,
            self.source.body_line,
            markdown=not self._is_html,
            values={name: entry.value for name, entry in self.source.entries.items()},
        )
        return dialects.translate(self._text, origin)

    def _unsafe(self) -> str:
        text = self._translated
        if not self._is_html:
            return self._from_markdown()
        if text is self._text:
            mended = self._mended(self._settled, self._tree)
        else:
            mended = self._mended(settled(text, of_markdown=False))
        for brace in _BRACE.findall(text) if has_references(text) else ():
            self.log.add("brace-reference", before=brace, after=unescape(brace), sign=brace)
        return mended

    @cached_property
    def _marks(self) -> markdown_marks.Translation:
        return markdown_marks.Translation(
            self._translated,
            self.log,
            first_line=self.source.body_line,
            prefix=self.prefix,
            dialects=self.site.dialect,
            math=self.site.math,
        )

    @cached_property
    def _has_raw_html(self) -> bool:
        """Whether the Markdown holds HTML to be mended, also in what marks take out of it."""
        return bool(_HARM.search(self._marks.text) or _HARM.search(self._marks.taken_out))

    def _from_markdown(self) -> str:
        rendered = self._rendered
        refuse_excess(rendered.html, self.source.body_line)
        if self._has_raw_html:
            return self._mended(rendered)
        schemes.warn_of_lost(schemes.others(rendered.html), self.log)
        return self._with_known_images(rendered.html)

    @cached_property
    def _rendered(self) -> Settled:
        """The unsanitised HTML of the body, which is Markdown."""
        return self._with_raw_html(self._marks.text, self._marks.html)

    def _with_raw_html(self, text: str, to_html: Callable[[str], str]) -> Settled:
        """The HTML of Markdown; with raw HTML in it, that swallows nothing."""
        if not self._has_raw_html:
            return Settled(to_html(text))
        text = markdown_inside.opened(text, partial(markdown.run_to_html, prefix=self.prefix))
        html = to_html(shielded(text))
        refuse_excess(html, self.source.body_line)
        return settled(html, of_markdown=True)

    def _mended(self, given: Settled, body: "Element | None" = None) -> str:
        """HTML, mended as a tree, which is made of it unless it is given."""
        from presswork.content.html import repairing, tree  # noqa: PLC0415  most posts need no tree

        # Markdown has made characters of its references by now, HTML has not.
        if has_references(self.source.body) and (
            _CONTROL.search(given.html) or _REFERENCE_TO_CONTROL.search(given.html)
        ):
            self.log.add("control-character")
        body = tree.tree_of(given.html) if body is None else body
        given.tell(self.log)
        for name in tree.drop_unfit_attributes(body) if "{" in given.html else ():
            self.log.add("attribute-name", before=name, sign=name)
        repairer = repairing.Repairer(self.image_set, self.log, self.prefix, self._embeds)
        (repairer.find_images if self._is_trusted else repairer.repair)(body)
        return tree.html_of(body)

    def _with_known_images(self, html: str) -> str:
        """The short way for HTML that only our own Markdown made: its images are mended."""
        if "<img " not in html:
            return html
        identities: dict[str, str | None] = {}
        for src, alt, _ in _IMAGE.findall(html):
            spelling = unescape(src)
            identities[src] = self.image_set.add([spelling], unescape(alt))
            address = address_of(spelling)
            if address is not None and address.unwrapped:
                self.log.add("image-unwrapped", before=spelling, after=address.url, sign=spelling)

        def settled(image: re.Match[str]) -> str:
            src, alt, title = image.groups()
            identity = identities[src]
            if identity is not None:
                return f'<img src="{escape(self.image_set.url(identity))}" alt="{alt}"{title}>'
            if is_relative(unescape(src)):
                return image[0]
            self.log.add("image-dropped", before=unescape(image[0]), sign=unescape(src))
            return ""

        return _IMAGE.sub(settled, html)

    @cached_property
    def _cut(self) -> re.Pattern[str]:
        """The mark of the cut: a comment that front matter names, as in Jekyll, or a known one."""
        named = self.source.entries.get("excerpt_separator")
        own = str(named.value).strip() if named else ""
        return re.compile(re.escape(own)) if _COMMENT.fullmatch(own) else _MORE

    @property
    def page_title(self) -> str:
        """The title in the head of a page of HTML; the empty text if there is none."""
        return _CONTROL.sub("", page_facts.title_of(self._text)) if self._is_html else ""

    @property
    def page_language(self) -> str:
        """The language that a page of HTML says it is in; the empty text if it does not."""
        return page_facts.language_of(self._text) if self._is_html else ""

    @property
    def page_date(self) -> str:
        """When a page of HTML says that it appeared; the empty text if it does not."""
        return page_facts.date_of(self._text) if self._is_html else ""

    def teaser(self) -> str | None:
        """The plain text in front of `<!-- more -->`; None where nothing is marked so."""
        if not self._cut.search(self._translated):
            return None
        # Markdown leaves HTML alone, and shows by an escape which of the marks stand in code.
        as_markdown = partial(markdown.to_html, prefix=self.prefix)
        html = (
            self._with_raw_html(self._translated, as_markdown) if self._is_html else self._rendered
        ).html
        mark = self._cut.search(html)
        return prose.plain_text(joined(sanitize(html[: mark.start()]))) if mark else None
