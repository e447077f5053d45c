"""What happened on a case, newest first: when, who, what. Scrolls; only the lines in view are painted."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bdesk.text import clean
from bdesk.widgets.cells import pad, shown, width, wrap
from bdesk.widgets.lines import Ground, Piece, blank, line

NARROW = 16
"""Cells; a text with no more than that beside it is set under the name as well."""
_NUMBER = re.compile(r"[A-Z]{2}\d{8,}")
"""The number of a case, an order, a refund: never broken (UX, Screens)."""
_MOST_LINES = 12
"""Of one entry; a longer text is read where it belongs, not in the margin."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: its time as shown ("14:33", "6/17"), who, what; `role` paints the text."""

    at: str
    who: str
    text: str
    role: str = "text"


class Timeline(ScrollView, can_focus=True):
    """Entries with wrapped texts under a heading."""

    DEFAULT_CSS = """
    Timeline {
        width: 1fr; height: 1fr; background: $panel; overflow-x: hidden; overflow-y: auto;
        scrollbar-size: 0 0;
    }
    """

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        *,
        title: str = "",
        ground: Ground = "panel",
        edge: int = 2,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.entries = tuple(entries)
        self.title, self.ground, self.edge = title, ground, edge
        self._starts: list[int] = []
        self._wrapped: list[tuple[str, ...]] = []
        self._columns = (0, 0)
        self._hang = 0

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other entries. The view stays where it is; new entries come in above."""
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self._lay_out()

    def on_mount(self) -> None:
        self._refresh_scrollbars()
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        cells = self.size.width
        at = min(max((width(shown(entry.at)) for entry in self.entries), default=0), 12)
        who = min(max((width(shown(entry.who)) for entry in self.entries), default=0), 10)
        self._columns = (at, who)
        room = max(8, cells - 2 * self.edge - at - who - (2 if who else 1))
        # In a narrow margin the lines after the first start under the name, or a word stands on each.
        self._hang = who + 1 if who and room <= NARROW else 0
        y = 1 if self.title else 0
        self._starts, self._wrapped = [], []
        for entry in self.entries:
            lines = self._wrap(clean(entry.text, multiline=True), room)
            self._starts.append(y)
            self._wrapped.append(lines)
            y += len(lines)
        self.virtual_size = Size(cells, y)
        self.refresh()

    def _wrap(self, text: str, room: int) -> tuple[str, ...]:
        """The lines of a text; after the first they are longer by what they hang under the name."""
        lines = wrap(text, room, _MOST_LINES)
        if not self._hang or len(lines) < 2 or not text.startswith(lines[0]):
            return lines
        number = _NUMBER.match(text)
        if number is not None and room < number.end() <= room + self._hang:
            # It stands whole under the name rather than broken beside it.
            return ("", *wrap(text, room + self._hang, _MOST_LINES - 1))
        rest = text[len(lines[0]) :].lstrip()
        return (lines[0], *wrap(rest, room + self._hang, _MOST_LINES - 1))

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        cells = self.size.width
        edge = " " * self.edge
        if self.title and y == 0:
            bar = pad("▐" if self.has_focus else "", self.edge)
            return line(cells, [(bar, "mark"), (self.title, "title")], ground=self.ground)
        index = bisect_right(self._starts, y) - 1
        if index < 0 or y - self._starts[index] >= len(self._wrapped[index]):
            return blank(cells, self.ground)
        entry, part = self.entries[index], y - self._starts[index]
        at, who = self._columns
        first = part == 0
        name = who + 1 - self._hang if who else 0
        pieces: list[Piece] = [
            (edge, "text"),
            (pad(shown(entry.at) if first else "", at + 1), "dim"),
            (pad(shown(entry.who), who + 1) if who and first else " " * name, "soft"),
            (self._wrapped[index][part], entry.role),
        ]
        strip = line(cells - self.edge, pieces, ground=self.ground)
        return Strip([*strip, *blank(self.edge, self.ground)], cells)

    def watch_has_focus(self, _has_focus: bool) -> None:
        super().watch_has_focus(_has_focus)
        self.refresh()

    def repaint(self) -> None:
        """Paint again, after the theme or the language has changed."""
        self._lay_out()
