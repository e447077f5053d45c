"""What is read before the store is opened may be anybody's."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.data.early import first_rows
from bdesk.data.glance import is_training
from bdesk.data.store import Store, open_store
from bdesk.errors import StoreProblem
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
