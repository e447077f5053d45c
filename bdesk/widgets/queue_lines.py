"""The lines of the queue's list: what each of them shows, and the fewest that must be painted again."""

from datetime import datetime

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bdesk.widgets.chip import Chip, chip_cells, row_chip
from bdesk.widgets.lines import blank, line
from bdesk.widgets.queue_columns import (
    CHIP_AT,
    QueueWords,
    RowLook,
    RowStrips,
    columns_now,
    header_pieces,
    section_note,
    section_title,
)
from bdesk.widgets.queue_layout import Layout, Span
from bdesk.widgets.queue_pages import Pages, Place, Wanted


class QueueLines(ScrollView, inherit_bindings=False):
    """Paints pages of rows in sections. What is selected, marked or gone is said by the list that it is."""

    def __init__(
        self, words: QueueWords, now: datetime, count_cap: int, *, id: str | None, classes: str | None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.count_cap = count_cap
        self.now = now
        self.pages = Pages()
        self.marked: frozenset[int] = frozenset()
        self._layout = Layout()
        self._place: Place | None = None
        self._gone: frozenset[int] = frozenset()
        self._totals: dict[str, int] = {}
        self._chips: dict[int, Chip] = {}
        self._strips = RowStrips(words)

    def need(self, wanted: Wanted) -> None:
        """Rows that came into view are not loaded."""

    def tick_chips(self) -> int:
        """Paint the chips again whose text has changed by now; how many those are."""
        painted = 0
        top = self.scroll_offset.y
        cells = chip_cells()
        for y in range(top, top + self.size.height):
            before = self._chips.get(y)
            place = self._layout.place_at(y)
            row = self.pages.row(*place) if place else None
            if row is None or before is None:
                continue
            if row_chip(row, self.now, self._strips.words.whom) != before:
                self.refresh(Region(CHIP_AT, y - top, cells, 1))
                painted += 1
        return painted

    def _plan(self) -> None:
        """Lay out sections on lines: roomy with column names, or compact where height is short."""
        self._layout = Layout.of(self.pages.sections, self.size.height)
        self._chips.clear()
        self.virtual_size = Size(self.size.width, self._layout.lines)

    def _digits(self) -> dict[int, int]:
        return self._layout.digits(self.scroll_offset.y, self.size.height)

    def _refresh_line(self, y: int) -> None:
        top = self.scroll_offset.y
        if top <= y < top + self.size.height:
            self.refresh(Region(0, y - top, self.size.width, 1))

    def _refresh_headings(self) -> None:
        for span in self._layout.spans:
            if span.heading is not None:
                self._refresh_line(span.heading)

    def _repaint(self) -> None:
        self._chips.clear()
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._chips.clear()
        super().watch_scroll_y(old_value, new_value)

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        cells = self.size.width
        place = self._layout.place_at(y)
        if place is not None:
            return self._row_line(y, place, cells)
        span = self._layout.headed_at(y)
        if span is not None:
            return self._heading_line(span, cells)
        if y == 0 and self._layout.roomy:
            return line(cells, header_pieces(columns_now(cells)))
        return blank(cells)

    def _count(self, span: Span) -> str:
        total = self._totals.get(span.code, span.count)
        return f"{self.count_cap - 1}+" if self.count_cap and total >= self.count_cap else str(total)

    def _heading_line(self, span: Span, cells: int) -> Strip:
        note = section_note(span.code)
        return line(
            cells,
            [
                (" " * CHIP_AT + section_title(span.code), "title"),
                (f"  {self._count(span)}", "dim"),
                (f"  {note}", "dim"),
            ],
        )

    def _row_line(self, y: int, place: Place, cells: int) -> Strip:
        row = self.pages.row(*place)
        if row is None:
            wanted = self.pages.want(*place)
            if wanted is not None:
                # A message posted while the screen paints would pass for the screen's own and stop there.
                self.call_later(self.need, wanted)
            ground = "selected" if place == self._place else "base"
            return line(cells, [(" " * CHIP_AT + "..", "dim")], ground=ground)
        self.pages.used(*place)
        chip = row_chip(row, self.now, self._strips.words.whom)
        self._chips[y] = chip
        marked, gone = row.case_id in self.marked, row.case_id in self._gone
        look = RowLook(self._digits().get(y, 0), place == self._place, marked, gone)
        return self._strips.strip(row, chip, look, cells, self.now)
