"""What could serve as a verification factor, on every card: who sees it, and when (B0.4, decision 11)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotFound
from bdesk.models.kinds import Channel, Factor
from bdesk.operations.calls import attach_call, end_call, start_call
from bdesk.operations.context import Context
from bdesk.operations.looking import case, order
from bdesk.operations.notes import add_note
from bdesk.operations.queue import claim
from bdesk.rules.cases import HIDING_FACTORS
from tests import builders as build


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with build.make_store(tmp_path) as made:
        yield made


@pytest.fixture
def ctx(store: Store) -> Context:
    made: Context = build.context(store, build.person(store, "1001"))
    return made


def sums(card: order.OrderCard) -> bool:
    return not card.hides(Factor.RECENT_AMOUNT)


def test_an_order_shows_its_factors_to_who_holds_a_verified_case_of_it(store: Store, ctx: Context) -> None:
    buyer = build.customer(store, name="李雪", province="浙江", city="杭州市", address="西湖区1号")
    placed = build.order(store, buyer)
    assert order.order_card(ctx, placed.order_no).hidden == HIDING_FACTORS
    filed = build.open_case(store, order_id=placed.id, channel=Channel.REFUND_FORM)
    found = order.order_card(ctx, placed.order_no)
    assert (found.hidden, found.address) == (HIDING_FACTORS, "****")
    claim(ctx, filed)
    found = order.order_card(ctx, placed.order_no)
    assert (found.hidden, found.address) == (frozenset(), "浙江杭州市***")
    colleague = build.context(store, build.person(store, "1099"))
    assert order.order_card(colleague, placed.order_no).hidden == HIDING_FACTORS


def test_a_case_of_mine_that_nobody_verified_shows_nothing(store: Store, ctx: Context) -> None:
    placed = build.order(store, build.customer(store))
    spoken = build.open_case(store, order_id=placed.id, channel=Channel.HOTLINE)
    claim(ctx, spoken)
    assert not sums(order.order_card(ctx, placed.order_no))


def test_during_a_call_only_the_case_of_the_call_shows(store: Store, ctx: Context) -> None:
    placed = build.order(store, build.customer(store))
    filed = build.open_case(store, order_id=placed.id, channel=Channel.REFUND_FORM)
    claim(ctx, filed)
    assert sums(order.order_card(ctx, placed.order_no))
    assert not case.case_page(ctx, filed).hidden_factors
    contact = start_call(ctx, "15400000001")
    assert not sums(order.order_card(ctx, placed.order_no))
    assert case.case_page(ctx, filed).hidden_factors == HIDING_FACTORS
    # On the case itself the call counts from nothing, until the caller was verified.
    attach_call(ctx, contact, filed)
    assert case.case_page(ctx, filed).hidden_factors == HIDING_FACTORS
    end_call(ctx, contact)
    assert sums(order.order_card(ctx, placed.order_no))


def test_an_order_is_found_by_what_finds_it_alone(store: Store, ctx: Context) -> None:
    buyer = build.customer(store, phone="15400000482")
    placed = build.order(store, buyer, order_no="BT20261114007741")
    for key in ("7741", "bt2026 1114 007741"):
        assert order.order_card(ctx, key).page.order.id == placed.id
    build.order(store, buyer, order_no="BT20261113007741")
    with pytest.raises(NotFound):
        order.order_card(ctx, "7741")


def test_the_timeline_hides_amounts_and_letters_as_long_as_the_factors(store: Store, ctx: Context) -> None:
    placed = build.order(store, build.customer(store))
    opened = build.open_case(store, order_id=placed.id, channel=Channel.REFUND_FORM)
    with store.write("1001") as unit:
        row = unit.case(opened)
        text, digest = unit.text(row, "letter", "退款 128.00 元")
        unit.on_case(row, "letter.written", {"letter": "N2", "text": text.id, "digest": digest})
        unit.on_case(row, "refund.held", {"amount_fen": 12800, "method": "wallet"})
        unit.commit()
    shown = case.case_page(ctx, opened).timeline
    assert ("128.00" in (shown[1].text or ""), shown[0].params["amount_fen"]) == (True, 12800)
    add_note(ctx, opened, "客户说付了128元")
    start_call(ctx)
    page = case.case_page(ctx, opened)
    assert (page.notes[0].body, page.timeline[0].text) == ("客户说付了****元", "客户说付了****元")
    hidden = page.timeline[1:]
    assert (hidden[1].text, hidden[0].params["amount_fen"]) == (None, "****")
