"""The rows a fold leaves: clocks, and the case's place in the queue."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk.data.book.book import load_book
from bdesk.data.refold import NO_CLOCK, readings, refold
from bdesk.data.store import Store
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.tables import Case, ClockRow
from tests.builders import T0, attach, clock_of, event, make_store, open_case


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def case_of(store: Store, case_id: int) -> Case:
    with store.read() as session:
        found = session.get_one(Case, case_id)
        session.expunge(found)
    return found


def clocks_of(store: Store, case_id: int) -> dict[str, ClockRow]:
    with store.read() as session:
        rows = session.exec(select(ClockRow).where(ClockRow.case_id == case_id)).all()
        session.expunge_all()
    return {row.kind: row for row in rows}


def fold_again(store: Store, case_id: int) -> None:
    with store.write() as unit:
        refold(unit, unit.case(case_id), load_book(), unit.now)
        unit.commit()


def test_a_review_is_due_24_hours_after_receipt_not_after_opening(store: Store) -> None:
    case_id = open_case(store, received_at=T0 - timedelta(hours=3))
    case = case_of(store, case_id)
    assert case.queue_clock == "refund_review"
    assert case.queue_at == T0 + timedelta(hours=21)
    assert case.queue_from == T0 - timedelta(hours=3)
    assert case.warn_due_at == case.queue_at - timedelta(hours=2)
    assert case.warn_now_at == case.queue_at - timedelta(minutes=30)
    assert (case.stopped, case.breached, case.hard_at) == (False, False, None)
    assert case.folded_at == T0


def test_without_a_clock_a_case_stands_far_below(store: Store) -> None:
    case = case_of(store, open_case(store, clocks=()))
    assert case.queue_at == case.opened_at + NO_CLOCK
    assert case.queue_clock is None
    assert not case.stopped


def test_the_earliest_running_desk_clock_leads(store: Store) -> None:
    case_id = open_case(store, clocks=("refund_review", "after_sale_response", "refund_arrival"))
    case, clocks = case_of(store, case_id), clocks_of(store, case_id)
    assert set(clocks) == {"refund_review", "after_sale_response", "refund_arrival"}
    assert case.queue_at == min(clocks["refund_review"].due_at, clocks["after_sale_response"].due_at)  # type: ignore[type-var]
    assert case.hard_at == clocks["after_sale_response"].due_at


def test_a_stopped_clock_says_for_whom_and_runs_again_by_itself(store: Store) -> None:
    case_id = open_case(store)
    resume_at = T0 + timedelta(days=3)
    event(store, case_id, "clock.paused", {"reason": "customer_material", "resume_at": resume_at})
    case, clock = case_of(store, case_id), clocks_of(store, case_id)["refund_review"]
    assert (case.stopped, case.waiting_for) == (True, "customer")
    assert (clock.run, clock.waiting_for, clock.resume_at) == (RunState.PAUSED, "customer", resume_at)
    clock_of(store).move(timedelta(days=3, minutes=1))
    fold_again(store, case_id)
    case, clock = case_of(store, case_id), clocks_of(store, case_id)["refund_review"]
    assert (case.stopped, case.waiting_for) == (False, None)
    assert (clock.run, clock.resume_at) == (RunState.RUNNING, None)
    assert case.queue_at == T0 + timedelta(days=4)


def test_past_due_it_is_breached_at_the_due_time(store: Store) -> None:
    case_id = open_case(store)
    clock_of(store).move(timedelta(hours=25))
    fold_again(store, case_id)
    case, clock = case_of(store, case_id), clocks_of(store, case_id)["refund_review"]
    assert case.breached
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, T0 + timedelta(hours=24))


def test_an_undone_attachment_takes_its_row_with_it(store: Store) -> None:
    case_id = open_case(store, clocks=())
    with store.write() as unit:
        case = unit.case(case_id)
        attach(unit, case, "call_back", unit.now)
        refold(unit, case, load_book(), unit.now)
        unit.commit()
        attached = unit.appended[-1]
    assert set(clocks_of(store, case_id)) == {"call_back"}
    event(store, case_id, "undone", {"of": attached})
    assert clocks_of(store, case_id) == {}


def test_folding_again_changes_nothing_but_the_version(store: Store) -> None:
    case_id = open_case(store)
    before = case_of(store, case_id).model_dump()
    fold_again(store, case_id)
    after = case_of(store, case_id).model_dump()
    assert after.pop("version") == before.pop("version") + 1
    assert after == before


def test_reading_writes_nothing(store: Store) -> None:
    case_id = open_case(store)
    with store.read() as session:
        read = readings(session, case_id, load_book(), T0 + timedelta(days=9))
    assert [(one.kind, one.outcome) for one in read] == [("refund_review", Outcome.BREACHED)]
    assert not case_of(store, case_id).breached


def test_earlier_versions_of_policies_are_read_from_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from bdesk.data.book import book as books

    case_id = open_case(store)
    book = load_book()
    newer = replace(
        book,
        clock_kinds={
            code: replace(kind, length=1) if kind.code == "refund_review" else kind
            for code, kind in book.clock_kinds.items()
            if "@" not in code
        },
        versions={**book.versions, ("policy", books.CLOCKS): "2-newer"},
    )
    with store.read() as session:
        (read,) = readings(session, case_id, newer, T0)
        pinned = newer.pinned(session, session.get_one(Case, case_id))
    assert read.due_at == T0 + timedelta(hours=24)
    assert pinned.clock_kinds["refund_review"].length == 24
    assert newer.clock_kinds["refund_review"].length == 1
