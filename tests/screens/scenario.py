"""What tests of scenarios share: a copy of a seeded store, hands that work it, and the rows it ends with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlmodel import SQLModel, select

from bdesk import i18n
from bdesk.clock import FrozenClock
from bdesk.data.store import Store, open_store
from tests.screens.desks import AtDesk

T = TypeVar("T", bound=SQLModel)


class Made(NamedTuple):
    """A scenario's store as it was seeded, and the password of its people."""

    content: bytes
    password: str


Seeded = Callable[[str], Made]
"""The store of a scenario by its code, made once."""


def copied(made: Made, folder: Path) -> str:
    """The URL of a copy to be changed."""
    path = folder / "desk.db"
    path.touch(mode=0o600)
    path.write_bytes(made.content)
    return f"sqlite:///{path}"


@contextmanager
def at_work(made: Made, folder: Path, host: FrozenClock) -> Iterator[Store]:
    """A copy whose clock runs with the machine's `host`."""
    with open_store(copied(made, folder), clock=host) as store:
        store.start_clock("1001")
        yield store


def rows(store: Store, kind: type[T], /, **where: object) -> list[T]:
    """The rows of a table with these values, by their numbers."""
    with store.read() as session:
        found = list(session.exec(select(kind).filter_by(**where).order_by(kind.id)))  # type: ignore[attr-defined]
        session.expunge_all()
    return found


class Seat:
    """Somebody at a desk: keys, and what is typed behind a `=`; what they see in the language at hand."""

    def __init__(self, desk: AtDesk) -> None:
        self.desk, self.driver = desk, desk.driver

    async def press(self, *moves: str) -> None:
        """Keys and words, one after the other; after each the screen is whole."""
        for move in moves:
            if move.startswith("="):
                await self.driver.type(move[1:])
            else:
                await self.driver.press(move)
            self.driver.widths_ok()

    def sees(self, zh: str, en: str) -> None:
        self.driver.shows(zh if i18n.language() == "zh" else en)

    def sees_not(self, zh: str, en: str) -> None:
        self.driver.shows_not(zh if i18n.language() == "zh" else en)

    async def looks_again(self) -> None:
        """The screen takes up what others did."""
        self.desk.screen.refresh_now()
        await self.driver.idle()
        self.driver.widths_ok()
