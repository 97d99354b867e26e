"""The process that decodes: what it knows, what it may do, and how it ends."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, make
from presswork.imaging.making import processes
from presswork.imaging.making.workshop import Workshop
from unit.imaging.decoders import replaced

pytestmark = pytest.mark.usefixtures("workshop")


def photo(width: int = 300, height: int = 200, format: str = "JPEG") -> bytes:
    """A picture of some weight."""
    file = io.BytesIO()
    Image.effect_noise((width, height), 50).convert("RGB").save(file, format)
    return file.getvalue()


def started(workshop: Workshop) -> int:
    """The number of the process that forks, once it has."""
    make(photo())
    assert workshop.starter.process is not None
    return workshop.starter.process.pid


def test_the_environment_holds_no_credentials(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of our environment goes along but where the interpreter finds its library."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "SECRET")
    pid = started(workshop)
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"SECRET" not in environment
    names = {entry.partition(b"=")[0] for entry in environment.split(b"\0") if entry}
    assert names <= {b"LD_LIBRARY_PATH", b"LC_CTYPE"}


def test_nothing_else_is_inherited(workshop: Workshop) -> None:
    """A process has its standard streams and its own lock, no file or socket of ours."""
    with Path(__file__).open() as ours:
        os.set_inheritable(ours.fileno(), True)
        pids = [started(workshop)]
        for series in ("a", "b"):  # the second has nothing of the first
            make(photo(), series=series)
        pids += [maker.pid for _, maker in workshop._idle]
        of_each = [
            {link.name: str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
            for pid in pids
        ]
    assert len(of_each) == 3
    for links in of_each:
        assert not [link for link in links.values() if link.endswith(".py")]
        assert [name for name, link in links.items() if link.startswith("socket:")] == ["0"]
        assert set(links) <= {"0", "1", "2", "3"}


@pytest.mark.parametrize(
    "code",
    [
        "open('/proc/self/environ').read()",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 9001))",
        "os.listdir('/')",
        "os.pipe()",
    ],
)
def test_nothing_can_be_opened(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Whoever takes the decoder over reads no file and reaches no host."""
    replaced(monkeypatch, f"{code}\nraise ValueError('got through')")
    with pytest.raises(Refused, match="Too many open files") as refused:
        make(b"data")
    assert refused.value.rule == "image.broken"


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that needs more memory than it may have is refused."""
    replaced(monkeypatch, "return bytes(order.limits.memory)")
    with pytest.raises(Refused) as refused:
        make(b"data")
    assert refused.value.rule == "image.memory"


@pytest.mark.parametrize(
    "code",
    ["signal.alarm(0)\nwhile True: pass", "time.sleep(3600)"],
    ids=["of the processor", "of the clock"],
)
def test_time_is_limited(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """An image that keeps its decoder busy, or still, is refused."""
    replaced(monkeypatch, code)
    with pytest.raises(Refused) as refused:
        make(b"data", limits=Limits(decoding=1))
    assert refused.value.rule == "image.time"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("os._exit(0)", "confuses"),
        ("raise ValueError('odd')", "odd"),
    ],
)
def test_a_decoder_that_breaks(monkeypatch: pytest.MonkeyPatch, code: str, word: str) -> None:
    """However an image ends its process, it is an image refused, and the next one is made."""
    replaced(monkeypatch, f"if data == b'evil': {code}\nraise Refused('next', 'served')")
    with pytest.raises(Refused, match=word):
        make(b"evil")
    with pytest.raises(Refused, match="served"):
        make(b"good")


@pytest.mark.parametrize(
    "files",
    ["{'../x.webp': b''}", "{'1.webp\\n': b''}", "{'1.html5': b''}", "{'1.svg/': b''}"],
)
def test_answers_are_not_believed(monkeypatch: pytest.MonkeyPatch, files: str) -> None:
    """A decoder that was taken over names no file but a width and a format."""
    replaced(
        monkeypatch,
        "from presswork.imaging.making.media import Media\n"
        f"return Media('evil', 1, 1, False, False, {files}, '#000000')",
    )
    with pytest.raises(Refused) as refused:
        make(b"data")
    assert refused.value.rule == "image.broken"


def test_the_hash_is_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it say what the bytes were."""
    replaced(
        monkeypatch,
        "from presswork.imaging.making.media import Media\n"
        "return Media('evil', 1, 1, False, False, {'1.webp': b'x'}, '#000000')",
    )
    assert make(b"data").hash.startswith("3a6eb0790f39")


def test_a_lost_process_is_replaced(workshop: Workshop) -> None:
    """When the process that forks is gone, another takes its place."""
    os.kill(started(workshop), signal.SIGKILL)
    assert workshop.starter.process is not None
    workshop.starter.process.wait()
    assert make(photo()).width == 300


def test_a_process_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is none, the work is done another time."""
    monkeypatch.setattr(processes, "_START", "raise SystemExit")
    with pytest.raises(RetryLater):
        make(photo())


def test_many_at_once(workshop: Workshop) -> None:
    """Images made at once do not meet; their processes are waited for."""
    sources = [photo(width) for width in range(40, 60)]
    with ThreadPoolExecutor(8) as pool:
        assert [media.width for media in pool.map(make, sources)] == list(range(40, 60))
    pid = started(workshop)
    until(lambda: len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()) == 0)


def test_large_images_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """One image that needs much memory is made at a time."""
    replaced(
        monkeypatch,
        "began = time.monotonic()\ntime.sleep(0.3)\n"
        "raise Refused('x', f'{began} {time.monotonic()}')",
    )
    large = photo(2100, 2000, "PNG")

    def span(data: bytes) -> list[float]:
        with pytest.raises(Refused) as refused:
            make(data)
        return [float(each) for each in refused.value.message.split()]

    span(b"warm")
    with ThreadPoolExecutor(2) as pool:
        (_, end), (begin, _) = sorted(pool.map(span, [large, large]))
    assert end <= begin


def test_it_ends_with_us() -> None:
    """The process does not outlive the one that started it, however that one ends."""
    code = (
        "import io, os, sys, threading, time\n"
        "from PIL import Image\n"
        "from presswork.imaging import make\n"
        "from presswork.imaging.making import parent\n"
        "file = io.BytesIO()\n"
        "Image.new('RGB', (9, 9)).save(file, 'PNG')\n"
        "make(file.getvalue())\n"
        "print(parent._workshop.starter.process.pid, flush=True)\n"
        "if 'busy' in sys.argv:\n"
        "    file = io.BytesIO()\n"
        "    Image.effect_noise((1500, 1000), 50).save(file, 'PNG')\n"
        "    make = threading.Thread(target=make, args=[file.getvalue()], daemon=True)\n"
        "    make.start()\n"
        "    time.sleep(0.1)\n"
        "if len(sys.argv) > 1: os.kill(os.getpid(), 9)\n"
    )
    for how in ([], ["killed"], ["killed", "busy"]):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, *how],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        gone = Path(f"/proc/{int(done.stdout)}")
        until(lambda gone=gone: not gone.exists())  # type: ignore[misc]


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that is to happen; only a failure takes the whole minute."""
    ends = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.02)
