"""What a folder wrote into ContentBucket, so that a sync elsewhere takes away no file of others.

It stands in the bucket itself, so that every machine knows it, under a hidden key: no stage looks
there. It is written before anything is sent, and again at the end. All of this is pure.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from pydantic import Field

from presswork.post import Model

_FOLDER = ".presswork/sync/"


def manifest_key(name: str) -> str:
    """Where the manifest of a folder of this name stands in ContentBucket."""
    return f"{_FOLDER}{quote(name, safe='')}.json"


class Written(Model):
    """An object as it was sent: the sha256 of its bytes, its type, and the ETag it was to have.

    With SSE-KMS, S3 answers another ETag than that; then it is the one of the answer. `own` says
    that the folder wrote it, and did not find it there.
    """

    sha256: str
    etag: str
    type: str
    own: bool = True


class Manifest(Model):
    """What a folder wrote, by key.

    `sending` is what a sync has set out to write, until it has said what became of that, and
    `moving` the keys that give way to others: a sync that was cut off left them there.
    """

    files: dict[str, Written] = Field(default_factory=dict)
    sending: dict[str, Written] = Field(default_factory=dict)
    moving: dict[str, str] = Field(default_factory=dict)

    def of(self, key: str) -> list[Written]:
        """What may stand under a key, if nobody else wrote there."""
        return [each[key] for each in (self.files, self.sending) if key in each]

    def own_keys(self, scope: str) -> set[str]:
        """The keys below `scope` that the folder wrote, or set out to."""
        own = {key for key, each in self.files.items() if each.own} | self.sending.keys()
        return {key for key in own if key.startswith(scope)}

    def begun(
        self,
        found: Mapping[str, Written],
        stale: Iterable[str],
        sending: Mapping[str, Written],
        moving: Mapping[str, str],
    ) -> "Manifest":
        """With what stands there now, without what does not any more, and what is about to be."""
        known = self.ended(found, stale)
        return known.model_copy(
            update={
                "sending": dict(sorted({**known.sending, **sending}.items())),
                "moving": dict(sorted({**known.moving, **moving}.items())),
            }
        )

    def ended(self, found: Mapping[str, Written], gone: Iterable[str]) -> "Manifest":
        """With what was done: what is there now, and which keys are not any more."""
        gone = set(gone)
        files = {key: each for key, each in {**self.files, **found}.items() if key not in gone}
        settled = gone | found.keys()
        return Manifest(
            files=dict(sorted(files.items())),
            sending={key: each for key, each in self.sending.items() if key not in settled},
            moving={old: new for old, new in self.moving.items() if old not in settled},
        )
