"""Facts about questions to other departments, and what an answer may say."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.i18n import LANGUAGES, set_language
from bdesk.models.kinds import Department, TaskState
from bdesk.models.views.snapshot import TaskView
from bdesk.rules.tasks import Needs, fits, is_overdue
from bdesk.rules.walk.values import UNKNOWN
from bdesk.speech import speak
from tests.rules.samples import DAY, HOUR, NOW, TASKS, case, fact, snapshot

WEDNESDAY = date(2026, 11, 25)


def task(**changes: Any) -> TaskView:
    made = TaskView(71, Department.COURIER, TaskState.OPEN, "?", NOW - HOUR, what="courier_claim")
    return replace(made, **changes)


def answered(what: str, finding: str | None = None, **changes: Any) -> TaskView:
    return task(what=what, state=TaskState.ANSWERED, finding=finding, answer="查过了", **changes)


def test_courier_claims() -> None:
    assert fact("tasks.courier", snapshot()) == "none"
    assert fact("tasks.courier", snapshot(tasks=(task(),))) == "open"
    lost = answered("courier_claim", "lost")
    assert fact("tasks.courier", snapshot(tasks=(lost,))) == "lost"
    assert fact("tasks.courier_answer", snapshot(tasks=(lost,))) == "查过了"
    assert fact("tasks.courier", snapshot(tasks=(replace(lost, finding=None),))) is UNKNOWN
    assert fact("tasks.courier", snapshot(tasks=(replace(lost, finding="eaten"),))) is UNKNOWN
    others = (task(what="intercept"), task(state=TaskState.CANCELLED), task(asked_at=NOW - 2 * DAY))
    assert fact("tasks.courier", snapshot(tasks=others)) == "none"


def test_the_newest_of_a_cycle_counts() -> None:
    first = answered("trace_refund", "in_progress", asked_at=NOW - 2 * HOUR)
    second = task(id=72, what="trace_refund", due_at=NOW + HOUR)
    assert fact("tasks.trace_refund", snapshot(tasks=(first, second))) == "open"
    assert fact("tasks.trace_refund_due", snapshot(tasks=(first, second))) == NOW + HOUR
    again = case(cycle=2, cycle_started_at=NOW - timedelta(minutes=90))
    assert fact("tasks.trace_refund", snapshot(case=again, tasks=(first,))) == "none"


def test_an_answer_that_is_owed_is_late_from_its_due_time_on() -> None:
    asked = task(what="reconcile", due_at=NOW + HOUR)
    assert fact("tasks.reconcile_late", snapshot()) is False
    assert fact("tasks.reconcile_late", snapshot(tasks=(asked,))) is False
    assert fact("tasks.reconcile_late", snapshot(tasks=(replace(asked, due_at=NOW),))) is True
    done = answered("reconcile", "fixed", due_at=NOW - HOUR)
    assert fact("tasks.reconcile_late", snapshot(tasks=(done,))) is False


def test_words_alone_will_do_where_the_table_says_so() -> None:
    assert fact("tasks.warehouse_check", snapshot(tasks=(answered("warehouse_check"),))) == "answered"
    ships = answered("warehouse_check", "ships_on", finding_on=WEDNESDAY)
    assert fact("tasks.warehouse_check", snapshot(tasks=(ships,))) == "ships_on"
    assert fact("tasks.warehouse_check_on", snapshot(tasks=(ships,))) == WEDNESDAY
    assert fact("tasks.warehouse_check_on", snapshot()) is None
    assert fact("tasks.question", snapshot(tasks=(answered("question"),))) == "answered"


@pytest.mark.parametrize(
    ("what", "finding", "on", "whole"),
    [
        ("courier_claim", "lost", None, True),
        ("courier_claim", None, None, False),
        ("courier_claim", "in_stock", None, False),
        ("courier_claim", "lost", WEDNESDAY, False),
        ("warehouse_check", None, None, True),
        ("warehouse_check", "ships_on", WEDNESDAY, True),
        ("warehouse_check", "ships_on", None, False),
        ("warehouse_check", None, WEDNESDAY, False),
        ("feedback", None, None, True),
        ("feedback", "found", None, False),
        ("no_longer_asked", None, None, True),
        ("no_longer_asked", "found", None, False),
    ],
)
def test_an_answer_says_what_its_question_takes(
    what: str, finding: str | None, on: date | None, whole: bool
) -> None:
    assert fits(TASKS.get(what), finding, on) is whole


@given(
    what=st.sampled_from(sorted(TASKS)),
    finding=st.none() | st.sampled_from(sorted({code for kind in TASKS.values() for code in kind.findings})),
    on=st.none() | st.just(WEDNESDAY),
)
def test_an_answer_that_fits_is_a_value_of_its_fact(what: str, finding: str | None, on: date | None) -> None:
    if not fits(TASKS[what], finding, on):
        return
    told = fact(f"tasks.{TASKS[what].fact}", snapshot(tasks=(answered(what, finding, finding_on=on),)))
    assert told == (finding or "answered")


def test_who_owes_an_answer() -> None:
    assert is_overdue(task(due_at=NOW), snapshot())
    assert not is_overdue(task(due_at=NOW + HOUR), snapshot())
    assert not is_overdue(task(), snapshot())
    assert not is_overdue(answered("courier_claim", "lost", due_at=NOW - HOUR), snapshot())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("what", sorted(TASKS))
def test_the_desk_says_a_task_as_its_facts_do(what: str, lang: str) -> None:
    set_language(lang)
    kind = TASKS[what]
    assert speak("strip.task.open", {"to": "courier", "what": what}).endswith(kind.label.get(lang))
    for code, name in kind.findings.items():
        said = speak("event.task.answered", {"what": what, "finding": code})
        assert said.endswith(f"{kind.label.get(lang)} {name.get(lang)}"), said
    assert (kind.needs is Needs.NEVER) is not bool(kind.findings)
