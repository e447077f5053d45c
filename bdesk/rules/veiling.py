"""Words of people without the values that could serve as a factor: customers write sums themselves."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from bdesk.clock import LOCAL
from bdesk.models.kinds import Factor
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.masking import HIDDEN


@dataclass(frozen=True, slots=True)
class Known:
    """What the file holds that somebody could be checked by. `amounts_fen`: the order's sum and what was
    paid, `placed_at` when the order was placed."""

    order_no: str = ""
    phone: str = ""
    phone_tail: str = ""
    city: str = ""
    amounts_fen: frozenset[int] = frozenset()
    placed_at: datetime | None = None


def known_of(snapshot: Snapshot) -> Known:
    """What the file of a case holds."""
    order, customer = snapshot.order, snapshot.customer
    paid = {one.amount_fen for one in snapshot.payments} | {*snapshot.history.recent_amounts_fen}
    return Known(
        order_no=order.order_no if order is not None else "",
        phone=(customer.phone or "") if customer is not None else "",
        phone_tail=(customer.phone_tail or "") if customer is not None else "",
        city=(customer.city or "") if customer is not None else "",
        amounts_fen=frozenset(paid | ({order.total_fen} if order is not None else set())),
        placed_at=order.placed_at if order is not None else None,
    )


def veiled(text: str, snapshot: Snapshot, hidden: Collection[Factor]) -> str:
    """The text with the known values of hidden factors as ****, in the ways people write them.

    It finds what the file holds, not every sum or day: what differs from the file opens nothing.
    """
    return veil(text, known_of(snapshot), hidden)


def veil(text: str, known: Known, hidden: Collection[Factor]) -> str:
    """As `veiled`, where what the file holds was read without the rest of the case."""
    for pattern in _patterns(known, hidden):
        text = re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)
    return text


def _patterns(known: Known, hidden: Collection[Factor]) -> Iterator[str]:
    if Factor.ORDER_NO in hidden and known.order_no:
        yield re.escape(known.order_no)
    if Factor.PHONE_TAIL in hidden:
        if known.phone:
            yield re.escape(known.phone)
        if known.phone_tail:
            yield rf"(?<!\d){re.escape(known.phone_tail)}(?!\d)"
    if Factor.CITY in hidden and known.city:
        yield re.escape(known.city.removesuffix("市"))
    if Factor.RECENT_AMOUNT in hidden:
        for fen in sorted(known.amounts_fen, reverse=True):
            yield _amount(fen)
    if Factor.PURCHASE_DATE in hidden and known.placed_at is not None:
        day = known.placed_at.astimezone(LOCAL).date()
        month, of_month = f"0?{day.month}", f"0?{day.day}"
        yield rf"(?<!\d)(?:{day.year}[-/.年])?{month}(?:[-/.]{of_month}(?![\d.])|月{of_month}[日号]?(?!\d))"


def _amount(fen: int) -> str:
    """128.00, 128.0, 1,280.00; without its fen only where the money is named: 128元, ¥128."""
    yuan, rest = divmod(fen, 100)
    whole = f"(?:{yuan}|{yuan:,})"
    if rest:
        end = rf"\.{rest // 10}0?" if rest % 10 == 0 else rf"\.{rest:02d}"
        return rf"(?<![\d.,]){whole}{end}(?!\d)"
    return rf"(?<![\d.,]){whole}(?:\.00?(?!\d)|(?= ?(?:元|块|yuan|rmb|cny)))|(?<=[¥￥]){whole}(?![\d.])"
