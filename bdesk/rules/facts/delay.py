"""Facts about what was not shipped: its promise, the cause, what may be offered. Source: S0:18-23; P2."""

from datetime import timedelta

from bdesk.clock import LOCAL
from bdesk.models.kinds import DelayCause, Department, Role, SellerType, TaskState
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules import limits
from bdesk.rules.facts import lateness as delay
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import items_text
from bdesk.rules.facts.lateness import Waiting
from bdesk.rules.facts.parcel import worst
from bdesk.rules.facts.swaps import swap
from bdesk.rules.tasks import newest
from bdesk.rules.walk.values import UNKNOWN, FactValue

OUT = "out_of_stock"
SHIPPING_TASK = "warehouse_check"
"""The task that asks warehouse or merchant when something is shipped, and why it was not."""

_SHORT = timedelta(hours=24)
_LONG = timedelta(hours=72)
"""Lateness from which more is suggested (law file 8)."""


def _waiting(context: FactContext) -> tuple[Waiting, ...]:
    return delay.waiting(context.snapshot, context.limits.numbers)


def _late(context: FactContext) -> tuple[Waiting, ...]:
    return delay.late(context.snapshot, context.limits.numbers)


def late_by(context: FactContext) -> timedelta:
    """How long the promise has been broken; nothing while it is kept."""
    found = _late(context)
    return context.snapshot.now - found[0].due_at if found else timedelta(0)


@fact("delay.awaits_payment")
def _awaits_payment(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else delay.awaits_payment(context.snapshot)


@fact("delay.pending")
def _pending(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else bool(_waiting(context))


@fact("delay.overdue")
def _overdue(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else bool(_late(context))


@fact("delay.due_at")
def _due_at(context: FactContext) -> FactValue:
    return min((one.due_at for one in _waiting(context)), default=None)


@fact("delay.minutes_late")
def _minutes_late(context: FactContext) -> FactValue:
    late = late_by(context)
    # What is late by seconds is late: it must not read as if the promise held.
    return max(1, late // timedelta(minutes=1)) if _late(context) else 0


@fact("delay.days_late")
def _days_late(context: FactContext) -> FactValue:
    return late_by(context) // timedelta(days=1)


@fact("delay.items_text")
def _items_text(context: FactContext) -> FactValue:
    found = _late(context) or _waiting(context)
    return items_text((one.item.name, one.pieces) for one in found) or None


@fact("delay.base_fen")
def _base(context: FactContext) -> FactValue:
    return sum(one.price_fen for one in _late(context))


@fact("delay.fake_shipment")
def _fake(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return delay.fake_parcels(context.snapshot, context.limits.numbers)


@fact("delay.stock_short")
def _stock_short(context: FactContext) -> FactValue:
    known = [one for one in _waiting(context) if one.item.stock is not None]
    return any((one.item.stock or 0) < one.pieces for one in known)


# The cause


@fact("delay.cause")
def _cause(context: FactContext) -> FactValue:
    stored = delay.cause_now(context.snapshot)
    return None if stored is None else stored.cause.value


@fact("delay.source")
def _source(context: FactContext) -> FactValue:
    stored = delay.cause_now(context.snapshot)
    return None if stored is None or stored.source not in SOURCES else stored.source


@fact("delay.eta")
def _eta(context: FactContext) -> FactValue:
    stored = delay.cause_now(context.snapshot)
    if stored is None or stored.eta is None:
        return None
    # The promise is kept until the end of its day.
    return (stored.eta - timedelta.resolution).astimezone(LOCAL).date()


@fact("delay.promise_at")
def _promise_at(context: FactContext) -> FactValue:
    """The date that was told last, else the shop's own; a whole day from now when both have passed."""
    now = context.snapshot.now
    stored = delay.cause_now(context.snapshot)
    due = min((one.due_at for one in _waiting(context)), default=now)
    told = stored.eta if stored is not None else None
    return told or (due if due > now else now + timedelta(days=1))


SOURCES = ("warehouse", "merchant", "stock", "courier", "shop")


@fact("delay.suggested_cause")
def _suggested_cause(context: FactContext) -> FactValue:
    found = _suggested(context)
    return None if found is None else found.value


@fact("delay.suggested_source")
def _suggested_source(context: FactContext) -> FactValue:
    if delay.fake_parcels(context.snapshot, context.limits.numbers):
        return "courier"
    if _said_by_shop(context.snapshot) is not None:
        return "shop"
    task = newest(context.snapshot, SHIPPING_TASK)
    if task is not None and task.state is TaskState.ANSWERED:
        return "merchant" if task.department is Department.MERCHANT else "warehouse"
    return "stock" if _suggested(context) is DelayCause.OUT_OF_STOCK else None


@fact("delay.suggested_eta")
def _suggested_eta(context: FactContext) -> FactValue:
    task, today = newest(context.snapshot, SHIPPING_TASK), context.calendar.date_of(context.snapshot.now)
    if task is not None and task.finding_on is not None and task.finding_on >= today:
        return task.finding_on
    order = context.snapshot.order
    told = order.delay_eta if order is not None else None
    return told.astimezone(LOCAL).date() if told is not None and told > context.snapshot.now else None


def _suggested(context: FactContext) -> DelayCause | None:
    """What the department's answer or the shop's own rows say of the cause; an agent confirms it."""
    if delay.fake_parcels(context.snapshot, context.limits.numbers):
        return DelayCause.FAKE_SHIPMENT
    task = newest(context.snapshot, SHIPPING_TASK)
    if task is not None and task.finding == OUT:
        return DelayCause.OUT_OF_STOCK
    said = _said_by_shop(context.snapshot)
    if said is not None:
        return said
    return DelayCause.OUT_OF_STOCK if _stock_short(context) is True else None


def _said_by_shop(snapshot: Snapshot) -> DelayCause | None:
    said = snapshot.order.delay_cause if snapshot.order is not None else None
    return next((cause for cause in DelayCause if cause.value == said), None)


@fact("delay.ask_whom")
def _ask_whom(context: FactContext) -> FactValue:
    order = context.snapshot.order
    if order is None:
        return UNKNOWN
    return "merchant" if order.seller_type is SellerType.THIRD_PARTY else "warehouse"


# What may be given


@fact("compensation.booked")
def _booked(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return delay.compensated(context.snapshot, context.limits.numbers)


@fact("compensation.given_fen")
def _given(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else delay.given_fen(context.snapshot)


@fact("compensation.excluded")
def _excluded(context: FactContext) -> FactValue:
    stored = delay.cause_now(context.snapshot)
    return stored is not None and stored.cause in delay.NOT_OURS


@fact("delay.remedies")
def _remedies(context: FactContext) -> FactValue:
    """What may be offered beside cancelling: nothing that was given already, or is not in stock."""
    paid = _excluded(context) is not True and _booked(context) is False
    other = _available(context) is True
    return "all" if paid and other else "compensation" if paid else "substitute" if other else "waiting"


@fact("compensation.suggested_fen")
def _suggested_fen(context: FactContext) -> FactValue:
    """What is usual for so long a delay, within what the person at the desk may still decide."""
    return min(_usual_fen(context), _limit_fen(context))


@fact("limits.compensation_fen")
def _compensation_limit(context: FactContext) -> FactValue:
    return _limit_fen(context)


@fact("limits.delay_alert_days")
def _alert_days(context: FactContext) -> FactValue:
    return context.limits.numbers["delay_alert_days"]


@fact("limits.stuck_days")
def _stuck_days(context: FactContext) -> FactValue:
    return context.limits.numbers["stuck_days"]


def _limit_fen(context: FactContext) -> int:
    """What the person may decide alone, less what the order was given already (B0.7)."""
    base = sum(one.price_fen for one in _late(context))
    ceiling = _ceiling(context, context.snapshot.actor.role, base)
    return max(0, ceiling - delay.given_fen(context.snapshot))


def _usual_fen(context: FactContext) -> int:
    base = sum(one.price_fen for one in _late(context))
    row = limits.row_of("compensation", context.limits)
    cell = row.cells.get(Role.AGENT)
    short = cell.ceiling.floor_fen if cell is not None and cell.ceiling is not None else None
    if late_by(context) < _SHORT and short is not None:
        return short if base else 0
    role = Role.SUPERVISOR if late_by(context) > _LONG else Role.AGENT
    return _ceiling(context, role, base)


def _ceiling(context: FactContext, role: Role, base_fen: int) -> int:
    """A role's ceiling for goods of this price; who has none is bounded by the price itself."""
    if not base_fen:
        return 0
    found = limits.limit_of("compensation", role, (), base_fen, context.limits)
    return base_fen if found is None else found


# Goods in their place


@fact("substitute.available")
def _available(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return swap(context.snapshot, context.limits.numbers) is not None


@fact("substitute.name")
def _name(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    return None if found is None else found.other.name


@fact("substitute.instead_of")
def _instead_of(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    return None if found is None else items_text([(found.item.name, found.pieces)])


@fact("substitute.stock")
def _stock(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    return None if found is None else found.other.stock


@fact("substitute.price")
def _price(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    if found is None:
        return None
    return "same" if found.diff_fen == 0 else "dearer" if found.diff_fen > 0 else "cheaper"


@fact("substitute.diff_fen")
def _diff(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    return 0 if found is None else abs(found.diff_fen)


@fact("substitute.back_fen")
def _back(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    return 0 if found is None else found.back_fen


@fact("substitute.within_limit")
def _within(context: FactContext) -> FactValue:
    found = swap(context.snapshot, context.limits.numbers)
    if found is None:
        return False
    role = context.snapshot.actor.role
    ceiling = limits.limit_of("substitute", role, (), found.base_fen, context.limits)
    return ceiling is None or abs(found.diff_fen) <= ceiling


# The parcel, once there is one


@fact("parcel.shipped_on")
def _shipped_on(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = worst(context.snapshot)
    sent = parcel.shipped_at if parcel is not None else None
    return None if sent is None else context.calendar.date_of(sent)


@fact("parcel.waybill_tail")
def _waybill_tail(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = worst(context.snapshot)
    return None if parcel is None else parcel.waybill[-4:]
