"""What the system says of a one-time code: right, wrong or too late. The code itself never comes here (B0.5).

The customer types it into the App, the web or the keypad; the system that sent it calls this. Agents have no
way to say that a code was right.
"""

from sqlmodel import col, func, select

from bdesk.clock import to_iso
from bdesk.data import attempts
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CheckResult, Factor, VerificationLevel
from bdesk.models.tables import Customer, VerificationAttempt
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.context import Context
from bdesk.operations.effects.verifying import next_instant
from bdesk.operations.roles import must_may
from bdesk.operations.standing import standing
from bdesk.rules.verification import LOCK, MAX_FAILURES, code_state, level_number, reached

RESULTS = {
    "passed": CheckResult.PASSED,
    "failed": CheckResult.FAILED,
    "timed_out": CheckResult.TIMED_OUT,
}


def code_result(ctx: Context, case_id: int, result: str) -> Changed:
    """Write down what became of the code that is outstanding on a case: once, and within its five minutes.
    The third wrong one within a day locks the account for a day, on every channel.

    For the system alone (an administrator's number, under which it runs); in a training store anybody plays
    it. Raises NotAllowed("verification.not_the_system"), NotAllowed("verification.no_code") when none is
    outstanding, BadInput("verification.result").
    """
    said = RESULTS.get(result)
    if said is None:
        raise BadInput("verification.result", result=result, known=", ".join(RESULTS))
    if not ctx.store.training:
        must_may(ctx, "codes.code_result")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        stand = standing(unit.session, ctx, case_id, unit.now)
        if code_state(stand.snapshot) != "sent" or act.case.customer_id is None:
            raise NotAllowed("verification.no_code", case_no=act.case.case_no)
        row = VerificationAttempt(
            customer_id=act.case.customer_id,
            case_id=case_id,
            level=VerificationLevel.V3,
            factor=Factor.ONE_TIME_CODE,
            result=said,
            channel=act.case.channel,
            by=ctx.actor.number,
            at=next_instant(unit, act.case.customer_id),
        )
        unit.session.add(row)
        unit.session.flush()
        payload: dict[str, object] = {
            "customer": act.case.customer_id,
            **attempts.told([{name: getattr(row, name) for name in attempts.COLUMNS}]),
            "level": VerificationLevel.V3.value,
            "result": said.value,
            "factors": [Factor.ONE_TIME_CODE.value],
        }
        if said is CheckResult.FAILED and _failed(unit, act.case.customer_id) >= MAX_FAILURES:
            until = unit.now + LOCK
            unit.session.get_one(Customer, act.case.customer_id).verification_locked_until = until
            payload["locked_until"] = to_iso(until)
        columns: dict[str, object] = {}
        level = reached(standing(unit.session, ctx, case_id, unit.now).snapshot)
        if level_number(level) > level_number(act.case.verified_level):
            columns["verified_level"] = level
        act.add("verification.checked", payload, columns=columns)
        return act.finish(ctx, "verification.code", undo=False, result=said.value)


def _failed(unit: Unit, customer_id: int) -> int:
    """Wrong codes of the account within the time that a lock lasts, on every case and channel (B0.4)."""
    return unit.session.scalars(
        select(func.count())
        .select_from(VerificationAttempt)
        .where(
            VerificationAttempt.customer_id == customer_id,
            VerificationAttempt.factor == Factor.ONE_TIME_CODE,
            VerificationAttempt.result == CheckResult.FAILED,
            col(VerificationAttempt.voided).is_(False),
            col(VerificationAttempt.at) > unit.now - LOCK,
        )
    ).one()
