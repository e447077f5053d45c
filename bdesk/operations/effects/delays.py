"""Why something was not shipped: stored before any remedy is offered (S0:22; P2, SD6)."""

from datetime import date, datetime, timedelta

from bdesk.clock import midnight, to_iso
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import DelayCause
from bdesk.models.tables import OrderDelay
from bdesk.operations.answering import set_items
from bdesk.operations.change import row_id
from bdesk.operations.effects.call import EffectCall
from bdesk.rules.facts.goods import all_chosen
from bdesk.rules.facts.lateness import waiting


def record_delay(call: EffectCall) -> None:
    """Keep cause, source and new date; a newer one takes the place of an older one.

    Where only some of the goods wait, the case is about those from now on: the rest of a split order is
    neither compensated nor cancelled. Raises NotAllowed("refund.no_order", "delay.nothing_waits") and
    BadInput("delay.eta_past", "delay.no_eta").
    """
    snapshot, order_id = call.stand.snapshot, call.act.case.order_id
    if order_id is None:
        raise NotAllowed("refund.no_order")
    found = waiting(snapshot, call.stand.adopted.limits.numbers)
    if not found:
        raise NotAllowed("delay.nothing_waits")
    eta = _end_of(call.params.get("eta"))
    if eta <= call.now:
        raise BadInput("delay.eta_past", eta=eta)
    row = OrderDelay(
        order_id=order_id,
        case_id=call.act.case_id,
        cause=DelayCause(call.text("cause")),
        eta=eta,
        source=call.text("source"),
        by=call.ctx.actor.number,
        at=call.now,
    )
    call.act.unit.session.add(row)
    call.act.unit.session.flush()
    call.act.add(
        "delay.recorded",
        {"delay": row_id(row), "why": row.cause.value, "source": row.source, "eta": to_iso(eta)},
    )
    waits = {one.item.id: one.pieces for one in found}
    if all_chosen(snapshot) and waits != {item.id: item.quantity for item in snapshot.items}:
        set_items(call.act, waits)


def _end_of(eta: object) -> datetime:
    """The end of a local day: what is promised for a day may still happen on it."""
    if not isinstance(eta, date):
        raise BadInput("delay.no_eta")
    return midnight(eta + timedelta(days=1))
