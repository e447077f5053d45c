"""Training scenarios S2 and S5 (within an agent's limits), worked to their expected end."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk.clock import FrozenClock, from_iso
from bdesk.data.store import Store, open_store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, Channel, RefundState
from bdesk.models.tables import (
    Case,
    Compensation,
    Contact,
    Customer,
    Order,
    OrderItem,
    Promise,
    Refund,
    Substitution,
    Task,
)
from bdesk.operations import calls, tasks
from bdesk.operations.opening import NewCase
from bdesk.operations.staff.people import find_actor
from bdesk.training.seed import seed_store
from tests.operations.desk import Desk, letters_of, must_add_up

NOW = from_iso("2026-11-18T10:00+08:00")


@pytest.fixture
def host() -> FrozenClock:
    """The clock of the machine; a training store's own runs with it."""
    return FrozenClock(NOW)


def seeded(folder: Path, scenario: str, host: FrozenClock) -> Iterator[Store]:
    url = f"sqlite:///{folder / 'desk.db'}"
    seed_store(url, size="empty", seed=7, scenario=scenario)
    with open_store(url, clock=host) as store:
        yield store


@pytest.fixture
def s2(tmp_path: Path, host: FrozenClock) -> Iterator[Store]:
    yield from seeded(tmp_path, "S2", host)


@pytest.fixture
def s5(tmp_path: Path, host: FrozenClock) -> Iterator[Store]:
    yield from seeded(tmp_path, "S5", host)


def case_about(desk: Desk, tail: str) -> int:
    with desk.store.read() as session:
        found = session.scalars(
            select(Case).join(Order, Order.id == Case.order_id).where(Order.order_tail == tail)  # type: ignore[arg-type]
        ).one()
        assert found.id is not None
        return found.id


def test_s2_order_a_is_not_late_yet(s2: Store) -> None:
    desk = Desk(s2, find_actor(s2, "1001"))
    case_id = case_about(desk, "0201")
    assert desk.step(case_id) == "not_due"
    assert desk.fact(case_id, "delay.due_at") == from_iso("2026-11-19T18:00+08:00")
    codes = {one.code for one in desk.stand(case_id).walk.current.options}  # type: ignore[union-attr]
    assert "compensate" not in codes
    desk.go(case_id, "remind")
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.IN_TIME)
    assert [row.due_at for row in desk.rows(Promise)] == [from_iso("2026-11-19T18:00+08:00")]
    assert "11月19日 18:00" in letters_of(desk, case_id)[0]
    must_add_up(s2)


def test_s2_order_b_is_late_and_goes_out_as_other_goods(s2: Store) -> None:
    desk = Desk(s2, find_actor(s2, "1001"))
    case_id = case_about(desk, "0202")
    assert desk.step(case_id) == "cause"
    desk.go(case_id, "ask", cause="out_of_stock", source="stock")
    desk.go(case_id, "letter", whom="warehouse", question="0202号订单缺货吗，何时能发？")
    assert [row.due_at for row in desk.rows(Promise)] == [desk.ctx.now() + timedelta(hours=24)]
    tasks.answer_task(desk.ctx, desk.rows(Task)[0].id or 0, "缺货，11月28日到货")
    shown = {one.capture.name: one.value for one in desk.stand(case_id).walk.current.captures}  # type: ignore[union-attr]
    assert shown["source"] == "warehouse", "what was known before it answered is not offered again"
    desk.go(case_id, "record", cause="out_of_stock", source="warehouse", eta=date(2026, 11, 28))
    assert desk.step(case_id) == "offer"
    offered = {one.code for one in desk.stand(case_id).walk.current.options if one.why is None}  # type: ignore[union-attr]
    assert {"compensate", "substitute", "cancel", "wait"} <= offered
    desk.go(case_id, "substitute")
    assert desk.fact(case_id, "substitute.price") == "dearer"
    assert desk.fact(case_id, "substitute.diff_fen") == 300
    desk.go(case_id, "book", agreed=True)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.SUBSTITUTED
    row = desk.rows(Substitution)[0]
    assert (row.name, row.diff_fen) == ("电饭煲 4升 白色", 300)
    assert any("电饭煲 4升 白色" in letter for letter in letters_of(desk, case_id))
    must_add_up(s2)


def test_s5_the_call_joins_the_mail_and_only_the_late_part_is_paid_back(s5: Store, host: FrozenClock) -> None:
    caller, owner = Desk(s5, find_actor(s5, "1002")), Desk(s5, find_actor(s5, "1003"))
    s5.start_clock("1003")
    mail = case_about(owner, "0501")
    with s5.read() as session:
        order = session.scalars(select(Order).where(Order.order_tail == "0501")).one()
        order_id, buyer = order.id, order.customer_id
        assert session.get_one(Customer, buyer).phone_tail == "0517"
    strictest = owner.clock(mail, "email_reply").due_at
    contact = calls.start_call(caller.ctx)
    new = NewCase(
        CaseKind.SHIPMENT_DELAY, Channel.HOTLINE, order_id=order_id, subject="要补偿、要换货、还要退款"
    )
    call = calls.open_from_call(caller.ctx, contact, new).case_id
    assert call is not None
    caller.go(call, "confirmed")
    assert caller.step(call) == "duplicate/same"
    caller.go(call, "merge")
    assert caller.case(call).outcome is CaseOutcome.MERGED
    assert [row.case_id for row in caller.rows(Contact, id=contact)] == [mail]
    assert owner.clock(mail, "email_reply").due_at == strictest
    # The mail's own walk: the App gave 20.00 yesterday, so this delay is compensated already.
    assert owner.fact(mail, "delay.items_text") == "冲锋衣 x1"
    while (step := owner.step(mail)) != "cause":
        assert step is not None
        owner.go(mail, "confirmed") if step == "opening/greet" else verified(owner, mail)
    owner.go(mail, "record", cause="out_of_stock", source="stock", eta=date(2026, 11, 24))
    assert owner.fact(mail, "delay.base_fen") == 29900
    assert owner.fact(mail, "compensation.given_fen") == 2000
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        owner.go(mail, "compensate")
    only_the_coat_goes_back(owner, mail, host)
    assert any("265.74" in letter for letter in letters_of(owner, mail))
    assert [row.amount_fen for row in owner.rows(Compensation, order_id=order_id)] == [2000]
    must_add_up(s5, [owner.ports])


def only_the_coat_goes_back(desk: Desk, case_id: int, host: FrozenClock) -> None:
    """The substitute is refused: 299 x 799 / 899 of what was paid, never 299."""
    desk.go(case_id, "substitute")
    desk.go(case_id, "back")
    desk.go(case_id, "cancel")
    assert desk.step(case_id) == "assess/decide", "neither goods nor reason are asked for again"
    assert desk.fact(case_id, "refund.proposed_fen") == 26574
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approve_part", amount=29900, why="按标价")
    desk.go(case_id, "approve")
    host.move(timedelta(seconds=11))
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    assert [(row.amount_fen, row.state) for row in desk.rows(Refund)] == [(26574, RefundState.ACCEPTED)]
    assert [row.cancelled for row in desk.rows(OrderItem)] == [1, 0, 0]


def verified(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "check", recent_amount="799", phone_tail="0517")
