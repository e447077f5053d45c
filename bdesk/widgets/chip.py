"""The SLA chip: a word, how long is left or by how much it is late, and a fill by urgency.

The state is that of `rules.urgency`. Source: UX, SLA states. The word is always there: status is never
colour alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bdesk.i18n import language, pick
from bdesk.models.views.queue import QueueRow
from bdesk.rules.short_times import short_time
from bdesk.rules.urgency import state_at
from bdesk.widgets.cells import pad, shown, width
from bdesk.widgets.lines import Piece

STATES = ("over", "now", "due", "fine", "stopped")

PAST = "past"
"""What a fact clock is after its due time; it looks as quiet as a stopped one."""

TIME_CELLS = 5
"""Every short time fits: 03:55, 42分, 1h12, 10/13, +2h14."""


@dataclass(frozen=True, slots=True)
class Chip:
    """What a chip says. `state` is one of STATES, or PAST; `time` a short time, or whom a stop waits for."""

    state: str
    word: str
    time: str
    provisional: bool = False

    @property
    def text(self) -> str:
        """The chip as painted, `chip_cells()` wide; a question mark ends a provisional time."""
        word = pad(self.word, word_cells())
        end = "?" if self.provisional else " "
        return f" {word} {pad(self.time, TIME_CELLS, 'right')}{end}"

    @property
    def short(self) -> str:
        """The word alone, for tabs in 80 columns."""
        return f" {self.word} "

    @property
    def role(self) -> str:
        return "chip.stopped" if self.state == PAST else f"chip.{self.state}"

    @property
    def piece(self) -> Piece:
        return self.text, self.role

    @property
    def short_piece(self) -> Piece:
        return self.short, self.role


def word_cells() -> int:
    """How wide the longest state word is in the language in use."""
    return 2 if language() == "zh" else 4


def chip_cells() -> int:
    """How wide a chip is in the language in use."""
    return word_cells() + TIME_CELLS + 3


def state_word(state: str) -> str:
    """The word of a state in the language in use."""
    return {
        "over": pick("超", "OVR"),
        "now": pick("急", "NOW"),
        "due": pick("近", "DUE"),
        "fine": pick("稳", "OK"),
        "stopped": pick("等", "WAIT"),
        PAST: pick("过", "PAST"),
    }[state]


def make_chip(
    now: datetime,
    due_at: datetime | None,
    due_from_at: datetime | None = None,
    now_from_at: datetime | None = None,
    *,
    stopped: bool = False,
    whom: str = "",
    provisional: bool = False,
) -> Chip:
    """The chip of a clock at an instant. `whom` is the label of what a stopped clock waits for."""
    state = state_at(now, due_at, due_from_at, now_from_at, stopped=stopped)
    if stopped:
        return Chip(state, state_word(state), shown(whom))
    time = "" if due_at is None else short_time(due_at, now, language())
    if width(time) > TIME_CELLS:
        # Late by a hundred days and more; cutting digits off would say something else.
        time = pick("99+天", "99+d")
    return Chip(state, state_word(state), time, provisional and due_at is not None)


def fact_chip(now: datetime, due_at: datetime | None, *, provisional: bool = False) -> Chip:
    """The chip of a clock that counts what others do, or a window of the customer's: it presses nobody, and
    once it is over nobody here is late (SLA.md, Whose clock)."""
    if due_at is None or now <= due_at:
        return make_chip(now, due_at, provisional=provisional)
    return Chip(PAST, state_word(PAST), "", provisional)


def row_chip(row: QueueRow, now: datetime, label: Callable[[str], str] = str) -> Chip:
    """The chip of a queue row; `label` names departments and parties from their codes."""
    whom = label(row.waiting_for) if row.stopped and row.waiting_for else ""
    return make_chip(
        now,
        row.due_at,
        row.due_from_at,
        row.now_from_at,
        stopped=row.stopped,
        whom=whom,
        provisional=row.provisional,
    )
