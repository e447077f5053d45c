"""Another kind or priority for a colleague's case, and a case that comes back after the window."""

from datetime import timedelta

import pytest

from bdesk.clock import to_iso
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import ApprovalState, CaseKind, CaseState, Channel, Role
from bdesk.models.tables import Approval, CaseText, ClockRow
from bdesk.operations import queue, undoing
from bdesk.operations.priority import preview as priority_preview
from bdesk.operations.priority import set_priority
from bdesk.operations.reopening import reopen, reopen_late
from bdesk.operations.supervising.kinds import preview as kind_preview
from bdesk.operations.supervising.kinds import set_kind
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, adopt_limits, customer, event, order, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_reopening import general_case, refunded_case
from tests.operations.test_supervising_merging import approved, goods_come_back, on_its_way


def living(desk: Desk, case_id: int) -> dict[str, ClockRow]:
    rows = desk.rows(ClockRow, case_id=case_id)
    return {row.kind: row for row in rows if row.run in (RunState.RUNNING, RunState.PAUSED)}


@pytest.mark.parametrize("held", ["a colleague's", "nobody's", "mine"])
def test_a_case_becomes_another_kind_whoever_holds_it(
    desk: Desk, chief: Desk, placed: Placed, held: str
) -> None:
    case_id = (chief if held == "mine" else desk).opened(placed)
    if held == "nobody's":
        queue.release(desk.ctx, case_id)
    owner = desk.case(case_id).owner_id
    set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "客户投诉的是服务态度")
    case = desk.case(case_id)
    assert (case.kind, case.procedure, case.owner_id) == (CaseKind.COMPLAINT, "general", owner)
    # All from the original start (SLA.md, priority or kind changed).
    assert {row.start_at for row in living(desk, case_id).values()} == {case.received_at}
    assert {"complaint_ack", "complaint_result"} <= set(living(desk, case_id))
    assert desk.clock(case_id, "refund_review").run is RunState.CANCELLED
    (converted,) = desk.events(case_id, "case.converted")
    assert desk.row(CaseText, int(str(converted.payload["text"]))).body == "客户投诉的是服务态度"
    must_add_up(desk.store)


def test_one_that_nobody_has_worked_stays_new(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, take=False, media=False)
    assert desk.case(case_id).state is CaseState.NEW
    set_kind(chief.ctx, case_id, "shipment_delay", "说的是没发货")
    assert desk.case(case_id).state is CaseState.NEW
    must_add_up(desk.store)


def test_every_stop_is_replayed(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.AFTER_SALE, reason=None, channel=Channel.AFTER_SALE_FORM)
    until = desk.ctx.now() + timedelta(hours=20)
    stop = {"reason": "customer_answer", "clocks": ["resolution"], "resume_at": to_iso(until)}
    event(desk.store, case_id, "clock.paused", stop)
    desk.later(hours=2)
    set_kind(chief.ctx, case_id, CaseKind.CONSULTATION, "只是咨询")
    row = desk.clock(case_id, "resolution")
    assert (row.run, row.resume_at) == (RunState.PAUSED, until)
    must_add_up(desk.store)


def test_what_was_late_stays_late_and_rings_once(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, hours=30)
    assert sweep(desk.ctx).breaches == 1
    set_kind(chief.ctx, case_id, CaseKind.WALLET_REFUND, "退的是钱包消费")
    assert desk.clock(case_id, "refund_review").outcome is Outcome.BREACHED
    assert sweep(desk.ctx).breaches == 0
    must_add_up(desk.store)


def test_requests_of_the_old_matter_are_withdrawn(desk: Desk, chief: Desk, buyer: int) -> None:
    dear = order(desk.store, buyer, items=(Item(price_fen=300000),))
    case_id = desk.to_decision(desk.opened(dear))
    desk.go(case_id, "approval", why="超出我的权限")
    set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "客户不要退款了")
    assert [row.state for row in desk.rows(Approval)] == [ApprovalState.WITHDRAWN]
    must_add_up(desk.store)


def test_another_kind_is_undone(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    due = desk.clock(case_id, "refund_review").due_at
    set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "看错了")
    undoing.undo(chief.ctx, case_id)
    case = desk.case(case_id)
    assert (case.kind, case.procedure) == (CaseKind.REFUND, "refund")
    assert living(desk, case_id)["refund_review"].due_at == due
    must_add_up(desk.store)


def test_what_keeps_a_case_of_its_kind(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    for kind, code in (("refund", "case.same_kind"), ("nonsense", "case.kind_unknown")):
        with pytest.raises((NotAllowed, BadInput)) as refused:
            set_kind(chief.ctx, case_id, kind, "改")
        assert refused.value.code == code
    with pytest.raises(BadInput, match=r"supervise\.no_reason"):
        set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, " ")
    goods_come_back(desk, chief, case_id, case_id)
    with pytest.raises(NotAllowed, match=r"set_kind\.return"):
        set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "改")


def test_not_while_something_may_be_recalled(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    approved(desk, chief, case_id, case_id)
    with pytest.raises(NotAllowed, match=r"set_kind\.held"):
        set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "改")


def test_not_while_money_is_on_its_way(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    on_its_way(desk, chief, case_id, case_id)
    with pytest.raises(NotAllowed, match=r"set_kind\.paying"):
        set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "改")
    with pytest.raises(NotAllowed, match=r"set_kind\.paying"):
        kind_preview(chief.ctx, case_id, CaseKind.COMPLAINT)
    assert desk.case(case_id).kind is CaseKind.REFUND
    desk.payment.script = {}
    desk.later(hours=1)
    desk.release()
    set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "改")
    must_add_up(desk.store)


# Priority


def test_a_supervisor_sets_the_priority_of_a_colleagues_case(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False)
    before = desk.clock(case_id, "resolution").due_at
    set_priority(chief.ctx, case_id, 1, "媒体在问")
    case = desk.case(case_id)
    assert (case.priority, case.owner_id) == (1, desk.ctx.actor.id)
    row = desk.clock(case_id, "resolution")
    assert before is not None and row.due_at is not None and row.due_at < before
    assert row.start_at == case.received_at
    must_add_up(desk.store)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.RISK])
def test_a_colleague_does_not(desk: Desk, placed: Placed, role: Role) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        set_priority(Desk(desk.store, person(desk.store, role=role)).ctx, case_id, 1, "急")


# After the window


def test_the_same_case_comes_back_long_after_it_was_closed(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = refunded_case(desk, placed)
    before = desk.clock(case_id, "refund_review")
    desk.later(days=45)
    done = reopen_late(chief.ctx, case_id, "银行退票，客户才发现")
    case = desk.case(case_id)
    assert (done.case_id, case.cycle, case.state) == (case_id, 2, CaseState.IN_PROGRESS)
    assert (case.open, case.owner_id) == (True, chief.ctx.actor.id)
    fresh = desk.clock(case_id, "refund_review", cycle=2)
    assert (fresh.run, fresh.start_at) == (RunState.RUNNING, desk.ctx.now())
    assert desk.clock(case_id, "refund_review").due_at == before.due_at
    (back,) = desk.events(case_id, "case.reopened")
    assert back.payload["after_days"] == 45
    must_add_up(desk.store, [desk.ports])
    undoing.undo(chief.ctx, case_id)
    assert not desk.case(case_id).open
    must_add_up(desk.store, [desk.ports])


def test_within_the_window_it_is_an_ordinary_reopening(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    reopen_late(chief.ctx, case_id, "还有疑问")
    (back,) = desk.events(case_id, "case.reopened")
    assert "after_days" not in back.payload
    must_add_up(desk.store)


def test_an_agents_reopening_still_follows_with_a_new_case(desk: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    desk.later(days=32)
    assert reopen(desk.ctx, case_id, "还有疑问").code == "case.follows"


def test_what_is_not_reopened_late(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    desk.later(days=40)
    with pytest.raises(BadInput, match=r"supervise\.no_reason"):
        reopen_late(chief.ctx, case_id, "")
    for role in (Role.AGENT, Role.SENIOR, Role.RISK, Role.ADMIN):
        with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
            reopen_late(Desk(desk.store, person(desk.store, role=role)).ctx, case_id, "重开")
    reopen_late(chief.ctx, case_id, "重开")
    with pytest.raises(NotAllowed, match=r"reopen\.open"):
        reopen_late(chief.ctx, case_id, "再开")


def test_a_firm_may_leave_it_to_managers(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = general_case(desk, placed)
    desk.later(days=40)
    row = "title: {zh: 超过 30 天重开, en: Reopen after 30 days}\n    roles:\n      "
    adopt_limits(desk.store, (f"{row}supervisor: ", f"{row}manager: "))
    with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
        reopen_late(chief.ctx, case_id, "重开")
    reopen_late(Desk(desk.store, person(desk.store, role=Role.MANAGER)).ctx, case_id, "重开")


def test_nobody_reopens_or_turns_their_own_matter(desk: Desk) -> None:
    buyer = customer(desk.store)
    placed = order(desk.store, buyer)
    kin = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR, customer_id=buyer))
    closed, open_ = general_case(desk, placed), desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        reopen_late(kin.ctx, closed, "重开")
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        set_kind(kin.ctx, open_, CaseKind.COMPLAINT, "改")
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        set_priority(kin.ctx, open_, 1)


# Looked at before


def test_what_a_priority_does_to_the_clocks_is_told_before(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False)
    desk.later(hours=60)
    before, newest = desk.clock(case_id, "resolution").due_at, desk.store.newest_event()
    (told,) = priority_preview(chief.ctx, case_id, 1)
    assert (desk.store.newest_event(), desk.case(case_id).priority) == (newest, 3)
    assert (told.clock, told.was, told.late) == ("resolution", before, True)
    set_priority(chief.ctx, case_id, 1, "媒体在问")
    assert desk.clock(case_id, "resolution").due_at == told.becomes
    with pytest.raises(NotAllowed, match=r"priority\.same"):
        priority_preview(chief.ctx, case_id, 1)
    with pytest.raises(BadInput, match=r"priority\.unknown"):
        priority_preview(chief.ctx, case_id, 5)


def test_what_a_kind_does_to_the_clocks_is_told_before(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    before, newest = living(desk, case_id), desk.store.newest_event()
    told = kind_preview(chief.ctx, case_id, "complaint")
    assert (desk.store.newest_event(), desk.case(case_id).kind) == (newest, CaseKind.REFUND)
    set_kind(chief.ctx, case_id, "complaint", "其实是投诉")
    after = living(desk, case_id)
    assert {one.clock for one in told if one.becomes is None} == set(before) - set(after)
    assert {one.clock: one.becomes for one in told if one.was is None} == {
        kind: row.due_at for kind, row in after.items() if kind not in before
    }
