"""Whose turn it is to write: waited for in short sleeps, given back by death, and never needed."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest

from bdesk.data import turn
from bdesk.data.store import open_store
from bdesk.data.turn import SUFFIX, Turn
from bdesk.models.kinds import Stream
from tests.builders import make_store

HOLD = """
import sys
from time import monotonic
from bdesk.data.turn import Turn
turn = Turn(sys.argv[1])
turn.take(monotonic() + 5)
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_waits_until_the_first_gives_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, asked = str(tmp_path / "desk.db"), Event()
    monkeypatch.setattr(turn, "sleep", lambda _seconds: asked.set())
    first, second = Turn(place), Turn(place)
    assert first.take(monotonic() + 5) is False
    said: list[object] = []

    def wait() -> None:
        said.append(second.take(monotonic() + 30))
        said.append("second")

    waiting = Thread(target=wait)
    waiting.start()
    assert asked.wait(timeout=30)
    said.append("first")
    first.give_back()
    waiting.join(timeout=30)
    assert said == ["first", True, "second"]
    first.close()
    second.close()


def test_waiting_ends_when_the_time_is_over(tmp_path: Path) -> None:
    place = str(tmp_path / "desk.db")
    first, second = Turn(place), Turn(place)
    first.take(monotonic() + 5)
    assert second.take(monotonic()) is False  # no time at all: SQLite's lock decides
    first.close()
    assert second.take(monotonic() + 5) is False
    second.close()


def test_a_killed_process_gives_its_turn_back(tmp_path: Path) -> None:
    place = str(tmp_path / "desk.db")
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "held\n"
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    mine = Turn(place)
    assert mine.take(monotonic() + 5) is False
    mine.close()


def test_a_store_is_written_also_where_no_file_can_be_made(tmp_path: Path) -> None:
    with make_store(tmp_path) as store:
        place = Path(store.place + SUFFIX)
        place.unlink(missing_ok=True)
        place.mkdir()  # in the way
    with open_store(store.url) as again:
        with again.write() as unit:
            unit.append(Stream.STORE, "store", "store.made", {})
            unit.commit()
        with again.write() as unit:
            unit.append(Stream.STORE, "store", "store.made", {})
            unit.commit()


def test_the_turn_ends_with_the_transaction(tmp_path: Path) -> None:
    with make_store(tmp_path) as store:
        other = Turn(store.place)
        with store.write():
            assert not os.path.isdir(store.place + SUFFIX)
            assert other.take(monotonic()) is False
            with pytest.raises(BlockingIOError):
                _ask(store.place)
        _ask(store.place)
        other.close()


def _ask(place: str) -> None:
    import fcntl

    file = os.open(place + SUFFIX, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(file)
