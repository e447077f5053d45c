"""What could pass for an answer, where it was not looked for: strips, lists of requests, the timeline."""

import pytest

from bdesk.clock import LOCAL
from bdesk.models.kinds import Channel
from bdesk.models.tables import Customer, Order
from bdesk.operations import calls, notes
from bdesk.operations.effects import strip
from bdesk.operations.looking import approvals
from bdesk.operations.looking.case import case_page
from bdesk.operations.looking.texts import texts_of
from tests.builders import Item, Placed, order
from tests.operations.desk import Desk


def answers(desk: Desk, placed: Placed) -> list[str]:
    """What an identity check would ask for, in the ways it is written."""
    with desk.store.read() as session:
        found = session.get_one(Order, placed.id)
        buyer = session.get_one(Customer, found.customer_id)
        day = found.placed_at.astimezone(LOCAL).date()
        return [found.order_no, buyer.phone_tail or "", buyer.city or "", "128.00", "12800", f"{day:%m-%d}"]


def told(value: object, secrets: list[str]) -> list[str]:
    """Which of them stand in a text."""
    text = str(value)
    return [one for one in secrets if one and one in text]


def test_a_pending_strip_tells_a_caller_nothing(desk: Desk, placed: Placed) -> None:
    """The case was filed signed in; somebody rings about something else meanwhile."""
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    secrets = answers(desk, placed)
    assert told(case_page(desk.ctx, case_id).shown(pending), secrets)
    calls.start_call(desk.ctx, "13800000000")
    shown = case_page(desk.ctx, case_id).shown(pending)
    assert told((shown.phrases, shown.letters), secrets) == []
    # A strip drawn during the call shows no more, and F8 still does what stands in it.
    again = desk.strip(case_id, "approve")
    shown = case_page(desk.ctx, case_id).shown(again)
    assert told((shown.phrases, shown.letters), secrets) == []
    desk.press_f8(again)


def test_the_number_of_the_case_by_sms_shows_no_tail_before_it_was_asked_for(
    desk: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed, channel=Channel.HOTLINE, filed=False, media=False)
    call = calls.start_call(desk.ctx, "13800000000")
    calls.attach_call(desk.ctx, call, case_id)
    assert desk.step(case_id) == "opening/greet"
    pending = strip.plan_strip(desk.ctx, case_id, "opening/greet", "number", {})
    secrets = answers(desk, placed)
    assert told((pending.phrases, pending.letters), secrets)
    shown = case_page(desk.ctx, case_id).shown(pending)
    assert told((shown.phrases, shown.letters), secrets) == []


def test_the_timeline_tells_no_number_of_an_order_that_was_found_by_the_telephone(
    desk: Desk, placed: Placed, buyer: int
) -> None:
    with desk.store.read() as session:
        found = session.get_one(Order, placed.id)
        number, day = found.order_no, found.placed_at.astimezone(LOCAL).date()
        tail = session.get_one(Customer, buyer).phone_tail or ""
    case_id = desk.opened(None, reason=None, channel=Channel.HOTLINE, filed=False, media=False)
    desk.go(case_id, "by_phone", order_phone_tail=tail, bought_on=day)
    page = case_page(desk.ctx, case_id)
    assert [one for one in page.timeline if one.kind == "case.order_attached"]
    assert told([one.params for one in page.timeline], [number]) == []


@pytest.fixture
def asked(desk: Desk, buyer: int) -> int:
    """A case of mine that waits for a second person."""
    dear = order(desk.store, buyer, items=[Item(price_fen=64000)])
    case_id = desk.to_decision(desk.opened(dear))
    desk.go(case_id, "approval", why="客户付了640.00元")
    return case_id


def test_the_list_of_requests_is_for_who_decides_and_not_on_a_call(
    desk: Desk, chief: Desk, asked: int
) -> None:
    secrets = ["640.00", "64000"]
    assert told(approvals.waiting(desk.ctx), secrets) == []
    assert told(approvals.one(desk.ctx, 1), secrets) == []
    assert told(approvals.waiting(chief.ctx), secrets) == secrets
    calls.start_call(chief.ctx, "13800000000")
    assert told(approvals.waiting(chief.ctx), secrets) == []
    assert told(approvals.one(chief.ctx, 1), secrets) == []


def test_texts_to_be_erased_show_no_more_than_the_timeline(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    notes.add_note(desk.ctx, case_id, "客户付了128.00元")
    desk.go(case_id, "approve")
    secrets = answers(desk, placed)
    assert told(texts_of(chief.ctx, case_id), secrets)
    calls.start_call(chief.ctx, "13800000000")
    assert told(texts_of(chief.ctx, case_id), secrets) == []
