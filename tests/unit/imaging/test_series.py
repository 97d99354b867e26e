"""Images that one process makes, one after the other: none of them has a part in another."""

import io
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, make
from presswork.imaging.kinds import SVG, kind
from presswork.imaging.making import parent, processes
from presswork.imaging.making import workshop as workshops
from presswork.imaging.making.workshop import Workshop
from unit.imaging import hostile
from unit.imaging.decoders import MEDIA, replaced
from unit.imaging.pictures import encoded, painting

pytestmark = pytest.mark.usefixtures("workshop")

TELLS_ITS_NUMBER = f"return {MEDIA}"


def number(data: bytes = b"image", series: str | None = "a") -> int:
    """The number of the process that makes an image."""
    return make(data, series=series).width


def test_one_process_makes_a_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images of a series are made by one process, those of another, or of none, by others."""
    replaced(monkeypatch, TELLS_ITS_NUMBER)
    a = {number() for _ in range(5)}
    b = {number(series="b") for _ in range(5)}
    alone = {number(series=None) for _ in range(5)}
    assert (len(a), len(b), len(alone)) == (1, 1, 5)
    assert len(a | b | alone) == 7
    assert {number()} == a


def test_a_process_makes_so_many_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it made of them, a process is replaced after 32 images."""
    replaced(monkeypatch, TELLS_ITS_NUMBER)
    numbers = [number() for _ in range(40)]
    assert numbers == [numbers[0]] * 32 + [numbers[32]] * 8
    assert numbers[0] != numbers[32]


def test_other_limits_are_for_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process is confined once: what may need more memory is made by another."""
    replaced(monkeypatch, TELLS_ITS_NUMBER)
    more = make(b"image", limits=Limits(memory=512 * 1024 * 1024), series="a")
    assert number() != more.width


def test_a_hostile_image_has_no_part_in_the_next(workshop: Workshop) -> None:
    """Between good ones each has its own verdict, these are alike, and its process is retired."""
    good = encoded(painting(90, 60), "JPEG")
    before = make(good, series="a")
    wrong = {}
    for name, (data, verdict) in hostile.images().items():
        ((_, maker),) = workshop._idle
        try:
            got = "kept in part" if make(data, series="a").truncated else "kept"
        except Refused as refused:
            got = refused.rule
        after = make(good, series="a")
        ((_, next_maker),) = workshop._idle
        is_drawing = kind(data) == SVG  # which has a process to itself
        goes_on = next_maker.pid == maker.pid and got.startswith("image.") and not is_drawing
        if got not in verdict.split("|") or after != before or goes_on:
            wrong[name] = (got, verdict, goes_on)
    assert wrong == {}


@pytest.mark.parametrize(
    "code",
    ["raise Refused('odd', 'odd')", "raise ValueError", "os.kill(os.getpid(), 11)", "os._exit(0)"],
)
def test_a_process_is_retired_after_a_failure(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However an image fails, its process makes no other."""
    replaced(monkeypatch, f"if data == b'evil': {code}\n{TELLS_ITS_NUMBER}")
    first = number()
    with pytest.raises(Refused):
        number(b"evil")
    assert number() != first


def test_what_others_may_be_to_blame_for_is_judged_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that a process fails at which made others before is made by one that made none."""
    replaced(
        monkeypatch,
        f"made.append(1)\nif len(made) > 1: raise MemoryError\n{TELLS_ITS_NUMBER}",
        before="made = []",
    )
    numbers = [number() for _ in range(4)]
    assert len(set(numbers)) == 4


def test_an_image_is_judged_twice_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails alone as well is refused, and so is one whose time was over."""
    log = tmp_path / "log"
    replaced(
        monkeypatch,
        "os.write(log, b'.')\n"
        "if data == b'evil': raise MemoryError\n"
        "if data == b'slow': raise Refused('image.time', '')\n"
        f"{TELLS_ITS_NUMBER}",
        before=f"log = os.open({str(log)!r}, os.O_CREAT | os.O_WRONLY)\nos.dup2(log, 2); log = 2",
    )
    for data, judged in ((b"evil", 2), (b"slow", 1)):
        number()
        before = log.stat().st_size
        with pytest.raises(Refused):
            number(data)
        assert log.stat().st_size - before == judged


def test_one_that_is_killed_is_one_image(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process killed at its work is one image's failure; the others and the next are made."""
    replaced(
        monkeypatch,
        f"if data == b'long': time.sleep(60)\n{TELLS_ITS_NUMBER}",
    )
    at_work = threading.Event()
    workshop = Workshop(places=2)
    monkeypatch.setattr(parent, "_workshop", workshop)
    fork = workshop.starter.fork

    def forked() -> processes.Maker:
        maker = fork()
        victims.append(maker.pid)
        at_work.set()
        return maker

    victims: list[int] = []
    monkeypatch.setattr(workshop.starter, "fork", forked)
    with ThreadPoolExecutor(2) as pool:
        long = pool.submit(number, b"long")
        assert at_work.wait(60)
        others = {number(series="b") for _ in range(3)}
        os.kill(victims[0], signal.SIGKILL)
        with pytest.raises(Refused, match="SIGKILL"):
            long.result()
        others |= {number(series="b")}
    assert len(others) == 1
    assert number() not in victims[:1]
    workshop.close()


def test_memory_that_grew_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that once needed much memory makes no more images."""
    replaced(
        monkeypatch, f"if data == b'large': bytearray(os.urandom(1) * 10**8)\n{TELLS_ITS_NUMBER}"
    )
    first = number()
    assert number() == first
    assert number(b"large") == first
    assert number() != first


BURNS = (
    "until = time.process_time() + float(data)\nwhile time.process_time() < until: pass\n"
    f"{TELLS_ITS_NUMBER}"
)


def test_time_of_the_processor_is_an_images_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others of its process took is not an image's; then the process is replaced."""
    replaced(monkeypatch, BURNS)
    limits = Limits(decoding=2)
    numbers = [make(b"1.05", limits=limits, series="a").width for _ in range(3)]
    assert [number == numbers[0] for number in numbers] == [True, True, False]
    with pytest.raises(Refused) as refused:
        make(b"inf", limits=limits, series="a")
    assert refused.value.rule == "image.time"


def test_a_process_that_keeps_no_time_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was taken over, and stopped its clocks, has the time of two images at most."""
    replaced(
        monkeypatch,
        "if data == b'image': " + TELLS_ITS_NUMBER + "\n"
        "signal.setitimer(signal.ITIMER_PROF, 0)\nsignal.alarm(0)\nwhile True: pass",
    )
    monkeypatch.setattr(processes, "ALIVE", 600)
    make(b"image", limits=Limits(decoding=1), series="a")
    with pytest.raises(Refused) as refused:
        make(b"evil", limits=Limits(decoding=1), series="a")
    assert refused.value.rule == "image.time"


def test_a_process_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time by the clock is kept outside of it, and ends also what answers byte by byte."""
    replaced(
        monkeypatch,
        "signal.alarm(0)\nsock = socket.socket(fileno=0)\n"
        "if data == b'drops': sock.send(b'\\0\\0\\xff\\0')\n"
        "while data == b'drops': sock.send(b' '); time.sleep(0.01)\n"
        "time.sleep(3600)",
    )
    monkeypatch.setattr(processes, "ALIVE", 0)
    monkeypatch.setattr(processes, "_GRACE", 0.5)
    for data in (b"still", b"drops"):
        with pytest.raises(Refused) as refused:
            make(data)
        assert refused.value.rule == "image.time"


def test_those_in_line_go_on_with_the_process_of_their_series(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One place serves several series: each has one process, though they come in turns."""
    replaced(monkeypatch, f"time.sleep(0.02)\n{TELLS_ITS_NUMBER}")
    monkeypatch.setattr(workshops, "MOST_IDLE", 0)
    monkeypatch.setattr(parent, "_workshop", Workshop(places=1))
    with ThreadPoolExecutor(12) as pool:
        numbers = list(pool.map(lambda n: number(series="abc"[n % 3]), range(12)))
    assert len(set(numbers)) <= 4  # the first may have nobody behind it yet
    parent._workshop.close()


def test_few_are_kept_that_have_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that waited longest makes way, and ends."""
    replaced(monkeypatch, TELLS_ITS_NUMBER)
    monkeypatch.setattr(workshops, "MOST_IDLE", 2)
    numbers = [number(series=name) for name in "abc"]
    assert not Path(f"/proc/{numbers[0]}").exists()
    assert number(series="c") == numbers[2]
    assert number(series="b") == numbers[1]


def test_a_turn_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no time left to wait for a turn is told so, and stands in line no more."""
    replaced(monkeypatch, f"time.sleep(float(data))\n{TELLS_ITS_NUMBER}")
    workshop = Workshop(places=1)
    monkeypatch.setattr(parent, "_workshop", workshop)
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(make, b"1.5")
        ends = time.monotonic() + 60
        while workshop._free and time.monotonic() < ends:
            time.sleep(0.01)
        with pytest.raises(RetryLater, match="time"):
            make(b"0", patience=0.05)
        assert long.result().files
    assert make(b"0", patience=0.05).files
    workshop.close()


def test_drawings_have_a_process_each(workshop: Workshop) -> None:
    """What reads drawings is loaded for one, and cannot be for the second of a series."""
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect id='a'/></svg>"
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "PNG")
    make(file.getvalue(), series="a")
    before = [maker for _, maker in workshop._idle]
    assert list(make(drawing, series="a").files) == ["9.svg"]
    assert [maker for _, maker in workshop._idle] == before
