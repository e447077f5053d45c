"""The shop's side of a snapshot: order, items, payments, parcels, refunds, wallet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func, or_, select
from sqlmodel import Session

from bdesk.data.core import (
    CASE,
    CASE_ITEM,
    COMPENSATION,
    EVENT,
    FREEZE,
    GOODS_RETURN,
    ORDER,
    ORDER_DELAY,
    ORDER_ITEM,
    PARCEL,
    PAYMENT,
    PRODUCT,
    REFUND,
    REFUND_ITEM,
    SCAN,
    SUBSTITUTION,
    WALLET,
    WALLET_TX,
)
from bdesk.data.rows import kept, shaped, shared
from bdesk.data.snapshot import coached
from bdesk.models.kinds import REFUND_VOID, FreezeSource, WalletTxKind
from bdesk.models.views.snapshot import (
    CompensationView,
    DelayView,
    FreezeView,
    ItemView,
    OrderView,
    OtherReturn,
    ParcelView,
    PaymentView,
    RefundView,
    ReturnView,
    ScanView,
    SubstituteView,
    SubstitutionView,
    WalletTxView,
    WalletView,
)

REFUNDS_KEPT = 200
TRANSFERS_KEPT = 500
_HOUR, _DAY, _MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
_OUT = (WalletTxKind.TRANSFER, WalletTxKind.WITHDRAWAL, WalletTxKind.RED_PACKET)
_FREEZE = ("id", "reason", "source", "frozen_at", "amount_fen", "released_at", "trigger")
_SUBSTITUTE = ("sku", "name", "price_fen", "stock")


def order_view(session: Session, order_id: int | None) -> OrderView | None:
    row = _order(session, order_id).mappings().one_or_none()
    return None if row is None else shaped(OrderView, row)


@kept
def _order(order_id: Any) -> Select[Any]:
    return select(*shared(OrderView, ORDER)).where(ORDER.c.id == order_id)


@cache
def _refunded() -> Select[Any]:
    return (
        select(
            REFUND_ITEM.c.item_id,
            func.sum(REFUND_ITEM.c.amount_fen).label("refunded_fen"),
            func.sum(REFUND_ITEM.c.quantity).label("refunded_quantity"),
        )
        .select_from(REFUND_ITEM.join(REFUND, REFUND.c.id == REFUND_ITEM.c.refund_id))
        .where(REFUND.c.order_id == bindparam("order"), REFUND.c.state.not_in(REFUND_VOID))
        .group_by(REFUND_ITEM.c.item_id)
    )


@cache
def _items() -> Select[Any]:
    """Built once: building it takes longer than running it."""
    other = PRODUCT.alias("other")
    return (
        select(
            *shared(ItemView, ORDER_ITEM),
            PRODUCT.c.stock,
            PRODUCT.c.price_fen.label("list_price_fen"),
            func.coalesce(PRODUCT.c.warranty_days, 0).label("warranty_days"),
            *(other.c[name].label(f"other_{name}") for name in _SUBSTITUTE),
        )
        .select_from(
            ORDER_ITEM.outerjoin(PRODUCT, PRODUCT.c.sku == ORDER_ITEM.c.sku).outerjoin(
                other, other.c.sku == PRODUCT.c.substitute_sku
            )
        )
        .where(ORDER_ITEM.c.order_id == bindparam("order"))
        .order_by(ORDER_ITEM.c.line)
    )


def items(session: Session, case_id: int, order_id: int | None) -> tuple[ItemView, ...]:
    """The order's lines: what was refunded of each, its stock, and how many pieces the case is about."""
    sums = {row.item_id: row for row in session.execute(_refunded(), {"order": order_id})}
    chosen: dict[int, int] = {row.item_id: row.quantity for row in _chosen(session, case_id)}
    rows = session.execute(_items(), {"order": order_id}).mappings()
    return tuple(
        shaped(
            ItemView,
            row,
            refunded_fen=int(sums[row["id"]].refunded_fen) if row["id"] in sums else 0,
            refunded_quantity=int(sums[row["id"]].refunded_quantity) if row["id"] in sums else 0,
            chosen=not chosen or row["id"] in chosen,
            chosen_quantity=chosen.get(row["id"]),
            substitute=_substitute(row),
        )
        for row in rows
    )


@kept
def _chosen(case_id: Any) -> Select[Any]:
    return select(CASE_ITEM.c.item_id, CASE_ITEM.c.quantity).where(CASE_ITEM.c.case_id == case_id)


def _substitute(row: RowMapping) -> SubstituteView | None:
    if row["other_sku"] is None:
        return None
    return SubstituteView(**{name: row[f"other_{name}"] for name in _SUBSTITUTE})


def payments(session: Session, order_id: int | None) -> tuple[PaymentView, ...]:
    return tuple(shaped(PaymentView, row) for row in _payments(session, order_id).mappings())


@kept
def _payments(order_id: Any) -> Select[Any]:
    return select(*shared(PaymentView, PAYMENT)).where(PAYMENT.c.order_id == order_id).order_by(PAYMENT.c.id)


def parcels(session: Session, order_id: int | None) -> tuple[ParcelView, ...]:
    """The order's parcels, each with its scans in order of time."""
    scans: dict[int, list[ScanView]] = defaultdict(list)
    for scan in _scans(session, order_id).mappings():
        scans[scan["parcel_id"]].append(shaped(ScanView, scan))
    rows = _parcels(session, order_id).mappings()
    return tuple(shaped(ParcelView, row, scans=tuple(scans[row["id"]])) for row in rows)


@kept
def _scans(order_id: Any) -> Select[Any]:
    return (
        select(SCAN.c.parcel_id, SCAN.c.at, SCAN.c.place, SCAN.c.text)
        .select_from(SCAN.join(PARCEL, PARCEL.c.id == SCAN.c.parcel_id))
        .where(PARCEL.c.order_id == order_id)
        .order_by(SCAN.c.at, SCAN.c.id)
    )


@kept
def _parcels(order_id: Any) -> Select[Any]:
    return select(*shared(ParcelView, PARCEL)).where(PARCEL.c.order_id == order_id).order_by(PARCEL.c.id)


@cache
def _refunds() -> Select[Any]:
    """Built once, as `_items`. A case without an order shares none with others."""
    kept = (
        select(*shared(RefundView, REFUND))
        .where(or_(REFUND.c.order_id == bindparam("order"), REFUND.c.case_id == bindparam("case")))
        .order_by(REFUND.c.id)
        .limit(REFUNDS_KEPT)
        .subquery()
    )
    return (
        select(kept, REFUND_ITEM.c.item_id, REFUND_ITEM.c.amount_fen.label("line_fen"))
        .select_from(kept.outerjoin(REFUND_ITEM, REFUND_ITEM.c.refund_id == kept.c.id))
        .order_by(kept.c.id, REFUND_ITEM.c.id)
    )


def refunds(session: Session, case_id: int, order_id: int | None) -> tuple[RefundView, ...]:
    """The refunds of the order and of the case, oldest first."""
    found = session.execute(_refunds(), {"order": order_id, "case": case_id})
    rows: dict[int, RowMapping] = {}
    lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in found.mappings():
        rows.setdefault(row["id"], row)
        if row["item_id"] is not None:
            lines[row["id"]].append((row["item_id"], row["line_fen"]))
    return tuple(shaped(RefundView, row, lines=tuple(lines[number])) for number, row in rows.items())


def compensations(session: Session, order_id: int | None) -> tuple[CompensationView, ...]:
    return tuple(shaped(CompensationView, row) for row in _compensations(session, order_id).mappings())


@kept
def _compensations(order_id: Any) -> Select[Any]:
    return (
        select(*shared(CompensationView, COMPENSATION))
        .where(COMPENSATION.c.order_id == order_id)
        .order_by(COMPENSATION.c.id)
    )


def delay(session: Session, order_id: int | None) -> DelayView | None:
    """The newest cause of delay kept for the order."""
    row = _delay(session, order_id).mappings().one_or_none()
    return None if row is None else shaped(DelayView, row)


@kept
def _delay(order_id: Any) -> Select[Any]:
    return (
        select(*shared(DelayView, ORDER_DELAY))
        .where(ORDER_DELAY.c.order_id == order_id, ORDER_DELAY.c.voided.is_(False))
        .order_by(ORDER_DELAY.c.id.desc())
        .limit(1)
    )


def substitutions(session: Session, order_id: int | None) -> tuple[SubstitutionView, ...]:
    return tuple(shaped(SubstitutionView, row) for row in _substitutions(session, order_id).mappings())


@kept
def _substitutions(order_id: Any) -> Select[Any]:
    return (
        select(*shared(SubstitutionView, SUBSTITUTION))
        .where(SUBSTITUTION.c.order_id == order_id)
        .order_by(SUBSTITUTION.c.id)
    )


@dataclass(frozen=True, slots=True)
class SentBack:
    """The goods sent back in this cycle of the case, and what other open cases of the order wait for."""

    mine: ReturnView | None
    others: tuple[OtherReturn, ...]


def goods_returns(session: Session, case_id: int, cycle: int, order_id: int | None) -> SentBack:
    rows = _returns(session, case_id, order_id).mappings().all()
    mine = (row for row in rows if (row["case_id"], row["cycle"]) == (case_id, cycle))
    others = (
        OtherReturn(row["case_id"], row["case_no"])
        for row in rows
        if row["case_id"] != case_id and row["open"] and row["finished_at"] is None
    )
    return SentBack(next((shaped(ReturnView, row) for row in mine), None), tuple(others))


@kept
def _returns(case_id: Any, order_id: Any) -> Select[Any]:
    return (
        select(
            *shared(ReturnView, GOODS_RETURN),
            GOODS_RETURN.c.case_id,
            GOODS_RETURN.c.cycle,
            CASE.c.case_no,
            CASE.c.open,
        )
        .select_from(GOODS_RETURN.join(CASE, CASE.c.id == GOODS_RETURN.c.case_id))
        .where(or_(GOODS_RETURN.c.case_id == case_id, GOODS_RETURN.c.order_id == order_id))
        .order_by(GOODS_RETURN.c.id)
    )


def wallet(session: Session, customer_id: int | None, now: datetime | None = None) -> WalletView | None:
    """The customer's wallet with its freeze: the one that holds, an authority's before any other, else the
    newest that was lifted; with what went out before it, where it is said what time it is."""
    rows = _wallets(session, customer_id).mappings().all()
    frozen = [row for row in rows if row["freeze_id"] is not None]
    first = frozen[0] if frozen else None
    out = [] if now is None else _went_out(session, customer_id, first, now)
    if not rows:
        return None
    lately = sum(1 for when, _ in out if now is not None and when > now - _DAY)
    held = None if first is None else _freeze(first, frozen, out)
    return shaped(WalletView, rows[0], freeze=held, sent_24h=lately)


@kept
def _wallets(customer_id: Any) -> Select[Any]:
    return (
        select(
            *shared(WalletView, WALLET),
            *(FREEZE.c[name].label(f"freeze_{name}") for name in _FREEZE),
            *coached.COLUMNS,
        )
        .select_from(
            WALLET.outerjoin(FREEZE, FREEZE.c.wallet_id == WALLET.c.id).outerjoin(EVENT, coached.newest())
        )
        .where(WALLET.c.customer_id == customer_id)
        .order_by(
            FREEZE.c.released_at.is_not(None),
            FREEZE.c.source != FreezeSource.JUDICIAL,
            FREEZE.c.id.desc(),
        )
    )


def _went_out(
    session: Session, customer_id: int | None, freeze: RowMapping | None, now: datetime
) -> list[tuple[datetime, int]]:
    """Transfers and withdrawals, with their sums, since an hour before the freeze or for a day."""
    since = now - _DAY
    if freeze is not None:
        since = min(since, freeze["freeze_frozen_at"] - _HOUR)
    return [(row.at, row.amount_fen) for row in _transfers(session, customer_id, since)]


@kept
def _transfers(customer_id: Any, since: Any) -> Select[Any]:
    return (
        select(WALLET_TX.c.at, WALLET_TX.c.amount_fen)
        .select_from(WALLET_TX.join(WALLET, WALLET.c.id == WALLET_TX.c.wallet_id))
        .where(WALLET.c.customer_id == customer_id, WALLET_TX.c.kind.in_(_OUT), WALLET_TX.c.at > since)
        .order_by(WALLET_TX.c.id.desc())
        .limit(TRANSFERS_KEPT)
    )


def _freeze(row: RowMapping, others: Sequence[RowMapping], out: Sequence[tuple[datetime, int]]) -> FreezeView:
    at: datetime = row["freeze_frozen_at"]
    before = [amount for when, amount in out if at - _HOUR < when <= at]
    return FreezeView(
        **{name: row[f"freeze_{name}"] for name in _FREEZE},
        coached=coached.coached(others),
        earlier=sum(1 for one in others if at - _MONTH < one["freeze_frozen_at"] < at),
        sent_fen=sum(before),
    )


def wallet_tx(session: Session, tx_id: int | None) -> WalletTxView | None:
    row = _wallet_tx(session, tx_id).mappings().one_or_none()
    return None if row is None else shaped(WalletTxView, row)


@kept
def _wallet_tx(tx_id: Any) -> Select[Any]:
    return select(*shared(WalletTxView, WALLET_TX)).where(WALLET_TX.c.id == tx_id)
