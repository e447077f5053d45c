"""What cannot all be true of an order is said; what only has a state of its own is not."""

from datetime import timedelta
from typing import Any

import pytest

from bdesk.models.kinds import (
    Contradiction,
    OrderStatus,
    ParcelState,
    PaymentMethod,
    PaymentState,
    ReturnClass,
)
from bdesk.rules.contradictions import contradictions
from tests.rules.samples import DAY, HOUR, NOW, fact, item, order, parcel, payment, snapshot

SENT, TO_SHIP, UNPAID = OrderStatus.SHIPPED, OrderStatus.TO_SHIP, OrderStatus.PENDING_PAYMENT


def said(
    status: OrderStatus, payments: Any = None, parcels: Any = None, *, digital: bool = False, **of_order: Any
) -> tuple[Contradiction, ...]:
    goods = (item(return_class=ReturnClass.DIGITAL if digital else ReturnClass.NORMAL),)
    return contradictions(
        order(status=status, **of_order),
        goods,
        (payment(),) if payments is None else payments,
        (parcel(),) if parcels is None else parcels,
        NOW,
    )


def test_the_usual_order_hangs_together() -> None:
    assert fact("order.contradictions", snapshot()) == ()
    assert fact("risk.flagged", snapshot()) is False


@pytest.mark.parametrize(
    ("status", "parcels", "digital", "found"),
    [
        (SENT, (), False, Contradiction.SENT_WITHOUT_PARCEL),
        (SENT, (), True, None),  # nothing is sent
        (OrderStatus.SIGNED, (parcel(state=ParcelState.PACKED),), False, Contradiction.SENT_WITHOUT_PARCEL),
        (TO_SHIP, (parcel(state=ParcelState.PACKED),), False, None),
        (TO_SHIP, (parcel(state=ParcelState.IN_TRANSIT),), False, Contradiction.PARCEL_BEFORE_SENT),
        (TO_SHIP, (parcel(state=ParcelState.RETURNED),), False, None),
        (OrderStatus.CANCELLED, (parcel(state=ParcelState.IN_TRANSIT),), False, None),  # stopped on its way
    ],
)
def test_parcels(status: OrderStatus, parcels: Any, digital: bool, found: Contradiction | None) -> None:
    assert said(status, parcels=parcels, digital=digital) == ((found,) if found else ())


@pytest.mark.parametrize(
    ("status", "payments", "found"),
    [
        (SENT, (), Contradiction.SENT_UNPAID),
        (SENT, (payment(state=PaymentState.FAILED),), Contradiction.SENT_UNPAID),
        (SENT, (payment(state=PaymentState.NONE, method=PaymentMethod.COD),), None),
        (SENT, (payment(amount_fen=12000),), Contradiction.ANOTHER_SUM),
        (SENT, (payment(amount_fen=800), payment(22, 12000)), None),  # paid in two parts
        (SENT, (payment(), payment(22)), None),  # paid twice: a state of its own (P3)
        (UNPAID, (payment(),), None),  # charged and not on the order yet: likewise
        (OrderStatus.REFUNDED, (payment(refunded_fen=12800),), None),
        (OrderStatus.REFUNDED, (payment(refunded_fen=12799),), Contradiction.REFUNDED_WITHOUT_REFUND),
    ],
)
def test_money(status: OrderStatus, payments: Any, found: Contradiction | None) -> None:
    parcels = () if status is UNPAID else None
    assert said(status, payments, parcels) == ((found,) if found else ())


def test_an_order_of_nothing_that_was_paid() -> None:
    assert said(SENT, (payment(amount_fen=1),), total_fen=0) == (Contradiction.ANOTHER_SUM,)
    assert said(SENT, (), total_fen=0) == ()


def test_times() -> None:
    early = parcel(shipped_at=NOW - DAY, signed_at=NOW - 2 * DAY)
    assert said(SENT, parcels=(early,)) == (Contradiction.SIGNED_BEFORE_SENT,)
    soon, later = NOW + timedelta(minutes=5), NOW + HOUR
    assert said(SENT, (payment(paid_at=soon),)) == ()
    assert said(SENT, (payment(paid_at=later),)) == (Contradiction.IN_THE_FUTURE,)


def test_money_on_such_an_order_is_a_supervisors() -> None:
    made = snapshot(payments=(payment(amount_fen=12000),))
    assert fact("order.contradictions", made) == ("another_sum",)
    flags = fact("risk.flags", made)
    assert isinstance(flags, tuple)
    assert "contradictory" in flags
