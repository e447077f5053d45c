"""Blocks of labels and values: the customer, the order, clocks, limits. Tints and blanks are the frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.strip import Strip

from bdesk.text import clean
from bdesk.widgets.cells import clusters, crop, pad, shown, width, wrap
from bdesk.widgets.chip import PAST, Chip
from bdesk.widgets.lines import Ground, Painted, Piece, blank, line


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value; `note` stands after the value in another role ("verified" in good)."""

    label: str
    value: str
    role: str = "text"
    note: str = ""
    note_role: str = "dim"


@dataclass(frozen=True, slots=True)
class ClockBar:
    """A clock: its chip, its name, how much of it has run (0.0 to 1.0) and when it is due. Where there is no
    room for both, it is the name that is cut: a due time without its hour is none."""

    chip: Chip
    words: str
    fraction: float = 0.0
    due: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of pieces, cropped, never wrapped."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text on as many lines as it needs."""

    text: str
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A block's title, with something dim beside it ("F4 all")."""

    text: str
    note: str = ""


Row = Field | ClockBar | Words | Text | Gap | Heading


def meter(cells: int, text: str, fraction: float, role: str, rest: str) -> list[Piece]:
    """A text over a bar: the part up to `fraction` of the cells in one role, what is left in another."""
    text = pad(shown(text), cells)
    filled = round(min(1.0, max(0.0, fraction)) * cells)
    head, used = "", 0
    for cluster in clusters(text):
        if used >= filled:
            break
        head += cluster
        used += width(cluster)
    return [(head, role), (text[len(head) :], rest)]


def _columns(bars: Sequence[ClockBar], inner: int) -> tuple[int, int]:
    """Blank cells before the names of clock bars, and cells of a name; a due time is worth more than both."""
    longest = max((width(shown(bar.words)) for bar in bars if bar.due), default=0)
    for before, names in ((1, longest), (0, longest), (1, 0)):
        taken = (
            before + max(names, width(shown(bar.words))) + (width(shown(bar.due)) + 1 if bar.due else 0)
            for bar in bars
        )
        if all(cells <= inner - width(bar.chip.text) for cells, bar in zip(taken, bars, strict=True)):
            return before, names
    return 0, 0


class Panel(Painted):
    """A column of headings, label-value rows and clock bars on one ground."""

    def __init__(
        self,
        rows: Sequence[Row] = (),
        *,
        ground: Ground = "panel",
        edge: int = 2,
        label_cells: int = 0,
        id: str | None = None,
    ) -> None:
        """`edge` is the empty cells at both sides; `label_cells` 0 takes the widest label's width."""
        super().__init__(id=id)
        self.rows = tuple(rows)
        self.ground, self.edge, self.label_cells = ground, edge, label_cells
        self._titles: set[int] = set()
        """The lines that are titles."""
        self._before, self._names = 0, 0
        """Of the clock bars, whose due times stand in a column: blank cells before their names, cells of a
        name."""

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; only lines that differ are painted."""
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        inner = max(2, cells - 2 * self.edge)
        labels = [width(shown(row.label)) for row in self.rows if isinstance(row, Field)]
        lead = self.label_cells or min(max(labels, default=0) + 2, max(4, inner // 2))
        lines: list[Strip] = []
        self._titles = set()
        self._before, self._names = _columns([row for row in self.rows if isinstance(row, ClockBar)], inner)
        for row in self.rows:
            if isinstance(row, Heading):
                self._titles.add(len(lines))
            lines.extend(self._row(row, cells, inner, lead))
        return lines

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        # A title whose rows have no room below it says nothing.
        alone = y == self.size.height - 1 and y in self._titles and y + 1 < len(self._strips)
        return blank(self.size.width, self.ground) if alone else strip

    def _row(self, row: Row, cells: int, inner: int, lead: int) -> list[Strip]:
        if isinstance(row, Gap):
            return [blank(cells, self.ground)]
        if isinstance(row, Heading):
            note = f"  {row.note}" if row.note else ""
            # The keys in the note are what leads on: it is the title that is cut for them.
            text = crop(shown(row.text), max(4, inner - width(note)))
            return [self._line(cells, inner, [(text, "title"), (note, "dim")])]
        if isinstance(row, Words):
            return [self._line(cells, inner, list(row.pieces))]
        if isinstance(row, Text):
            parts = wrap(clean(row.text, multiline=True), inner)
            return [self._line(cells, inner, [(part, row.role)]) for part in parts]
        if isinstance(row, ClockBar):
            return [self._line(cells, inner, self._bar(row, inner))]
        return [self._line(cells, inner, pieces) for pieces in self._field(row, inner, lead)]

    def _bar(self, row: ClockBar, inner: int) -> list[Piece]:
        calm = row.chip.state in ("fine", "stopped", PAST)
        room = max(0, inner - width(row.chip.text))
        role = "meter.calm" if calm else "meter"
        words, due = shown(row.words), shown(row.due)
        if due:
            words = f"{pad(crop(words, max(0, room - width(due) - 1)), self._names)} {due}"
        words = " " * self._before + words
        return [row.chip.piece, *meter(room, words, row.fraction, role, "meter.rest")]

    def _field(self, row: Field, inner: int, lead: int) -> list[list[Piece]]:
        room = max(2, inner - lead)
        label = pad(crop(shown(row.label), lead - 1), lead)
        values = wrap(clean(row.value, multiline=True), room) if row.value else ("",)
        lines: list[list[Piece]] = [
            [(label if n == 0 else " " * lead, "dim"), (value, row.role)] for n, value in enumerate(values)
        ]
        if row.note:
            note = shown(row.note)
            if width(values[-1]) + 2 + width(note) <= room:
                lines[-1].append((f"  {note}" if values[-1] else note, row.note_role))
            else:
                lines += [[(" " * lead, "dim"), (part, row.note_role)] for part in wrap(note, room)]
        return lines

    def _line(self, cells: int, inner: int, pieces: list[Piece]) -> Strip:
        body = line(inner, pieces, ground=self.ground)
        left = blank(min(self.edge, cells), self.ground)
        right = blank(max(0, cells - inner - left.cell_length), self.ground)
        return Strip([*left, *body, *right], left.cell_length + inner + right.cell_length).crop(0, cells)
