"""Walking a procedure: reading where a case stands, and recording an answer.

Options that send a message or move money are not answered here: they stand in the pending strip and
F8 commits them (UX 5, `operations.effects`).
"""

from collections.abc import Mapping
from dataclasses import replace

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CheckResult
from bdesk.models.views.changed import Changed
from bdesk.operations.answering import record_answer, settle_state
from bdesk.operations.change import Act, must_be_open, own, row_id
from bdesk.operations.clocks import apply_moves
from bdesk.operations.context import Context
from bdesk.operations.effects.registry import run_effects
from bdesk.operations.roles import must_may
from bdesk.operations.standing import Standing, freeze, needs_f8, planned_answer, standing, thaw
from bdesk.rules.walk.values import Given

__all__ = ["Standing", "answer", "freeze", "standing", "thaw"]


def answer(ctx: Context, case_id: int, version: int, step: str, option: str, captures: Given) -> Changed:
    """Record an answer and do what it does at once. The first answer claims the case.

    `outbox` of what comes back holds letters that the answer sends by itself (the survey of a closing).
    Raises NotAllowed("answer.needs_f8") for one that has to go through the strip, CaseMoved when the
    case changed since it was read, NotAllowed("option.refused") with the reason.
    """
    must_may(ctx, "walking.answer")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case_at(case_id, version))
        must_be_open(act.case)
        stand = standing(unit.session, ctx, case_id, unit.now, at=step)
        planned = planned_answer(stand, step, option, captures)
        if needs_f8(planned):
            raise NotAllowed("answer.needs_f8", option=option)
        record_answer(act, ctx, stand, planned)
        own(act, ctx)
        outbox = run_effects(act, ctx, stand, planned)
        apply_moves(act, ctx, planned.clocks)
        settle_state(act, ctx, stand, planned)
        title = stand.walk.current.title if stand.walk.current is not None else step
        failed = _failed_check(act)
        if failed is not None:
            changed = act.finish(ctx, "verification.failed", tries_left=failed["tries_left"])
        elif any(event.kind == "case.packed" for event in act.events):
            # Kept on the case; whoever needs it outside needs a file.
            changed = act.finish(ctx, "pack.kept")
        else:
            changed = act.finish(ctx, "step.answered", step=step, title=title)
    return replace(changed, outbox=tuple(row_id(row) for row in outbox))


def _failed_check(act: Act) -> Mapping[str, object] | None:
    """What is known of a check of identity that failed with this answer: never which part of it (B0.4)."""
    for event in act.events:
        if event.kind == "verification.checked" and event.payload["result"] != CheckResult.PASSED:
            return event.payload
    return None
