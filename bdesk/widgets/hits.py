"""What a lookup found: numbered while nothing is typed on, a bar, and why each was found."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from bdesk.widgets.cells import pad, shown, width
from bdesk.widgets.chip import Chip
from bdesk.widgets.lines import Painted, Piece, line, measure

ASIDE = 2
"""Cells between the longest line and why each was found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found order, customer or case. `columns` are its texts from the left, `found_by` what matched.

    `kind` and `key` are the caller's own; `chip` is that of an open case.
    """

    kind: str
    key: str
    columns: tuple[str, ...]
    found_by: str = ""
    chip: Chip | None = None
    note: str = ""


class Hits(Painted, can_focus=True):
    """A list of hits, nine of them numbered; digits and Enter pick, arrows move the bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "pick", show=False),
    ]

    class Picked(Message):
        """A hit was picked by digit, Enter or a click."""

        def __init__(self, hit: Hit) -> None:
            super().__init__()
            self.hit = hit

    class Moved(Message):
        """The bar stands on another hit."""

        def __init__(self, hit: Hit) -> None:
            super().__init__()
            self.hit = hit

    def __init__(
        self, hits: Sequence[Hit] = (), *, empty: str = "", chips_first: bool = False, id: str | None = None
    ) -> None:
        """`empty` is what is said when nothing was found: what, and which key helps. `chips_first`: a list
        that is read by what is due, as the queue is."""
        super().__init__(id=id)
        self.chips_first = chips_first
        self.hits = tuple(hits)
        self.empty = empty
        self.at = 0

    def show(self, hits: Sequence[Hit], *, empty: str = "") -> None:
        """Show other hits, the bar on the first."""
        if (tuple(hits), empty) != (self.hits, self.empty):
            self.hits, self.empty, self.at = tuple(hits), empty, 0
            self.repaint()

    @property
    def selected(self) -> Hit | None:
        """The hit under the bar."""
        return self.hits[self.at] if self.at < len(self.hits) else None

    def choose(self, digit: int) -> bool:
        """Pick by digit. False when no hit carries it."""
        if not 1 <= digit <= min(9, len(self.hits)):
            return False
        self.at = digit - 1
        self.repaint()
        self.action_pick()
        return True

    def on_key(self, event: events.Key) -> None:
        typed = unicodedata.normalize("NFKC", event.character or "")
        if len(typed) == 1 and typed in "123456789" and self.choose(int(typed)):
            event.stop()

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self.hits):
            self.at = event.y
            self.repaint()
            self.action_pick()

    def action_move(self, step: int) -> None:
        at = min(max(0, self.at + step), max(0, len(self.hits) - 1))
        if at != self.at:
            self.at = at
            self.repaint()
            self.post_message(self.Moved(self.hits[at]))

    def action_pick(self) -> None:
        hit = self.selected
        if hit is not None:
            self.post_message(self.Picked(hit))

    def paint(self, cells: int) -> list[Strip]:
        if not self.hits:
            return [line(cells, [(f"   {self.empty}", "dim")])] if self.empty else []
        sizes, why = self._sizes(cells)
        rows = [self._pieces(at, hit, sizes) for at, hit in enumerate(self.hits)]
        aside = self._aside(rows, cells) if why else 0
        found = []
        for at, (hit, pieces) in enumerate(zip(self.hits, rows, strict=True)):
            if hit.found_by and why:
                pieces += [(" " * max(1, aside - measure(pieces)), "text"), (f"{hit.found_by} ", "dim")]
            found.append(line(cells, pieces, [], "selected" if at == self.at else "base"))
        return found

    def _aside(self, rows: Sequence[list[Piece]], cells: int) -> int:
        """Where why each was found begins: right behind what was found, however wide the terminal."""
        told = [(measure(pieces), width(hit.found_by)) for hit, pieces in zip(self.hits, rows, strict=True)]
        longest = max((own for own, by in told if by), default=0)
        return min(longest + ASIDE, cells - max((by for _own, by in told), default=0) - 1)

    def _sizes(self, cells: int) -> tuple[list[int], bool]:
        """Each column as wide as its widest text, and whether there is room for why each was found.

        Where they do not fit, the widest give way; the first column, which names the thing, stays whole.
        A hit of one column is a line of its own and has no part in this.
        """
        rows = [hit for hit in self.hits if len(hit.columns) > 1]
        count = max((len(hit.columns) for hit in rows), default=0)
        sizes = [
            max((width(shown(hit.columns[n])) for hit in rows if n < len(hit.columns)), default=0) + 2
            for n in range(count)
        ]
        room = cells - 4 - max((width(chip.text) + 1 for hit in rows if (chip := hit.chip)), default=0)
        room -= max((width(shown(hit.note)) + 1 for hit in rows if hit.note), default=0)
        aside = max(width(shown(hit.found_by)) for hit in self.hits) + 2
        for least, kept in ((12, aside), (12, 0), (5, 0)):
            tried = _shrunk(sizes, room - kept, least)
            if sum(tried) <= room - kept or least == 5:
                return tried, kept > 0
        return sizes, False

    def _pieces(self, at: int, hit: Hit, sizes: list[int]) -> list[Piece]:
        here = at == self.at
        digit = str(at + 1) if at < 9 else " "
        pieces: list[Piece] = [("▐" if here else " ", "mark"), (f"{digit} ", "key" if here else "soft")]
        if hit.chip is not None and self.chips_first:
            pieces += [hit.chip.piece, ("  ", "text")]
        if len(hit.columns) == 1:
            pieces.append((f"{hit.columns[0]}  ", "row" if here else "soft"))
        else:
            for n, text in enumerate(hit.columns):
                role = "row" if n == 0 or here else "text"
                pieces.append((pad(shown(text), sizes[n] - 2) + "  ", role))
        if hit.note:
            pieces.append((f"{hit.note} ", "warn"))
        if hit.chip is not None and not self.chips_first:
            pieces.append(hit.chip.piece)
        return pieces


def _shrunk(sizes: list[int], room: int, least: int) -> list[int]:
    """The sizes with the widest but the first cut to `least` at the lowest, until they fit."""
    cut = list(sizes)
    while sum(cut) > room and max(cut[1:], default=0) > least:
        cut[cut.index(max(cut[1:]), 1)] -= 1
    return cut
