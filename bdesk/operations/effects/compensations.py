"""Compensation for a delay: once per order and delay, whichever case asks for it (P2, law file 8)."""

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import REFUND_LIVE, CompensationKind, RefundState
from bdesk.models.tables import Compensation
from bdesk.models.views.strip import Phrase
from bdesk.operations.change import row_id
from bdesk.operations.context import Context
from bdesk.operations.effects.appeals import must_be_granted
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.limits import must_be_verified, must_be_within
from bdesk.operations.standing import Standing
from bdesk.rules.facts import lateness
from bdesk.rules.walk.views import Planned, PlannedEffect


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """The amount and its form, as a code and parameters."""
    words = {"amount_fen": effect.params.get("amount_fen"), "form": effect.params.get("form")}
    return Preview(Phrase("strip.compensation", words))


def compensate(call: EffectCall) -> None:
    """Book it once; the table's unique key stands behind the question. The delay it is for follows from the
    promise that was broken, so no procedure can name another one.

    Raises NotAllowed("compensation.not_late", "compensation.no_cause", "compensation.excluded",
    "compensation.already"), and what the limits say.
    """
    amount = call.fen()
    must_be_verified(call)
    must_be_granted(call)
    delay = _delay(call)
    case, session = call.act.case, call.act.unit.session
    row = session.scalars(
        select(Compensation).where(Compensation.order_id == case.order_id, Compensation.delay_key == delay)
    ).first()
    if row is not None and row.state in REFUND_LIVE:
        raise NotAllowed("compensation.already", amount_fen=row.amount_fen)
    must_be_within(call, "compensation", amount)
    if case.order_id is None:
        raise NotAllowed("refund.no_order")
    # One that was recalled or refused has its row still, and the key is unique.
    row = row or Compensation(
        order_id=case.order_id,
        delay_key=delay,
        kind=CompensationKind.COUPON,
        amount_fen=amount,
        state=RefundState.HELD,
        committed_at=call.now,
    )
    row.case_id, row.amount_fen, row.state = case.id, amount, RefundState.HELD
    row.kind, row.committed_at = CompensationKind(call.text("form", "coupon")), call.now
    session.add(row)
    session.flush()
    call.act.add("compensation.held", {"compensation": row_id(row), "amount_fen": amount, "delay": delay})
    call.send({"amount_fen": amount, "delay": delay, "compensation": row_id(row)})


def _delay(call: EffectCall) -> str:
    """The delay that would be compensated now, with everything that must be so before anything is given."""
    snapshot, numbers = call.stand.snapshot, call.stand.adopted.limits.numbers
    if snapshot.order is None:
        raise NotAllowed("refund.no_order")
    broken = lateness.late(snapshot, numbers)
    if not broken:
        raise NotAllowed("compensation.not_late")
    cause = lateness.cause_now(snapshot)
    if cause is None:
        raise NotAllowed("compensation.no_cause")
    if cause.cause in lateness.NOT_OURS:
        raise NotAllowed("compensation.excluded")
    if lateness.compensated(snapshot, numbers):
        raise NotAllowed("compensation.already", amount_fen=lateness.given_fen(snapshot))
    return lateness.delay_key(broken[0].due_at)
