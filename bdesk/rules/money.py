"""Arithmetic on fen. No float and no Decimal: every share is an integer, and shares add up to the whole.

Source: procedures P1, "Part rules" (coupon pro rata, freight, never more than paid - refunded).
"""

import re
from collections.abc import Sequence

from bdesk.errors import BadInput

MOST_FEN = 99_999_999_999
"""Nothing larger can be typed: 999 999 999.99."""

# What a Chinese input method commits; other digits and signs of Unicode are not amounts.
_TYPED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("。"): ".", ord("\u3000"): " "}
_AMOUNT = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?")
_SIGN = re.compile(r"^(?:[¥￥]|CNY|RMB) ?|(?: ?(?:元|CNY|RMB))$")


def parse_yuan(text: str) -> int:
    """What somebody typed as yuan, in fen: "12.5", "１２．５", "12。5", "¥1,234.50", "12元".

    A comma only parts thousands: "12,50" could be twelve and a half or twelve hundred and fifty, so it is
    refused, as are signs, more than two decimals and a point without digits beside it. Raises BadInput.
    """
    match = _AMOUNT.fullmatch(_SIGN.sub("", text.translate(_TYPED).strip()))
    if match is None:
        raise BadInput("money.not_an_amount", text=text)
    whole, part = match.group(1).replace(",", ""), match.group(2) or ""
    return int(whole) * 100 + int(part.ljust(2, "0"))


def share_out(whole_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`whole_fen` in parts as the weights are, by largest remainder: the parts add up to the whole.

    Of equal remainders the earlier part gets the fen. No part is more than one fen off its exact share.
    Raises ValueError for a negative value, or weights that are all nothing while there is something to share.
    """
    total = sum(weights)
    if whole_fen < 0 or any(weight < 0 for weight in weights):
        raise ValueError("shares are never below zero")
    if total == 0:
        if whole_fen:
            raise ValueError("nothing to share by")
        return (0,) * len(weights)
    parts = [whole_fen * weight // total for weight in weights]
    left = whole_fen - sum(parts)
    order = sorted(range(len(weights)), key=lambda index: (-(whole_fen * weights[index] % total), index))
    for index in order[:left]:
        parts[index] += 1
    return tuple(parts)


def paid_for_units(line_fen: int, quantity: int, already: int, wanted: int) -> int:
    """What was paid for `wanted` of the `quantity` pieces of a line, after `already` have gone back.

    All pieces together, in whatever steps, give `line_fen`. Raises ValueError when there are not so many.
    """
    if already < 0 or wanted < 0 or already + wanted > quantity:
        raise ValueError("more pieces than there are")
    return sum(share_out(line_fen, (1,) * quantity)[already : already + wanted])


def refundable(paid_fen: int, refunded_fen: int, held_fen: int) -> int:
    """What may still go back on a payment: paid - refunded - held, never below zero."""
    return max(0, paid_fen - refunded_fen - held_fen)


def refund_proposal(
    goods_fen: int,
    *,
    freight_fen: int,
    whole_order: bool,
    our_fault: bool,
    refundable_fen: int,
    deduct_fen: int = 0,
) -> int:
    """What to refund for goods that were paid with `goods_fen`, at least 0 and at most `refundable_fen`.

    Freight goes back with the whole order or when the fault is ours; `deduct_fen` is a gift that was kept.
    """
    freight = freight_fen if whole_order or our_fault else 0
    return max(0, min(goods_fen + freight - deduct_fen, refundable_fen))
