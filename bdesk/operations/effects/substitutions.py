"""Other goods in place of a line that is late (P2, SD7b): once per line, with the customer's own yes."""

from sqlmodel import col, select

from bdesk.errors import FactsMoved, NotAllowed
from bdesk.models.kinds import REFUND_LIVE, RefundState
from bdesk.models.tables import Substitution
from bdesk.models.views.strip import Phrase
from bdesk.operations.change import row_id
from bdesk.operations.context import Context
from bdesk.operations.effects.appeals import must_be_granted
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.limits import must_be_verified, must_be_within
from bdesk.operations.standing import Standing
from bdesk.operations.stock import take_stock
from bdesk.rules.facts import lateness
from bdesk.rules.facts.swaps import Swap, swap
from bdesk.rules.walk.views import Planned, PlannedEffect

ACTION = "substitute"


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """The goods that would go out, as a code and parameters."""
    return Preview(Phrase("strip.substitute.book", {"name": effect.params.get("name")}))


def about_item(item_id: int) -> str:
    """What tells the substitute of one line, and its price difference, from that of another."""
    return f"item{item_id}"


def substitute(call: EffectCall) -> None:
    """Book the substitute of the first late line that has one. Dearer goods cost the customer nothing more;
    what cheaper ones cost less is a refund of its own, in the same answer.

    Raises NotAllowed("compensation.no_cause", "substitute.none", "substitute.already",
    "limits.consent"), FactsMoved when it is other goods than the customer said yes to, and what the limits
    say.
    """
    must_be_verified(call)
    must_be_granted(call)
    found = _swap(call)
    must_be_within(call, ACTION, abs(found.diff_fen))
    session, case = call.act.unit.session, call.act.case
    if case.order_id is None:
        raise NotAllowed("refund.no_order")
    earlier = select(Substitution.id).where(
        Substitution.item_id == found.item.id, col(Substitution.state).in_(REFUND_LIVE)
    )
    if session.scalars(earlier).first() is not None:
        raise NotAllowed("substitute.already", item=found.item.name)
    if not take_stock(call.act.unit, found.other.sku, found.pieces):
        raise NotAllowed("substitute.none")
    row = Substitution(
        order_id=case.order_id,
        case_id=call.act.case_id,
        item_id=found.item.id,
        sku=found.other.sku,
        name=found.other.name,
        quantity=found.pieces,
        price_fen=found.other.price_fen,
        diff_fen=found.diff_fen,
        state=RefundState.HELD,
        committed_at=call.now,
    )
    session.add(row)
    session.flush()
    call.act.add(
        "substitution.held",
        {
            "substitution": row_id(row),
            "item": found.item.id,
            "sku": row.sku,
            "quantity": row.quantity,
            "diff_fen": row.diff_fen,
        },
    )
    call.send({"substitution": row_id(row), "name": row.name}, about=about_item(found.item.id))


def _swap(call: EffectCall) -> Swap:
    snapshot, numbers = call.stand.snapshot, call.stand.adopted.limits.numbers
    if lateness.late(snapshot, numbers) and lateness.cause_now(snapshot) is None:
        raise NotAllowed("compensation.no_cause")
    found = swap(snapshot, numbers)
    if found is None:
        raise NotAllowed("substitute.none")
    if found.other.name != call.text("name"):
        raise FactsMoved(("substitute.name",))
    if call.params.get("agreed") is not True:
        raise NotAllowed("limits.consent")
    return found
