"""P12 as a case of its own: about a case that is done, money that did not arrive, or none that was found."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    CheckResult,
    Factor,
    PromiseState,
    RefundState,
)
from bdesk.models.tables import Promise, Refund, Task, VerificationAttempt
from bdesk.operations import calls, tasks
from bdesk.operations.opening import NewCase
from bdesk.operations.sweep import sweep
from tests.builders import Placed, customer
from tests.operations.desk import Desk, letters_of, must_add_up


@pytest.fixture
def buyer(store: Store) -> int:
    return customer(store, phone="15412346621")


def enquiry(desk: Desk, placed: Placed | None) -> int:
    """Somebody rings and asks; the caller is verified far enough."""
    contact = calls.start_call(desk.ctx)
    new = NewCase(
        CaseKind.PROGRESS, Channel.HOTLINE, order_id=placed.id if placed else None, subject="问进度"
    )
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    if placed is not None:
        assert desk.step(case_id) == "verify"
        desk.go(case_id, "check", order_named=placed.order_no, phone_tail="6621")
        assert desk.fact(case_id, "verification.level") == 1
    return case_id


def refunded(desk: Desk, placed: Placed) -> int:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).state is CaseState.CLOSED
    return case_id


def test_a_case_in_work_takes_the_enquiry_in(desk: Desk, placed: Placed) -> None:
    first = desk.opened(placed)
    desk.to_decision(first)
    case_id = enquiry(desk, placed)
    assert desk.step(case_id) == "dated"
    assert desk.fact(case_id, "progress.asked_no") == desk.case(first).case_no
    desk.go(case_id, "merge")
    assert desk.case(case_id).state is CaseState.MERGED
    assert desk.events(first, "case.merged_in")
    must_add_up(desk.store)


def test_an_overdue_case_is_raised_with_a_promise_that_is_kept(desk: Desk, placed: Placed) -> None:
    first = desk.opened(placed)
    desk.to_decision(first)
    desk.later(hours=30)
    case_id = enquiry(desk, placed)
    assert desk.step(case_id) == "overdue"
    desk.go(case_id, "urge")
    assert desk.case(case_id).escalated_to == "supervisor"
    desk.go(case_id, "notice")
    assert desk.case(first).case_no in letters_of(desk, case_id)[-1]
    desk.go(case_id, "wait")
    desk.later(hours=3)
    desk.go(case_id, "told")
    assert [row.state for row in desk.rows(Promise)] == [PromiseState.KEPT]
    desk.later(hours=24)
    sweep(desk.ctx)
    assert [row.state for row in desk.rows(Promise)] == [PromiseState.KEPT]
    must_add_up(desk.store)


def test_a_finished_case_is_told_and_the_enquiry_closed(desk: Desk, placed: Placed) -> None:
    refunded(desk, placed)
    with desk.store.write("test") as unit:
        for row in unit.session.scalars(select(Refund)):
            row.state, row.arrived_at = RefundState.ARRIVED, unit.now
        unit.commit()
    case_id = enquiry(desk, placed)
    assert desk.step(case_id) == "result"
    assert desk.fact(case_id, "progress.outcome") == "approved_full"
    desk.go(case_id, "told")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED


@pytest.mark.parametrize(
    ("finding", "step"), [("arrived", "arrived"), ("in_progress", "in_progress"), ("returned", "returned")]
)
def test_money_that_did_not_arrive_is_traced_by_its_number(
    desk: Desk, placed: Placed, finding: str, step: str
) -> None:
    refunded(desk, placed)
    desk.later(days=12)
    case_id = enquiry(desk, placed)
    assert desk.step(case_id) == "late_refund"
    number = str(desk.fact(case_id, "refund.late_no"))
    desk.go(case_id, "trace")
    asked = desk.rows(Task, case_id=case_id)[0]
    assert asked.what == "trace_refund" and number in asked.question
    assert desk.step(case_id) is None or desk.step(case_id) == "trace_wait"
    desk.later(hours=2)
    tasks.answer_task(desk.ctx, asked.id or 0, "渠道回复", finding)
    assert desk.step(case_id) == step
    must_add_up(desk.store)
    if finding == "returned":
        desk.go(case_id, "raise")
        made = {row.topic: row.state for row in desk.rows(Promise)}
        assert made == {"trace": PromiseState.KEPT, "repay": PromiseState.OPEN}
        assert (desk.step(case_id), desk.case(case_id).open) == ("repaying", True), "a supervisor arranges it"
        desk.go(case_id, "told")
        assert {row.state for row in desk.rows(Promise)} == {PromiseState.KEPT}


def test_the_number_of_the_case_says_enough(desk: Desk, placed: Placed) -> None:
    first = desk.opened(placed)
    desk.to_decision(first)
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.PROGRESS, Channel.HOTLINE, order_id=placed.id, subject="问进度")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id or 0
    desk.go(case_id, "confirmed")
    desk.go(case_id, "by_number", case_named=desk.case(first).case_no)
    assert desk.step(case_id) == "dated"


def test_nothing_found_says_so_and_ends(desk: Desk) -> None:
    case_id = enquiry(desk, None)
    assert desk.step(case_id) == "not_found"
    desk.go(case_id, "told")
    desk.go(case_id, "close")
    assert desk.case(case_id).state is CaseState.CLOSED


def test_who_cannot_be_verified_hears_nothing_of_the_case(desk: Desk, placed: Placed) -> None:
    desk.opened(placed)
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.PROGRESS, Channel.HOTLINE, order_id=placed.id, subject="问进度")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id or 0
    desk.go(case_id, "confirmed")
    assert desk.step(case_id) == "verify"
    desk.go(case_id, "by_number", case_named="KF2026111800099")
    assert desk.step(case_id) == "verify"
    with pytest.raises(NotAllowed):
        desk.go(case_id, "check", phone_tail="6621")
    desk.go(case_id, "refused")
    assert desk.step(case_id) == "unverified"
    said = desk.stand(case_id).walk.current
    assert said is not None and "KF" not in str(said.step.say)
    desk.later(seconds=timedelta(minutes=1).seconds)
    desk.go(case_id, "told")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED


def asking(desk: Desk, placed: Placed) -> int:
    """Somebody rings about an order of which there is a case, and is to be verified."""
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.PROGRESS, Channel.HOTLINE, order_id=placed.id, subject="问进度")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id or 0
    desk.go(case_id, "confirmed")
    assert desk.step(case_id) == "verify"
    return case_id


def test_case_numbers_are_not_guessed_through_the_desk(desk: Desk, placed: Placed) -> None:
    """A wrong number is a failed try like any other: the third locks the account, and then not even the right
    one is compared (B0.4)."""
    first = desk.opened(placed)
    case_id = asking(desk, placed)
    for left, number in ((2, "KF2026111800098"), (1, "KF2026111800099")):
        desk.go(case_id, "by_number", case_named=number)
        assert desk.fact(case_id, "verification.tries_left") == left
    desk.go(case_id, "check", order_named=placed.order_no, phone_tail="0000")
    assert desk.fact(case_id, "verification.locked") is True
    rows = desk.rows(VerificationAttempt, case_id=case_id, factor=Factor.CASE_NO)
    assert [row.result for row in rows] == [CheckResult.FAILED, CheckResult.FAILED]
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "by_number", case_named=desk.case(first).case_no)
    assert desk.step(case_id) == "verify"
    must_add_up(desk.store)


def test_the_number_of_the_enquiry_itself_proves_nothing(desk: Desk, placed: Placed) -> None:
    """It was told to whoever calls, a minute ago."""
    desk.opened(placed)
    case_id = asking(desk, placed)
    desk.go(case_id, "by_number", case_named=desk.case(case_id).case_no)
    assert (desk.step(case_id), desk.fact(case_id, "verification.level")) == ("verify", 0)


def test_the_after_sales_number_says_as_much_as_the_case_number(desk: Desk, placed: Placed) -> None:
    first = desk.opened(placed, kind=CaseKind.AFTER_SALE, reason=None, channel=Channel.AFTER_SALE_FORM)
    number = desk.case(first).after_sale_no
    assert number
    case_id = asking(desk, placed)
    desk.go(case_id, "by_number", case_named=number)
    assert desk.fact(case_id, "verification.level") == 1
    assert desk.step(case_id) != "verify"
