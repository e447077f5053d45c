"""Answers of other departments: they wake the case that asked (P1 RF6)."""

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseState, TaskState
from bdesk.models.tables import Task
from bdesk.models.views.changed import Changed
from bdesk.operations.change import HOUSE_WAITS, Act, may_work, woken
from bdesk.operations.clocks import living_clocks
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text

FINDINGS = ("found", "lost", "not_delivered")
"""What a courier claim comes to."""

CLAIM = "courier_claim"


def answer_task(ctx: Context, task_id: int, answer: str, finding: str | None = None) -> Changed:
    """Keep what a department answered. The case is woken, and a clock that waited for it runs again.

    A courier claim needs its `finding`: found, lost or not_delivered. Raises NotAllowed("task.unknown",
    "task.done") and BadInput("task.finding"), and what `check_text` raises.
    """
    may_work(ctx)
    answer = check_text(answer, longest=400)
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.session.get(Task, task_id)
        if row is None:
            raise NotAllowed("task.unknown", number=task_id)
        if row.state is not TaskState.OPEN:
            raise NotAllowed("task.done", number=task_id, state=row.state.value)
        if finding not in (FINDINGS if row.what == CLAIM else (None,)):
            raise BadInput("task.finding", finding=finding or "", known=", ".join(FINDINGS))
        row.state, row.answer, row.finding = TaskState.ANSWERED, answer, finding
        row.answered_by, row.answered_at = ctx.actor.number, unit.now
        act = Act(unit, unit.case(row.case_id))
        columns = woken(act.case, HOUSE_WAITS) if act.case.open else None
        act.add("task.answered", {"task": row.id, "what": row.what, "finding": finding}, columns=columns)
        _resume(act, ctx)
        return act.finish(ctx, "task.answered", undo=False, what=row.what)


def _resume(act: Act, ctx: Context) -> None:
    """Let run what waited for somebody other than the customer."""
    waited = [
        one.kind
        for one in living_clocks(act, ctx)
        if one.run is RunState.PAUSED and one.paused is not None and one.paused.reason.waits_for != "customer"
    ]
    if waited:
        state = {"state": CaseState.IN_PROGRESS} if act.case.open else None
        act.add("clock.resumed", {"reason": "agent", "clocks": waited}, columns=state)
