"""Lifting the lock of identity checks: a supervisor voids the failures that made it (B0.4)."""

from sqlmodel import col, select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CheckResult, Factor
from bdesk.models.tables import Customer, VerificationAttempt
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may
from bdesk.rules.verification import LOCK

VOIDED = "verification.voided"


def void_failures(ctx: Context, case_id: int, reason: str) -> Changed:
    """Void the failed checks of the case's customer that count now, on whichever channel and case they were
    made, and lift the lock. The attempts stay on the record, and so do who voided them and why.

    Raises NotAllowed: ("role.cannot_void") below a supervisor; ("verification.own_failures") for whoever took
    one of these answers or is the customer, since nobody checks their own work; ("verification.no_customer",
    "verification.not_locked").
    """
    must_may(ctx, "voiding.void_failures")
    reason = check_text(reason, longest=200)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        customer = unit.session.get(Customer, act.case.customer_id) if act.case.customer_id else None
        if customer is None:
            raise NotAllowed("verification.no_customer")
        rows = unit.session.scalars(
            select(VerificationAttempt)
            .where(
                VerificationAttempt.customer_id == customer.id,
                VerificationAttempt.result == CheckResult.FAILED,
                # Documents that were refused are no wrong answer, and lock nothing (decision 26).
                VerificationAttempt.factor != Factor.DOCUMENT,
                col(VerificationAttempt.voided).is_(False),
                col(VerificationAttempt.at) > unit.now - LOCK,
            )
            .order_by(col(VerificationAttempt.id))
        ).all()
        locked = customer.verification_locked_until
        if not rows and (locked is None or locked <= unit.now):
            raise NotAllowed("verification.not_locked", case_no=act.case.case_no)
        mine = any(row.by == ctx.actor.number for row in rows)
        if mine or customer.id in (ctx.actor.customer_id, *ctx.actor.relatives):
            raise NotAllowed("verification.own_failures")
        for row in rows:
            row.voided = True
        customer.verification_locked_until = None
        text, digest = unit.text(act.case, "voiding", reason)
        said = {"attempts": [row.id for row in rows], "count": len({(row.case_id, row.at) for row in rows})}
        act.add(VOIDED, {**said, "customer": customer.id, "text": text.id, "digest": digest})
        return act.finish(ctx, VOIDED, undo=False, count=said["count"])
