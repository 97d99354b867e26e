"""The way back: promises out to a file, and a stack made of it, byte for byte, nobody told anew."""

import copy
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from flow.same_site import assert_same_site
from flow.test_rebuild import ALONE, HOME, Rebuilt, _objects, _publish_all, _rebuild
from flow.test_same_site import ORIGIN, settle_down, worlds
from flow.world import Crash, World, plain
from presswork.aws.conflicts import Changed
from presswork.aws.table import Put
from presswork.errors import RetryLater
from presswork.post import Status
from presswork.state import SiteState, Subject
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import rebuild as rebuild_module
from presswork_cli.printing.answers import ImportAnswer, Outputs
from presswork_cli.recovery import buckets, import_state, whole_table
from presswork_cli.recovery.export_state import export_state
from presswork_cli.recovery.import_state import StateImport, Wishes
from presswork_cli.recovery.promises import promises, restored
from presswork_cli.recovery.state_file import read

OLD = Wishes(content_from="old-content", vault_from="old-vault")
FRESH = {"date": "2030-05-04 10:00:00", "slug": "fresh"}
UNDATED = "---\ntitle: Undated\n---\n\nWords.\n"


class Stack(Rebuilt):
    """The world as its operator reaches it, with its table."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.outputs = Outputs(
            ContentBucket="content",
            SiteBucket="site",
            VaultBucket="vault",
            SiteUrl="https://site.example",
            Table="table",
        )

    def client(self, service: str) -> Any:
        """A client of the world."""
        return {
            "s3": self.world.s3,
            "sqs": self.world.sqs,
            "dynamodb": self.world.table.client,
        }[service]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild_module, "_PAUSE", 0)
    monkeypatch.setattr(whole_table, "_PAUSES", (0.0,) * 3)
    monkeypatch.setattr(buckets, "_AT_ONCE", 1)
    monkeypatch.setattr(import_state, "LONGEST_WORK", 0)


def _export(world: World, folder: Path, name: str = "state.jsonl") -> Path:
    path = folder / name
    export_state(Stack(world), path, world.now, table=None)
    return path


def _tell_of_all_files(world: World) -> None:
    """Events of the copies, which moto's bucket does not raise, nor that in memory."""
    for key in world.keys("content"):
        world.hint(key)


def _import(world: World, path: Path, wishes: Wishes) -> ImportAnswer:
    answer = StateImport(Stack(world), read(path), wishes, world.now).run()
    if wishes.content_from is not None:
        _tell_of_all_files(world)
    settle_down(world, 7)
    return answer


def _adopt(world: World, lost: World) -> None:
    """The buckets of a stack that is no more, beside those of a new one, where ids are others."""
    ours, theirs = world.s3._part, lost.s3._part
    for name in ("content", "vault"):
        ours._buckets[f"old-{name}"] = copy.deepcopy(theirs._buckets[name])
    ours._versions = 10_000


def _rejoined(world: World, path: Path, wishes: Wishes = OLD) -> ImportAnswer:
    answer = _import(world, path, wishes)
    assert _rebuild(world).done
    settle_down(world, 8)
    return answer


def _everything(world: World) -> None:
    """The site of everything, with a post of these days, one undated and one that waits."""
    _publish_all(world)
    world.put("posts/fresh.md", plain("Fresh", **FRESH))
    world.put("posts/undated.md", UNDATED)
    settle_down(world, 3)
    world.put("posts/waits.md", plain("Waits", **FRESH))
    world.put("posts/id.md", plain("Id", id="the-id", date="2020-05-01"))
    settle_down(world, 4)
    world.put("posts/id.md", "---\ntitle: [broken\n---\n")
    world.put("posts/c.md", b"")
    settle_down(world, 5)


def test_a_stack_is_made_of_its_state_and_its_old_buckets(tmp_path: Path) -> None:
    """Every object, also of a broken post's last good revision; nobody is told, nothing fetched."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        path, before, requests = _export(lost, tmp_path), _objects(lost), len(ORIGIN.requests)
        assert len(lost.mails()) > 0
        _adopt(world, lost)
        world.now = lost.now + timedelta(hours=1)
        answer = _rejoined(world, path)
        assert (answer.gone, answer.lost) == ((), ())
        assert _objects(world) == before
        assert_same_site(world)
        assert (len(world.mails()), len(ORIGIN.requests)) == (0, requests)
        for key in ("posts/bad.md", "posts/id.md"):
            assert world.source(key).status is Status.REJECTED
            assert world.page(world.fed(key).paths[0]) == lost.page(lost.fed(key).paths[0])
        assert world.fed("posts/id.md").id == "the-id"
        assert world.source("posts/waits.md").status is Status.WAITING
        assert world.fed("posts/undated.md").first_date == lost.fed("posts/undated.md").first_date
        # What is told is a promise by itself, not only as no post is told that is there by now.
        assert (
            world.stores.deliveries.read(
                Subject.announcement(world.fed("posts/fresh.md").id, "", "mail")
            )
            is not None
        )


def test_what_comes_back_goes_on(tmp_path: Path) -> None:
    """Edits, removals, a waiter's turn and a mended post are as if nothing had happened."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        _rejoined(world, path)
        for each in (lost, world):
            each.later(hours=2)
            each.delete("posts/fresh.md")
            each.put("posts/bad.md", plain("Mended", ALONE, date="2022-03-01"))
            each.put("posts/moved.md", plain("Moved", slug="third", date="2021-03-01"))
            each.put("posts/new.md", plain("New", HOME, date="2030-05-04 13:00", tags="[sea]"))
            settle_down(each, 9)
            assert_same_site(each)
        assert _objects(world) == _objects(lost)
        assert [mail for mail in world.mails() if "New" in mail]


def test_with_tell_what_is_known_as_told_is_not_told_again(tmp_path: Path) -> None:
    """A post that was told is kept from followers by its own note; one that was not is told."""
    with worlds() as lost, worlds() as world:
        lost.put("posts/fresh.md", plain("Fresh", **FRESH))
        settle_down(lost, 1)
        path = _export(lost, tmp_path)
        lost.put("posts/later.md", plain("Later", date="2030-05-04 11:00:00"))
        lost.run()
        _adopt(world, lost)
        _rejoined(world, path, Wishes("old-content", "old-vault", tell=True))
        told = "\n".join(world.mails())
        assert "Later" in told
        assert "Fresh" not in told


def test_what_was_told_after_the_export_is_not_told_twice(tmp_path: Path) -> None:
    """A table of an earlier time does not know of it: then nobody is told of what is there by now.

    What was published, edited and deleted since then is as the bucket has it.
    """
    with worlds() as world:
        _everything(world)
        path = _export(world, tmp_path)
        world.put("posts/later.md", plain("Later", date="2030-05-04 11:00:00"))
        world.put("posts/a.md", plain("A changed", ALONE, date="2020-01-01", tags="[land]"))
        world.delete("posts/c.md")
        world.put("posts/moved.md", plain("Moved", slug="third", date="2021-03-01"))
        settle_down(world, 6)
        before, mails, hooks = _objects(world), len(world.mails()), len(ORIGIN.received)
        answer = _rejoined(world, path, Wishes(replace=True))
        assert answer.gone == ("posts/c.md",)
        assert _objects(world) == before
        assert_same_site(world)
        assert (len(world.mails()), len(ORIGIN.received)) == (mails, hooks)
        world.put("posts/next.md", plain("Next", date="2030-05-04 11:30:00"))
        settle_down(world, 8)
        assert len(world.mails()) == mails, "it is dated before the import"
        world.later(hours=1)
        world.put("posts/next.md", plain("Next", date=f"{world.now:%Y-%m-%d %H:%M:%S}"))
        settle_down(world, 9)
        assert len(world.mails()) == mails + 1


def test_a_content_bucket_that_was_emptied_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delete markers go, the table is as it was, and so is all that readers see.

    Nobody looks at what comes back before the table is: a broken post would be news to its author.
    """
    with worlds() as world:
        undelete = buckets.undelete

        def told_of(client: Any, bucket: str, since: datetime) -> int:
            found = undelete(client, bucket, since)
            _tell_of_all_files(world)
            world.run()
            world.dead.clear()
            return found

        monkeypatch.setattr(buckets, "undelete", told_of)
        _everything(world)
        path, before = _export(world, tmp_path), _objects(world)
        mails = len(world.mails())
        world.later(hours=1)
        since = world.now
        for key in world.keys("content"):
            world.delete(key)
        settle_down(world, 6)
        assert world.page("/2030/05/fresh/") == "410"
        world.later(minutes=1)
        answer = _rejoined(world, path, Wishes(replace=True, undelete_since=since))
        assert answer.undeleted == len(world.keys("content"))
        after = _objects(world)
        assert {key: after.get(key) for key in before} == before
        assert all(key.startswith("-/assets/") for key in after.keys() - before.keys())
        assert_same_site(world)
        assert len(world.mails()) == mails


def test_an_import_that_dies_anywhere_is_taken_up(tmp_path: Path) -> None:
    """Given again after a death before any of its calls, it ends the same."""
    with worlds() as lost:
        lost.put("theme/logo.svg", "<svg/>")
        lost.put("posts/a.md", plain("A", HOME, **FRESH))
        lost.put("posts/bad.md", plain("Bad", date="2022-03-01"))
        settle_down(lost, 1)
        lost.put("posts/bad.md", "---\ntitle: [broken\n---\n")
        settle_down(lost, 2)
        path, before = _export(lost, tmp_path), _objects(lost)
        deaths: set[str] = set()
        calls = ("PutItem", "BatchWriteItem", "CopyObject", "TransactWriteItems", "SendMessage")
        for call in calls:
            for skip in (0, 1, 2):
                with worlds() as world:
                    _adopt(world, lost)
                    world.crash_at(call, skip=skip)
                    stack, state = Stack(world), read(path)
                    run = StateImport(stack, state, OLD, world.now).run
                    try:
                        world.at_work(run)
                    except Crash:
                        deaths.add(call)
                    world._hooks = []
                    _tell_of_all_files(world)
                    world.run()
                    world.dead.clear()  # each was a hint, while the table was written
                    answer = _rejoined(world, path)
                    assert answer.items == len(state.items)
                    assert _objects(world) == before, (call, skip)
                    assert world.mails() == []
                    assert len(world.s3._part._buckets["content"]["posts/bad.md"]) == 2
        assert deaths == {*calls} - {"SendMessage"}


def test_no_stage_works_while_a_state_is_imported(tmp_path: Path) -> None:
    """Messages wait; the item of the site says why."""
    with worlds() as world:
        _publish_all(world)
        path = _export(world, tmp_path)
        world.crash_at("BatchWriteItem", skip=3)
        run = StateImport(Stack(world), read(path), Wishes(replace=True), world.now).run
        with pytest.raises(Crash):
            world.at_work(run)
        items = len(world.items())
        with pytest.raises(Changed):  # by a look that read before
            world.stores.sites.commit(SiteState(lock_version=1))
        with pytest.raises(RetryLater, match="import-state"):
            world.parse.look("posts/a.md")
        with pytest.raises(RetryLater):
            world.maintain.run(world.now)
        with pytest.raises(Failure, match="import-state"):
            _export(world, tmp_path, "other.jsonl")
        assert len(world.items()) == items
        other = tmp_path / "later.jsonl"
        other.write_bytes(path.read_bytes().replace(b'"taken":"20', b'"taken":"19'))
        with pytest.raises(Failure, match="another file"):
            _import(world, other, Wishes())
        world.dead.clear()
        _rejoined(world, path, Wishes())
        assert_same_site(world)


def test_a_table_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    """The failure names --replace; nothing is changed."""
    with worlds() as world:
        _publish_all(world)
        path, items = _export(world, tmp_path), world.items()
        with pytest.raises(Failure, match="--replace") as failure:
            _import(world, path, Wishes())
        assert failure.value.code is Exit.USAGE
        assert world.items() == items


def test_a_state_without_its_posts_is_refused(tmp_path: Path) -> None:
    """A new stack whose bucket is empty would take all for deleted."""
    with worlds() as lost, worlds() as world:
        _publish_all(lost)
        path = _export(lost, tmp_path)
        with pytest.raises(Failure, match="--content-from"):
            _import(world, path, Wishes())
        assert world.items() == []
        with pytest.raises(Failure, match="s3://nowhere"):
            _import(world, path, Wishes(content_from="nowhere"))


def test_what_is_here_already_is_left_as_it_is(tmp_path: Path) -> None:
    """The same file given twice changes nothing the second time."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        _rejoined(world, path)
        world.calls.clear()
        world.at_work(lambda: StateImport(Stack(world), read(path), OLD, world.now).run())
        writes = {"BatchWriteItem", "CopyObject", "PutItem", "SendMessage", "TransactWriteItems"}
        assert not writes & world.calls.keys()


def test_a_last_good_version_that_is_lost_is_named(tmp_path: Path) -> None:
    """A bucket that was copied without old versions: the post is down until it is mended."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        for versions in world.s3._part._buckets["old-content"].values():
            del versions[:-1]
        answer = _rejoined(world, path)
        assert answer.lost == ("posts/bad.md", "posts/c.md", "posts/id.md")
        assert world.page(lost.fed("posts/bad.md").paths[0]) == "410"
        world.put("posts/bad.md", plain("Bad", HOME, date="2022-03-01"))
        settle_down(world, 8)
        assert "Bad" in (world.page(lost.fed("posts/bad.md").paths[0]) or "")


def test_a_theme_in_force_comes_back_while_a_newer_one_is_broken(tmp_path: Path) -> None:
    """Its templates stand in the state, its assets in the bucket, at a version of their own."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        lost.put("theme/logo.svg", "<svg>newer</svg>")
        lost.put("theme/post.html", "{% broken")
        settle_down(lost, 6)
        before, theme = _objects(lost), lost.stores.sites.read().theme
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        _rejoined(world, path)
        assert world.stores.sites.read().theme == theme
        assert _objects(world) == before
        assert world.mails() == []


def test_a_bucket_that_was_copied_by_others_serves_as_well(tmp_path: Path) -> None:
    """Of new VersionIds and no old versions: only what was not the newest is lost."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        lost.put("posts/other.md", plain("Other", "Words, and more.", date="2020-06-01"))
        settle_down(lost, 6)
        path = _export(lost, tmp_path)
        world.s3._part._versions = 10_000
        for key in lost.keys("content"):
            data = lost.s3.get_object(Bucket="content", Key=key)["Body"].read()
            more = b"\n" if key == "posts/other.md" else b""  # it means the same
            world.s3.put_object(Bucket="content", Key=key, Body=data + more)
        world.s3._part._buckets["old-vault"] = lost.s3._part._buckets["vault"]
        answer = _rejoined(world, path, Wishes(vault_from="old-vault"))
        broken = ("posts/bad.md", "posts/c.md", "posts/id.md")
        assert answer.lost == (*broken, "posts/other.md", "theme/logo.svg")
        down = {f"{lost.fed(key).paths[0][1:]}index.html" for key in broken}
        assert {world.answer(key) for key in down} == {"410"}
        assert world.answer("2020/06/other/index.html") == "200"
        assert world.stores.sites.read().theme == lost.stores.sites.read().theme
        # An author may hear once more what is still wrong, if that is looked at first.
        assert all("\r\nTo: author@example.com\r\n" in mail for mail in world.mails())
        assert_same_site(world)


def test_a_theme_whose_assets_are_lost_is_no_obstacle(tmp_path: Path) -> None:
    """The default theme stands until the newer one is mended."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        lost.put("theme/logo.svg", "<svg>newer</svg>")
        lost.put("theme/post.html", "{% broken")
        settle_down(lost, 6)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        del world.s3._part._buckets["old-content"]["theme/logo.svg"][:-1]
        assert "theme/logo.svg" in _rejoined(world, path).lost
        assert world.stores.sites.read().theme == ""
        assert_same_site(world)
        world.delete("theme/post.html")
        settle_down(world, 9)
        assert world.stores.sites.read().theme != ""
        assert_same_site(world)


def test_a_post_on_its_way_goes_on_its_way(tmp_path: Path) -> None:
    """What was accepted and nobody had announced is announced, and goes live."""
    with worlds() as lost, worlds() as world:
        lost.put("posts/a.md", plain("A"))
        lost.parse.look("posts/a.md")
        post = lost.fed("posts/a.md")
        assert (post.live, post.pending_parse.known) == (None, ())
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        _rejoined(world, path)
        assert "Words." in (world.page(post.paths[0]) or "")


@pytest.mark.parametrize("tell", [True, False])
def test_what_was_put_off_to_a_digest(tmp_path: Path, *, tell: bool) -> None:
    """It is told in the next one, if nothing was told since the export; else it may have been."""
    with worlds() as lost, worlds() as world:
        for number in range(6):
            lost.put(
                f"posts/{number}.md", plain(f"P{number}", slug=f"p{number}", date=FRESH["date"])
            )
        lost.run()
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        _rejoined(world, path, Wishes("old-content", "old-vault", tell=tell))
        world.later(hours=1)
        settle_down(world, 9)
        assert len(world.mails()) == tell


def test_a_table_that_is_replaced_holds_the_state_alone(tmp_path: Path) -> None:
    """Each promise, and nothing else: no member of a list that is none any more."""
    with worlds() as world:
        _publish_all(world)
        path = _export(world, tmp_path)
        world.table.write(Put({"PK": "LIST#tag:sea", "SK": "2020-01-01T00:00:00Z#stale"}))
        StateImport(Stack(world), read(path), Wishes(replace=True), world.now).run()
        found = {(item["PK"], item["SK"]) for item in world.items()}
        assert found >= {(item["PK"], item["SK"]) for item in read(path).items}
        kinds = {item["PK"].partition("#")[0] for item in world.items()}
        assert kinds == {"CLAIM", "IMAGE", "LIST", "POST", "SITE", "SRC"}
        assert {item["PK"] for item in world.items() if item["PK"].startswith("LIST")} == {
            "LIST#gone"
        }


def test_the_file_holds_promises_alone(tmp_path: Path) -> None:
    """No list, no media, no use; one item a line, sorted; for its owner's eyes alone."""
    with worlds() as world:
        _everything(world)
        world.put(
            "posts/owed.md", plain("Owed", "![x](/static/none.jpg) ![x](http://images.example/n)")
        )
        settle_down(world, 6)
        path = _export(world, tmp_path)
        header, *lines = path.read_text().splitlines()
        assert json.loads(header)["presswork_state"] == 1
        items = [json.loads(line)["Item"] for line in lines]
        keys = [(item["PK"]["S"], item["SK"]["S"]) for item in items]
        assert keys == sorted(keys)
        kinds = {f"{pk.partition('#')[0]} {sk.partition('#')[0]}" for pk, sk in keys}
        assert kinds == {
            "CLAIM HOLDER",
            "CLAIM TOLD",
            "CLAIM WAIT",
            "IMAGE META",
            "LIST 2030-05-04T13:00:00Z",
            "POST META",
            "POST TOLD",
            "SITE META",
            "SITE THEME",
            "SRC SRC",
            "TOLD 2030-05-04T12:00:00Z",
        }
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"content:/" in repr(world.items()).encode()  # as images of authors' own files
        assert b"content:/" not in path.read_bytes()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "no state"),
        (b'{"presswork_state":2,"taken":"2030-01-01T00:00:00Z","items":0}\n', "no state"),
        (b'{"presswork_state":1,"taken":"2030-01-01T00:00:00Z","items":2}\n', "cut off"),
        (b'{"presswork_state":1,"taken":"2030-01-01T00:00:00Z","items":1}\n{"Item":{}}\n', "item"),
        (b'{"presswork_state":1,"taken":"2030-01-01T00:00:00Z","items":1}\n[]\n', "no item"),
    ],
)
def test_a_file_that_is_no_state_is_refused(tmp_path: Path, text: bytes, words: str) -> None:
    """The failure says what is wrong with it."""
    path = tmp_path / "state.jsonl"
    path.write_bytes(text)
    with pytest.raises(Failure, match=words):
        read(path)


@pytest.mark.parametrize("tell", [True, False])
def test_what_was_not_yet_told_is_kept_for_who_wants_it_told(*, tell: bool) -> None:
    """Tellings that have not ended, and those put off to a digest, come along with `--tell`."""
    lists = [
        {"PK": f"LIST#{name}", "SK": "a", "content": "b"} for name in ("telling", "digest:mail")
    ]
    kept = list(promises(lists))
    assert kept == lists
    assert [each for item in kept for each in restored(item, {}, tell=tell)] == lists * tell


def test_what_was_changed_here_since_is_left(tmp_path: Path) -> None:
    """A copy of an older version gives way; what the old bucket has no version of does not."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        _rejoined(world, path)
        world.put("posts/bad.md", plain("Mended here", HOME, date="2022-03-01"))
        settle_down(world, 8)
        answer = _import(world, path, OLD)
        assert answer.newer == ("posts/bad.md",)
        assert answer.copied == 0
        assert "Mended here" in (world.page(world.fed("posts/bad.md").paths[0]) or "")


def test_an_object_that_cannot_be_copied_keeps_no_other_from_coming(tmp_path: Path) -> None:
    """It is named with the reason; the import is not at its end, and takes it up once it can."""

    def refuse() -> None:
        error: Any = {"Error": {"Code": "InvalidRequest", "Message": "larger than 5 GB"}}
        raise ClientError(error, "CopyObject")

    with worlds() as lost, worlds() as world:
        _everything(lost)
        for name in ("0.bin", "1.bin"):
            lost.put(f"static/{name}", name)
        settle_down(lost, 1)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        world.before("CopyObject", "/content/static/0.bin", refuse)
        run = StateImport(Stack(world), read(path), OLD, world.now).run
        answers: list[ImportAnswer] = []
        world.at_work(lambda: answers.append(run()))
        assert answers[0].failed == {"static/0.bin": "larger than 5 GB"}
        assert "static/1.bin" in world.keys("content")
        assert "posts/bad.md" in world.keys("content")
        again = _rejoined(world, path)
        assert again.failed == {}
        assert again.lost == answers[0].lost
        assert "static/0.bin" in world.keys("content")


def test_what_was_lost_is_told_again_by_who_takes_it_up(tmp_path: Path) -> None:
    """A worker that dies after the table was written leaves the list to the next."""
    with worlds() as lost, worlds() as world:
        _everything(lost)
        path = _export(lost, tmp_path)
        _adopt(world, lost)
        for versions in world.s3._part._buckets["old-content"].values():
            del versions[:-1]
        world.crash_at("CopyObject", skip=2)
        run = StateImport(Stack(world), read(path), OLD, world.now).run
        with pytest.raises(Crash):
            world.at_work(run)
        world._hooks = []
        assert "posts/bad.md" in _rejoined(world, path).lost


def test_what_a_stage_had_in_hand_is_not_in_the_new_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that read before the import may still write; it is waited for, and goes as well."""
    holder = {"post": "p", "source": "s", "held": True}
    strays = [Put({"PK": "CLAIM#/2026/05/stray/", "SK": "HOLDER"} | holder)]
    with worlds() as world:
        _publish_all(world)
        path = _export(world, tmp_path)

        def meanwhile(_: float) -> None:
            while strays:
                world.table.write(strays.pop())

        monkeypatch.setattr("time.sleep", meanwhile)
        _import(world, path, Wishes(replace=True))
        assert strays == []
        assert world.stores.claims.read("/2026/05/stray/") is None
