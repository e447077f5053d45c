"""The last line of every screen: F1-F10 and what each does now."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from bdesk.widgets.cells import shown, width
from bdesk.widgets.lines import Painted, Piece, line


@dataclass(frozen=True, slots=True)
class FooterKey:
    """One key of the footer. `reason`, if not empty, makes it dim and is what pressing it says."""

    key: str
    label: str
    hot: bool = False
    reason: str = ""


class Footer(Painted):
    """F1-F10 with their words; one may be hot, those that cannot work are dim."""

    ground = "bar"

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, key: FooterKey) -> None:
            super().__init__()
            self.key = key

    def __init__(self, keys: Sequence[FooterKey] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keys = tuple(keys)
        self._ends: tuple[int, ...] = ()

    def show(self, keys: Sequence[FooterKey]) -> None:
        """Show other keys or words."""
        if tuple(keys) != self.keys:
            self.keys = tuple(keys)
            self.repaint()

    def reason(self, key: str) -> str:
        """Why a key does nothing now; empty when it works or is not shown."""
        return next((found.reason for found in self.keys if found.key.lower() == key.lower()), "")

    def paint(self, cells: int) -> list[Strip]:
        roomy = self._cells(" ", "  ") <= cells
        inner, gap = (" ", "  ") if roomy else ("", " ")
        if not roomy and self._cells(inner, gap) > cells:
            gap = ""
        pieces: list[Piece] = []
        ends: list[int] = []
        at = 0
        for found in self.keys:
            key, label = shown(found.key), shown(found.label)
            roles = ("key.hot", "key.hot") if found.hot else ("key", "text")
            if found.reason:
                roles = ("key.off", "key.off")
            edge = " " if roomy else ""
            text = f"{edge}{key}{inner}{label}{edge}"
            if found.hot:
                pieces.append((text, "key.hot"))
            else:
                pieces += [(f"{edge}{key}{inner}", roles[0]), (f"{label}{edge}", roles[1])]
            pieces.append((gap[len(edge) :] if roomy else gap, "text"))
            at += width(text) + len(gap[len(edge) :] if roomy else gap)
            ends.append(at)
        self._ends = tuple(ends)
        return [line(cells, pieces, ground="bar")]

    def _cells(self, inner: str, gap: str) -> int:
        edge = 2 if inner else 0
        each = sum(width(shown(key.key) + inner + shown(key.label)) + edge for key in self.keys)
        return each + (len(gap) - (1 if inner else 0)) * max(0, len(self.keys) - 1)

    def on_click(self, event: events.Click) -> None:
        for key, end in zip(self.keys, self._ends, strict=False):
            if event.x < end:
                self.post_message(self.Pressed(key))
                return
