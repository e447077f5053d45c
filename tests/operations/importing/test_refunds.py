"""Refunds that come with orders, and the desk's own that an import must not break."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bdesk.data.unit import Unit
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseState, DeliveryState, OrderStatus, PaymentMethod, RefundState
from bdesk.models.tables import (
    Case,
    CaseText,
    ClockRow,
    Notification,
    Order,
    OrderItem,
    OutboxRow,
    Payment,
    Refund,
    RefundItem,
)
from tests.builders import T0, attach, open_case
from tests.operations.importing.firm import Firm, at, make_firm, order, payment, refund


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = make_firm(tmp_path)
    yield made
    made.store.close()


def taken(firm: Firm) -> tuple[int, int]:
    row = firm.one(Payment)
    return row.refunded_fen, row.held_fen


def accepted(unit: Unit, case_id: int, row: Refund) -> None:
    """What the journal and the outbox have of a refund that the channel took."""
    case, key = unit.case(case_id), "refund:1"
    held = unit.on_case(case, "refund.held", {"refund": row.refund_no, "amount_fen": row.amount_fen})
    sent = OutboxRow(
        case_id=case_id, effect="refund", key=key, refund_id=row.id, actor="1001", commit_event_id=held.id,
        state=DeliveryState.ACCEPTED, committed_at=T0, hold_until=T0, step="assess/decide",
    )  # fmt: skip
    unit.session.add(sent)
    unit.session.flush()
    unit.on_case(case, "effect.accepted", {"outbox": sent.id, "key": key, "refund": row.refund_no})


def own_refund(firm: Firm, state: RefundState, amount_fen: int = 5000) -> None:
    """A refund of this desk on the only order, taking up its payment."""
    order_row, paid = firm.one(Order), firm.one(Payment)
    case_id = open_case(firm.store, order_id=order_row.id)
    back = amount_fen if state in (RefundState.ACCEPTED, RefundState.ARRIVED) else 0
    with firm.store.write("test") as unit:
        row = Refund(
            refund_no="TK20261118000001", case_id=case_id, order_id=order_row.id, payment_id=paid.id,
            customer_id=order_row.customer_id, amount_fen=amount_fen, method=PaymentMethod.WALLET,
            state=state, committed_at=T0,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        if state is RefundState.ACCEPTED:
            accepted(unit, case_id, row)
        held = amount_fen - back if state not in (RefundState.FAILED, RefundState.RECALLED) else 0
        unit.session.execute(update(Payment).values(refunded_fen=back, held_fen=held))
        unit.session.execute(update(Order).values(status=OrderStatus.REFUNDING))
        unit.commit()


def test_refunds_of_the_shop_take_up_what_was_paid(firm: Firm) -> None:
    pieces = [{"line": 1, "quantity": 1, "amount_fen": 3000}]
    given = [
        refund("R1", 3000, items=pieces, reason="quality", arrived_at=at(10)),
        refund("R2", 2000, "released"),
        refund("R3", 1000, "failed"),
    ]
    firm.bring("orders", order(payments=[payment(refunds=given)]))
    assert firm.codes() == []
    assert taken(firm) == (3000, 2000)
    assert {row.case_id for row in firm.all(Refund)} == {None}
    assert firm.one(RefundItem).amount_fen == 3000
    later = [refund("R1", 3000), refund("R2", 2000, "arrived")]
    firm.bring("orders", order(payments=[payment(refunds=later)], as_of=at(0.5)))
    assert taken(firm) == (5000, 0)
    assert [row.state for row in firm.all(Refund)] == [
        RefundState.ARRIVED,
        RefundState.ARRIVED,
        RefundState.FAILED,
    ]
    firm.bring("orders", order(payments=[payment(refunds=[refund("R2", 2000, "failed")])], as_of=at(0.4)))
    assert taken(firm) == (3000, 0)


def test_refunds_never_come_to_more_than_was_paid(firm: Firm) -> None:
    firm.bring("orders", order(payments=[payment(refunds=[refund("R1", 12800), refund("R2", 1)])]))
    assert firm.codes() == [(1, "import.above_paid")]
    assert firm.all(Order) == []
    firm.bring("orders", order(payments=[payment(refunds=[refund("R1", 12000)])]))
    own_refund(firm, RefundState.HELD, 800)
    with firm.store.write("test") as unit:
        unit.session.execute(update(Payment).values(refunded_fen=12000, held_fen=800))
        unit.commit()
    more = [refund("R1", 12000), refund("R2", 1, "released")]
    firm.bring("orders", order(payments=[payment(refunds=more)], as_of=at(0.5)))
    assert firm.codes() == [(1, "import.above_paid")]
    assert taken(firm) == (12000, 800)


@pytest.mark.parametrize(
    "change",
    [{"amount_fen": 4999}, {"state": "closed"}, {"method": "wechat"}],
    ids=lambda one: next(iter(one)),
)
def test_a_payment_is_not_taken_from_under_the_desks_refund(firm: Firm, change: dict[str, object]) -> None:
    firm.bring("orders", order())
    own_refund(firm, RefundState.HELD)
    firm.bring("orders", order(payments=[payment() | change], as_of=at(0.5)))
    assert firm.codes() == [(1, "import.payment_in_use")]
    assert taken(firm) == (0, 5000)
    assert firm.one(Order).as_of < T0


def test_the_arrival_of_the_money_meets_its_clock_on_a_closed_case(firm: Firm) -> None:
    firm.bring("orders", order())
    own_refund(firm, RefundState.ACCEPTED)
    case_id = firm.one(Case).id
    with firm.store.write("test") as unit:
        case = unit.case(case_id)
        attach(unit, case, "refund_arrival", T0, method="wallet")
        unit.on_case(case, "case.closed", {"outcome": "approved_full"})
        case.state, case.open, case.closed_at = CaseState.CLOSED, False, T0
        unit.commit()
    told = [refund("TK20261118000001", 5000, "arrived", arrived_at=at(0.5))]
    firm.bring("orders", order(payments=[payment(refunds=told)], as_of=at(0.4)))
    assert firm.codes() == []
    (clock,) = [row for row in firm.all(ClockRow) if row.kind == "refund_arrival"]
    assert (clock.run, clock.outcome) == (RunState.STOPPED, Outcome.MET)
    assert firm.sound()


def test_the_customer_is_told_once_that_the_money_arrived(firm: Firm) -> None:
    firm.bring("orders", order())
    own_refund(firm, RefundState.ACCEPTED)
    told = [refund("TK20261118000001", 5000, "arrived", arrived_at=at(0.5))]
    firm.bring("orders", order(payments=[payment(refunds=told)], as_of=at(0.4)))
    firm.bring("orders", order(payments=[payment(refunds=told)], as_of=at(0.3)))
    (letter,) = firm.all(Notification)
    body = next(row.body for row in firm.all(CaseText) if row.id == letter.text_id)
    assert letter.letter == "N5"
    assert "50.00" in body
    (row,) = [row for row in firm.all(OutboxRow) if row.effect != "refund"]
    assert row.params["purpose"] == "notice"
    assert firm.sound()


def test_money_that_arrives_for_somebody_without_an_address_is_only_written_down(firm: Firm) -> None:
    nowhere = {"account": "wangli", "name": "王丽"}
    firm.bring("orders", order(customer=nowhere))
    own_refund(firm, RefundState.ACCEPTED)
    told = [refund("TK20261118000001", 5000, "arrived", arrived_at=at(0.5))]
    firm.bring("orders", order(customer=nowhere, payments=[payment(refunds=told)], as_of=at(0.4)))
    assert firm.codes() == []
    assert firm.one(Refund).state is RefundState.ARRIVED
    assert firm.all(Notification) == []
    assert firm.sound()


@pytest.mark.parametrize(
    ("own", "said", "then"),
    [
        (RefundState.HELD, "arrived", RefundState.HELD),
        (RefundState.UNKNOWN, "failed", RefundState.UNKNOWN),
        (RefundState.ACCEPTED, "arrived", RefundState.ARRIVED),
        (RefundState.ACCEPTED, "failed", RefundState.ACCEPTED),
    ],
)
def test_the_shop_only_confirms_the_desks_own_refunds(
    firm: Firm, own: RefundState, said: str, then: RefundState
) -> None:
    firm.bring("orders", order())
    own_refund(firm, own)
    before = taken(firm)
    told = [refund("TK20261118000001", 5000, said, arrived_at=at(0.5))]
    firm.bring("orders", order(payments=[payment(refunds=told)], as_of=at(0.4)))
    assert firm.codes() == []
    assert firm.one(Refund).state is then
    assert taken(firm) == before


@pytest.mark.parametrize(("own", "fen"), [(RefundState.HELD, 5001), (RefundState.RECALLED, 5000)])
def test_a_contradiction_about_an_own_refund_is_rejected(firm: Firm, own: RefundState, fen: int) -> None:
    firm.bring("orders", order())
    own_refund(firm, own)
    told = [refund("TK20261118000001", fen, "arrived")]
    firm.bring("orders", order(payments=[payment(refunds=told)], as_of=at(0.4)))
    assert firm.codes() == [(1, "import.own_refund")]


@pytest.mark.parametrize(
    ("said", "then"),
    [("signed", OrderStatus.REFUNDING), ("cancelled", OrderStatus.CANCELLED)],
)
def test_the_status_of_a_refund_under_way_stays(firm: Firm, said: str, then: OrderStatus) -> None:
    firm.bring("orders", order())
    own_refund(firm, RefundState.HELD)
    firm.bring("orders", order(status=said, as_of=at(0.5)))
    assert firm.one(Order).status is then


def test_pieces_of_a_refund_must_fit(firm: Firm) -> None:
    for pieces in (
        [{"line": 2, "quantity": 1, "amount_fen": 1}],
        [{"line": 1, "quantity": 2, "amount_fen": 1}],
        [{"line": 1, "quantity": 1, "amount_fen": 5001}],
    ):
        firm.bring("orders", order(payments=[payment(refunds=[refund(items=pieces)])]))
        assert firm.codes() == [(1, "import.refund_items")]
    assert firm.all(OrderItem) == []


def test_a_refunded_piece_cannot_be_taken_off_the_order(firm: Firm) -> None:
    goods = [{"line": 1, "sku": "K1", "name": "壶", "price_fen": 6400, "quantity": 2}]
    back = refund("R1", 12800, items=[{"line": 1, "quantity": 2, "amount_fen": 12800}])
    firm.bring("orders", order(items=goods, payments=[payment(refunds=[back])]))
    fewer = [{"line": 1, "sku": "K1", "name": "壶", "price_fen": 12800, "quantity": 1}]
    firm.bring("orders", order(items=fewer, as_of=at(0.5)))
    assert firm.codes() == [(1, "import.item_in_use")]


def test_held_is_said_by_nobody_else(firm: Firm) -> None:
    firm.bring("orders", order(payments=[payment(refunds=[refund(state="held")])]))
    assert firm.codes() == [(1, "import.choice")]
