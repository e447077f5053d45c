"""Effects on the case itself: rejecting, closing, converting, handing off, raising, another cycle."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, RejectCode, VerificationLevel
from bdesk.models.tables import Decision, Group
from bdesk.operations.answering import withdraw_requests
from bdesk.operations.change import NOT_ASIDE
from bdesk.operations.clocks import answer_events, attach_event, end_clocks, fulfil_event, opening_clocks
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.letters import survey
from bdesk.operations.effects.limits import must_be_within
from bdesk.operations.promises import settle_at_closing
from bdesk.operations.raising import WHOLE_CASE, convert_event, raise_event
from bdesk.rules import appeals
from bdesk.rules.cases import can_close, spoken_to
from bdesk.rules.clock.track import UNTOLD
from bdesk.rules.walk.model import ClockVerb

REVIEW = "refund_review"
"""The clock of an application for money; one for goods has that of the whole matter."""


def reject(call: EffectCall) -> None:
    """Keep the rejection: code, rule, reason, next step (B0.8). `fraud` is a supervisor's alone (B0.7)."""
    code = RejectCode(call.text("code"))
    if code is RejectCode.FRAUD:
        must_be_within(call, "reject_fraud", 0)
    row = decision_row(call, CaseOutcome.REJECTED)
    row.reject_code = code
    row.rule_ref = call.text("rule") or None
    call.act.unit.session.flush()
    call.act.add(
        "decision.made",
        {
            "decision": row.id,
            "outcome": CaseOutcome.REJECTED.value,
            "code": code.value,
            "until": call.text("until"),
        },
        outcome=CaseOutcome.REJECTED,
        reject_code=code,
    )


def decide(call: EffectCall, outcome: CaseOutcome, amount_fen: int | None) -> None:
    """Keep an approval to refund as a decision of its own."""
    row = decision_row(call, outcome)
    row.amount_fen = amount_fen
    call.act.unit.session.flush()
    call.act.add(
        "decision.made",
        {"decision": row.id, "outcome": outcome.value, "amount_fen": amount_fen},
        outcome=outcome,
    )


def decision_row(call: EffectCall, outcome: CaseOutcome) -> Decision:
    """A decision of the answer at hand, not told by an event yet."""
    row = Decision(
        case_id=call.act.case_id,
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
    """Close with an outcome, by the one rule "can close" (other_desks.md), and ask how it was.

    Raises NotAllowed(the first reason) while the customer was not told or a result is unknown, and
    ("appeal.touched") for an appeal that ends, by who had a hand in what it contests, as anything but the
    result that somebody else gave it. `survey` is a letter that the closing sends by itself: recalled with
    it, and no reason to refuse it.
    """
    outcome = CaseOutcome(call.text("outcome"))
    act = call.act
    if appeals.touched(call.stand.snapshot) and not appeals.decided_as(call.stand.snapshot, outcome):
        raise NotAllowed("appeal.touched", case_no=act.case.case_no)
    # What the answer meets is met before the closing ends the rest; so is what waits for a person's word,
    # where the outcome is told in a call that still runs.
    if outcome.value not in UNTOLD and spoken_to(call.stand.snapshot):
        answer_events(act, call.ctx)
    for planned in call.planned.clocks:
        if planned.move.verb is ClockVerb.FULFIL:
            fulfil_event(act, call.ctx, planned.move.kind)
    # Clocks and promises are settled right below, on what this act has done so far. A held effect may still
    # be recalled, and takes this closing with it.
    settled = {"close.clock_running", "close.effect_held", "close.promise_open"}
    if any(event.kind == "letter.written" for event in act.events):
        settled.add("close.not_told")
    reasons = [reason for reason in can_close(call.stand.snapshot, outcome) if reason not in settled]
    if reasons:
        raise NotAllowed(reasons[0], case_no=act.case.case_no)
    settle_at_closing(act, call.ctx, outcome)
    end_clocks(act, call.ctx, outcome)
    withdraw_requests(act, call.ctx)
    act.add(
        "case.closed",
        {"outcome": outcome.value},
        state=CaseState.CLOSED,
        outcome=outcome,
        open=False,
        closed_at=call.now,
        closed_by=call.ctx.actor.id,
        columns=NOT_ASIDE,
    )
    if code := call.text("survey"):
        survey(call, code)


def convert(call: EffectCall) -> None:
    convert_event(call.act, call.ctx, CaseKind(call.text("kind")), call.text("subtype") or None)


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
    call.act.add(
        "case.handed_off", payload, group_id=group.id, owner_id=None, claimed_at=None, columns=NOT_ASIDE
    )


def raise_to(call: EffectCall) -> None:
    """A higher level decides; its own clock starts beside the customer's."""
    reason = call.text("reason") or call.planned.option
    raise_event(call.act, call.ctx, call.text("to", "supervisor"), reason)


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
    """The next cycle with its own review clock (RF12); cycle 1 stays as it was (SLA.md, reopen).

    Raises NotAllowed("reapply.none_left") once the application was made again as often as it may be.
    """
    case = call.act.case
    most = call.stand.adopted.limits.numbers["reapply_max"]
    if call.stand.snapshot.history.reapplications >= most:
        raise NotAllowed("reapply.none_left", case_no=case.case_no, most=most)
    next_cycle(call, {"why": "reapply"})
    opens = opening_clocks(case, call.ctx.book.procedure_for(case.kind))
    clock = REVIEW if REVIEW in opens else WHOLE_CASE
    attach_event(call.act, call.ctx, clock, params=opens.get(clock))


def next_cycle(call: EffectCall, said: Mapping[str, object]) -> None:
    """The walk goes on in the next cycle of its case, whether that was closed meanwhile or not."""
    number = call.act.case.cycle + 1
    # Whoever is on the line goes on with it; after a closing it may be anybody.
    level = call.act.case.verified_level if call.act.case.open else VerificationLevel.V0
    call.act.add(
        "case.reopened",
        {"cycle": number, **said},
        cycle=number,
        verified_level=level,
        state=CaseState.IN_PROGRESS,
        outcome=None,
        reject_code=None,
        open=True,
        closed_at=None,
        closed_by=None,
    )
