"""What MDX has beside Markdown: imports, exports, components, and comments in braces."""

import re
from dataclasses import dataclass

from presswork.content.dialects import jsx, markup
from presswork.content.dialects.arguments import Arguments, arguments_of
from presswork.content.dialects.code import Code
from presswork.content.dialects.left import Left
from presswork.content.dialects.origin import Origin
from presswork.patterns import late

_MODULE = late(
    r"""import\s++(?:[\w$*{},][\w$*{},\s]*?\sfrom\s*+)?
        (?:"[^"\n]*+"|'[^'\n]*+')[ \t]*+;?+[ \t]*+(?=\n|\Z)
    |export\s+(?:const|let|var|default|function|class|async|\{)""",
    re.VERBOSE,
)
_BLANKS = late(r"\s*+")
_END_OF_BLOCK = late(r"\n[ \t]*+(?=\n)|\Z")
_TAG = late(r"<(/?)([A-Z][\w.]*+)")
_ATTRIBUTE = late(
    r"""\s++[A-Za-z_][\w:.-]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?=\{)))?+|\s++(?=\{)"""
)
_TAG_END = late(r"\s*+(/?)>")
_IMPORTED = late(
    r"""^[ \t]*+import\s+(\w++)\s+from\s*+["']
    ([^"'\n]{1,500}\.(?:png|jpe?g|gif|webp|avif|svg|bmp))["']""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_HEADING_ID = late(r"\{/\*\s*+#[\w:.-]+\s*+\*/\}[ \t]*$", re.MULTILINE)
_OF_HTML = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink "  # noqa: SIM905
    "blockquote body br button canvas caption center cite code col colgroup data datalist dd del "
    "details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame "
    "frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend "
    "li link main map mark marquee menu meta meter nav nobr noframes noscript object ol optgroup "
    "option output p param picture pre progress q rp rt ruby s samp script section select small "
    "source span strike strong style sub summary sup svg table tbody td template textarea tfoot th "
    "thead time title tr track tt u ul var video wbr xmp".split()
)
_CUT = "<!-- more -->"
"""What stands for the comment by which Docusaurus cuts a post."""
_FIX = "Write in Markdown or HTML what it would show; to speak of it, put it between backticks."


@dataclass(frozen=True)
class _Tag:
    """A tag of a component, from its start to its end."""

    name: str
    start: int
    end: int
    closes: bool
    given: str

    @property
    def arguments(self) -> Arguments:
        return arguments_of(self.given)


def translate(text: str, origin: Origin) -> str:
    """The text without what only MDX understands; each line stays where it stood."""
    behind = _behind_modules(text)
    if behind:
        first = _BLANKS.match(text)
        line = origin.first_line + text.count("\n", 0, first.end() if first else 0)
        origin.log.add("mdx-module", before=text[:behind].strip(), after="", line=line)
    body, pictures = text[behind:], dict(_IMPORTED.findall(text[:behind]))
    if jsx.may_be_in(body):
        body = jsx.without(body, pictures, origin, text.count("\n", 0, behind))
    starts = [each for each in _TAG.finditer(body) if each[2].lower() not in _OF_HTML]
    if starts or "{/*" in body:
        code = Code(body, markdown=origin.markdown)
        left = Left(origin, text.count("\n", 0, behind))
        body = _without(body, _tags(body, starts, code), code, left)
        left.tell()
    return _lines_of(text[:behind]) + body


def _behind_modules(text: str) -> int:
    """Where the imports and exports end that a body begins with."""
    end = at = 0
    while True:
        blanks = _BLANKS.match(text, at)
        start = blanks.end() if blanks else at
        module = _MODULE.match(text, start)
        if not module:
            return end
        if module[0].startswith("import"):
            end = at = module.end()
        else:
            block = _END_OF_BLOCK.search(text, module.end())
            end = at = block.start() if block else len(text)


def _tags(text: str, starts: list[re.Match[str]], code: Code) -> list[_Tag]:
    starts = [each for each in starts if code.end(each.start()) is None]
    braces = jsx.pairs_of_braces(text) if starts else {}
    tags: list[_Tag] = []
    for start in starts:
        at = start.end()
        while attribute := _ATTRIBUTE.match(text, at):
            at = attribute.end()
            if text.startswith("{", at):
                at = braces.get(at, len(text)) + 1
        end = _TAG_END.match(text, at)
        if end and (not tags or start.start() >= tags[-1].end):
            given = text[start.end() : end.start()]
            tags.append(_Tag(start[2], start.start(), end.end(), bool(start[1]), given + end[1]))
    return tags


def _without(text: str, tags: list[_Tag], code: Code, left: Left) -> str:
    parts, at = [], 0
    for start, end, stands in sorted([*_told(tags, code, left), *_comments(text, code, left)]):
        if start >= at:
            parts += [text[at:start], stands, _lines_of(text[start:end])]
            at = end
    return "".join([*parts, text[at:]])


def _told(tags: list[_Tag], code: Code, left: Left) -> list[tuple[int, int, str]]:
    found = []
    ended = {tag.name for tag in tags if tag.closes}
    for tag in tags:
        line = left.origin.first_line + left.before + code.line(tag.start)
        made = _made(tag)
        if made is None and not tag.given and tag.name not in ended:  # as in `Vec<T>`
            made = f"&lt;{tag.name}&gt;"
            left.origin.log.add("tag-as-text", before=f"<{tag.name}>", after=made, line=line)
        elif made is None:
            said = "is no tag of HTML, and shows nothing here; the text that it encloses is kept."
            left.add("component-dropped", f"`<{tag.name}>`", said, _FIX, code.line(tag.start))
        else:
            left.origin.log.add("mdx-component", before=f"<{tag.name}>", after=made, line=line)
        found.append((tag.start, tag.end, made or ""))
    return found


def _made(tag: _Tag) -> str | None:
    """What a component shows, of those whose name and attributes leave no doubt."""
    given = tag.arguments
    src, id = given.get("src"), given.get("id", "videoid", "youtubeid")
    if tag.name in ("Image", "Img", "Figure") and src and not src.startswith("{"):
        return markup.figure(src, given.get("alt"), markup.words(given.get("caption")))
    if tag.name.lower() == "youtube" and id and not id.startswith("{"):
        return markup.youtube(id, given.get("title"))
    if tag.name == "TabItem" and not tag.closes and given.get("label"):
        return f"<p><strong>{markup.escaped(given.get('label'))}</strong></p>"
    return "" if tag.name in ("TabItem", "Tabs", "Fragment") else None


def _comments(text: str, code: Code, left: Left) -> list[tuple[int, int, str]]:
    found, at = [], 0
    while (start := text.find("{/*", at)) >= 0:
        end = text.find("*/}", start)
        if end < 0:
            break
        at = end + len("*/}")
        if code.end(start) is None and not _HEADING_ID.match(text, start):
            line = left.origin.first_line + left.before + code.line(start)
            cuts = text[start + len("{/*") : end].strip() == "truncate"
            rule, stands = ("template-more", _CUT) if cuts else ("template-comment", "")
            left.origin.log.add(rule, before=text[start:at], after=stands, line=line)
            found.append((start, at, stands))
    return found


def _lines_of(text: str) -> str:
    return "\n" * text.count("\n")
