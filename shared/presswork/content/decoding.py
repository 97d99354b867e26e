"""The text of a source, in whatever encoding it was saved."""

import codecs
from typing import NamedTuple, NoReturn

from presswork.errors import Rejected
from presswork.patterns import late

MAX_BYTES = 5 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SNIFFED = 8192
"""How far into an object a NUL byte is looked for: git's measure of binary, too."""
_START = 32
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"PK\x03\x04", b"\x1f\x8b")
"""What begins files that may be without a NUL for long."""
_UNFIT = late("[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]")
_HIGH = bytes(range(128))

# How labels are understood on the web (WHATWG Encoding Standard, section 4.2), in Python's names.
_LABELS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
}
_SELF_NAMED = late(r"windows-125[0-8]|iso-8859-(?:[2-8]|1[03-6])|koi8-[ru]|euc-jp")

# What `chardet` chooses from. Some are here only so that texts in them are not taken for others.
_CANDIDATES = (
    "big5",
    "big5hkscs",
    "cp932",
    "cp949",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "iso8859-2",
    "koi8-r",
    "shift_jis",
)
_TRUSTED = {
    # its name: (bytes beyond ASCII that are enough to judge by, the least confidence)
    "gb18030": (16, 0.2),
    "big5": (16, 0.2),
    "big5hkscs": (16, 0.2),
    "cp932": (16, 0.2),
    "shift_jis": (16, 0.2),
    "cp949": (16, 0.2),
    "euc_kr": (16, 0.2),
    "euc_jp": (16, 0.2),
    "euc_jis_2004": (16, 0.2),
    "cp1251": (16, 0.2),
    "koi8-r": (16, 0.2),
    "cp1252": (4, 0.08),
}
_COMMON_NAMES = {
    "big5hkscs": "Big5",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "euc_jis_2004": "EUC-JP",
}


class DecodedText(NamedTuple):
    """A text, lines ended by a newline alone; `assumed` is its encoding where that was guessed."""

    text: str
    assumed: str | None = None


def decode(data: bytes) -> DecodedText:
    """The text of `data`, without a byte order mark.

    Bytes without a mark that are not UTF-8 are in the encoding that their HTML declares, or else in
    the one that their letters leave no doubt of; other ones are rejected.
    """
    if len(data) > MAX_BYTES:
        raise Rejected(
            "post.size",
            None,
            None,
            f"The file has more than the {MAX_BYTES:,} bytes that are allowed.",
            "Split the post, and link to large files instead of embedding them.",
        )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return DecodedText(_strict(data, len(mark), encoding))
    unmarked = _unmarked_utf_16(data)
    if unmarked:
        return DecodedText(_strict(data, 0, unmarked), unmarked.upper())
    try:
        return DecodedText(_with_newlines(data.decode()))
    except UnicodeDecodeError as error:
        assumed = _declared(data) or _detected(data)
        if assumed is None:
            _reject(data, 0, "utf-8", error)
        return DecodedText(_with_newlines(data.decode(assumed)), _common_name(assumed))


def _common_name(encoding: str) -> str:
    name = _COMMON_NAMES.get(encoding, encoding)
    return f"windows-{name[2:]}" if name.startswith("cp") else name.replace("_", "-").upper()


def is_binary(data: bytes) -> bool:
    """Whether `data` is no text: an image, an archive, a program."""
    if data.startswith(_MAGIC):
        return True
    marked = data.startswith(tuple(mark for mark, _ in _MARKS))
    return b"\0" in data[:_SNIFFED] and not marked and _unmarked_utf_16(data) is None


def beginning(data: bytes, most: int) -> str:
    """About the first `most` bytes as text for a first look; what cannot be read is left out."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_newlines(data[len(mark) : most].decode(encoding, errors="ignore"))
    encoding = _unmarked_utf_16(data) or "utf-8"
    return _with_newlines(data[:most].decode(encoding, errors="ignore"))


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _strict(data: bytes, start: int, encoding: str) -> str:
    try:
        return _with_newlines(data[start:].decode(encoding))
    except UnicodeDecodeError as error:
        _reject(data, start, encoding, error)


def _unmarked_utf_16(data: bytes) -> str | None:
    """UTF-16 without a mark, of text that begins with ASCII: every other byte is zero."""
    start = data[:_START]
    zeros = start.count(0)
    if zeros * 4 < len(start) or not zeros or len(data) % 2:
        return None
    even = start[::2].count(0)
    if even not in (0, zeros):
        return None
    encoding = "utf-16-be" if even else "utf-16-le"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _UNFIT.search(text) else encoding


def _declared(data: bytes) -> str | None:
    """The encoding that HTML or XML declares for itself, if the bytes bear that out."""
    from bs4.dammit import EncodingDetector  # noqa: PLC0415  most posts are UTF-8

    label = EncodingDetector.find_declared_encoding(data, is_html=True)
    if label is None:
        return None
    name = _LABELS.get(label) or (label if _SELF_NAMED.fullmatch(label) else None)
    return name if name and _reads_well(data, name) else None


def _detected(data: bytes) -> str | None:
    """The encoding that the letters of a text show it to be in, if they leave no doubt."""
    high = data.translate(None, _HIGH)
    if _is_broken_utf_8(data, len(high)):
        return None
    import chardet  # noqa: PLC0415  most posts are UTF-8

    found = chardet.detect(
        data, prefer_superset=True, compat_names=False, include_encodings=_CANDIDATES
    )
    name = codecs.lookup(found["encoding"] or "utf-8").name
    enough, sure = _TRUSTED.get(name, (0, 2.0))
    if len(high) < enough or found["confidence"] < sure:
        return None
    return name if _reads_well(data, name) else None


def _is_broken_utf_8(data: bytes, high: int) -> bool:
    """Whether most of what is not ASCII is UTF-8: a damaged file, in no other encoding."""
    kept = len(data.decode(errors="ignore").encode())
    return (len(data) - kept) * 2 < high


def _reads_well(data: bytes, encoding: str) -> bool:
    try:
        return _UNFIT.search(data.decode(encoding)) is None
    except UnicodeDecodeError:
        return False


def _reject(data: bytes, start: int, encoding: str, error: UnicodeDecodeError) -> NoReturn:
    before = _with_newlines(data[start : start + error.start].decode(encoding, errors="replace"))
    offset = start + error.start
    doubt = ", and too little of the text shows what else it is" if encoding == "utf-8" else ""
    raise Rejected(
        f"encoding.{encoding[:6].rstrip('-')}",
        before.count("\n") + 1,
        len(before) - before.rfind("\n"),
        f"Byte {offset} (0x{data[offset]:02x}) is not {encoding.upper()}{doubt}.",
        "Save the file as UTF-8.",
    ) from error
