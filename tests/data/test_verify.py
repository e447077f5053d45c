"""What `journal verify` finds, and what it lets pass."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk.data import verify as verifying
from bdesk.data.book.book import load_book
from bdesk.data.migrations.triggers import SQLITE
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.tables import CaseText
from bdesk.models.views.verdict import Fault, Verdict
from tests.builders import clock_of, customer, event, make_store, open_case, order, person


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    person(store, "1001")
    placed = order(store, customer(store))
    open_case(store, order_id=placed.id, description="壶底裂了")
    open_case(store, order_id=placed.id)
    event(store, 1, "clock.paused", {"reason": "customer_material", "clocks": ["refund_review"]})
    yield store
    store.close()


def tamper(store: Store, *statements: str) -> None:
    """Write as somebody would who opens the file with another program."""
    connection = sqlite3.connect(store.place)
    for name in SQLITE:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for text in SQLITE.values():
        connection.execute(text)
    connection.commit()
    connection.close()


def first(store: Store) -> Fault:
    verdict = verify(store, load_book())
    assert not verdict.ok
    assert verdict.first_fault is not None
    return verdict.first_fault


def test_a_sound_store_fits(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    verdict = verify(store, load_book(), progress=lambda done, total: seen.append((done, total)))
    assert verdict == Verdict(events=verdict.events, streams=6)
    assert seen[-1] == (verdict.events, verdict.events)
    assert verdict.events == store.newest_event()


def test_time_goes_on_and_it_still_fits(store: Store) -> None:
    clock_of(store).move(timedelta(days=40))
    assert verify(store, load_book()).ok


@pytest.mark.parametrize(
    ("statement", "code", "sequence"),
    [
        (
            "UPDATE event SET actor='x' WHERE stream='case' AND stream_id='1' AND sequence=2",
            "event.changed",
            2,
        ),
        (
            "UPDATE event SET payload='{}' WHERE stream='case' AND stream_id='1' AND sequence=1",
            "event.changed",
            1,
        ),
        (
            "UPDATE event SET payload='{' WHERE stream='case' AND stream_id='1' AND sequence=1",
            "event.changed",
            1,
        ),
        (
            "UPDATE event SET previous='x' WHERE stream='case' AND stream_id='1' AND sequence=3",
            "chain.broken",
            3,
        ),
        ("DELETE FROM event WHERE stream='case' AND stream_id='1' AND sequence=2", "event.missing", 3),
        ("DELETE FROM event WHERE stream='case' AND stream_id='1' AND sequence=3", "event.missing", 2),
        ("UPDATE stream SET head='x' WHERE stream='case' AND stream_id='1'", "head.differs", 3),
        ("DELETE FROM stream WHERE stream='case' AND stream_id='1'", "head.differs", 3),
        ("UPDATE case_text SET body='壶很好' WHERE case_id=1", "text.changed", 1),
        ("UPDATE case_clock SET due_at='2030-01-01 00:00:00.000000' WHERE case_id=1", "clock.differs", 2),
        ("UPDATE case_clock SET run='running' WHERE case_id=1", "clock.differs", 2),
        ("DELETE FROM case_clock WHERE case_id=1", "clock.differs", 2),
        ("UPDATE work_case SET stopped=0 WHERE id=1", "queue.differs", 3),
        ("UPDATE work_case SET queue_at='2030-01-01 00:00:00.000000' WHERE id=1", "queue.differs", 3),
    ],
)
def test_the_first_event_that_does_not_fit_is_named(
    store: Store, statement: str, code: str, sequence: int
) -> None:
    tamper(store, statement)
    found = first(store)
    assert (found.stream, found.stream_id, found.code, found.sequence) == ("case", "1", code, sequence)


def test_a_stream_that_is_gone_is_missed_by_its_head(store: Store) -> None:
    tamper(store, "DELETE FROM event WHERE stream='staff'")
    assert first(store).code == "event.missing"
    assert first(store).stream == "staff"


def test_a_case_without_any_event_is_missed(store: Store) -> None:
    tamper(
        store,
        "DELETE FROM event WHERE stream='case' AND stream_id='2'",
        "DELETE FROM stream WHERE stream='case' AND stream_id='2'",
    )
    assert first(store) == Fault("case", "2", 0, 0, "event.missing")


def test_a_missing_trigger_is_told(store: Store) -> None:
    connection = sqlite3.connect(store.place)
    connection.execute("DROP TRIGGER event_no_update")
    connection.commit()
    connection.close()
    assert first(store) == Fault("store", "event_no_update", 0, 0, "trigger.missing")


def test_the_earliest_of_several_faults_comes_first(store: Store) -> None:
    tamper(
        store,
        "UPDATE event SET actor='x' WHERE stream='case' AND stream_id='2' AND sequence=1",
        "UPDATE event SET actor='x' WHERE stream='case' AND stream_id='1' AND sequence=1",
    )
    verdict = verify(store, load_book())
    assert [fault.stream_id for fault in verdict.faults] == ["1", "2"]


def test_a_clock_event_that_nobody_folded_is_told(store: Store) -> None:
    clock_of(store).move(timedelta(hours=1))
    with store.write("1001") as unit:
        unit.on_case(unit.case(2), "note.added")
        unit.commit()
    assert verify(store, load_book()).ok
    with store.write("1001") as unit:
        unit.on_case(unit.case(2), "clock.fulfilled", {"clock": "refund_review"})
        unit.commit()
    assert first(store).code == "clock.not_folded"


def test_an_erased_text_is_accepted(store: Store) -> None:
    with store.write("1001") as unit:
        text = unit.session.exec(select(CaseText)).one()
        text.body, text.salt, text.erased_at = "", "", unit.now
        unit.on_case(unit.case(1), "personal.erased", {"text": text.id})
        unit.commit()
    assert verify(store, load_book()).ok


def test_a_text_that_is_gone_is_accepted_an_event_never(store: Store) -> None:
    tamper(store, "DELETE FROM case_text")
    assert verify(store, load_book()).ok


def test_it_reads_in_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = verify(store, load_book())
    for size in (1, 2, 3, 5):
        monkeypatch.setattr(verifying, "CHUNK", size)
        assert verify(store, load_book()) == whole
    tamper(store, "DELETE FROM event WHERE stream='case' AND stream_id='2' AND sequence=2")
    assert first(store).code == "event.missing"


def test_a_version_of_the_book_that_nobody_has_is_told(store: Store) -> None:
    with store.write("1001") as unit:
        case = unit.case(2)
        payload = {
            "clock": "first_response",
            "start_at": unit.now,
            "policy": "9-gone",
            "calendar": case.calendar_version,
        }
        unit.on_case(case, "clock.attached", payload)
        unit.commit()
    found = first(store)
    assert (found.stream_id, found.code) == ("2", "book.missing")
