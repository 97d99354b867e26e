"""The words behind the fence of a listing: of each tool's, the language that is meant."""

import re
from html import escape, unescape

from presswork.content.repair_log import RepairLog
from presswork.patterns import late

_BLOCK = late(r"<pre><code((?: [\w-]++=\"[^\"<>]*+\")++)>([^<]*+)</code></pre>")
_ATTRIBUTE = late(r' ([\w-]++)="([^"]*+)"')
_WORDS = late(r"\{?[.=]?(?P<language>[\w+#-][\w+#.-]*)?(?::(?P<file>[^\s{}:]*\.[\w.]+))?")
_TITLE = late(
    r"(?:^|[\s,{])(?:title|file|filename|name|caption)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s,}\"']+))"
)
_DIRECTIVE = late(r"\{(?:code-block|code-cell|sourcecode|code)\}")
_OPTIONS = late(r"(?::[\w-]++:[^\n]*+\n)++\n?")
"""The lines at the top of a directive of MyST that say how it looks."""
_CAPTION = late(r"^:caption:[ \t]*+([^\n]++)", re.MULTILINE)
_LABEL = late(r"(?:^|\s)\[([^\[\]]{1,100}+)\]")
"""The name of a tab, in groups of VitePress and Nuxt."""
_PREFIX = late(r"lang(?:uage)?-(?=\w)")
_LINE_IN_FENCE = late(r"^[ \t>]*+(?:`{3,}+|~{3,}+)[ \t]*+[^\s`]++[ \t]++\S", re.MULTILINE)
_RAW = late(r"\{=(\w+)\}")
"""In Pandoc: what goes into documents of one format as it is, and into no others."""
_FILE = late(r"[\w./@-]{0,100}\w\.\w{1,10}")
OTHER_NAMES = {
    "cjs": "js",
    "ipython": "python",
    "ipython3": "python",
    "jsonc": "json",
    "jsonl": "json",
    "mdx": "md",
    "mjs": "js",
    "mts": "ts",
    "node": "js",
    "patch": "diff",
    "py3": "python",
    "sh-session": "console",
    "shell-session": "console",
    "shellscript": "sh",
    "shellsession": "console",
    "svg": "xml",
    "typescriptreact": "tsx",
    "javascriptreact": "jsx",
}
"""Names of languages by those that are marked up."""


def have_words(text: str) -> bool:
    """Whether more than one word stands behind a fence."""
    return ("```" in text or "~~~" in text) and bool(_LINE_IN_FENCE.search(text))


def with_languages(html: str, log: RepairLog) -> str:
    """The HTML that Markdown made, each listing with its language as it is known, and its title."""

    def of(block: re.Match[str]) -> str:
        given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(block[1])}
        word, more = given.get("class", "").removeprefix("language-"), given.get("data-meta", "")
        info = f"{word} {more}".strip()
        if word == "math":
            return f'<p><span data-math-style="display">{block[2]}</span></p>'
        raw = _RAW.fullmatch(word)
        if raw is not None:
            log.add("fence-info", before=info, after=raw[1], sign=info)
            return unescape(block[2]) if raw[1] == "html" else ""
        listed, caption = block[2], None
        if _DIRECTIVE.fullmatch(word):
            word, _, more = more.strip().partition(" ")
            options = _OPTIONS.match(listed)
            caption = _CAPTION.search(options[0]) if options else None
            listed = listed[options.end() :] if options else listed
        parts = _WORDS.match(word)
        language = (parts["language"] if parts else None) or ""
        language = _PREFIX.sub("", language)
        language = OTHER_NAMES.get(language.lower(), language)
        titled = _TITLE.search(f"{word} {more}")
        title = next((each for each in titled.groups() if each), "") if titled else ""
        title = title or (parts["file"] if parts else None) or ""
        title = title or (more if _FILE.fullmatch(more) else "")
        labelled = _LABEL.search(more)
        title = title or (labelled[1] if labelled else "")
        title = unescape(caption[1]).strip() if caption else title
        if not title and language == word and "{" not in info and word == info.split(" ")[0]:
            return block[0]
        named = f' class="language-{escape(language)}"' if language else ""
        listing = f"<pre><code{named}>{listed}</code></pre>"
        log.add("fence-info", before=info, after=f"{language} {title}".strip(), sign=info)
        if not title:
            return listing
        return f"<figure>{listing}<figcaption>{escape(title, quote=False)}</figcaption></figure>"

    return _BLOCK.sub(of, html) if "<pre><code " in html else html
