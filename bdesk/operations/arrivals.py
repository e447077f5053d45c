"""Money that arrived: the shop says so, the clock of its arrival is met, and the customer is told (N5)."""

from datetime import datetime

from sqlmodel import col, select

from bdesk.data.refold import refold
from bdesk.data.unit import Unit
from bdesk.errors import DeskError
from bdesk.models.kinds import REFUND_COMING
from bdesk.models.tables import Refund
from bdesk.operations.change import Act
from bdesk.operations.clocks import ARRIVAL, running_clocks
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.letters import Purpose, can_send, send_letter
from bdesk.operations.standing import standing
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect

LETTER = "N5"


def money_arrived(unit: Unit, ctx: Context, refund: Refund, at: datetime) -> None:
    """Write down that a refund of this desk arrived at `at`; its row says so already.

    The arrival clock, which outlives the closing of its case, is met when nothing of the case is under way
    any more (B0.6). A customer who cannot be written to is not told.
    """
    if refund.case_id is None:
        return
    act = Act(unit, unit.case(refund.case_id))
    known = min(at, unit.now)
    act.add(
        "refund.arrived", {"refund": refund.refund_no, "amount_fen": refund.amount_fen}, occurred_at=known
    )
    if not _more_under_way(unit, refund.case_id) and ARRIVAL in running_clocks(act, ctx):
        act.add("clock.fulfilled", {"clock": ARRIVAL}, occurred_at=known)
    _tell(act, ctx, refund)
    refold(unit.session, act.case, ctx.book, unit.now)


def _more_under_way(unit: Unit, case_id: int) -> bool:
    unit.session.flush()
    found = select(Refund.id).where(Refund.case_id == case_id, col(Refund.state).in_(REFUND_COMING))
    return unit.session.scalars(found).first() is not None


def _tell(act: Act, ctx: Context, refund: Refund) -> None:
    stand = standing(act.unit.session, ctx, act.case_id, act.unit.now)
    method = stand.procedure.facts["payments.method"].values[refund.method.value]
    slots = {"amount": refund.amount_fen, "method": method}
    effect = PlannedEffect(1, "letter", Risk.MESSAGE, {"letter": LETTER, "slots": slots})
    # Nobody's answer; its step names the refund, so that each is told of once.
    planned = beside(f"arrived/{refund.refund_no}", effect, cycle=act.case.cycle, binding=False)
    call = EffectCall(act, ctx, stand, planned, effect)
    try:
        can_send(call)
    except DeskError as refused:
        act.add("letter.skipped", {"letter": LETTER, "why": refused.code})
    else:
        send_letter(call, purpose=Purpose.NOTICE)
