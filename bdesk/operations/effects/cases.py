"""Effects on the case itself: rejecting, closing, merging, converting, handing off, raising, another cycle."""

from datetime import datetime, timedelta

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, LinkKind, RejectCode
from bdesk.models.tables import Case, CaseLink, Contact, Decision, Group
from bdesk.operations.change import Act
from bdesk.operations.clocks import attach_event, cancel_events, fulfil_event, running_clocks
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.limits import must_be_within
from bdesk.operations.raising import convert_event
from bdesk.rules.cases import can_close

# Clocks that end with the case whatever its outcome: they measure the whole of it.
WHOLE_CASE = ("resolution", "first_response")


def reject(call: EffectCall) -> None:
    """Keep the rejection: code, rule, reason, next step (B0.8). `fraud` is a supervisor's alone (B0.7)."""
    code = RejectCode(call.text("code"))
    if code is RejectCode.FRAUD:
        must_be_within(call, "reject_fraud", 0)
    case = call.act.case
    row = _decision(call, CaseOutcome.REJECTED)
    row.reject_code = code
    row.rule_ref = call.text("rule") or None
    call.act.unit.session.flush()
    call.act.add(
        "decision.made",
        {"decision": row.id, "outcome": CaseOutcome.REJECTED.value, "code": code.value, "until": call.text("until")},
        outcome=CaseOutcome.REJECTED,
        reject_code=code,
    )
    assert case.id is not None


def decide(call: EffectCall, outcome: CaseOutcome, amount_fen: int | None) -> None:
    """Keep an approval to refund as a decision of its own."""
    row = _decision(call, outcome)
    row.amount_fen = amount_fen
    call.act.unit.session.flush()
    call.act.add(
        "decision.made",
        {"decision": row.id, "outcome": outcome.value, "amount_fen": amount_fen},
        outcome=outcome,
    )


def _decision(call: EffectCall, outcome: CaseOutcome) -> Decision:
    assert call.act.case.id is not None
    row = Decision(
        case_id=call.act.case.id,
        cycle=call.act.case.cycle,
        round=call.planned.round,
        step=call.planned.step,
        option=call.planned.option,
        outcome=outcome,
        by=call.ctx.actor.number,
        at=call.now,
    )
    call.act.unit.session.add(row)
    call.act.unit.session.flush()
    return row


def close(call: EffectCall) -> None:
    """Close with an outcome, by the one rule "can close" (other_desks.md).

    Raises NotAllowed(the first reason) while the customer was not told or something is still on its way.
    """
    outcome = CaseOutcome(call.text("outcome"))
    close_event(call.act, call, outcome)


def close_event(act: Act, call: EffectCall, outcome: CaseOutcome) -> None:
    """Stop what measures the whole case, ask the rule, close."""
    for clock in WHOLE_CASE:
        fulfil_event(act, call.ctx, clock)
    # Clocks are ended right below. A held effect may still be recalled, and takes this closing with it.
    settled = {"close.clock_running", "close.effect_held"}
    if any(event.kind == "letter.written" for event in act.events):
        settled.add("close.not_told")
    reasons = [reason for reason in can_close(call.stand.snapshot, outcome) if reason not in settled]
    if reasons:
        raise NotAllowed(reasons[0], case_no=act.case.case_no)
    left = [clock for clock in running_clocks(act, call.ctx) if call.ctx.book.clock_kinds[clock].drives == "desk"]
    if left:
        cancel_events(act, call.ctx, "case_closed", left)
    act.add(
        "case.closed",
        {"outcome": outcome.value},
        state=CaseState.CLOSED,
        outcome=outcome,
        open=False,
        closed_at=call.now,
        closed_by=call.ctx.actor.id,
        aside=False,
    )


def merge(call: EffectCall) -> None:
    """Into the other case: contacts move, the earliest clock stays, this one's clocks are cancelled."""
    session, case = call.act.unit.session, call.act.case
    target = session.scalars(select(Case).where(Case.case_no == call.text("into"))).first()
    if target is None or target.id is None or target.id == case.id or not target.open:
        raise NotAllowed("merge.no_target", case_no=call.text("into"))
    assert case.id is not None
    for contact in session.scalars(select(Contact).where(Contact.case_id == case.id)):
        contact.case_id = target.id
    session.add(CaseLink(from_id=case.id, to_id=target.id, kind=LinkKind.DUPLICATE))
    cancel_events(call.act, call.ctx, "merged", running_clocks(call.act, call.ctx))
    call.act.add(
        "case.merged",
        {"into": target.case_no},
        state=CaseState.MERGED,
        outcome=CaseOutcome.MERGED,
        open=False,
        closed_at=call.now,
        closed_by=call.ctx.actor.id,
    )
    other = Act(call.act.unit, call.act.unit.case(target.id))
    other.add("case.merged_in", {"from": case.case_no, "received_at": case.received_at.isoformat()})
    call.act.touched.append(other.case)


def convert(call: EffectCall) -> None:
    convert_event(call.act, call.ctx, CaseKind(call.text("kind")))


def hand_off(call: EffectCall) -> None:
    """To a group's queue: a branch that another procedure owns; the customer's clocks run on."""
    session = call.act.unit.session
    group = session.scalars(select(Group).where(Group.code == call.text("group"))).first()
    if group is None:
        raise NotAllowed("group.unknown", group=call.text("group"))
    payload: dict[str, object] = {"group": group.code}
    if note := call.text("note").strip():
        row, digest = call.act.unit.text(call.act.case, "hand_over", note)
        payload |= {"text": row.id, "digest": digest}
    call.act.add("case.handed_off", payload, group_id=group.id, owner_id=None, claimed_at=None)


def raise_to(call: EffectCall) -> None:
    """A higher level decides; its own clock starts beside the customer's."""
    row, digest = call.act.unit.text(call.act.case, "raise", call.text("reason") or call.planned.option)
    to = call.text("to", "supervisor")
    call.act.add("case.raised", {"to": to, "text": row.id, "digest": digest}, escalated_to=to)
    attach_event(call.act, call.ctx, "escalation_decision")


def put_aside(call: EffectCall) -> None:
    until = call.params.get("until")
    call.act.add(
        "case.put_aside",
        {"reason": "later"},
        aside=True,
        aside_reason="later",
        aside_until=until if isinstance(until, datetime) else call.now + timedelta(hours=1),
    )


def reapply(call: EffectCall) -> None:
    """The next cycle with its own review clock (RF12); cycle 1 stays as it was (SLA.md, reopen)."""
    case = call.act.case
    call.act.add(
        "case.reopened",
        {"cycle": case.cycle + 1, "why": "reapply"},
        cycle=case.cycle + 1,
        state=CaseState.IN_PROGRESS,
        outcome=None,
        reject_code=None,
        open=True,
        closed_at=None,
        closed_by=None,
    )
    attach_event(call.act, call.ctx, "refund_review")
