"""Checking who calls (B0.4). Values are compared and forgotten; the log keeps kinds and results."""

from datetime import datetime, timedelta

from sqlmodel import func, select

from bdesk.clock import to_iso
from bdesk.data import attempts
from bdesk.data.snapshot.work import count_failed_attempts
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed, StoreProblem
from bdesk.models.kinds import CaseState, CheckResult, Factor, VerificationLevel
from bdesk.models.tables import Customer, VerificationAttempt
from bdesk.operations.effects.call import EffectCall
from bdesk.rules.factor_forms import SAID_AS, well_formed
from bdesk.rules.verification import CheckOutcome, check, locked_until

LEVELS = {0: VerificationLevel.V0, 1: VerificationLevel.V1, 2: VerificationLevel.V2, 3: VerificationLevel.V3}


TICK = timedelta(microseconds=1)


def _given(call: EffectCall) -> dict[Factor, str]:
    """What was said, by factor. `factors` of the effect names the fields that count; the field says which
    factor it stands for. One that was not asked for (`rules.asking`) was not said. Raises
    BadInput("capture.unknown") for a field that is none, and one of `SAID_AS` for what could be no answer to
    it: that is no attempt."""
    current = call.stand.walk.current
    given: dict[Factor, str] = {}
    for name in call.text("factors").split() or list(call.planned.secrets):
        capture = current.step.capture(name) if current is not None else None
        if capture is None and name not in call.planned.secrets:
            continue
        if capture is None or capture.factor is None:
            raise BadInput("capture.unknown", field=name)
        said, factor = str(call.planned.secrets.get(name) or ""), Factor(capture.factor)
        if said.strip() and not well_formed(factor, said):
            code = SAID_AS.get(factor, "capture.bad")
            raise BadInput(code, field=name, label=capture.label, length=capture.length or 0)
        if said:
            given[factor] = said
    return given


def next_instant(unit: Unit, customer_id: int | None) -> datetime:
    """When this attempt was made. Rows of one attempt share it and two attempts never do: on a clock that
    stands still three wrong answers are three."""
    last = unit.session.scalars(
        select(func.max(VerificationAttempt.at)).where(VerificationAttempt.customer_id == customer_id)
    ).first()
    return unit.now if last is None else max(unit.now, last + TICK)


def _log(
    call: EffectCall, customer_id: int, level: VerificationLevel, outcome: CheckOutcome
) -> dict[str, object]:
    """Kinds and results, one row for each factor; never a value. What the event says of the rows."""
    at = next_instant(call.act.unit, customer_id)
    rows = [
        VerificationAttempt(
            customer_id=customer_id,
            case_id=call.act.case_id,
            level=level,
            factor=factor,
            result=result,
            channel=call.act.case.channel,
            by=call.ctx.actor.number,
            at=at,
        )
        for factor, result in outcome.factors
    ]
    call.act.unit.session.add_all(rows)
    call.act.unit.session.flush()
    return attempts.told({name: getattr(row, name) for name in attempts.COLUMNS} for row in rows)


def verify(call: EffectCall) -> None:
    """Compare what was said with the file. A failure is kept too: the answer stands, the level does not rise.

    Failures count per account, on every channel and case; the third within 24 h locks it for 24 h, and
    nothing that is undone or recalled lifts that (B0.4). Raises NotAllowed("verification.locked", until=)
    while it is locked, StoreProblem("store.stale") while somebody else checks the same account, and what
    `rules.verification.check` raises.
    """
    snapshot, case = call.stand.snapshot, call.act.case
    if case.customer_id is None:
        raise NotAllowed("verification.no_customer")
    if (until := locked_until(snapshot)) is not None:
        raise NotAllowed("verification.locked", until=until)
    _must_know_all(call, case.customer_id)
    # Answers alone reach level 2; for more the system's word on the code follows (`operations.codes`).
    level = LEVELS[min(2, int(call.text("level", "2")))]
    outcome = check(level, _given(call), snapshot)
    payload: dict[str, object] = {
        "customer": case.customer_id,
        **_log(call, case.customer_id, level, outcome),
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
        customer = call.act.unit.session.get_one(Customer, case.customer_id)
        customer.verification_locked_until = outcome.locks_until
    call.act.add("verification.checked", payload, columns=columns)


def _must_know_all(call: EffectCall, customer_id: int) -> None:
    """One attempt after another, on whatever case: where rows are locked one by one, many desks at once would
    have as many tries as there are desks."""
    session = call.act.unit.session
    call.act.unit.locked(Customer, customer_id)
    if count_failed_attempts(session, customer_id, call.now) != call.stand.snapshot.history.failed_checks:
        raise StoreProblem("store.stale", store=call.ctx.store.place)


def begin_anew(call: EffectCall) -> None:
    """What was proven so far counts no more: the caller could not be verified in the end, or it is too old
    for what is to be done. Whoever is on the line is asked once more; checks before it stay before it."""
    # Later than every attempt so far, also on a clock that stands still.
    since = next_instant(call.act.unit, call.act.case.customer_id)
    call.act.add(
        "verification.anew", {"since": to_iso(since)}, columns={"verified_level": VerificationLevel.V0}
    )


def send_code(call: EffectCall) -> None:
    """Ask the system to send a one-time code; the customer types it, nobody here sees it (B0.5)."""
    call.act.add("verification.code_sent", {"by": call.text("by", "on_file")})
