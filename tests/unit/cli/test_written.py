"""A post that an importer writes says what it is to say, whatever its words are."""

from hypothesis import given
from hypothesis import strategies as st

from presswork.content import source
from presswork_cli.moving import written
from presswork_cli.moving.zones import zones_of

WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\u2028\u2029"),
    min_size=1,
    max_size=60,
)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=3), st.text(max_size=80))
def test_front_matter_is_read_as_it_was_meant(title: str, tags: list[str], path: str) -> None:
    """`no`, `12:30`, `---`, quotes, colons, signs and blanks are the words that they are."""
    path = "".join(each for each in path if each.isprintable())
    said = {"title": title, "tags": tags, "categories": [tags], "slug": path, "id": "wp-1"}
    entries = source.read(written.source(said, "<p>x</p>")).entries
    assert {name: entry.value for name, entry in entries.items()} == {
        name: value for name, value in said.items() if value
    }


def test_words_of_yaml_are_words() -> None:
    """What YAML would take for something else comes back as text."""
    for word in (
        "no",
        "12:30",
        "017",
        "3.10",
        "null",
        "2021-05-06",
        "- a",
        "a: b",
        "#x",
        "{{ x }}",
    ):
        entries = source.read(written.source({"title": word, "draft": True}, "x")).entries
        assert (entries["title"].value, entries["draft"].value) == (word, True)


def test_a_name_is_given_once() -> None:
    """Also where a disk does not tell capitals from small letters."""
    names = written.Names()
    assert [names.one(each) for each in ("a", "A", "a", "a-2")] == ["a", "A-2", "a-3", "a-2-2"]
    assert len({names.one("b").casefold() for _ in range(50_000)}) == 50_000  # not by their square


def test_a_zone_is_one_whose_clock_showed_all_times() -> None:
    """Summer time tells Lisbon from UTC, and no zone is better than a wrong one."""
    from datetime import datetime  # noqa: PLC0415

    winter = (datetime(2021, 1, 1, 10), datetime(2021, 1, 1, 10))  # noqa: DTZ001 - of a clock
    summer = (datetime(2021, 7, 1, 10), datetime(2021, 7, 1, 9))  # noqa: DTZ001 - as above
    strange = (datetime(2021, 7, 1, 10), datetime(2021, 7, 1, 9, 53))  # noqa: DTZ001 - as above
    assert zones_of([winter])[0] == "UTC"
    assert "UTC" not in zones_of([winter, summer])
    assert "Europe/Lisbon" in zones_of([winter, summer])
    assert zones_of([winter, strange]) == []
