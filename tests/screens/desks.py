"""A desk on a real store for the tests of screens: `async with at_desk(store, agent) as desk`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from unittest.mock import patch

from textual.screen import Screen

from bdesk.app import DeskApp
from bdesk.data.book.book import Book, load_book
from bdesk.data.drafts import Drafts
from bdesk.data.store import Store
from bdesk.desk import Desk
from bdesk.models.views.snapshot import ActorView
from bdesk.screens import errands
from bdesk.screens.base import DeskScreen
from bdesk.screens.place import Place
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.restoring import restore
from bdesk.settings import Settings
from tests.driver import Driver, driving

NEVER: Final = 1e9
"""Seconds."""


@dataclass(slots=True)
class AtDesk:
    """A signed-in person: the driver and the place behind the screens."""

    driver: Driver
    place: Place

    @property
    def screen(self) -> DeskScreen:
        return cast(DeskScreen, self.driver.app.screen)

    def on(self, kind: type[Screen[Any]]) -> bool:
        """Whether a screen of this kind is shown now."""
        return isinstance(self.driver.app.screen, kind)


@asynccontextmanager
async def at_desk(
    store: Store,
    agent: ActorView,
    *,
    size: tuple[int, int] = (120, 40),
    drafts: Path | None = None,
    settings: Settings | None = None,
    book: Book | None = None,
    painting: bool = False,
) -> AsyncIterator[AtDesk]:
    """The queue of a person on a store, driven; the desk is closed at the end, the store is not.

    `painting` for what only happens as a line is painted: a list asks for its next page then. The desk sweeps
    once, a second after it opens: at some later second of the machine's a sweep would come first to a case
    under the hand on a slow machine, and not on a quick one.
    """
    kept = Drafts(store.info.store_id, agent.number, drafts)
    place = Place(Desk(store, book or load_book(), agent, kept), settings or Settings())
    await restore(place)

    def first(app: DeskApp) -> QueueScreen:
        app.place = place
        return QueueScreen(place)

    try:
        with patch.object(errands, "SWEEP_SECONDS", NEVER):
            async with driving(DeskApp(first), size=size, painting=painting) as driver:
                yield AtDesk(driver, place)
    finally:
        place.desk.close()
        kept.close()
