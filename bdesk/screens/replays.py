"""What a deed would do to the due times, a line for each clock: read before the reason is given."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bdesk.i18n import _, language, pick
from bdesk.operations.priority import HIGHEST, LOWEST
from bdesk.operations.supervising.replays import ClockChange
from bdesk.rules.clock.display import moment
from bdesk.screens.modals.ask import numbered
from bdesk.widgets.cells import pad, width
from bdesk.widgets.choices import Choice


def lines(changes: Sequence[ClockChange], name: Callable[[str], str], now: datetime) -> list[str]:
    """The clocks in columns, with the times they are due at now and then; `name` is what one is called."""
    rows = [(name(one.clock) or one.clock, _at(one.was, now), _becomes(one, now)) for one in changes]
    called, was = (max((width(row[at]) for row in rows), default=0) for at in (0, 1))
    return [f"{pad(row[0], called)}  {pad(row[1], was)} > {row[2]}" for row in rows]


def told(changes: Sequence[ClockChange], name: Callable[[str], str], now: datetime) -> str:
    """The same as one text, which says so where nothing changes."""
    return "\n".join(lines(changes, name, now)) or _("No due time changes.")


def priorities(now: int) -> tuple[Choice, ...]:
    """The priorities by their digits; the one that a case has already is grey."""
    levels = [str(level) for level in range(HIGHEST, LOWEST + 1)]
    ends = {str(HIGHEST): _("the highest"), str(LOWEST): _("the lowest")}
    named = {
        level: f"{_('Priority {level}', level=level)}  {ends.get(level, '')}".rstrip() for level in levels
    }
    return numbered(
        *named.items(),
        refused={str(now): _("It has this one")},
    )


def _becomes(one: ClockChange, now: datetime) -> str:
    late = f"  {_('late at once')}" if one.late else ""
    return f"{_at(one.becomes, now)}{late}"


def _at(at: datetime | None, now: datetime) -> str:
    """A due time as everywhere else: the end of a day is 24:00."""
    return pick("无", "none") if at is None else moment(at, now, language(), end=True)
