"""The desk opened from the command line: who is let in how, what is begun and what is ended."""

import json
import os
import shutil
import signal
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select as sql

from bdesk.cli import main
from bdesk.cli.demo import make_demo
from bdesk.cli.open import Sitting, desk_app
from bdesk.data.book.book import load_book
from bdesk.data.store import Store, create_store, open_store
from bdesk.i18n import language, set_language, translate
from bdesk.models.tables import Staff
from bdesk.operations.staff.people import find_actor
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.sign_in import SignInScreen
from bdesk.settings import Settings
from tests.cli.terminal import Terminal
from tests.driver import driving

pytestmark = pytest.mark.usefixtures("book_at_hand")


def state_of(store: Store, number: str) -> str:
    with store.read() as session:
        return session.exec(sql(Staff).where(Staff.number == number)).one().state.value


def sitting_on(store: Store, tmp_path: Path, own_language: bool = False) -> Sitting:
    return Sitting(store, load_book(), Settings(), own_language, tmp_path / "drafts.db")


async def test_who_is_known_starts_at_the_queue_on_duty_and_ends_off_duty(
    own_copy: str, tmp_path: Path
) -> None:
    with open_store(own_copy) as store:
        sitting = sitting_on(store, tmp_path)
        async with driving(desk_app(sitting, find_actor(store, "1003")), size=(80, 24)) as desk:
            assert isinstance(desk.app.screen, QueueScreen)
            desk.shows("周敏")
            assert state_of(store, "1003") == "online"
        sitting.end()
        assert state_of(store, "1003") == "offline"


async def test_nobody_known_signs_in_first(own_copy: str, seeded: tuple[str, object], tmp_path: Path) -> None:
    password = seeded[1].password  # type: ignore[attr-defined]
    with open_store(own_copy) as store:
        sitting = sitting_on(store, tmp_path, own_language=True)
        async with driving(desk_app(sitting, None), size=(80, 24)) as desk:
            assert isinstance(desk.app.screen, SignInScreen)
            await desk.type("1001")
            await desk.press("enter")
            await desk.type(password)
            await desk.press("enter", "enter")
            assert isinstance(desk.app.screen, QueueScreen)
            # Nobody chose a language, so the desk speaks the person's.
            assert language() == "zh"
        sitting.end()


async def test_a_chosen_language_stays(own_copy: str, tmp_path: Path) -> None:
    set_language("en")
    with open_store(own_copy) as store:
        sitting = sitting_on(store, tmp_path)
        async with driving(desk_app(sitting, find_actor(store, "1001")), size=(120, 40)) as desk:
            desk.shows("Queue")
            assert language() == "en"
        sitting.end()


async def test_a_training_store_runs_while_a_desk_is_open_and_stands_after(tmp_path: Path) -> None:
    url, agent = make_demo(tmp_path, 3, "2026-11-18T10:00+08:00")
    with open_store(url) as store:
        before = store.now()
        sitting = sitting_on(store, tmp_path)
        async with driving(desk_app(sitting, find_actor(store, agent)), size=(80, 24)):
            time.sleep(0.05)
            assert store.now() > before
        sitting.end()
    with open_store(url) as store:
        first = store.now()
        time.sleep(0.05)
        assert store.now() == first
        assert first - before < timedelta(minutes=1)


def test_leaving_works_when_the_store_has_gone(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    url, agent = make_demo(tmp_path / "one", 3, None)
    store = open_store(url)
    sitting = sitting_on(store, tmp_path)
    sitting.place(find_actor(store, agent))
    shutil.rmtree(tmp_path / "one")
    sitting.end()
    store.close()


@pytest.mark.parametrize("command", [["open"], ["demo"], [], ["--as", "1001"]])
def test_without_a_terminal_it_says_so(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "The desk needs a terminal" in told.err


def test_a_real_store_takes_nobodys_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    create_store(url).close()
    monkeypatch.setenv("BDESK_STORE", url)
    monkeypatch.setattr("bdesk.cli.sitting.must_be_terminal", lambda: None)
    assert main(["open", "--as", "1001"]) == 2
    assert "--as is for training stores" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["quit", "hang up"])
def test_the_demo_on_a_terminal_leaves_nothing_behind(tmp_path: Path, own_home: Path, ending: str) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    terminal = Terminal(
        "demo", "--lang", "zh", "--now", "2026-11-18T10:00+08:00", home=own_home, folder=folder
    )
    try:
        terminal.until("我的在办")
        # Nothing but the desk: what comes first already is the terminal being set up for it.
        assert terminal.seen.startswith(b"\x1b")
        assert list(folder.glob("bdesk-demo-*"))
        if ending == "quit":
            terminal.press(b"\x11")
            terminal.until(translate("zh", "Leave the desk?"))
            terminal.press(b"1")
            assert terminal.wait() == 0
        else:
            os.kill(terminal.process.pid, signal.SIGHUP)
            assert terminal.wait() != 0
    finally:
        terminal.close()
    assert list(folder.glob("bdesk-demo-*")) == []
    assert not (own_home / "drafts").exists()


def kept_notes(own_home: Path) -> list[str]:
    (path,) = (own_home / "drafts").glob("*.db")
    with closing(sqlite3.connect(path)) as kept:
        notes = kept.execute("SELECT value FROM draft WHERE field = 'note'").fetchall()
    return [json.loads(note) for (note,) in notes]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, "the terminal vanishes"])
def test_a_desk_that_is_ended_in_the_middle_of_a_note_keeps_it(
    own_copy: str, tmp_path: Path, own_home: Path, ending: signal.Signals | str
) -> None:
    terminal = Terminal(
        "open", "--as", "1001", "--lang", "zh", home=own_home, folder=tmp_path, store=own_copy
    )
    try:
        terminal.until(translate("zh", "Esc"))
        terminal.press(b"\x1b")
        terminal.until("待领")
        terminal.press(b"1\r")
        terminal.until(translate("zh", "Listen and write; Enter keeps")[:4])
        terminal.press(b"\x1b[15~")
        terminal.press("客户周五出差".encode())
        terminal.until("出差")
        if ending is signal.SIGKILL:
            # What is on disk stays; what is typed after it may be lost.
            end = time.monotonic() + 20
            while kept_notes(own_home) != ["客户周五出差"]:
                assert time.monotonic() < end, "never written"
                time.sleep(0.05)
            terminal.press("丢".encode())
        if isinstance(ending, signal.Signals):
            os.kill(terminal.process.pid, ending)
            code = terminal.wait()
        else:
            terminal.vanish()
            code = terminal.process.wait(30)
    finally:
        terminal.close()
    if isinstance(ending, signal.Signals):
        assert code == (-ending if ending is signal.SIGKILL else 128 + ending)
    else:
        assert code == 128 + signal.SIGHUP
        with open_store(own_copy) as store:
            assert state_of(store, "1001") == "offline", "it was cut off"
    assert [note.rstrip("丢") for note in kept_notes(own_home)] == ["客户周五出差"]
