"""The open cases, on one line. Tabs carry no digits: only what a digit picks does (UX 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from bdesk.i18n import _
from bdesk.widgets.cells import crop, shown
from bdesk.widgets.chip import Chip
from bdesk.widgets.lines import Painted, Piece, line, measure

KIND_CELLS = (20, 12)
"""Cells for the name of a kind: whole where there is room for all tabs so, else cut."""


@dataclass(frozen=True, slots=True)
class CaseTab:
    """An open case: the customer (masked), its kind's label, its chip; `pending` when a strip waits there."""

    case_id: int
    customer: str
    kind: str
    chip: Chip | None = None
    pending: bool = False


class CaseTabs(Painted):
    """Open cases with the current one lifted; `- =` switch, said on the right where there is room."""

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, case_id: int) -> None:
            super().__init__()
            self.case_id = case_id

    def __init__(
        self, tabs: Sequence[CaseTab] = (), current: int | None = None, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.tabs = tuple(tabs)
        self.current = current
        self._ends: list[tuple[int, int]] = []

    def show(self, tabs: Sequence[CaseTab], current: int | None) -> None:
        """Show these cases, `current` being the one on the screen."""
        if (tuple(tabs), current) != (self.tabs, self.current):
            self.tabs, self.current = tuple(tabs), current
            self.repaint()

    def _tab(self, tab: CaseTab, kind: int) -> list[Piece]:
        """One tab with so many cells for its kind; none: it and the chip's time go."""
        now = tab.case_id == self.current
        look = "tab.now" if now else "soft"
        mark = "✎ " if tab.pending else ""
        name = crop(shown(tab.customer), 12)
        text = f" {mark}{name} {crop(shown(tab.kind), kind)} " if kind else f" {mark}{name} "
        pieces: list[Piece] = [(text, look)]
        if tab.chip is not None:
            pieces.append(tab.chip.piece if kind else tab.chip.short_piece)
        return pieces

    def _cells(self, kind: int) -> int:
        return sum(measure(self._tab(tab, kind)) + 1 for tab in self.tabs) + 2

    def paint(self, cells: int) -> list[Strip]:
        right: list[Piece] = [("- =", "key"), (f" {_('switch')} ", "soft")] if len(self.tabs) > 1 else []
        kind = next((most for most in KIND_CELLS if self._cells(most) + measure(right) <= cells), 0)
        built = [(tab, self._tab(tab, kind)) for tab in self.tabs]
        edge = 1 if cells < 100 else 2
        room = cells - edge - measure(right) - 4
        start = self._first_shown([measure(pieces) + 1 for _tab, pieces in built], room)
        left: list[Piece] = [(" " * edge, "text")]
        if start:
            left.append((f"+{start} ", "dim"))
        self._ends = []
        for at, (tab, pieces) in enumerate(built[start:], start):
            if measure(left) + measure(pieces) > room + edge + 4 and tab.case_id != self.current:
                left.append((f"+{len(built) - at}", "dim"))
                break
            left += [*pieces, (" ", "text")]
            self._ends.append((measure(left), tab.case_id))
        return [line(cells, left, right)]

    def _first_shown(self, sizes: list[int], room: int) -> int:
        """The first tab to paint, so that the current one is in view."""
        here = next((at for at, tab in enumerate(self.tabs) if tab.case_id == self.current), 0)
        start = 0
        if sum(sizes) <= room + 4:
            return start
        while start < here and sum(sizes[start : here + 1]) > room - 4:
            start += 1
        return start

    def on_click(self, event: events.Click) -> None:
        for end, case_id in self._ends:
            if event.x < end:
                self.post_message(self.Picked(case_id))
                return
