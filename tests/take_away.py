"""Takes one safeguard away at a time, in a copy, and expects a test to fail: `make take-away`."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("shared", "functions", "events", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Safeguard:
    """A piece of code, what stands in its place without it, and the tests that are to notice."""

    name: str
    file: str
    code: str
    without: str
    tests: str


SAFEGUARDS = (
    Safeguard(
        "the lock condition",
        "shared/presswork/aws/sources.py",
        "return Put(item, unlocked)",
        "return Put(item)",
        "tests/flow/test_races.py",
    ),
    Safeguard(
        "step (e) of converge",
        "shared/presswork/stages/converge.py",
        "if not changed or (again := read()) == inputs:",
        "if True:",
        "tests/flow/test_races.py",
    ),
    Safeguard(
        "the re-announcement",
        "shared/presswork/stages/parse/stage.py",
        "        accepted = post.accepted\n        if accepted is not None and accepted.rev",
        "        posts.announced(post)\n"
        "        accepted = post.accepted\n        if accepted is not None and accepted.rev",
        "tests/flow/test_races.py",
    ),
    Safeguard(
        "the address check of the fetcher",
        "shared/presswork/imaging/fetching/transport.py",
        "if not isinstance(answer, PinnedAddress) and (why := not_public(answer)):",
        'if False and (why := ""):',
        "tests/unit/imaging/test_addresses.py tests/flow/test_images.py",
    ),
    Safeguard(
        "the turn of a use",
        "shared/presswork/aws/uses.py",
        'self.table.write(Delete(self.pk, f"POST#{post}", condition))',
        'self.table.write(Delete(self.pk, f"POST#{post}"))',
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the look at who uses doomed media",
        "shared/presswork/stages/images/media.py",
        "if item.state is MediaState.DOOMED and self._is_used(hash):",
        "if False:",
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the condition on media as read",
        "shared/presswork/aws/media.py",
        'return Attr("lock").eq(media.lock)',
        'return Attr("PK").exists()',
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the second look of who forgets an image",
        "shared/presswork/stages/images/stage.py",
        "        if self._is_used(images, image.url):\n            self.bulk.send(Heal",
        "        if False:\n            self.bulk.send(Heal",
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the second look at a file that is being read",
        "shared/presswork/stages/images/stage.py",
        "        if is_own(url):\n            self.bulk.send(Heal(heal=url), delay=",
        "        if False:\n            self.bulk.send(Heal(heal=url), delay=",
        "tests/flow/test_own_files.py",
    ),
    Safeguard(
        "the signature check",
        "shared/presswork/stages/webhook.py",
        "        self._verify(request)\n",
        "",
        "tests/flow/test_webhook.py",
    ),
    Safeguard(
        "the sanitiser",
        "shared/presswork/content/html/sanitizing.py",
        "return _cleaner(embeds, trusted).clean(html)",
        "return html",
        "tests/unit/content/test_properties.py",
    ),
    Safeguard(
        "the place where alone an embedded image may be named",
        "shared/presswork/content/html/sanitizing.py",
        '_LEADING = frozenset({"cite", "href", "poster", "src"})',
        "_LEADING: frozenset[str] = frozenset()",
        "tests/flow/test_embedded_images.py",
    ),
    Safeguard(
        "the plain values of a theme",
        "shared/presswork/site/theme/context.py",
        '"site": settings(site),',
        '"site": site,',
        "tests/unit/site/test_themes.py",
    ),
    Safeguard(
        "the clock in the loops of a theme",
        "shared/presswork/site/theme/limits.py",
        "    for item in items:\n        page.check_time()\n",
        "    for item in items:\n",
        "tests/unit/site/test_themes.py -k clock",
    ),
    Safeguard(
        "the look of a rebuild at what the site's bucket holds",
        "shared/presswork/stages/images/media.py",
        "return None if item is not None and whole and not self._is_whole(item) else item",
        "return item",
        "tests/flow/test_rebuild.py",
    ),
    Safeguard(
        "the look at what an attachment is",
        "shared/presswork/content/attachments.py",
        "return mime if beginning.match(data) else None",
        "return mime",
        "tests/flow/test_attachments.py",
    ),
    Safeguard(
        "the folders that a webhook's posts may show files of",
        "shared/presswork/content/own_files.py",
        "return (hook[0], *_FOR_ALL) if hook else _FOLDERS",
        "return _FOLDERS",
        "tests/flow/test_own_files.py",
    ),
    Safeguard(
        "what came home, when its origin is asked again",
        "shared/presswork/stages/images/fetch.py",
        '            visit = {"visited": now}\n        return',
        '            visit = {"state": ImageState.OWED}\n        return',
        "tests/flow/test_refresh.py",
    ),
    Safeguard(
        "the note of a turn, kept with the post",
        "shared/presswork/stages/index/periods.py",
        "            self.post = self.posts.turn(self.post, more)",
        "            self.post",
        "tests/flow/test_periods.py",
    ),
    Safeguard(
        "the condition on what a period is split into",
        "shared/presswork/aws/lists.py",
        'unchanged = Attr("parts").eq(list(old))',
        'unchanged = Attr("parts").exists()',
        "tests/flow/test_periods.py",
    ),
)


def is_noticed(safeguard: Safeguard) -> bool:
    """Whether a test fails without the safeguard."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            target = copy / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        path = copy / safeguard.file
        text = path.read_text()
        if text.count(safeguard.code) != 1:
            sys.exit(f"{safeguard.file} does not hold {safeguard.code!r} once")
        path.write_text(text.replace(safeguard.code, safeguard.without))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        run = subprocess.run(
            [*command, *safeguard.tests.split()],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy / "shared")},
            capture_output=True,
            text=True,
            check=False,
        )
        failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        print(f"{safeguard.name}: {failed[0] if failed else 'NOT NOTICED'}", flush=True)
        return run.returncode == 1


if __name__ == "__main__":
    chosen = [s for s in SAFEGUARDS if not sys.argv[1:] or s.name in sys.argv[1:]]
    noticed = [is_noticed(safeguard) for safeguard in chosen]
    sys.exit(0 if all(noticed) else 1)
