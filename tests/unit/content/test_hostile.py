"""Posts of bad will are read or rejected, and soon."""

from datetime import UTC, datetime

import pytest

from hostile_cases import POSTS, HostilePost, in_time
from presswork.content import Site, parse
from presswork.errors import Rejected

UPLOADED = datetime(2024, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("post", POSTS.values(), ids=list(POSTS))
def test_a_hostile_post_costs_little(post: HostilePost) -> None:
    """Each has its verdict within two seconds of CPU."""
    with in_time():
        try:
            parse(post.source, "posts/a.md", Site(), uploaded=UPLOADED)
        except Rejected as rejected:
            rule: str | None = rejected.rule
        else:
            rule = None
    assert rule == post.rule
