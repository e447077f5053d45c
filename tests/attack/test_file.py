"""Somebody opens the file with another program. A determined one can rewrite the chain too; `verify` is
for all the others."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.data.verify import verify
from bdesk.models.kinds import Role
from bdesk.models.views.verdict import Fault
from bdesk.operations import approvals, notes, promises
from bdesk.operations.ports import simulated
from bdesk.operations.staff.people import find_actor
from tests.builders import T0, Item, customer, make_store, order, person
from tests.operations.desk import Desk


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which case 1 was refunded, case 2 approved by somebody else, case 3 recalled, and case 4
    holds a refund."""
    folder = tmp_path_factory.mktemp("worked")
    with make_store(folder) as store:
        ports = simulated()
        desk = Desk(store, person(store, "1001"), ports)
        chief = Desk(store, person(store, "2001", Role.SUPERVISOR), ports)
        buyer = customer(store)
        first = desk.to_decision(desk.opened(order(store, buyer)))
        desk.go(first, "approve")
        desk.later(seconds=20)
        desk.release()
        dear = order(store, buyer, items=[Item(price_fen=80000)])
        desk.go(desk.to_decision(desk.opened(dear)), "approval", why="贵")
        approvals.decide(chief.ctx, 1, "approve")
        third = desk.to_decision(desk.opened(order(store, buyer, items=[Item(price_fen=500)])))
        desk.recall(desk.go(third, "approve"))
        desk.go(desk.to_decision(desk.opened(order(store, buyer, items=[Item(price_fen=700)]))), "approve")
        promises.make(desk.ctx, first + 3, "回电", desk.ctx.now() + timedelta(hours=5))
        assert verify(store, load_book()).ok
    return folder / "desk.db"


@pytest.fixture
def copy(worked: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it, opened with another program."""
    connection = sqlite3.connect(shutil.copy(worked, tmp_path / "copy.db"))
    yield connection
    connection.close()


def fault_of(connection: sqlite3.Connection) -> Fault:
    """What `verify` finds first in the file."""
    connection.commit()
    (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
    with open_store(f"sqlite:///{path}", clock=FrozenClock(T0 + timedelta(hours=1))) as store:
        found = verify(store, load_book()).first_fault
    assert found is not None
    return found


CHANGES = [
    ("UPDATE refund SET state = 'recalled' WHERE id = 1", "refund.differs", "1"),
    ("UPDATE refund SET amount_fen = 1 WHERE id = 1", "refund.differs", "1"),
    ("UPDATE refund SET state = 'accepted' WHERE id = 2", "refund.differs", "3"),
    ("UPDATE refund SET case_id = 3 WHERE id = 1", "refund.differs", "1"),
    ("UPDATE payment SET refunded_fen = 0 WHERE id = 1", "payment.differs", "PAY"),
    ("UPDATE payment SET held_fen = 0", "payment.differs", "PAY"),
    ("UPDATE outbox SET state = 'held' WHERE id = 1", "outbox.differs", "1"),
    ("UPDATE outbox SET state = 'held' WHERE state = 'recalled'", "outbox.differs", "3"),
    ("UPDATE outbox SET key = 'x' WHERE id = 1", "outbox.differs", "1"),
    ("DELETE FROM outbox WHERE id = 1", "outbox.differs", "1"),
    ("DELETE FROM outbox WHERE case_id = 4 AND refund_id IS NOT NULL", "outbox.differs", "4"),
    ("UPDATE approval SET amount_fen = 90000", "approval.differs", "2"),
    ("UPDATE approval SET decided_by = '1001'", "approval.differs", "2"),
    ("UPDATE approval SET requested_by = '3333'", "approval.differs", "2"),
    ("UPDATE approval SET state = 'requested'", "approval.differs", "2"),
    ("DELETE FROM approval", "approval.differs", "2"),
    ("INSERT INTO approval", "approval.differs", "1"),
    ("UPDATE decision SET by = '2222' WHERE case_id = 1", "decision.differs", "1"),
    ("UPDATE decision SET amount_fen = 1 WHERE case_id = 1", "decision.differs", "1"),
    ("UPDATE step_answer SET voided = 1 WHERE case_id = 1", "answer.differs", "1"),
    ("UPDATE step_answer SET option = 'reject' WHERE case_id = 1", "answer.differs", "1"),
    ("UPDATE promise SET state = 'kept'", "promise.differs", "4"),
    ("DELETE FROM promise", "promise.differs", "4"),
    ("UPDATE promise SET case_id = 1", "promise.differs", "1"),
    ("UPDATE staff SET role = 'manager' WHERE number = '1001'", "staff.differs", "1001"),
    ("UPDATE case_clock SET due_at = '2030-01-01 00:00:00.000000' WHERE case_id = 2", "clock.differs", "2"),
    ("UPDATE work_case SET queue_at = '2030-01-01 00:00:00.000000' WHERE id = 2", "queue.differs", "2"),
]


@pytest.mark.parametrize(("statement", "code", "where"), CHANGES)
def test_a_row_that_was_changed_by_hand_is_named(
    copy: sqlite3.Connection, statement: str, code: str, where: str
) -> None:
    if statement == "INSERT INTO approval":
        columns = [row[1] for row in copy.execute("PRAGMA table_info(approval)")]
        chosen = ", ".join({"id": "9", "case_id": "1"}.get(name, name) for name in columns)
        statement = f"INSERT INTO approval SELECT {chosen} FROM approval"
    assert copy.execute(statement).rowcount
    found = fault_of(copy)
    assert found.code == code
    assert found.stream_id.startswith(where)


TRICKS = [
    "UPDATE event SET payload = '{}' WHERE id = 5",
    "DELETE FROM event WHERE id = 5",
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 5",
    "REPLACE INTO event SELECT * FROM event WHERE id = 5",
    "UPDATE OR REPLACE event SET id = 6 WHERE id = 5",
    "UPDATE stream SET sequence = 1",
    "DELETE FROM stream",
    "INSERT OR REPLACE INTO stream SELECT * FROM stream WHERE stream = 'case'",
]


@pytest.mark.parametrize("statement", TRICKS)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_the_database_refuses_by_itself(copy: sqlite3.Connection, statement: str, recursive: str) -> None:
    copy.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        copy.execute(statement)


def test_a_trigger_that_does_nothing_any_more_is_named(copy: sqlite3.Connection) -> None:
    copy.execute("DROP TRIGGER event_no_update")
    copy.execute("CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END")
    found = fault_of(copy)
    assert (found.code, found.stream_id) == ("trigger.missing", "event_no_update")


def without_triggers(connection: sqlite3.Connection, *statements: str) -> None:
    """What somebody does who takes the triggers away and puts them back."""
    kept = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount > 0, statement
    for _, statement in kept:
        connection.execute(statement)


def test_an_end_that_was_cut_off_with_its_head_is_named(worked: Path, tmp_path: Path) -> None:
    """The last event of a stream is gone, and its head says that the one before was the last."""
    place = shutil.copy(worked, tmp_path / "cut.db")
    with open_store(f"sqlite:///{place}", clock=FrozenClock(T0 + timedelta(hours=1))) as store:
        desk = Desk(store, find_actor(store, "1001"))
        notes.add_note(desk.ctx, 2, "客户威胁投诉")
        notes.add_note(desk.ctx, 4, "后来的便签")
    connection = sqlite3.connect(place)
    gone, before = connection.execute(
        "SELECT id, previous FROM event WHERE stream = 'case' AND stream_id = '2' ORDER BY id DESC"
    ).fetchone()
    without_triggers(
        connection,
        f"DELETE FROM event WHERE id = {gone}",
        f"UPDATE stream SET sequence = sequence - 1, head = '{before}' "
        "WHERE stream = 'case' AND stream_id = '2'",
        "DELETE FROM case_text WHERE body = '客户威胁投诉'",
    )
    found = fault_of(connection)
    connection.close()
    assert (found.code, found.event_id) == ("event.missing", gone)


def test_ids_that_were_exchanged_are_named(copy: sqlite3.Connection) -> None:
    """Events name each other by their ids, which no hash covers."""
    one, two = (
        row[0]
        for row in copy.execute("SELECT id FROM event WHERE stream = 'case' AND stream_id = '1' LIMIT 2")
    )
    without_triggers(
        copy,
        f"UPDATE event SET id = -1 WHERE id = {one}",
        f"UPDATE event SET id = {one} WHERE id = {two}",
        f"UPDATE event SET id = {two} WHERE id = -1",
    )
    assert fault_of(copy).code == "event.changed"
