"""An order that was not shipped, and a person who walks it: for the tests of P2 (shipment delay)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import select

from bdesk.clock import to_iso
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel, DelayCause, OrderStatus, ParcelState
from bdesk.models.tables import Order, OrderDelay, OrderItem, Parcel, Product
from bdesk.rules.walk.values import GivenValue
from tests.builders import Item, Placed, order
from tests.operations.desk import Desk

OTHER = "KETTLE-2"
"""The goods that the shop would send in place of a kettle."""

ETA = date(2026, 11, 25)
CAUSE: dict[str, GivenValue] = {"cause": "out_of_stock", "source": "warehouse", "eta": ETA}


def unshipped(
    store: Store,
    buyer: int,
    *,
    due: timedelta | None = -timedelta(hours=30),
    items: Sequence[Item] = (Item(),),
    stock: int = 0,
    other_fen: int | None = 13100,
    other_stock: int = 3,
    **more: Any,
) -> Placed:
    """An order that waits to be shipped and was promised `due` from now (None: the shop gave no estimate).

    Its first goods have `stock` pieces, and a substitute for `other_fen` (None: none) with `other_stock`.
    """
    now = store.clock.now()
    estimate = None if due is None else now + due
    more = {"placed_days": 6, "status": OrderStatus.TO_SHIP, **more}
    placed = order(store, buyer, items=items, signed_days=None, estimated_ship_at=estimate, **more)
    with store.write("shop") as unit:
        first = unit.session.scalars(select(Product).where(Product.sku == items[0].sku)).one()
        first.stock = stock
        if other_fen is not None:
            first.substitute_sku = OTHER
            other = unit.session.scalars(select(Product).where(Product.sku == OTHER)).first()
            other = other or Product(sku=OTHER, name="恒温电热水壶")
            other.price_fen, other.stock = other_fen, other_stock
            unit.session.add(other)
        unit.commit()
    return placed


def asked(desk: Desk, placed: Placed | None, *, channel: Channel = Channel.APP_CHAT, **more: Any) -> int:
    """A case about it, written by the signed-in customer."""
    about: dict[str, Any] = {"kind": CaseKind.SHIPMENT_DELAY, "reason": None, "description": "还没发货"}
    return desk.opened(placed, media=False, channel=channel, **about, **more)


def offered(desk: Desk, placed: Placed, **cause: GivenValue) -> int:
    """A case whose cause was stored, at the step where remedies are offered."""
    case_id = asked(desk, placed)
    while desk.step(case_id) == "duplicate/same":
        desk.go(case_id, "other", difference="另一件事")
    if desk.step(case_id) == "cause":
        desk.go(case_id, "record", **{**CAUSE, **cause})
    assert desk.step(case_id) == "offer", desk.step(case_id)
    return case_id


def caused(desk: Desk, case_id: int, cause: DelayCause = DelayCause.OUT_OF_STOCK) -> None:
    """A cause as it stands once it was stored, without walking there; for three days."""
    with desk.store.write("test") as unit:
        order_id = unit.case(case_id).order_id
        assert order_id is not None
        eta = unit.now + timedelta(days=3)
        row = OrderDelay(
            order_id=order_id, case_id=case_id, cause=cause, eta=eta, source="stock", by="1001", at=unit.now
        )
        unit.session.add(row)
        unit.session.flush()
        told = {"delay": row.id, "why": cause.value, "source": "stock", "eta": to_iso(eta)}
        unit.on_case(unit.case(case_id), "delay.recorded", told)
        unit.commit()


def promised_anew(desk: Desk, placed: Placed) -> None:
    """The shop gives another date, and breaks it: another delay."""
    with desk.store.write("shop") as unit:
        unit.session.get_one(Order, placed.id).estimated_ship_at = unit.now + timedelta(days=1)
        unit.commit()
    desk.later(days=2)


def shipped(store: Store, placed: Placed, *, scanned: bool = True, at: datetime | None = None) -> None:
    """The shop says that the order was handed to the courier."""
    with store.write("shop") as unit:
        row = unit.session.get_one(Order, placed.id)
        row.status = OrderStatus.SHIPPED
        sent = at or unit.now
        parcel = Parcel(
            order_id=placed.id, waybill="SF0000180000701", carrier="顺丰", state=ParcelState.IN_TRANSIT,
            shipped_at=sent, last_scan_at=sent if scanned else None,
        )  # fmt: skip
        unit.session.add(parcel)
        unit.session.flush()
        for number in placed.items:
            unit.session.get_one(OrderItem, number).parcel_id = parcel.id
        unit.commit()


def stock_of(desk: Desk, sku: str = OTHER) -> int:
    return desk.rows(Product, sku=sku)[0].stock
