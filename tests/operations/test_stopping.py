"""Stopping clocks from the desk: for whom each kind allows it, how long in all, and how it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import PauseReason, RunState
from bdesk.models.kinds import CaseKind, CaseState
from bdesk.models.tables import Notification
from bdesk.operations import clocks, parking
from bdesk.operations.effects import adhoc
from bdesk.operations.looking.clocks import explain_case
from bdesk.operations.sweep import sweep
from tests.builders import open_case
from tests.operations.desk import Desk, must_add_up

DAY = timedelta(days=1)


@pytest.fixture
def begun(desk: Desk, buyer: int) -> Callable[..., int]:
    """Makes a case of mine that runs these clocks."""

    def make(*kinds: str) -> int:
        owner = desk.ctx.actor
        return open_case(desk.store, customer_id=buyer, kind=CaseKind.COMPLAINT, clocks=kinds, owner=owner)

    return make


KINDS = (
    *("resolution", "refund_review", "return_refund", "unfreeze_decision", "privacy_request", "appeal_final"),
    *("ship_follow_up", "first_response", "email_reply", "approval", "regulator", "promise"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_stops_for_the_reasons_of_its_policy_and_no_other(
    desk: Desk, begun: Callable[..., int], kind: str
) -> None:
    allowed = {one.waits_for if one.waits_for == "customer" else one.value
               for one in desk.ctx.book.clock_kinds[kind].pauses}  # fmt: skip
    case_id = begun(kind)
    for waits_for in ("customer", *adhoc.PARTIES):
        if waits_for in allowed:
            strip = adhoc.plan_stop(desk.ctx, case_id, waits_for, "请等待")
            assert strip.letters[0].letter == ("N4" if waits_for == "customer" else "N11")
        else:
            with pytest.raises(NotAllowed, match=r"clock\.never_stops"):
                adhoc.plan_stop(desk.ctx, case_id, waits_for, "请等待")


def test_a_named_party_stops_every_clock_that_waits_for_it_and_none_else(
    desk: Desk, begun: Callable[..., int]
) -> None:
    """Goods in transit (RF7b): the warehouse stops the resolution; a refund review runs on (SLA.md)."""
    case_id = begun("resolution", "refund_review", "first_response")
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "warehouse", "退货在途，仓库收到后继续", 14))
    row = desk.clock(case_id, "resolution")
    assert (row.run, row.waiting_for, row.resume_at) == (
        RunState.PAUSED,
        "warehouse",
        desk.ctx.now() + 14 * DAY,
    )
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    assert not desk.case(case_id).stopped
    (event,) = desk.events(case_id, "clock.paused")
    assert event.payload["reason"] == PauseReason.WAREHOUSE
    assert desk.rows(Notification, case_id=case_id)[0].letter == "N11"
    must_add_up(desk.store)


def test_the_customer_stops_all_that_wait_for_the_customer(desk: Desk, begun: Callable[..., int]) -> None:
    case_id = begun("resolution", "complaint_result")
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 3))
    for kind in ("resolution", "complaint_result"):
        assert desk.clock(case_id, kind).run is RunState.PAUSED
    assert desk.case(case_id).stopped
    desk.later(hours=5)
    desk.picture(case_id)
    for kind in ("resolution", "complaint_result"):
        assert desk.clock(case_id, kind).run is RunState.RUNNING
    must_add_up(desk.store)


def test_a_stop_ends_by_hand_although_another_clock_runs(desk: Desk, begun: Callable[..., int]) -> None:
    case_id = begun("resolution", "refund_review")
    with pytest.raises(NotAllowed, match=r"clock\.not_stopped"):
        parking.resume(desk.ctx, case_id)
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "bank", "银行核实中"))
    desk.later(hours=1)
    parking.resume(desk.ctx, case_id)
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    must_add_up(desk.store)


def test_a_stop_ends_at_its_date_or_at_the_cap_and_then_no_more(
    desk: Desk, begun: Callable[..., int]
) -> None:
    """Seven days of stops in all for a refund review: three, then four by the cap, then it is refused."""
    case_id = begun("refund_review")
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 3))
    with pytest.raises(NotAllowed, match=r"clock\.stopped_already"):
        adhoc.plan_stop(desk.ctx, case_id, "customer", "再补一张")
    desk.later(days=3)
    assert sweep(desk.ctx).resumed == 1
    since = desk.ctx.now()
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "再补一张", 14))
    assert desk.clock(case_id, "refund_review").resume_at == since + 4 * DAY
    lines = [line.code for line in explain_case(desk.ctx, case_id).clocks[0].lines]
    assert "clock.line.stands_cap" in lines
    desk.later(days=4, minutes=1)
    assert sweep(desk.ctx).resumed == 1
    with pytest.raises(NotAllowed, match=r"clock\.cap_used"):
        adhoc.plan_stop(desk.ctx, case_id, "customer", "第三次")
    must_add_up(desk.store)


def test_paused_and_closed_in_one_step_is_no_lateness(
    desk: Desk, chief: Desk, begun: Callable[..., int]
) -> None:
    case_id = begun("refund_review")
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 7))
    desk.later(days=6)
    clocks.fulfil(chief.ctx, case_id, "refund_review")
    desk.later(days=60)
    sweep(desk.ctx)
    (found,) = (
        one.reading for one in explain_case(desk.ctx, case_id).clocks if one.reading.kind == "refund_review"
    )
    assert found.breached_at is None
    assert found.lateness(desk.ctx.now()) == timedelta(0)
    must_add_up(desk.store)


def test_what_a_stop_needs(desk: Desk, begun: Callable[..., int]) -> None:
    case_id = begun("resolution")
    with pytest.raises(BadInput, match=r"note\.empty"):
        adhoc.plan_stop(desk.ctx, case_id, "courier", " ")
    with pytest.raises(BadInput, match=r"clock\.waits_for"):
        adhoc.plan_stop(desk.ctx, case_id, "supervisor", "等主管")
