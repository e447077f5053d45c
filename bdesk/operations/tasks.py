"""Answers of other departments: they wake the case that asked (P1 RF6)."""

from datetime import date

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseState, TaskState
from bdesk.models.tables import Task
from bdesk.models.views.changed import Changed
from bdesk.operations import returns
from bdesk.operations.change import HOUSE_WAITS, Act, may_work, woken
from bdesk.operations.clocks import living_clocks
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.rules.tasks import TaskKind, fits


def answer_task(
    ctx: Context, task_id: int, answer: str, finding: str | None = None, on: date | None = None
) -> Changed:
    """Keep what a department answered. The case is woken, and a clock that waited for it runs again.

    `finding`: the code the answer comes to, where its question takes one, with the local day `on` where the
    finding names a day (task_names.yaml). An answer about goods that came back or go out is kept with them.
    Raises NotAllowed("task.unknown", "task.done"), BadInput: of an answer that says less or more than its
    question takes ("task.finding", "task.finding_day", "task.finding_none"), and what `check_text` raises.
    """
    may_work(ctx)
    answer = check_text(answer, longest=400)
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.session.get(Task, task_id)
        if row is None:
            raise NotAllowed("task.unknown", number=task_id)
        if row.state is not TaskState.OPEN:
            raise NotAllowed("task.done", number=task_id, state=row.state.value)
        _must_fit(ctx.book.tasks.get(row.what), finding, on)
        row.state, row.answer, row.finding, row.finding_on = TaskState.ANSWERED, answer, finding, on
        row.answered_by, row.answered_at = ctx.actor.number, unit.now
        act = Act(unit, unit.case(row.case_id))
        columns = woken(act.case, HOUSE_WAITS) if act.case.open else None
        told: dict[str, object] = {"task": row.id, "what": row.what, "finding": finding}
        if on is not None:
            told["on"] = on.isoformat()
        act.add("task.answered", told, columns=columns)
        _resume(act, ctx)
        returns.answered(act, ctx, row)
        return act.finish(ctx, "task.answered", undo=False, what=row.what)


def _must_fit(kind: TaskKind | None, finding: str | None, on: date | None) -> None:
    if fits(kind, finding, on):
        return
    if kind is None or not kind.findings:
        raise BadInput("task.finding_none", finding=finding or "")
    if finding is not None and finding in kind.findings:
        raise BadInput("task.finding_day", finding=finding)
    raise BadInput("task.finding", finding=finding or "", known=", ".join(kind.findings))


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
