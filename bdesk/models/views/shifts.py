"""The change of shift as lists show it."""

from dataclasses import dataclass
from datetime import datetime

from bdesk.models.kinds import CaseKind
from bdesk.models.views.queue import QueueRow


@dataclass(frozen=True, slots=True)
class OfferedRow:
    """A packed case that nobody has accepted. `packed_by`, `receiver` are staff numbers, `group` (zh, en)
    who else may accept it, at once or from `until` on. `gone`: it dropped out, "closed" or "taken"; else
    empty. `words` are veiled; `promises` are owed on it, `stopped` its clocks that stand, each with whom it
    waits for and until when. `row` is the case as the queue shows it; `customer` is masked."""

    item_id: int
    case_id: int
    case_no: str
    kind: CaseKind
    customer: str
    packed_by: str
    packer: str
    receiver: str | None
    group: tuple[str, str] | None
    packed_at: datetime
    until: datetime
    gone: str
    words: str
    promises: tuple[tuple[str, datetime], ...] = ()
    stopped: tuple[tuple[str, datetime | None], ...] = ()
    row: QueueRow | None = None


@dataclass(frozen=True, slots=True)
class ShiftSummary:
    """Before handing over: how many cases are left to pack, with their promises and clocks that stand; how
    many of mine wait to be accepted, and how many wait for me. `group`: the code of my own, beside its
    name (zh, en); `cases` by id."""

    cases: frozenset[int]
    promises: int
    stopped: int
    mine: int
    for_me: int
    group: str | None
    group_name: tuple[str, str] | None
