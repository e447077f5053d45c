"""Goods in place of others that are late (P2, SD7b; B0.7): which, at what difference in price.

Dearer goods cost the customer nothing more. What cheaper ones cost less goes back, in proportion to what was
really paid for the line.
"""

from dataclasses import dataclass

from bdesk.models.views.snapshot import ItemView, Snapshot, SubstituteView
from bdesk.rules.facts.goods import line_shares, paid_for_goods
from bdesk.rules.facts.lateness import Numbers, late, substituted
from bdesk.rules.facts.order import captured


@dataclass(frozen=True, slots=True)
class Swap:
    """So many pieces of a late line, and the goods that would go out in their place."""

    item: ItemView
    pieces: int
    other: SubstituteView
    back_fen: int

    @property
    def base_fen(self) -> int:
        """The price of the goods that are replaced; what a percentage of the limit refers to."""
        return self.item.price_fen * self.pieces

    @property
    def diff_fen(self) -> int:
        """What the others cost more; below 0, less."""
        return (self.other.price_fen - self.item.price_fen) * self.pieces


def swap(snapshot: Snapshot, numbers: Numbers) -> Swap | None:
    """The first late line that the shop can replace: enough of the other goods in stock, not replaced yet."""
    done = {one.item_id for one in substituted(snapshot)}
    for one in late(snapshot, numbers):
        other = one.item.substitute
        if other is not None and other.stock >= one.pieces and one.item.id not in done:
            return Swap(one.item, one.pieces, other, _back(snapshot, one.item, one.pieces, other))
    return None


def _back(snapshot: Snapshot, item: ItemView, pieces: int, other: SubstituteView) -> int:
    """What goes back for cheaper goods: at most what was paid for these pieces and not paid back yet."""
    if snapshot.order is None or other.price_fen >= item.price_fen:
        return 0
    paid = sum(one.amount_fen for one in captured(snapshot))
    shares = line_shares(snapshot.items, paid_for_goods(snapshot.order, paid))
    share = next(part for line, part in zip(snapshot.items, shares, strict=True) if line.id == item.id)
    cheaper = share * pieces * (item.price_fen - other.price_fen) // (item.quantity * item.price_fen)
    return max(0, min(cheaper, share - item.refunded_fen))
