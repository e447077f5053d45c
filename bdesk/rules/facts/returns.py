"""Facts about goods on their way back: number, kind, freight, waybill, receipt, inspection, what goes out
again. Source: procedures P7 AS1 to AS9; S1:7, S1:22, S1:24, S1:42, S1:44; law file L1 to L3, L10.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bdesk.models.kinds import ApprovalState, CaseKind, ReturnKind
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.cases import letters_of_cycle
from bdesk.rules.clock.count import count
from bdesk.rules.clock.kind import Target
from bdesk.rules.facts.base import FactContext, as_kept, fact
from bdesk.rules.facts.evidence import MEDIA
from bdesk.rules.facts.goods import Chosen, chosen, line_shares, paid_for_goods, parcel_of, worth_of_pieces
from bdesk.rules.facts.order import captured
from bdesk.rules.facts.parcel import signed
from bdesk.rules.facts.product import filed_at
from bdesk.rules.facts.progress import approval_of_cycle
from bdesk.rules.limits import limit_of
from bdesk.rules.returns import freight, substitute_fits
from bdesk.rules.walk.values import UNKNOWN, FactValue
from bdesk.rules.waybills import fits, looks_like

NUMBER_LETTER = "N16"

ABOUT_GOODS = frozenset({"inspection", "return_receipt", "return_exchange", "return_repair", "return_back"})
"""What the warehouse is asked about goods that came back or go out."""


def kind_of(snapshot: Snapshot) -> ReturnKind | None:
    """What the goods come back for: as it was approved, else as the customer asked."""
    if snapshot.goods_return is not None:
        return snapshot.goods_return.kind
    wanted = snapshot.case.subtype
    return ReturnKind(wanted) if wanted in set(ReturnKind) else None


def goodwill(snapshot: Snapshot) -> bool:
    """Whether a return past its window was granted in this cycle (B0.7)."""
    found = approval_of_cycle(snapshot)
    return found is not None and found.action == "goodwill_return" and found.state is ApprovalState.APPROVED


def paid_back(snapshot: Snapshot) -> bool:
    """Whether every piece that the case is about was refunded, or is being refunded, already: taken back, or
    its whole price as a part of the price, which leaves the piece with the customer."""
    goods = chosen(snapshot)
    return bool(goods) and all(
        one.item.quantity <= one.item.refunded_quantity or _price_back(snapshot, one) for one in goods
    )


def _price_back(snapshot: Snapshot, one: Chosen) -> bool:
    """Whether the money that went back for a line, beside its pieces taken back, is all these are worth."""
    order, item = snapshot.order, one.item
    if order is None or not one.quantity:
        return False
    paid = sum(payment.amount_fen for payment in captured(snapshot))
    shares = line_shares(snapshot.items, paid_for_goods(order, paid))
    share = next(part for line, part in zip(snapshot.items, shares, strict=True) if line.id == item.id)
    taken = worth_of_pieces(share, item, item.refunded_quantity)
    freight_fen = order.freight_fen if item.refunded_quantity else 0
    return item.refunded_fen - taken - freight_fen >= worth_of_pieces(share, item, one.quantity) > 0


def elsewhere(snapshot: Snapshot) -> str | None:
    """The number of another open case that waits for some of these goods to come back."""
    mine = {one.item.id for one in chosen(snapshot)}
    items = {brief.id: frozenset(brief.item_ids) for brief in snapshot.same_order}
    for other in snapshot.other_returns:
        theirs = items.get(other.case_id, frozenset())
        if not theirs or not mine.isdisjoint(theirs):
            return other.case_no
    return None


def warranty_end(context: FactContext) -> datetime | None:
    """When the first warranty of the case's goods ends, counted as a return window is; None without one."""
    ends = []
    for one in chosen(context.snapshot):
        parcel = parcel_of(context.snapshot, one.item)
        if parcel is None or parcel.signed_at is None or not one.item.warranty_days:
            return None
        length = replace(context.clock_kinds["return_window"].base, length=one.item.warranty_days)
        ends.append(count(Target(length), context.calendar, parcel.signed_at).due_at)
    return min(ends, default=None)


def in_warranty(context: FactContext) -> bool | None:
    end = warranty_end(context)
    if end is None:
        return False if signed(context.snapshot) is not None else None
    return filed_at(context.snapshot) < end


def substitute_ok(context: FactContext) -> bool:
    """Whether the shop's substitute may go out instead, within what this person may decide (B0.7)."""
    snapshot = context.snapshot
    goods = chosen(snapshot)
    if len(goods) != 1 or goods[0].item.substitute is None:
        return False
    item, other = goods[0].item, goods[0].item.substitute
    base = item.price_fen * goods[0].quantity
    return substitute_fits(
        price_fen=item.price_fen,
        other_fen=other.price_fen,
        pieces=goods[0].quantity,
        stock=other.stock,
        limit_fen=limit_of("substitute", snapshot.actor.role, (), base, context.limits),
    )


# The case


@fact("case.after_sale_no")
def _after_sale_no(context: FactContext) -> FactValue:
    return context.snapshot.case.after_sale_no


@fact("case.converted")
def _converted(context: FactContext) -> FactValue:
    return context.snapshot.converted_by > 0 and context.snapshot.case.kind is CaseKind.AFTER_SALE


@fact("letters.number_told")
def _number_told(context: FactContext) -> FactValue:
    return any(one.letter == NUMBER_LETTER for one in letters_of_cycle(context.snapshot))


@fact("evidence.hours_after_signing")
def _hours_after_signing(context: FactContext) -> FactValue:
    parcel = signed(context.snapshot)
    first = min((one.received_at for one in context.snapshot.evidence if one.kind in MEDIA), default=None)
    if parcel is None or parcel.signed_at is None or first is None:
        return None
    return max(timedelta(0), first - parcel.signed_at) // timedelta(hours=1)


@fact("limits.inspection_dispute_fen")
def _dispute(context: FactContext) -> FactValue:
    return context.limits.numbers["inspection_dispute_fen"]


@fact("limits.perishable_hours")
def _perishable_hours(context: FactContext) -> FactValue:
    return context.limits.numbers["perishable_hours"]


# Eligibility


@fact("return.kind")
def _kind(context: FactContext) -> FactValue:
    kind = kind_of(context.snapshot)
    return None if kind is None else kind.value


@fact("return.goodwill")
def _goodwill(context: FactContext) -> FactValue:
    return goodwill(context.snapshot)


@fact("return.paid_back")
def _paid_back(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else paid_back(context.snapshot)


@fact("return.elsewhere_no")
def _elsewhere_no(context: FactContext) -> FactValue:
    return elsewhere(context.snapshot)


@fact("return.freight")
def _freight(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    if snapshot.goods_return is not None:
        return snapshot.goods_return.freight.value
    return freight(snapshot.case.reason, kind_of(snapshot), in_warranty(context)).value


@fact("return.address")
def _address(context: FactContext) -> FactValue:
    return context.limits.texts.get("return_address") or None


@fact("return.send_by")
def _send_by(context: FactContext) -> FactValue:
    """The day until which the goods are to be sent: of the approval, else of one given now."""
    sent_back = context.snapshot.goods_return
    if sent_back is not None:
        return context.calendar.last_day(sent_back.send_by)
    length = context.clock_kinds["return_send"].base
    return context.calendar.last_day(count(Target(length), context.calendar, context.snapshot.now).due_at)


@fact("warranty.open")
def _warranty_open(context: FactContext) -> FactValue:
    return UNKNOWN if not chosen(context.snapshot) else in_warranty(context)


@fact("warranty.ends_on")
def _warranty_ends_on(context: FactContext) -> FactValue:
    end = warranty_end(context)
    return None if end is None else context.calendar.last_day(end)


# On its way

as_kept(
    lambda context: context.snapshot.goods_return,
    {
        "return.carrier": "carrier",
        "return.waybill": "waybill",
        "return.received_at": "received_at",
        "return.new_sku": "new_sku",
        "return.new_carrier": "new_carrier",
        "return.new_waybill": "new_waybill",
        "repair.estimate_fen": "estimate_fen",
        "repair.agreed": "estimate_agreed",
    },
)


@fact("return.approved")
def _approved(context: FactContext) -> FactValue:
    return context.snapshot.goods_return is not None


@fact("return.waybill_fits")
def _waybill_fits(context: FactContext) -> FactValue:
    """Whether the number is written as its carrier writes them; a carrier not known by sight has no form."""
    sent_back = context.snapshot.goods_return
    if sent_back is None or not sent_back.carrier or not sent_back.waybill:
        return None
    return fits(sent_back.carrier, sent_back.waybill) is not False


@fact("return.looks_like")
def _looks_like(context: FactContext) -> FactValue:
    """The one carrier that the number looks like, None when none or several do."""
    sent_back = context.snapshot.goods_return
    likely = looks_like(sent_back.waybill) if sent_back is not None and sent_back.waybill else ()
    return likely[0] if len(likely) == 1 else None


@fact("return.inspection")
def _inspection(context: FactContext) -> FactValue:
    sent_back = context.snapshot.goods_return
    if sent_back is None or sent_back.inspection is None:
        return None
    return sent_back.inspection.value


@fact("return.detail")
def _detail(context: FactContext) -> FactValue:
    sent_back = context.snapshot.goods_return
    return None if sent_back is None else (sent_back.detail or None)


@fact("return.task_answer")
def _task_answer(context: FactContext) -> FactValue:
    """What the warehouse said last about goods that came back or go out."""
    answered = [
        one for one in context.snapshot.tasks if one.what in ABOUT_GOODS and one.answered_at is not None
    ]
    newest = max(answered, key=lambda one: (one.answered_at, one.id), default=None)
    return None if newest is None else (newest.answer or None)


# What goes out again


@fact("exchange.in_stock")
def _in_stock(context: FactContext) -> FactValue:
    """Whether there is enough of the same goods; None when the shop does not say how many there are."""
    goods = chosen(context.snapshot)
    if not goods:
        return UNKNOWN
    if any(one.item.stock is None for one in goods):
        return None
    return all((one.item.stock or 0) >= one.quantity for one in goods)


@fact("exchange.substitute")
def _substitute(context: FactContext) -> FactValue:
    goods = chosen(context.snapshot)
    if len(goods) != 1 or goods[0].item.substitute is None:
        return None
    return goods[0].item.substitute.name


@fact("exchange.substitute_ok")
def _substitute_ok(context: FactContext) -> FactValue:
    return substitute_ok(context)


@fact("repair.days")
def _days(context: FactContext) -> FactValue:
    """Whole local days that the goods have been with us: by them the warranty is extended."""
    sent_back = context.snapshot.goods_return
    if sent_back is None or sent_back.received_at is None:
        return None
    today, since = (context.calendar.date_of(at) for at in (context.snapshot.now, sent_back.received_at))
    return max(0, (today - since).days)
