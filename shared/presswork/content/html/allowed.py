"""What sanitising lets pass of links, formulas and players: lists, and nothing else."""

SCHEMES = frozenset(
    [
        "http",
        "https",
        "bitcoin",
        "callto",
        "fax",
        "feed",
        "ftp",
        "ftps",
        "gemini",
        "geo",
        "git",
        "gopher",
        "im",
        "irc",
        "irc6",
        "ircs",
        "magnet",
        "mailto",
        "matrix",
        "mms",
        "mumble",
        "news",
        "nntp",
        "openpgp4fpr",
        "rtsp",
        "sftp",
        "sip",
        "sips",
        "sms",
        "smsto",
        "ssh",
        "svn",
        "tel",
        "urn",
        "webcal",
        "wtai",
        "xmpp",
    ]
)
"""What only leads somewhere: the safelist of the HTML Standard (section 8.7.1.2), and its like.

Left out is what acts on the page (`javascript:`, `data:`, `blob:`), reads the disk (`file:`), or
starts a program with words of the author's (`ms-msdt:`, `intent:`, `vscode:`).
"""

FORMULA_ELEMENTS = frozenset(
    [
        "math",
        "merror",
        "mfrac",
        "mi",
        "mmultiscripts",
        "mn",
        "mo",
        "mover",
        "mpadded",
        "mphantom",
        "mprescripts",
        "mroot",
        "mrow",
        "ms",
        "mspace",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtable",
        "mtd",
        "mtext",
        "mtr",
        "munder",
        "munderover",
        "none",
    ]
)
"""What shows a formula; nothing among it can hold HTML that acts, or lead anywhere."""

_SIZES = {"depth", "height", "width"}
FORMULA_ATTRIBUTES: dict[str, set[str]] = {
    "math": {"alttext", "display"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mn": {"mathvariant"},
    "mo": {"fence", "form", "largeop", "lspace", "mathvariant", "maxsize", "minsize"}
    | {"movablelimits", "rspace", "separator", "stretchy", "symmetric"},
    "mover": {"accent"},
    "mpadded": {"lspace", "voffset", *_SIZES},
    "ms": {"mathvariant"},
    "mspace": _SIZES,
    "mstyle": {"displaystyle", "mathvariant", "scriptlevel"},
    "mtable": {"columnalign", "displaystyle", "rowalign"},
    "mtd": {"columnalign", "columnspan", "rowalign", "rowspan"},
    "mtext": {"mathvariant"},
    "mtr": {"columnalign", "rowalign"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}
"""The attributes that each of them may keep, besides those of every element."""

PLAYERS = {name: {"controls": "", "preload": "metadata"} for name in ("audio", "video")}
"""What a player always has: nothing plays by itself, nothing is fetched whole before it is asked
for.
"""
PLAYER_ATTRIBUTES: dict[str, set[str]] = {
    "audio": {"controls", "loop", "preload", "src", "title"},
    "source": {"src", "type"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"controls", "height", "loop", "muted", "playsinline", "poster", "preload", "src"}
    | {"title", "width"},
}
"""What a player and its parts may have."""
