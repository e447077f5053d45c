"""What was revealed on a screen, looked for where it could stay: the terminal, the log, files, a core."""

import os
import signal
import sys
from pathlib import Path

import pytest

from bdesk.i18n import translate
from bdesk.models.kinds import Role
from bdesk.paths import log_path
from bdesk.screens import navigation
from bdesk.screens.customer.revealed import RevealedModal
from tests.builders import customer, make_store, person
from tests.cli.terminal import Terminal
from tests.screens.desks import at_desk

PHONE, MAIL = "15412346621", "lixue@example.com"
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
"""The screen without a scrollback, entered and left."""


@pytest.mark.usefixtures("book_at_hand")
def test_the_terminal_keeps_nothing_of_it_and_no_core_can_be_written(tmp_path: Path, own_home: Path) -> None:
    """A desk is ended while it is shown: what comes before and after it is all that can be scrolled to."""
    with make_store(tmp_path, training=True) as store:
        person(store, "2001", Role.SUPERVISOR, name="周岚")
        customer(store, account="lixue01", name="李雪", phone=PHONE, email=MAIL)
        url = store.url
    work = tmp_path / "work"
    work.mkdir()
    terminal = Terminal("open", "--as", "2001", "--lang", "zh", home=own_home, folder=work, store=url)
    try:
        for wanted, keys in (
            ("Esc", b"\x1b"),
            ("待领", b"\x1bOR"),
            ("look inside", b"lixue01"),
            ("李*", b"\r"),
            ("see it whole", b" "),
            ("Why must it be seen?", b"1"),
        ):
            terminal.until(translate("zh", wanted))
            assert PHONE not in terminal.text
            terminal.press(keys)
        terminal.until(PHONE)
        if sys.platform == "linux":
            limits = Path(f"/proc/{terminal.process.pid}/limits").read_text("utf-8")
            (core,) = (line.split() for line in limits.splitlines() if line.startswith("Max core file size"))
            assert core[4:6] == ["0", "0"]
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
        terminal.read()
    finally:
        terminal.close()
    before, rest = terminal.seen.split(ENTER, 1)
    shown, after = rest.rsplit(LEAVE, 1)
    for said in (PHONE.encode(), MAIL.encode()):
        assert said in shown
        assert said not in before + after
        # Neither a title nor a clipboard nor a notification carries it.
        assert not any(said in part.split(b"\x07")[0] for part in shown.split(b"\x1b]")[1:])
        for path in (*own_home.rglob("*"), *work.rglob("*")):
            assert not path.is_file() or said not in path.read_bytes(), path


async def test_a_desk_that_breaks_while_it_is_shown_tells_it_to_no_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_store(tmp_path) as store:
        chief = person(store, "2001", Role.SUPERVISOR)
        buyer = customer(store, name="李雪", phone=PHONE, email=MAIL)

        def breaks() -> None:
            raise RuntimeError(f"{PHONE} {MAIL}")

        with pytest.raises(RuntimeError):
            async with at_desk(store, chief) as desk:
                await desk.driver.run(lambda: navigation.push_customer(desk.screen, buyer))
                await desk.driver.press("space", "1")
                assert desk.on(RevealedModal)
                desk.driver.shows(PHONE)
                desk.driver.app.call_later(breaks)
                await desk.driver.idle()
    said = "".join(capsys.readouterr())
    log = log_path()
    assert "RuntimeError" in log.read_text("utf-8")
    for path in log.parent.rglob("*"):
        assert not path.is_file() or PHONE.encode() not in path.read_bytes(), path
    assert log.name in said.replace("\n", "")
    assert PHONE not in said and MAIL not in said
