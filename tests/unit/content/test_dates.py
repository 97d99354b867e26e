"""Dates as authors and feed tools write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from presswork.content import Site, parse
from unit.content.reading import read, refusal

SHANGHAI = Site(timezone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("spelled", "instant"),
    [
        ("2021-11-21T18:10:05Z", "2021-11-21T18:10:05"),
        ("2021-11-21T18:10:05.999Z", "2021-11-21T18:10:05"),
        ("2021-11-21T18:10:05+08:00", "2021-11-21T10:10:05"),
        ("2021-11-21T18:10:05+0530", "2021-11-21T12:40:05"),
        ("2021-11-21 18:10:05 -5", "2021-11-21T23:10:05"),
        ("2021-11-21 18:10:05 +0800", "2021-11-21T10:10:05"),
        ("2021-11-21 8:10:05 UTC", "2021-11-21T08:10:05"),
        ("Sun, 21 Nov 2021 18:10:05 GMT", "2021-11-21T18:10:05"),
        ("sun, 21 nov 2021 18:10:05 gmt", "2021-11-21T18:10:05"),
        ("Sun, 21 Nov 2021 18:10 EST", "2021-11-21T23:10:00"),
        ("21 Nov 21 18:10:05 +0200", "2021-11-21T16:10:05"),
        ("Sun, 21 Nov 2021 18:10:05 -0000", "2021-11-21T18:10:05"),
        ("2021-11-21 18:10:05 Asia/Shanghai", "2021-11-21T10:10:05"),
        ("2021-11-21 18:10 America/Argentina/Salta", "2021-11-21T21:10:00"),
        ("2021-11-21T18:10:05+08:00[Asia/Shanghai]", "2021-11-21T10:10:05"),
        ("2021-11-21T18:10:05Z[UTC]", "2021-11-21T18:10:05"),
        ("2021-11-21 18:10:05 +0800 CST", "2021-11-21T10:10:05"),
        ("2021-11-21 18:10:05 UTC+8", "2021-11-21T10:10:05"),
        ("2021-11-21 6:10 PM -05:00", "2021-11-21T23:10:00"),
        ("Sun Nov 21 2021 18:10:05 GMT+0800 (China Standard Time)", "2021-11-21T10:10:05"),
        ("Sun Nov 21 18:10:05 UTC 2021", "2021-11-21T18:10:05"),
        ("Sun, 21 Nov 2021 18:10:05 +0800 (CST)", "2021-11-21T10:10:05"),
        ("November 21st, 2021 at 6:10 p.m. UTC", "2021-11-21T18:10:00"),
        ("20211121T181005Z", "2021-11-21T18:10:05"),
        ("1637518205", "2021-11-21T18:10:05"),
        ("1637518205000", "2021-11-21T18:10:05"),
    ],
)
def test_absolute(spelled: str, instant: str) -> None:
    """A date with a zone is that instant, whatever the site's zone, in whole seconds."""
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    for quoted in (spelled, f"'{spelled}'"):
        assert read(date=quoted).post.date == expected
        assert read(date=quoted, site=SHANGHAI).post.date == expected


@pytest.mark.parametrize(
    ("spelled", "instant"),
    [
        ("2021-11-21 18:10:05", "2021-11-21T10:10:05"),
        ("2021-11-21T18:10", "2021-11-21T10:10:00"),
        ("2021-11-21", "2021-11-20T16:00:00"),
        ("2021-1-2", "2021-01-01T16:00:00"),
        ("2021/11/21 18:10:05", "2021-11-21T10:10:05"),
        ("20211121", "2021-11-20T16:00:00"),
        ("20211121T181005", "2021-11-21T10:10:05"),
        ("2021-11-21 6:10 PM", "2021-11-21T10:10:00"),
        ("2021-11-21 12:10:05 am", "2021-11-20T16:10:05"),
        ("2021-11-21 12:10 p.m.", "2021-11-21T04:10:00"),
        ("Nov 21, 2021", "2021-11-20T16:00:00"),
        ("Sept. 3, 2021", "2021-09-02T16:00:00"),
        ("Sunday, November 21, 2021, 6:10 PM", "2021-11-21T10:10:00"),
        ("21 November 2021", "2021-11-20T16:00:00"),
        ("21-Nov-2021 18:10", "2021-11-21T10:10:00"),
        ("Sun Nov 21 18:10:05 2021", "2021-11-21T10:10:05"),
        ("2021年11月21日", "2021-11-20T16:00:00"),
        ("2021年11月21日 18:10:05", "2021-11-21T10:10:05"),
        ("Sun, 21 Nov 2021 18:10:05", "2021-11-21T10:10:05"),
    ],
)
def test_local(spelled: str, instant: str) -> None:
    """A date without a zone is in the site's."""
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert read(date=spelled, site=SHANGHAI).post.date == expected


@pytest.mark.parametrize(
    ("spelled", "rule"),
    [
        ("2021-02-30", "date.impossible"),
        ("2021-13-01", "date.impossible"),
        ("2021-11-21 25:00:00", "date.impossible"),
        ("2021-11-21 12:00:61", "date.impossible"),
        ("2021-11-21T12:00:00+05:99", "date.impossible"),
        ("2021-11-21T12:00:00+24:00", "date.impossible"),
        ("31 Feb 2021 10:00:00 GMT", "date.impossible"),
        ("0001-01-01T00:00:00+05:00", "date.impossible"),
        ("Sun, 21 Nov 2021 18:10:05 CET", "date.form"),
        ("2021-11-21T24:00:00Z", "date.impossible"),
        ("2021-11-21 13:10 PM", "date.impossible"),
        ("2021-11-21 0:10 AM", "date.impossible"),
        ("Nov 31, 2021", "date.impossible"),
        ("2021年2月30日", "date.impossible"),
        ("0000-00-00 00:00:00", "date.impossible"),
        ("Nov 21, 21", "date.form"),
        ("Foo 21, 2021", "date.form"),
        ("2021-11-21 18:10:05 CST", "date.form"),
        ("2021-11-21 18:10:05 Asia/Nowhere", "date.form"),
        ("2021-11-21 18:10:05 America/Argentina", "date.form"),
        ("Sun Nov 21 18:10:05 CST 2021", "date.form"),
        ("soon", "date.form"),
        ("11/21/2021", "date.form"),
        ("[2021]", "date.form"),
        ("true", "date.form"),
    ],
)
def test_refused(spelled: str, rule: str) -> None:
    """What is no date, or could be several, is rejected with its line, never guessed."""
    rejected = refusal(f"---\ntitle: x\ndate: {spelled}\n---\n")
    assert (rejected.rule, rejected.line, rejected.column) == (rule, 3, 1)


@pytest.mark.parametrize(
    ("matter", "day", "draft"),
    [
        ("published: 2021-05-06", 6, False),
        ("pubDate: 2021-05-06", 6, False),
        ("date: 2021-05-06\npublished: false", 6, True),
        ("date: 2021-05-06\npublished: true", 6, False),
        ("date: 2021-05-06\npublished: 2021-05-07", 6, False),
        ("date:\npublished: 2021-05-07", 7, False),
        ("date: 2021-05-06\ndraft: yes", 6, True),
        ("date: 2021-05-06\ndraft: no", 6, False),
    ],
)
def test_spellings_of_the_key(matter: str, day: int, draft: bool) -> None:
    """The key `published` is a date or says whether the post may be seen."""
    post = parse(f"---\n{matter}\n---\n".encode(), "posts/a.md", Site()).post
    assert (post.date, post.draft) == (datetime(2021, 5, day, tzinfo=UTC), draft)


def test_a_draft_is_never_guessed() -> None:
    """A word that is neither true nor false is rejected, so that nothing goes out by mistake."""
    assert refusal("---\ndate: 2021-05-06\ndraft: maybe\n---\n").rule == "draft.boolean"


def test_other_dates() -> None:
    """A post may say when it was changed, and when it ends."""
    post = read(lastmod="2021-05-06T07:08:09Z", expiryDate="2022-01-01").post
    assert post.updated == datetime(2021, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert post.expires == datetime(2022, 1, 1, tzinfo=UTC)


def test_undated() -> None:
    """Without a date of its own a post has that of its name, or else of its upload."""
    uploaded = datetime(2020, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=1)))

    def dated(key: str) -> datetime:
        return parse(b"x", key, SHANGHAI, uploaded=uploaded).post.date

    assert dated("posts/2021-11-21-x.md") == datetime(2021, 11, 20, 16, tzinfo=UTC)
    assert dated("posts/2021-13-41-x.md") == datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert dated("posts/x.md") == datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert dated("posts/2021-11-219.md") == datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC)
