"""What the files of several cases hold that somebody could be checked by: three queries, however many."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, union_all
from sqlmodel import Session

from bdesk.data.core import CASE, CUSTOMER, ORDER, PAYMENT, WALLET, WALLET_TX
from bdesk.models.kinds import PaymentState, WalletTxKind
from bdesk.rules.veiling import Known

_MONTH = timedelta(days=30)


def known_of_cases(session: Session, case_ids: Collection[int], now: datetime) -> dict[int, Known]:
    """By case, for `bdesk.rules.veiling.veil`; the sums of an account are those of the last 30 days."""
    cases = session.execute(
        select(
            CASE.c.id,
            CASE.c.customer_id,
            CASE.c.order_id,
            CUSTOMER.c.phone,
            CUSTOMER.c.phone_tail,
            CUSTOMER.c.city,
            ORDER.c.order_no,
            ORDER.c.total_fen,
            ORDER.c.placed_at,
        )
        .select_from(
            CASE.outerjoin(CUSTOMER, CUSTOMER.c.id == CASE.c.customer_id).outerjoin(
                ORDER, ORDER.c.id == CASE.c.order_id
            )
        )
        .where(CASE.c.id.in_(case_ids))
    ).all()
    by_order = _paid_of_orders(session, {row.order_id for row in cases if row.order_id is not None})
    by_customer = _recent(session, {row.customer_id for row in cases if row.customer_id is not None}, now)
    return {
        row.id: Known(
            order_no=row.order_no or "",
            phone=row.phone or "",
            phone_tail=row.phone_tail or "",
            city=row.city or "",
            amounts_fen=frozenset(
                by_order[row.order_id]
                | by_customer[row.customer_id]
                | ({row.total_fen} if row.total_fen is not None else set())
            ),
            placed_at=row.placed_at,
        )
        for row in cases
    }


def _paid_of_orders(session: Session, orders: Collection[int]) -> defaultdict[int | None, set[int]]:
    found: defaultdict[int | None, set[int]] = defaultdict(set)
    rows = select(PAYMENT.c.order_id, PAYMENT.c.amount_fen).where(PAYMENT.c.order_id.in_(orders))
    for row in session.execute(rows):
        found[row.order_id].add(row.amount_fen)
    return found


def _recent(session: Session, customers: Collection[int], now: datetime) -> defaultdict[int | None, set[int]]:
    """What these accounts paid lately, on any order: a caller may be asked for one of them."""
    since = now - _MONTH
    paid = (
        select(ORDER.c.customer_id, PAYMENT.c.amount_fen)
        .select_from(PAYMENT.join(ORDER, ORDER.c.id == PAYMENT.c.order_id))
        .where(
            ORDER.c.customer_id.in_(customers),
            PAYMENT.c.state == PaymentState.SUCCESS,
            PAYMENT.c.paid_at > since,
        )
    )
    spent = (
        select(WALLET.c.customer_id, WALLET_TX.c.amount_fen)
        .select_from(WALLET_TX.join(WALLET, WALLET.c.id == WALLET_TX.c.wallet_id))
        .where(
            WALLET.c.customer_id.in_(customers),
            WALLET_TX.c.kind.in_((WalletTxKind.PURCHASE, WalletTxKind.TRANSFER)),
            WALLET_TX.c.at > since,
        )
    )
    found: defaultdict[int | None, set[int]] = defaultdict(set)
    for row in session.execute(union_all(paid, spent)):
        found[row.customer_id].add(row.amount_fen)
    return found
