"""Facts about the customer's past, the risk flags, the limits in force and who is acting. Source: B0.7."""

from datetime import timedelta

from bdesk.models.kinds import Inspection, ReturnClass
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.cases import cycle_start
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import chosen
from bdesk.rules.facts.order import captured, contradictions_of, refunds_of_order
from bdesk.rules.facts.product import filed_at, first_window_end
from bdesk.rules.facts.refund import proposal
from bdesk.rules.limits import limit_of, row_of
from bdesk.rules.walk.values import UNKNOWN, FactValue


def risk_flags(context: FactContext) -> tuple[str, ...]:
    """The flags that take a refund out of an agent's hands, in a fixed order. None of them proves fraud."""
    flags = {
        "many_refunds": _many_refunds(context),
        "new_account": _new_account(context),
        "past_window": _past_window(context),
        "perishable": ReturnClass.PERISHABLE in {one.item.return_class for one in chosen(context.snapshot)},
        "partial_history": partial_history(context.snapshot),
        "contradictory": bool(contradictions_of(context.snapshot)),
        "inspection_dispute": _inspection_dispute(context),
    }
    return tuple(name for name, raised in flags.items() if raised)


def partial_history(snapshot: Snapshot) -> bool:
    """Whether an earlier refund, not of this case's cycle, paid back a part of the order."""
    paid = sum(one.amount_fen for one in captured(snapshot))
    since = cycle_start(snapshot)
    return any(
        refund.amount_fen < paid
        for refund in refunds_of_order(snapshot)
        if refund.case_id != snapshot.case.id or refund.committed_at < since
    )


def _many_refunds(context: FactContext) -> bool:
    return context.snapshot.history.refunds_30d >= context.limits.numbers["many_refunds"]


def _new_account(context: FactContext) -> bool:
    customer = context.snapshot.customer
    if customer is None or customer.since is None:
        return False
    return context.snapshot.now - customer.since < timedelta(days=context.limits.numbers["new_account_days"])


def _past_window(context: FactContext) -> bool:
    end = first_window_end(context)
    return end is not None and filed_at(context.snapshot) >= end


def _inspection_dispute(context: FactContext) -> bool:
    """Goods that came back otherwise than they went out, worth more than one person decides on (P7 AS8n).

    A second look after a dispute does not take the flag away: whoever asked for it might note its finding.
    """
    sent_back = context.snapshot.goods_return
    found = proposal(context.snapshot)
    if sent_back is None or found is None:
        return False
    if sent_back.inspection in (None, Inspection.OK) and not context.snapshot.rechecked:
        return False
    return found.amount_fen > context.limits.numbers["inspection_dispute_fen"]


@fact("history.refunds_30d")
def _refunds(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.customer is None else context.snapshot.history.refunds_30d


@fact("history.goodwill_returns_1y")
def _goodwill(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.customer is None else context.snapshot.history.goodwill_12m


@fact("risk.flags")
def _flags(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else risk_flags(context)


@fact("risk.flagged")
def _flagged(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else bool(risk_flags(context))


@fact("limits.refund_fen")
def _refund_limit(context: FactContext) -> FactValue:
    limit = limit_of("refund", context.snapshot.actor.role, (), None, context.limits)
    # Who has no ceiling is bounded by what needs a note from finance.
    return row_of("refund", context.limits).note_above_fen if limit is None else limit


@fact("limits.reapply_max")
def _reapply_max(context: FactContext) -> FactValue:
    return context.limits.numbers["reapply_max"]


@fact("limits.lost_scan_days")
def _lost_scan_days(context: FactContext) -> FactValue:
    return context.limits.numbers["lost_scan_days"]


@fact("limits.goodwill_hours")
def _goodwill_hours(context: FactContext) -> FactValue:
    return row_of("goodwill_return", context.limits).max_hours_late or 0


@fact("actor.role")
def _role(context: FactContext) -> FactValue:
    return context.snapshot.actor.role.value


@fact("actor.no")
def _actor_no(context: FactContext) -> FactValue:
    return context.snapshot.actor.number
