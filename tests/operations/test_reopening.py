"""SLA.md, "reopen within the window"; B0.2: a closed matter comes back."""

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, Channel, ContactKind, LinkKind, RefundReason
from bdesk.models.tables import CaseItem, CaseLink, CaseText, ClockRow, Contact
from bdesk.operations import calls, clocks, undoing
from bdesk.operations.effects import recall
from bdesk.operations.reopening import reopen
from bdesk.operations.sweep import sweep
from tests.builders import Placed, order
from tests.operations.desk import Desk, met, must_add_up, refunded

WHOLE = 12800


def refunded_case(desk: Desk, placed: Placed, amount: int | None = None) -> int:
    """A refund that was paid, told and closed."""
    case_id = desk.to_decision(desk.opened(placed))
    if amount is None:
        desk.go(case_id, "approve")
    else:
        desk.go(case_id, "approve_part", amount=amount, why="只退配件")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    desk.later(seconds=11)
    desk.release()
    return case_id


def general_case(desk: Desk, placed: Placed | None, kind: CaseKind = CaseKind.CONSULTATION) -> int:
    """A general case closed after a call in which the customer was told."""
    case_id = desk.opened(placed, kind=kind, reason=None, channel=Channel.WEB_CHAT, media=False)
    talk(desk, case_id)
    finish(desk, case_id)
    return case_id


def talk(desk: Desk, case_id: int) -> None:
    contact = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, contact, case_id)
    calls.end_call(desk.ctx, contact, "告知结果")


def finish(desk: Desk, case_id: int) -> None:
    """Close through the walk with the first outcome that closes."""
    for _ in range(8):
        if not desk.case(case_id).open:
            return
        current = desk.stand(case_id).walk.current
        assert current is not None
        codes = [one.code for one in current.options]
        wanted = ("spoken", "other", "close", "solved", *codes)
        desk.go(case_id, next(code for code in wanted if code in codes))
    raise AssertionError(desk.step(case_id))


# Within thirty days


def test_the_next_cycle_has_its_own_clock_and_the_first_stays_as_it_was(desk: Desk, placed: Placed) -> None:
    case_id = refunded_case(desk, placed)
    before = desk.clock(case_id, "refund_review")
    desk.later(days=3)
    done = reopen(desk.ctx, case_id, "客户说还没有到账")
    case = desk.case(case_id)
    assert (done.case_id, done.code) == (case_id, "case.reopened")
    assert (case.cycle, case.open, case.state, case.outcome) == (2, True, CaseState.IN_PROGRESS, None)
    assert case.owner_id == desk.ctx.actor.id and case.closed_at is None
    after = desk.clock(case_id, "refund_review")
    assert (after.due_at, after.stopped_at) == (before.due_at, before.stopped_at)
    assert met(after) and met(before)
    fresh = desk.clock(case_id, "refund_review", cycle=2)
    assert fresh.start_at == desk.ctx.now() and fresh.run is RunState.RUNNING
    assert case.queue_at == fresh.due_at
    (event,) = desk.events(case_id, "case.reopened")
    assert (event.payload["cycle"], event.payload["why"]) == (2, "customer")
    assert [row.body for row in desk.rows(CaseText, case_id=case_id, kind="reopen")] == ["客户说还没有到账"]
    must_add_up(desk.store, [desk.ports])


def test_a_breached_first_cycle_stays_breached_and_rings_no_more(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23))
    desk.later(hours=3)
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    sweep(desk.ctx)
    reopen(desk.ctx, case_id, "客户又来电")
    assert desk.clock(case_id, "refund_review").outcome is Outcome.BREACHED
    assert desk.clock(case_id, "refund_review", cycle=2).outcome is Outcome.OPEN
    assert not desk.case(case_id).breached
    assert sweep(desk.ctx).breaches == 0
    must_add_up(desk.store)


def test_a_reopened_case_gets_no_new_first_response(desk: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    reopen(desk.ctx, case_id, "还有疑问")
    kinds = {row.kind for row in desk.rows(ClockRow, case_id=case_id, cycle=2)}
    assert kinds == {"resolution"}
    must_add_up(desk.store)


@pytest.mark.parametrize("amount", [None, 5000])
def test_what_an_earlier_cycle_paid_counts_against_what_is_left(
    desk: Desk, chief: Desk, placed: Placed, amount: int | None
) -> None:
    case_id = refunded_case(desk, placed, amount)
    paid = WHOLE if amount is None else amount
    reopen(chief.ctx, case_id, "客户要求再退")
    assert refunded(desk.store, placed) == (paid, 0)
    assert desk.fact(case_id, "order.refundable_fen") == WHOLE - paid
    if amount is None:
        step = desk.step(case_id)
        assert step != "assess/decide"
        must_add_up(desk.store, [desk.ports])
        return
    chief.to_decision(case_id)
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        chief.go(case_id, "approve_part", amount=WHOLE, why="全退")
    # A second refund of one order is flagged, so that a supervisor decides (B0.7).
    chief.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (WHOLE, 0)
    must_add_up(desk.store, [desk.ports])


def test_a_refused_refund_that_comes_back_is_a_re_application(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, signed_days=12, placed_days=16)
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    for option in ("whole", "no_reason", "past", "past_deadline"):
        desk.go(case_id, option)
    desk.later(minutes=5)
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REJECTED
    reopen(desk.ctx, case_id, "客户补了检测报告")
    assert desk.fact(case_id, "case.reapply_count") == 1
    step = desk.step(case_id)
    assert step is not None and step.startswith("reapply")
    must_add_up(desk.store)


def test_the_second_reopening_goes_to_a_supervisor(desk: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    reopen(desk.ctx, case_id, "还有疑问")
    assert desk.case(case_id).escalated_to is None
    talk(desk, case_id)
    finish(desk, case_id)
    reopen(desk.ctx, case_id, "问题又来了")
    case = desk.case(case_id)
    assert (case.cycle, case.escalated_to) == (3, "supervisor")
    assert desk.clock(case_id, "escalation_decision", cycle=3).run is RunState.RUNNING
    must_add_up(desk.store)


def test_the_last_minute_of_the_thirtieth_day(desk: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    closed = desk.case(case_id).closed_at
    assert closed is not None
    desk.later(days=30)
    assert reopen(desk.ctx, case_id, "还有疑问").case_id == case_id


# After them


def test_after_thirty_days_a_new_case_follows_the_old_one(desk: Desk, placed: Placed) -> None:
    case_id = refunded_case(desk, placed)
    desk.later(days=32)
    seen = len(desk.events(case_id))
    done = reopen(desk.ctx, case_id, "客户说没有到账")
    assert done.code == "case.follows" and done.case_id not in (None, case_id)
    old, new = desk.case(case_id), desk.case(done.case_id or 0)
    assert (old.state, old.cycle, len(desk.events(case_id))) == (CaseState.CLOSED, 1, seen)
    assert (new.kind, new.order_id, new.customer_id) == (old.kind, old.order_id, old.customer_id)
    (link,) = desk.rows(CaseLink)
    assert (link.from_id, link.to_id, link.kind) == (new.id, old.id, LinkKind.PREVIOUS)
    assert desk.fact(new.id or 0, "case.previous_no") == old.case_no
    assert desk.clock(new.id or 0, "refund_review").start_at == desk.ctx.now()
    assert new.owner_id == desk.ctx.actor.id
    must_add_up(desk.store)


def test_the_new_case_is_about_the_same_goods(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, item_ids=(placed.items[0],))
    talk(desk, case_id)
    finish(desk, case_id)
    desk.later(days=40)
    done = reopen(desk.ctx, case_id, "还有疑问")
    assert [row.item_id for row in desk.rows(CaseItem, case_id=done.case_id)] == [placed.items[0]]


# From a call


@pytest.mark.parametrize("days", [2, 40])
def test_a_call_about_a_closed_case(desk: Desk, placed: Placed, days: int) -> None:
    case_id = general_case(desk, placed)
    desk.later(days=days)
    contact = calls.start_call(desk.ctx, "15400000001")
    desk.later(minutes=2)
    done = reopen(desk.ctx, case_id, "客户来电追问", contact)
    assert (done.case_id == case_id) is (days < 30)
    row = desk.row(Contact, contact)
    assert (row.case_id, row.kind) == (done.case_id, ContactKind.CALL)
    calls.end_call(desk.ctx, contact, "已解释")
    with pytest.raises(NotAllowed, match=r"call\.ended"):
        reopen(desk.ctx, general_case(desk, None), "再来", contact)
    must_add_up(desk.store)


def test_a_call_cannot_be_undone_but_a_slip_of_the_hand_can(desk: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    before = desk.case(case_id)
    reopen(desk.ctx, case_id, "点错了")
    undoing.undo(desk.ctx, case_id)
    after = desk.case(case_id)
    assert (after.state, after.cycle, after.open, after.outcome) == (
        before.state,
        before.cycle,
        before.open,
        before.outcome,
    )
    assert all(row.cycle == 1 for row in desk.rows(ClockRow, case_id=case_id))
    contact = calls.start_call(desk.ctx, "15400000001")
    reopen(desk.ctx, case_id, "客户来电", contact)
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(desk.ctx, case_id)
    must_add_up(desk.store)


# What is refused


def test_an_open_case_needs_no_reopening(desk: Desk, placed: Placed) -> None:
    with pytest.raises(NotAllowed, match=r"reopen\.open"):
        reopen(desk.ctx, desk.opened(placed), "还有疑问")


def test_a_merged_case_says_where_its_matter_went_on(desk: Desk, placed: Placed) -> None:
    first, second = desk.opened(placed), desk.opened(placed)
    desk.go(second, "merge")
    with pytest.raises(NotAllowed, match=r"reopen\.merged") as refused:
        reopen(desk.ctx, second, "还有疑问")
    assert refused.value.params["into"] == desk.case(first).case_no


def test_it_says_why(desk: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    with pytest.raises(BadInput, match=r"note\.empty"):
        reopen(desk.ctx, case_id, "  ")
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        reopen(desk.ctx, case_id, "卡号6222021234567890123")
    assert desk.case(case_id).state is CaseState.CLOSED


def test_a_colleague_who_hears_the_customer_works_it(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    reopen(chief.ctx, case_id, "客户找到我")
    assert desk.case(case_id).owner_id == chief.ctx.actor.id


def test_a_promise_outlives_the_closing_and_can_be_kept_in_the_next_cycle(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None)
    talk(desk, case_id)
    clocks.attach(desk.ctx, case_id, "promise")
    finish(desk, case_id)
    assert desk.clock(case_id, "promise").run is RunState.RUNNING
    reopen(desk.ctx, case_id, "还有疑问")
    assert len(desk.rows(ClockRow, case_id=case_id, kind="promise")) == 1
    clocks.fulfil(chief.ctx, case_id, "promise")
    assert met(desk.clock(case_id, "promise"))
    must_add_up(desk.store)


def test_reopening_does_not_stand_in_the_way_of_a_recall(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    desk.go(case_id, "close")
    reopen(desk.ctx, case_id, "点错了")
    assert done.undo_event is not None
    recall.recall(desk.ctx, done.undo_event)
    case = desk.case(case_id)
    assert (case.open, case.state) == (True, CaseState.IN_PROGRESS)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store, [desk.ports])
