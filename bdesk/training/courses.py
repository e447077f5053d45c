"""How cases went on after they were opened: one function per stage, each a few acts of somebody."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    Department,
    EvidenceKind,
    LinkKind,
    RejectCode,
)
from bdesk.models.tables import CaseLink
from bdesk.training import stages
from bdesk.training.ledger import SYSTEM, Work
from bdesk.training.opening import asked_of, attach
from bdesk.training.walks.outcomes import outcome_of
from bdesk.training.words.texts import Matter

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

AGENT_LIMIT_FEN = 50_000
"""Above it an agent can only propose a refund (B0.7)."""
_WAITING: dict[str, tuple[PauseReason, CaseState]] = {
    "waiting_customer": (PauseReason.CUSTOMER_MATERIAL, CaseState.WAITING_CUSTOMER),
    "in_transit": (PauseReason.COURIER, CaseState.IN_TRANSIT),
}
_REJECTS: tuple[tuple[RejectCode, str], ...] = (
    (RejectCode.PAST_DEADLINE, "S1:50"),
    (RejectCode.CONDITION, "S1:51"),
    (RejectCode.MISSING_VOUCHER, "S1:52"),
    (RejectCode.EXCLUDED_CLASS, "S1:42"),
    (RejectCode.FRAUD, "S1:53"),
    (RejectCode.NOT_PAID, "S0:23"),
    (RejectCode.NOT_OWNER, "B0.8"),
    (RejectCode.ALREADY_REFUNDED, "B0.8"),
    (RejectCode.PAST_DEADLINE, "S1:50"),
    (RejectCode.CONDITION, "S1:51"),
)
_OTHER_ENDS: tuple[CaseOutcome, ...] = (
    CaseOutcome.SOLVED,
    CaseOutcome.ANSWERED,
    CaseOutcome.SOLVED,
    CaseOutcome.FORWARDED,
    CaseOutcome.NO_CONTACT,
    CaseOutcome.SOLVED,
    CaseOutcome.HANDED_OFF,
    CaseOutcome.FOUND,
    CaseOutcome.NO_ORDER,
    CaseOutcome.CONVERTED,
)
_APPEALS: tuple[CaseOutcome, ...] = (
    CaseOutcome.NOT_UPHELD,
    CaseOutcome.UPHELD,
    CaseOutcome.NOT_UPHELD,
    CaseOutcome.PARTLY_UPHELD,
    CaseOutcome.NOT_ADMITTED,
)
_ASKED: dict[CaseKind, tuple[Department, str]] = {
    CaseKind.SHIPMENT_DELAY: (Department.WAREHOUSE, "请核实库存和预计发货时间"),
    CaseKind.PAYMENT_FAILURE: (Department.PAYMENT, "请核对渠道扣款结果"),
    CaseKind.UNFREEZE: (Department.RISK, "请复核冻结原因"),
    CaseKind.REFUND: (Department.COURIER, "请核查签收情况并提供签收底单"),
    CaseKind.AFTER_SALE: (Department.AFTER_SALE, "请确认换货库存"),
}
_LETTER_OF = {CaseOutcome.REJECTED: "rejected"}
_SOON = 0.9
"""The share of its time since the receipt by which a case that is done was answered, at the latest."""
STOPPED = frozenset(_WAITING)
"""Stages in which the clock stands, so that no chip can be chosen."""


def _new(maker: "Maker", work: Work, matter: Matter) -> None:
    """Nobody has it yet."""


def _working(maker: "Maker", work: Work, matter: Matter) -> None:
    maker.take(work, "working")


def _aside(maker: "Maker", work: Work, matter: Matter) -> None:
    maker.take(work, "aside")
    until = maker.world.now + maker.draw.span(timedelta(minutes=30), timedelta(hours=5))
    stages.aside(work, maker.moment(work, 0.4), until, maker.draw.pick(("later", "call_first")))


def _waiting(stage: str) -> "Stage":
    reason, state = _WAITING[stage]

    def run(maker: "Maker", work: Work, matter: Matter) -> None:
        maker.take(work, stage)
        if maker.world.whole and reason is PauseReason.COURIER and work.row["id"] % 3:
            # Goods on their way stop a clock only where somebody agreed to it: a third of them.
            work.act(maker.moment(work, 0.5), work.actor)
            work.add("case.state", {"to": state.value}, state=state)
            return
        clock = maker.pausable(work, reason)
        if clock is None:
            return
        work.act(maker.moment(work, 0.5), work.actor)
        if reason is PauseReason.CUSTOMER_MATERIAL:
            maker.write(work, "N4", "ask")
        stages.pause(work, clock, reason, work.at + timedelta(days=7), state)

    return run


def _waiting_internal(maker: "Maker", work: Work, matter: Matter) -> None:
    maker.take(work, "waiting_internal")
    department, question = _ASKED.get(work.row["kind"], (Department.TECHNICAL, "请协助核实"))
    stages.ask_department(work, maker.moment(work, 0.5), department, question, 24)


def _waiting_approval(maker: "Maker", work: Work, matter: Matter) -> None:
    """A refund above the agent's limit waits for a second person; anything else goes to a supervisor."""
    deal = work.deal
    dear = (
        work.row["kind"] is CaseKind.REFUND and deal is not None and deal.order["total_fen"] > AGENT_LIMIT_FEN
    )
    if not dear or deal is None or deal.refunds:
        _raised(maker, work, matter)
        return
    maker.take(work, "waiting_approval")
    at = maker.world.now - maker.draw.span(timedelta(minutes=5), timedelta(minutes=70))
    stages.ask_approval(work, at, "assess/decide", "approval", deal.order["total_fen"])
    if "approval" in maker.kinds:
        attach(work, "approval", work.at)


def _raised(maker: "Maker", work: Work, matter: Matter) -> None:
    """Above an agent's hands: raised to a supervisor, with its own decision clock."""
    maker.take(work, "raised")
    at = maker.world.now - maker.draw.span(timedelta(minutes=5), timedelta(minutes=70))
    work.act(at, work.actor)
    work.add(
        "case.raised",
        {"to": "supervisor", **work.text("raise", "超出权限, 请主管决定")[1]},
        escalated_to="supervisor",
    )
    if "escalation_decision" in maker.kinds:
        attach(work, "escalation_decision", work.at)


def _end_clocks(maker: "Maker", work: Work) -> None:
    for code in maker.left_running(asked_of(work)):
        work.add("clock.fulfilled", {"clock": code})


def _worked_until(maker: "Maker", work: Work, key: str) -> None:
    """Claimed, and answered after some hours: nine of ten in time."""
    lead = maker.lead(asked_of(work))
    length = timedelta(seconds=lead.base.amount) if lead is not None else timedelta(hours=30)
    low, high = (0.1, 0.7) if maker.draw.chance(90) else (1.05, 1.3)
    span = maker.draw.span(length * low, length * high)
    span = min(span, (maker.world.now - work.row["received_at"]) * _SOON)
    if work.row["kind"] is CaseKind.REFUND and work.deal is not None and work.deal.refunds:
        # No money went back before somebody decided that it does.
        span = min(span, work.deal.refunds[0]["committed_at"] - work.row["received_at"])
    stages.claim(work, maker.staff(key), work.row["received_at"] + span / 2)
    work.act(work.row["received_at"] + span, work.actor)


def _closed(maker: "Maker", work: Work, matter: Matter, *, comes_back: bool = False) -> None:
    _worked_until(maker, work, "closed")
    if work.row["kind"] is CaseKind.REFUND:
        outcome = _refund_decision(maker, work, comes_back)
    elif work.row["kind"] is CaseKind.APPEAL:
        outcome = _appeal_decision(maker, work)
    elif maker.world.whole:
        outcome = outcome_of(maker, work)
        if outcome is CaseOutcome.REJECTED:
            code = RejectCode.PAST_DEADLINE
            stages.decide(work, "reject/code", code.value, outcome, reject=code, rule="S1:50")
        maker.write(work, "N3" if outcome is CaseOutcome.REJECTED else "N11", _LETTER_OF.get(outcome, "done"))
    else:
        outcome = maker.next_of("outcomes", _OTHER_ENDS)
        maker.write(work, "N11", "done")
    _end_clocks(maker, work)
    stages.close(work, work.at, outcome)


def _refund_decision(maker: "Maker", work: Work, comes_back: bool) -> CaseOutcome:
    """Approved where the order was paid back, else rejected, with codes in turn; who comes back with new
    evidence was refused for want of it."""
    refunds = [one for one in (work.deal.refunds if work.deal is not None else ()) if one["case_id"] is None]
    if refunds and work.deal is not None:
        for refund in refunds:
            refund["case_id"] = work.row["id"]
        total = sum(refund["amount_fen"] for refund in refunds)
        part = total < work.deal.payments[0]["amount_fen"]
        outcome = CaseOutcome.APPROVED_PARTIAL if part else CaseOutcome.APPROVED_FULL
        option = "approve_part" if part else "approve"
        stages.decide(work, "assess/decide", option, outcome, amount_fen=total)
        maker.write(work, "N2", "approved")
        return outcome
    code, rule = (RejectCode.MISSING_VOUCHER, "S1:52") if comes_back else maker.next_of("rejects", _REJECTS)
    stages.decide(work, "reject/code", code.value, CaseOutcome.REJECTED, reject=code, rule=rule)
    maker.write(work, "N3", "rejected")
    return CaseOutcome.REJECTED


def _appeal_decision(maker: "Maker", work: Work) -> CaseOutcome:
    """Upheld, in part or not, or not admitted, in turn (training.md D4; S2:30)."""
    outcome = maker.next_of("appeals", _APPEALS)
    code = RejectCode.NOT_ADMISSIBLE if outcome is CaseOutcome.NOT_ADMITTED else None
    rule = "S2:30" if code is not None else None
    stages.decide(work, "decide", outcome.value, outcome, reject=code, rule=rule)
    maker.write(work, "N11", "done")
    return outcome


def _reopened(maker: "Maker", work: Work, matter: Matter) -> None:
    """Decided, then applied for again with new evidence: the next cycle with its own clock (RF12)."""
    _closed(maker, work, matter, comes_back=True)
    back = max(
        work.at + timedelta(hours=3),
        maker.world.now - maker.draw.span(timedelta(hours=1), timedelta(hours=20)),
    )
    work.act(back, SYSTEM)
    work.add(
        "case.reopened",
        {"cycle": 2, "why": "reapply"},
        cycle=2,
        state=CaseState.REOPENED,
        outcome=None,
        reject_code=None,
        open=True,
        closed_at=None,
        closed_by=None,
        owner_id=None,
        claimed_at=None,
    )
    for code in maker.left_running(asked_of(work)):
        if maker.kinds[code].rearm:
            attach(work, code, work.at)
    stages.evidence(work, EvidenceKind.PHOTO, work.at)


def _verifying(maker: "Maker", work: Work, matter: Matter) -> None:
    """The first check did not match; the caller is looking for the right amount."""
    maker.take(work, "verifying")
    if work.row["customer_id"] is not None:
        stages.failed_check(work, maker.moment(work, 0.9))


def _resolved(maker: "Maker", work: Work, matter: Matter) -> None:
    _worked_until(maker, work, "resolved")
    maker.write(work, "N11", "done")
    _end_clocks(maker, work)
    stages.close(work, work.at, CaseOutcome.ANSWERED, CaseState.RESOLVED)


def _withdrawn(maker: "Maker", work: Work, matter: Matter) -> None:
    _worked_until(maker, work, "withdrawn")
    stages.close(work, work.at, CaseOutcome.WITHDRAWN, CaseState.WITHDRAWN)


def _merged(maker: "Maker", work: Work, matter: Matter) -> None:
    """Into an earlier case of the same store; the contact stays on record."""
    _worked_until(maker, work, "merged")
    target = next((one for one in reversed(maker.made) if one.row["open"] and one is not work), None)
    if target is None:
        stages.close(work, work.at, CaseOutcome.ANSWERED)
        return
    for code in maker.left_running(asked_of(work)):
        work.add("clock.cancelled", {"clock": code, "reason": "merged"})
    staff = maker.world.staff[work.actor]
    if maker.world.whole:
        code = RejectCode.DUPLICATE
        stages.decide(work, "duplicate/same", "merge", CaseOutcome.MERGED, reject=code, rule="B0.3")
    said = work.add(
        "case.merged",
        {},
        state=CaseState.MERGED,
        outcome=CaseOutcome.MERGED,
        open=False,
        closed_at=work.at,
        closed_by=staff["id"],
    )
    maker.ledger.later(said.payload, "into", target.row, "case_no")
    maker.world.rows.add(CaseLink, from_id=work.row["id"], to_id=target.row["id"], kind=LinkKind.DUPLICATE)


Stage = Callable[["Maker", Work, Matter], None]

STAGES: Mapping[str, Stage] = {
    "new": _new,
    "working": _working,
    "aside": _aside,
    "waiting_customer": _waiting("waiting_customer"),
    "in_transit": _waiting("in_transit"),
    "waiting_internal": _waiting_internal,
    "waiting_approval": _waiting_approval,
    "verifying": _verifying,
    "reopened": _reopened,
    "resolved": _resolved,
    "closed": _closed,
    "merged": _merged,
    "withdrawn": _withdrawn,
}
