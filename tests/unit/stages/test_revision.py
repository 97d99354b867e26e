"""What one look at a source makes of a post: whether its revision grows, and what is announced."""

import pytest

from presswork.events import Type
from presswork.post import Card, Error, Image, ImageState, Status
from presswork.stages.parse.revision import Finding, gone, names_wanted, revise
from presswork.state import Live, PostState, Ready
from presswork.tasks import AnnounceRevision, Outbox, ReleaseImage
from unit.stages.looks import BROKEN, KEY, NOW, PATH, look, text

IMAGE = "![Boat](http://images.example/boat.jpg)"
HELD = Error(rule="claim.held", message="It belongs to posts/b.md.", fix="Take another slug.")


RING = HELD.model_copy(update={"rule": "claim.ring", "message": "Seven posts wait."})
OTHER = HELD.model_copy(update={"message": "It belongs to posts/c.md."})


def waiting(version: str = "v1", error: Error = HELD) -> Finding:
    """A post whose path another one holds."""
    found = look(version=version)
    return Finding(Status.WAITING, parsed=found.parsed, error=error, object=found.object)


def after(*findings: Finding, old: PostState | None = None, key: str = KEY) -> PostState:
    """The post after some findings, one upon the other."""
    for finding in findings:
        names = names_wanted(finding, explicit_id=None)
        old = revise(old, finding, id="p", key=key, first_date=NOW, claims=names, paths=names)
    assert old is not None
    return old


def announced(post: PostState) -> list[tuple[Type, int]]:
    """What the post has to be announced by, in order."""
    tasks = post.pending_parse.known
    return [(task.type, task.revision) for task in tasks if isinstance(task, AnnounceRevision)]


def heard(post: PostState) -> PostState:
    """The post once all its revisions are announced."""
    outbox = post.pending_parse
    return post.model_copy(update={"pending_parse": outbox.clear(outbox.known)})


def showing(post: PostState, **changes: object) -> PostState:
    """The post once readers see its accepted revision, with what of that is otherwise."""
    assert post.accepted is not None
    live = Live(
        version=1,
        up=True,
        generation=1,
        lists=("home",),
        card=Card(id="p", path=PATH, title="A", date=NOW, lang="en"),
        **post.accepted.model_dump(exclude={"status", "has_images"}),
    )
    return post.model_copy(update={"live": live.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("before", "finding", "grows"),
    [
        pytest.param(look(), look(version="v2"), False, id="the same"),
        pytest.param(look(), look(text().replace("\n", "\r\n")), False, id="other line ends"),
        pytest.param(look(), look(text("Other text.")), True, id="another meaning"),
        pytest.param(look(), look(text(title="B")), True, id="another title"),
        pytest.param(look(), look(text(draft="true")), True, id="another status"),
        pytest.param(look(BROKEN), look(BROKEN, version="v2"), False, id="the same error"),
        pytest.param(look(BROKEN), look(text(date="never")), True, id="another error"),
        pytest.param(waiting(), waiting("v2"), False, id="the same wait"),
        pytest.param(waiting(), waiting(error=OTHER), False, id="a wait for another post"),
        pytest.param(waiting(), waiting(error=RING), True, id="a wait for another reason"),
        pytest.param(waiting(), look(), True, id="the end of a wait"),
    ],
)
def test_a_revision_grows_with_meaning_or_status(
    before: Finding, finding: Finding, grows: bool
) -> None:
    """Equal meaning in other bytes is the same revision, and is announced no second time."""
    new = after(finding, old=heard(after(before)))
    assert new.revision == 1 + grows
    assert len(announced(new)) == grows


@pytest.mark.parametrize("source", [text(id="p"), BROKEN])
def test_a_revision_grows_with_another_source(source: str) -> None:
    """Another key that feeds the post makes a new one, whatever it says."""
    old = after(look(source))
    assert after(look(source, key="posts/b.md"), old=old, key="posts/b.md").revision == 2


def test_a_revision_grows_when_a_post_was_handed_over() -> None:
    """A key that became the source before it was looked at makes a new one, too."""
    old = after(look(text(id="p"))).model_copy(update={"source": "posts/b.md"})
    assert after(look(text(id="p"), key="posts/b.md"), old=old, key="posts/b.md").revision == 2


READY, PARSED = (Type.READY, 1), (Type.PARSED, 1)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param([look()], [READY], id="no images"),
        pytest.param([look(text(IMAGE))], [PARSED], id="images"),
        pytest.param([look(text("[Plan](plan.pdf)"))], [PARSED], id="its own file"),
        pytest.param([look(BROKEN)], [(Type.REJECTED, 1)], id="rejected"),
        pytest.param([waiting()], [(Type.WAITING, 1)], id="waiting"),
        pytest.param([look(), look(text("B."))], [(Type.READY, 2)], id="the newest alone"),
        pytest.param([look(), look(BROKEN)], [READY, (Type.REJECTED, 2)], id="then rejected"),
        pytest.param(
            [look(text(IMAGE)), waiting()], [PARSED, (Type.WAITING, 2)], id="then waiting"
        ),
        pytest.param([waiting(), look(BROKEN)], [(Type.REJECTED, 2)], id="two refusals"),
        pytest.param([look(BROKEN), look()], [(Type.READY, 2)], id="then mended"),
        pytest.param([waiting(), look()], [(Type.READY, 2)], id="then let in"),
    ],
)
def test_what_is_announced_replaces_what_it_makes_moot(
    findings: list[Finding], expected: list[tuple[Type, int]]
) -> None:
    """An accepted revision replaces all before it; a refusal replaces earlier refusals alone."""
    assert announced(after(*findings)) == expected


@pytest.mark.parametrize("refusal", [look(BROKEN, version="v2"), waiting("v2")])
def test_a_refusal_keeps_what_was_accepted(refusal: Finding) -> None:
    """Readers keep what they see; the error, the status and the bytes are those of the refusal."""
    old = showing(after(look()))
    new = after(refusal, old=old)
    assert (new.accepted, new.ready, new.live) == (old.accepted, old.ready, old.live)
    assert (new.title, new.date) == (old.title, old.date)
    assert (new.status, new.error, new.version_id) == (refusal.status, refusal.error, "v2")
    mended = after(look(), old=new)
    assert (mended.error, mended.status) == (None, Status.LIVE)


def test_equal_meaning_in_other_bytes_is_brought_up_to_date() -> None:
    """What was accepted and what readers see name the newest version of the object."""
    new = after(look(version="v2"), old=showing(after(look())))
    assert new.accepted is not None
    assert new.live is not None
    assert (new.version_id, new.accepted.version_id, new.live.version_id) == ("v2", "v2", "v2")


@pytest.mark.parametrize("other", [{"fingerprint": "of older text"}, {"source": "posts/b.md"}])
def test_what_readers_see_of_another_source_keeps_its_version(other: dict[str, str]) -> None:
    """A version of the newest object says nothing of an older text, or of another file."""
    new = after(look(version="v2"), old=showing(after(look()), **other))
    assert new.live is not None
    assert new.live.version_id == "v1"


def test_a_post_without_images_is_ready_at_once() -> None:
    """No stage has to prepare it; each revision is one generation more."""
    first = after(look())
    second = after(look(text("Other text.")), old=first)
    assert (first.ready, second.ready) == (
        Ready(revision=1, generation=1),
        Ready(revision=2, generation=2),
    )


@pytest.mark.parametrize(
    "shown",
    [
        {"ready": Ready(revision=1, images={"id": Image(state=ImageState.OWED)})},
        {"pending_images": Outbox().add(ReleaseImage(image="id"))},
    ],
)
def test_a_post_that_had_images_goes_through_images(shown: dict[str, object]) -> None:
    """The ones that it shows no more have to be released there, also those of an earlier edit."""
    old = after(look()).model_copy(update=shown)
    new = after(look(text("Other text.")), old=old)
    assert announced(new) == [(Type.PARSED, 2)]
    assert new.ready == old.ready


def test_a_post_that_is_gone_holds_nothing_and_keeps_its_paths() -> None:
    """Its paths are looked after, and it is accepted that readers see it no more."""
    old = after(look())
    new = gone(old, KEY)
    assert (new.claims, new.paths, new.version_id) == ((), old.paths, None)
    assert new.accepted is not None
    assert (new.accepted.status, new.accepted.path) == (Status.GONE, PATH)
    assert (new.title, new.date) == (old.title, old.date)
    assert announced(new) == [(Type.READY, 2)]
    assert gone(new, KEY).revision == 2
