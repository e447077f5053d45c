"""The first rows stand on the screen before the store's libraries are there, and stay where they stood."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bdesk.app import DeskApp
from bdesk.cli.sitting import Start
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.starting import StartingScreen
from bdesk.settings import Settings
from tests.driver import driving

STARTING = frozenset({"background", "opening"})


def started(url: str, number: str, gate: Callable[[], object]) -> tuple[Start, DeskApp]:
    start = Start(url, number, Settings(), own_language=True)

    def opening() -> None:
        gate()
        start.open()

    return start, DeskApp(start.first, opening=opening, early=start.early)


def rows_of(lines: list[str]) -> list[tuple[int, str]]:
    """What stands where in the list, without the cursor's mark and the case beside it."""
    rows = [(number, line[4:70]) for number, line in enumerate(lines) if "**" in line[:60]]
    assert len(rows) > 10
    return rows


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_queue_is_painted_before_the_store_is_open_and_nothing_jumps(
    own_copy: str, own_home: Path, size: tuple[int, int]
) -> None:
    gate = threading.Event()
    start, app = started(own_copy, "1001", gate.wait)
    try:
        async with driving(app, size=size, background=STARTING) as desk:
            await desk.idle()
            assert isinstance(app.screen, StartingScreen)
            desk.shows("孙**", "KF20", "林晓").widths_ok()
            early = desk.screen_text().splitlines()
            await desk.press("down")  # typed ahead: it counts once the queue is there
            gate.set()
            desk.background = frozenset({"background"})
            await desk.idle()
            assert isinstance(app.screen, QueueScreen)
            late = desk.screen_text().splitlines()
            assert early[0] == late[0]
            cursor = app.screen.list.selected
            assert cursor is not None
            assert cursor.case_no not in "".join(early)
            assert cursor.case_no in "".join(late)
            assert [line[4:78] for line in early if "│" in line] == [
                line[4:78] for line in late if "│" in line
            ]
    finally:
        gate.set()
        start.end()


async def test_a_filter_set_at_once_is_not_lost_to_the_early_rows(own_copy: str, own_home: Path) -> None:
    start, app = started(own_copy, "1001", lambda: None)
    try:
        async with driving(app, size=(80, 24)) as desk:
            await desk.idle()
            assert isinstance(app.screen, QueueScreen)
            queue = app.screen
            await desk.run(lambda: queue.filter_by("7741"))
            assert queue.list.total("mine") + queue.list.total("waiting") <= 1
    finally:
        start.end()
