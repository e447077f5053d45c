"""Taking an act back: what undo and recall share.

Every event that made rows has a reverser here; columns of the case come back from `before`, unless
something that stays has changed them since.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlmodel import SQLModel, col, func, select, update

from bdesk.data.journal import events as events_of
from bdesk.data.journal import voided
from bdesk.data.unit import Unit
from bdesk.models.kinds import (
    REFUND_LIVE,
    ApprovalState,
    CaseFlag,
    DeliveryState,
    OrderStatus,
    PromiseState,
    RefundState,
    Stream,
    TaskState,
)
from bdesk.models.tables import (
    Approval,
    Case,
    CaseLink,
    CaseText,
    Compensation,
    Contact,
    Decision,
    Evidence,
    GoodsReturn,
    Notification,
    Order,
    OrderDelay,
    OrderItem,
    Payment,
    Promise,
    Refund,
    RefundItem,
    StepAnswer,
    Substitution,
    Task,
)
from bdesk.models.tables.remedies import RETURN_EVENTS
from bdesk.models.views.journal import Event
from bdesk.operations.answering import replace_items
from bdesk.operations.change import FRESH, NOT_ASIDE, Act, put_back, restored, row_id
from bdesk.operations.flags import take_flag
from bdesk.operations.orders import settle_status
from bdesk.operations.stock import give_back_stock
from bdesk.rules.promises import named_by

NEVER = frozenset({"verification.checked", "case.opened_beside", "wallet.frozen", "coached.taken_off"})
"""Never taken back: a check that was made, a case that somebody else may work by now, a wallet made safe, and
risk's word on who tells its owner what to do: noting it again is the way back."""

Payload = Mapping[str, object]
Reverser = Callable[[Unit, Case, Payload], Case | None]
"""Takes back the rows of one event; gives back another case whose clocks it moved."""

KEPT = frozenset({"verification.checked"})
"""What stays as it is when its answer goes: a check was made, and nothing lifts a lock (B0.4)."""

IN_HANDS = frozenset({"owner_id", "claimed_at", *NOT_ASIDE})
"""Columns of whoever holds a case: they change hands together."""

T = TypeVar("T", bound=SQLModel)


def reverse(unit: Unit, case: Case, events: Sequence[Event], stream: Sequence[Event]) -> list[Case]:
    """Take back the rows and columns of these events, the newest first; `stream` is all of the case's.

    Returns other cases that were touched, whose clocks must be folded too.
    """
    touched: list[Case] = []
    stays = _changed_since(events, stream)
    # Whoever got the case since has it as they got it, not as it was before it was claimed.
    held = stays.get("owner_id", 0) if case.owner_id is not None else 0
    # An order's status follows from its refunds, so it comes after them.
    for event in sorted(events, key=lambda one: (one.kind.startswith("order."), -one.id)):
        if event.kind in KEPT:
            continue
        reverser = REVERSERS.get(event.kind)
        other = reverser(unit, case, event.payload) if reverser is not None else None
        if other is not None:
            touched.append(other)
        before = event.payload.get("before")
        if isinstance(before, Mapping):
            back = {name: value for name, value in before.items() if stays.get(name, 0) < event.id}
            put_back(case, back if held < event.id else _not_in_hands(back))
    return touched


def _not_in_hands(back: Payload) -> Payload:
    """What comes back of a case that somebody else holds by now."""
    kept = {name: value for name, value in back.items() if name not in IN_HANDS}
    if kept.get("state") in FRESH:
        del kept["state"]
    return kept


def _changed_since(events: Sequence[Event], stream: Sequence[Event]) -> dict[str, int]:
    """Columns of the case by the newest event that changed them and is not taken back."""
    taken = {event.id for event in events} | voided(stream)
    newest: dict[str, int] = {}
    for event in stream:
        before = event.payload.get("before")
        if event.id not in taken and isinstance(before, Mapping):
            newest.update(dict.fromkeys((str(name) for name in before), event.id))
    return newest


def _row(unit: Unit, kind: type[T], key: object) -> T | None:
    return unit.session.get(kind, key) if isinstance(key, int) else None


def _answer(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, StepAnswer, payload["answer"])
    if row is not None:
        row.voided = True


def _items(unit: Unit, case: Case, payload: Payload) -> None:
    was = payload.get("was")
    pairs = was if isinstance(was, list) else []
    replace_items(Act(unit, case), {int(item): int(pieces) for item, pieces in pairs})


def _text(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, CaseText, payload.get("text"))
    if row is not None:
        row.voided = True


def _decision(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Decision, payload["decision"])
    if row is not None:
        row.voided = True


def _task(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Task, payload["task"])
    if row is not None and row.state is TaskState.OPEN:
        row.state = TaskState.CANCELLED


def _approval(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Approval, payload["approval"])
    if row is not None and row.state is ApprovalState.REQUESTED:
        row.state = ApprovalState.WITHDRAWN


def _granted(unit: Unit, case: Case, payload: Payload) -> None:
    """What somebody granted alone goes with the act that granted it; another's decision stands."""
    row = _row(unit, Approval, payload["approval"])
    if row is not None and row.decided_by == row.requested_by:
        row.state, row.decided_by, row.decided_at = ApprovalState.WITHDRAWN, None, None


def _approval_again(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Approval, payload["approval"])
    if row is not None and row.state is ApprovalState.WITHDRAWN:
        row.state = ApprovalState.REQUESTED


def _promise(unit: Unit, case: Case, payload: Payload) -> None:
    _text(unit, case, payload)
    row = _row(unit, Promise, payload["promise"])
    if row is not None:
        row.state = PromiseState.CANCELLED


def _promise_again(unit: Unit, case: Case, payload: Payload) -> None:
    """What was done about a promise is taken back: it is owed as before. One that was broken stays so."""
    row = _row(unit, Promise, payload["promise"])
    if row is not None and row.state is not PromiseState.BROKEN:
        row.state = PromiseState.OPEN


def _kept(unit: Unit, case: Case, payload: Payload) -> None:
    _text(unit, case, payload)
    _promise_again(unit, case, payload)


def _judged(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Evidence, payload["evidence"])
    if row is not None:
        was = payload.get("was")
        row.clear = was if isinstance(was, bool) else None


def _letter(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Notification, payload["notification"])
    if row is not None:
        row.state = DeliveryState.RECALLED


def _refund(unit: Unit, case: Case, payload: Payload) -> None:
    row = unit.session.scalars(select(Refund).where(Refund.refund_no == payload["refund"])).one()
    row.state = RefundState.RECALLED
    give_back(unit, row)


def give_back(unit: Unit, refund: Refund) -> None:
    """Free what a refund held on its payment."""
    unit.session.flush()
    unit.session.exec(
        update(Payment)
        .where(col(Payment.id) == refund.payment_id)
        .values(held_fen=Payment.held_fen - refund.amount_fen, version=Payment.version + 1)
    )
    unit.session.expire_all()


def _order(unit: Unit, case: Case, payload: Payload) -> None:
    order = unit.session.scalars(select(Order).where(Order.order_no == payload["order"])).one()
    if order.id is not None:
        settle_status(unit.session, order.id, OrderStatus(str(payload["was"])))


def _cancelled(unit: Unit, case: Case, payload: Payload) -> None:
    order = unit.session.scalars(select(Order).where(Order.order_no == payload["order"])).one()
    _on_again(unit, payload)
    order.status = OrderStatus(str(payload["was"]))
    _order(unit, case, payload)


def _items_cancelled(unit: Unit, case: Case, payload: Payload) -> None:
    """The pieces are on the order again. Where another case cancelled the rest of it since, only that rest
    stays cancelled; what the shop itself cancelled it knows of."""
    order = unit.session.scalars(select(Order).where(Order.order_no == payload["order"])).one()
    whole = order.status is OrderStatus.CANCELLED and "was" in payload and _all_cancelled(unit, order)
    _on_again(unit, payload)
    if whole:
        order.status = OrderStatus(str(payload["was"]))
        _order(unit, case, payload)


def _all_cancelled(unit: Unit, order: Order) -> bool:
    """Whether the desk took every piece off the order that did not go back."""
    back = dict(
        unit.session.exec(
            select(RefundItem.item_id, func.sum(RefundItem.quantity))
            .join(Refund, col(Refund.id) == col(RefundItem.refund_id))
            .where(Refund.order_id == order.id, col(Refund.state).in_(REFUND_LIVE))
            .group_by(col(RefundItem.item_id))
        ).all()
    )
    items = unit.session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))
    return all(max(one.cancelled, back.get(row_id(one), 0)) >= one.quantity for one in items)


def _on_again(unit: Unit, payload: Payload) -> None:
    items = payload.get("items")
    for item, pieces in items if isinstance(items, list) else []:
        row = _row(unit, OrderItem, item)
        if row is not None:
            row.cancelled -= pieces


def _compensation(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Compensation, payload["compensation"])
    if row is not None and row.state is RefundState.HELD:
        row.state = RefundState.RECALLED


def _delay(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, OrderDelay, payload["delay"])
    if row is not None:
        row.voided = True


def _substitution(unit: Unit, case: Case, payload: Payload) -> None:
    row = _row(unit, Substitution, payload["substitution"])
    if row is not None and row.state is RefundState.HELD:
        row.state = RefundState.RECALLED
        give_back_stock(unit, row)


def _merged(unit: Unit, case: Case, payload: Payload) -> Case | None:
    """Contacts come back, the link goes, and the other case forgets what it was told."""
    _text(unit, case, payload)
    target, told, contacts = payload["target"], payload["told"], payload["contacts"]
    if not isinstance(target, int) or not isinstance(contacts, list):
        return None
    for contact in unit.session.scalars(select(Contact).where(col(Contact.id).in_(contacts))):
        contact.case_id = case.id
    moved = payload.get("promises")
    ids = moved if isinstance(moved, list) else []
    stream = events_of(unit.session, Stream.CASE, row_id(case))
    for promise in unit.session.scalars(select(Promise).where(col(Promise.id).in_(ids))):
        promise.case_id = row_id(case)
        # Its clock is again the one that it had here.
        for name, value in (named_by(stream, voided(stream), promise.id) or {}).items():
            setattr(promise, name, value)
    link = _row(unit, CaseLink, payload["link"])
    if link is not None:
        unit.session.delete(link)
    other = unit.case(target)
    unit.on_case(other, "undone", {"of": told})
    return other


def _return(unit: Unit, case: Case, payload: Payload) -> None:
    """The goods that come back are as they were before; an approval taken back was none."""
    row = _row(unit, GoodsReturn, payload["return"])
    if row is None:
        return
    if payload.get("made"):
        unit.session.delete(row)
        unit.session.flush()
        return
    was = payload.get("was")
    for name, value in was.items() if isinstance(was, Mapping) else ():
        setattr(row, name, restored(GoodsReturn, name, value))
    text = _row(unit, CaseText, payload.get("text"))
    if text is not None:
        text.voided, row.detail = True, ""


def _tasks_again(unit: Unit, case: Case, payload: Payload) -> None:
    """What was closed without an answer is asked again."""
    tasks = payload["tasks"]
    for number in tasks if isinstance(tasks, list) else []:
        row = _row(unit, Task, number)
        if row is not None and row.state is TaskState.CANCELLED:
            row.state = TaskState.OPEN


def _flagged(unit: Unit, case: Case, payload: Payload) -> None:
    take_flag(unit, row_id(case), CaseFlag(str(payload["flag"])))


def _contests(unit: Unit, case: Case, payload: Payload) -> None:
    link = _row(unit, CaseLink, payload["link"])
    if link is not None:
        unit.session.delete(link)
        unit.session.flush()


def _review(unit: Unit, case: Case, payload: Payload) -> None:
    contact = _row(unit, Contact, payload["contact"])
    if contact is not None:
        unit.session.delete(contact)
    _text(unit, case, payload)


REVERSERS: dict[str, Reverser] = {
    "step.answered": _answer,
    "case.items": _items,
    "case.merged": _merged,
    "case.migrated": _text,
    "case.converted": _text,
    "case.raised": _text,
    "case.reopened": _text,
    "case.priority": _text,
    "case.handed_off": _text,
    "case.reassigned": _text,
    "case.taken_over": _text,
    "note.added": _text,
    "decision.made": _decision,
    "task.opened": _task,
    "approval.requested": _approval,
    "approval.withdrawn": _approval_again,
    "approval.decided": _granted,
    "promise.made": _promise,
    "promise.kept": _kept,
    "promise.cancelled": _promise_again,
    "clock.extended": _text,
    "message.settled": _text,
    "evidence.judged": _judged,
    "letter.written": _letter,
    "refund.held": _refund,
    "order.refunding": _order,
    "order.cancelled": _cancelled,
    "order.items_cancelled": _items_cancelled,
    "compensation.held": _compensation,
    "delay.recorded": _delay,
    "substitution.held": _substitution,
    "case.described": _text,
    "account.entered": _text,
    "case.flagged": _flagged,
    "task.closed": _tasks_again,
    "case.contests": _contests,
    "appeal.admitted": _text,
    "customer.review_requested": _review,
    "review.answered": _text,
    "appeal.outside": _text,
    **dict.fromkeys(RETURN_EVENTS, _return),
}
