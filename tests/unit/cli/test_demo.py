"""What `make demo` says of its examples."""

from pathlib import Path

from presswork_cli.local import demo
from presswork_cli.printing.answers import PostAnswer, PublishAnswer


def ended(**statuses: str) -> PublishAnswer:
    """The answer of a demonstration, by the names of posts."""
    posts = [
        PostAnswer(file=f"examples/posts/{name}.md", key=name, status=status)
        for name, status in statuses.items()
    ]
    return PublishAnswer(site="", posts=tuple(posts))


def test_what_is_meant_not_to_go_live_is_said() -> None:
    """A newcomer sees that nothing broke; an example that fails otherwise is not excused."""
    bad_day = {"the-day-that-never-was": "rejected"}
    said = demo.on_purpose(ended(**bad_day, **{"notes-on-bread": "timeout", "other": "rejected"}))
    assert said == (
        "On purpose these are not live, to show what that looks like: "
        "the-day-that-never-was.md (rejected)"
    )


def test_where_nothing_is_as_meant_nothing_is_said() -> None:
    """So it is when the cloud ends before."""
    assert demo.on_purpose(ended(**{"notes-on-bread": "timeout"})) == ""


def test_each_example_that_is_expected_is_there() -> None:
    """What is said of files that are gone would be said of none."""
    assert {*demo.EXPECTED} <= {path.name for path in Path(demo.EXAMPLES, "posts").iterdir()}
