"""Clocks that wait for another department's answer: one rule for the walk's questions and those by hand.

Which department stops which clocks is data: a kind of question says for whom of those it goes to a clock may
stand (task_names.yaml, `stops`), a kind of clock for whom it ever does, and how long in all (clocks.yaml).
"""

from bdesk.clock import to_iso
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseState
from bdesk.models.tables import Task
from bdesk.operations.change import Act
from bdesk.operations.clocks import living_clocks
from bdesk.operations.context import Context
from bdesk.rules.clock.planning import stop_for, used_up
from bdesk.rules.tasks import TaskKind

RUNS_ON = "clock.runs_on"
"""The event that says why a clock does not stand although somebody else was asked."""


def stop_for_answer(act: Act, ctx: Context, kind: TaskKind, row: Task, state: CaseState | None) -> None:
    """Stop what may wait for this question, until its answer or until that is due. What has used up its stops
    runs on, and the timeline says so; so does the case's state, which only a real stop makes `state`
    (None where the walk says it)."""
    reason = kind.stops.get(row.department.value)
    if reason is None or row.due_at is None:
        return
    living, kinds = living_clocks(act, ctx), ctx.book.clock_kinds
    stop = stop_for((reason,), living, kinds, act.unit.now)
    if stop.clocks:
        payload = {
            "clocks": [clock for clock, _until in stop.clocks],
            "reason": reason.value,
            "who": reason.waits_for,
            "resume_at": to_iso(row.due_at),
        }
        act.add("clock.paused", payload, columns={"state": state} if state is not None else None)
    for one in used_up((reason,), living, kinds):
        name = {"clock": one.kind, "number": one.number, "cycle": one.cycle}
        act.add(RUNS_ON, {**name, "reason": reason.value, "why": "clock.cap_used"})


def resume_after_answer(act: Act, ctx: Context) -> None:
    """Let run what waited for somebody other than the customer."""
    waited = [
        one.kind
        for one in living_clocks(act, ctx)
        if one.run is RunState.PAUSED and one.paused is not None and one.paused.reason.waits_for != "customer"
    ]
    if waited:
        state = {"state": CaseState.IN_PROGRESS} if act.case.open else None
        act.add("clock.resumed", {"reason": "agent", "clocks": waited}, columns=state)
