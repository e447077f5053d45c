"""What the events of a case say of its rows, folded one event after the other (`verify_rows` compares)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import RowMapping

from bdesk.models.kinds import ApprovalState, DeliveryState, PromiseState, RefundState, ShiftState, TaskState
from bdesk.models.tables.remedies import RETURN_EVENTS
from bdesk.models.views.journal import Event
from bdesk.rules.promises import NAME

_SENT: Mapping[str, tuple[DeliveryState, RefundState]] = {
    "effect.released": (DeliveryState.RELEASED, RefundState.RELEASED),
    "effect.processing": (DeliveryState.RELEASED, RefundState.RELEASED),
    "effect.unknown": (DeliveryState.UNKNOWN, RefundState.UNKNOWN),
    "effect.accepted": (DeliveryState.ACCEPTED, RefundState.ACCEPTED),
    "effect.failed": (DeliveryState.FAILED, RefundState.FAILED),
}


@dataclass(slots=True)
class Told:
    """What the events of a case say of one row: the columns, and the event that spoke last."""

    event: Event
    columns: dict[str, object]

    def now(self, event: Event, **columns: object) -> None:
        self.event = event
        self.columns |= columns


@dataclass(slots=True)
class Story:
    """What the events of a case say of its rows, by the key that they name."""

    events: Sequence[Event]
    gone: frozenset[int]
    refunds: dict[object, Told] = field(default_factory=dict)
    outbox: dict[object, Told] = field(default_factory=dict)
    approvals: dict[object, Told] = field(default_factory=dict)
    decisions: dict[object, Told] = field(default_factory=dict)
    answers: dict[object, Told] = field(default_factory=dict)
    letters: dict[object, Told] = field(default_factory=dict)
    paid: dict[object, Told] = field(default_factory=dict)
    promises: dict[object, Told] = field(default_factory=dict)
    returns: dict[object, Told] = field(default_factory=dict)
    delays: dict[object, Told] = field(default_factory=dict)
    swaps: dict[object, Told] = field(default_factory=dict)
    given: dict[object, Told] = field(default_factory=dict)
    tasks: dict[object, Told] = field(default_factory=dict)
    shifts: dict[object, Told] = field(default_factory=dict)
    handovers: dict[object, Told] = field(default_factory=dict)

    def read(self) -> None:
        for event in self.events:
            teller = _TELLERS.get(event.kind)
            if teller is not None:
                teller(self, event)

    def void(self, event: Event) -> bool:
        return event.id in self.gone


def _held(story: Story, event: Event) -> None:
    state = RefundState.RECALLED if story.void(event) else RefundState.HELD
    story.refunds[event.payload["refund"]] = Told(
        event, {"amount_fen": event.payload["amount_fen"], "state": state}
    )
    if "paid_fen" in event.payload:
        paid = {"amount_fen": event.payload["paid_fen"], "as_of": event.payload["as_of"]}
        story.paid[event.payload["payment"]] = Told(event, paid)


def _written(story: Story, event: Event) -> None:
    columns = {"letter": event.payload["letter"], "text_id": event.payload["text"]}
    columns |= {name: event.payload[name] for name in ("salted_target",) if name in event.payload}
    story.letters[event.payload["notification"]] = Told(event, columns)


def _sent(story: Story, event: Event) -> None:
    delivery, of_refund = _SENT[event.kind]
    row = event.payload["outbox"]
    told = story.outbox.setdefault(row, Told(event, {}))
    told.now(event, state=delivery, key=event.payload["key"])
    if "refund" in event.payload:
        told.columns["refund"] = event.payload["refund"]
    refund = story.refunds.get(told.columns.get("refund"))
    if refund is not None:
        refund.now(event, state=of_refund)


def _requested(story: Story, event: Event) -> None:
    state = ApprovalState.WITHDRAWN if story.void(event) else ApprovalState.REQUESTED
    told = {name: event.payload[name] for name in ("action", "amount_fen")}
    columns = {**told, "requested_by": event.actor, "state": state, "decided_by": None}
    story.approvals[event.payload["approval"]] = Told(event, columns)


def _decided(story: Story, event: Event) -> None:
    told = story.approvals.get(event.payload["approval"])
    if told is None or story.void(event):
        return
    if event.kind == "approval.withdrawn":
        told.now(event, state=ApprovalState.WITHDRAWN)
        return
    told.now(event, state=ApprovalState(str(event.payload["state"])), decided_by=event.actor)
    if event.payload.get("why") == "age":
        told.columns["decided_by"] = None  # nobody did: the sweep let it lapse


def _decision(story: Story, event: Event) -> None:
    columns: dict[str, object] = {"by": event.actor, "voided": story.void(event)}
    columns |= {name: event.payload[name] for name in ("outcome", "amount_fen") if name in event.payload}
    story.decisions[event.payload["decision"]] = Told(event, columns)


def _answer(story: Story, event: Event) -> None:
    columns = {name: event.payload[name] for name in ("step", "option")}
    columns |= {"by": event.actor, "voided": story.void(event)}
    story.answers[event.payload["answer"]] = Told(event, columns)


def _woken(story: Story, event: Event) -> None:
    """A closing whose effect failed stands no more (`operations.settling`)."""
    taken_out = event.payload.get("answers")
    for number in taken_out if isinstance(taken_out, list) and not story.void(event) else ():
        if number in story.answers:
            story.answers[number].now(event, voided=True)


_PROMISED: Mapping[str, PromiseState] = {
    "promise.kept": PromiseState.KEPT,
    "promise.broken": PromiseState.BROKEN,
    "promise.cancelled": PromiseState.CANCELLED,
}


def _promised(story: Story, event: Event) -> None:
    if event.kind == "promise.carried" and story.void(event):
        return
    state = PromiseState.CANCELLED if story.void(event) else PromiseState.OPEN
    name = {key: event.payload[key] for key in (*NAME, "topic") if key in event.payload}
    story.promises[event.payload["promise"]] = Told(event, {"state": state, **name})


def _promise_went(story: Story, event: Event) -> None:
    """Kept, broken or taken back; one that was done late stays broken."""
    told = story.promises.get(event.payload["promise"])
    if told is not None and not story.void(event) and not event.payload.get("late"):
        told.now(event, state=_PROMISED[event.kind])


def _merged(story: Story, event: Event) -> None:
    """Promises go on in the case that this one was merged into."""
    moved = event.payload.get("promises")
    for number in moved if isinstance(moved, list) and not story.void(event) else ():
        story.promises.pop(number, None)


def _return(story: Story, event: Event) -> None:
    """Goods that come back: an approval taken back leaves no row, a later step what was before it."""
    if story.void(event):
        return
    number = event.payload["return"]
    told = story.returns.setdefault(number, Told(event, {}))
    columns = event.payload["set"]
    told.now(event, **(columns if isinstance(columns, Mapping) else {}))


def _delayed(story: Story, event: Event) -> None:
    told = {"cause": event.payload["why"], "source": event.payload["source"]}
    story.delays[event.payload["delay"]] = Told(event, {**told, "voided": story.void(event)})


def _swapped(story: Story, event: Event) -> None:
    told = {name: event.payload[name] for name in ("sku", "quantity", "diff_fen")}
    state = RefundState.RECALLED if story.void(event) else RefundState.HELD
    columns = {"item_id": event.payload["item"], **told, "state": state}
    story.swaps[event.payload["substitution"]] = Told(event, columns)


def _given(story: Story, event: Event) -> None:
    """Compensation, the newest word on its row: one that came to nothing may be given anew."""
    state = RefundState.RECALLED if story.void(event) else RefundState.HELD
    told = {"amount_fen": event.payload["amount_fen"], "delay_key": event.payload["delay"], "state": state}
    story.given[event.payload["compensation"]] = Told(event, told)


def _asked(story: Story, event: Event) -> None:
    state = TaskState.CANCELLED if story.void(event) else TaskState.OPEN
    told = {"department": event.payload["to"], "what": event.payload["what"], "state": state}
    story.tasks[event.payload["task"]] = Told(event, {**told, "finding": None, "finding_on": None})


def _answered(story: Story, event: Event) -> None:
    told = story.tasks.get(event.payload["task"])
    if told is not None:
        finding, on = event.payload.get("finding"), event.payload.get("on")
        told.now(event, state=TaskState.ANSWERED, finding=finding, finding_on=on, answered_by=event.actor)


def _asked_no_more(story: Story, event: Event) -> None:
    numbers = event.payload["tasks"]
    for number in numbers if isinstance(numbers, list) and not story.void(event) else ():
        if number in story.tasks:
            story.tasks[number].now(event, state=TaskState.CANCELLED)


_SHIFTED: Mapping[str, ShiftState] = {
    "case.handed_over": ShiftState.ACCEPTED,
    "shift.declined": ShiftState.DECLINED,
    "shift.taken_back": ShiftState.TAKEN_BACK,
    "shift.dropped": ShiftState.DROPPED,
}


def _packed(story: Story, event: Event) -> None:
    """Packed for the next shift: who by, for whom, and with which words."""
    said = event.payload
    columns = {"handover_id": said["handover"], "text_id": said.get("text")}
    columns |= {"state": ShiftState.OFFERED, "decided_by": None}
    story.shifts[said["item"]] = Told(event, columns)
    whom = {"receiver": said.get("receiver"), "group_code": said.get("group"), "until": said["until"]}
    story.handovers[said["handover"]] = Told(event, {"packed_by": event.actor, **whom})


def _shifted(story: Story, event: Event) -> None:
    story.shifts[event.payload["item"]].now(event, state=_SHIFTED[event.kind], decided_by=event.actor)


_TELLERS: Mapping[str, Callable[[Story, Event], None]] = {
    "refund.held": _held,
    "letter.written": _written,
    **dict.fromkeys(_SENT, _sent),
    "approval.requested": _requested,
    "approval.decided": _decided,
    "approval.lapsed": _decided,
    "approval.withdrawn": _decided,
    "decision.made": _decision,
    "step.answered": _answer,
    "case.woken": _woken,
    "promise.made": _promised,
    "promise.carried": _promised,
    **dict.fromkeys(_PROMISED, _promise_went),
    "case.merged": _merged,
    **dict.fromkeys(RETURN_EVENTS, _return),
    "delay.recorded": _delayed,
    "substitution.held": _swapped,
    "compensation.held": _given,
    "task.opened": _asked,
    "task.answered": _answered,
    "task.closed": _asked_no_more,
    "shift.offered": _packed,
    **dict.fromkeys(_SHIFTED, _shifted),
}


def remedies(story: Story, outbox: Sequence[RowMapping]) -> None:
    """What became of compensation and substitutes, from what their rows of the outbox came to."""
    for row in sorted(outbox, key=lambda one: int(one["id"])):
        sent = story.outbox.get(row["id"])
        for name, told in (("compensation", story.given), ("substitution", story.swaps)):
            one = told.get(row["params"].get(name))
            if one is None or one.columns["state"] is RefundState.RECALLED:
                continue
            ends = {DeliveryState.ACCEPTED: RefundState.ACCEPTED, DeliveryState.FAILED: RefundState.FAILED}
            delivery = None if sent is None else sent.columns["state"]
            one.columns["state"] = next(
                (state for end, state in ends.items() if end is delivery), RefundState.HELD
            )
