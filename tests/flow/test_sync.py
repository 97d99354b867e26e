"""`sync`: a folder becomes the content of a site, with all stages behind it."""

import json
import re
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Self

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from flow.world import SITE_URL, World, picture, plain
from presswork_cli.app import app
from presswork_cli.failure import Failure
from presswork_cli.operate import follow, publish
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import Outputs
from presswork_cli.sync import run as run_module
from presswork_cli.sync.judging import Judgement
from presswork_cli.sync.manifest import Manifest, manifest_key

SITE = "title: Harbour\nlanguage: en\n"
MANIFEST = manifest_key("site")
ADVICE = (
    "/2026/05/plain/ answers 410 from now on: with `aliases: [/2026/05/plain/]` in its front "
    "matter it leads to the new address."
)
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "sync.md").read_text(encoding="utf-8")
ASIDE = "belongs nowhere in the bucket: posts go below posts/, files below static/"


class Killed(BaseException):
    """The end of a process, which does nothing more."""


class InARow:
    """A pool that does each work when it is given: stages and uploads take turns here."""

    def __init__(self, _: int) -> None:
        """One worker is enough."""

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        """Does the work."""
        done: Future[Any] = Future()
        done.set_result(work(*given))
        return done

    def shutdown(self, **_: object) -> None:
        """Nothing is under way."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is under way."""


class Author:
    """The S3 client of who syncs: each change is an event, and `dies_at` a write no more is made.

    `before` is called before each write with its operation and key.
    """

    def __init__(self, world: World) -> None:
        self._world, self._s3 = world, world.s3
        self.writes: list[tuple[str, str]] = []
        self.dies_at: int | None = None
        self.before: Callable[[str, str], None] = lambda *_: None

    def __getattr__(self, name: str) -> Any:
        """What only reads."""
        return getattr(self._s3, name)

    def put_object(self, **request: Any) -> Any:
        """A write that is noticed."""
        return self._write("put", self._s3.put_object, "Object Created", request)

    def delete_object(self, **request: Any) -> Any:
        """A deletion that is noticed."""
        return self._write("delete", self._s3.delete_object, "Object Deleted", request)

    def _write(self, word: str, call: Callable[..., Any], kind: str, request: Any) -> Any:
        if self.dies_at is not None and len(self.writes) >= self.dies_at:
            raise Killed
        self.before(word, request["Key"])
        answer = call(**request)
        self.writes.append((word, request["Key"]))
        if not request["Key"].startswith("."):  # no rule hears of others
            self._world.hint(request["Key"], kind)
        return answer


class Synced(Stack):
    """The world as who syncs reaches it; its stages run whenever somebody looks at the table."""

    def __init__(self, world: World) -> None:
        self.world, self.author = world, Author(world)
        self.outputs = Outputs(
            ContentBucket="content", SiteBucket="site", VaultBucket="vault", SiteUrl=SITE_URL
        )
        self.looked: Callable[[], None] = lambda: None

    @property
    def stores(self) -> Any:
        """What the stages have written by now."""
        self.looked()
        self.world.run()
        return self.world.stores

    def client(self, service: str) -> Any:
        """The client of an author, or the world's."""
        return self.author if service == "s3" else self.world.sqs

    def resource(self, logical_id: str) -> str:
        """A queue; here each is empty when it is looked at."""
        assert logical_id.endswith("Queue")
        return str(self.world.urls["bulk"])

    def absent(self, why: str) -> Failure:
        """It is always there."""
        raise AssertionError(why)

    def refresh(self, paths: Any) -> None:
        """No cache has anything."""
        raise AssertionError(paths)


class Folder:
    """A folder on disk, and the command that syncs it."""

    def __init__(self, root: Path, stack: Synced) -> None:
        self.root, self.stack = root, stack

    def write(self, **files: str | bytes) -> Self:
        """Writes files, by their paths."""
        for name, data in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return self

    def move(self, old: str, new: str) -> None:
        """Renames a file."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def delete(self, name: str) -> None:
        """Deletes a file."""
        (self.root / name).unlink()

    def in_the_docs(self, words: str) -> str:
        """What was said, as a page quotes it."""
        return words.replace(str(self.root), "blog")

    def command(self, *options: str, folder: Path | None = None) -> Any:
        """What the command ends with; the writes are counted from here on."""
        self.stack.author.writes.clear()
        arguments = ["sync", str(folder or self.root), *options]
        return CliRunner().invoke(app, arguments)

    def sync(self, *options: str, code: int = 0) -> dict[str, Any]:
        """The answer of the command, which ends with an exit code."""
        result = self.command(*options, "--json")
        assert result.exit_code == code, (result.output, result.exception)
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def told(self, *options: str, code: int = 0) -> str:
        """What a person sees."""
        result = self.command(*options)
        assert result.exit_code == code, (result.output, result.exception)
        return str(result.stdout)


@pytest.fixture
def folder(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A small site: settings, a template, a file, posts with a picture, one with an id, a page."""
    stack = Synced(world)
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: stack)
    monkeypatch.setattr(run_module, "ThreadPoolExecutor", InARow)
    monkeypatch.setattr(follow, "_PAUSE", 0)
    monkeypatch.setattr(follow, "_SHARE", 0)
    folder = Folder(tmp_path / "blog", stack)
    files: dict[str, str | bytes] = {
        "site.yaml": SITE,
        "theme/base.html": '<!-- ours -->{% extends "default/base.html" %}',
        "static/files/cv.txt": "Born by the sea.",
        "posts/sea/boat.jpg": picture(),
        "posts/sea/index.md": plain("Sea", "![A boat](boat.jpg)"),
        "posts/kept.md": plain("Kept", id="kept-post"),
        "posts/lost.md": plain("Lost"),
        "posts/plain.md": plain("Plain"),
        "pages/about.md": plain("About"),
        ".git/config": "hidden",
        "README.md": "For who works on it.",
    }
    return folder.write(**files)


def statuses(answer: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What was done with each key, and what became of it."""
    return {each["key"]: (each["action"], each["status"]) for each in answer["posts"]}


def test_a_folder_becomes_a_site(folder: Folder, world: World) -> None:
    """Settings and theme first, then files, then posts; each is followed to its end."""
    answer = folder.sync()
    assert statuses(answer) == {
        "pages/about.md": ("sent", "live"),
        "posts/kept.md": ("sent", "live"),
        "posts/lost.md": ("sent", "live"),
        "posts/plain.md": ("sent", "live"),
        "posts/sea/boat.jpg": ("sent", "skipped"),
        "posts/sea/index.md": ("sent", "live"),
        "site.yaml": ("sent", "live"),
        "static/files/cv.txt": ("sent", "skipped"),
        "theme/base.html": ("sent", "live"),
    }
    by_key = {each["key"]: each for each in answer["posts"]}
    assert by_key["posts/kept.md"]["url"] == f"{SITE_URL}/2026/05/kept/"
    assert (answer["name"], answer["aside"]) == ("site", ["README.md"])
    puts = [key for _, key in folder.stack.author.writes]
    assert puts[0] == puts[-1] == MANIFEST
    order = [key for key in puts if key != MANIFEST]
    assert set(order[:2]) == {"site.yaml", "theme/base.html"}
    assert set(order[2:4]) == {"posts/sea/boat.jpg", "static/files/cv.txt"}
    assert world.pages()["files/cv.txt"] == b"Born by the sea."
    assert b"Harbour" in world.pages()["index.html"]


def test_again_it_writes_nothing(folder: Folder) -> None:
    """What did not change is not sent, and not even the manifest is written."""
    folder.sync()
    answer = folder.sync()
    assert (folder.stack.author.writes, answer["posts"]) == ([], [])
    assert answer["summary"] == {"unchanged": 9}
    assert folder.told().splitlines()[-1] == "9 unchanged"


def test_the_receipt_of_many_changes(folder: Folder, world: World) -> None:
    """Two renames, a deletion, an edit, a broken post, a link out of the folder."""
    folder.sync()
    before = world.fed("posts/kept.md").id
    folder.move("posts/kept.md", "posts/harbour/kept-on.md")
    folder.move("posts/plain.md", "posts/simple.md")
    folder.delete("posts/lost.md")
    folder.write(
        **{
            "posts/sea/index.md": plain("Sea", "![A boat](boat.jpg)\n\nIt floats."),
            "posts/broken.md": plain("Broken", date="2026-02-30"),
        }
    )
    (folder.root / "posts" / "passwd.txt").symlink_to("/etc/passwd")
    answer = folder.sync("--delete", code=1)
    by_key = {each["key"]: each for each in answer["posts"]}
    assert statuses(answer) == {
        "posts/broken.md": ("refused", "rejected"),
        "posts/harbour/kept-on.md": ("renamed", "live"),
        "posts/lost.md": ("deleted", "removed"),
        "posts/passwd.txt": ("refused", "rejected"),
        "posts/sea/index.md": ("sent", "live"),
        "posts/simple.md": ("renamed", "live"),
    }
    assert by_key["posts/broken.md"]["error"]["line"] == 3
    assert by_key["posts/broken.md"]["file"] == str(folder.root / "posts" / "broken.md")
    assert by_key["posts/simple.md"]["moved_from"] == "posts/plain.md"
    assert by_key["posts/simple.md"]["note"].startswith("/2026/05/plain/ answers 410 from now on")
    assert world.page("/2026/05/plain/") == "410"
    moved = by_key["posts/harbour/kept-on.md"]
    assert moved["note"] == "/2026/05/kept/ leads to its new address."
    assert world.fed("posts/harbour/kept-on.md").id == before
    assert world.page("/2026/05/kept/") == "301 /2026/05/kept-on/"
    assert answer["summary"] == {
        "sent": 1,
        "renamed": 2,
        "deleted": 1,
        "refused": 2,
        "unchanged": 5,
        "live": 3,
        "removed": 1,
    }
    assert folder.sync("--delete", code=1)["summary"] == {"refused": 2, "unchanged": 8}
    assert folder.stack.author.writes == []


def test_a_person_sees_links_and_cures(folder: Folder) -> None:
    """Each post with its address or its cure; what is left, and the sum in the last line."""
    folder.sync()
    folder.delete("posts/lost.md")
    folder.move("posts/plain.md", "posts/simple.md")
    folder.write(**{"posts/broken.md": plain("Broken", date="2026-02-30")})
    lines = folder.told(code=1).splitlines()
    file = folder.root / "posts" / "broken.md"
    assert lines == [
        "refused   posts/broken.md",
        f"{file}:3:1: There is no such date as '2026-02-30'.",
        "  fix: Write it as 2021-11-21T18:10:05Z, as 2021-11-21 18:10:05, or as 2021-11-21.",
        f"live      {SITE_URL}/2026/05/simple/",
        "          renamed from posts/plain.md",
        f"          {ADVICE}",
        "left      posts/lost.md is not in the folder any more; `--delete` takes it away",
        f"left      README.md {ASIDE}",
        "7 unchanged, 1 renamed, 1 refused · 1 live",
    ]
    assert folder.in_the_docs("\n".join(lines)) in PAGE


def test_a_plan_is_printed_and_nothing_is_written(folder: Folder, world: World) -> None:
    """`--dry-run` names what would be done, and what would be refused."""
    folder.sync()
    folder.delete("posts/lost.md")
    folder.write(**{"posts/new.md": plain("New")})
    answer = folder.sync("--dry-run", "--delete")
    assert statuses(answer) == {
        "posts/lost.md": ("deleted", "planned"),
        "posts/new.md": ("sent", "planned"),
    }
    assert answer["dry_run"]
    assert folder.told("--dry-run").splitlines()[-1] == (
        "a plan, nothing was written: 1 sent, 8 unchanged"
    )
    assert folder.stack.author.writes == []
    assert "posts/lost.md" in world.keys("content")


@pytest.mark.parametrize("at", range(13))
def test_killed_at_any_write_and_begun_again_it_ends_right(
    folder: Folder, world: World, at: int
) -> None:
    """The next sync sends only what is left, and ends as if nothing had happened."""
    folder.sync()
    folder.move("posts/plain.md", "posts/simple.md")
    folder.delete("posts/lost.md")
    for name in ("posts/kept.md", "posts/sea/index.md", "static/files/cv.txt", "site.yaml"):
        path = folder.root / name
        path.write_text(path.read_text() + "\n")
    for number in range(3):
        folder.write(**{f"posts/new-{number}.md": plain(f"New {number}")})
    author = folder.stack.author
    author.dies_at = at
    with pytest.raises(Killed) if at < 12 else nullcontext():
        folder.command("--delete", "--json")
    author.dies_at = None
    arrived = {key for word, key in author.writes if word == "put"} - {MANIFEST}
    answer = folder.sync("--delete")
    again = {key for word, key in author.writes if word == "put"} - {MANIFEST}
    assert not arrived & again
    told = statuses(answer)
    assert (arrived | again) - set(told) == (set() if at < 12 else arrived)
    assert {status for _, status in told.values()} <= {"live", "skipped", "removed"}
    files = {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in folder.root.rglob("*.*")
        if path.is_file() and ".git" not in path.parts and path.name != "README.md"
    }
    keys = [key for key in world.keys("content") if key != MANIFEST]
    content = {key: world.content.get(key, most=1_000_000) for key in keys}
    assert {key: each.data for key, each in content.items() if each} == files
    assert world.page("/2026/05/plain/") == world.page("/2026/05/lost/") == "410"
    manifest = Manifest.model_validate_json(world.content.get(MANIFEST, most=1_000_000).data)  # type: ignore[union-attr]
    assert {*manifest.files} == {*files}
    assert not manifest.sending
    assert not manifest.moving
    folder.sync("--delete")
    assert author.writes == []


def test_broken_settings_stop_it_all(folder: Folder) -> None:
    """Nothing is sent but with `--force`; so it is with a theme."""
    folder.write(**{"site.yaml": "titel: Typo\n"})
    answer = folder.sync(code=1)
    assert statuses(answer) == {"site.yaml": ("refused", "rejected")}
    assert answer["posts"][0]["error"]["line"] == 1
    assert folder.stack.author.writes == []
    folder.write(**{"site.yaml": SITE, "theme/base.html": "{% block %}"})
    answer = folder.sync(code=1)
    assert statuses(answer) == {"theme/base.html": ("refused", "rejected")}
    assert folder.stack.author.writes == []
    assert statuses(folder.sync("--force", code=1))["theme/base.html"] == ("sent", "rejected")


def test_force_sends_what_check_refuses(folder: Folder, world: World) -> None:
    """The cloud says the same of it, and keeps the last good revision."""
    folder.sync()
    folder.write(**{"posts/plain.md": plain("Plain", date="2026-02-30")})
    assert statuses(folder.sync(code=1)) == {"posts/plain.md": ("refused", "rejected")}
    assert statuses(folder.sync("--force", code=1)) == {"posts/plain.md": ("sent", "rejected")}
    assert "Plain" in (world.page("/2026/05/plain/") or "")


def test_settings_that_the_cloud_turns_down_stop_the_rest(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `check` on this machine does not see: the posts are not sent with other settings."""
    monkeypatch.setattr("presswork_cli.sync.judging.broken", lambda _: (None, None))
    monkeypatch.setattr("presswork_cli.sync.preparing.judge", lambda *_: Judgement((), {}))
    folder.write(**{"site.yaml": "titel: Typo\n"})
    answer = folder.sync(code=1)
    assert statuses(answer)["site.yaml"] == ("sent", "rejected")
    assert statuses(answer)["posts/kept.md"] == ("sent", "unsent")
    sent = {key for _, key in folder.stack.author.writes}
    assert sent == {MANIFEST, "site.yaml", "theme/base.html"}


def test_a_theme_that_a_deletion_mends_stops_nothing(folder: Folder, world: World) -> None:
    """A broken file is gone from the folder: what it broke is looked at again at the end."""
    folder.sync()
    folder.write(**{"theme/list.html": "{% block %}"})
    folder.sync("--force", code=1)
    folder.delete("theme/list.html")
    folder.write(**{"theme/base.html": '<!-- new -->{% extends "default/base.html" %}'})
    assert statuses(folder.sync("--delete")) == {
        "theme/base.html": ("sent", "live"),
        "theme/list.html": ("deleted", "removed"),
    }
    assert b"<!-- new -->" in world.pages()["index.html"]


def test_many_deletions_are_asked_for(folder: Folder, world: World) -> None:
    """Above a fifth: without a terminal it is refused, with exit code 2, and `--yes` does it."""
    folder.sync()
    for name in ("posts/lost.md", "posts/plain.md"):
        folder.delete(name)
    result = folder.command("--delete")
    assert result.exit_code != 0
    assert isinstance(result.exception, Failure)
    assert result.exception.code == 2
    assert result.exception.message == (
        f"2 of 9 files that {folder.root} wrote would be deleted: --dry-run names them, and --yes "
        "deletes them"
    )
    assert folder.in_the_docs(result.exception.message) in PAGE
    assert folder.stack.author.writes == []
    assert folder.sync("--delete", "--yes")["summary"]["deleted"] == 2
    assert world.page("/2026/05/lost/") == "410"


def test_another_folder_does_not_take_the_place_of_this_one(folder: Folder, tmp_path: Path) -> None:
    """It is told to take a name of its own, and then both live side by side."""
    folder.sync()
    other = Folder(tmp_path / "other", folder.stack)
    other.write(**{"posts/other.md": plain("Other")})
    result = other.command()
    assert isinstance(result.exception, Failure)
    assert other.in_the_docs(result.exception.message) in PAGE
    assert other.sync("--name", "other", "--delete")["summary"]["live"] == 1
    assert folder.sync("--delete")["summary"] == {"unchanged": 9}


def test_what_others_wrote_stays(folder: Folder, world: World) -> None:
    """Posts of webhooks and of others, and a file that somebody changed meanwhile."""
    folder.sync()
    world.put("posts/hooks/desk/a.md", plain("By hook"))
    world.put("posts/by-hand.md", plain("By hand"))
    world.run()
    folder.delete("posts/lost.md")

    def change(word: str, key: str) -> None:
        if (word, key) == ("delete", "posts/lost.md"):
            world.put("posts/lost.md", plain("Found again"))

    folder.stack.author.before = change
    answer = folder.sync("--delete")
    assert (answer["posts"], answer["foreign"]) == ([], ["posts/lost.md"])
    assert answer["others"] == ["posts/by-hand.md", "posts/hooks/desk/a.md"]
    assert folder.sync()["others"] == []
    words = "left      2 files stay in the bucket, for no sync of this folder sent them"
    assert words in folder.told("--delete", "--yes").splitlines()
    assert words in PAGE
    assert {"posts/hooks/desk/a.md", "posts/by-hand.md", "posts/lost.md"} <= {
        *world.keys("content")
    }


def test_owed_images_are_in_the_sum(folder: Folder) -> None:
    """Their posts are live; who asks what is missing is told what names it."""
    body = "![Gone](http://images.example/gone.jpg)\n\n![Too](http://images.example/too.jpg)"
    folder.write(**{"posts/owing.md": plain("Owing", body)})
    *_, note, total = folder.told().splitlines()
    assert note == "owed      2 images have yet to come home: `images` names each, and its next try"
    assert total == "10 sent, 0 unchanged · 8 live, 2 owed"
    assert f"{note}\n" in PAGE
    folder.write(**{"posts/owing.md": plain("Owing", body, tags="sea")})
    assert folder.sync()["summary"] == {"sent": 1, "unchanged": 9, "live": 1, "owed": 2}


def test_a_file_that_is_not_sent_keeps_none_back(folder: Folder, world: World) -> None:
    """The others go on, what moves to it stays where it was, and the next sync sends the rest."""
    folder.sync()
    folder.move("posts/kept.md", "posts/kept-on.md")
    folder.write(**{"posts/new.md": plain("New")})

    def fail(_: str, key: str) -> None:
        if key == "posts/kept-on.md":
            raise ClientError({"Error": {"Code": "SlowDown", "Message": "slow down"}}, "PutObject")

    folder.stack.author.before = fail
    answer = folder.sync(code=3)
    assert statuses(answer) == {
        "posts/kept-on.md": ("renamed", "unsent"),
        "posts/new.md": ("sent", "live"),
    }
    assert "slow down" in answer["posts"][0]["error"]["message"]
    assert "posts/kept.md" in world.keys("content")
    folder.stack.author.before = lambda *_: None
    assert statuses(folder.sync()) == {"posts/kept-on.md": ("renamed", "live")}
    assert "posts/kept.md" not in world.keys("content")


def test_ctrl_c_says_what_goes_on(folder: Folder) -> None:
    """Exit code 130; what was sent goes on in the cloud, and the next sync sends the rest."""
    looks = 0

    def interrupt() -> None:
        nonlocal looks
        looks += 1
        if looks == 12:
            raise KeyboardInterrupt

    folder.stack.looked = interrupt
    result = folder.command()
    assert result.exit_code == 130
    assert re.sub(r"\d of", "9 of", result.stderr).strip() in PAGE
    sent = {key for _, key in folder.stack.author.writes} - {MANIFEST}
    folder.stack.looked = lambda: None
    assert sent <= statuses(folder.sync()).keys()
    again = {key for _, key in folder.stack.author.writes} - {MANIFEST}
    assert sent
    assert again
    assert not sent & again


@pytest.mark.parametrize("verb", ["publish", "remove"])
def test_ctrl_c_of_a_single_post_says_the_same(folder: Folder, verb: str) -> None:
    """It is upon its way by then: whoever ends the command is told how to follow it."""
    folder.sync()
    looks = 0

    def interrupt() -> None:
        nonlocal looks
        looks += 1
        if looks > 1:  # the first is at what was there before
            raise KeyboardInterrupt

    folder.stack.looked = interrupt
    result = CliRunner().invoke(app, [verb, str(folder.root / "posts" / "plain.md")])
    assert result.exit_code == 130
    assert result.stderr.strip() in (DOCS / "mistakes.md").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_sent_any_more_is_not_gone(folder: Folder, world: World) -> None:
    """It became a link out of the folder, or broken: what was sent of it stays, --delete or not."""
    folder.sync()
    folder.delete("posts/plain.md")
    (folder.root / "posts" / "plain.md").symlink_to("/etc/hostname")
    folder.write(**{"posts/lost.md": plain("Lost", date="2026-02-30")})
    answer = folder.sync("--delete", code=1)
    assert answer["summary"] == {"refused": 2, "unchanged": 7}
    assert "Plain" in (world.page("/2026/05/plain/") or "")


def test_another_type_is_sent_again(folder: Folder, world: World) -> None:
    """Equal bytes that somebody sent as something else: the type is that of the name."""
    world.put("static/files/cv.txt", "Born by the sea.")
    world.run()
    answer = folder.sync()
    (file,) = (each for each in answer["posts"] if each["key"] == "static/files/cv.txt")
    assert file["note"] == "It takes the place of what somebody else wrote there."
    head = world.s3.head_object(Bucket="content", Key="static/files/cv.txt")
    assert head["ContentType"] == "text/plain; charset=utf-8"


def test_publish_sends_what_a_post_shows_before_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The post finds its picture; a sync afterwards has nothing to do with either."""
    monkeypatch.setattr(publish, "ThreadPoolExecutor", InARow)
    drafts = publish.read([str(folder.root / "posts" / "sea" / "index.md")])
    journeys = [Journey(draft.file, draft.key) for draft in drafts]
    answer = publish.publish(folder.stack, drafts, journeys, timeout=20, passed=lambda *_: None)
    assert [key for _, key in folder.stack.author.writes] == [
        "posts/sea/boat.jpg",
        "posts/sea/index.md",
    ]
    assert [each.status for each in answer.posts] == ["live", "skipped"]
    assert answer.posts[0].images.rehosted == 1
    assert folder.sync()["unchanged"] == 2


def test_a_damaged_manifest_is_named_with_its_cure(folder: Folder, world: World) -> None:
    """It never counts as an empty one."""
    folder.sync()
    world.s3.put_object(Bucket="content", Key=MANIFEST, Body=b"{")
    result = folder.command("--delete")
    assert isinstance(result.exception, Failure)
    assert result.exception.message.startswith(f"{MANIFEST} in content is damaged")
