"""Levels of an appeal, and who decides at which. Source: B0.7, P5; S2:20, S2:49, S2:50.

A level is counted by the decisions that lie before it: a first appeal contests what was decided on the
matter, a second the result of the first, and from the third on it is the higher level. Nobody decides on what
they had a hand in.
"""

from typing import Final

from bdesk.models.kinds import APPEAL_RESULTS, CaseKind, CaseOutcome, ContactKind, EvidenceKind
from bdesk.models.views.snapshot import ContestedView, DecisionView, EvidenceView, Snapshot
from bdesk.rules.evidence import counting
from bdesk.rules.limits import Allowed, LimitContext, Limits, decide

FIRST: Final = 1
HIGHER: Final = 3

ACTIONS: Final = {1: "appeal_first", 2: "appeal_second", 3: "appeal_higher"}
"""The row of the approval matrix by which each level is decided."""

ADMISSION: Final = "appeal_admission"
"""Not to admit an appeal, or to admit one that is late (`row_for`)."""

OUTSIDE: Final = "appeal_higher"
"""What an outside body mediated is taken up at the higher level."""

GRANTS: Final = frozenset({CaseOutcome.UPHELD, CaseOutcome.PARTLY_UPHELD, CaseOutcome.SETTLED_OUTSIDE})
"""Results after which something may be paid."""

OBJECTION: Final = "objection"
"""The field in which a level is contested."""

NO_PROOF: Final = frozenset({EvidenceKind.ORDER_RECORD})
"""What we have ourselves proves nothing more (S2:15: the order number, and something besides)."""


def level(snapshot: Snapshot) -> int:
    """1 for a first appeal, 2 for a second, 3 for every further one."""
    return level_of(snapshot.contested)


def level_of(contested: ContestedView) -> int:
    """The same by what lies before it."""
    return min(FIRST + contested.appeals, HIGHER)


def touched(snapshot: Snapshot) -> bool:
    """Whether the acting person had a hand in what this appeal contests."""
    return snapshot.case.kind is CaseKind.APPEAL and snapshot.actor.number in snapshot.contested.touched


def row_for(action: str, limits: Limits) -> str:
    """The row of the matrix for an action of an appeal. A store whose limits are of earlier times has none
    for admissions: then as a second appeal is decided."""
    return action if action in limits.rows else ACTIONS[2]


def may(action: str, snapshot: Snapshot, limits: Limits, *, own_matter: bool) -> bool:
    """Whether the acting person decides this alone."""
    context = LimitContext(decided_before=touched(snapshot), own_matter=own_matter)
    return (
        decide(row_for(action, limits), snapshot.actor.role, 0, (), context, limits).allowed is Allowed.DECIDE
    )


CLAUSES: Final = ("late", "not_ours", "judicial", "same_facts")
"""By which an appeal may not be admitted (AP4), as the step `admit` offers them."""


def clauses(snapshot: Snapshot, in_time: bool | None) -> tuple[str, ...]:
    """The clauses that the facts do not contradict. `in_time`: None while no decision is known, and then
    nobody is late. A matter with an order or a decided case of ours is ours; what was never decided on
    appeal, or has new evidence, is not finally decided on the same facts. What a court has, nothing here
    knows."""
    contested = snapshot.contested.decided_at is not None or snapshot.order is not None
    against = {
        "late": in_time is not False,
        "not_ours": contested,
        "same_facts": level(snapshot) <= FIRST or bool(proof(snapshot)),
    }
    return tuple(code for code in CLAUSES if not against.get(code, False))


def result_of(snapshot: Snapshot) -> DecisionView | None:
    """What was decided at the present level, the newest; None while nothing was."""
    ends = APPEAL_RESULTS | {CaseOutcome.NOT_ADMITTED, CaseOutcome.SETTLED_OUTSIDE}
    mine = [one for one in snapshot.decisions if one.cycle == snapshot.case.cycle and one.outcome in ends]
    return mine[-1] if mine else None


def decided_as(snapshot: Snapshot, outcome: CaseOutcome) -> bool:
    """Whether this outcome is what was decided at the present level."""
    found = result_of(snapshot)
    return found is not None and found.outcome is outcome


def review(snapshot: Snapshot) -> str:
    """none, open or done: the newest request of this level for another look at its result (S2:20)."""
    # A level begins with what is answered by it, so a request of that very instant is the one before.
    since = snapshot.case.cycle_started_at
    reviews = (one.started_at for one in snapshot.contacts if one.kind is ContactKind.REVIEW)
    asked = [at for at in reviews if since is None or at > since]
    if not asked:
        return "none"
    answered = snapshot.review_answered_at
    return "done" if answered is not None and answered >= max(asked) else "open"


def decided_by_me(snapshot: Snapshot) -> bool:
    """Whether the acting person decided the present level."""
    found = result_of(snapshot)
    return found is not None and found.by == snapshot.actor.number


def objection(snapshot: Snapshot) -> str | None:
    """The objection with which the present level was raised in this case; nobody types it again (S2:49)."""
    before = [
        str(one.captures[OBJECTION])
        for one in snapshot.answers
        if one.cycle == snapshot.case.cycle - 1 and one.captures.get(OBJECTION)
    ]
    return before[-1] if before else None


def proof(snapshot: Snapshot) -> tuple[EvidenceView, ...]:
    """The pieces that count for this level: at a first appeal all, at a further one the new ones."""
    since = snapshot.contested.decided_at if level(snapshot) > FIRST else None
    return tuple(
        one
        for one in counting(snapshot)
        if one.kind not in NO_PROOF and (since is None or one.received_at > since)
    )
