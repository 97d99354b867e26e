"""What a person sees of a post's receipt."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.text import Text

from presswork_cli.printing.receipt import ExplainAnswer, ObjectReceipt
from presswork_cli.printing.terminal import complaint, headline, results, visible

_MOST_EQUAL = 3


def explained(answer: ExplainAnswer) -> None:
    """The status and its reason first, then each part in a few lines; what is amiss in red."""
    results.print(headline(answer.status, answer.source.key))
    results.print(Text(visible(answer.why)))
    if answer.error is not None:
        for line in complaint(answer.source.key, answer.error):
            results.print(line)
    for title, lines in (
        ("Source", _source(answer)),
        ("Post", _post(answer)),
        ("Readers", _live(answer)),
        ("Paths", _claims(answer)),
        ("Images", _images(answer)),
        ("Lists", [", ".join(answer.lists)] if answer.lists else []),
        ("Beside", [f"{each.role}: {each.title} {each.path}" for each in answer.beside]),
        (
            "Told",
            [f"{each.channel}: {each.progress} {_minute(each.time)}" for each in answer.told],
        ),
        ("Logs", _logs(answer)),
        ("Pending", answer.pending),
        ("Objects", _objects(answer.objects)),
        ("Table", _items(answer)),
    ):
        _part(title, lines)


def _part(title: str, lines: Iterable[str | Text]) -> None:
    for number, line in enumerate(lines):
        head = Text(f"{title if number == 0 else '':9}", style="bold")
        results.print(head.append(line if isinstance(line, Text) else visible(line)))


def _source(answer: ExplainAnswer) -> Iterator[str | Text]:
    source = answer.source
    yield f"version {source.version_id or '-'}, looked at {source.looks} times"
    if source.due is not None:
        yield f"to be looked at again at {_minute(source.due)}"
    if not source.is_current:
        yield Text("the bucket holds another version, which was not looked at yet", style="red")


def _post(answer: ExplainAnswer) -> Iterator[str]:
    post = answer.post
    if post is None:
        return
    yield f"{post.title}"
    yield f"id {post.id}, dated {_minute(post.date or post.first_date)}"
    yield f"revision {post.revision}, fingerprint {post.fingerprint[:16]}"
    accepted, ready = post.accepted or "none", post.ready or "none"
    yield f"accepted {accepted}, images ready {ready}, generation {post.generation or 0}"


def _live(answer: ExplainAnswer) -> Iterator[str | Text]:
    live = answer.live
    if live is None:
        return
    yield f"{'see' if live.up else 'saw'} revision {live.revision} at {live.url}"
    yield f"of version {live.version_id}, made with {live.build}"
    if not live.is_current:
        yield Text("settings, theme or software have changed since", style="yellow")


def _logs(answer: ExplainAnswer) -> Iterator[str]:
    for upload in answer.uploads:
        yield f"{upload.what}: correlation id {upload.correlation_id}"
        yield upload.logs


def _claims(answer: ExplainAnswer) -> Iterator[str]:
    for claim in answer.claims:
        whose = "its own" if claim.is_own else f"of {claim.source}"
        what = whose if claim.held else f"{whose} before"
        waiting = f"; waiting: {', '.join(claim.waiters)}" if claim.waiters else ""
        yield f"{claim.name} ({what}{waiting})"


def _images(answer: ExplainAnswer) -> Iterator[str]:
    for image in answer.images:
        more = [
            image.reason or "",
            f"next try {_minute(image.next_try)}" if image.next_try else "",
            f"media {image.media[:16]}" if image.media else "",
        ]
        yield ", ".join(filter(None, (image.state, *more))) + f" {image.url}"


def _objects(objects: tuple[ObjectReceipt, ...]) -> Iterator[str | Text]:
    counted = Counter(each.state for each in objects)
    if objects:
        yield ", ".join(f"{number} {state}" for state, number in sorted(counted.items()))
    amiss = [each for each in objects if each.state != "equal"]
    for each in amiss:
        yield Text(f"{each.state:10} {visible(each.key)} ({visible(each.of)})", style="red")
    equal = [each for each in objects if each.state == "equal"]
    yield from (f"{each.state:10} {each.key} ({each.of})" for each in equal[:_MOST_EQUAL])
    if len(equal) > _MOST_EQUAL:
        yield f"{'':10} and {len(equal) - _MOST_EQUAL} more; `--json` names them"


def _items(answer: ExplainAnswer) -> Iterator[str | Text]:
    there = sum(each.there for each in answer.items)
    yield f"{there} items; `--json` names them"
    for each in answer.items:
        if not each.there:
            yield Text(f"missing    {visible(each.pk)} / {visible(each.sk)}", style="red")


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
