"""Questions to other departments, and their answers, which wake the case that asked (P1 RF6)."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlmodel import col, select

from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.i18n import language
from bdesk.models.kinds import CaseState, Department, TaskState
from bdesk.models.tables import Task
from bdesk.models.views.changed import Changed
from bdesk.operations import returns
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.change import HOUSE_WAITS, NOT_ASIDE, Act, own, woken
from bdesk.operations.context import Context
from bdesk.operations.hands import must_be_anothers
from bdesk.operations.notes import check_text
from bdesk.operations.questions import LONGEST_QUESTION, keep_question
from bdesk.operations.roles import must_may
from bdesk.operations.stopping import resume_after_answer, stop_for_answer
from bdesk.operations.waking import goes_on_in
from bdesk.rules.tasks import QUESTION, TaskKind, fits

LONGEST_HOURS = 24 * 30
"""By which a department may be given to answer."""


def task_event(
    act: Act,
    ctx: Context,
    what: str,
    department: Department,
    question: str,
    hours: int | None = None,
    *,
    state: CaseState | None = None,
) -> Task:
    """Keep a question to a department, due in `hours`, else in those its kind has; clocks that may wait for
    it stop, and the case is in `state` then, where one is named.

    Raises NotAllowed("task.not_asked") for a department that is never asked for this, BadInput("task.due"),
    and what `check_text` raises.
    """
    kind = ctx.book.tasks_of(act.unit.session, act.case.tasks_version).get(what)
    if kind is None or department.value not in kind.to:
        raise NotAllowed("task.not_asked", what=what, to=department.value)
    hours = kind.due_hours if hours is None else hours
    if not 1 <= hours <= LONGEST_HOURS:
        raise BadInput("task.due", longest=LONGEST_HOURS)
    due = act.unit.now + timedelta(hours=hours)
    words = check_text(question or kind.label.get(language()), longest=LONGEST_QUESTION)
    row = keep_question(act, what, department, words, due)
    stop_for_answer(act, ctx, kind, row, state)
    return row


def ask(
    ctx: Context, case_id: int, department: str, question: str, hours: int, what: str = QUESTION
) -> Changed:
    """Ask a department from any open case (F6 0 1). Clocks that may wait for it stop until it answers, or
    until its answer is due.

    Raises BadInput("task.department") for one that is none, and what `own` and `task_event` raise.
    """
    must_may(ctx, "tasks.ask")
    if department not in {one.value for one in Department}:
        raise BadInput("task.department", department=department, known=", ".join(Department))
    to = Department(department)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        own(act, ctx)
        row = task_event(act, ctx, what, to, question, hours, state=CaseState.IN_TRANSIT)
        return act.finish(ctx, "task.opened", to=to.value, due_at=row.due_at)


def answer_task(
    ctx: Context, task_id: int, answer: str, finding: str | None = None, on: date | None = None
) -> Changed:
    """Keep what a department answered. The case is woken, and a clock that waited for it runs again; of one
    that was merged meanwhile, the case in which its matter goes on.

    `finding`: the code the answer comes to, where its question takes one, with the local day `on` where the
    finding names a day (task_names.yaml). An answer about goods that came back or go out is kept with them.
    Who asked may type it in, and the record says so; not what opens much money (docs/decisions/0016).
    Raises NotAllowed("task.unknown", "task.done", "task.own_answer", "limits.own_matter"), BadInput: of an
    answer that says less or more than its question takes ("task.finding", "task.finding_day",
    "task.finding_none"), and what `check_text` raises.
    """
    must_may(ctx, "tasks.answer_task")
    answer = check_text(answer, longest=400)
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.of_case(Task, task_id)
        if row is None:
            raise NotAllowed("task.unknown", number=task_id)
        if row.state is not TaskState.OPEN:
            raise NotAllowed("task.done", number=task_id, state=row.state.value)
        act = Act(unit, unit.case(row.case_id))
        kind = ctx.book.tasks_of(unit.session, act.case.tasks_version).get(row.what)
        _must_fit(kind, finding, on)
        must_not_be_own(ctx, act.case)
        must_be_anothers(act, ctx, kind, finding, row.asked_by)
        row.state, row.answer, row.finding, row.finding_on = TaskState.ANSWERED, answer, finding, on
        row.answered_by, row.answered_at = ctx.actor.number, unit.now
        columns = woken(act.case, HOUSE_WAITS) if act.case.open else None
        told: dict[str, object] = {"task": row.id, "what": row.what, "finding": finding}
        if on is not None:
            told["on"] = on.isoformat()
        if row.answered_by == row.asked_by:
            told["by_asker"] = True
        act.add("task.answered", told, columns=columns)
        resume_after_answer(act, ctx)
        returns.answered(act, ctx, row)
        _pass_on(act, row, kind)
        return act.finish(ctx, "task.answered", undo=False, what=row.what)


def _pass_on(act: Act, row: Task, kind: TaskKind | None) -> None:
    """What was asked from a case that was merged meanwhile is for the case in which its matter goes on: it is
    woken, and has the answer as a note."""
    case = goes_on_in(act.unit, act.case)
    if case is act.case or not case.open:
        return
    what = kind.label.get(language()) if kind is not None else row.what
    words = kind.findings[row.finding].get(language()) if kind is not None and row.finding else ""
    day = row.finding_on.isoformat() if row.finding_on is not None else ""
    said = " ".join(part for part in (f"{act.case.case_no} {what}:", words, day, row.answer or "") if part)
    other = Act(act.unit, case)
    text, digest = act.unit.text(case, "note", said)
    other.add("note.added", {"text": text.id, "digest": digest}, columns=woken(case, HOUSE_WAITS))
    act.touched.append(case)


def _must_fit(kind: TaskKind | None, finding: str | None, on: date | None) -> None:
    if fits(kind, finding, on):
        return
    if kind is None or not kind.findings:
        raise BadInput("task.finding_none", finding=finding or "")
    if finding is not None and finding in kind.findings:
        raise BadInput("task.finding_day", finding=finding)
    raise BadInput("task.finding", finding=finding or "", known=", ".join(kind.findings))


# Overdue


def overdue(now: datetime) -> Select[Any]:
    """Questions whose answers were due and of which nobody was told yet, those of closed cases among them:
    what was passed on with the closing is owed an answer too."""
    return (
        select(Task.id)
        .where(
            col(Task.state) == TaskState.OPEN,
            col(Task.due_at) <= now,
            col(Task.overdue_at).is_(None),
        )
        .order_by(col(Task.due_at), col(Task.id))
    )


def raise_overdue(unit: Unit, ctx: Context, task_id: int) -> bool:
    """What the sweep does about one of `overdue`: told once, at the true time, and a case that was put
    aside comes back to its owner's hand."""
    row = unit.session.get_one(Task, task_id)
    row.overdue_at = unit.now
    act = Act(unit, unit.case(row.case_id))
    act.add(
        "task.overdue",
        {"task": row.id, "to": row.department.value, "what": row.what},
        occurred_at=row.due_at,
        columns=NOT_ASIDE if act.case.aside else None,
    )
    act.finish(ctx, "task.overdue", undo=False)
    return True
