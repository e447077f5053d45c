"""Every way of refunding twice that we can think of: each is refused, and nothing is half done."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bdesk.data.store import Store, open_store
from bdesk.errors import CaseMoved, DeskError, FactsMoved, NotAllowed
from bdesk.models.kinds import CaseState, PaymentMethod, RefundState, Role
from bdesk.models.tables import Case, OrderItem, OutboxRow, Payment, Refund, RefundItem
from bdesk.models.views.strip import Strip
from bdesk.operations import outbox, queue, undoing
from bdesk.operations.effects.commit import commit
from bdesk.operations.effects.recall import open_windows, recall
from bdesk.operations.notes import add_note
from bdesk.operations.ports import Answer, Ports, simulated
from tests.builders import Item, Placed, clock_of, order, person
from tests.operations.desk import Desk, must_add_up, outbox_of, refunded, status_of

WHOLE = 12800


def two_cases(desk: Desk, placed: Placed) -> tuple[int, int]:
    """Two cases on one order, which an agent insists are two matters, both at their decision."""
    first, second = desk.opened(placed), desk.opened(placed)
    assert desk.step(second) == "duplicate/same"
    return desk.to_decision(first), desk.to_decision(second)


# Two cases, two desks


def test_two_cases_on_one_order(desk: Desk, placed: Placed) -> None:
    first, second = two_cases(desk, placed)
    pending = desk.strip(second, "approve")
    desk.go(first, "approve")
    with pytest.raises(DeskError) as refused:
        desk.press_f8(pending)
    # Its procedure has gone to "nothing left to refund" by itself.
    assert refused.value.code == "step.moved"
    assert desk.step(second) == "nothing_left"
    assert refunded(desk.store, placed) == (0, WHOLE)
    desk.later(seconds=11)
    desk.release()
    with pytest.raises(DeskError):
        desk.press_f8(replace(pending, case_version=desk.case(second).version))
    assert refunded(desk.store, placed) == (WHOLE, 0)
    must_add_up(desk.store, [desk.ports])


def test_two_cases_of_which_the_second_asks_a_part(desk: Desk, placed: Placed) -> None:
    first, second = two_cases(desk, placed)
    desk.go(first, "approve_part", amount=10000, why="部分")
    # What was refunded before is a flag; a supervisor may go on, and never above the rest.
    chief = Desk(desk.store, person(desk.store, "2001", Role.SUPERVISOR), desk.ports)
    queue.release(desk.ctx, second)
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        chief.go(second, "approve_part", amount=2801, why="部分")
    chief.go(second, "approve_part", amount=2800, why="部分")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (WHOLE, 0)
    must_add_up(desk.store, [desk.ports])


def test_the_same_piece_from_two_cases(chief: Desk, buyer: int) -> None:
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=5000))
    placed = order(chief.store, buyer, items=goods)
    done = [chief.opened(placed, item_ids=(placed.items[0],)) for _ in range(2)]
    for case_id in done:
        chief.go(case_id, "other", difference="另一件事")
        chief.go(case_id, "part", items=("1",))
        chief.to_decision(case_id)
    chief.go(done[0], "approve")
    assert chief.option(done[1], "approve").offer == "refused"
    assert chief.fact(done[1], "refund.proposed_fen") == 0
    with pytest.raises(NotAllowed):
        chief.go(done[1], "approve")
    assert refunded(chief.store, placed) == (0, WHOLE)
    must_add_up(chief.store)


def test_two_desks_on_one_file(desk: Desk, placed: Placed, ports: Ports) -> None:
    """Two stores open on one file: the strip of the second was drawn before the first pressed F8."""
    first, second = two_cases(desk, placed)
    with open_store(desk.store.url, clock=clock_of(desk.store)) as other_store:
        other = Desk(other_store, desk.ctx.actor, ports)
        one, two = desk.strip(first, "approve"), other.strip(second, "approve")
        desk.press_f8(one)
        with pytest.raises(DeskError):
            other.press_f8(two)
        desk.later(seconds=11)
        assert sorted(desk.release()) == ["ok", "ok"]
        assert other.release() == []
    assert refunded(desk.store, placed) == (WHOLE, 0)
    assert len(desk.payment.asked) == 1
    must_add_up(desk.store, [ports])


def race(url: str, clock: object, desks: list[tuple[Desk, Strip]]) -> list[str]:
    """Press F8 on all strips at once, each on a store of its own; what became of each."""
    barrier, said = Barrier(len(desks)), [""] * len(desks)

    def press(place: int, desk: Desk, pending: Strip) -> None:
        with open_store(url, clock=clock_of(desk.store)) as store:
            ctx = replace(desk.ctx, store=store)
            barrier.wait(timeout=30)
            try:
                commit(ctx, pending)
                said[place] = "done"
            except DeskError as refused:
                said[place] = refused.code

    threads = [Thread(target=press, args=(n, desk, pending)) for n, (desk, pending) in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


def test_four_desks_press_the_same_strip_at_once(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    said = race(desk.store.url, clock_of(desk.store), [(desk, pending)] * 4)
    assert sorted(said) == ["case.moved", "case.moved", "case.moved", "done"]
    assert refunded(desk.store, placed) == (0, WHOLE)
    assert len(desk.rows(Refund)) == 1
    must_add_up(desk.store)


def test_four_cases_press_for_the_same_money_at_once(chief: Desk, placed: Placed) -> None:
    strips = []
    cases = [chief.opened(placed) for _ in range(4)]
    for case_id in cases:
        chief.to_decision(case_id)
    for case_id in cases:
        strips.append((chief, chief.strip(case_id, "approve_part", amount=5000, why="部分")))
    said = race(chief.store.url, clock_of(chief.store), strips)
    assert said.count("done") == 1, said
    assert refunded(chief.store, placed) == (0, 5000)
    must_add_up(chief.store)


def test_eight_threads_let_the_same_rows_go_once(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    barrier = Barrier(8)
    answers: list[int] = []

    def let_go() -> None:
        with open_store(desk.store.url, clock=clock_of(desk.store)) as store:
            barrier.wait(timeout=30)
            answers.append(len(outbox.release_due(replace(desk.ctx, store=store)).answers))

    threads = [Thread(target=let_go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(answers) == 2
    assert [amount for _, _, amount in desk.payment.asked] == [WHOLE]
    assert len(desk.mail.sent) == 1
    assert len(desk.events(case_id, "effect.released")) == 2
    assert len(desk.events(case_id, "effect.accepted")) == 2
    must_add_up(desk.store, [desk.ports])


# The same strip again


def test_f8_twice_on_one_strip(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    desk.press_f8(pending)
    with pytest.raises(CaseMoved) as moved:
        desk.press_f8(pending)
    assert moved.value.params["by"] == "1001"
    assert outbox_of(desk.store, case_id) == [("refund", "held", 1), ("letter", "held", 1)]
    must_add_up(desk.store)


def test_a_strip_that_was_kept_is_pressed_again_much_later(desk: Desk, placed: Placed) -> None:
    """A draft of the strip survives its execution, and somebody mends its version."""
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    desk.press_f8(pending)
    desk.later(seconds=11)
    desk.release()
    forged = replace(pending, case_version=desk.case(case_id).version)
    with pytest.raises(NotAllowed, match=r"step\.moved"):
        desk.press_f8(forged)
    desk.go(case_id, "close")
    with pytest.raises(NotAllowed, match=r"case\.closed"):
        desk.press_f8(replace(pending, case_version=desk.case(case_id).version))
    assert len(desk.payment.asked) == 1
    must_add_up(desk.store, [desk.ports])


def test_a_strip_of_a_case_that_somebody_moved_names_them(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    add_note(chief.ctx, case_id, "请先联系客户")
    # A note moves nothing that the strip rests on; the version of the case is the same.
    assert desk.case(case_id).version >= pending.case_version
    with desk.store.write(chief.ctx.actor.number) as unit:
        case = unit.case(case_id)
        case.priority = 1
        unit.on_case(case, "case.flagged", {"flag": "vip"})
        unit.commit()
    with pytest.raises(CaseMoved) as moved:
        desk.press_f8(pending)
    assert (moved.value.params["by"], moved.value.params["what"]) == ("2001", "case.flagged")
    assert refunded(desk.store, placed) == (0, 0)


def test_facts_that_moved_are_named(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    with desk.store.write("shop") as unit:
        item = unit.session.get_one(OrderItem, placed.items[0])
        payment = unit.session.get_one(Payment, placed.payments[0])
        item.price_fen, payment.amount_fen = 11800, 11800
        unit.commit()
    with pytest.raises(FactsMoved) as moved:
        desk.press_f8(pending)
    assert "refund.proposed_fen" in str(moved.value.params["what"])
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


def test_a_payment_that_was_refunded_elsewhere_meanwhile(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    with desk.store.write("shop") as unit:
        unit.session.get_one(Payment, placed.payments[0]).refunded_fen = 10000
        unit.commit()
    with pytest.raises(DeskError) as refused:
        desk.press_f8(pending)
    assert refused.value.code in ("facts.moved", "option.refused", "refund.above_paid")
    assert refunded(desk.store, placed) == (10000, 0)


@pytest.mark.parametrize(("limit", "code"), [(10000, "option.refused"), (40000, "facts.moved")])
def test_limits_are_those_of_the_moment_of_execution(
    desk: Desk, placed: Placed, limit: int, code: str
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    limits = desk.ctx.book.limits
    row = limits.rows["refund"]
    cell = row.cells[Role.AGENT]
    assert cell.ceiling is not None
    cells = {**row.cells, Role.AGENT: replace(cell, ceiling=replace(cell.ceiling, max_fen=limit))}
    lower = replace(limits, rows={**limits.rows, "refund": replace(row, cells=cells)})
    ctx = replace(desk.ctx, book=replace(desk.ctx.book, limits=lower))
    with pytest.raises(DeskError) as refused:
        commit(ctx, pending)
    assert refused.value.code == code
    assert refunded(desk.store, placed) == (0, 0)


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


# Retry after unknown, processing and failure


def scripted(store: Store, placed: Placed, *answers: Answer) -> tuple[Desk, Placed]:
    with store.read() as session:
        number = session.get_one(Payment, placed.payments[0]).payment_no
    ports = simulated(script={number: answers})
    return Desk(store, person(store, "1009"), ports), placed


def test_an_unknown_result_is_asked_about_and_never_tried_anew(store: Store, placed: Placed) -> None:
    desk, _ = scripted(store, placed, Answer.UNKNOWN, Answer.UNKNOWN, Answer.OK)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert desk.fact(case_id, "refund.state") == "unknown"
    assert refunded(store, placed) == (0, WHOLE)
    with pytest.raises(NotAllowed, match=r"close\.effect_unknown"):
        desk.go(case_id, "close")
    with pytest.raises(NotAllowed, match=r"recall\.too_late"):
        recall(desk.ctx, desk.events(case_id, "effect.committed")[0].id)
    # Another case sees the money as held.
    second = desk.opened(placed)
    desk.go(second, "other", difference="另一件事")
    desk.go(second, "whole")
    assert desk.fact(second, "order.refundable_fen") == 0
    assert desk.release() == []  # not yet time to ask
    desk.later(minutes=3)
    assert desk.release() == ["unknown"]
    desk.later(minutes=3)
    assert desk.release() == ["ok"]
    assert refunded(store, placed) == (WHOLE, 0)
    assert len(desk.payment.asked) == 1
    assert len(desk.events(case_id, "effect.unknown")) == 1
    assert desk.fact(case_id, "refund.state") == "accepted"
    desk.go(case_id, "close")
    must_add_up(store, [desk.ports])


def test_processing_settles_by_itself_and_lets_the_case_close(store: Store, placed: Placed) -> None:
    desk, _ = scripted(store, placed, Answer.PROCESSING, Answer.PROCESSING, Answer.OK)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert desk.fact(case_id, "refund.state") == "released"
    desk.go(case_id, "close")
    for _ in range(2):
        desk.later(minutes=3)
        desk.release()
    assert refunded(store, placed) == (WHOLE, 0)
    assert status_of(store, placed) == "refunded"
    assert not desk.case(case_id).open
    assert len(desk.events(case_id, "effect.processing")) == 1
    must_add_up(store, [desk.ports])


def test_a_definite_failure_frees_the_money_and_wakes_the_case(store: Store, placed: Placed) -> None:
    desk, _ = scripted(store, placed, Answer.FAILED)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.go(case_id, "close")
    desk.later(seconds=11)
    desk.release()
    case = desk.case(case_id)
    assert (case.open, case.state) == (True, CaseState.IN_PROGRESS)
    assert refunded(store, placed) == (0, 0)
    assert status_of(store, placed) == "signed"
    assert desk.fact(case_id, "refund.state") == "failed"
    assert desk.fact(case_id, "payments.original_open") is False
    # The way on is another target with a second person, not another try.
    assert desk.step(case_id) == "other_target/ask"
    assert desk.clock(case_id, "next_response").run == "running"
    must_add_up(store, [desk.ports])


def test_half_a_refund_that_failed_leaves_the_other_half(store: Store, buyer: int) -> None:
    payments = (
        {"amount_fen": 10000, "payment_no": "PAY-GOOD", "paid_at": clock_of(store).at - timedelta(days=5)},
        {
            "amount_fen": 2800,
            "payment_no": "PAY-BAD",
            "method": PaymentMethod.WECHAT,
            "paid_at": clock_of(store).at - timedelta(days=4),
        },
    )
    placed = order(store, buyer, payments=payments)
    desk = Desk(store, person(store, "1009"), simulated(script={"PAY-BAD": Answer.FAILED}))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert refunded(store, placed) == (10000, 0)
    assert status_of(store, placed) == "partly_refunded"
    assert desk.fact(case_id, "refund.state") == "failed"
    assert desk.fact(case_id, "refund.proposed_fen") == 2800
    assert [row.quantity for row in desk.rows(RefundItem)] == [0, 0]
    assert desk.step(case_id) == "other_target/ask"
    must_add_up(store, [desk.ports])


def test_the_database_itself_refuses_more_than_was_paid(desk: Desk, placed: Placed) -> None:
    with pytest.raises(Exception, match=r"CHECK|never_above_paid"), desk.store.write("test") as unit:
        unit.session.get_one(Payment, placed.payments[0]).held_fen = WHOLE + 1
        unit.commit()


def test_one_case_row_is_not_two_owners(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    version = desk.row(Case, case_id).version
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        queue.claim(chief.ctx, case_id, version)
