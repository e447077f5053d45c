"""A training store that runs ten times as fast: what is for a hand or an eye lasts as long as anywhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bdesk.clock import FrozenClock
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import DeliveryState
from bdesk.models.tables import Case, Notification, OutboxRow, Refund
from bdesk.operations import queue
from bdesk.operations.effects.recall import recall
from bdesk.operations.notes import add_note
from bdesk.operations.outbox import release_due
from bdesk.operations.staff import people
from bdesk.operations.staff.people import find_actor
from bdesk.operations.undoing import undo
from tests.operations.desk import Desk
from tests.screens.desks import at_desk
from tests.screens.scenario import Made, Seeded, at_work, rows


@pytest.fixture
def made(seeded: Seeded) -> Made:
    return seeded("S8")


@pytest.fixture
def store(made: Made, tmp_path: Path, host: FrozenClock) -> Iterator[Store]:
    with at_work(made, tmp_path, host) as found:
        assert found.pace == 10
        yield found


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, find_actor(store, "1001"))


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def at_decision(desk: Desk) -> int:
    """The cup that leaks, whose refund is within the agent's limit."""
    with desk.store.read() as session:
        case_id = session.scalars(select(Case.id).where(col(Case.subject) == "保温杯漏水")).one()
    assert case_id is not None
    queue.claim(desk.ctx, case_id)
    return desk.to_decision(case_id)


def committed(desk: Desk) -> tuple[int, int]:
    """The case, and the event by which its refund was committed."""
    case_id = at_decision(desk)
    return case_id, desk.go(case_id, "approve").undo_event or 0


def test_the_store_goes_ten_times_as_fast(store: Store, host: FrozenClock) -> None:
    began = store.now()
    host.move(seconds(6))
    assert store.now() - began == seconds(60)


def test_what_was_committed_can_be_taken_back_for_ten_seconds_of_ones_own(
    desk: Desk, host: FrozenClock
) -> None:
    _case_id, commit = committed(desk)
    host.move(seconds(9))
    assert not release_due(desk.ctx).answers
    recall(desk.ctx, commit)
    assert {row.state for row in rows(desk.store, OutboxRow, commit_event_id=commit)} == {
        DeliveryState.RECALLED
    }


def test_and_leaves_after_them(desk: Desk, host: FrozenClock) -> None:
    case_id, commit = committed(desk)
    host.move(seconds(11))
    release_due(desk.ctx)
    with pytest.raises(NotAllowed, match=r"recall\.too_late"):
        recall(desk.ctx, commit)
    assert [row.amount_fen for row in rows(desk.store, Refund, case_id=case_id)] == [9900]
    assert rows(desk.store, Notification, case_id=case_id)


@pytest.mark.usefixtures("patient_hand")
async def test_the_strip_counts_ones_own_seconds(desk: Desk, host: FrozenClock) -> None:
    case_id = at_decision(desk)
    (case,) = rows(desk.store, Case, id=case_id)
    async with at_desk(desk.store, desk.ctx.actor, size=(80, 24)) as at:
        await at.driver.press("f3")
        await at.driver.type(case.case_no)
        await at.driver.press("enter", "enter", "1", "f8")
        assert " 11 s " in at.driver.line_with("Committed")
        host.move(seconds(4))
        at.screen.frame()
        await at.driver.idle()
        assert " 7 s " in at.driver.line_with("Committed")


def test_an_act_is_undone_for_a_minute_of_ones_own(desk: Desk, host: FrozenClock) -> None:
    case_id = committed(desk)[0]
    host.move(seconds(11))
    release_due(desk.ctx)
    for waited, late in ((59, False), (61, True)):
        add_note(desk.ctx, case_id, "再看一眼")
        host.move(seconds(waited))
        if late:
            with pytest.raises(NotAllowed, match=r"undo\.too_late"):
                undo(desk.ctx, case_id)
        else:
            undo(desk.ctx, case_id)


def test_a_wrong_password_waits_as_long_as_at_any_desk(store: Store, made: Made, host: FrozenClock) -> None:
    for _ in range(3):
        with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
            people.sign_in(store, "2001", "wrong")
    with pytest.raises(NotAllowed, match=r"sign_in\.wait") as refused:
        people.sign_in(store, "2001", made.password)
    asked = refused.value.params["seconds"]
    assert isinstance(asked, int) and 5 <= asked <= 6
    host.move(seconds(4))
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        people.sign_in(store, "2001", made.password)
    host.move(seconds(2))
    assert people.sign_in(store, "2001", made.password).number == "2001"
