"""Limits of the moment of execution (B0.7): within them one decides, above them one needs an approval."""

from collections.abc import Callable, Mapping

from sqlmodel import Session, col, func, or_, select

from bdesk.data.core import COMPENSATION, OUTBOX, REFUND
from bdesk.data.journal import events, voided
from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    REFUND_LIVE,
    ApprovalState,
    CaseKind,
    DeliveryState,
    Stream,
    VerificationLevel,
)
from bdesk.models.tables import Approval, Case
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import Snapshot
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.second_person import as_asked, as_decided
from bdesk.operations.hands import REFUND as REFUNDING
from bdesk.operations.hands import pays_on_own_answer
from bdesk.operations.standing import Standing
from bdesk.rules import account, documents, limits, unfreeze
from bdesk.rules.evidence import counting
from bdesk.rules.facts import digest
from bdesk.rules.facts.lateness import late
from bdesk.rules.facts.swaps import swap
from bdesk.rules.limits import Allowed, Decision, LimitContext, Proposer
from bdesk.rules.verification import level_number, reached_at_all

# What an approval is bound to: when one of these differs, it lapses (B0.7).
BOUND_FACTS = (
    "order.no",
    "refund.proposed_fen",
    "order.status",
    "order.refundable_fen",
    "case.reason",
    "refund.state",
)

_BOUND = {
    unfreeze.ACTION: unfreeze.BOUND,
    account.ACTION: account.BOUND,
    documents.ACTION: documents.BOUND,
}
"""Actions whose approvals rest on other facts than those of a refund."""

_HELD: Mapping[str, Callable[[Snapshot], VerificationLevel]] = {
    unfreeze.ACTION: unfreeze.level_held,
    account.ACTION: account.level_held,
}
"""Actions that ask how long ago the customer was verified (decision 37)."""

_PAID = {"refund": REFUND, "refund_other_target": REFUND, "compensation": COMPENSATION}

_EFFECT = {
    "refund": "refund",
    "refund_other_target": "refund.other_target",
    "compensation": "compensation",
    "substitute": "substitute.book",
    unfreeze.ACTION: "wallet.release",
    account.ACTION: "account.save",
}


def bound_digest(stand: Standing, action: str) -> str:
    """A digest of the facts that an approval of this action is bound to, as they are now."""
    return digest(stand.facts, _BOUND.get(action, BOUND_FACTS))


def judged(
    call: EffectCall, action: str, amount_fen: int, *, proposer: Proposer = Proposer.NOBODY
) -> Decision:
    """What the acting person may do now."""
    return judged_at(call.stand, action, amount_fen, proposer)


def judged_at(
    stand: Standing, action: str, amount_fen: int, proposer: Proposer = Proposer.NOBODY
) -> Decision:
    """The store's approval matrix asked with the facts of the case."""
    return limits.decide(
        action,
        stand.snapshot.actor.role,
        amount_fen,
        flags_of(stand, action),
        context_of(stand, proposer, action),
        stand.adopted.limits,
    )


def flags_of(stand: Standing, action: str) -> tuple[str, ...]:
    """The flags of the case that the matrix looks at for this action."""
    if action == unfreeze.ACTION:
        return unfreeze.flags(stand.snapshot)
    flags = stand.facts.get("risk.flags")
    return flags if isinstance(flags, tuple) else ()


def context_of(stand: Standing, proposer: Proposer = Proposer.NOBODY, action: str = "") -> LimitContext:
    """What else the matrix looks at, from the facts. A substitute is asked for and carried out only after
    the customer's yes, which its effect asks for again."""
    # Decided and carried out when nobody is on the line any more, or somebody else is.
    held = _HELD.get(action)
    level = level_number(held(stand.snapshot)) if held else stand.facts.get("verification.level")
    late = stand.facts.get("window.hours_past")
    return LimitContext(
        base_fen=_base_fen(stand, action),
        verification=level if isinstance(level, int) else 0,
        evidence=len(counting(stand.snapshot)),
        consent=action == "substitute",
        hours_late=late if isinstance(late, int) else None,
        used_this_year=stand.snapshot.history.goodwill_12m,
        proposer=proposer,
        decided_before=_before(stand),
        own_matter=stand.facts.get("customer.is_actor") is True,
    )


def _before(stand: Standing) -> bool:
    """An appeal asks for a hand in the matter; anything else for who decided it (B0.7)."""
    appeal = stand.snapshot.case.kind is CaseKind.APPEAL
    return stand.facts.get("appeal.touched_by_me" if appeal else "case.decided_by_me") is True


def _base_fen(stand: Standing, action: str) -> int | None:
    """The price that a share refers to: of the goods that are late, or that would be replaced (B0.7)."""
    numbers = stand.adopted.limits.numbers
    if action == "compensation":
        return sum(one.price_fen for one in late(stand.snapshot, numbers)) or None
    if action == "substitute":
        found = swap(stand.snapshot, numbers)
        return None if found is None else found.base_fen
    return sum(item.price_fen for item in stand.snapshot.items if item.chosen) or None


def must_be_within(call: EffectCall, action: str, amount_fen: int) -> None:
    """Raises NotAllowed("limits.above") unless the person may decide it alone, or somebody else has
    approved exactly this amount in this cycle and the approval stands (B0.7: 24 h, facts unchanged).

    What the case paid before counts with it: a limit is not reached around in several steps. Nor is it with
    an answer of one's own: NotAllowed("refund.own_answer") for a refund that rests on it (decision 0016).
    """
    spent = spent_fen(call.act.unit.session, call.act.case, action)
    decision = judged(call, action, amount_fen + spent)
    if decision.allowed is Allowed.DECIDE:
        if decision.note_required and not _note(call):
            raise NotAllowed("limits.note_required", amount_fen=amount_fen)
        _must_have_two_hands(call, action, amount_fen, spent)
        return
    if decision.allowed is Allowed.REFUSED:
        raise NotAllowed(decision.reason.value, action=action, amount_fen=amount_fen)
    approval = approved(call, action, amount_fen)
    if approval is None:
        needs = decision.needs_role.value if decision.needs_role else ""
        limit = decision.limit_fen or 0
        raise NotAllowed("limits.above", amount_fen=amount_fen, limit_fen=limit, needs=needs)
    must_be_unused(call, approval)


def _must_have_two_hands(call: EffectCall, action: str, amount_fen: int, spent: int) -> None:
    if action != REFUNDING:
        return
    kinds = call.ctx.book.tasks_of(call.act.unit.session, call.act.case.tasks_version)
    most = pays_on_own_answer(call.stand, kinds, amount_fen + spent)
    if most is not None and approved(call, action, amount_fen) is None:
        raise NotAllowed("refund.own_answer", limit_fen=most)


def must_be_verified(call: EffectCall) -> None:
    """Raises NotAllowed("limits.verification") for money to a customer who was not verified far enough on
    this case (B0.4), whatever way its procedure led here."""
    if level_number(reached_at_all(call.stand.snapshot)) < limits.REFUND_LEVEL:
        raise NotAllowed("limits.verification")


def spent_fen(session: Session, case: Case, action: str) -> int:
    """What the case has paid under this action already, or is about to: fen of what was neither recalled
    nor refused. Compensation counts for its whole order, whichever case paid it; a second refund on an
    order is flagged (`rules.facts.risk`)."""
    table = _PAID.get(action)
    if table is None:
        return 0
    mine = table.c.case_id == case.id
    if table is COMPENSATION and case.order_id is not None:
        mine = or_(mine, table.c.order_id == case.order_id)
    paid = select(func.coalesce(func.sum(table.c.amount_fen), 0))
    return int(session.execute(paid.where(mine, table.c.state.in_(REFUND_LIVE))).scalar_one())


def _note(call: EffectCall) -> str:
    """The written reason that goes with a decision, under the name that its effect has for it."""
    return next((text for name in ("finance_note", "detail", "why") if (text := call.text(name).strip())), "")


def approved(call: EffectCall, action: str, amount_fen: int) -> Approval | None:
    """A standing approval for this action and amount, decided by somebody else: by the journal's word of who
    asked and who decided, not by the row's (decision 38)."""
    session = call.act.unit.session
    rows = session.scalars(
        select(Approval)
        .where(
            Approval.case_id == call.act.case.id,
            Approval.cycle == call.act.case.cycle,
            Approval.action == action,
            Approval.state == ApprovalState.APPROVED,
        )
        .order_by(col(Approval.id).desc())
    ).all()
    now_digest, matrix = bound_digest(call.stand, action), call.stand.adopted.limits
    for row in rows:
        lapsed = limits.lapse(row.requested_at, call.now, row.facts_digest, now_digest, matrix)
        if (row.amount_fen or 0) != amount_fen or lapsed is not None or row.decided_by == row.requested_by:
            continue
        if as_asked(session, row) and as_decided(session, row):
            return row
    return None


def must_be_unused(call: EffectCall, approval: Approval) -> None:
    """An approval pays once, and to the target that stood when it was given.

    Raises NotAllowed("approval.lapsed") when it paid before (unless that was recalled or refused), or when
    another target was written down since.
    """
    stream = events(call.act.unit.session, Stream.CASE, call.act.case_id)
    given = next((one.id for one in reversed(stream) if _gives(one, approval)), 0)
    gone = voided(stream)
    targets = [one.id for one in stream if one.kind == "customer.target_registered" and one.id not in gone]
    moved = approval.action == "refund_other_target" and bool(targets) and targets[-1] > given
    paid = select(OUTBOX.c.id).where(
        OUTBOX.c.case_id == approval.case_id,
        OUTBOX.c.effect == _EFFECT.get(approval.action, ""),
        OUTBOX.c.commit_event_id > given,
        OUTBOX.c.commit_event_id != call.act.first,
        OUTBOX.c.state.not_in((DeliveryState.RECALLED, DeliveryState.FAILED)),
    )
    if moved or call.act.unit.session.execute(paid.limit(1)).first() is not None:
        why = limits.LimitReason.FACTS_CHANGED.value
        raise NotAllowed("approval.lapsed", why=why, case_no=call.act.case.case_no)


def _gives(event: Event, approval: Approval) -> bool:
    return event.kind == "approval.decided" and event.payload.get("approval") == approval.id
