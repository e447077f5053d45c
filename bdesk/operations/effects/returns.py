"""Effects on goods that come back, and on what goes out again (P7). Whatever a procedure's guards say, they
ask who is verified, what may come back, and that no other case waits for the same goods.
"""

from sqlmodel import col, select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseFlag, Inspection, ReturnKind
from bdesk.models.tables import Case, CaseItem, GoodsReturn, Order
from bdesk.operations import returns
from bdesk.operations.clocks import cancel_events
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.limits import must_be_verified
from bdesk.operations.effects.payments import held_payments
from bdesk.operations.flags import put_flag
from bdesk.operations.hands import must_be_anothers
from bdesk.operations.notes import check_text
from bdesk.operations.questions import ask_once, close_questions, is_asked, open_questions
from bdesk.rules.clock import Target
from bdesk.rules.clock.count import count
from bdesk.rules.facts.goods import chosen
from bdesk.rules.facts.parcel import signed
from bdesk.rules.facts.returns import goodwill
from bdesk.rules.returns import freight, refusal


def approve(call: EffectCall) -> None:
    """The goods may come back, once in a cycle: who pays the way, and until when they are sent.

    Raises NotAllowed("limits.verification", "limits.own_matter", "refund.no_order", "return.already",
    "return.elsewhere", "return.refunded") and what `rules.returns.refusal` says.
    """
    must_be_verified(call)
    if call.stand.facts.get("customer.is_actor") is True:
        raise NotAllowed("limits.own_matter")
    act, snapshot = call.act, call.stand.snapshot
    if act.case.order_id is None:
        raise NotAllowed("refund.no_order")
    if returns.of_cycle(act) is not None:
        raise NotAllowed("return.already", case_no=act.case.case_no)
    kind = ReturnKind(call.text("kind"))
    act.unit.locked(Order, act.case.order_id)
    _must_be_free(call)
    refused = refusal(
        kind,
        snapshot.case.reason,
        signed=signed(snapshot) is not None,
        window_open=call.stand.facts.get("window.open") is True,
        excluded=call.stand.facts.get("product.excluded") is True,
        goodwill=goodwill(snapshot),
    )
    if refused is not None:
        raise NotAllowed(refused)
    book = call.ctx.book.pinned(act.unit.session, act.case)
    length = book.clock_kinds["return_send"].base
    warranty = call.stand.facts.get("warranty.open") is True
    row = GoodsReturn(
        case_id=act.case_id,
        order_id=act.case.order_id,
        cycle=act.case.cycle,
        kind=kind,
        freight=freight(snapshot.case.reason, kind, warranty),
        approved_at=call.now,
        approved_by=call.ctx.actor.number,
        send_by=count(Target(length), book.calendars[length.calendar], call.now).due_at,
    )
    returns.made(act, row)


def _must_be_free(call: EffectCall) -> None:
    """Asked under the order's lock: two cases never wait for the same goods, and what was paid back or is
    being paid back does not come back once more."""
    session, mine = call.act.unit.session, {one.item.id for one in chosen(call.stand.snapshot)}
    waiting = session.exec(
        select(Case.id, Case.case_no)
        .join(GoodsReturn, col(GoodsReturn.case_id) == col(Case.id))
        .where(
            GoodsReturn.order_id == call.act.case.order_id,
            col(GoodsReturn.finished_at).is_(None),
            col(Case.open).is_(True),
            Case.id != call.act.case_id,
        )
    ).all()
    for case_id, case_no in waiting:
        if not mine.isdisjoint(_goods_of(call, case_id) or mine):
            raise NotAllowed("return.elsewhere", case_no=case_no)
    must_not_be_paid_back(call)


def must_not_be_paid_back(call: EffectCall) -> None:
    """Raises NotAllowed("return.refunded") when every piece of the case's goods was paid back."""
    if call.stand.facts.get("return.paid_back") is True:
        raise NotAllowed("return.refunded")


def change(call: EffectCall) -> None:
    """The customer wants something else for the same goods: what was to go out for them is asked for no more,
    and the law's clock follows (P7 AS9).

    Raises NotAllowed("return.none", "return.sent_out").
    """
    row = returns.must_be_there(call.act)
    returns.must_not_be_sent(row)
    kind = ReturnKind(call.text("kind"))
    if kind is not row.kind:
        close_questions(call.act, *returns.GOES_OUT)
        returns.set_row(call.act, row, "return.changed", kind=kind, new_sku=None)
    returns.law_clock(call.act, call.ctx, row)


def sent(call: EffectCall) -> None:
    """The carrier and the number of the parcel that comes back. Raises NotAllowed("return.no_waybill")."""
    row = returns.must_be_there(call.act)
    returns.sent(call.act, call.ctx, row, call.text("carrier"), check_text(call.text("waybill"), longest=40))


def received(call: EffectCall) -> None:
    returns.received(call.act, call.ctx, returns.must_be_there(call.act))


def inspected(call: EffectCall) -> None:
    """What the warehouse found, typed in by hand. Raises NotAllowed("task.own_answer") as an answer of the
    warehouse does, whoever recorded that the goods came being who asked."""
    row = returns.must_be_there(call.act)
    asked = next((one for what in returns.LOOKED_AT for one in open_questions(call.act, what)), None)
    by = asked.asked_by if asked is not None else call.ctx.actor.number
    kinds = call.ctx.book.tasks_of(call.act.unit.session, call.act.case.tasks_version)
    must_be_anothers(call.act, call.ctx, kinds.get(returns.INSPECTION), call.text("finding"), by)
    words = call.text("detail").strip()
    detail = check_text(words, longest=200) if words else ""
    returns.inspected(call.act, call.ctx, row, Inspection(call.text("finding")), detail)


def recheck(call: EffectCall) -> None:
    """The customer disputes what was found: the warehouse looks again (P7 AS8n).

    Raises NotAllowed("return.none", "return.sent_out").
    """
    row = returns.must_be_there(call.act)
    returns.must_not_be_sent(row)
    words = call.text("text").strip()
    returns.set_row(call.act, row, "return.recheck", inspection=None, inspected_at=None)
    asked = check_text(words, longest=200) if words else ""
    ask_once(
        call.act,
        call.ctx,
        returns.INSPECTION,
        f"复检 / look again: {asked}" if asked else "复检 / look again",
    )


def again(call: EffectCall) -> None:
    """Something else came: the right goods are awaited from now, and the law's days begin with them (E43).

    Raises NotAllowed("return.none", "return.sent_out").
    """
    act = call.act
    row = returns.must_be_there(act)
    returns.must_not_be_sent(row)
    book = call.ctx.book.pinned(act.unit.session, act.case)
    length = book.clock_kinds["return_send"].base
    returns.set_row(
        act,
        row,
        "return.again",
        carrier=None,
        waybill=None,
        sent_at=None,
        received_at=None,
        inspection=None,
        inspected_at=None,
        send_by=count(Target(length), book.calendars[length.calendar], call.now).due_at,
    )
    cancel_events(act, call.ctx, "metric_dropped", (returns.LAW,))


def substitute(call: EffectCall) -> None:
    """Other goods go out in an exchange, worth no less; what they are worth more is the shop's (E44).

    Raises NotAllowed("return.none", "return.sent_out", "return.no_substitute").
    """
    row = returns.must_be_there(call.act)
    returns.must_not_be_sent(row)
    goods = chosen(call.stand.snapshot)
    if call.stand.facts.get("exchange.substitute_ok") is not True or goods[0].item.substitute is None:
        raise NotAllowed("return.no_substitute")
    returns.set_row(call.act, row, "return.substituted", new_sku=goods[0].item.substitute.sku)


def estimate(call: EffectCall) -> None:
    """What a paid repair would cost; nothing is repaired before the customer agrees."""
    row = returns.must_be_there(call.act)
    returns.must_not_be_sent(row)
    returns.set_row(call.act, row, "return.estimated", estimate_fen=call.fen(), estimate_agreed=None)


def agreed(call: EffectCall) -> None:
    """The customer's own answer to the estimate. Raises NotAllowed("return.no_estimate") without one."""
    row = returns.must_be_there(call.act)
    if row.estimate_fen is None:
        raise NotAllowed("return.no_estimate")
    returns.set_row(call.act, row, "return.agreed", estimate_agreed=call.params.get("agreed") is True)


def ask(call: EffectCall) -> None:
    """Ask the warehouse for what goes out: new goods, a repair, or the goods as they came. What it was asked
    for before goes out no more.

    Raises NotAllowed("return.none", "return.sent_out", "return.not_here" before the goods are here,
    "return.not_inspected" for new goods before somebody looked at what came, "return.refunded" for new goods
    in place of some that were paid back, "return.not_agreed" for a paid repair without the customer's yes).
    """
    row = returns.must_be_there(call.act)
    returns.must_not_be_sent(row)
    what = f"return_{call.text('what')}"
    if row.received_at is None:
        raise NotAllowed("return.not_here")
    if what == returns.PARCEL:
        _must_be_inspected(row)
        held_payments(call, row.order_id)
        must_not_be_paid_back(call)
    free = call.stand.facts.get("warranty.open") is True and row.estimate_fen is None
    if what == returns.REPAIR and not free and row.estimate_agreed is not True:
        raise NotAllowed("return.not_agreed")
    close_questions(call.act, *(one for one in returns.GOES_OUT if one != what))
    ask_once(call.act, call.ctx, what, _question(call, row, what))


def _must_be_inspected(row: GoodsReturn) -> None:
    """Whatever walk led here, nobody gets new goods for goods that nobody looked at (P7, AS8); what is found
    opens money, so where it is much it takes a second pair of hands (docs/decisions/0016)."""
    if row.inspection is None:
        raise NotAllowed("return.not_inspected")


def _question(call: EffectCall, row: GoodsReturn, what: str) -> str:
    goods = "、".join(f"{one.item.sku} x{one.quantity}" for one in chosen(call.stand.snapshot))
    words = {
        returns.PARCEL: f"发换新商品并回复单号 / send new goods, answer the waybill: {row.new_sku or goods}",
        returns.REPAIR: f"维修后寄回并回复单号 / repair, send, answer the waybill: {goods}",
        returns.BACK: f"原物寄回 / send it back as it came: {goods}",
    }
    return words[what]


def reshipped(call: EffectCall) -> None:
    """New or repaired goods left. Raises NotAllowed("return.none", "return.sent_out", "return.not_inspected",
    "return.refunded")."""
    row = returns.must_be_there(call.act)
    if row.kind is not ReturnKind.REPAIR:
        _must_be_inspected(row)
        must_not_be_paid_back(call)
    returns.reshipped(call.act, row, call.text("carrier"), check_text(call.text("waybill"), longest=40))


def finished(call: EffectCall) -> None:
    """Nothing of this return is waited for any more."""
    row = returns.of_cycle(call.act)
    if row is not None and row.finished_at is None:
        returns.set_row(call.act, row, "return.finished", finished_at=call.now)
        close_questions(call.act, returns.RECEIPT, returns.INSPECTION)


def data_gap(call: EffectCall) -> None:
    """The order should hold the buyer's confirmation of an exclusion and does not: the case is flagged, and
    who keeps the orders is asked. The customer's return does not wait for it (law file L1; S4)."""
    if put_flag(call.act.unit, call.act.case_id, CaseFlag.DATA_GAP):
        call.act.add("case.flagged", {"flag": CaseFlag.DATA_GAP.value})
    question = "下单时没有不支持无理由退货的确认记录，请补查 / no confirmation at ordering: look"
    ask_once(call.act, call.ctx, returns.DATA_GAP, question)


def must_not_be_exchanged(call: EffectCall) -> None:
    """No money for goods in whose place new ones go out or went out in this cycle (P7 AS9), or in another
    case since this one was received. A second charge is no money for goods.

    Raises NotAllowed("return.exchanged").
    """
    row = returns.of_cycle(call.act)
    if row is not None and row.kind is ReturnKind.EXCHANGE and row.new_sent_at is not None:
        raise NotAllowed("return.exchanged", waybill=row.new_waybill or "")
    if call.text("extent") == "excess":
        return
    if row is not None and row.new_sent_at is None and is_asked(call.act, call.act.case_id, returns.PARCEL):
        raise NotAllowed("return.exchanged", waybill="")
    mine = {one.item.id for one in chosen(call.stand.snapshot)}
    for other, case in _other_exchanges(call):
        since = other.new_sent_at
        received = row.received_at if row is not None else None
        if since is not None and received is not None and received > since:
            continue  # what came back are the new goods
        under_way = case.open and other.finished_at is None
        if since is None and not (under_way and is_asked(call.act, other.case_id, returns.PARCEL)):
            continue
        if since is not None and not under_way and call.act.case.received_at > since:
            continue  # the new goods are a matter of their own
        if not mine.isdisjoint(_goods_of(call, other.case_id) or mine):
            raise NotAllowed("return.exchanged", waybill=other.new_waybill or "")


def _other_exchanges(call: EffectCall) -> list[tuple[GoodsReturn, Case]]:
    case, session = call.act.case, call.act.unit.session
    found = session.exec(
        select(GoodsReturn, Case)
        .join(Case, col(Case.id) == col(GoodsReturn.case_id))
        .where(
            GoodsReturn.order_id == case.order_id,
            GoodsReturn.kind == ReturnKind.EXCHANGE,
            GoodsReturn.case_id != case.id,
        )
        .order_by(col(GoodsReturn.id))
    )
    return list(found)


def _goods_of(call: EffectCall, case_id: int | None) -> set[int]:
    """The lines that a case is about; none where it is about the whole order."""
    return set(call.act.unit.session.scalars(select(CaseItem.item_id).where(CaseItem.case_id == case_id)))


def describe(call: EffectCall) -> None:
    """What is wrong in the customer's words: it stands for the description of the application (AS2)."""
    row, digest = call.act.unit.text(call.act.case, "description", check_text(call.text("text"), longest=400))
    call.act.add("case.described", {"text": row.id, "digest": digest})
