"""Taking an act back: what undo and recall share.

Every event that made rows has a reverser here; columns of the case come back from `before`.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import update
from sqlmodel import col, select

from bdesk.data.unit import Unit
from bdesk.models.kinds import ApprovalState, DeliveryState, OrderStatus, PromiseState, RefundState, TaskState
from bdesk.models.tables import (
    Approval,
    Case,
    CaseText,
    Compensation,
    Decision,
    Evidence,
    Notification,
    Order,
    Payment,
    Promise,
    Refund,
    StepAnswer,
    Task,
)
from bdesk.models.views.journal import Event
from bdesk.operations.change import put_back

Reverser = Callable[[Unit, Case, Mapping[str, object]], None]


def reverse(unit: Unit, case: Case, events: Sequence[Event]) -> None:
    """Take back the rows and columns of these events, the newest first."""
    for event in sorted(events, key=lambda one: one.id, reverse=True):
        reverser = REVERSERS.get(event.kind)
        if reverser is not None:
            reverser(unit, case, event.payload)
        before = event.payload.get("before")
        if isinstance(before, Mapping):
            put_back(case, before)


def _answer(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(StepAnswer, payload["answer"])
    if row is not None:
        row.voided = True


def _text(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(CaseText, payload["text"])
    if row is not None:
        row.voided = True


def _decision(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(Decision, payload["decision"])
    if row is not None:
        row.voided = True


def _task(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(Task, payload["task"])
    if row is not None:
        row.state = TaskState.CANCELLED


def _approval(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(Approval, payload["approval"])
    if row is not None and row.state is ApprovalState.REQUESTED:
        row.state = ApprovalState.WITHDRAWN


def _promise(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(Promise, payload["promise"])
    if row is not None:
        row.state = PromiseState.CANCELLED


def _judged(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(Evidence, payload["evidence"])
    if row is not None:
        was = payload.get("was")
        row.clear = was if isinstance(was, bool) else None


def _letter(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.get(Notification, payload["notification"])
    if row is not None:
        row.state = DeliveryState.RECALLED


def _refund(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.scalars(select(Refund).where(Refund.refund_no == payload["refund"])).one()
    row.state = RefundState.RECALLED
    give_back(unit, row)


def give_back(unit: Unit, refund: Refund) -> None:
    """Free what a refund held on its payment."""
    unit.session.flush()
    unit.session.execute(
        update(Payment)
        .where(col(Payment.id) == refund.payment_id)
        .values(held_fen=Payment.held_fen - refund.amount_fen, version=Payment.version + 1)
    )
    unit.session.expire_all()


def _order(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    row = unit.session.scalars(select(Order).where(Order.order_no == payload["order"])).one()
    row.status = OrderStatus(str(payload["was"]))


def _compensation(unit: Unit, case: Case, payload: Mapping[str, object]) -> None:
    rows = unit.session.scalars(
        select(Compensation).where(
            Compensation.order_id == case.order_id,
            Compensation.delay_key == payload["delay"],
            Compensation.state == RefundState.HELD,
        )
    )
    for row in rows:
        row.state = RefundState.RECALLED


REVERSERS: dict[str, Reverser] = {
    "step.answered": _answer,
    "note.added": _text,
    "decision.made": _decision,
    "task.opened": _task,
    "approval.requested": _approval,
    "promise.made": _promise,
    "evidence.judged": _judged,
    "letter.written": _letter,
    "refund.held": _refund,
    "order.refunding": _order,
    "order.cancelled": _order,
    "compensation.held": _compensation,
}
