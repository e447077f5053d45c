"""Recall: all of it or nothing, whoever is first."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bdesk.data.store import open_store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseState, RefundState
from bdesk.models.tables import OutboxRow, Refund
from bdesk.operations import outbox, undoing
from bdesk.operations.effects.recall import open_windows, recall
from tests.builders import Placed, clock_of
from tests.operations.desk import Desk, must_add_up, outbox_of, refunded, status_of

WHOLE = 12800


def two_cases(desk: Desk, placed: Placed) -> tuple[int, int]:
    """Two cases on one order, which an agent insists are two matters, both at their decision."""
    first, second = desk.opened(placed), desk.opened(placed)
    assert desk.step(second) == "duplicate/same"
    return desk.to_decision(first), desk.to_decision(second)


# Recall


def test_recall_gives_everything_back(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    before = desk.case(case_id)
    clock = desk.clock(case_id, "refund_review")
    done = desk.go(case_id, "approve")
    desk.later(seconds=5)
    assert [window.commit_event for window in open_windows(desk.ctx)] == [done.undo_event]
    desk.recall(done)
    after = desk.case(case_id)
    assert refunded(desk.store, placed) == (0, 0)
    assert status_of(desk.store, placed) == "signed"
    assert (after.state, after.outcome, after.owner_id) == (before.state, before.outcome, before.owner_id)
    assert desk.clock(case_id, "refund_review").due_at == clock.due_at
    assert desk.clock(case_id, "refund_review").run is clock.run
    assert [row.state for row in desk.rows(Refund)] == [RefundState.RECALLED]
    assert [row[1] for row in outbox_of(desk.store, case_id)] == ["recalled", "recalled"]
    assert desk.step(case_id) == "assess/decide"
    assert desk.fact(case_id, "refund.state") == "none"
    assert open_windows(desk.ctx) == ()
    desk.later(seconds=60)
    assert desk.release() == []
    assert desk.payment.asked == []
    must_add_up(desk.store, [desk.ports])


def test_after_a_recall_the_next_attempt_has_another_number(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    for _ in range(3):
        desk.recall(desk.go(case_id, "approve"))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert [row.attempt for row in desk.rows(OutboxRow, effect="refund")] == [1, 2, 3, 4]
    assert len({row.refund_no for row in desk.rows(Refund)}) == 4
    assert [number for number, _, _ in desk.payment.asked] == [desk.rows(Refund)[-1].refund_no]
    assert status_of(desk.store, placed) == "refunded"
    must_add_up(desk.store, [desk.ports])


def test_a_recalled_effect_is_not_recalled_again(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    desk.recall(done)
    again = desk.go(case_id, "approve")
    with pytest.raises(NotAllowed, match=r"recall\.nothing"):
        desk.recall(done)
    desk.recall(again)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


def test_release_first_then_recall(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    with pytest.raises(NotAllowed, match=r"recall\.too_late"):
        desk.recall(done)
    assert refunded(desk.store, placed) == (WHOLE, 0)
    must_add_up(desk.store, [desk.ports])


def test_recall_first_then_release(desk: Desk, placed: Placed) -> None:
    """The hold is over, but nobody has let go of it yet: the recall still wins."""
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    desk.later(hours=2)
    desk.recall(done)
    assert desk.release() == []
    assert desk.payment.asked == []
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("turn", range(6))
def test_recall_races_with_release(desk: Desk, placed: Placed, turn: int) -> None:
    """Whoever is first, one of them has it whole: either all was recalled, or all has left."""
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    desk.later(seconds=11)
    barrier = Barrier(2)
    said: dict[str, str] = {}

    def take_back() -> None:
        with open_store(desk.store.url, clock=clock_of(desk.store)) as store:
            barrier.wait(timeout=30)
            try:
                recall(replace(desk.ctx, store=store), done.undo_event or 0)
                said["recall"] = "done"
            except NotAllowed as refused:
                said["recall"] = refused.code

    def let_go() -> None:
        with open_store(desk.store.url, clock=clock_of(desk.store)) as store:
            barrier.wait(timeout=30)
            said["released"] = str(len(outbox.release_due(replace(desk.ctx, store=store)).answers))

    threads = [Thread(target=take_back), Thread(target=let_go)]
    for thread in threads if turn % 2 else reversed(threads):
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert said in (
        {"recall": "done", "released": "0"},
        {"recall": "recall.too_late", "released": "2"},
    )
    assert len(desk.payment.asked) == (0 if said["recall"] == "done" else 1)
    must_add_up(desk.store, [desk.ports])


def test_a_recall_is_all_or_nothing(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    with desk.store.write("test") as unit:
        unit.session.get_one(OutboxRow, 2).hold_until = unit.now - timedelta(seconds=1)
        unit.commit()
    desk.release()  # the letter is gone, the money is not
    with pytest.raises(NotAllowed, match=r"recall\.too_late"):
        desk.recall(done)
    assert outbox_of(desk.store, case_id) == [("refund", "held", 1), ("letter", "accepted", 1)]
    assert refunded(desk.store, placed) == (0, WHOLE)
    must_add_up(desk.store)


def test_only_who_committed_recalls(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    with pytest.raises(NotAllowed, match=r"recall\.not_yours"):
        chief.recall(done)


def test_closing_and_then_recalling_takes_both_back(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    desk.later(seconds=3)
    closing = desk.go(case_id, "close")
    assert closing.outbox != ()
    assert not desk.case(case_id).open
    desk.later(seconds=3)
    desk.recall(done)
    case = desk.case(case_id)
    assert (case.open, case.state, case.outcome, case.closed_at) == (True, CaseState.IN_PROGRESS, None, None)
    assert [row[1] for row in outbox_of(desk.store, case_id)] == ["recalled"] * 3
    assert desk.step(case_id) == "assess/decide"
    desk.later(seconds=60)
    assert desk.release() == []
    assert desk.mail.sent == {}
    must_add_up(desk.store, [desk.ports])


def test_undoing_a_closing_takes_its_survey_back_and_leaves_the_money(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=3)
    desk.go(case_id, "close")
    assert undoing.undo(desk.ctx, case_id).code == "effect.recalled"
    assert desk.case(case_id).open
    assert [row[1] for row in outbox_of(desk.store, case_id)] == ["held", "held", "recalled"]
    assert refunded(desk.store, placed) == (0, WHOLE)
    assert desk.step(case_id) == "paid"
    # Ctrl+Z again takes the refund itself back.
    assert undoing.undo(desk.ctx, case_id).code == "effect.recalled"
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


def test_two_refunds_of_one_order_recalled_in_either_order(chief: Desk, placed: Placed) -> None:
    for newest_first in (True, False):
        done = []
        for case_id in two_cases(chief, placed):
            chief.to_decision(case_id)
            done.append(chief.go(case_id, "approve_part", amount=3000, why="部分"))
            chief.later(seconds=1)
        assert status_of(chief.store, placed) == "refunding"
        for one in reversed(done) if newest_first else done:
            chief.recall(one)
        assert status_of(chief.store, placed) == "signed"
        must_add_up(chief.store)
