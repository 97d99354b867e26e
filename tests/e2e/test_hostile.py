"""What people of bad will upload or point to, on the local cloud: it costs them alone."""

import time

from e2e.local import Local, markdown
from e2e.outside import ORIGIN, Outside
from e2e.test_files import FERRY, upload
from hostile_cases import IMAGES, NO_IMAGES, POSTS, SLOW

LONG = 180.0


def test_hostile_posts_are_live_or_rejected(local: Local) -> None:
    """Each has its verdict, with its rule, and none is left behind."""
    keys = {f"posts/hostile/{name}.md": post for name, post in POSTS.items()}
    answers = local.publish_all({key: post.source for key, post in keys.items()}, timeout=LONG)
    for key, post in keys.items():
        error = answers[key].error
        assert answers[key].status == ("rejected" if post.rule else "live"), key
        assert (error.rule if error else None) == post.rule
    assert local.dead_letters() == {}


def test_one_poison_in_a_burst_costs_itself_alone(local: Local) -> None:
    """Of 24 posts at once one takes more time than there is: 23 are live.

    That one is rejected with its reason and a cure; its last good revision is still read.
    """
    poison = "posts/burst/poison.md"
    url = local.publish(poison, markdown("Before it was poison"), timeout=LONG).url
    assert url is not None
    posts: dict[str, str | bytes] = {
        f"posts/burst/{number}.md": markdown(f"Burst {number}") for number in range(23)
    }
    begin = time.monotonic()
    answers = local.publish_all(posts | {poison: SLOW}, timeout=LONG)
    print(f"24 posts at once: {time.monotonic() - begin:.0f} s")  # the machine may be busy
    assert {answers[key].status for key in posts} == {"live"}
    error = answers[poison].error
    assert answers[poison].status == "rejected"
    assert error is not None
    assert error.rule == "post.time"
    assert error.fix
    assert "Before it was poison" in local.get(url).text
    assert local.dead_letters() == {}


def test_hostile_images_hold_up_no_post(local: Local, world: Outside) -> None:
    """From an origin or beside the post: it is live with the pictures that are some."""
    world.pictures |= {f"/hostile/{name}": data for name, data in IMAGES.items()}
    for name, data in (IMAGES | {"own.jpg": FERRY}).items():
        upload(local, f"posts/drawings/{name}", data)
    addresses = [f"http://{ORIGIN}/hostile/{name}" for name in IMAGES]
    text = "\n\n".join(f"![x]({each})" for each in (*addresses, *IMAGES, "own.jpg"))
    answer = local.publish("posts/drawings/drawings.md", markdown("Drawings", text), timeout=LONG)
    assert answer.status == "live", answer
    assert (answer.images.owed, answer.images.refused) == (len(NO_IMAGES), len(NO_IMAGES))
    assert local.dead_letters() == {}
