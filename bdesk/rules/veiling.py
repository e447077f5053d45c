"""Words of people without the values that could serve as a factor: customers write sums themselves."""

import re
from collections.abc import Collection, Iterator

from bdesk.clock import LOCAL
from bdesk.models.kinds import Factor
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.masking import HIDDEN


def veiled(text: str, snapshot: Snapshot, hidden: Collection[Factor]) -> str:
    """The text with the known values of hidden factors as ****, in the ways people write them.

    It finds what the file holds, not every sum or day: what differs from the file opens nothing.
    """
    for pattern in _patterns(snapshot, hidden):
        text = re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)
    return text


def _patterns(snapshot: Snapshot, hidden: Collection[Factor]) -> Iterator[str]:
    order, customer = snapshot.order, snapshot.customer
    if Factor.ORDER_NO in hidden and order is not None:
        yield re.escape(order.order_no)
    if Factor.PHONE_TAIL in hidden and customer is not None:
        if customer.phone:
            yield re.escape(customer.phone)
        if customer.phone_tail:
            yield rf"(?<!\d){re.escape(customer.phone_tail)}(?!\d)"
    if Factor.CITY in hidden and customer is not None and customer.city:
        yield re.escape(customer.city.removesuffix("市"))
    if Factor.RECENT_AMOUNT in hidden:
        paid = {one.amount_fen for one in snapshot.payments} | {*snapshot.history.recent_amounts_fen}
        for fen in sorted(paid | ({order.total_fen} if order is not None else set()), reverse=True):
            yield _amount(fen)
    if Factor.PURCHASE_DATE in hidden and order is not None:
        day = order.placed_at.astimezone(LOCAL).date()
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
