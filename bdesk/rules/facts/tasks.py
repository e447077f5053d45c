"""Facts about questions to other departments, some for each kind of task in the book (task_names.yaml)."""

from functools import partial

from bdesk.models.kinds import TaskState
from bdesk.rules.facts.base import Compute, FactContext
from bdesk.rules.tasks import Needs, TaskKind, TaskKinds, is_overdue, newest
from bdesk.rules.walk.values import UNKNOWN, FactValue

PREFIX = "tasks."


def computes(kinds: TaskKinds) -> dict[str, Compute]:
    """The facts' functions by name."""
    found: dict[str, Compute] = {}
    for kind in kinds.values():
        name = f"{PREFIX}{kind.fact}"
        found[name] = partial(_state, kind)
        found[f"{name}_answer"] = partial(_answer, kind)
        found[f"{name}_due"] = partial(_due, kind)
        found[f"{name}_late"] = partial(_late, kind)
        if kind.dated:
            found[f"{name}_on"] = partial(_on, kind)
    return found


def _state(kind: TaskKind, context: FactContext) -> FactValue:
    task = newest(context.snapshot, kind.what)
    if task is None:
        return "none"
    if task.state is not TaskState.ANSWERED:
        return "open"
    if task.finding is None and kind.needs is not Needs.MUST:
        return "answered"
    return task.finding if task.finding in kind.findings else UNKNOWN


def _answer(kind: TaskKind, context: FactContext) -> FactValue:
    task = newest(context.snapshot, kind.what)
    return None if task is None else (task.answer or None)


def _due(kind: TaskKind, context: FactContext) -> FactValue:
    task = newest(context.snapshot, kind.what)
    return None if task is None else task.due_at


def _late(kind: TaskKind, context: FactContext) -> FactValue:
    task = newest(context.snapshot, kind.what)
    return task is not None and is_overdue(task, context.snapshot)


def _on(kind: TaskKind, context: FactContext) -> FactValue:
    task = newest(context.snapshot, kind.what)
    return None if task is None else task.finding_on
