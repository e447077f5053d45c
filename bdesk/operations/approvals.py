"""Deciding approvals: maker is never checker, by person; bound to the facts, lapsing after 24 h (B0.7)."""

from sqlmodel import Session, select

from bdesk.data.journal import events, voided
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import ApprovalState, Role, Stream
from bdesk.models.tables import Approval, Case, StepAnswer
from bdesk.models.views.changed import Changed
from bdesk.operations.change import APPROVAL_WAITS, Act, woken
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import Context
from bdesk.operations.effects.appeals import must_not_have_touched
from bdesk.operations.effects.limits import bound_digest, judged_at, spent_fen
from bdesk.operations.effects.unfreezing import as_recommended
from bdesk.operations.notes import check_text
from bdesk.operations.people import sign_in
from bdesk.operations.roles import must_may
from bdesk.operations.standing import Standing, standing
from bdesk.rules import limits, unfreeze
from bdesk.rules.limits import Allowed, Proposer

VERDICTS = {
    "approve": ApprovalState.APPROVED,
    "refuse": ApprovalState.REFUSED,
    "return": ApprovalState.RETURNED,
}
OWN_PASSWORD = frozenset({unfreeze.ACTION})
"""Actions that are decided with one's own password, typed again (P6, WU8)."""


def decide(
    ctx: Context, approval_id: int, verdict: str, words: str = "", *, password: str | None = None
) -> Changed:
    """Approve, refuse, or send back with a question.

    `password`: the decider's own, for what is decided with it (`OWN_PASSWORD`); it is compared like at the
    door, where wrong ones count and wait: BadInput("approval.password") without one, and what `sign_in`
    raises. Raises NotAllowed("approval.own") for one's own request or matter, ("approval.lapsed") when its
    time is over or its facts are others (it is then marked as lapsed), ("limits.above") when it is above the
    decider too. Refusing and returning need words, and so does any release: BadInput("approval.no_words").
    """
    state = VERDICTS.get(verdict)
    if state is None:
        raise BadInput("approval.verdict", verdict=verdict, known=", ".join(VERDICTS))
    words = check_text(words, longest=400) if words.strip() else ""
    if state is not ApprovalState.APPROVED and not words:
        raise BadInput("approval.no_words")
    _must_be_oneself(ctx, approval_id, password)
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.session.get(Approval, approval_id)
        if row is None:
            raise NotAllowed("approval.unknown", number=approval_id)
        if row.state is not ApprovalState.REQUESTED:
            raise NotAllowed("approval.decided", state=row.state.value, by=row.decided_by or "")
        act = Act(unit, unit.case(row.case_id))
        stand = standing(unit.session, ctx, row.case_id, unit.now)
        lapsed = _lapsed(unit.session, stand, row)
        if lapsed is None:
            _may_decide(unit.session, ctx, stand, row, act.case)
            _must_say_why(stand, row, state, words)
        row.state = ApprovalState.LAPSED if lapsed else state
        row.decided_by, row.decided_at = ctx.actor.number, unit.now
        row.question = words or None
        act.add(
            "approval.lapsed" if lapsed else "approval.decided",
            {"approval": row.id, "state": row.state.value, "why": lapsed or ""},
            columns=woken(act.case, APPROVAL_WAITS),
        )
        fulfil_event(act, ctx, "approval")
        changed = act.finish(ctx, "approval.decided", undo=False, state=row.state.value)
    if lapsed is not None:
        raise NotAllowed("approval.lapsed", why=lapsed, case_no=changed.case_no)
    return changed


def needs_password(ctx: Context, approval_id: int) -> bool:
    """Whether this request is decided with one's own password; False for one that is not there."""
    with ctx.store.read() as session:
        row = session.get(Approval, approval_id)
        return row is not None and row.action in OWN_PASSWORD


def _must_be_oneself(ctx: Context, approval_id: int, password: str | None) -> None:
    """Ask for the password before the write begins: argon2id takes its time, and its count of failures is
    written by itself. Whoever is somebody else by now, or has another role, decides nothing."""
    if not needs_password(ctx, approval_id):
        return
    if not password:
        raise BadInput("approval.password")
    oneself = sign_in(ctx.store, ctx.actor.number, password, on_duty=False)
    if (oneself.id, oneself.acting(None).role) != (ctx.actor.id, ctx.actor.acting(None).role):
        raise NotAllowed("role.cannot_approve", role=oneself.role.value)


def _lapsed(session: Session, stand: Standing, row: Approval) -> str | None:
    digest_now = bound_digest(stand, row.action)
    matrix = stand.adopted.limits
    if row.action == unfreeze.ACTION and not as_recommended(session, row):
        return limits.LimitReason.FACTS_CHANGED.value
    found = limits.lapse(row.requested_at, stand.snapshot.now, row.facts_digest, digest_now, matrix)
    return found.value if found is not None else None


def _may_decide(session: Session, ctx: Context, stand: Standing, row: Approval, case: Case) -> None:
    if row.requested_by == ctx.actor.number or stand.facts.get("customer.is_actor") is True:
        raise NotAllowed("approval.own")
    if row.action == "refund_other_target" and _registered_by(session, row) == ctx.actor.number:
        # Whoever wrote down where the money goes is one of the two persons (B0.7).
        raise NotAllowed("approval.own")
    must_not_have_touched(stand.snapshot)
    if row.action == unfreeze.ACTION:
        _must_be_apart(session, ctx, row)
    role = must_may(ctx, "approvals.decide")
    if row.action not in stand.adopted.limits.rows:
        if role is Role.SENIOR:
            raise NotAllowed("role.cannot_approve", role=role.value)
        return
    amount = (row.amount_fen or 0) + spent_fen(session, case, row.action)
    decision = judged_at(stand, row.action, amount, Proposer.OTHER)
    if decision.allowed is Allowed.REFUSED:
        raise NotAllowed(decision.reason.value, action=row.action, amount_fen=row.amount_fen or 0)
    if decision.allowed is not Allowed.DECIDE:
        needs = decision.needs_role.value if decision.needs_role else ""
        raise NotAllowed(
            "limits.above", amount_fen=row.amount_fen or 0, limit_fen=decision.limit_fen or 0, needs=needs
        )


def _registered_by(session: Session, row: Approval) -> str | None:
    stream = events(session, Stream.CASE, row.case_id)
    gone = voided(stream)
    said = [one for one in stream if one.kind == "customer.target_registered" and one.id not in gone]
    return said[-1].actor if said else None


def _must_be_apart(session: Session, ctx: Context, row: Approval) -> None:
    """Whoever questioned the customer or noted anything in this cycle of the case is its maker too, whatever
    session it was done in and whoever pressed the last key (B0.7). Raises NotAllowed("approval.own")."""
    mine = select(StepAnswer.id).where(
        StepAnswer.case_id == row.case_id, StepAnswer.cycle == row.cycle, StepAnswer.by == ctx.actor.number
    )
    if session.scalars(mine).first() is not None:
        raise NotAllowed("approval.own")


def _must_say_why(stand: Standing, row: Approval, state: ApprovalState, words: str) -> None:
    """A very large sum takes the decider's own note beside the reason of whoever asked (B0.7)."""
    limit = stand.adopted.limits.rows.get(row.action)
    if state is ApprovalState.APPROVED and row.action == unfreeze.ACTION and not words:
        raise BadInput("approval.no_words")
    above = limit.note_above_fen if limit is not None else None
    if state is ApprovalState.APPROVED and above is not None and (row.amount_fen or 0) > above and not words:
        raise BadInput("approval.no_words")
