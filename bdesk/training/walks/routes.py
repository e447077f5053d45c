"""Which questions cases of each kind were led through, and with which answers, by how far they have come.

A route says what the customer or the facts said. What the walk passes by itself stands in no route, and no
route goes further than a case has come.
"""

from collections.abc import Callable, Mapping

from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, ParcelState
from bdesk.training.walks.appeals import appeal
from bdesk.training.walks.known import CHECKED, Beat, Known, Phase, Route, checked, greeted
from bdesk.training.walks.refunds import after_sale, refund

_CALL, _ACT, _END = Phase.CALL, Phase.ACT, Phase.END
_DONE = ("处理结果通知", "您好, 您反映的问题已处理完毕, 感谢您的耐心等待。")


# P2


def shipment(known: Known) -> Route:
    """Payment, then the estimate, then the cause; what is sent already is looked for with the courier."""
    yield from greeted(known)
    if known.deal is None or known.twin or known.state is CaseState.VERIFYING:
        return
    yield from checked(known)
    if not known.paid:
        if known.outcome is CaseOutcome.CONVERTED:
            yield Beat("to_payment", "go", _END)
        return
    if known.outcome in _REMEDIES:
        given = _REMEDIES[known.outcome]
        yield Beat("cause", "record", captures={"cause": "out_of_stock", "source": "warehouse"})
        yield Beat("offer", given[0])
        yield Beat(given[0], given[1], _ACT)
        yield Beat(given[2], "close", _END)
    elif known.pending or known.outcome is CaseOutcome.IN_TIME:
        yield from _not_sent(known)
    else:
        yield from _sent(known)


_REMEDIES: Mapping[CaseOutcome | None, tuple[str, str, str]] = {
    CaseOutcome.COMPENSATED: ("compensate", "coupon", "close_compensated/close"),
    CaseOutcome.SUBSTITUTED: ("substitute", "book", "close_substituted/close"),
}


def _not_sent(known: Known) -> Route:
    deal = known.deal
    assert deal is not None
    if not known.due or known.outcome is CaseOutcome.IN_TIME:
        if known.asked:
            yield Beat("not_due", "ask")
            yield Beat(
                "ask_shop", "letter", _ACT, {"whom": known.asked, "question": "请核实库存和预计发货时间"}
            )
        elif known.outcome is CaseOutcome.IN_TIME:
            yield Beat("not_due", "remind", _END)
        return
    cause = deal.order["delay_cause"]
    here = "cause" if cause is None else "offer"
    if known.asked:
        yield Beat(here, "ask")
        yield Beat("ask_shop", "letter", _ACT, {"whom": known.asked, "question": "请核实库存和预计发货时间"})
    elif known.act == "cause":
        yield Beat("cause", "record", _ACT)
    elif known.outcome is CaseOutcome.ANSWERED and cause is not None:
        yield Beat("offer", "wait")
        yield Beat("just_wait", "letter", _ACT)
        yield Beat("close_answered/close", "close", _END)


def _sent(known: Known) -> Route:
    deal = known.deal
    assert deal is not None
    signed = bool(deal.parcels) and all(one["state"] is ParcelState.SIGNED for one in deal.parcels)
    if signed and known.outcome is CaseOutcome.FOUND:
        yield Beat("delivered", "found")
        yield Beat("close_found/close", "close", _END)
    elif signed and known.outcome is CaseOutcome.ANSWERED:
        yield Beat("delivered", "letter", _ACT)
        yield Beat("close_answered/close", "close", _END)
    elif known.act == "transit":
        yield Beat("stuck", "letter", _ACT, goods=("traced",))
    elif known.outcome is CaseOutcome.ANSWERED:
        yield Beat("moving", "letter", _END)


# P3


def payment(known: Known) -> Route:
    """What the customer says of the charge, and what the channel says."""
    yield from greeted(known)
    if known.outcome is CaseOutcome.NO_ORDER:
        yield Beat("find/find", "none")
        yield Beat("find/no_order", "letter", _END)
    if known.deal is None or known.twin:
        return
    charged = known.paid > 0
    said = "twice" if known.paid > 1 else "charged" if charged else "failed"
    yield Beat("what", said, _CALL)
    if known.state is CaseState.VERIFYING:
        return
    yield from checked(known)
    if known.asked == "payment":
        if not charged:
            yield Beat("network", "charged")
        yield Beat("unsynced" if known.paid == 1 else "claimed", "reconcile", _ACT)
    elif known.outcome is CaseOutcome.WITHDRAWN and not charged:
        yield Beat("network", "withdrawn")
        yield Beat("withdraw", "close", _ACT)
        yield Beat("close_withdrawn/close", "close", _END)
    elif known.outcome is CaseOutcome.REPAY:
        yield Beat("network", "balance")
        yield Beat("pay_again", "letter", _END)


# everything else


def general(known: Known) -> Route:
    """Recorded and acknowledged, then worked in free order."""
    yield from greeted(known)
    if known.state is CaseState.VERIFYING:
        return
    if known.kind is CaseKind.COMPLAINT:
        words = "您好, 您的投诉已登记, 由被投诉的同事以外的人核实, 3个工作日内答复您处理结果。"
        yield Beat("complaint_ack", "letter", _CALL, letter=("N11", words))
    if known.act == "material":
        yield Beat("handle", "material", _ACT, {"text": "能说明情况的照片、截图或凭证"})
    elif known.closed:
        yield from _general_end(known)


def _general_end(known: Known) -> Route:
    if known.outcome is CaseOutcome.REJECTED:
        yield Beat("handle", "formal")
        yield Beat("formal", "result", _ACT, {"finding": _DONE[1]})
        return
    if known.outcome is CaseOutcome.HANDED_OFF:
        yield Beat("handle", "pass_on")
        yield Beat("elsewhere", "group")
        yield Beat("pass_on", "go", _ACT, {"group": "technical"})
        return
    if known.outcome is not CaseOutcome.NO_CONTACT:
        yield Beat("handle", "answer", _ACT, {"text": _DONE[1]})
    if known.outcome in _OF_CLOSE:
        yield Beat("handle", "close", _END)
        yield Beat("close", str(known.outcome), _END)


_OF_CLOSE = frozenset(
    {
        CaseOutcome.SOLVED,
        CaseOutcome.ANSWERED,
        CaseOutcome.FORWARDED,
        CaseOutcome.WITHDRAWN,
        CaseOutcome.NO_CONTACT,
    }
)


# P6, P13


def wallet(known: Known) -> Route:
    """Greeted; who was not verified was told so, and the wallet stays as it is. Further it does not go: level
    3 takes a code that only the system confirms, and nothing of the wallet is asked before."""
    yield from greeted(known)
    if known.kind is CaseKind.SECURITY and known.outcome is CaseOutcome.ANSWERED:
        yield Beat("seen", "noted", captures={"what_seen": "有一笔不是本人操作"})
        yield Beat("verify/factors", "refused")
        yield Beat("unverified", "watch", _ACT)
        yield Beat("close_answered/close", "close", _END)
    elif known.outcome is CaseOutcome.KEPT_FROZEN:
        yield Beat("verify/factors", "refused")
        yield Beat("unverified", "close", _ACT)
        yield Beat("close_kept/close", "close", _END)


def account(known: Known) -> Route:
    """P8: what is to change. Whoever could do it alone was told how, and that was all; for anybody else a
    code is needed, which only the system confirms."""
    yield from greeted(known)
    if known.state is CaseState.VERIFYING:
        return
    yield Beat("what", "phone")
    if known.outcome is CaseOutcome.ANSWERED:
        yield Beat("self_service", "self", _ACT)
        yield Beat("close_answered/close", "close", _END)


def progress(known: Known) -> Route:
    """Somebody asks how it stands."""
    yield from greeted(known)
    if known.deal is not None and known.state is CaseState.CLOSED:
        yield Beat("verify", CHECKED, _CALL)
        yield Beat("result", "told")
        yield Beat("close/close", "close", _END)


ROUTES: Mapping[CaseKind, Callable[[Known], Route]] = {
    CaseKind.REFUND: refund,
    CaseKind.WALLET_REFUND: refund,
    CaseKind.SHIPMENT_DELAY: shipment,
    CaseKind.PAYMENT_FAILURE: payment,
    CaseKind.AFTER_SALE: after_sale,
    CaseKind.APPEAL: appeal,
    CaseKind.PROGRESS: progress,
    CaseKind.UNFREEZE: wallet,
    CaseKind.SECURITY: wallet,
    CaseKind.ACCOUNT_CHANGE: account,
}
"""Kinds that are not here have no walk of their own."""
