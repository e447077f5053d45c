"""How a case stands in the customer's words: its state by what is waited for, and the instant of a date."""

from datetime import timedelta
from typing import Any

import pytest

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseOutcome, CaseState, Department, PromiseState, RefundState, TaskState
from bdesk.models.views.snapshot import PromiseView, Snapshot, TaskView
from bdesk.rules.progress import (
    PROMISES_MANY,
    Status,
    broken_promises,
    needs_supervisor,
    open_promise,
    progress_of,
)
from tests.rules.samples import HOUR, NOW, case, clock, refund, snapshot

TICK = timedelta(microseconds=1)


def promise(number: int = 1, due: timedelta = HOUR, state: PromiseState = PromiseState.OPEN) -> PromiseView:
    return PromiseView(number, "回电", NOW + due, state, "1001")


def asked(department: Department, number: int = 1, state: TaskState = TaskState.OPEN) -> TaskView:
    return TaskView(number, department, state, "?", NOW - HOUR + number * TICK, what="question")


@pytest.mark.parametrize(
    ("state", "tasks", "status"),
    [
        (CaseState.NEW, (), Status.RECEIVED),
        (CaseState.VERIFYING, (), Status.RECEIVED),
        (CaseState.IN_PROGRESS, (), Status.REVIEWING),
        (CaseState.WAITING_APPROVAL, (), Status.REVIEWING),
        (CaseState.WAITING_CUSTOMER, (asked(Department.COURIER),), Status.WAITING_YOU),
        (CaseState.IN_PROGRESS, (asked(Department.MERCHANT),), Status.WAITING_WAREHOUSE),
        (CaseState.IN_PROGRESS, (asked(Department.COURIER),), Status.WAITING_COURIER),
        (CaseState.IN_PROGRESS, (asked(Department.PAYMENT),), Status.WAITING_OTHERS),
        (CaseState.IN_PROGRESS, (asked(Department.COURIER, state=TaskState.ANSWERED),), Status.REVIEWING),
        (
            CaseState.IN_PROGRESS,
            (asked(Department.COURIER, 2), asked(Department.WAREHOUSE, 1)),
            Status.WAITING_WAREHOUSE,
        ),
        (CaseState.CLOSED, (), Status.DONE),
    ],
)
def test_the_state_in_the_customers_words(
    state: CaseState, tasks: tuple[TaskView, ...], status: Status
) -> None:
    assert progress_of(snapshot(case=case(state=state), tasks=tasks)).status is status


@pytest.mark.parametrize(("late", "overdue"), [(-TICK, False), (timedelta(0), False), (TICK, True)])
def test_a_date_is_kept_at_its_very_instant(late: timedelta, overdue: bool) -> None:
    """As every clock is: met at its due time, late after it (SLA.md)."""
    due = NOW - late
    assert progress_of(snapshot(clocks=(clock(due_at=due),))).overdue is overdue
    assert progress_of(_paid(due)).overdue is overdue
    assert broken_promises(snapshot(promises=(promise(due=-late),))) == overdue
    assert (open_promise(snapshot(promises=(promise(due=-late),))) is None) is overdue


def _paid(due: Any) -> Snapshot:
    money = refund(state=RefundState.ACCEPTED, case_id=case().id, arrived_at=None)
    done = case(state=CaseState.CLOSED, outcome=CaseOutcome.APPROVED_FULL)
    return snapshot(case=done, refunds=(money,), clocks=(clock("refund_arrival", due_at=due, drives="fact"),))


def test_a_stopped_clock_has_no_date_to_tell() -> None:
    stopped = clock(run=RunState.PAUSED, due_at=NOW - HOUR)
    found = progress_of(snapshot(case=case(state=CaseState.WAITING_CUSTOMER), clocks=(stopped,)))
    assert (found.next_at, found.overdue) == (None, False)


def test_the_second_broken_promise_calls_a_supervisor() -> None:
    broken = [promise(one, -HOUR, PromiseState.BROKEN) for one in range(1, PROMISES_MANY + 1)]
    assert not needs_supervisor(snapshot(promises=tuple(broken[1:])))
    assert needs_supervisor(snapshot(promises=tuple(broken)))
    assert open_promise(snapshot(promises=(promise(1, 2 * HOUR), promise(2, HOUR)))) == promise(2, HOUR)
