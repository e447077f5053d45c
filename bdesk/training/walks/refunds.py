"""Routes of refunds (P1, P1w), and of goods that come back (P7)."""

from collections.abc import Mapping

from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, RefundReason, RejectCode
from bdesk.training.walks.goods import ADDRESS
from bdesk.training.walks.known import Beat, Known, Phase, Route, checked, greeted

_CALL, _ACT, _END = Phase.CALL, Phase.ACT, Phase.END

# P1

_REASONS: Mapping[RefundReason, tuple[tuple[str, str], ...]] = {
    RefundReason.QUALITY: (("reason", "quality"),),
    RefundReason.NOT_RECEIVED: (("reason", "not_received"),),
    RefundReason.WRONG_ITEM: (("reason", "wrong_item"),),
    RefundReason.MISSING_ITEM: (("reason", "missing_item"),),
    RefundReason.NOT_AS_DESCRIBED: (("reason", "not_as_described"),),
    RefundReason.NO_REASON: (("reason", "no_reason"),),
    RefundReason.DISSATISFIED: (("reason", "other"), ("other_reason", "dissatisfied")),
    RefundReason.PRICE_DIFFERENCE: (("reason", "other"), ("other_reason", "price")),
    RefundReason.LATE_SHIPPING: (("reason", "other"), ("other_reason", "late")),
    RefundReason.MINOR: (("reason", "special"), ("special", "minor")),
}
_BY_CONDITION = frozenset({RefundReason.NO_REASON, RefundReason.DISSATISFIED})
REFUSED_BY: Mapping[RejectCode, tuple[tuple[str, str], ...]] = {
    RejectCode.PAST_DEADLINE: (("condition", "past"),),
    RejectCode.CONDITION: (("condition", "used"), ("condition_judged", "reject")),
    RejectCode.EXCLUDED_CLASS: (("condition", "excluded"),),
}


_BY_FACTS: Mapping[str, str] = {
    RejectCode.NOT_PAID.value: "not_paid",
    RejectCode.ALREADY_REFUNDED.value: "nothing_left",
}
"""What the order itself says against a refund."""


def refund(known: Known) -> Route:
    """Refunds of orders and of wallet purchases."""
    yield from greeted(known)
    if known.deal is None:
        yield from _transfer(known)
    elif not known.twin:
        yield Beat("scope", "whole", _CALL)
        yield from _verified(known)


def _transfer(known: Known) -> Route:
    """Money sent to somebody is no purchase."""
    if known.kind is CaseKind.WALLET_REFUND and known.outcome is CaseOutcome.ANSWERED:
        yield Beat("wallet/transfer", "letter", _ACT)
        yield Beat("close_told/close", "close", _END)


def _verified(known: Known) -> Route:
    """Who it is, and what the order itself says."""
    if known.state is CaseState.VERIFYING:
        return
    step, option = known.decided or ("", "")
    if (step, option) == ("reject/code", RejectCode.NOT_OWNER.value):
        yield Beat("verify/factors", "refused", _CALL)
        yield from told_no(known, option)
        return
    yield from checked(known)
    if step == "reject/code" and option in _BY_FACTS:
        yield Beat(_BY_FACTS[option], "reject")
        yield from told_no(known, option)
        return
    if known.paid == 1 and not known.delivered:
        yield from _before_delivery(known, step, option)
    elif known.delivered and known.reason in _REASONS:
        yield from _reasoned(known, step, option)


def _reasoned(known: Known, step: str, option: str) -> Route:
    """Why, and what bears it."""
    assert known.reason is not None
    for asked, said in _REASONS[known.reason]:
        yield Beat(asked, said, _CALL)
    by_condition = known.reason in _BY_CONDITION
    if step == "reject/code":
        yield from _refused(known, RejectCode(option), by_condition)
    elif step == "assess/decide" or known.act == "approval":
        yield from _judged(known, by_condition, step, option)
    elif known.act == "material" and not by_condition and known.reason is not RefundReason.NOT_RECEIVED:
        yield Beat("evidence", "ask", _ACT, {"materials": "photo_label"})
    elif known.asked == "courier" and known.reason is RefundReason.NOT_RECEIVED:
        yield Beat("not_received", "not_by_customer", _ACT)
    elif known.outcome is CaseOutcome.WITHDRAWN:
        missing = known.reason is RefundReason.NOT_RECEIVED
        yield Beat("condition" if by_condition else "not_received" if missing else "evidence", "withdrawn")
        yield from _withdrawn()


def _before_delivery(known: Known, step: str, option: str) -> Route:
    if known.pending and (step == "assess/decide" or known.act == "approval"):
        yield Beat("unshipped", "cancel")
        yield from _end_of_refund(known, step, option)


def _judged(known: Known, by_condition: bool, step: str, option: str) -> Route:
    if by_condition:
        yield Beat("condition", "defect")
    if known.reason is RefundReason.NOT_RECEIVED:
        yield Beat("not_received", "not_by_customer")
        yield Beat("courier_wait", "proceed")
    else:
        yield Beat("evidence", "complete")
    yield from _end_of_refund(known, step, option)


def _end_of_refund(known: Known, step: str, option: str) -> Route:
    if not step:
        yield Beat("assess/decide", "approval", _ACT)
        return
    yield Beat("assess/decide", option, _ACT)
    if known.closed:
        yield Beat("paid_part" if option == "approve_part" else "paid", "close", _END)


def _refused(known: Known, code: RejectCode, by_condition: bool) -> Route:
    """By the condition of the goods where it was asked; else what is there does not bear the claim."""
    if code is RejectCode.FRAUD:
        yield Beat("condition" if by_condition else "evidence", "defect" if by_condition else "complete")
        if by_condition:
            yield Beat("evidence", "complete")
        yield Beat("assess/decide", "reject")
        yield Beat("reject/code", "fraud")
        yield Beat("reject/contradicts_tell", "reject", _ACT)
    else:
        if by_condition and code in REFUSED_BY:
            for step, option in REFUSED_BY[code]:
                yield Beat(step, option)
        elif known.reason is RefundReason.NOT_RECEIVED:
            yield Beat("not_received", "not_by_customer")
            yield Beat("courier_wait", "proceed")
            yield Beat("assess/decide", "reject")
        else:
            if by_condition:
                yield Beat("condition", "defect")
            yield Beat("evidence", "reject")
        yield from told_no(known, code.value)
        return
    if known.closed:
        yield Beat("rejected", "close", _END)


def told_no(known: Known, code: str) -> Route:
    yield Beat("reject/code", code, _ACT)
    if known.closed:
        yield Beat("rejected", "close", _END)


def _withdrawn(step: str = "confirm") -> Route:
    yield Beat("withdraw", step, _ACT)
    yield Beat("close_withdrawn/close", "close", _END)


# P7

_KINDS: tuple[tuple[str, str], ...] = (("换", "exchange"), ("修", "repair"), ("退", "return"))
_FAULTS = frozenset(
    {RefundReason.QUALITY, RefundReason.WRONG_ITEM, RefundReason.MISSING_ITEM, RefundReason.NOT_AS_DESCRIBED}
)


def wanted(desired: str) -> str:
    """Return, exchange or repair, by what the customer wishes."""
    return next((kind for word, kind in _KINDS if word in desired), "return")


def after_sale(known: Known) -> Route:
    """What is wanted and why, the number that says so, then what the facts ask of it, and the goods."""
    yield from greeted(known)
    if known.deal is None or known.twin:
        return
    kind = _ENDS_AS.get(known.outcome) or wanted(known.desired)
    yield Beat("type", kind, _CALL)
    if known.state is CaseState.VERIFYING:
        return
    yield from checked(known)
    if not known.delivered:
        return
    step, option = known.decided or ("", "")
    code = RejectCode(option) if step == "reject/code" else None
    reason = _why(known, kind, code)
    yield Beat("reason", reason.value, _CALL)
    words = f"您好, 您的售后编号是{known.number}, 凭它可以随时查询进度, 每一步我们都会通知您。"
    yield Beat("number", "letter", _CALL, letter=("N16", words))
    faulty = reason in _FAULTS
    if code is not None:
        yield from _no_return(known, code)
    elif known.act == "material" and faulty and kind != "repair":
        yield Beat("evidence", "ask", _ACT, {"materials": "photo_label"})
    elif known.act == "transit":
        yield from _sent_back(kind, faulty, _ACT)
    elif known.outcome in _ENDS_AS:
        yield from _sent_back(kind, faulty)
        yield Beat("", "", goods=("received",))
        yield Beat("", "", goods=("inspected",))
        yield from _new_goods() if kind == "exchange" else _repaired()


_ENDS_AS: Mapping[CaseOutcome | None, str] = {
    CaseOutcome.EXCHANGED: "exchange",
    CaseOutcome.REPAIRED: "repair",
}
_BY_PAST: Mapping[RejectCode, tuple[tuple[str, str], ...]] = {
    **REFUSED_BY,
    RejectCode.PAST_DEADLINE: (("condition", "past"), ("past", "reject")),
}


def _why(known: Known, kind: str, code: RejectCode | None) -> RefundReason:
    """What the customer says is wrong; nothing is, where the reply is about the day or the state."""
    if code is not None:
        return RefundReason.NO_REASON if code in _BY_PAST else RefundReason.QUALITY
    if kind == "repair" or known.outcome in _ENDS_AS:
        return RefundReason.QUALITY
    return known.reason or RefundReason.DISSATISFIED


def _no_return(known: Known, code: RejectCode) -> Route:
    for step, option in _BY_PAST.get(code, (("evidence", "reject"),)):
        yield Beat(step, option)
    if code is RejectCode.FRAUD:
        yield Beat("reject/code", "fraud")
        yield Beat("reject/contradicts_tell", "reject", _ACT)
        if known.closed:
            yield Beat("rejected", "close", _END)
        return
    yield from told_no(known, code.value)


def _sent_back(kind: str, faulty: bool, sent: Phase = Phase.DESK) -> Route:
    if kind == "repair":
        yield Beat("warranty", "free")
    else:
        yield Beat("evidence" if faulty else "condition", "complete")
    freight = "free" if faulty or kind == "repair" else "paid"
    yield Beat("approve", "send", captures={"return_to": ADDRESS}, goods=("agreed", kind, freight))
    yield Beat("goods/send", "sent", sent, {"carrier": "sf"}, goods=("sent",))


def _new_goods() -> Route:
    yield Beat("exchange/stock", "send", goods=("out_again", "return_exchange"))
    yield Beat("", "", goods=("reshipped",))
    yield Beat("exchange/left", "letter", _ACT, goods=("finished",))
    yield Beat("exchange/close/close", "close", _END)


def _repaired() -> Route:
    yield Beat("repair/plan", "free", goods=("out_again", "return_repair"))
    yield Beat("", "", goods=("reshipped",))
    yield Beat("repair/left", "letter", _ACT, goods=("finished",))
    yield Beat("repair/close/close", "close", _END)
