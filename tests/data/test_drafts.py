"""Drafts never die, and belong to one person on one store."""

import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from bdesk.data.drafts import Drafts
from bdesk.errors import StoreProblem

ROOT = Path(__file__).resolve().parents[2]

TYPING = """
import sys, time
from pathlib import Path
from bdesk.data.drafts import Drafts
drafts = Drafts("store", "1001", Path(sys.argv[1]))
began = time.monotonic()
print("ready", flush=True)
while True:
    at = time.monotonic() - began
    drafts.save("case:1", "note", f"{at:.3f}")
    print(f"{at:.3f}", flush=True)
    time.sleep(0.02)
"""
"""Types without a pause; what stands in the note is when it was typed."""

LOST_AT_MOST = 0.5


def until_written(drafts: Drafts) -> None:
    """Wait for the thread: half a second is what is promised, a busy machine gets more."""
    end = monotonic() + 20
    while drafts.unwritten:
        assert monotonic() < end, "never written"
        sleep(0.01)


def not_written(drafts: Drafts) -> bool:
    return drafts.failing


def test_a_desk_killed_in_the_middle_of_typing_loses_half_a_second_at_most(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    with subprocess.Popen(
        [sys.executable, "-c", TYPING, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as desk:
        assert desk.stdout is not None
        typed = 0.0
        assert desk.stdout.readline() == "ready\n"
        while typed < 2.0:
            typed = float(desk.stdout.readline())
        desk.send_signal(signal.SIGKILL)
        typed = max([typed, *(float(one) for one in desk.stdout if one.endswith("\n"))])
    with Drafts("store", "1001", path) as again:
        kept = float(str(again.load("case:1")["note"]))
    assert typed - kept <= LOST_AT_MOST


def test_a_disk_that_refuses_is_tried_again_and_nothing_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    drafts = Drafts("store", "1001", path)
    drafts.save("case:1", "note", "before")
    drafts.flush()
    with closing(sqlite3.connect(path)) as gone:
        gone.execute("ALTER TABLE draft RENAME TO elsewhere")
    drafts.save("case:1", "note", "客户")
    drafts.flush()
    assert not_written(drafts)
    assert drafts.load("case:1") == {"note": "客户"}
    with closing(sqlite3.connect(path)) as back:
        back.execute("ALTER TABLE elsewhere RENAME TO draft")
    drafts.close()
    assert not not_written(drafts)
    with Drafts("store", "1001", path) as again:
        assert again.load("case:1") == {"note": "客户"}


def test_what_was_typed_is_there_after_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    drafts = Drafts("store", "1001", path)
    drafts.save("case:1", "note", "客户说")
    drafts.save("case:1", "note", "客户说壶")
    drafts.save("case:1", "strip", {"step": "RF9", "amount_fen": 12800})
    drafts.save("call", "find", "7741")
    until_written(drafts)
    # No close: a killed desk does not say good-bye.
    with Drafts("store", "1001", path) as again:
        assert again.load("case:1") == {"note": "客户说壶", "strip": {"step": "RF9", "amount_fen": 12800}}
        assert set(again.places()) == {"case:1", "call"}
        again.save("call", "find", "")
        assert again.places() == ("case:1",)
        again.forget("case:1")
        assert again.load("case:1") == {}
    drafts.close()


def test_other_people_and_stores_see_nothing(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    with (
        Drafts("a", "1001", path) as mine,
        Drafts("a", "1002", path) as other,
        Drafts("b", "1001", path) as there,
    ):
        mine.save("case:1", "note", "secret")
        mine.flush()
        assert other.load("case:1") == there.load("case:1") == {}
        other.forget("case:1")
        other.flush()
        assert mine.load("case:1") == {"note": "secret"}


def test_the_file_is_private_and_in_the_persons_folder(own_home: Path) -> None:
    with Drafts("a", "1001") as drafts:
        drafts.save("case:1", "note", "x")
    (path,) = (own_home / "drafts").glob("*.db")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_file_is_put_aside_not_mourned(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    path.write_text("not a database, and long enough to be looked at " * 40)
    with Drafts("a", "1001", path) as drafts:
        drafts.save("case:1", "note", "x")
        assert drafts.load("case:1") == {"note": "x"}
    assert (tmp_path / "drafts.damaged").exists()


def test_a_folder_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem) as caught:
        Drafts("a", "1001", tmp_path / "missing" / "drafts.db")
    assert caught.value.code == "drafts.unusable"
