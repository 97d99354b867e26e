"""Links between sources: where those of a post lead, and who links to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial

from presswork.aws.parallel import in_parallel
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores, Write
from presswork.content import links
from presswork.messages import MANY_POSTS, RefreshLinks, RefreshPostLinks
from presswork.post import LinkTarget, Post
from presswork.state import Accepted, Live, PostState, SourceLinks
from presswork.tasks import RefreshReferrers

PATIENCE = 60
"""Seconds until the referrers of a source are brought up to date: an import has come by then."""

LOOKS = 3
"""How often it is looked where the links of a post lead: in a burst the targets go on moving."""

_PAGE = 100
"""How many referrers one message sends on."""
_NAMESAKES = 20
"""How many posts of one name are looked at for one in the same folder."""

Target = tuple[str, LinkTarget]
"""A handle, and the post that is known by it."""


@dataclass(frozen=True)
class LinkResolver:
    """Where links lead is state of the post that has them; no page looks it up."""

    stores: Stores
    queue: Queue

    def refresh(self, post: PostState, accepted: Accepted, shown: Post, *, bulk: bool) -> PostState:
        """Writes where the links of a post lead now, if that is news.

        The post stands in the index of links before the first look: a target that comes later finds
        it there. What is told between a look and the write is seen by the next look, and behind the
        last one by a message, a minute later.
        """
        linked = links.sources_linked(shown.html, accepted.source)
        handles = tuple(sorted({handle for each in linked.values() for handle in each}))
        known = post.links
        if not handles and not known.handles:
            return post
        new = sorted(set(handles) - set(known.handles))
        self.stores.links.note(new, post.id, accepted.revision)
        stale = sorted(set(known.handles) - set(handles))
        for _ in range(LOOKS):
            addresses = self.addresses(shown, accepted.source, accepted.path)
            found = post.links.model_copy(update={"handles": handles, "addresses": addresses})
            if found == post.links:
                break
            post = self.stores.posts.save_links(post, found)
            self.stores.links.forget(stale, post.id, accepted.revision)
        else:
            self.queue.send(RefreshPostLinks(post=post.id, bulk=bulk), delay=PATIENCE)
        return post

    def drop(self, post: PostState) -> PostState:
        """Strikes a post that is down out of the index of links."""
        handles, accepted = post.links.handles, post.accepted
        if not handles or accepted is None:
            return post
        post = self.stores.posts.save_links(post, SourceLinks(version=post.links.version))
        self.stores.links.forget(handles, post.id, accepted.revision)
        return post

    def targets(self, old: Live | None, new: Live, id: str) -> tuple[list[Write], list[str]]:
        """The writes by which a post is known by its handles, and the handles that moved."""
        before, after = _targets(old, id), _targets(new, id)
        store = self.stores.links
        writes = [store.put_target(*each) for each in sorted(after - before)]
        kept = {(handle, target.source) for handle, target in after}
        gone = [each for each in before if (each[0], each[1].source) not in kept]
        writes += [store.delete_target(*each) for each in sorted(gone)]
        return writes, sorted({handle for handle, _ in before ^ after})

    def tell_referrers(self, tasks: Iterable[RefreshReferrers], *, bulk: bool) -> None:
        """Has the posts that link by these handles looked at, a minute later."""
        handles = [task.handle for task in tasks]
        referrers = partial(self.stores.links.referrers, limit=1)
        found = in_parallel(partial(referrers, handle) for handle in handles)
        for handle in (handle for handle, posts in zip(handles, found, strict=True) if posts):
            self.queue.send(RefreshLinks(handle=handle, bulk=bulk), delay=PATIENCE)

    def send_on(self, message: RefreshLinks) -> None:
        """Sends a page of referrers on, each as a message of its own, and what is behind them."""
        posts = self.stores.links.referrers(message.handle, after=message.after, limit=_PAGE)
        bulk = message.bulk or len(posts) > MANY_POSTS
        self.queue.send_all(RefreshPostLinks(post=post, bulk=bulk) for post in posts)
        if len(posts) == _PAGE:
            self.queue.send(RefreshLinks(handle=message.handle, after=posts[-1], bulk=bulk))

    def addresses(self, shown: Post, source: str, path: str) -> dict[str, str]:
        """Where the links of a post lead whose page is at `path`, as far as they lead anywhere."""
        own = links.handles_of(source, shown)

        @cache
        def targets(handle: str) -> list[LinkTarget]:
            if handle in own:
                return [LinkTarget(post=shown.id, source=source, path=path)]
            return self.stores.links.targets(handle, limit=_NAMESAKES)

        return links.addresses(links.sources_linked(shown.html, source), source, targets)


def _targets(live: Live | None, id: str) -> set[Target]:
    if live is None or not live.up:
        return set()
    target = LinkTarget(post=id, source=live.source, path=live.path)
    return {(handle, target) for handle in live.handles}
