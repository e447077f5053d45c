"""Who may send goods back for what, who pays the way, and what an exchange may cost. Source: procedures P7;
B0.8 R1, R2, R5; law file L1 to L3 (消法 24, 25); domain facts X5, X15.
"""

from typing import Final

from bdesk.models.kinds import FreightPayer, RefundReason, ReturnKind

NO_REASON: Final = frozenset(
    {RefundReason.NO_REASON, RefundReason.DISSATISFIED, RefundReason.PRICE_DIFFERENCE}
)
"""Reasons for which class, window and condition are asked about; for a fault only evidence is (X5)."""

OURS: Final = frozenset(
    {
        RefundReason.QUALITY,
        RefundReason.WRONG_ITEM,
        RefundReason.MISSING_ITEM,
        RefundReason.NOT_AS_DESCRIBED,
    }
)
"""Faults of the shop: it pays for the way back (消法 24)."""


def freight(reason: RefundReason | None, kind: ReturnKind | None, in_warranty: bool | None) -> FreightPayer:
    """Who pays for the way back. A repair out of warranty is the customer's own."""
    if reason not in OURS or (kind is ReturnKind.REPAIR and in_warranty is not True):
        return FreightPayer.CUSTOMER
    return FreightPayer.SHOP


def refusal(
    kind: ReturnKind,
    reason: RefundReason | None,
    *,
    signed: bool,
    window_open: bool | None,
    excluded: bool,
    goodwill: bool,
) -> str | None:
    """Why goods may not come back, as a code, None when they may.

    `excluded`: the buyer confirmed it when ordering; without that confirmation the class alone excludes
    nothing (law file L1, L12). `goodwill`: a return past its window was granted.
    """
    if reason is None:
        return "return.no_reason"
    if not signed:
        return "return.not_signed"
    if kind is ReturnKind.REPAIR or reason not in NO_REASON:
        return None
    if excluded:
        return "return.excluded"
    return "return.too_late" if not (window_open or goodwill) else None


def substitute_fits(
    *, price_fen: int, other_fen: int, pieces: int, stock: int, limit_fen: int | None
) -> bool:
    """Whether other goods may go out in an exchange: enough of them, never worth less, and what they are
    worth more (the shop's) within the person's limit in fen, None for no limit."""
    more = (other_fen - price_fen) * pieces
    return pieces > 0 and stock >= pieces and more >= 0 and (limit_fen is None or more <= limit_fen)
