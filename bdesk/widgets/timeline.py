"""What happened on a case, newest first: when, who, what. Scrolls; only the lines in view are painted."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bdesk.text import clean
from bdesk.widgets.cells import pad, shown, width, wrap
from bdesk.widgets.lines import Ground, Piece, blank, line

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
        y = 1 if self.title else 0
        self._starts, self._wrapped = [], []
        for entry in self.entries:
            lines = wrap(clean(entry.text, multiline=True), room, _MOST_LINES)
            self._starts.append(y)
            self._wrapped.append(lines)
            y += len(lines)
        self.virtual_size = Size(cells, y)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        cells = self.size.width
        edge = " " * self.edge
        if self.title and y == 0:
            return line(cells, [(edge + self.title, "title")], ground=self.ground)
        index = bisect_right(self._starts, y) - 1
        if index < 0 or y - self._starts[index] >= len(self._wrapped[index]):
            return blank(cells, self.ground)
        entry, part = self.entries[index], y - self._starts[index]
        at, who = self._columns
        first = part == 0
        pieces: list[Piece] = [
            (edge, "text"),
            (pad(shown(entry.at) if first else "", at + 1), "dim"),
            (pad(shown(entry.who) if first else "", who + 1) if who else "", "soft"),
            (self._wrapped[index][part], entry.role),
        ]
        strip = line(cells - self.edge, pieces, ground=self.ground)
        return Strip([*strip, *blank(self.edge, self.ground)], cells)

    def repaint(self) -> None:
        """Paint again, after the theme or the language has changed."""
        self._lay_out()
