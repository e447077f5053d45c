"""Telling the result (RF11), original paths of several payments (RF9a), goods that came back (RF7b)."""

from datetime import timedelta

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    Channel,
    NotificationChannel,
    OrderStatus,
    ParcelState,
    RefundReason,
)
from bdesk.models.tables import Customer, Decision, Notification, Parcel, Payment, Refund, StepAnswer
from bdesk.operations import calls, evidence, undoing
from bdesk.operations.opening import NewCase
from bdesk.operations.ports import Answer
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, customer, order
from tests.operations.desk import Desk, letters_of, met, must_add_up, refunded

TWO = ({"amount_fen": 8000}, {"amount_fen": 4800})
"""Two payments for a kettle of 128.00."""


def lose_mail(desk: Desk, buyer: int, email: str | None) -> None:
    with desk.store.write("shop") as unit:
        unit.session.get_one(Customer, buyer).email = email
        unit.commit()


def settle(desk: Desk) -> None:
    desk.later(seconds=11)
    desk.release()


@pytest.mark.parametrize(
    ("option", "more", "step", "letter"),
    [
        ("approve", {}, "paid", "N2"),
        ("approve_part", {"amount": 3000, "why": "划痕"}, "paid_part", "N2"),
        ("reject", {}, "rejected", "N3"),
    ],
)
def test_a_result_that_came_back_goes_to_the_other_address_word_for_word(
    desk: Desk, placed: Placed, buyer: int, option: str, more: dict[str, object], step: str, letter: str
) -> None:
    lose_mail(desk, buyer, "gone@nowhere.invalid")
    case_id = desk.opened(placed)
    if option == "reject":
        desk.go(case_id, "whole")
        desk.go(case_id, "no_reason")
        desk.go(case_id, "used")
        desk.go(case_id, "reject", judged="有使用痕迹")
        desk.go(case_id, "condition", detail="壶底有使用痕迹")
    else:
        desk.to_decision(case_id)
        desk.go(case_id, option, **more)  # type: ignore[arg-type]
    assert desk.step(case_id) == step
    settle(desk)
    assert desk.fact(case_id, "letters.result_to") is None
    assert desk.option(case_id, "close").offer == "refused"
    pending = desk.strip(case_id, "resend")
    assert [(one.letter, one.channel) for one in pending.letters] == [(letter, "sms")]
    desk.press_f8(pending)
    settle(desk)
    first, again = desk.rows(Notification, case_id=case_id)
    assert (again.letter, again.channel) == (letter, NotificationChannel.SMS)
    bodies = letters_of(desk, case_id)
    assert bodies[0] == bodies[1]
    assert desk.fact(case_id, "letters.result_to") == again.target_masked != first.target_masked
    assert len(desk.rows(Decision, case_id=case_id)) == 1
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_without_an_address_the_result_goes_by_text_message(desk: Desk, placed: Placed, buyer: int) -> None:
    lose_mail(desk, buyer, None)
    case_id = desk.to_decision(desk.opened(placed))
    masked = desk.fact(case_id, "customer.letters_to")
    current = desk.stand(case_id).walk.current
    assert current is not None and current.say is not None
    assert str(masked) in current.say.zh
    desk.go(case_id, "approve")
    assert desk.fact(case_id, "letters.result_to") == masked
    current = desk.stand(case_id).walk.current
    assert current is not None and current.say is not None
    assert "邮箱" not in current.say.zh and str(masked) in current.say.zh


def test_a_landline_takes_no_text_message(desk: Desk) -> None:
    buyer = customer(desk.store, phone="0571-88001234", email=None)
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer)))
    assert desk.fact(case_id, "customer.letters_to") is None
    with pytest.raises(NotAllowed, match=r"letter\.no_target"):
        desk.strip(case_id, "approve")


# Several payments


@pytest.mark.parametrize("closed", [0, 1])
def test_one_closed_path_of_two_offers_what_can_be_done_and_no_more(
    desk: Desk, chief: Desk, buyer: int, closed: int
) -> None:
    payments = tuple({**one, "path_closed": place == closed} for place, one in enumerate(TWO))
    placed = order(desk.store, buyer, payments=payments)
    case_id = desk.to_decision(desk.opened(placed))
    still_open = TWO[1 - closed]["amount_fen"]
    assert desk.fact(case_id, "payments.open_fen") == still_open
    assert desk.fact(case_id, "payments.original_open") is False
    offered = {one: desk.option(case_id, one).offer for one in ("approve", "approval", "original_closed")}
    assert offered == {"approve": "refused", "approval": "refused", "original_closed": "offered"}
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.strip(case_id, "approve_part", amount=still_open + 1, why="部分")
    desk.go(case_id, "approve_part", amount=still_open, why="先退原路能退的")
    settle(desk)
    assert refunded(desk.store, placed) == (still_open, 0)
    must_add_up(desk.store, [desk.ports])


def test_both_paths_open_refund_the_whole_to_both(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, payments=TWO)
    case_id = desk.to_decision(desk.opened(placed))
    assert desk.fact(case_id, "payments.original_open") is True
    desk.go(case_id, "approve")
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)


# Goods that came back


def test_the_days_of_a_return_run_from_the_day_it_came_back(desk: Desk, placed: Placed) -> None:
    back = desk.ctx.now() - timedelta(days=1)
    with desk.store.write("shop") as unit:
        parcel = unit.session.get_one(Parcel, placed.parcels[0])
        parcel.state, parcel.last_scan_at = ParcelState.RETURNED, back
        unit.commit()
    case_id = desk.opened(placed, reason=RefundReason.RETURNED_GOODS)
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "goods_back"
    desk.go(case_id, "review")
    clock = desk.clock(case_id, "return_refund")
    assert clock.start_at == back
    desk.go(case_id, "approve")
    assert met(desk.clock(case_id, "return_refund"))


def test_an_unshipped_order_above_the_limit_is_cancelled_with_its_refund(chief: Desk, buyer: int) -> None:
    placed = order(
        chief.store, buyer, items=(Item(price_fen=3_000_000),), status=OrderStatus.TO_SHIP, signed_days=None
    )
    case_id = chief.opened(placed, reason=RefundReason.UNSHIPPED_CANCEL, media=False)
    chief.go(case_id, "whole")
    chief.go(case_id, "cancel")
    chief.go(case_id, "finance", finance_note="大额未发货取消")
    assert chief.events(case_id, "order.cancelled")
    settle(chief)
    assert refunded(chief.store, placed) == (3_000_000, 0)
    chief.go(case_id, "close")
    assert chief.case(case_id).outcome is CaseOutcome.APPROVED_FULL


def test_the_desk_keeps_no_more_of_a_target_than_may_be_shown(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, payments=({"path_closed": True},))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "original_closed")
    desk.go(case_id, "form")
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        desk.go(case_id, "registered", target_shown="6222 0210 0111 6245 702")
    desk.go(case_id, "registered", target_shown="工商银行 尾号 5702")
    assert desk.step(case_id) == "other_target/request"
    assert desk.fact(case_id, "refund.target_registered") is True
    assert len(desk.events(case_id, "customer.target_registered")) == 1


def test_the_target_that_arrives_leads_on(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, payments=({"path_closed": True},))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "original_closed")
    desk.go(case_id, "form")
    evidence.register_target(desk.ctx, case_id, "工商银行 尾号 0123")
    assert desk.step(case_id) == "other_target/request"


def test_a_channel_that_only_failed_is_tried_again_the_original_way(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.payment.script = dict.fromkeys(refund_numbers(desk, case_id), Answer.FAILED)
    settle(desk)
    assert desk.step(case_id) == "other_target/ask"
    assert desk.option(case_id, "retry").offer == "refused"
    reopen_path(desk, placed)
    desk.go(case_id, "retry")
    assert desk.step(case_id) == "paid"
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)
    assert [row.attempt for row in desk.rows(Refund, case_id=case_id)] == [1, 2]
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def refund_numbers(desk: Desk, case_id: int) -> list[str]:
    return [row.refund_no for row in desk.rows(Refund, case_id=case_id)]


def reopen_path(desk: Desk, placed: Placed) -> None:
    """The channel says that the failure had another cause."""
    with desk.store.write("shop") as unit:
        unit.session.get_one(Payment, placed.payments[0]).path_closed = False
        unit.commit()


# Receipts and ends nobody can be told of


def test_a_receipt_answers_nothing(desk: Desk, placed: Placed) -> None:
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.PROGRESS, Channel.HOTLINE, order_id=placed.id)
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "number")
    assert desk.step(case_id) == "opening/greet"
    assert not met(desk.clock(case_id, "first_response"))
    settle(desk)
    body = letters_of(desk, case_id)[0]
    assert desk.case(case_id).case_no in body


def test_a_form_without_order_and_address_can_be_closed(desk: Desk) -> None:
    case_id = desk.opened(None, media=False)
    desk.go(case_id, "none")
    offers = {one: desk.option(case_id, one).offer for one in ("close", "letter", "silent")}
    assert offers == {"close": "refused", "letter": "refused", "silent": "offered"}
    desk.go(case_id, "silent")
    assert desk.case(case_id).outcome is CaseOutcome.NO_CONTACT


def test_an_application_for_an_unknown_order_is_answered_by_letter(desk: Desk, buyer: int) -> None:
    case_id = desk.opened(None, media=False, customer_id=buyer)
    desk.go(case_id, "none")
    desk.go(case_id, "letter")
    assert desk.case(case_id).outcome is CaseOutcome.NO_ORDER
    settle(desk)
    assert "96110" in letters_of(desk, case_id)[0]


def test_a_withdrawal_of_somebody_without_address(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, phone=None, email=None))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "withdrawn")
    assert desk.option(case_id, "confirm").offer == "refused"
    desk.go(case_id, "silent")
    assert desk.case(case_id).outcome is CaseOutcome.NO_CONTACT


def test_the_named_order_is_a_factor(desk: Desk, placed: Placed) -> None:
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.REFUND, Channel.HOTLINE, order_id=placed.id)
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    desk.go(case_id, "whole")
    desk.go(case_id, "other", order_named=placed.order_no, city="杭州")
    assert desk.fact(case_id, "verification.level") == 2
    assert placed.order_no not in str([row.captures for row in desk.rows(StepAnswer, case_id=case_id)])


def test_a_case_that_nobody_put_into_words_names_its_goods(desk: Desk, placed: Placed) -> None:
    contact = calls.start_call(desk.ctx)
    case_id = calls.open_from_call(
        desk.ctx, contact, NewCase(CaseKind.REFUND, Channel.HOTLINE, placed.id)
    ).case_id
    assert case_id is not None
    assert desk.case(case_id).subject == "电热水壶 x1"
    desk.go(case_id, "confirmed", subject="壶盖裂了")
    assert desk.case(case_id).subject == "壶盖裂了"


# Another kind


def test_a_case_that_becomes_another_kind_is_walked_on_and_may_be_written_to(
    desk: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION)
    desk.go(case_id, "answer", text="我们看一下")
    for kind in ("complaint", "consultation", "login"):
        desk.go(case_id, "pass_on")
        desk.go(case_id, "convert")
        desk.go(case_id, "go", kind=kind)
        assert desk.case(case_id).kind == kind
        if kind == "complaint":
            assert desk.step(case_id) == "complaint_ack"
            desk.go(case_id, "letter")
        assert desk.step(case_id) == "handle"
        desk.go(case_id, "answer", text="还是这件事")
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N11"] * 5
    desk.go(case_id, "close")
    desk.go(case_id, "solved")
    must_add_up(desk.store)


def test_a_refund_that_went_and_came_back_is_decided_anew(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    desk.go(case_id, "exchange")
    assert desk.case(case_id).kind is CaseKind.AFTER_SALE
    desk.go(case_id, "letter")
    desk.go(case_id, "else")
    desk.go(case_id, "type")
    desk.go(case_id, "complaint")
    desk.go(case_id, "convert")
    desk.go(case_id, "go", kind="refund")
    assert desk.step(case_id) == "scope"
    undoing.undo(desk.ctx, case_id)
    assert desk.step(case_id) == "convert"


def test_a_return_is_explained_with_its_own_letter(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "return")
    desk.go(case_id, "go")
    desk.go(case_id, "letter")
    desk.go(case_id, "send", return_to="杭州市西湖区商家仓库 0571-00000001")
    settle(desk)
    assert desk.step(case_id) == "goods/send"
    number, body = letters_of(desk, case_id)
    assert str(desk.case(case_id).after_sale_no) in number
    assert "杭州市西湖区商家仓库" in body and "电热水壶 x1" in body and "自付" in body
    desk.later(days=8)
    sweep(desk.ctx)
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N16", "N15", "N15"]


# A notice that came back


def test_a_withdrawal_whose_notice_came_back_can_still_be_closed(desk: Desk, buyer: int) -> None:
    lose_mail(desk, buyer, "gone@nowhere.invalid")
    placed = order(desk.store, buyer)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "withdrawn")
    desk.go(case_id, "confirm")
    settle(desk)
    assert desk.option(case_id, "close").offer == "refused"
    desk.go(case_id, "letter")
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.WITHDRAWN


def test_a_rejection_without_an_address_ends_too(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, phone=None, email=None), signed_days=12, placed_days=16)
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "past")
    assert desk.step(case_id) == "reject/unreachable"
    desk.go(case_id, "silent")
    assert desk.case(case_id).outcome is CaseOutcome.NO_CONTACT
