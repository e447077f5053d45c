"""What customers say in a normal store is true of the facts their case is about (training.md D5)."""

from collections.abc import Callable, Sequence

import pytest
from sqlmodel import Session, col, select

from bdesk.clock import LOCAL
from bdesk.data.journal import events
from bdesk.models.kinds import (
    DelayCause,
    OrderStatus,
    PaymentFailure,
    PaymentMethod,
    ReturnClass,
    Stream,
)
from bdesk.models.tables import Case, CaseText, Order, OrderItem, Parcel, Payment, Product, WalletTx
from bdesk.text import yuan
from bdesk.training.truth import INSTEAD, ROUND, TRUTH
from bdesk.training.words.texts import MATTERS, ODD_TEXTS
from tests.training.conftest import NOW

MANY_VOICES = 3


def about(session: Session, subject: str) -> Sequence[Case]:
    found = session.scalars(select(Case).where(col(Case.subject).like(subject)).order_by(col(Case.id))).all()
    assert found, subject
    return found


def order_of(session: Session, case: Case) -> Order:
    return session.get_one(Order, case.order_id or 0)


def paid(session: Session, case: Case) -> Payment:
    rows = select(Payment).where(Payment.order_id == case.order_id).order_by(col(Payment.id))
    return session.scalars(rows).all()[0]


def first_item(session: Session, case: Case) -> OrderItem:
    rows = select(OrderItem).where(OrderItem.order_id == case.order_id).order_by(col(OrderItem.line))
    return session.scalars(rows).all()[0]


def parcel(session: Session, case: Case) -> Parcel:
    return session.scalars(select(Parcel).where(Parcel.order_id == case.order_id)).all()[0]


def under_warranty(session: Session, case: Case) -> bool:
    product = session.scalars(select(Product).where(Product.sku == first_item(session, case).sku)).one()
    return (NOW - order_of(session, case).placed_at).days < product.warranty_days


def not_scanned(session: Session, case: Case) -> bool:
    row = parcel(session, case)
    return row.last_scan_at == row.shipped_at and row.signed_at is None


SO: dict[str, Callable[[Session, Case], object]] = {
    "超出限额": lambda session, case: paid(session, case).failure is PaymentFailure.LIMIT,
    "境外付款失败": lambda session, case: paid(session, case).failure is PaymentFailure.REGION,
    "付款失败: 网络异常": lambda session, case: paid(session, case).failure is PaymentFailure.NETWORK,
    "付款失败: 余额不足": lambda session, case: paid(session, case).failure is PaymentFailure.BALANCE,
    "催发货, 未到期": lambda session, case: (order_of(session, case).estimated_ship_at or NOW) > NOW,
    "付款%天未发货": lambda session, case: (
        order_of(session, case).delay_cause
        in (DelayCause.OUT_OF_STOCK, DelayCause.WAREHOUSE, DelayCause.MERCHANT)
    ),
    "预售换颜色": lambda session, case: (
        order_of(session, case).presale and (order_of(session, case).estimated_ship_at or NOW) > NOW
    ),
    "物流无更新": not_scanned,
    "定制刻错字": lambda session, case: first_item(session, case).return_class is ReturnClass.CUSTOM,
    "%保修": under_warranty,
    "%少件": lambda session, case: first_item(session, case).quantity > 1,
    "超期一天求通融": lambda session, case: first_item(session, case).window_days == 7,
    "未发货取消": lambda session, case: paid(session, case).method is PaymentMethod.WALLET,
    "钱包退款未到": lambda session, case: order_of(session, case).status is OrderStatus.REFUNDING,
}
"""By the subject of a matter."""


@pytest.mark.parametrize("subject", list(SO))
def test_what_is_said_is_so(normal: Session, subject: str) -> None:
    for case in about(normal, subject):
        assert SO[subject](normal, case), case.case_no


def test_who_sent_money_to_somebody_else_names_that_transfer(normal: Session) -> None:
    for case in about(normal, "转账转错人"):
        tx = normal.get_one(WalletTx, case.wallet_tx_id or 0)
        said = normal.scalars(
            select(CaseText).where(CaseText.case_id == case.id, CaseText.kind == "description")
        )
        assert yuan(tx.amount_fen) in said.one().body
        opened = events(normal, Stream.CASE, case.id or 0)[0]
        assert opened.kind == "case.opened" and tx.at < opened.occurred_at


def test_forty_matters_in_several_voices_all_of_them_heard(normal: Session) -> None:
    assert {matter.number for matter in MATTERS} >= set(range(1, 41))
    assert all(len(matter.voices) >= MANY_VOICES for matter in MATTERS)
    assert all(len(set(matter.voices)) == len(matter.voices) for matter in MATTERS)
    kinds = set(normal.scalars(select(Case.kind)))
    assert {matter.kind for matter in MATTERS} <= kinds
    bodies = normal.scalars(select(CaseText.body).where(CaseText.kind == "description")).all()
    assert ODD_TEXTS[0] in bodies and any("買的" in body for body in bodies)
    assert any("退宽" in body or "发或" in body for body in bodies), "none as a machine heard it"


def test_the_tables_of_truth_name_matters_that_there_are() -> None:
    by_number = {matter.number: matter for matter in MATTERS}
    assert set(TRUTH) <= set(by_number)
    for number, other in INSTEAD.items():
        assert by_number[number].kind is by_number[other].kind
        assert number in TRUTH
    for kind, numbers in ROUND.items():
        assert {by_number[number].kind for number in numbers} == {kind}
        assert set(numbers) == {matter.number for matter in MATTERS if matter.kind is kind}


def test_months_of_use_are_those_from_the_order_to_the_call(normal: Session) -> None:
    for case in about(normal, "%保修"):
        placed = order_of(normal, case).placed_at.astimezone(LOCAL).date()
        said = normal.scalars(select(CaseText).where(CaseText.case_id == case.id)).all()
        age = (case.received_at.astimezone(LOCAL).date() - placed).days // 30
        assert all("个月" not in one.body or f"{age}个月" in one.body for one in said), case.case_no


def test_days_of_waiting_are_those_from_the_order_to_the_call(normal: Session) -> None:
    for case in about(normal, "付款%天未发货"):
        placed = order_of(normal, case).placed_at.astimezone(LOCAL).date()
        days = (case.received_at.astimezone(LOCAL).date() - placed).days
        assert case.subject == f"付款{days}天未发货" and days >= 2, case.case_no


def test_who_calls_about_fruit_says_for_how_many_hours_it_has_been_there(normal: Session) -> None:
    for case in about(normal, "%腐烂"):
        signed = parcel(normal, case).signed_at
        assert signed is not None
        hours = max(1, int((case.received_at - signed).total_seconds() // 3600))
        said = normal.scalars(select(CaseText).where(CaseText.case_id == case.id)).all()
        assert all("小时" not in one.body or f"收到{hours}小时" in one.body for one in said), case.case_no


def test_today_is_the_day_on_which_it_is_said(normal: Session) -> None:
    for case in about(normal, "催发货, 未到期"):
        day = case.received_at.astimezone(LOCAL)
        said = normal.scalars(select(CaseText).where(CaseText.case_id == case.id)).all()
        assert all("今天才" not in one.body or f"今天才{day.month}月{day.day}日" in one.body for one in said)
