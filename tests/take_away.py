"""Takes one safeguard away at a time, in a copy, and expects a test to fail: `make take-away`."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = (
    *("cli", "docs", "events", "functions", "shared", "tests"),
    *("action.yml", "ci-role.yaml", "pyproject.toml", "template.yaml"),
)


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
        'return Put({"PK": f"SRC#{source.key}", "SK": _SK} | fields, unlocked)',
        'return Put({"PK": f"SRC#{source.key}", "SK": _SK} | fields)',
        "tests/flow/test_races.py",
    ),
    Safeguard(
        "step 5 of converge",
        "shared/presswork/stages/converge.py",
        "if not any(written) or not looks_again or (again := read()) == inputs:",
        "if True:",
        "tests/flow/test_races.py",
    ),
    Safeguard(
        "that lists are made again whose late writer may die",
        "shared/presswork/stages/index/stage.py",
        "        if any(post.pending_index.overtaken for post in posts):",
        "        if False:",
        "tests/flow/test_outbox.py",
    ),
    Safeguard(
        "that pages beside a post are made again whose late writer may die",
        "shared/presswork/stages/render/stage.py",
        "        if post.pending_render.overtaken:",
        "        if False:",
        "tests/flow/test_outbox.py",
    ),
    Safeguard(
        "that the parts of a month are searched whatever their year is",
        "shared/presswork/stages/index/contents.py",
        "        is_apart = larger is not None or bool(",
        "        is_apart = bool(",
        "tests/flow/test_periods.py",
    ),
    Safeguard(
        "that what is searched is named anew when a year comes to be split, or whole",
        "shared/presswork/stages/index/stage.py",
        "            names.add(SITEMAP)",
        "            pass",
        "tests/flow/test_periods.py",
    ),
    Safeguard(
        "the HEAD of what is right by memory",
        "shared/presswork/stages/converge.py",
        "etag = seen[key] = bucket.head(key)",
        "seen[key] = etag",
        "tests/unit/stages/test_converge.py",
    ),
    Safeguard(
        "that after a conflict all is asked for anew",
        "shared/presswork/stages/converge.py",
        "                seen.pop(key, None)\n                bucket.seen.forget(key)\n",
        "                pass\n",
        "tests/unit/stages/test_converge.py",
    ),
    Safeguard(
        "that calls side by side have all ended when one of them fails",
        "shared/presswork/aws/parallel.py",
        "    wait(futures)\n",
        "",
        "tests/unit/aws/test_parallel.py",
    ),
    Safeguard(
        "that a batch is asked again for what it left out",
        "shared/presswork/aws/table.py",
        "            if not left:\n                return found",
        "            if True:\n                return found",
        "tests/unit/aws/test_table.py",
    ),
    Safeguard(
        "the re-announcement",
        "shared/presswork/stages/parse/stage.py",
        "        pending = [t for t in post.pending_parse.known",
        '        self.stores.posts.clear(post, "pending_parse")\n'
        "        pending = [t for t in post.pending_parse.known",
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
        "the generation of a use",
        "shared/presswork/aws/uses.py",
        'self.table.write(Delete(self.pk, f"POST#{post}", condition))',
        'self.table.write(Delete(self.pk, f"POST#{post}"))',
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the record of another source of the same bytes",
        "shared/presswork/aws/buckets.py",
        "        else:\n            if fits:\n                return hash\n",
        "        return hash\n",
        "tests/flow/test_images.py -k every_source",
    ),
    Safeguard(
        "the use that is noted before the media are read",
        "shared/presswork/stages/images/fetch.py",
        "        self.media.items.add_uses(added, request.post, request.generation)\n",
        "",
        "tests/flow/test_side_by_side.py tests/flow/test_collection.py",
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
        'return Attr("lock_version").eq(media.lock_version)',
        'return Attr("PK").exists()',
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the second look of who forgets an image",
        "shared/presswork/stages/images/stage.py",
        "        if self._is_used(image.url):\n            self.bulk.send(RetryImage",
        "        if False:\n            self.bulk.send(RetryImage",
        "tests/flow/test_collection.py",
    ),
    Safeguard(
        "the second look at a file that is being read",
        "shared/presswork/stages/images/stage.py",
        "        if is_own(url):\n            self.bulk.send(RetryImage(url=url), delay=",
        "        if False:\n            self.bulk.send(RetryImage(url=url), delay=",
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
        "the poster of a film that is another host's, on a page without images",
        "shared/presswork/site/bodies.py",
        ' and " poster=" not in html:',
        ":",
        "tests/unit/site/test_articles.py",
    ),
    Safeguard(
        "the order of authors, by which settings that are equal are not the same",
        "shared/presswork/kept.py",
        "each.text == text and",
        "each.settings == settings and",
        "tests/unit/test_kept.py",
    ),
    Safeguard(
        "the sanitiser",
        "shared/presswork/content/html/sanitizing.py",
        "clean = _cleaner(embeds, trusted).clean(html)",
        "clean = html",
        "tests/unit/content/test_properties.py",
    ),
    Safeguard(
        "the place where alone an embedded image may be named",
        "shared/presswork/content/html/sanitizing.py",
        'value.startswith("http") or scheme_of(value) != "ni"',
        "True",
        "tests/flow/test_embedded_images.py",
    ),
    Safeguard(
        "the place where alone it may be named in trusted HTML",
        "shared/presswork/content/html/sanitizing.py",
        '_LEADING = frozenset({"cite", "href", "poster", "src"})',
        "_LEADING: frozenset[str] = frozenset()",
        "tests/unit/content/test_sanitizing.py",
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
        "return _FOLDERS if authority == AUTHORS else (authority, *_FOR_ALL)",
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
        "the note of what a period calls for, kept with the post",
        "shared/presswork/stages/index/splits.py",
        '            self.post = self.posts.add(self.post, "pending_index", sorted(new, key=str))',
        "            self.post",
        "tests/flow/test_periods.py",
    ),
    Safeguard(
        "the condition on what a period is split into",
        "shared/presswork/aws/lists.py",
        'unchanged = Attr("parts").eq(old)',
        'unchanged = Attr("parts").exists()',
        "tests/flow/test_periods.py",
    ),
    Safeguard(
        "the second look at what a period is split into",
        "shared/presswork/stages/index/splits.py",
        "                raise Changed  # what it was made of may have: write, then look again",
        "                return bool(parts)",
        "tests/flow/test_periods.py",
    ),
    Safeguard(
        "the version of an outbox that is cleared",
        "shared/presswork/aws/posts.py",
        'unchanged: ConditionBase = Attr(f"{name}.version").eq(version)',
        'unchanged: ConditionBase = Attr(f"{name}.version").gte(0) & Attr("PK").exists()',
        "tests/flow/test_outbox.py",
    ),
    Safeguard(
        "the version of an outbox to which the same is added",
        "shared/presswork/tasks.py",
        "return Outbox(version=self.version + 1, tasks=both, overtaken=self.overtaken)",
        "return self if both == self.tasks else Outbox(version=self.version + 1, tasks=both)",
        "tests/flow/test_outbox.py",
    ),
    Safeguard(
        "the tasks of newer software",
        "shared/presswork/tasks.py",
        "return tuple(task for task in self.tasks if not isinstance(task, UnknownTask))",
        "return self.tasks",
        "tests/flow/test_outbox.py tests/unit/test_tasks.py",
    ),
    Safeguard(
        "the work of a worker that died before it cleared it",
        "shared/presswork/stages/render/stage.py",
        "        paths = self.neighbours.paths(",
        "        for each in left:\n"
        '            self.stores.posts.clear(each.post, "pending_render")\n'
        "        paths = self.neighbours.paths(",
        "tests/flow/test_outbox.py tests/flow/test_neighbours.py",
    ),
    *(
        Safeguard(
            f"the refusal of what {stage} does not know",
            f"shared/presswork/stages/{file}",
            f'raise unknown("{stage}", message)',
            "return ''" if stage == "parse" else "return",
            "tests/flow/test_functions.py",
        )
        for stage, file in {
            "parse": "parse/router.py",
            "images": "images/stage.py",
            "render": "render/router.py",
            "index": "index/stage.py",
            "notify": "notify/stage.py",
        }.items()
    ),
    Safeguard(
        "the refusal of what no stage knows",
        "shared/presswork/wire.py",
        "    return (messages.read(body),)",
        "    return (messages.read(body),) if 'kind' in body else ()",
        "tests/unit/test_messages.py",
    ),
    Safeguard(
        "the note of a link before it is looked where it leads",
        "shared/presswork/stages/render/links.py",
        "        self.stores.links.note(new, post.id, accepted.revision)\n",
        "",
        "tests/flow/test_links.py",
    ),
    Safeguard(
        "the second look at where links lead",
        "shared/presswork/stages/render/links.py",
        "        if self.addresses(shown, accepted.source, accepted.path) != addresses:",
        "        if False:",
        "tests/flow/test_links.py",
    ),
    Safeguard(
        "the look at where a post is about to say that its links lead",
        "shared/presswork/stages/render/stage.py",
        "if not is_shown or addresses != post.links.addresses:",
        "if not is_shown:",
        "tests/flow/test_links.py",
    ),
    Safeguard(
        "the look at a post whose target came before it was live",
        "shared/presswork/stages/render/stage.py",
        "            self.render(id, bulk=bulk)\n            return\n",
        "            return\n",
        "tests/flow/test_links.py",
    ),
    Safeguard(
        "the look at who links to a post that moved",
        "shared/presswork/stages/render/stage.py",
        "            *(RefreshReferrers(handle=handle) for handle in moved),\n",
        "",
        "tests/flow/test_links.py",
    ),
    Safeguard(
        "the version by which a document is kept",
        "shared/presswork/stages/index/contents.py",
        "return member.card.id, member.version",
        "return member.card.id, 0",
        "tests/flow/test_races.py",
    ),
    Safeguard(
        "the one maker of what an author may have a file for",
        "shared/presswork/stages/index/stage.py",
        "        keys -= set(map(site.key_of, site.OF_EVERY_SITE))  # those are of render\n",
        "",
        "tests/flow/test_own_pages.py",
    ),
    Safeguard(
        "the lists of a post apart from what the site is to make of new settings",
        "shared/presswork/stages/index/stage.py",
        "if site_state.base_published is None:",
        "if site_state.base_published != site_state.build:",
        "tests/flow/test_settings.py -k listed_while",
    ),
    Safeguard(
        "the look at which document of a post a feed is made of",
        "shared/presswork/stages/index/contents.py",
        'if document is None or member.document not in ("", md5(document)):',
        "if document is None:",
        "tests/flow/test_races.py -k taken_back",
    ),
    Safeguard(
        "the look for a document that was not there",
        "shared/presswork/stages/index/contents.py",
        'if document is None or member.document not in ("", md5(document)):',
        "if document is None:\n        return None, True\n"
        '    if member.document not in ("", md5(document)):',
        "tests/flow/test_races.py -k taken_back",
    ),
    Safeguard(
        "the object that alone is taken away",
        "shared/presswork/stages/converge.py",
        "bucket.delete(key, etag=etag)",
        "bucket.delete(key)",
        "tests/flow/test_races.py -k another_page",
    ),
    Safeguard(
        "the message that is sent for a list that keeps moving",
        "shared/presswork/stages/index/stage.py",
        "for lists, delay in ((moving, A_MOMENT), (awaited, PATIENCE)):",
        "for lists, delay in ((awaited, PATIENCE),):",
        "tests/flow/test_bursts.py",
    ),
    Safeguard(
        "the second look at lists, which knows nothing of the first",
        "shared/presswork/stages/index/stage.py",
        "first.pop() if first else self._foreseen(names)",
        "reader or self._foreseen(names)",
        "tests/flow/test_bursts.py tests/flow/test_races.py",
    ),
    Safeguard(
        "the years of a list that others wrote meanwhile",
        "shared/presswork/aws/lists.py",
        "        if years.get(year) != old:\n            raise Changed\n",
        "",
        "tests/unit/stages/test_members.py",
    ),
    Safeguard(
        "what a look forgets when it writes",
        "shared/presswork/aws/look.py",
        "            self.forget(each.item",
        "            (each.item",
        "tests/unit/stages/test_members.py",
    ),
    Safeguard(
        "the return of a whole batch under which something moves",
        "shared/presswork/wire.py",
        "        return _Outcome.LATER",
        "        return _Outcome.FAILED",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the second look of who names or forgets a month",
        "shared/presswork/stages/index/stage.py",
        "            look.write(put if has_members else delete)\n",
        "            look.write(put if has_members else delete)\n"
        "            return lists.names(kind)\n",
        "tests/flow/test_conflicts.py -k looks_again",
    ),
    Safeguard(
        "the name of a month that has its first post",
        "shared/presswork/stages/index/stage.py",
        "        note(_unnamed(set(site.renamings(lists)) - work, reader.lists))\n",
        "",
        "tests/flow/test_conflicts.py -k looks_again",
    ),
    Safeguard(
        "the look at what a known webhook-id came with",
        "shared/presswork/aws/idempotency.py",
        '            payload_validation_jmespath="content",\n',
        "",
        "tests/flow/test_webhook.py -k another_post",
    ),
    Safeguard(
        "the note of a use before it is one",
        "shared/presswork/stages/images/stage.py",
        'return self.stores.posts.add(post, "pending_images", new) if new else post',
        "return post",
        "tests/flow/test_collection.py -k changes_its_mind",
    ),
    Safeguard(
        "the message that begins a telling anew",
        "shared/presswork/aws/deliveries.py",
        "return [work, _count(channel, begun, counter)], Progress.SENDING",
        "return [_count(channel, begun, counter)], Progress.SENDING",
        "tests/flow/test_telling.py -k nobody_took_up",
    ),
    Safeguard(
        "the doubt about a mail whose worker died",
        "shared/presswork/stages/notify/telling.py",
        "if delivery.progress is Progress.SENDING and not telling.repeatable:",
        "if False:",
        "tests/flow/test_telling.py -k in_doubt",
    ),
    Safeguard(
        "the posts of a digest that was begun",
        "shared/presswork/stages/notify/stage.py",
        "            self._tell_digest(name, begun.subject.posts, until)\n",
        "            pass\n",
        "tests/unit/stages/test_notify.py -k was_begun",
    ),
    Safeguard(
        "the note that nothing was sent yet",
        "shared/presswork/stages/notify/telling.py",
        "        except Exception:  # whatever it is, nothing was sent\n"
        "            self.log.finish(delivery, Progress.FAILED)\n",
        "        except Exception:\n",
        "tests/unit/stages/test_notify.py -k before_it_sends",
    ),
    Safeguard(
        "the one attempt at a mail",
        "shared/presswork/aws/mail.py",
        'client("ses", attempts=1)',
        'client("ses")',
        "tests/unit/aws/test_mail.py",
    ),
    Safeguard(
        "the end of a telling that another worker has taken up",
        "shared/presswork/aws/deliveries.py",
        'self._move(moved, Attr("time").eq(stamp(delivery.time)), *settled)',
        'self._move(moved, Attr("time").exists(), *settled)',
        "tests/unit/stages/test_delivery.py -k comes_late",
    ),
    Safeguard(
        "the absence of unlisted posts from lists",
        "shared/presswork/site/lists.py",
        "if post.path == NOT_FOUND_PATH or post.visibility is Visibility.UNLISTED:",
        "if post.path == NOT_FOUND_PATH:",
        "tests/flow/test_visibility.py",
    ),
    Safeguard(
        "the silence about what its author took back",
        "shared/presswork/stages/notify/stage.py",
        "        if post.accepted.status is not Status.LIVE:\n            return None\n",
        "",
        "tests/unit/stages/test_notify.py",
    ),
    Safeguard(
        "the refusal of an empty object",
        "shared/presswork/content/source.py",
        "    if suffix in SUFFIXES and not data:",
        "    if False:",
        "tests/unit/content tests/flow/test_visibility.py",
    ),
    Safeguard(
        "the count of words that a page lost",
        "cli/presswork_cli/offline/losses.py",
        "    if count <= max(FEWEST_WORDS, SMALLEST_SHARE * wanted.total()):",
        "    if True:",
        "tests/unit/cli/test_losses.py",
    ),
    Safeguard(
        "the bound of what a formula makes its library read twice",
        "shared/presswork/mathml.py",
        "if read_twice(tex, _arguments) > MOST_READ_TWICE or",
        "if",
        "tests/unit/test_mathml.py::test_a_few_brackets_may_have_no_end",
    ),
    Safeguard(
        "the parts of a term's list",
        "shared/presswork/stages/index/contents.py",
        "(site.is_term(name) and not site.part_in(name))",
        "site.is_term(name)",
        "tests/flow/test_terms.py",
    ),
    Safeguard(
        "the clock of a post's time",
        "shared/presswork/content/budget.py",
        "signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)",
        "signal.setitimer(signal.ITIMER_PROF, 100, _AGAIN)",
        "tests/unit/content/test_budget.py::test_a_slow_post_is_rejected",
    ),
    Safeguard(
        "the trial of what was received before",
        "shared/presswork/content/budget.py",
        "    if is_suspect():\n        _try(seconds, read)\n",
        "    if False:\n        _try(seconds, read)\n",
        "tests/unit/content/test_budget.py::test_what_ended_a_worker_ends_a_trial",
    ),
    Safeguard(
        "the memory of a trial",
        "shared/presswork/content/budget.py",
        "        resource.setrlimit(resource.RLIMIT_AS, (most, most))\n",
        "        _ = most\n",
        "tests/unit/content/test_budget.py",
    ),
    Safeguard(
        "the longer time of who reads a post again",
        "shared/presswork/stages/sources.py",
        "cpu_seconds=2 * content.CPU_SECONDS,",
        "cpu_seconds=content.CPU_SECONDS,",
        "tests/flow/test_hostile.py",
    ),
    Safeguard(
        "the bound of addresses on a line",
        "shared/presswork/content/body.py",
        "        markdown.refuse_crowded_lines(self._text, self.source.body_line)\n",
        "",
        "tests/unit/content/test_budget.py::test_addresses_crowd_no_line",
    ),
    Safeguard(
        "the acknowledgement of each message by itself",
        "shared/presswork/wire.py",
        "        if is_careful:\n",
        "        if False:\n",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the turns of messages that were received before",
        "shared/presswork/receives.py",
        "    return number if _count(record) % 2 else -number",
        "    return number",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the new messages before the repeated ones",
        "shared/presswork/receives.py",
        "(is_repeated(record), _place(record))",
        "_place(record)",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the care with which a repeated message is read",
        "shared/presswork/wire.py",
        "with suspecting(is_repeated(record)):",
        "with suspecting(False):",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the last third of an invocation's time",
        "shared/presswork/wire.py",
        "if context.get_remaining_time_in_millis() < least:",
        "if False:",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the repeated messages' absence from what is done together",
        "shared/presswork/wire.py",
        'new = [record for record in event["Records"] if not is_repeated(record)]',
        'new = list(event["Records"])',
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "the image that a fault of ours makes owed",
        "shared/presswork/stages/images/fetch.py",
        "    except Exception as error:\n",
        "    except ArithmeticError as error:\n",
        "tests/flow/test_one_image.py",
    ),
    Safeguard(
        "the image of which nothing can be made any more",
        "shared/presswork/stages/images/fetch.py",
        "                self._refuse(image, refused.rule)\n",
        "                raise\n",
        "tests/flow/test_one_image.py",
    ),
    Safeguard(
        "the spelling of an image that is no URL",
        "shared/presswork/imaging/fetching/fallbacks.py",
        "    except ValueError:\n        return False\n",
        "    except KeyError:\n        return False\n",
        "tests/unit/imaging/test_any_answer.py",
    ),
    Safeguard(
        "the refusal of paths that look like others",
        "shared/presswork/content/paths.py",
        "if _UNFIT.search(path) or visible(path) != path:",
        "if _UNFIT.search(path):",
        "tests/unit/content/test_paths.py",
    ),
    Safeguard(
        "the names without what nobody sees",
        "shared/presswork/content/repair_log.py",
        "        seen = visible(text)\n",
        "        seen = text\n",
        "tests/unit/content/test_paths.py tests/corpus/test_corpus.py",
    ),
    Safeguard(
        "the end of a language tag",
        "shared/presswork/content/parsing.py",
        "    if len(tag) > LONGEST_LANGUAGE:\n",
        "    if False:\n",
        "tests/unit/content/test_fields.py",
    ),
    Safeguard(
        "the authority that what is free returns to",
        "shared/presswork/stages/parse/claims.py",
        "        if not old.held:\n            return may_have(self._key, old.source)\n",
        "        if not old.held:\n            return True\n",
        "tests/unit/stages/test_claims.py tests/flow/test_authority.py",
    ),
    Safeguard(
        "the authority of an id that is free",
        "shared/presswork/stages/parse/claims.py",
        "            return not may_have(self._key, holder.source)\n",
        "            return False\n",
        "tests/unit/stages/test_claims.py",
    ),
    Safeguard(
        "the authority of an heir",
        "shared/presswork/stages/parse/claims.py",
        "(key for key in waiters if authority_of(key) == own)",
        "(key for key in waiters if own is not None)",
        "tests/flow/test_authority.py",
    ),
    Safeguard(
        "the further claims of a post that is handed over",
        "shared/presswork/stages/parse/claims.py",
        "for name in dict.fromkeys((id, *names)):",
        "for name in (id,):",
        "tests/unit/stages/test_claims.py",
    ),
    Safeguard(
        "the authority of who is woken",
        "shared/presswork/stages/parse/stage.py",
        "[key for key in waiters if last is None or may_have(key, last.source)]",
        "list(waiters)",
        "tests/flow/test_authority.py",
    ),
    Safeguard(
        "the turn of authors among those who wait",
        "shared/presswork/authority.py",
        "return sorted(keys, key=lambda key: authority_of(key) != AUTHORS)",
        "return keys",
        "tests/flow/test_authority.py",
    ),
    Safeguard(
        "the word to an author who waits for a webhook's post",
        "shared/presswork/stages/notify/stage.py",
        "post.error.rule == HELD_BY_SOURCE",
        "False",
        "tests/unit/stages/test_patience.py",
    ),
    Safeguard(
        "the folder that a webhook may wish for paths in",
        "shared/presswork/content/placing.py",
        "    if path.startswith(room.wished):\n        return True\n",
        "    if path:\n        return True\n",
        "tests/unit/content/test_source_paths.py",
    ),
    Safeguard(
        "the authority of who is in a ring",
        "shared/presswork/stages/parse/rings.py",
        "        if not may_have(one.key, last.source):\n",
        "        if False:\n",
        "tests/flow/test_rings.py -k source_in_a_ring",
    ),
    Safeguard(
        "the second look at who waits for whom",
        "shared/presswork/stages/parse/stage.py",
        "            if look.is_ring_new(committed):\n                raise Changed\n",
        "",
        "tests/flow/test_rings.py -k workers",
    ),
    Safeguard(
        "the stay of who hands a post over while others change places",
        "shared/presswork/stages/parse/look.py",
        "return self.source.waits_on is None and not self.has_heir",
        "return self.source.waits_on is None",
        "tests/flow/test_rings.py -k hands_a_post",
    ),
    Safeguard(
        "the wait for what surely is in the way",
        "shared/presswork/stages/parse/claims.py",
        "self.waits_on = self._obstacle or name",
        "self.waits_on = name",
        "tests/flow/test_rings.py -k obstacle",
    ),
    Safeguard(
        "the look at another who is to wait for what is in its way",
        "shared/presswork/stages/parse/look.py",
        "        return Standstill(tasks=(CheckKey(key=obstacle.key),))\n",
        "        return _UNKNOWN\n",
        "tests/flow/test_rings.py -k obstacle",
    ),
    Safeguard(
        "the silence of two who want one thing more than each other's",
        "shared/presswork/stages/parse/look.py",
        "if is_seen_to or obstacle.wanted_twice:",
        "if is_seen_to:",
        "tests/flow/test_rings.py -k one_more_thing",
    ),
    Safeguard(
        "the look at the others who were committed together",
        "shared/presswork/stages/parse/look.py",
        "tasks = tuple(CheckKey(key=other.key) for other in others)",
        "tasks = ()",
        "tests/flow/test_rings.py -k change_places",
    ),
    Safeguard(
        "the bound of what is committed together",
        "shared/presswork/stages/parse/look.py",
        "fits = len(self._writes(plans, ledger)) <= MOST_WRITES",
        "fits = bool(self._writes(plans, ledger))",
        "tests/flow/test_rings.py -k too_many",
    ),
    Safeguard(
        "the claim that another post of a ring has taken by then",
        "shared/presswork/stages/parse/claims.py",
        "old.post != post or not old.held or self.ledger.is_taken(name):",
        "old.post != post or not old.held:",
        "tests/unit/stages/test_claims.py",
    ),
    Safeguard(
        "the word of a ring that is too long",
        "shared/presswork/stages/parse/revision.py",
        "        or _rule(old.error) != _rule(finding.error)  # it waits for another reason\n",
        "",
        "tests/unit/stages/test_revision.py",
    ),
    Safeguard(
        "the clocks of two workers, which lie apart",
        "shared/presswork/stages/index/caches.py",
        "delay=minute * MINUTE - int(now.timestamp()) + GRACE)",
        "delay=minute * MINUTE - int(now.timestamp()))",
        "tests/flow/test_caches.py -k after_all",
    ),
    Safeguard(
        "the count of paths as it was read",
        "shared/presswork/aws/invalidations.py",
        """        except Changed:
            return False""",
        """        except Changed:
            return True""",
        "tests/flow/test_caches.py -k meets",
    ),
    Safeguard(
        "the end of a path that was let go and is forgotten in one look",
        "shared/presswork/stages/parse/claims.py",
        "if not old.held or name in self.ledger.released:",
        "if not old.held:",
        "tests/flow/test_forgotten_paths.py",
    ),
    Safeguard(
        "the end of what stands at forgotten paths",
        "shared/presswork/stages/parse/stage.py",
        "self.pages.send(MakePath(path=task.path, bulk=bulk))",
        "pass",
        "tests/flow/test_forgotten_paths.py",
    ),
    Safeguard(
        "the wake of who waits for a forgotten path",
        "shared/presswork/stages/parse/claims.py",
        "        free += self._forgotten\n",
        "",
        "tests/flow/test_authority.py -k forgotten",
    ),
    Safeguard(
        "the look at the settings after a post is live",
        "shared/presswork/stages/render/stage.py",
        "if any(each.build not in (None, shown.build) for each in left):",
        "if False:",
        "tests/flow/test_late_settings.py",
    ),
    Safeguard(
        "the second look at what a key waits for",
        "shared/presswork/stages/parse/look.py",
        "            ring = self._ring(plans[0].source)  # it may",
        "            # it may",
        "tests/flow/test_rings.py -k another_ring",
    ),
    Safeguard(
        "the note of uses that were made too late",
        "shared/presswork/stages/images/stage.py",
        "                self._note_again(id, wanted)\n",
        "",
        "tests/flow/test_collection.py -k outdone",
    ),
    Safeguard(
        "the holder that is waited for now",
        "shared/presswork/aws/posts.py",
        '            "error": None if new.error is None else new.error.model_dump(mode="json"),\n',
        "",
        "tests/flow/test_claims.py -k holds_it_now",
    ),
    Safeguard(
        "the end of tries that maintain takes over",
        "shared/presswork/stages/notify/telling.py",
        "if self.clock() - delivery.since < LEFT_TO_SQS:",
        "if True:",
        "tests/flow/test_telling.py -k no_dead_letters",
    ),
    Safeguard(
        "the end of a post whose last good version is gone",
        "shared/presswork/stages/parse/look.py",
        "is_lost = finding.status in KEEPS_WHAT_IS_LIVE and",
        "is_lost = False and",
        "tests/flow/test_publishing.py -k taken_away",
    ),
    Safeguard(
        "the defaults that the fingerprint leaves out",
        "shared/presswork/content/parsing.py",
        "settings = site.model_dump_json(exclude_defaults=True)",
        "settings = site.model_dump_json()",
        "tests/flow/test_yesterday.py",
    ),
    Safeguard(
        "the name by which serve is asked",
        "cli/presswork_cli/serve/server.py",
        'if not self.server.is_asked_by(self.headers.get("Host", "")):',
        "if False:",
        "tests/unit/cli/test_serve.py -k strangers",
    ),
    Safeguard(
        "that serve gives no file from outside",
        "cli/presswork_cli/serve/addresses.py",
        "found.is_relative_to(folder.resolve())",
        "True",
        "tests/unit/cli/test_addresses.py",
    ),
    Safeguard(
        "the post that a broken one leaves on the page",
        "cli/presswork_cli/serve/last_good.py",
        "self._broken.add(file.key)",
        "pass",
        "tests/unit/cli/test_serve.py -k broken_post",
    ),
    Safeguard(
        "that no file of an author is written over",
        "cli/presswork_cli/new/files.py",
        'path.open("x"',
        'path.open("w"',
        "tests/unit/cli/test_new.py -k written_over",
    ),
    Safeguard(
        "that a sync deletes only what the folder wrote",
        "cli/presswork_cli/sync/plan.py",
        "if now is not None and now.own}",
        "if now is not None}",
        "tests/unit/cli/test_sync_plan.py",
    ),
    Safeguard(
        "that a sync deletes only what it listed",
        "cli/presswork_cli/sync/remote.py",
        """, IfMatch=f'"{etag}"')""",
        ")",
        "tests/flow/test_sync.py -k others_wrote",
    ),
    Safeguard(
        "that a sync notes what it is about to send",
        "cli/presswork_cli/sync/run.py",
        "now.begun(plan.found, plan.stale, sending, plan.moves)",
        "now",
        "tests/flow/test_sync.py -k killed",
    ),
    Safeguard(
        "that a file in the folder which is refused is not gone",
        "cli/presswork_cli/sync/preparing.py",
        "        held=frozenset(each.key for each in uploads.refused),\n",
        "",
        "tests/flow/test_sync.py -k cannot_be_sent",
    ),
    Safeguard(
        "that what moved goes only once its new place is taken",
        "cli/presswork_cli/sync/run.py",
        "return new not in self.sent or self.sent[new].status not in _NOT_SENT",
        "return True",
        "tests/flow/test_sync.py -k not_sent",
    ),
    Safeguard(
        "that no link leads out of a folder that is sent",
        "cli/presswork_cli/offline/uploads.py",
        "    if not target.is_relative_to(root):",
        "    if False:",
        "tests/unit/cli/test_uploads.py",
    ),
    Safeguard(
        "that of two stacks none is guessed",
        "cli/presswork_cli/operate/finding.py",
        "if len(names) > 1:",
        "if False:",
        "tests/unit/cli/test_mistakes.py -k two_stacks",
    ),
    Safeguard(
        "that nothing is written into a stack of another kind",
        "cli/presswork_cli/operate/stack.py",
        "if missing := finding.missing_outputs(self.description):",
        "if missing := []:",
        "tests/unit/cli/test_mistakes.py -k another_kind",
    ),
    Safeguard(
        "the name that is typed before a stack is taken away",
        "cli/presswork_cli/deploy/commands.py",
        "if typed != stack.name:",
        "if False:",
        "tests/unit/cli/test_teardown.py -k another_name",
    ),
    Safeguard(
        "the posts that outlive their stack",
        "cli/presswork_cli/deploy/teardown.py",
        "(with_content or id in MADE_AGAIN)",
        "True",
        "tests/unit/cli/test_teardown.py -k outlive",
    ),
    Safeguard(
        "the digest by which a damaged save of the local cloud is known",
        "cli/presswork_cli/local/saved.py",
        "if hashlib.sha256(data).hexdigest() != digest:",
        "if False:",
        "tests/unit/cli/test_saving.py",
    ),
    Safeguard(
        "that a save of the local cloud holds neither its lock nor its port",
        "cli/presswork_cli/local/saving.py",
        'os.closerange(3, os.sysconf("SC_OPEN_MAX"))',
        "pass",
        "tests/unit/cli/test_saving.py",
    ),
    Safeguard(
        "that a deletion of before removes no upload",
        "cli/presswork_cli/operate/publish.py",
        "return self._present[about] == version_id",
        "return True",
        "tests/flow/test_following.py",
    ),
    Safeguard(
        "that a message received before is rendered by itself",
        "shared/presswork/wire.py",
        "len(records) == 1 or any(map(is_repeated, records)):",
        "len(records) == 1:",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "that posts which cannot be finished together are finished one by one",
        "shared/presswork/wire.py",
        """        left = [record for record in records if record["messageId"] not in failed]
""",
        """        left = []
""",
        "tests/unit/test_batches.py",
    ),
    Safeguard(
        "that a stretch of a list tells nothing of what is beyond its end",
        "shared/presswork/stages/render/stretches.py",
        "is_known = len(found) >= side.limit or end is None",
        "is_known = True",
        "tests/unit/stages/test_stretches.py",
    ),
    Safeguard(
        "that no post commands the runner of GitHub Actions",
        "cli/presswork_cli/printing/terminal.py",
        "ActionsLog(stream)) if is_log else stream",
        "stream)",
        "tests/unit/cli/test_annotations.py",
    ),
    Safeguard(
        "the branch that a pipeline's role is for",
        "ci-role.yaml",
        "repo:${Repository}:ref:refs/heads/${Branch}",
        "repo:${Repository}",
        "tests/template/test_ci_role.py",
    ),
    Safeguard(
        "that the action syncs for no event of strangers",
        "action.yml",
        "&& (github.event_name == 'push' || github.event_name == 'workflow_dispatch')",
        "",
        "tests/unit/test_action.py -k default_branch",
    ),
    Safeguard(
        "that the action syncs no older commit after a newer one",
        "action.yml",
        'if git -C "$FOLDER" diff --quiet HEAD FETCH_HEAD -- "$part"; then',
        "if true; then",
        "tests/unit/test_action.py -k older",
    ),
)


def is_noticed(safeguard: Safeguard) -> bool:
    """Whether a test fails without the safeguard."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            target = copy / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules"))
            else:
                shutil.copy(source, target)
        path = copy / safeguard.file
        text = path.read_text()
        if text.count(safeguard.code) != 1:
            sys.exit(f"{safeguard.file} does not hold {safeguard.code!r} once")
        path.write_text(text.replace(safeguard.code, safeguard.without))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        run = subprocess.run(
            [*command, *safeguard.tests.split()],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": f"{copy / 'shared'}:{copy / 'cli'}"},
            capture_output=True,
            text=True,
            check=False,
        )
        failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        print(f"{safeguard.name}: {failed[0] if failed else 'NOT NOTICED'}", flush=True)
        return run.returncode == 1


if __name__ == "__main__":
    chosen = [s for s in SAFEGUARDS if not sys.argv[1:] or s.name in sys.argv[1:]]
    if not chosen:
        sys.exit("no safeguard has such a name")
    noticed = [is_noticed(safeguard) for safeguard in chosen]
    sys.exit(0 if all(noticed) else 1)
