"""What somebody sees between door and queue: group, state, what was handed over, staying signed in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from textual.strip import Strip

from bdesk.clock import LOCAL
from bdesk.i18n import _, pick
from bdesk.models.kinds import PersonState
from bdesk.models.labels import label
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff.announcing import Announcement
from bdesk.operations.staff.arriving import BEGINS_WITH, Arrival
from bdesk.operations.staff.staying import REASONS
from bdesk.operations.staff.stays import STAY
from bdesk.secrets.keyrings import State
from bdesk.speech import speak
from bdesk.widgets.cells import pad, wrap
from bdesk.widgets.lines import Piece, measure
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Text, Words


@dataclass(frozen=True, slots=True)
class Shift:
    """What stands there, and what is chosen of it. `keyring` None: not known yet; `stays`: ticked.

    One digit for each thing that can be chosen: first the groups, where there are several, then the states.
    """

    actor: ActorView
    found: Arrival
    group: str | None
    state: PersonState = PersonState.ONLINE
    training: bool = False
    keyring: State | None = None
    stays: bool = False

    @property
    def choosable(self) -> tuple[str, ...]:
        """The groups that carry a digit; one alone is no choice."""
        return tuple(one.code for one in self.found.teams) if len(self.found.teams) > 1 else ()

    @property
    def may_stay(self) -> bool:
        return not self.training and self.keyring is State.USABLE

    def pressed(self, digit: int) -> "Shift":
        """With what this digit picks."""
        groups = self.choosable
        if 1 <= digit <= len(groups):
            return replace(self, group=groups[digit - 1])
        at = digit - 1 - len(groups)
        return replace(self, state=BEGINS_WITH[at]) if 0 <= at < len(BEGINS_WITH) else self

    def ticked(self) -> "Shift":
        """With the tick for staying taken or given, where there may be one."""
        return replace(self, stays=not self.stays) if self.may_stay else self


class ShiftPanel(Panel):
    """The lines of a shift about to begin, as many as the width needs."""

    shift: Shift | None = None
    says: str = ""
    told: frozenset[int] = frozenset()
    """The numbers of the announcements that stand here whole."""

    def tell(self, shift: Shift, says: str = "") -> None:
        """Show these values; `says` is a refusal."""
        self.shift, self.says = shift, says
        self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        self.rows = () if self.shift is None else tuple(self._made(self.shift, cells))
        return super().paint(cells)

    def _made(self, shift: Shift, cells: int) -> list[Row]:
        who = f"{shift.actor.number} {label(shift.actor.role)}"
        rows: list[Row] = [Heading(shift.actor.name, who), Gap()]
        if shift.actor.until is not None:
            rows += [Words(((_standing_in(shift.actor.until), "strong"),)), Gap()]
        if self.says:
            rows += [Text(self.says, "warn"), Gap()]
        names = [pick(one.name_zh, one.name_en) for one in shift.found.teams]
        at = next((n for n, one in enumerate(shift.found.teams) if one.code == shift.group), -1)
        if names:
            rows += _choice(_("Group"), names, at, 1 if shift.choosable else 0, cells)
        states = [label(one) for one in BEGINS_WITH]
        first = len(shift.choosable) + 1
        rows += _choice(_("State"), states, BEGINS_WITH.index(shift.state), first, cells)
        rows += [Words(_stay(shift)), Gap(), *_lies_there(shift.found)]
        return [*rows, *self._announced(shift.found.announced, cells, self._count(rows, cells))]

    def _count(self, rows: Sequence[Row], cells: int) -> int:
        """How many lines they take."""
        return sum(len(wrap(one.text, cells)) if isinstance(one, Text) else 1 for one in rows)

    def _announced(self, found: Sequence[Announcement], cells: int, above: int) -> list[Row]:
        """As many as there is room for, whole; `told` are those."""
        self.told = frozenset()
        if not found:
            return []
        room = self.app.size.height - AROUND - above - 2
        shown: list[Announcement] = []
        for one in found[:SHOWN]:
            more = len(found) > len(shown) + 1
            if self._count([Text(each.words) for each in (*shown, one)], cells) + more > room:
                break
            shown.append(one)
        self.told = frozenset(one.number for one in shown)
        rows: list[Row] = [Gap(), Heading(_("Announcements"), str(len(found)))]
        rows += [Text(one.words, "strong") for one in shown]
        if len(found) > len(shown):
            rows.append(Words(((_("{count} more at the desk: F10", count=len(found) - len(shown)), "soft"),)))
        return rows


def _standing_in(until: datetime) -> str:
    last = (until - timedelta(seconds=1)).astimezone(LOCAL).date()
    return _("You stand in for this role through {day}.", day=last.isoformat())


LEAD = 16
"""Cells of the labels: as wide as the longest in either language, with a blank."""


def _label(text: str) -> Piece:
    return (pad(text, LEAD), "dim")


def _choice(title: str, names: Sequence[str], chosen: int, first: int, cells: int) -> list[Row]:
    """Names beside each other with their digits from `first` on (0: none), the chosen one ticked."""
    lines: list[list[Piece]] = [[_label(title)]]
    for n, name in enumerate(names):
        mark = " ✓" if n == chosen and first else ""
        pieces: list[Piece] = [(f" {name}{mark}   ", "strong" if n == chosen else "text")]
        if first:
            pieces.insert(0, (f" {first + n} ", "digit.hot" if n == chosen else "digit"))
        if measure([*lines[-1], *pieces]) > cells and len(lines[-1]) > 1:
            lines.append([_label("")])
        lines[-1] += pieces
    return [Words(tuple(pieces)) for pieces in lines]


def _stay(shift: Shift) -> tuple[Piece, ...]:
    """One line: the tick, or why there is none."""
    lead = _label(_("Stay signed in"))
    if shift.training:
        return (lead, (f" {_('A training store keeps nobody signed in')}", "dim"))
    if shift.keyring is None:
        return (lead, (f" {_('Looking for a keyring')}", "dim"))
    if not shift.may_stay:
        return (lead, (f" {speak(REASONS[shift.keyring])}", "warn"))
    words = _("on this machine, {days} days", days=STAY.days)
    mark = "✓" if shift.stays else "-"
    return (lead, (" Space ", "key"), (f"{mark} {words}", "strong" if shift.stays else "text"))


def _lies_there(found: Arrival) -> list[Row]:
    """What the last shift left; nothing is said in one line too."""
    parts = [
        (found.offered, _("Packed for you by the last shift: accept them by F10 9")),
        (found.handed, _("Handed to the group")),
        (found.held, _("Yours from before")),
        (found.promised, _("Promised for today")),
    ]
    rows: list[Row] = [Words(((f"{count:>4} ", "strong"), (text, "text"))) for count, text in parts if count]
    rows = rows or [Words(((_("Nothing was handed over"), "soft"),))]
    return rows


SHOWN = 3
"""Announcements that are read out whole, where there is room; how many more there are is said."""

AROUND = 8
"""Lines around the panel: header, status line, edges."""
