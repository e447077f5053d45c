"""What a deed would do to the due times of a case: worked out by doing it, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from bdesk.models.clock_kinds import Drives
from bdesk.operations.change import Act
from bdesk.operations.clocks import living_clocks
from bdesk.operations.context import Context
from bdesk.rules.clock import Reading


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A clock that is due at another time, starts (`was` None) or ends (`becomes` None). `late`: it would be
    overdue then, and is not now."""

    clock: str
    was: datetime | None
    becomes: datetime | None
    late: bool = False


def desk_clocks(act: Act, ctx: Context) -> tuple[Reading, ...]:
    """The clocks of ours that run or stand paused, by kind and start."""
    found = (one for one in living_clocks(act, ctx) if one.drives is Drives.DESK)
    return tuple(sorted(found, key=lambda one: (one.kind, one.start_at, one.number)))


def differences(before: Sequence[Reading], after: Sequence[Reading]) -> tuple[ClockChange, ...]:
    """What is due at another time, begins or ends, between two looks at `desk_clocks`."""
    found: list[ClockChange] = []
    for kind in sorted({one.kind for one in (*before, *after)}):
        pairs = zip_longest(
            (one for one in before if one.kind == kind), (one for one in after if one.kind == kind)
        )
        for old, new in pairs:
            was, becomes = (None if one is None else one.due_at for one in (old, new))
            late = _is_late(new) and not _is_late(old)
            if was != becomes:
                found.append(ClockChange(kind, was, becomes, late))
    return tuple(found)


def _is_late(one: Reading | None) -> bool:
    return one is not None and one.breached_at is not None
