"""Edge cases of a second person's decision: one's own request, one that lapsed, one whose facts moved, one
that was approved in vain (B0.7).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    EvidenceKind,
    RefundReason,
)
from bdesk.training import stages
from bdesk.training.edges.facts import days, hours
from bdesk.training.edges.promises import promised, taken, taken_back
from bdesk.training.ledger import SYSTEM, Work
from bdesk.training.opening import attach

if TYPE_CHECKING:
    from bdesk.training.edges.cases import Edges

_K = CaseKind
_C = Channel
_WALKED = "assess/decide"
OTHER_FACTS = "0" * 64
"""What no facts come to: a request bound to it was made on others (B0.7)."""


def make(edges: "Edges") -> None:
    """E30: a supervisor's own request. E31: one that nobody decided in a day, one whose facts moved.
    E45: approved, and then the customer wanted it no more."""
    now = edges.world.now

    def dear(code: str, about: str, ago: timedelta) -> Work:
        return edges.case(
            code, _K.REFUND, _C.REFUND_FORM, "平板屏幕有亮点，退款。", about=about,
            reason=RefundReason.QUALITY, desired="全额退款", proofs=(EvidenceKind.PHOTO,), ago=ago,
        )  # fmt: skip

    amount = edges.facts.deals["E30"].order["total_fen"]
    own = dear("E30", "E30", hours(8))
    taken(edges, own, now - hours(3), "2001")
    stages.ask_approval(own, now - hours(1), _WALKED, "approval", amount)
    attach(own, "approval", own.at)

    old = dear("E31", "E31", hours(30))
    taken(edges, old, now - hours(28))
    asked = stages.ask_approval(old, now - hours(26), _WALKED, "approval", amount)
    attach(old, "approval", old.at)
    asked.update(state=ApprovalState.LAPSED, decided_at=asked["lapses_at"])
    old.act(asked["lapses_at"], SYSTEM)
    old.add(
        "approval.lapsed",
        {"approval": asked["id"], "state": "lapsed", "why": "age"},
        state=CaseState.IN_PROGRESS,
    )
    old.add("clock.fulfilled", {"clock": "approval"})

    moved = dear("E31", "E31/moved", hours(6))
    taken(edges, moved, now - hours(4))
    bound = stages.ask_approval(moved, now - hours(1), _WALKED, "approval", amount)
    bound["facts_digest"] = OTHER_FACTS
    attach(moved, "approval", moved.at)

    gone = dear("E45", "E45", days(2))
    taken(edges, gone, now - days(2) + hours(1))
    owed = promised(gone, days(3))
    given = stages.ask_approval(gone, now - days(1.5), _WALKED, "approval", amount)
    attach(gone, "approval", gone.at)
    decided = gone.at + hours(1)
    given.update(state=ApprovalState.APPROVED, decided_by="2001", decided_at=decided)
    asker = gone.actor
    gone.act(decided, "2001")
    gone.add(
        "approval.decided",
        {"approval": given["id"], "state": "approved", "why": ""},
        state=CaseState.IN_PROGRESS,
    )
    gone.add("clock.fulfilled", {"clock": "approval"})
    gone.act(decided + hours(3), asker)
    gone.add("note.added", gone.text("note", "客户来电放弃退款, 说亮点看习惯了")[1])
    gone.add("clock.cancelled", {"clock": "refund_review", "reason": "withdrawn"})
    taken_back(gone, owed)
    stages.close(gone, gone.at, CaseOutcome.WITHDRAWN, CaseState.WITHDRAWN)
    _answered(edges, dear)


def _answered(edges: "Edges", dear: Callable[[str, str, timedelta], Work]) -> None:
    """Beside E31: a request refused, one sent back with a question, one that was taken back."""
    now = edges.world.now
    for about, state, words in (
        ("refused", ApprovalState.REFUSED, "照片看不出亮点, 请重拍"),
        ("returned", ApprovalState.RETURNED, "客户接受维修吗?"),
        ("asked_again", ApprovalState.WITHDRAWN, ""),
    ):
        work = dear("E31", about, hours(20))
        taken(edges, work, now - hours(18))
        asked = stages.ask_approval(
            work, now - hours(17), _WALKED, "approval", edges.facts.deals[about].order["total_fen"]
        )
        attach(work, "approval", work.at)
        asked["state"] = state
        if state is ApprovalState.WITHDRAWN:
            work.act(work.at + hours(1), work.actor)
            work.add("approval.withdrawn", {"approval": asked["id"]}, state=CaseState.IN_PROGRESS)
            work.add("clock.cancelled", {"clock": "approval", "reason": "withdrawn"})
            continue
        asker = work.actor
        work.act(work.at + hours(1), "2001")
        asked.update(decided_by="2001", decided_at=work.at, question=words)
        work.add(
            "approval.decided",
            {"approval": asked["id"], "state": state.value, "why": ""},
            state=CaseState.IN_PROGRESS,
        )
        work.add("clock.fulfilled", {"clock": "approval"})
        work.actor = asker
