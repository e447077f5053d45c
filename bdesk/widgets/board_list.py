"""A short list that is selected by id, never moves under the cursor, and paints its chips by the clock.

For lists of a screenful or two, read whole: what the supervisor has before them. The queue has its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bdesk.widgets.lines import Painted, Piece, line


class Item(Protocol):
    """What a list is of: anything with a number."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Look:
    """How a row stands: its digit (0: none), and whether it is selected, marked or gone from the store."""

    digit: int
    selected: bool
    marked: bool
    gone: bool


Maker = Callable[[Any, datetime, int, Look], Sequence[Piece]]
"""The pieces of a row, from the item, the time, the cells there are, and how it stands."""

RESORT_IDLE = 60.0
"""Seconds without a key after which waiting changes are applied (UX 3)."""


class BoardList(Painted, can_focus=True):
    """Rows of items. They come by `load`, then `offer`; time by `tick`."""

    class Selected(Message):
        """Another row is selected, or the selected one says something else."""

    class HeldChanged(Message):
        """The number of changes of order that wait is another."""

    def __init__(self, now: datetime, seconds: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now = now
        self.items: tuple[Any, ...] = ()
        self.marked: frozenset[int] = frozenset()
        self.gone: frozenset[int] = frozenset()
        self.held = 0
        self.digits = False
        self.empty = ""
        self.at = 0
        self._maker: Maker = lambda *_: ()
        self._heading: Sequence[Piece] = ()
        self._offer: tuple[Any, ...] | None = None
        self._seconds = seconds
        self._last_key = seconds()

    # Rows come in

    def load(
        self,
        items: Sequence[Item],
        maker: Maker,
        *,
        heading: Sequence[Piece] = (),
        digits: bool = False,
        empty: str = "",
        select: int | None = None,
    ) -> None:
        """Show these items at once. The selected one stays selected, else the one in its place is."""
        wanted = select if select is not None else self.selected_id
        self.items, self._maker, self._heading = tuple(items), maker, tuple(heading)
        self.digits, self.empty, self.gone = digits, empty, frozenset()
        ids = [one.id for one in self.items]
        place = 0 if select is not None else min(self.at, max(0, len(ids) - 1))
        self.at = ids.index(wanted) if wanted in ids else place
        self._hold(None)
        self.repaint()
        self.call_after_refresh(self.keep_in_sight)
        self.post_message(self.Selected())

    def offer(self, items: Sequence[Item]) -> None:
        """The newest state: values are patched in place, changes of order wait."""
        newer = {one.id: one for one in items}
        shown = [one.id for one in self.items]
        if not shown:
            self.load(items, self._maker, heading=self._heading, digits=self.digits, empty=self.empty)
            return
        self.items = tuple(newer.get(one.id, one) for one in self.items)
        self.gone = frozenset(shown) - newer.keys()
        same = shown == list(newer)
        self._hold(None if same else tuple(items))
        self.repaint()
        self.post_message(self.Selected())

    def resort(self) -> bool:
        """Apply the changes that wait. False when there are none."""
        if self._offer is None:
            return False
        self.load(self._offer, self._maker, heading=self._heading, digits=self.digits, empty=self.empty)
        return True

    def _hold(self, items: tuple[Any, ...] | None) -> None:
        self._offer = items
        ids, newer = {one.id for one in self.items}, {one.id for one in items or ()}
        held = 0 if items is None else max(1, len(ids ^ newer))
        if held != self.held:
            self.held = held
            self.post_message(self.HeldChanged())

    # What is selected

    @property
    def selected(self) -> Any:
        """The selected item; None in an empty list or when it is gone."""
        found = self.items[self.at] if self.at < len(self.items) else None
        return None if found is None or found.id in self.gone else found

    @property
    def selected_id(self) -> int | None:
        return self.items[self.at].id if self.at < len(self.items) else None

    def select(self, item_id: int) -> None:
        """Select by number, where it is shown."""
        ids = [one.id for one in self.items]
        if item_id in ids:
            self.go_to(ids.index(item_id))

    def go_to(self, at: int) -> None:
        """Select by place, as near as there is one."""
        self.touch()
        at = min(max(0, at), max(0, len(self.items) - 1))
        if at != self.at:
            self.at = at
            self.repaint()
            self.post_message(self.Selected())
        self.keep_in_sight()

    def choose(self, digit: int) -> bool:
        """Select the row that carries this digit; 0 applies what waits."""
        self.touch()
        if digit == 0:
            return self.resort()
        if not self.digits or digit > len(self.items):
            return False
        self.go_to(digit - 1)
        return True

    def mark(self, marked: frozenset[int]) -> None:
        """These rows are marked."""
        if marked != self.marked:
            self.marked = marked
            self.repaint()

    def touch(self) -> None:
        """A key was pressed: changes of order wait a minute longer."""
        self._last_key = self._seconds()

    def keep_in_sight(self) -> None:
        """Scroll what it stands in until the selected row is seen."""
        if isinstance(self.parent, Widget) and self.is_attached:
            top = len(self._headings(1))
            row = Region(0, self.at + top, self.size.width, 1).translate(self.virtual_region.offset)
            self.parent.scroll_to_region(row, animate=False)

    def tick(self, now: datetime) -> None:
        """Move the clock on; only rows whose text has changed are painted."""
        self.now = now
        if self.held and self._seconds() - self._last_key > RESORT_IDLE:
            self.resort()
        else:
            self.repaint()

    def on_click(self, event: events.Click) -> None:
        at = event.y - len(self._headings(1))
        if 0 <= at < len(self.items):
            self.go_to(at)

    # Painting

    def _headings(self, cells: int) -> list[Strip]:
        return [line(cells, self._heading)] if self._heading else []

    def paint(self, cells: int) -> list[Strip]:
        if not self.items:
            return [line(cells, [(f"    {self.empty}", "soft")])] if self.empty else []
        return [
            *self._headings(cells),
            *(self._row(at, item, cells) for at, item in enumerate(self.items)),
        ]

    def _row(self, at: int, item: Any, cells: int) -> Strip:
        digit = at + 1 if self.digits and at < 9 else 0
        look = Look(digit, at == self.at, item.id in self.marked, item.id in self.gone)
        bar: list[Piece] = [
            ("▐" if look.selected else " ", "mark"),
            (str(digit) if digit else " ", "mark" if look.selected else "soft"),
            ("✓ " if look.marked else "  ", "good"),
        ]
        pieces = [*bar, *self._maker(item, self.now, cells - 4, look)]
        return line(cells, pieces, ground="selected" if look.selected else "base")
