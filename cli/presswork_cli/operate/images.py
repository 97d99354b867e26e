"""`images` and `heal`: what is not at home, and fetching it now."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from presswork.aws.queues import Queue
from presswork.clock import utc_now
from presswork.content import may_be_post
from presswork.content.html import embedded
from presswork.content.own_files import is_own
from presswork.messages import RetryImage
from presswork.post import ImageState
from presswork.state import PostState, RemoteImage
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import key_of
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import Counts, ImageAnswer, ImagesAnswer

NOT_AT_HOME = (ImageState.OWED.value, ImageState.LOST.value, ImageState.REFUSED.value)
_PAUSE = 0.3


def find(stack: Stack, state: str | None, post: str | None) -> ImagesAnswer:
    """The images that are not at home, or are in a state; of one post all, or those in a state."""
    return _answer(stack, _chosen(stack, state, post))


def heal(
    stack: Stack, state: str, post: str | None, *, timeout: float
) -> tuple[ImagesAnswer, bool]:
    """Asks for images now; what became of each, and whether all were tried within the time."""
    anew = state != ImageState.OWED.value
    return _asked(
        stack,
        list(_chosen(stack, state, post)),
        RetryImage(url="", anew=anew, bulk=post is None),
        timeout,
    )


def refresh(stack: Stack, post: str | None, *, timeout: float) -> tuple[ImagesAnswer, bool]:
    """Has the origins of images that are at home asked whether they changed.

    What became of each, and whether all were asked within the time.
    """
    asked = [
        image
        for image in _shown(stack, post)
        if image.state is ImageState.REHOSTED
        and not is_own(image.url)
        and not embedded.is_name(image.url)
    ]
    return _asked(stack, asked, RetryImage(url="", refresh=True, bulk=post is None), timeout)


def _asked(
    stack: Stack, asked: list[RemoteImage], message: RetryImage, timeout: float
) -> tuple[ImagesAnswer, bool]:
    """Sends a message about each image, and waits until it was acted upon."""
    queue = Queue(stack.client("sqs"), stack.resource("ImagesBulkQueue"))
    queue.send_all(message.model_copy(update={"url": image.url}) for image in asked)
    deadline = time.monotonic() + timeout
    untried = asked
    while (untried := [image for image in untried if not _was_tried(stack, image)]) and (
        time.monotonic() < deadline
    ):
        time.sleep(_PAUSE)
    images = stack.stores.images
    tried = [now for image in asked if (now := images.read(image.url)) is not None]
    return _answer(stack, tried), not untried


def key_of_post(stack: Stack, post: str) -> str:
    """The key of a post that is named by its file, its key or its id."""
    return post_of(stack, post).source


def post_of(stack: Stack, name: str) -> PostState:
    """A post by its file, its key or its id; raises Failure when none is known."""
    source = stack.stores.sources.read(key_of(name))
    post = stack.stores.posts.read(source.post if source and source.post else name)
    if post is None:
        raise Failure(f"no post is known as {name}: give its file, its key or its id", Exit.USAGE)
    return post


def _shown(stack: Stack, post: str | None) -> Iterator[RemoteImage]:
    """Each image of one post, or of all."""
    posts = _all_posts(stack) if post is None else [post_of(stack, post)]
    images = stack.stores.images
    wanted = dict.fromkeys(id for each in posts if each.ready for id in each.ready.images)
    return (image for id in wanted if (image := images.find(id)) is not None)


def _all_posts(stack: Stack) -> Iterator[PostState]:
    sources = (stack.stores.sources.read(key) for key in _keys(stack))
    ids = dict.fromkeys(source.post for source in sources if source and source.post)
    posts = (stack.stores.posts.read(id) for id in ids)
    return (post for post in posts if post is not None)


def _keys(stack: Stack) -> Iterator[str]:
    pages = (
        stack.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=stack.outputs.ContentBucket)
    )
    keys = (str(entry["Key"]) for page in pages for entry in page.get("Contents", ()))
    return filter(may_be_post, keys)


def _chosen(stack: Stack, state: str | None, post: str | None) -> Iterator[RemoteImage]:
    images = stack.stores.images
    if post is not None:
        ready = post_of(stack, post).ready
        ids: Iterable[str] = ready.images if ready else ()
        listed = (images.find(id) for id in ids)
    else:
        lists = [state] if state else NOT_AT_HOME
        items = (work for name in lists for work in stack.stores.lists.all_work(name))
        listed = (images.read(work.content) for work in items)
    for image in listed:
        if image is None or (state is not None and image.state.value != state):
            continue
        if post is not None or image.state is not ImageState.REHOSTED:
            yield image


def _was_tried(stack: Stack, image: RemoteImage) -> bool:
    now = stack.stores.images.read(image.url)
    return now is None or (now.lock_version > image.lock_version and not now.is_leased(utc_now()))


def _answer(stack: Stack, images: Iterable[RemoteImage]) -> ImagesAnswer:
    answers = tuple(_image(stack, image) for image in images)
    counted = Counter(answer.state for answer in answers)
    return ImagesAnswer(images=answers, summary=Counts(total=len(answers), **counted))


def _image(stack: Stack, image: RemoteImage) -> ImageAnswer:
    posts = (stack.stores.posts.read(id) for id in stack.stores.images.uses(image.url).posts())
    return ImageAnswer(
        url=image.url,
        state=image.state.value,
        posts=tuple(sorted(post.source for post in posts if post is not None)),
        attempts=image.attempts,
        next_try=image.next_try if image.state is ImageState.OWED else None,
        since=image.since,
        reason=image.reason,
        visited=image.visited,
        media=image.media if image.state is ImageState.REHOSTED else None,
    )
