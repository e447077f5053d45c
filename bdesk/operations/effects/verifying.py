"""Checking who calls (B0.4). Values are compared and forgotten; the log keeps kinds and results."""

from sqlmodel import select

from bdesk.clock import to_iso
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CaseState, CheckResult, Factor, VerificationLevel
from bdesk.models.tables import Customer, VerificationAttempt
from bdesk.operations.effects.call import EffectCall
from bdesk.rules.verification import check, is_locked

LEVELS = {0: VerificationLevel.V0, 1: VerificationLevel.V1, 2: VerificationLevel.V2, 3: VerificationLevel.V3}


def _factor(name: str) -> Factor:
    """The factor a field stands for: fields carry the factor's own name."""
    try:
        return Factor(name)
    except ValueError:
        raise BadInput("capture.unknown", field=name) from None


def verify(call: EffectCall) -> None:
    """Compare what was said with the file. A failure is kept too: the answer stands, the level does not rise.

    Raises NotAllowed("verification.locked") while the account is locked, on any channel.
    """
    snapshot, case = call.stand.snapshot, call.act.case
    if case.customer_id is None:
        raise NotAllowed("verification.no_customer")
    if is_locked(snapshot):
        raise NotAllowed("verification.locked")
    level = LEVELS[int(call.text("level", "2"))]
    given = {_factor(name): str(value) for name, value in call.planned.secrets.items() if value}
    outcome = check(level, given, snapshot)
    session = call.act.unit.session
    for factor, result in outcome.factors:
        session.add(
            VerificationAttempt(
                customer_id=case.customer_id,
                case_id=case.id,
                level=level,
                factor=factor,
                result=result,
                channel=case.channel,
                by=call.ctx.actor.number,
                at=call.now,
            )
        )
    payload: dict[str, object] = {
        "level": level.value,
        "result": outcome.result.value,
        "factors": sorted(factor.value for factor, _ in outcome.factors),
        "tries_left": outcome.tries_left,
    }
    columns: dict[str, object] = {}
    if outcome.result is CheckResult.PASSED:
        columns["verified_level"] = outcome.reached
        if case.state is CaseState.VERIFYING:
            columns["state"] = CaseState.IN_PROGRESS
    if outcome.locks_until is not None:
        payload["locked_until"] = to_iso(outcome.locks_until)
        customer = session.scalars(select(Customer).where(Customer.id == case.customer_id)).one()
        customer.verification_locked_until = outcome.locks_until
    call.act.add("verification.checked", payload, **columns)


def send_code(call: EffectCall) -> None:
    """Ask the system to send a one-time code; the customer types it, nobody here sees it (B0.5)."""
    call.act.add("verification.code_sent", {"by": call.text("by", "on_file")})


def ask_documents(call: EffectCall) -> None:
    """Ask for documents by the secure form; a supervisor looks at them (V3+)."""
    call.act.add("verification.documents_asked", {"who": call.text("who")})
