"""What makes a customer's words true (training.md D5): the facts that each matter must be drawn about, and
the slots that only those facts can fill. The lies are in `edges`, where a trainer can find them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bdesk.clock import LOCAL
from bdesk.models.kinds import (
    CaseKind,
    DelayCause,
    OrderStatus,
    PaymentFailure,
    PaymentMethod,
    ReturnClass,
)
from bdesk.models.tables import Product
from bdesk.text import yuan
from bdesk.training.rows import Row
from bdesk.training.words.goods import BY_CATEGORY
from bdesk.training.world import Deal, World

_CLOTHES = frozenset(good.name for good in BY_CATEGORY["服饰"])

_SAID: Mapping[PaymentFailure, str] = {
    PaymentFailure.NETWORK: "网络异常",
    PaymentFailure.BALANCE: "余额不足",
    PaymentFailure.CHANNEL: "渠道维护",
    PaymentFailure.LIMIT: "超出限额",
    PaymentFailure.FROZEN: "账户受限",
    PaymentFailure.REGION: "地区不支持",
    PaymentFailure.CARD_EXPIRED: "银行卡已过期",
    PaymentFailure.RISK: "账户受限",
}
"""What the page says when a payment fails."""


@dataclass(frozen=True, slots=True)
class Truth:
    """`shapes`: the situations of orders in which the words are true, where they are fewer than those of the
    matter's need; `fits`: what else must hold of the order."""

    fits: Callable[[World, Deal], bool]
    shapes: tuple[str, ...] = ()


def _paid_by(method: PaymentMethod) -> Callable[[World, Deal], bool]:
    return lambda _world, deal: deal.payments[0]["method"] is method


def _failed_by(*failures: PaymentFailure) -> Callable[[World, Deal], bool]:
    return lambda _world, deal: deal.payments[0]["failure"] in failures


def _cause(*causes: DelayCause) -> Callable[[World, Deal], bool]:
    return lambda _world, deal: deal.order["delay_cause"] in causes


def _not_due(world: World, deal: Deal) -> bool:
    eta = deal.order["estimated_ship_at"]
    return bool(eta is not None and eta > world.now)


def _no_scan(_world: World, deal: Deal) -> bool:
    parcel = deal.parcels[0]
    last, shipped = parcel["last_scan_at"], parcel["shipped_at"]
    return bool(last == shipped)


def _scanned_once(world: World, deal: Deal) -> bool:
    return not _no_scan(world, deal)


def _class(*classes: ReturnClass) -> Callable[[World, Deal], bool]:
    return lambda _world, deal: deal.items[0]["return_class"] in classes


def _clothes(_world: World, deal: Deal) -> bool:
    return deal.items[0]["name"] in _CLOTHES and len(deal.items) == 1


def _week(_world: World, deal: Deal) -> bool:
    return all(item["window_days"] == 7 for item in deal.items)


def _under_warranty(world: World, deal: Deal) -> bool:
    warranty = _product(world, deal.items[0])["warranty_days"]
    age = (world.now - deal.order["placed_at"]).days
    return bool(60 <= age < warranty)


def _several(_world: World, deal: Deal) -> bool:
    return bool(deal.items[0]["quantity"] > 1)


def _ordinary(_world: World, deal: Deal) -> bool:
    return deal.items[0]["return_class"] is ReturnClass.NORMAL


def _product(world: World, item: Row) -> Row:
    return next(row for row in world.rows.of(Product) if row["sku"] == item["sku"])


_SHIPPED = ("shipped_moving", "signed_old")

TRUTH: Mapping[int, Truth] = {
    1: Truth(_ordinary),
    2: Truth(_ordinary),
    5: Truth(_clothes),
    6: Truth(_paid_by(PaymentMethod.WALLET)),
    11: Truth(
        lambda _world, deal: (
            deal.payments[0]["method"] is PaymentMethod.WALLET
            and deal.order["status"] is OrderStatus.REFUNDING
        ),
        ("refunding",),
    ),
    13: Truth(
        _cause(DelayCause.OUT_OF_STOCK, DelayCause.WAREHOUSE, DelayCause.MERCHANT), ("unshipped_late",)
    ),
    14: Truth(_not_due, ("unshipped",)),
    15: Truth(_no_scan),
    17: Truth(lambda _world, deal: deal.order["delay_cause"] is not None, ("unshipped_late",)),
    19: Truth(_not_due),
    20: Truth(lambda _world, deal: deal.payments[0]["failure"] is not None, ("payment_failed",)),
    21: Truth(_failed_by(PaymentFailure.LIMIT), ("payment_failed",)),
    22: Truth(_failed_by(PaymentFailure.REGION), ("payment_failed",)),
    23: Truth(_clothes),
    24: Truth(_under_warranty),
    25: Truth(_week),
    26: Truth(_class(ReturnClass.CUSTOM), ("signed_custom",)),
    45: Truth(_week),
    46: Truth(_scanned_once),
    47: Truth(_several),
    50: Truth(_paid_by(PaymentMethod.WALLET), _SHIPPED),
}
"""By matter. One that is not here is true of every order its need names."""

INSTEAD: Mapping[int, int] = {5: 51, 11: 12, 13: 17, 15: 17, 21: 20, 22: 20, 23: 25, 24: 25, 26: 25, 47: 48}
"""What is asked instead when no order is left of which a matter is true."""

ROUND: Mapping[CaseKind, tuple[int, ...]] = {
    CaseKind.PAYMENT_FAILURE: (20, 20, 21, 20, 22, 20, 20, 20, 20),
}
"""How often each matter comes round, where the facts do not bear them evenly (D4, failure cause)."""


def true_slots(number: int, deal: Deal | None, tx: Row | None, at: datetime) -> dict[str, str]:
    """Words that follow from the facts when they are said, and may not be drawn."""
    if number == 12 and tx is not None:
        return {"amount": yuan(tx["amount_fen"])}
    if deal is None:
        return {}
    found: dict[str, str] = {}
    failure = deal.payments[0]["failure"]
    if failure is not None:
        found["error"] = _SAID[failure]
    if deal.order["merchant"]:
        found["merchant"] = deal.order["merchant"]
    age = (at.astimezone(LOCAL).date() - deal.order["placed_at"].astimezone(LOCAL).date()).days
    found["months"] = str(max(1, age // 30))
    signed = deal.parcels[0]["signed_at"] if deal.parcels else None
    if signed is not None:
        found["hours"] = str(max(1, int((at - signed).total_seconds() // 3600)))
    return found
