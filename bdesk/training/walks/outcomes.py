"""How closed cases of each kind ended: as their facts allow, each once before one comes twice."""

from typing import TYPE_CHECKING

from bdesk.models.kinds import CaseKind, CaseOutcome, OrderStatus, PaymentState
from bdesk.training.ledger import Work
from bdesk.training.walks.refunds import wanted

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

_O = CaseOutcome
_Ends = tuple[CaseOutcome, ...]
_RARE: _Ends = (_O.FORWARDED, _O.NO_CONTACT, _O.HANDED_OFF)
_USUAL: _Ends = (_O.SOLVED, _O.ANSWERED, _O.SOLVED)
_BY_WISH = {"exchange": _O.EXCHANGED, "repair": _O.REPAIRED, "return": _O.REJECTED}


def outcome_of(maker: "Maker", work: Work) -> CaseOutcome:
    """The outcome of a case that is closed now; what no case has yet comes first where it fits."""
    rare, usual = _fitting(maker, work)
    seen = maker.world.counts.setdefault("outcomes", {})
    found = next((one for one in rare if one not in seen), None) or maker.next_of(("ends", usual), usual)
    maker.world.there("outcomes", found)
    return found


def _fitting(maker: "Maker", work: Work) -> tuple[_Ends, _Ends]:
    """What is seldom, and what is usual."""
    kind, deal = work.row["kind"], work.deal
    if kind is CaseKind.SHIPMENT_DELAY and deal is not None:
        order = deal.order
        if not any(one["state"] is PaymentState.SUCCESS for one in deal.payments):
            return (), (_O.CONVERTED,)
        if order["status"] not in (OrderStatus.PAID, OrderStatus.TO_SHIP):
            return (), (_O.ANSWERED,)
        eta = order["estimated_ship_at"]
        return (), ((_O.IN_TIME if eta is not None and eta > maker.world.now else _O.ANSWERED),)
    if kind is CaseKind.AFTER_SALE:
        return (), (_BY_WISH[wanted(work.row["desired"])],)
    if kind is CaseKind.PAYMENT_FAILURE:
        return (), (_O.REPAY,)
    if kind in (CaseKind.PROGRESS, CaseKind.WALLET_REFUND):
        return (), (_O.ANSWERED,)
    if kind is CaseKind.UNFREEZE:
        return (), (_O.KEPT_FROZEN,)
    if kind in (CaseKind.SECURITY, CaseKind.ACCOUNT_CHANGE):
        return (), (_O.ANSWERED,)
    return _RARE, _USUAL
