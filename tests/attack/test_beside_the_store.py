"""What is read before the store is opened, and the file beside it: both may be anybody's."""

import errno
import fcntl
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from bdesk.data.early import first_rows
from bdesk.data.engine import BUSY_SECONDS
from bdesk.data.glance import is_training
from bdesk.data.store import Store, open_store
from bdesk.data.turn import SUFFIX, Turn
from bdesk.errors import StoreProblem
from bdesk.models.kinds import Stream
from tests.builders import make_store, open_case, person


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path, training=True) as store:
        person(store, "1001")
        open_case(store)
        yield store


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM store_info",
        "UPDATE store_info SET clock_rate = 'x'",
        "UPDATE store_info SET clock_anchor = 17",
        "UPDATE work_case SET queue_at = 17",
        "UPDATE work_case SET opened_at = x'ff00'",
        "UPDATE work_case SET cycle = 'x'",
        "UPDATE work_case SET kind = 'gift'",
        "UPDATE work_case SET state = 'x'",
        "UPDATE work_case SET channel = x'ff00'",
        "UPDATE work_case SET subject = x'ff00'",
        "UPDATE work_case SET priority = 'x'",
        "UPDATE staff SET name = x'ff00'",
        "UPDATE staff SET role = 'owner'",
    ],
)
def test_what_no_desk_wrote_gives_no_early_rows(training: Store, statement: str) -> None:
    assert first_rows(training.url, "1001") is not None
    with sqlite3.connect(training.place) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    connection.close()
    assert first_rows(training.url, "1001") is None


def test_a_pipe_or_a_device_in_place_of_a_store_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "desk.db"
    os.mkfifo(pipe)
    said: list[object] = []

    def look(url: str) -> None:
        said.append(first_rows(url, "1001"))
        said.append(is_training(url))
        with pytest.raises(StoreProblem, match=r"store\.not_ours"):
            open_store(url)
        said.append("refused")

    for place in (pipe, Path("/dev/zero")):
        said.clear()
        looking = threading.Thread(target=look, args=(f"sqlite:///{place}",), daemon=True)
        looking.start()
        looking.join(timeout=20)
        assert said == [None, None, "refused"]


def write(store: Store) -> None:
    with store.write() as unit:
        unit.append(Stream.STORE, "store", "store.made", {})
        unit.commit()


def test_a_link_in_place_of_the_turn_makes_no_file_elsewhere(training: Store, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    beside = Path(training.place + SUFFIX)
    beside.unlink(missing_ok=True)
    beside.symlink_to(elsewhere)
    with open_store(training.url) as again:
        write(again)
    assert not elsewhere.exists()


@pytest.mark.parametrize(("folder", "mode"), [(0o755, 0o600), (0o2770, 0o660)])
def test_the_turn_is_for_whom_the_store_is(tmp_path: Path, folder: int, mode: int) -> None:
    place = tmp_path / "shared"
    place.mkdir()
    place.chmod(folder)
    mine = Turn(str(place / "desk.db"))
    mine.take(monotonic() + 5)
    assert stat.S_IMODE(os.stat(place / f"desk.db{SUFFIX}").st_mode) == mode
    mine.close()


def test_who_holds_the_turn_without_writing_stops_nobody(training: Store) -> None:
    held = os.open(training.place + SUFFIX, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        began = monotonic()
        write(training)
        assert monotonic() - began < BUSY_SECONDS
    finally:
        os.close(held)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_no_such_locks_are_nobody_waits_for_one(
    training: Store, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Some network folders know no flock: SQLite's own lock must do, at once."""

    def flock(_file: int, _how: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("bdesk.data.turn.fcntl.flock", flock)
    began = monotonic()
    write(training)
    assert monotonic() - began < 1
