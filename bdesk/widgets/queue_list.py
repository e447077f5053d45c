"""The queue: an own line-rendered list over pages of rows, in sections, that never moves under the cursor.

The cost of a key, a tick or a frame follows the height of the screen, not the number of cases. A tick
repaints only the chip cells whose text has changed. Changes of order wait, counted, until `resort`.
Source: UX, principles 3 and 11, Ticking.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from bdesk.models.views.queue import QueueRow, Section
from bdesk.widgets.queue_columns import QueueWords
from bdesk.widgets.queue_lines import QueueLines
from bdesk.widgets.queue_pages import Place, Wanted

DIGITS_DEAD = 1.0
"""Seconds after a re-sort in which a digit does nothing (UX 3)."""

RESORT_IDLE = 60.0
"""Seconds without a key after which waiting changes are applied (UX 3)."""


class QueueList(QueueLines, can_focus=True, inherit_bindings=False):
    """The queue's list. Rows come by `load`, then `offer`, `patch` and `put_page`; time by `tick`."""

    DEFAULT_CSS = """
    QueueList {
        width: 1fr; height: 1fr; background: $background; overflow-x: hidden; overflow-y: auto;
        scrollbar-size: 0 0;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(False)", show=False),
        Binding("end", "edge(True)", show=False),
        Binding("enter", "open", show=False),
        Binding("space,ideographic_space", "mark", show=False),
    ]

    class Selected(Message):
        """Another case is selected; `row` is None when the list is empty or its page is not read yet."""

        def __init__(self, row: QueueRow | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """Enter, or a second click, on a case."""

        def __init__(self, row: QueueRow) -> None:
            super().__init__()
            self.row = row

    class Marked(Message):
        """Space on a case: the ids that are marked now."""

        def __init__(self, case_ids: frozenset[int]) -> None:
            super().__init__()
            self.case_ids = case_ids

    class NeedPage(Message):
        """Rows that came into view are not loaded; answer with `put_page`."""

        def __init__(self, wanted: Wanted) -> None:
            super().__init__()
            self.wanted = wanted

    class HeldChanged(Message):
        """The number of changes of order that wait for `resort` is another."""

        def __init__(self, held: int) -> None:
            super().__init__()
            self.held = held

    def __init__(
        self,
        words: QueueWords | None = None,
        *,
        now: datetime,
        count_cap: int = 0,
        seconds: Callable[[], float] = monotonic,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`count_cap`, if not 0, is where counting stopped: from it on a heading says "999+" of 1000."""
        super().__init__(words or QueueWords(), now, count_cap, id=id, classes=classes)
        self.held = 0
        self._seconds = seconds
        self._selected_id: int | None = None
        self._offer: tuple[tuple[Section, ...], dict[str, tuple[QueueRow, ...]]] | None = None
        self._digits_from = 0.0
        self._last_key = seconds()

    # Rows come in

    def load(
        self, sections: Sequence[Section], rows: Mapping[str, Sequence[QueueRow]], now: datetime | None = None
    ) -> None:
        """Show these sections, given the first rows of each, in this order, at once.

        The selected case stays selected when it is among the rows; else the row in its place is.
        """
        if now is not None:
            self.now = now
        top = self.scroll_offset.y
        # At the top the list stays at the top, so that the most urgent rows are seen.
        above = self._layout.line_of(self._place) - top if self._place and top else None
        self.pages.reset(sections, rows)
        self._gone = frozenset()
        self._totals = {section.code: section.total for section in sections}
        self._strips.forget()
        self._drop_offer()
        self._plan()
        self._restore(above)

    def grow(self, section: str, total: int) -> None:
        """A section turned out to have so many rows: counts stop at a cap where they would cost.

        Nothing in view moves.
        """
        if total == self.pages.total(section):
            return
        above = self._layout.line_of(self._place) - self.scroll_offset.y if self._place else 0
        self.pages.grow(section, total)
        self._totals[section] = total
        self._plan()
        if self._place is not None and self._place[1] >= self.pages.total(self._place[0]):
            self._select((section, max(0, total - 1)))
        if self._place is not None:
            self.scroll_to(y=max(0, self._layout.line_of(self._place) - above), animate=False)
        self._repaint()

    def total(self, section: str) -> int:
        """How many rows a section is known to have."""
        return self.pages.total(section)

    def put_page(self, section: str, index: int, rows: Sequence[QueueRow]) -> None:
        """Keep rows that were asked for with NeedPage."""
        self.pages.put(section, index, rows)
        if self._selected_id is None and self._place is not None:
            self._select(self._place)
        self._repaint()

    def offer(self, sections: Sequence[Section], rows: Mapping[str, Sequence[QueueRow]]) -> int:
        """The newest state of the list: values are patched in place, changes of order wait.

        Gives the number of changes that wait now. Nothing waits when nothing is shown yet.
        """
        if not self._layout.rows:
            self.load(sections, rows)
            return 0
        offered = {code: tuple(found) for code, found in rows.items()}
        self.patch(row for found in offered.values() for row in found)
        self._totals = {section.code: section.total for section in sections}
        held = sum(self.pages.changes(section, offered.get(section.code, ())) for section in sections)
        self._offer = (tuple(sections), offered) if held else None
        self._set_held(held)
        self._refresh_headings()
        return held

    def patch(self, rows: Iterable[QueueRow]) -> None:
        """Show newer values of cases that are loaded; none of them moves."""
        for place in self.pages.patch(rows):
            self._refresh_line(self._layout.line_of(place))

    def gone(self, case_ids: Iterable[int]) -> None:
        """Show these cases as gone, taken by somebody or closed, until the next re-sort."""
        self._gone |= frozenset(case_ids)
        for case_id in self._gone:
            place = self.pages.place(case_id)
            if place is not None:
                self._refresh_line(self._layout.line_of(place))

    def resort(self) -> bool:
        """Apply the changes that wait. False when there are none."""
        if self._offer is None:
            return False
        sections, rows = self._offer
        self.load(sections, rows)
        self._digits_from = self._seconds() + DIGITS_DEAD
        return True

    def repaint(self) -> None:
        """Paint everything anew, after the theme or the language has changed."""
        self._strips.forget()
        self._repaint()

    def ask_again(self) -> None:
        """Ask for missing pages anew, after a read that failed."""
        self.pages.ask_again()
        self._repaint()

    # What is selected

    @property
    def selected(self) -> QueueRow | None:
        """The selected case as last read."""
        return self.pages.row(*self._place) if self._place else None

    @property
    def selected_id(self) -> int | None:
        """The id of the selected case."""
        return self._selected_id

    def select(self, case_id: int) -> bool:
        """Select a loaded case. False when it is not loaded."""
        place = self.pages.place(case_id)
        if place is None:
            return False
        self._select(place)
        return True

    def choose(self, digit: int) -> bool:
        """Select the visible row that carries this digit; 0 applies waiting changes.

        False when there is no such row, or within a second of a re-sort.
        """
        self._last_key = self._seconds()
        if digit == 0:
            return self.resort()
        if self._seconds() < self._digits_from:
            return False
        for y, found in self._digits().items():
            if found == digit:
                place = self._layout.place_at(y)
                if place is not None and self.pages.row(*place) is not None:
                    self._select(place)
                    return True
        return False

    def go_to_section(self, step: int = 1) -> str | None:
        """Select the first row of the next section that has rows (Tab); its code, or None."""
        place = self._layout.next_section(self._place, step)
        if place is None:
            return None
        self._select(place)
        return place[0]

    # Time

    def tick(self, now: datetime) -> int:
        """Move the clock on; the number of chips that had to be painted again.

        After a minute without a key the waiting changes are applied.
        """
        self.now = now
        if self.held and self._seconds() - self._last_key > RESORT_IDLE:
            self.resort()
            return 0
        return self.tick_chips()

    # Keys and the mouse

    def on_key(self, event: events.Key) -> None:
        self._last_key = self._seconds()
        typed = unicodedata.normalize("NFKC", event.character or "")
        if len(typed) == 1 and typed in "0123456789" and self.choose(int(typed)):
            event.stop()

    def action_move(self, step: int) -> None:
        self._step(step)

    def action_page(self, direction: int) -> None:
        self._step(direction * max(1, self.size.height - 2))

    def action_edge(self, last: bool) -> None:
        self._step(self._layout.rows if last else -self._layout.rows)

    def action_open(self) -> None:
        row = self.selected
        if row is not None:
            self.post_message(self.Opened(row))

    def action_mark(self) -> None:
        if self._selected_id is not None and self._place is not None:
            self.marked ^= {self._selected_id}
            self._refresh_line(self._layout.line_of(self._place))
            self.post_message(self.Marked(self.marked))

    def on_click(self, event: events.Click) -> None:
        self._last_key = self._seconds()
        place = self._layout.place_at(event.y + self.scroll_offset.y)
        if place is None:
            return
        again = place == self._place
        self._select(place)
        if again and event.chain > 1:
            self.action_open()

    def _step(self, step: int) -> None:
        """Move the selection by rows across sections, as far as there are any."""
        place = self._layout.moved(self._place, step)
        if place is not None:
            self._select(place)

    def _select(self, place: Place) -> None:
        row = self.pages.row(*place)
        before = self._place
        changed = place != before or (row.case_id if row else None) != self._selected_id
        self._place = place
        self._selected_id = row.case_id if row else None
        if before is not None:
            self._refresh_line(self._layout.line_of(before))
        self._refresh_line(self._layout.line_of(place))
        self._show(place)
        if changed:
            self.post_message(self.Selected(row))

    def _restore(self, above: int | None) -> None:
        """After new rows: the same case, or the row in its place, on the same line of the screen."""
        place = self.pages.place(self._selected_id) if self._selected_id is not None else None
        if place is None and self._place is not None:
            total = self.pages.total(self._place[0])
            place = (self._place[0], min(self._place[1], total - 1)) if total else None
        if place is None:
            place = self._layout.moved(None, 0)
        if place is None:
            self._place, self._selected_id = None, None
            self.post_message(self.Selected(None))
        else:
            if above is not None:
                self.scroll_to(y=max(0, self._layout.line_of(place) - above), animate=False)
            self._select(place)
        self._repaint()

    def on_resize(self) -> None:
        self._plan()
        if self._place is not None:
            self._show(self._place)
        self._repaint()

    def _show(self, place: Place) -> None:
        """Scroll so that a place is in view, its section's heading too where it is the first row."""
        y = self._layout.line_of(place)
        top, height = self.scroll_offset.y, self.size.height
        if height <= 0:
            return
        first = self._layout.heading_over(place)
        target = first if first < top else y - height + 1 if y >= top + height else top
        if target != top:
            self.scroll_to(y=target, animate=False)

    def _drop_offer(self) -> None:
        self._offer = None
        self._set_held(0)

    def _set_held(self, held: int) -> None:
        if held != self.held:
            self.held = held
            self.post_message(self.HeldChanged(held))

    def need(self, wanted: Wanted) -> None:
        self.post_message(self.NeedPage(wanted))
