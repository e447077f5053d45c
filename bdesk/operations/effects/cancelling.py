"""Taking goods off an order that were not shipped (RF7a): the whole of it, or only what the case is about."""

from collections.abc import Mapping

from bdesk.errors import NotAllowed
from bdesk.models.kinds import OrderStatus, RefundReason
from bdesk.models.tables import Order, OrderItem
from bdesk.models.views.strip import Phrase
from bdesk.operations.answering import set_items
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.limits import must_be_verified
from bdesk.operations.orders import status_before
from bdesk.operations.standing import Standing
from bdesk.rules.facts.cancelling import DONE, pieces_to_cancel, takes_all, unshipped_part, why_not
from bdesk.rules.facts.goods import all_chosen, chosen
from bdesk.rules.facts.refund import difference_again
from bdesk.rules.walk.views import Planned, PlannedEffect


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """The whole order, or the goods by name."""
    if takes_all(stand.snapshot):
        return Preview(Phrase("strip.order.cancel", {}))
    return Preview(Phrase("strip.order.cancel.part", {"items": stand.facts.get("cancel.items_text")}))


def cancel(call: EffectCall) -> None:
    """Cancel the case's goods. What was cancelled before stays so, and is no reason to keep its money; with a
    difference in price that is paid again nothing is cancelled.

    Raises NotAllowed("limits.verification", "limits.own_matter"), so that nobody has a stranger's order
    cancelled or their own; ("refund.no_order"), ("order.shipped") when something left meanwhile (RF7a), and
    ("order.replaced") while a substitute is on its way.
    """
    must_be_verified(call)
    if call.stand.facts.get("customer.is_actor") is True:
        raise NotAllowed("limits.own_matter")
    snapshot, session = call.stand.snapshot, call.act.unit.session
    order = session.get(Order, call.act.case.order_id) if call.act.case.order_id is not None else None
    if order is None:
        raise NotAllowed("refund.no_order")
    refused = why_not(snapshot, call.stand.adopted.limits.numbers)
    if refused == DONE or difference_again(snapshot):
        return
    if refused is not None:
        raise NotAllowed(refused, order_no=order.order_no)
    pieces, was = pieces_to_cancel(snapshot), status_before(session, order)
    for item, count in pieces.items():
        row = session.get_one(OrderItem, item, with_for_update=True)
        row.cancelled += count
    told = {"order": order.order_no, "was": was.value, "items": _pairs(pieces)}
    if takes_all(snapshot):
        order.status = OrderStatus.CANCELLED
        call.act.add("order.cancelled", told)
        return
    call.act.add("order.items_cancelled", told)


def must_be_cancelled(call: EffectCall, reason: RefundReason | None) -> None:
    """Money for goods that were not shipped goes out only while they are not: asked with every attempt.

    Raises NotAllowed("order.shipped", "order.replaced").
    """
    order = call.stand.snapshot.order
    if order is None or reason is not RefundReason.UNSHIPPED_CANCEL:
        return
    refused = why_not(call.stand.snapshot, call.stand.adopted.limits.numbers)
    if refused not in (None, DONE):
        raise NotAllowed(refused, order_no=order.order_no)


def narrow(call: EffectCall) -> None:
    """The case is about what is late from now on: the rest of a split order is not cancelled with it."""
    snapshot = call.stand.snapshot
    wanted = unshipped_part(snapshot, call.stand.adopted.limits.numbers)
    whole = {item.id: item.quantity for item in snapshot.items}
    mine = {one.item.id: one.quantity for one in chosen(snapshot)}
    if wanted and wanted != (whole if all_chosen(snapshot) else mine):
        set_items(call.act, wanted)


def _pairs(pieces: Mapping[int, int]) -> list[list[int]]:
    return [[item, pieces[item]] for item in sorted(pieces)]
