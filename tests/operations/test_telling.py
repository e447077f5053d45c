"""Telling the result (RF11), original paths of several payments (RF9a), goods that came back (RF7b)."""

from datetime import timedelta

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseOutcome, NotificationChannel, OrderStatus, ParcelState, RefundReason
from bdesk.models.tables import Customer, Decision, Notification, Parcel
from bdesk.operations import evidence
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


def test_the_target_that_arrives_leads_on(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, payments=({"path_closed": True},))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "original_closed")
    desk.go(case_id, "form")
    evidence.register_target(desk.ctx, case_id, "工商银行 尾号 0123")
    assert desk.step(case_id) == "other_target/request"
