"""A short message above the footer: what happened, and what did not. One at a time, no animation."""

from dataclasses import dataclass

from textual.strip import Strip

from bdesk.text import clean
from bdesk.widgets.cells import width, wrap
from bdesk.widgets.lines import Painted, Piece, line

WIDEST = 130
"""Running text is no wider (UX, Screens); with its edge this is the cap."""


@dataclass(frozen=True, slots=True)
class ToastValues:
    """`kind` is a ground: recall (done), alert (warning), offline (refused or failed), hint."""

    text: str
    kind: str = "recall"


class Toast(Painted):
    """Shows one message until `show(None)`; who shows it times it. Docked above the strips by the screen."""

    DEFAULT_CSS = """
    Toast { layer: toast; dock: bottom; width: 100%; height: auto; }
    """

    def __init__(self, values: ToastValues | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.values = values

    def show(self, values: ToastValues | None) -> None:
        """Show this message; None takes it away."""
        if values != self.values:
            self.values = values
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        if self.values is None:
            return []
        text = clean(self.values.text, multiline=True)
        body = wrap(text, min(WIDEST, max(8, cells - 6)), 4)
        lines: list[Strip] = []
        for part in body:
            pieces: list[Piece] = [
                ("  " + part, "strong"),
                (" " * (max(map(width, body)) - width(part) + 2), "text"),
            ]
            lines.append(line(cells, pieces, ground=self.values.kind))
        return lines
