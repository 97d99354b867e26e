"""The keys of front matter, in the spellings of many generators."""

from typing import Any, Literal

import pytest

from presswork.content import Site
from unit.content.reading import OPEN, read, refusal


@pytest.mark.parametrize(
    ("front", "authors"),
    [
        ({"author": "Ann"}, ("Ann",)),
        ({"authors": "[Ann, Bob, Ann, ~]"}, ("Ann", "Bob")),
        ({"author": "{name: Ann, email: a@b.c}"}, ("Ann",)),
        ({"authors": "[{name: Ann}, Bob]"}, ("Ann", "Bob")),
        ({"author": "Ann", "authors": "[Bob]"}, ("Ann", "Bob")),
        ({"author": "''"}, ()),
    ],
)
def test_authors(front: dict[str, Any], authors: tuple[str, ...]) -> None:
    """An author is a name, a list of them, or a map that holds one."""
    assert read(**front).post.authors == authors


@pytest.mark.parametrize(
    ("front", "tags"),
    [
        ({"tags": "[a, 'b c', 2021, no, a]"}, ("a", "b c", "2021", "no")),
        ({"tags": "a, b c"}, ("a", "b c")),
        ({"tag": "a"}, ("a",)),
        ({"keywords": "a,b"}, ("a", "b")),
        ({"tags": "[]"}, ()),
        ({"tags": "[e\u0301]"}, ("é",)),
        ({"tags": "'#a #b-c'"}, ("a", "b-c")),
        ({"tags": "['#a', C#, '##', '#']"}, ("a", "C#", "##", "#")),
        ({"Tags": "[a]", "keywords": "b"}, ("a",)),
        ({"params": "{tags: [a]}"}, ("a",)),
        ({"params": "{tags: [a]}", "tags": "[b]"}, ("b",)),
    ],
)
def test_tags(front: dict[str, Any], tags: tuple[str, ...]) -> None:
    """Tags are a list, or text with commas, each once and in order."""
    assert read(**front).post.tags == tags


@pytest.mark.parametrize(
    ("spelled", "order", "paths"),
    [
        ("[a, b]", "chain", (("a", "b"),)),
        ("[a, b]", "parallel", (("a",), ("b",))),
        ("[[a, b], c]", "chain", (("a", "b"), ("c",))),
        ("[[a, b], c]", "parallel", (("a", "b"), ("c",))),
        ("a b", "chain", (("a b",),)),
        ("a b", "parallel", (("a b",),)),
        ("a, b", "parallel", (("a",), ("b",))),
        ("a b, c", "parallel", (("a b",), ("c",))),
        ("[a b]", "parallel", (("a b",),)),
        ("[~]", "chain", ()),
    ],
)
def test_categories(
    spelled: str, order: Literal["chain", "parallel"], paths: tuple[tuple[str, ...], ...]
) -> None:
    """Categories are one path, or many, by the site's setting; an inner list is always a path."""
    assert read(categories=spelled, site=Site(categories=order)).post.categories == paths


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("title: [a]", "title.text"),
        ("title: {a: b}", "title.text"),
        ("tags: {a: b}", "tags.text"),
        ("tags: [{a: b}]", "tags.text"),
        ("lang: no such language", "lang.tag"),
    ],
)
def test_refused(line: str, rule: str) -> None:
    """A value of the wrong kind is rejected on its line."""
    rejected = refusal(f"---\ndate: 2021-03-04\n{line}\n---\n")
    assert (rejected.rule, rejected.line) == (rule, 3)


@pytest.mark.parametrize("most", [1, 3])
def test_a_language_has_an_end(most: int) -> None:
    """A tag of more than 35 characters is told of, and says nothing; the longest is read."""
    longest = "de" + "-x1234567" * 3 + "-abcde"
    assert len(longest) == 35
    assert read(lang=longest).post.lang == longest
    parsed = read(lang=longest + "-x1" * most, site=Site(language="fi"))
    assert parsed.post.lang == "fi"
    (warning,) = parsed.warnings
    assert (warning.rule, warning.line) == ("lang.length", 2)


@pytest.mark.parametrize(
    ("spelled", "title"),
    [
        ("'a_b_ *c*'", "a_b_ *c*"),
        ("017", "017"),
        ("no", "no"),
        ("2048", "2048"),
        ("3.10", "3.10"),
        ("true", "true"),
        ("e\u0301", "é"),
        ('"a\\nb"', "a b"),
        ('"a\\x07b"', "ab"),
        ("'<b> & co'", "<b> & co"),
    ],
)
def test_title(spelled: str, title: str) -> None:
    """A title is kept as it is, on one line."""
    assert read(title=spelled, permalink="/x/y/").post.title == title


def test_title_of_nothing() -> None:
    """An empty title gives way to the file's name."""
    assert read(title="''").post.title == "a"


@pytest.mark.parametrize(
    ("front", "cover", "left"),
    [
        ({"headimg": "http://x/a.png"}, "http://x/a.png", {}),
        ({"cover": "{url: http://x/a.png}"}, "http://x/a.png", {}),
        ({"image": "[http://x/a.png, http://x/b.png]"}, "http://x/a.png", {}),
        ({"thumbnail": "http://x/t.png", "cover": "http://x/c.png"}, "http://x/c.png", {}),
        (
            {"image": "/assets/a.png"},
            "content:/static/assets/a.png?or=/posts/assets/a.png&or=/assets/a.png",
            {"image": "/assets/a.png"},
        ),
        (
            {"cover": "./a.png"},
            "content:/posts/a/a.png?or=/posts/a.png",
            {"cover": "./a.png"},
        ),
        (
            {"cover": "a.png", "image": "http://x/b.png"},
            "content:/posts/a/a.png?or=/posts/a.png",
            {"cover": "a.png"},
        ),
        ({"cover": "A boat by Ann"}, None, {"cover": "A boat by Ann"}),
        ({"cover": "../../a.png"}, None, {"cover": "../../a.png"}),
        ({"cover": "false"}, None, {"cover": False}),
        ({"image": ""}, None, {}),
    ],
)
def test_cover(front: dict[str, Any], cover: str | None, left: dict[str, object]) -> None:
    """The first image of the front matter is the cover; what is not remote stays as it was, too."""
    post = read(**front, site=OPEN).post
    assert (post.cover, post.extra) == (cover, left)


def test_all_images_of_the_front_matter_are_images() -> None:
    """The others under such keys are fetched, too."""
    post = read(photos="[http://x/1.png, http://x/2.png]", thumbnail="http://x/t.png").post
    assert [image.url for image in post.images] == [
        "http://x/t.png",
        "http://x/1.png",
        "http://x/2.png",
    ]


def test_summary_of_its_own() -> None:
    """A description is taken as text, on one line."""
    assert read(description="'One <em>short</em>  text &amp; more'").post.summary == (
        "One short text & more"
    )


def test_language_of_its_own() -> None:
    """A post may name its language, in either spelling."""
    assert read(lang="pt_BR").post.lang == "pt-BR"


def test_words_in_a_row_are_tags_where_categories_are_parallel() -> None:
    """Jekyll's text of tags has blanks between, under the plural alone; its posts are dated."""
    site, key = Site(categories="parallel"), "posts/2021-03-04-a.md"
    assert read(tags="a b", site=site, key=key).post.tags == ("a", "b")
    assert read(categories="a b", site=site, key=key).post.categories == (("a",), ("b",))
    assert read(tags="a b, c", site=site, key=key).post.tags == ("a b", "c")
    assert read(tag="a b", site=site, key=key).post.tags == ("a b",)
    assert read(keywords="a b", site=site, key=key).post.tags == ("a b",)
    assert read(tags="a b", key=key).post.tags == ("a b",)
    assert read(tags="a b", site=site).post.tags == ("a b",)


@pytest.mark.parametrize(
    ("front", "series", "left"),
    [
        ({"series": "Tea"}, "Tea", {}),
        ({"series": "2021"}, "2021", {}),
        ({"series": "[Tea]"}, "Tea", {}),
        ({"series": "[Tea, Milk]"}, "Tea", {"series": ["Tea", "Milk"]}),
        ({"series": "{name: Tea, part: 2}"}, "Tea", {"series": {"name": "Tea", "part": 2}}),
        ({"series": "true"}, None, {"series": True}),
        ({"series": "{part: 2}"}, None, {"series": {"part": 2}}),
        ({"series": ""}, None, {}),
    ],
)
def test_series(front: dict[str, Any], series: str | None, left: dict[str, object]) -> None:
    """A post belongs to one series; what else stands there is kept."""
    post = read(**front, site=OPEN).post
    assert (post.series, post.extra) == (series, left)


@pytest.mark.parametrize(
    ("spelled", "rules"),
    [
        ("[Tea, Milk]", ["unread-value"]),
        ("{part: 2}", ["unread-value"]),
        ("true", ["unread-value"]),
        ("[Tea]", []),
        ("{name: Tea, part: 2}", []),
    ],
)
def test_a_series_that_says_nothing_is_told(spelled: str, rules: list[str]) -> None:
    """A second series, or one without a name, puts the post into none."""
    assert [each.rule for each in read(series=spelled).warnings] == rules


@pytest.mark.parametrize(
    ("spelled", "weight", "left"),
    [("3", 3, {}), ("-3", -3, {}), ("0", 0, {}), ("heavy", None, {"weight": "heavy"})],
)
def test_weight(spelled: str, weight: int | None, left: dict[str, object]) -> None:
    """A weight is a whole number; anything else stays what it was."""
    parsed = read(weight=spelled, site=OPEN)
    assert (parsed.post.weight, parsed.post.extra) == (weight, left)
    assert [each.rule for each in parsed.warnings] == ["unread-value"] * len(left)


@pytest.mark.parametrize(
    ("spelled", "names"),
    [
        ("[{id: ann}]", ()),
        ("[{id: ann}, Bo]", ("Bo",)),
        ("{email: a@b.c}", ()),
        ("[{name: [a]}]", ()),
    ],
)
def test_an_author_without_a_name(spelled: str, names: tuple[str, ...]) -> None:
    """What has no name is told with its line and kept where that is public; others are authors."""
    parsed = read(authors=spelled, site=Site(extra=["authors"]))
    assert parsed.post.authors == names
    assert "authors" in parsed.post.extra
    (warning,) = parsed.warnings
    assert (warning.rule, warning.line) == ("unread-value", 2)
    assert "One of the authors has no name" in warning.message


@pytest.mark.parametrize(
    ("front", "extra"),
    [
        ({"comments": "no"}, {"comments": False}),
        ({"comment": "'on'"}, {"comments": True}),
        ({"comments": "members"}, {"comments": "members"}),
        ({"comments": "{engine: x}"}, {"comments": {"engine": "x"}}),
    ],
)
def test_comments(front: dict[str, Any], extra: dict[str, object]) -> None:
    """Whether comments are wanted is told as true or false, however it was spelled."""
    assert read(**front).post.extra == extra


@pytest.mark.parametrize(
    ("front", "draft", "left"),
    [
        ({"status": "draft"}, True, {}),
        ({"status": "Private"}, True, {}),
        ({"status": "publish"}, False, {}),
        ({"status": "half read"}, False, {"status": "half read"}),
        ({"publish": "false"}, True, {}),
        ({"publish": "true", "published": "false"}, True, {}),
        ({"draft": "false", "status": "draft"}, True, {}),
    ],
)
def test_draft(front: dict[str, Any], draft: bool, left: dict[str, object]) -> None:
    """Whichever key says so, a post that is to stay unseen does."""
    post = read(**front, site=OPEN).post
    assert (post.draft, post.extra) == (draft, left)


def test_maps_in_front_matter_keep_what_is_not_taken() -> None:
    """A table loses the keys that are understood, and goes when none is left."""
    assert read(params="{author: Ann, depth: 2}", site=OPEN).post.extra == {"params": {"depth": 2}}
    assert read(params="{author: Ann}", site=OPEN).post.extra == {}
    assert read(params="{}", site=OPEN).post.extra == {"params": {}}
    assert read(extra="{draft: true, slug: x}", site=OPEN).post.extra == {
        "extra": {"draft": True, "slug": "x"}
    }


def test_a_cover_with_more_to_it_is_kept_whole() -> None:
    """What stands beside the address of an image is not lost."""
    post = read(cover="{image: http://x/a.png, alt: A boat}", site=OPEN).post
    assert (post.cover, post.extra) == (
        "http://x/a.png",
        {"cover": {"image": "http://x/a.png", "alt": "A boat"}},
    )


def test_other_names_of_a_note_are_no_paths() -> None:
    """An alias of several words and no slash is a name, as in Obsidian."""
    post = read(aliases="[A note, /old/, old]").post
    assert (post.aliases, post.extra) == (("/old/", "/posts/old/"), {"aliases": ["A note"]})


@pytest.mark.parametrize("key", ["canonical", "canonical_url", "canonicalURL", "rel_canonical"])
def test_an_address_where_the_text_stood_first(key: str) -> None:
    """It is told search engines, under any of the names that others use."""
    front = {key: "https://elsewhere.example/a?b=1"}
    parsed = read(**front)  # type: ignore[arg-type]  # keys of front matter, no other
    assert parsed.post.canonical == "https://elsewhere.example/a?b=1"
    assert parsed.post.extra == {}
    assert parsed.warnings == ()


@pytest.mark.parametrize("value", ["/about/", "elsewhere.example", "javascript:alert(1)", "true"])
def test_what_is_no_full_address_is_warned_of(value: str) -> None:
    """The page keeps its own address, and the line is told."""
    parsed = read(canonical=value)
    assert parsed.post.canonical is None
    (warning,) = parsed.warnings
    assert (warning.rule, warning.line) == ("canonical-address", 2)
