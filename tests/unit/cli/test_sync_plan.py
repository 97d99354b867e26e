"""What a sync does, on a model of a bucket: pure, and cut off anywhere."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork_cli.sync.manifest import Manifest, Written
from presswork_cli.sync.plan import Comparison, Head, LocalFile, Plan, RemoteObject

A, B, C = "posts/a.md", "posts/b.md", "posts/c.md"
HOOK = "posts/hooks/s/a.md"
TEXT = "text/markdown"


def local(data: bytes, type: str = TEXT) -> LocalFile:
    """A file of the folder."""
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return LocalFile(hashlib.sha256(data).hexdigest(), md5, len(data), type)


@dataclass(frozen=True)
class Object:
    """An object of the model; `owner` is who wrote it."""

    data: bytes
    etag: str
    type: str = TEXT
    sha256: str | None = None
    owner: str = "folder"


@dataclass
class Bucket:
    """A bucket that encrypts by KMS answers ETags that are no MD5."""

    kms: bool = False
    objects: dict[str, Object] = field(default_factory=dict)
    manifest: Manifest = field(default_factory=Manifest)
    writes: int = 0
    sent: set[tuple[str, bytes]] = field(default_factory=set)

    def put(self, key: str, data: bytes, *, owner: str = "folder") -> Object:
        """Writes an object; nobody but a sync notes its sha256.

        Of the very bytes that the folder sent, or was to send, nobody can tell whose they are.
        """
        self.writes += 1
        etag = f"kms{self.writes}" if self.kms else local(data).md5
        sha256 = local(data).sha256 if owner == "folder" else None
        if (key, data) in self.sent and not self.kms:
            owner = owner if owner == "folder" else "either"
        made = Object(data, etag, sha256=sha256, owner=owner)
        self.objects[key] = made
        return made

    def write(self, manifest: Manifest) -> None:
        """Writes the manifest, unless it is that."""
        self.writes += manifest != self.manifest
        self.manifest = manifest

    def compared(self, folder: Mapping[str, bytes], scope: str = "") -> Comparison:
        """A folder beside this bucket."""
        return Comparison(
            files={key: local(data) for key, data in folder.items() if key.startswith(scope)},
            objects={
                key: RemoteObject(each.etag, len(each.data))
                for key, each in self.objects.items()
                if key.startswith(scope)
            },
            manifest=self.manifest,
            scope=scope,
        )

    def plan(self, folder: Mapping[str, bytes], *, delete: bool = True, scope: str = "") -> Plan:
        """The plan; what it is told of objects is what it asked for."""
        compared = self.compared(folder, scope)
        heads = {
            key: Head(self.objects[key].type, self.objects[key].sha256)
            for key in compared.unknown()
        }
        return compared.plan(heads, delete=delete)

    def sync(
        self, folder: Mapping[str, bytes], *, delete: bool = True, cut: int | None = None
    ) -> Plan:
        """Carries a plan out as `Run` does; a sync that is cut does only so many steps."""
        plan, written, gone = self.plan(folder, delete=delete), dict[str, Written](), set[str]()
        steps = 0

        def is_cut() -> bool:
            nonlocal steps
            steps += 1
            return cut is not None and steps > cut

        if is_cut():
            return plan
        sending = {key: local(folder[key]).written for key in (*plan.puts, *plan.arrived)}
        self.sent |= {(key, folder[key]) for key in plan.puts}
        self.write(self.manifest.begun(plan.found, plan.stale, sending, plan.moves))
        for key in plan.arrived:
            if is_cut():
                return plan
            written[key] = plan.found[key]
        for key in plan.puts:
            if is_cut():
                return plan
            etag = self.put(key, folder[key]).etag
            written[key] = local(folder[key]).written.model_copy(update={"etag": etag})
        for key, deletion in plan.deletions.items():
            if is_cut():
                return plan
            assert self.objects.pop(key).etag == deletion.etag
            self.writes += 1
            gone.add(key)
        if not is_cut():
            self.write(self.manifest.ended(written, gone | plan.absent))
        return plan

    def holds(self) -> dict[str, bytes]:
        """The bytes by key."""
        return {key: each.data for key, each in self.objects.items()}


keys = st.sampled_from([A, B, C, "static/a.css", HOOK])
folders = st.dictionaries(keys, st.sampled_from([b"one", b"two", b"six", b"three"]))
others = st.dictionaries(keys, st.sampled_from([b"one", b"two", b"alien"]), max_size=2)
cuts = st.one_of(st.none(), st.integers(0, 8))
histories = st.lists(st.tuples(folders, others, st.booleans(), cuts), max_size=4)


@given(histories, folders, st.booleans())
def test_a_sync_makes_the_bucket_hold_the_folder(
    history: list[tuple[dict[str, bytes], dict[str, bytes], bool, int | None]],
    folder: dict[str, bytes],
    kms: bool,
) -> None:
    """Whatever was before, and wherever it was cut off: the folder is there, and no more of it.

    What others wrote stays, as do objects of webhooks. A second sync writes nothing.
    """
    bucket = Bucket(kms=kms)
    for before, foreign, delete, cut in history:
        bucket.sync(before, delete=delete, cut=cut)
        for key, data in foreign.items():
            there = bucket.objects.get(key)
            if there is None or there.data != data:
                bucket.put(key, data, owner="others")
    theirs = {key: each.data for key, each in bucket.objects.items() if each.owner == "others"}
    hooks = {key: each.data for key, each in bucket.objects.items() if key == HOOK}
    unclear = {key for key, each in bucket.objects.items() if each.owner == "either"}
    bucket.sync(folder)
    found = {key: data for key, data in bucket.holds().items() if key not in unclear - {*folder}}
    wanted = {**theirs, **hooks, **folder}
    assert found == {key: wanted[key] for key in wanted if key not in unclear - {*folder}}
    assert not bucket.manifest.sending.keys() & folder.keys()
    writes = bucket.writes
    assert bucket.sync(folder).deletions == {}
    assert bucket.writes == writes


@given(folders, folders, st.integers(0, 12), st.booleans(), st.booleans())
def test_a_sync_that_is_cut_off_ends_as_one_that_was_not(
    before: dict[str, bytes], folder: dict[str, bytes], cut: int, kms: bool, delete: bool
) -> None:
    """Cut off at any step and begun again, it ends as it would have, and sends only the rest."""
    whole, cut_off = Bucket(kms=kms), Bucket(kms=kms)
    for bucket in (whole, cut_off):
        bucket.sync(before)
    whole.sync(folder, delete=delete)
    cut_off.sync(folder, delete=delete, cut=cut)
    arrived = {key for key, data in folder.items() if cut_off.holds().get(key) == data}
    resumed = cut_off.sync(folder, delete=delete)
    assert cut_off.holds() == whole.holds()
    assert not arrived & set(resumed.puts)
    assert cut_off.manifest.sending == {}
    assert cut_off.manifest.moving == {}


def test_only_what_changed_is_sent() -> None:
    """Equal bytes are not sent again; other bytes, and another type, are."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two"})
    plan = bucket.plan({A: b"one", B: b"changed", C: b"new"})
    assert (plan.puts, plan.over) == ((B, C), frozenset())
    compared = bucket.compared({})
    of_another_type = Comparison(
        {A: local(b"one", "text/plain")}, compared.objects, compared.manifest
    )
    assert of_another_type.plan({}).puts == (A,)


def test_what_lies_there_is_asked_once_for_its_type() -> None:
    """Equal bytes that somebody else sent are left, and known from then on; they are not ours."""
    bucket = Bucket()
    bucket.put(A, b"one", owner="others")
    assert bucket.compared({A: b"one"}).unknown() == [A]
    assert bucket.sync({A: b"one"}).puts == ()
    assert bucket.compared({A: b"one"}).unknown() == []
    assert bucket.plan({}).deletions == {}


def test_a_renamed_file_is_put_then_deleted_even_without_delete() -> None:
    """Equal bytes under a new key are a move; what is merely gone stays, and is told."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two"})
    plan = bucket.plan({C: b"one"}, delete=False)
    assert (plan.puts, plan.moves, plan.left) == ((C,), {A: C}, (B,))
    assert [*plan.deletions] == [A]


@pytest.mark.parametrize("kms", [False, True])
@pytest.mark.parametrize("cut", range(5))
def test_a_move_that_was_cut_off_goes_on(cut: int, kms: bool) -> None:
    """Wherever it was cut off: the next sync takes the old key away, though not asked to delete."""
    bucket = Bucket(kms=kms)
    bucket.sync({A: b"one", B: b"two"})
    bucket.sync({B: b"two", C: b"one"}, delete=False, cut=cut)
    bucket.sync({B: b"two", C: b"edited since"}, delete=False)
    assert bucket.holds() == {B: b"two", C: b"edited since"} | ({A: b"one"} if cut == 0 else {})


def test_the_manifest_knows_what_is_there_and_nothing_else() -> None:
    """What was deleted, by a sync or by somebody else, and what was never sent, is forgotten."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two", C: b"six"})
    del bucket.objects[B]
    bucket.sync({A: b"edited", C: b"six"}, cut=1)
    bucket.sync({A: b"one"})
    assert ({*bucket.manifest.files}, {*bucket.manifest.sending}) == ({A}, set())


def test_what_was_meant_to_be_sent_and_never_was_is_not_ours() -> None:
    """A sync that was cut off before it replaced somebody's file does not own that."""
    bucket = Bucket()
    bucket.put(A, b"one", owner="others")
    bucket.sync({A: b"one", B: b"two"})
    bucket.sync({A: b"edited", B: b"two"}, cut=1)
    assert A in bucket.manifest.sending
    assert bucket.plan({B: b"two"}).deletions == {}


def test_what_a_sync_sent_that_was_cut_off_stays_ours() -> None:
    """Though the next one, which is cut off as well, set out to replace it."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two"}, cut=3)
    bucket.sync({A: b"edited", B: b"two"}, cut=1)
    assert [*bucket.plan({B: b"two"}).deletions] == [A]


def test_what_took_the_place_of_a_file_of_others_is_ours() -> None:
    """Though it has the bytes that somebody had sent before, and the sync was cut off."""
    bucket = Bucket()
    bucket.put(A, b"one", owner="others")
    bucket.sync({A: b"one", B: b"two"})
    bucket.put(A, b"alien", owner="others")
    bucket.sync({A: b"one", B: b"two"}, cut=2)
    assert [*bucket.plan({B: b"two"}).deletions] == [A]


def test_what_arrived_before_a_cut_is_told_by_the_next_sync() -> None:
    """It is not sent again; once it was told, it is unchanged."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two"}, cut=2)
    plan = bucket.sync({A: b"one", B: b"two"})
    assert (plan.puts, plan.arrived, plan.unchanged) == ((B,), (A,), ())
    assert bucket.plan({A: b"one", B: b"two"}).unchanged == (A, B)


def test_two_copies_do_not_both_move_to_one_file() -> None:
    """The second one is merely gone."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"one"})
    plan = bucket.plan({C: b"one"}, delete=False)
    assert (plan.moves, plan.left) == ({A: C}, (B,))


def test_a_file_moves_to_one_place_alone() -> None:
    """A second copy is a new file, and a file of no bytes moved nowhere."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b""})
    plan = bucket.plan({C: b"one", "posts/d.md": b"one", "posts/e.md": b""}, delete=False)
    assert (plan.moves, plan.left) == ({A: C}, (B,))


def test_a_move_to_what_is_refused_does_not_happen() -> None:
    """The old file stays when the new one is not sent."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two"})
    plan = bucket.plan({B: b"two", C: b"one"}).without({C})
    assert (plan.puts, plan.deletions) == ((), {})


def test_what_somebody_else_changed_is_not_deleted() -> None:
    """It is told; what is put in its place is told as well."""
    bucket = Bucket()
    bucket.sync({A: b"one", B: b"two"})
    bucket.put(A, b"edited in the console", owner="others")
    plan = bucket.plan({B: b"two"})
    assert (plan.deletions, plan.foreign) == ({}, (A,))
    assert bucket.plan({A: b"one", B: b"two"}).over == {A}


def test_a_refused_file_and_what_lies_below_a_refused_folder_are_not_gone() -> None:
    """A file that is not sent is in the folder all the same."""
    bucket = Bucket()
    bucket.sync({A: b"one", "posts/sea/b.md": b"two"})
    compared = bucket.compared({})
    held = frozenset({A, "posts/sea"})
    plan = Comparison({}, compared.objects, compared.manifest, held=held).plan({}, delete=True)
    assert plan.deletions == {}


def test_a_part_of_a_folder_deletes_there_alone() -> None:
    """Keys outside of the part are not looked at."""
    bucket = Bucket()
    bucket.sync({A: b"one", "posts/sea/b.md": b"two", "posts/sea/c.md": b"six"})
    plan = bucket.plan({"posts/sea/b.md": b"two"}, scope="posts/sea/")
    assert [*plan.deletions] == ["posts/sea/c.md"]
    assert plan.absent == frozenset()


def test_more_than_a_fifth_is_asked_for() -> None:
    """Two of ten go without a question, three do not; what moves is not counted."""
    files = {f"posts/{n}.md": bytes([n + 65]) for n in range(10)}
    bucket = Bucket()
    bucket.sync(files)

    def after(gone: int, moved: int = 0) -> Plan:
        kept = dict(list(files.items())[gone + moved :])
        new = dict(list(files.items())[gone : gone + moved])
        return bucket.plan({**kept, **{f"{key}.md": data for key, data in new.items()}})

    assert not after(2).deletes_many
    assert after(3).deletes_many
    assert not after(2, moved=8).deletes_many


def test_another_folder_of_the_same_name_is_told_apart() -> None:
    """Nothing in common with what was sent: another folder; renamed or edited files are not."""
    bucket = Bucket()
    bucket.sync({A: b"one", "site.yaml": b"title: A"})
    assert bucket.compared({"site.yaml": b"title: B", B: b"two"}).is_of_another_folder
    assert bucket.compared({}).is_of_another_folder
    assert not bucket.compared({B: b"one"}).is_of_another_folder
    assert not bucket.compared({A: b"edited"}).is_of_another_folder
    assert not Bucket().compared({A: b"one"}).is_of_another_folder
