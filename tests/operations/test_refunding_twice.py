"""Every way of refunding twice that we can think of: each is refused, and nothing is half done."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from bdesk.data.store import open_store
from bdesk.errors import CaseMoved, DeskError, FactsMoved, NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Evidence, Order, OrderItem, Payment, Refund
from bdesk.models.views.strip import Strip
from bdesk.operations import outbox, queue, raising
from bdesk.operations.effects.commit import commit
from bdesk.operations.evidence import look_at
from bdesk.operations.notes import add_note
from bdesk.operations.ports import Ports
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, adopt_limits, clock_of, order, person
from tests.operations.desk import Desk, must_add_up, outbox_of, refunded

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
        if case_id == done[1]:
            chief.go(case_id, "other", difference="另一件事")
        chief.go(case_id, "part", items=("1",))
        chief.to_decision(case_id)
    pending = chief.strip(done[1], "approve")
    chief.go(done[0], "approve")
    # Nothing of these goods is left, though the other line of the order is.
    assert chief.step(done[1]) == "nothing_left"
    assert chief.fact(done[1], "refund.proposed_fen") == 0
    with pytest.raises(DeskError, match=r"step\.moved"):
        chief.press_f8(pending)
    with pytest.raises(DeskError):
        chief.press_f8(replace(pending, case_version=chief.case(done[1]).version))
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


def test_a_colleagues_note_leaves_the_strip_standing(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    add_note(chief.ctx, case_id, "客户也发了邮件")
    add_note(desk.ctx, case_id, "客户很着急")
    assert desk.case(case_id).version > pending.case_version
    desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, WHOLE)
    must_add_up(desk.store)


def test_a_look_at_evidence_and_a_breach_leave_it_standing(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23))
    pending = desk.strip(case_id, "approve")
    look_at(desk.ctx, desk.rows(Evidence, case_id=case_id)[0].id or 0)
    desk.later(hours=2)
    assert sweep(desk.ctx).breaches == 1
    desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, WHOLE)
    must_add_up(desk.store)


def test_a_note_hides_nothing_that_came_before_or_after_it(desk: Desk, chief: Desk, placed: Placed) -> None:
    """F8, then notes over it, then the same strip again: still one refund, and who moved it is named."""
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    add_note(chief.ctx, case_id, "一")
    desk.press_f8(pending)
    add_note(chief.ctx, case_id, "二")
    with pytest.raises(CaseMoved) as moved:
        desk.press_f8(pending)
    assert moved.value.params["by"] == "1001"
    assert outbox_of(desk.store, case_id) == [("refund", "held", 1), ("letter", "held", 1)]
    must_add_up(desk.store)


def test_a_note_after_a_recall_does_not_bring_the_strip_back(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    desk.recall(desk.press_f8(pending))
    add_note(chief.ctx, case_id, "撤回了")
    with pytest.raises(CaseMoved):
        desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


def test_facts_that_moved_under_a_note_still_refuse(desk: Desk, chief: Desk, placed: Placed) -> None:
    first, second = two_cases(desk, placed)
    pending = desk.strip(second, "approve")
    desk.go(first, "approve")
    add_note(chief.ctx, second, "另一单已退")
    with pytest.raises((FactsMoved, NotAllowed)):
        desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, WHOLE)
    must_add_up(desk.store)


@pytest.mark.parametrize("seen", [0, 1, 10**9])
def test_a_strip_that_lies_about_what_it_saw(desk: Desk, chief: Desk, placed: Placed, seen: int) -> None:
    """A draft mended by hand: nothing known, too little, or more than there is."""
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    add_note(chief.ctx, case_id, "请先联系客户")
    with pytest.raises(CaseMoved):
        desk.press_f8(replace(pending, seen_event=seen))
    assert refunded(desk.store, placed) == (0, 0)


def test_a_strip_of_a_version_to_come_is_refused(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    add_note(chief.ctx, case_id, "请先联系客户")
    with pytest.raises(CaseMoved):
        desk.press_f8(replace(pending, case_version=desk.case(case_id).version + 1))


def test_a_claim_under_a_note_still_refuses(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    raising.raise_case(desk.ctx, case_id, "supervisor", "请主管看")
    add_note(chief.ctx, case_id, "我来看")
    with pytest.raises(CaseMoved) as moved:
        desk.press_f8(pending)
    assert moved.value.params["what"] in ("case.raised", "clock.attached")
    assert refunded(desk.store, placed) == (0, 0)


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
        bought = unit.session.get_one(Order, placed.id)
        bought.goods_fen, bought.total_fen = 11800, 11800
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
    adopt_limits(desk.store, ("max_fen: 50000", f"max_fen: {limit}"))
    with pytest.raises(DeskError) as refused:
        commit(desk.ctx, pending)
    assert refused.value.code == code
    assert refunded(desk.store, placed) == (0, 0)


def test_a_newer_case_does_not_throw_the_older_one_back(desk: Desk, placed: Placed) -> None:
    first = desk.to_decision(desk.opened(placed))
    second = desk.opened(placed)
    assert desk.step(first) == "assess/decide"
    assert desk.step(second) == "duplicate/same"
    desk.go(first, "approve")
    assert desk.fact(second, "case.duplicate_no") == desk.case(first).case_no
    must_add_up(desk.store, [desk.ports])
