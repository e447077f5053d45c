"""Promises of edge cases: one that runs, one kept, one broken, one that fell away with its matter
(`operations.promises`).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bdesk.clock import to_iso
from bdesk.models.kinds import CaseFlag, PromiseState
from bdesk.models.tables import CaseFlagRow, Promise
from bdesk.training import stages
from bdesk.training.edges.facts import days
from bdesk.training.fold import SWEPT_AFTER
from bdesk.training.ledger import SYSTEM, Work
from bdesk.training.opening import attach
from bdesk.training.rows import Row

if TYPE_CHECKING:
    from bdesk.training.edges.cases import Edges

PROMISE = "promise"
_SHORT = timedelta(minutes=30)


def taken(edges: "Edges", work: Work, at: datetime, number: str = "1003") -> Row:
    """Let somebody claim a case."""
    staff = edges.world.staff[number]
    stages.claim(work, staff, at)
    return staff


def make(edges: "Edges") -> None:
    """The broken one is E38's: the abuse has its reason."""
    broken = edges.found["E38"].cases[0]
    taken(edges, broken, broken.at + timedelta(minutes=3))
    row = promised(broken, timedelta(hours=1))
    broken.act(row["due_at"] + SWEPT_AFTER, SYSTEM)
    row["state"] = PromiseState.BROKEN
    broken.add("promise.broken", {"promise": row["id"]})
    edges.world.rows.add(CaseFlagRow, case_id=broken.row["id"], flag=CaseFlag.PROMISE_BROKEN)

    open_ = edges.found["E39"].cases[0]
    taken(edges, open_, open_.at + timedelta(minutes=3))
    promised(open_, days(2))

    kept = edges.found["E28"].cases[0]
    taken(edges, kept, kept.at + timedelta(minutes=3))
    row = promised(kept, _SHORT)
    kept.act(kept.at + _SHORT / 2, kept.actor)
    row["state"] = PromiseState.KEPT
    words = kept.text("promise_kept", "已回电, 仓库明天发")[1]
    kept.add("promise.kept", {"promise": row["id"], "late": False, **words})
    kept.add("clock.fulfilled", _name(kept))


def promised(work: Work, within: timedelta) -> Row:
    """The row, the event and the clock of a promise made now."""
    words = "回电告知发货时间"
    row = work.world.rows.add(
        Promise,
        case_id=work.row["id"],
        words=words,
        due_at=work.at + within,
        made_by=work.actor,
        made_at=work.at,
        **_name(work),
    )
    due = to_iso(row["due_at"])
    said = {"promise": row["id"], "due_at": due, **work.text(PROMISE, words)[1]}
    work.add("promise.made", {**said, **_name(work)})
    attach(work, PROMISE, work.at, {"by": due})
    return row


def taken_back(work: Work, row: Row) -> None:
    """Owed no more, in the act by which the matter is withdrawn."""
    row["state"] = PromiseState.CANCELLED
    work.add("promise.cancelled", {"promise": row["id"]})
    work.add("clock.cancelled", {**_name(work), "reason": "withdrawn"})


def _name(work: Work) -> dict[str, object]:
    return {"clock": PROMISE, "number": 1, "cycle": work.row["cycle"]}
