"""Bytes in the encodings that posts are saved in."""

import pytest

from presswork.content import Site, is_post, parse
from presswork.content.decoding import decode
from presswork.errors import Rejected

TEXTS = {
    "gb18030": "今天早上我们沿着河边走了很久，桥下的水比昨天更高，书店的门半开着。",
    "big5": "今天早上我們沿著河邊走了很久，橋下的水比昨天更高，書店的門半開著。",
    "cp932": "今朝、私たちは川沿いを長い時間歩きました。橋の下の水は高くなっています。",
    "euc_jp": "今朝、私たちは川沿いを長い時間歩きました。橋の下の水は高くなっています。",
    "cp949": "오늘 아침 우리는 강가를 오래 걸었습니다. 다리 아래의 물은 어제보다 높습니다.",
    "cp1251": "Сегодня утром мы долго шли вдоль реки. Вода под мостом выше, чем вчера.",
    "cp1252": "Ce matin, nous avons marché près de la rivière. L’été dernier, l’eau était là.",
    "latin-1": "Heute früh öffnet die Bäckerei später. Über den Dächern hörte man die Mädchen.",
}
RIVALS = {
    "cp1250": "Dziś rano długo szliśmy wzdłuż rzeki. Woda pod mostem jest wyższa niż wczoraj.",
    "iso8859_2": "Ma reggel sokáig sétáltunk a folyó mentén, és az ajtó nyitva volt. Eső lesz.",
    "cp1257": "Šiandien ryte ilgai vaikščiojome palei upę. Vanduo aukštesnis nei vakar.",
    "mac_roman": "Ce matin, nous avons marché près de la rivière. L'été dernier, l'eau était là.",
}


def text_or_rule(data: bytes) -> str:
    """The text, or the rule that it broke."""
    try:
        return decode(data).text
    except Rejected as rejected:
        return rejected.rule


@pytest.mark.parametrize(("encoding", "text"), TEXTS.items())
def test_a_text_of_some_length_is_recognised(encoding: str, text: str) -> None:
    """Text in an old encoding is read, and it is told that its encoding was assumed."""
    found = decode(text.encode(encoding))
    assert found.text == text
    assert found.assumed


@pytest.mark.parametrize(("encoding", "text"), [*TEXTS.items(), *RIVALS.items()])
def test_a_wrong_encoding_is_never_assumed(encoding: str, text: str) -> None:
    """Cut to any length, a text is read as it is or is rejected with the place of a byte."""
    for length in range(1, len(text)):
        for template in ("{}", "title: {}\n"):
            expected = template.format(text[:length])
            assert text_or_rule(expected.encode(encoding)) in (expected, "encoding.utf-8")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode(encoding: str) -> None:
    """UTF-8, UTF-16 and UTF-32 are read with their marks, UTF-16 of Western text without one."""
    assert decode("a\r\nb é\rc".encode(encoding)).text == "a\nb é\nc"


def test_only_what_was_guessed_is_told() -> None:
    """A byte order mark and UTF-8 leave nothing to assume."""
    assert decode("é".encode("utf-16")).assumed is None
    assert decode("é".encode()).assumed is None
    assert decode("title: é".encode("utf-16-le")).assumed == "UTF-16-LE"


@pytest.mark.parametrize(
    ("data", "rule", "line", "column"),
    [
        ("a\nb".encode("utf-16") + b"x", "encoding.utf-16", 2, 2),
        ("a\r\nb".encode("utf-16") + b"\x00\xdc", "encoding.utf-16", 2, 2),
        ("été, ".encode() + b"\xe9", "encoding.utf-8", 1, 6),
        (b"\xef\xbb\xbf" + TEXTS["gb18030"].encode("gb18030"), "encoding.utf-8", 1, 1),
        (("…" * 20).encode() + b"\xff", "encoding.utf-8", 1, 21),
        (b"a\r\rb\xff", "encoding.utf-8", 3, 2),
    ],
)
def test_refused(data: bytes, rule: str, line: int, column: int) -> None:
    """What contradicts its mark, or is UTF-8 but for a few bytes, is rejected at its place."""
    with pytest.raises(Rejected) as caught:
        decode(data)
    assert (caught.value.rule, caught.value.line, caught.value.column) == (rule, line, column)


def test_html_may_declare_its_encoding() -> None:
    """A page says what it is in, which holds for the shortest text, if the bytes bear it out."""
    page = '<meta http-equiv="Content-Type" content="text/html; charset={}"><p>{}</p>'
    found = decode(page.format("gb2312", "早").encode("gb18030"))
    assert "早" in found.text
    assert found.assumed == "GB18030"
    assert "ż" in decode(page.format("iso-8859-2", "ż").encode("iso8859_2")).text
    for label in ("utf-8", "utf-7", "unicode_escape", "no-such"):
        with pytest.raises(Rejected):
            decode(page.format(label, "早").encode("gb18030"))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe1",
        b"GIF89a12",
        b"PK\x03\x04",
        b"text with\0a zero",
    ],
)
def test_what_is_no_text_is_no_post(data: bytes) -> None:
    """A picture or an archive that is called .md is passed over."""
    assert not is_post("posts/a.md", data)


def test_utf_16_is_text() -> None:
    """The zeros of UTF-16 do not make a file binary, with a mark or without."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        data = "---\ntitle: é\n---\n".encode(encoding)
        assert is_post("posts/a.md", data)
        assert is_post("posts/a.note", data)


def test_the_repair_names_the_encoding() -> None:
    """An author learns in which encoding a post was read."""
    source = f"---\ndate: 2021-03-04\n---\n{TEXTS['gb18030']}".encode("gb18030")
    repairs = parse(source, "posts/a.md", Site()).repairs
    assert [(repair.rule, repair.after) for repair in repairs] == [("encoding", "GB18030")]
