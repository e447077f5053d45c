"""Effects that ask somebody: an approval, a task to a department, a note, a promise, an order to attach."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import col, select

from bdesk.clock import LOCAL
from bdesk.data.snapshot.others import GOODWILL
from bdesk.errors import NotAllowed
from bdesk.models.kinds import ApprovalState, CaseState, Department, Role, TaskState
from bdesk.models.tables import Approval, Customer, Order
from bdesk.operations.answering import set_items
from bdesk.operations.appealing import must_stay_about_it
from bdesk.operations.change import APPROVAL_WAITS, woken
from bdesk.operations.clocks import attach_event
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.limits import bound_digest, judged, must_be_within
from bdesk.operations.evidence import target_event
from bdesk.operations.notes import check_text
from bdesk.operations.promises import by_the_walk, keep_open, promise_event
from bdesk.operations.returns import must_not_come_back
from bdesk.operations.tasks import task_event
from bdesk.rules.cases import cycle_start
from bdesk.rules.limits import Allowed
from bdesk.text import normalise_key


def request_approval(call: EffectCall) -> None:
    """Ask a second person. The approval clock starts; the customer's clocks run on (SLA.md).

    Raises NotAllowed("approval.waiting") while a request of this case waits.
    """
    value = call.params.get("amount_fen")
    flags = call.stand.facts.get("risk.flags")
    ask_second_person(
        call,
        call.text("action", "refund"),
        value if isinstance(value, int) else None,
        flags=flags if isinstance(flags, tuple) else (),
        planned={"reject": call.text("reject")} if call.params.get("reject") else {},
    )


def ask_second_person(
    call: EffectCall,
    action: str,
    amount_fen: int | None,
    *,
    flags: tuple[str, ...] = (),
    planned: Mapping[str, object],
) -> Approval:
    """The request and its clock. Raises NotAllowed("approval.waiting") while one of this case waits."""
    session, case = call.act.unit.session, call.act.case
    waiting = session.scalars(
        select(Approval).where(Approval.case_id == case.id, Approval.state == ApprovalState.REQUESTED)
    ).first()
    if waiting is not None:
        raise NotAllowed("approval.waiting", case_no=case.case_no)
    row = _requested(call, action, amount_fen, flags, planned)
    attach_event(call.act, call.ctx, "approval")
    return row


def grant_goodwill(call: EffectCall) -> None:
    """A return past its window, by somebody who may decide it alone (B0.7). It is kept as a request that the
    same person granted, so that a second one within the year is seen; nothing is ever paid on such a row.

    Raises NotAllowed as `must_be_within` does: for another role, too late, a second time in a year.
    """
    must_be_within(call, GOODWILL, 0)
    value, flags = call.params.get("amount_fen"), call.stand.facts.get("risk.flags")
    amount = value if isinstance(value, int) else None
    row = _requested(call, GOODWILL, amount, flags if isinstance(flags, tuple) else (), {})
    row.state, row.decided_by, row.decided_at = ApprovalState.APPROVED, row.requested_by, call.now
    said = {"approval": row.id, "state": row.state.value, "why": ""}
    call.act.add("approval.decided", said, columns=woken(call.act.case, APPROVAL_WAITS))


def _requested(
    call: EffectCall,
    action: str,
    amount: int | None,
    flags: tuple[str, ...],
    planned: Mapping[str, object],
) -> Approval:
    session, case = call.act.unit.session, call.act.case
    row = Approval(
        case_id=call.act.case_id,
        cycle=case.cycle,
        step=call.planned.step,
        option=call.planned.option,
        action=action,
        amount_fen=amount,
        flags=list(flags),
        planned=dict(planned),
        facts_digest=bound_digest(call.stand, action),
        needs_role=_needs(call, action, amount or 0).value,
        reason=check_text(call.text("why")) if call.text("why").strip() else "",
        requested_by=call.ctx.actor.number,
        requested_at=call.now,
        lapses_at=call.now + timedelta(hours=call.stand.adopted.limits.approval_hours),
    )
    session.add(row)
    session.flush()
    call.act.add(
        "approval.requested",
        {"approval": row.id, "action": action, "amount_fen": amount, "needs": row.needs_role},
        state=CaseState.WAITING_APPROVAL,
    )
    return row


def _needs(call: EffectCall, action: str, amount_fen: int) -> Role:
    if action not in call.stand.adopted.limits.rows:
        return Role.SUPERVISOR
    decision = judged(call, action, amount_fen)
    if decision.allowed is Allowed.DECIDE or decision.needs_role is None:
        return Role.SUPERVISOR
    return decision.needs_role


def open_task(call: EffectCall) -> None:
    """Ask another department; due in the hours the procedure says. Raises what `task_event` raises."""
    hours = call.params.get("due_hours")
    task_event(
        call.act,
        call.ctx,
        call.text("what"),
        Department(call.text("to")),
        call.text("text"),
        int(str(hours)) if hours is not None else None,
    )


def note_target(call: EffectCall) -> None:
    """What may be shown of the target that the customer registered (RF9a)."""
    target_event(call.act, check_text(call.text("shown"), longest=120))


def add_note(call: EffectCall) -> None:
    row, digest_of = call.act.unit.text(call.act.case, "note", check_text(call.text("text")))
    call.act.add("note.added", {"text": row.id, "digest": digest_of})


def add_promise(call: EffectCall) -> None:
    """What was promised, and by when: it has a clock of its own (other_desks.md).

    Its topic is the one that is named, else the step at which it is made. One that renews takes the place of
    those that the walk made before, which are kept by telling it; what somebody promised by hand stays.
    Raises what `promise_event` raises.
    """
    if call.params.get("renews") is True:
        keep_open(call.act, call.ctx, by_the_walk())
    by = call.params.get("by")
    due = by if isinstance(by, datetime) else call.now + timedelta(hours=int(call.text("by_hours", "24")))
    words = check_text(call.text("what"), longest=200)
    topic = call.text("topic") or call.planned.step
    promise_event(call.act, call.ctx, words, due, topic=topic)


def keep_promises(call: EffectCall) -> None:
    """The customer is told what the walk promised to tell (S0:22): of the topics named, else all of it. What
    somebody promised by hand stays open."""
    keep_open(call.act, call.ctx, by_the_walk(call.text("topic").split()))


def attach_order(call: EffectCall) -> None:
    """Attach the order found by number, or by phone tail and day (RF1a).

    Raises NotAllowed("order.not_found") for none and "order.several" for more than one; "return.already"
    once the goods of the order so far may come back, "order.answered" once a department was asked what lets
    its money or goods out; "appeal.touched" when who had a hand in an appeal's order would name another,
    "appeal.decided" once it has a result.
    """
    order = _find(call)
    case = call.act.case
    if order.id == case.order_id:
        return
    if case.customer_id is not None and order.customer_id != case.customer_id:
        raise NotAllowed("order.other_customer", order_no=order.order_no)
    must_not_come_back(call.act)
    must_stay_about_it(call.act, call.ctx)
    if case.order_id is not None and _is_looked_into(call):
        raise NotAllowed("order.answered", case_no=case.case_no)
    set_items(call.act, {})
    call.act.add(
        "case.order_attached",
        {"order": order.order_no},
        order_id=order.id,
        customer_id=order.customer_id,
    )


def _is_looked_into(call: EffectCall) -> bool:
    """Whether a department owes, or gave, an answer that opens money on the order so far: it says nothing of
    another one."""
    kinds = call.ctx.book.tasks_of(call.act.unit.session, call.act.case.tasks_version)
    since = cycle_start(call.stand.snapshot)
    asked = ((one, kinds.get(one.what)) for one in call.stand.snapshot.tasks if one.asked_at >= since)
    return any(
        kind is not None
        and (bool(kind.opens_money) if one.state is TaskState.OPEN else one.finding in kind.opens_money)
        for one, kind in asked
    )


def _find(call: EffectCall) -> Order:
    session = call.act.unit.session
    if number := call.text("order_no").strip():
        order = session.scalars(select(Order).where(Order.order_no == normalise_key(number))).first()
        if order is None:
            raise NotAllowed("order.not_found", key=number)
        return order
    tail, day = normalise_key(call.text("phone_tail")), call.text("date")
    whose = select(Customer.id).where(Customer.phone_tail == tail[-4:])
    if (known := call.act.case.customer_id) is not None:
        # No word of other people's orders to somebody who named none of their numbers.
        whose = whose.where(Customer.id == known)
    customers = session.scalars(whose).all()
    orders = session.scalars(select(Order).where(col(Order.customer_id).in_(customers))).all()
    found = [one for one in orders if not day or one.placed_at.astimezone(LOCAL).date().isoformat() == day]
    if not found:
        raise NotAllowed("order.not_found", key=tail)
    if len(found) > 1:
        raise NotAllowed("order.several", count=len(found))
    return found[0]
