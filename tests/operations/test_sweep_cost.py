"""A sweep with nothing to do costs the same however many cases wait: one walk of an index for each errand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import sqlite

from bdesk.data.store import Store
from bdesk.models.kinds import CaseState, DeliveryState
from bdesk.models.tables import Case, OutboxRow
from bdesk.operations import reminders, tasks, timers
from bdesk.operations import sweep as sweeping
from bdesk.operations.sweep import sweep
from tests.builders import T0, Placed, customer, order
from tests.operations.desk import Desk, must_add_up


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What is asked of the store meanwhile."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engines = (store._writer, store._reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def waiting(desk: Desk, placed: Placed) -> int:
    """A case that waits for material, with its letter gone."""
    case_id = desk.opened(placed, media=False)
    for option, more in (("whole", {}), ("quality", {}), ("ask", {"materials": "photo_label"})):
        desk.go(case_id, option, **more)
    desk.later(seconds=11)
    desk.release()
    return case_id


def many_more(store: Store, case_id: int, count: int) -> None:
    """Copies of a case and of its clocks and answers, as rows alone."""
    tables = {"work_case": "id", "case_clock": "case_id", "step_answer": "case_id"}
    with store.write("test") as unit:
        connection = unit.session.connection()
        for table, key in tables.items():
            columns = [row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))]
            given = {
                "id": "base.id + n.i * 1000" if table == "work_case" else "base.id + n.i * 100000",
                "case_id": "base.case_id + n.i * 1000",
                "case_no": "base.case_no || n.i",
            }
            chosen = ", ".join(given.get(name, f'base."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            connection.execute(
                text(
                    f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
                    f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} AS base, n "
                    f"WHERE base.{key} = {case_id}"
                )
            )
        unit.commit()


def test_an_idle_sweep_asks_as_little_of_ten_thousand_waiting_cases(desk: Desk, placed: Placed) -> None:
    case_id = waiting(desk, placed)
    desk.later(days=1, hours=1)
    assert not sweep(desk.ctx).anything  # looks at the case once, and knows when its timer comes
    assert desk.case(case_id).timer_at is not None
    with statements(desk.store) as few:
        assert not sweep(desk.ctx).anything
    many_more(desk.store, case_id, 10_000)
    with desk.store.read() as session:
        assert session.execute(
            text("SELECT count(*) FROM work_case WHERE state = 'waiting_customer'")
        ).scalar()
    with statements(desk.store) as many:
        assert not sweep(desk.ctx).anything
    assert many == few
    assert len(many) <= 22


@pytest.mark.parametrize(
    ("find", "index"),
    [
        (timers.due, "ix_work_case_timer"),
        (sweeping.resumable, "ix_case_clock_resume"),
        (sweeping.without_timer, "ix_case_clock_resume"),
        (sweeping.passed, "ix_case_clock_breach"),
        (sweeping.untold, "ix_case_clock_untold"),
        (sweeping.aside_over, "ix_work_case_wake"),
        (sweeping.old_approvals, "ix_approval_open"),
        (reminders.promised, "ix_case_clock_breach"),
        (tasks.overdue, "ix_department_task_untold"),
    ],
)
def test_each_errand_is_one_walk_of_its_index(store: Store, find: sweeping.Find, index: str) -> None:
    statement = find(T0).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with store.read() as session:
        plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    assert any(line.startswith("SEARCH") and index in line for line in plan), plan
    assert not [line for line in plan if "SCAN" in line or "TEMP B-TREE" in line], plan


def test_a_case_keeps_the_instant_of_its_next_timer(desk: Desk, placed: Placed) -> None:
    case_id = waiting(desk, placed)
    answered = desk.stand(case_id).walk.waiting
    assert answered is not None and answered.since is not None
    first, last = answered.since + timedelta(days=3), answered.since + timedelta(days=7)
    # Not known exactly before it was looked at, and never too late.
    assert (desk.case(case_id).timer_at or T0) <= first
    desk.later(days=1, hours=1)
    sweep(desk.ctx)
    assert desk.case(case_id).timer_at == first
    desk.later(days=2)
    assert sweep(desk.ctx).timers == 1
    assert desk.case(case_id).timer_at == last
    desk.picture(case_id)
    assert desk.case(case_id).state is not CaseState.WAITING_CUSTOMER
    assert desk.case(case_id).timer_at is None
    must_add_up(desk.store)


def test_a_letter_that_never_arrived_is_no_reason_to_close(desk: Desk) -> None:
    """The desk was off for eight days with the letter still held: it goes out, bounces, and wakes the case
    before the timers ask why the customer is silent."""
    placed = order(desk.store, customer(desk.store, email="a@gone.invalid"))
    case_id = desk.opened(placed, media=False)
    for option, more in (("whole", {}), ("quality", {}), ("ask", {"materials": "photo_label"})):
        desk.go(case_id, option, **more)
    assert desk.rows(OutboxRow, case_id=case_id)[0].state is DeliveryState.HELD
    desk.later(days=8)
    swept = sweep(desk.ctx)
    assert (swept.released, swept.timers) == (1, 0)
    case = desk.row(Case, case_id)
    assert (case.open, case.state) == (True, CaseState.IN_PROGRESS)
    must_add_up(desk.store)
