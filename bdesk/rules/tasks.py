"""What other departments may be asked, and what an answer must say. The table itself is content
(`bdesk/data/book/task_names.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import TaskState
from bdesk.models.views.snapshot import Snapshot, TaskView
from bdesk.rules.cases import cycle_start
from bdesk.rules.walk.values import Facts, Text

QUESTION = "question"
"""What a task is that somebody asks in words of their own."""


class Needs(StrEnum):
    """Whether an answer comes to a finding."""

    MUST = "must"
    MAY = "may"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class TaskKind:
    """One thing a department may be asked. `to`: codes of departments, the usual one first; `findings`: the
    codes an answer may come to, of which `dated` name a day and `opens_money` let money or goods go out;
    `due_hours`: for an answer, where nobody says otherwise; `fact`: the middle of its facts' names; `stops`:
    for whom a clock may stand while this department owes the answer."""

    what: str
    fact: str
    label: Text
    to: tuple[str, ...]
    due_hours: int
    needs: Needs = Needs.NEVER
    findings: Mapping[str, Text] = field(default_factory=dict)
    dated: frozenset[str] = frozenset()
    opens_money: frozenset[str] = frozenset()
    stops: Mapping[str, PauseReason] = field(default_factory=dict)


_STAKES = ("order.refundable_fen", "payments.excess_fen", "wallet_tx.amount_fen")

TaskKinds = Mapping[str, TaskKind]
"""By what."""


def fits(kind: TaskKind | None, finding: str | None, on: date | None) -> bool:
    """Whether an answer says neither less nor more than its question takes; a task of a code that the book no
    longer has takes words alone."""
    if kind is None:
        return finding is None and on is None
    if finding is None:
        return kind.needs is not Needs.MUST and on is None
    return finding in kind.findings and (on is not None) == (finding in kind.dated)


def at_stake(facts: Facts) -> int:
    """What may come to be paid on a case, in fen: what it proposes, else the most that its payments hold."""
    proposed = facts.get("refund.proposed_fen")
    if isinstance(proposed, int) and proposed > 0:
        return proposed
    known = (facts.get(name) for name in _STAKES)
    return max((one for one in known if isinstance(one, int)), default=0)


def newest(snapshot: Snapshot, what: str) -> TaskView | None:
    """The task of this code asked last in this cycle; one that was cancelled is none."""
    since = cycle_start(snapshot)
    asked = [
        one
        for one in snapshot.tasks
        if one.what == what and one.state is not TaskState.CANCELLED and one.asked_at >= since
    ]
    return max(asked, key=lambda one: (one.asked_at, one.id), default=None)


def is_overdue(task: TaskView, snapshot: Snapshot) -> bool:
    """Whether a department still owes an answer that was due."""
    return task.state is TaskState.OPEN and task.due_at is not None and task.due_at <= snapshot.now
