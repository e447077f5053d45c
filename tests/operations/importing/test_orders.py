"""Orders: added, brought up to date, and refused where they would break what the desk knows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bdesk.models.kinds import OrderStatus, ReturnClass
from bdesk.models.tables import CaseItem, Customer, Order, OrderItem, Parcel, Payment, Product, Scan
from tests.builders import T0, open_case
from tests.operations.importing.firm import Firm, at, make_firm, order, payment


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = make_firm(tmp_path)
    yield made
    made.store.close()


def test_an_order_document_becomes_rows(firm: Firm) -> None:
    scans = [{"at": at(40), "place": "杭州", "text": "已揽收"}, {"at": at(30), "text": "运输中"}]
    parcel = {"waybill": "ｓｆ 0001-01", "carrier": "顺丰", "state": "in_transit", "scans": scans}
    document = order(
        "bt2026-1114 000101", parcels=[parcel], coupon_fen=800, payments=[payment(amount_fen=12000)]
    )
    done = firm.bring("orders", document)
    assert (done.rows, done.added, done.rejected) == (1, 1, 0)
    row = firm.one(Order)
    assert (row.order_no, row.order_tail) == ("BT20261114000101", "0101")
    assert (row.goods_fen, row.coupon_fen, row.total_fen) == (12800, 800, 12000)
    assert row.as_of == T0 - timedelta(hours=1)
    assert firm.one(Customer).phone_tail == "0037"
    assert firm.one(Customer).as_of == row.as_of
    parcel_row = firm.one(Parcel)
    assert parcel_row.waybill == "SF000101"
    assert parcel_row.last_scan_at == T0 - timedelta(hours=30)
    # The only parcel holds everything nothing else is said of.
    assert firm.one(OrderItem).parcel_id == parcel_row.id
    assert [scan.text for scan in firm.all(Scan)] == ["已揽收", "运输中"]
    paid = firm.one(Payment)
    assert (paid.amount_fen, paid.refunded_fen, paid.held_fen, paid.as_of) == (12000, 0, 0, row.as_of)
    assert firm.sound()


def test_the_same_file_twice_changes_nothing(firm: Firm) -> None:
    firm.bring("orders", order())
    before = firm.one(Order).version, firm.one(Payment).version, len(firm.events("import.row"))
    done = firm.bring("orders", order())
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)
    assert before == (firm.one(Order).version, firm.one(Payment).version, len(firm.events("import.row")))


def test_only_a_newer_row_changes_anything_and_what_it_leaves_out_stays(firm: Firm) -> None:
    firm.bring("orders", order(merchant="训练商家"))
    assert firm.bring("orders", order(status="signed", as_of=at(2))).unchanged == 1
    assert firm.one(Order).status is OrderStatus.SHIPPED
    newer = {"order_no": "BT20261114000101", "account": "wangli", "status": "signed", "placed_at": at(72)}
    assert firm.bring("orders", newer | {"as_of": at(0.5)}).changed == 1
    row = firm.one(Order)
    assert (row.status, row.merchant, row.total_fen) == (OrderStatus.SIGNED, "训练商家", 12800)
    assert len(firm.all(OrderItem)) == 1
    assert firm.events("import.row")[-1].payload["columns"] == ["as_of", "status"]
    firm.bring("orders", newer | {"as_of": at(0.4), "merchant": None})
    assert firm.one(Order).merchant is None


def test_a_newer_row_without_differences_makes_the_data_younger(firm: Firm) -> None:
    firm.bring("orders", order())
    assert firm.bring("orders", order(as_of=at(0))).changed == 1
    assert firm.one(Order).as_of == T0
    assert firm.one(Payment).as_of == T0


def test_scans_grow_and_parcels_are_replaced(firm: Firm) -> None:
    def parcels(waybill: str, *texts: str) -> list[dict[str, Any]]:
        scans = [{"at": at(30 - place), "text": text} for place, text in enumerate(texts)]
        return [{"waybill": waybill, "carrier": "顺丰", "state": "in_transit", "scans": scans}]

    firm.bring("orders", order(parcels=parcels("SF1", "a")))
    firm.bring("orders", order(parcels=parcels("SF1", "a", "b"), as_of=at(0.9)))
    assert [scan.text for scan in firm.all(Scan)] == ["a", "b"]
    firm.bring("orders", order(parcels=parcels("SF1"), as_of=at(0.8)))
    assert [scan.text for scan in firm.all(Scan)] == ["a", "b"]
    firm.bring("orders", order(parcels=parcels("SF2", "c"), as_of=at(0.7)))
    assert [parcel.waybill for parcel in firm.all(Parcel)] == ["SF2"]
    assert [scan.text for scan in firm.all(Scan)] == ["c"]
    assert firm.one(OrderItem).parcel_id == firm.one(Parcel).id


def test_an_item_takes_class_and_window_from_its_product(firm: Firm) -> None:
    firm.bring(
        "products",
        {"sku": "K1", "name": "壶", "return_class": "custom", "window_days": 14, "as_of": at(3)},
    )
    firm.bring("orders", order())
    item = firm.one(OrderItem)
    assert (item.return_class, item.window_days) == (ReturnClass.CUSTOM, 14)
    said = [{"line": 1, "sku": "K1", "name": "壶", "price_fen": 12800, "window_days": 30}]
    firm.bring("orders", order(items=said, as_of=at(0.5)))
    assert firm.one(OrderItem).window_days == 30
    assert firm.one(Product).window_days == 14


def test_an_item_that_a_case_is_about_stays(firm: Firm) -> None:
    two = [
        {"line": 1, "sku": "K1", "name": "壶", "price_fen": 10000},
        {"line": 2, "sku": "K2", "name": "杯", "price_fen": 2800},
    ]
    firm.bring("orders", order(items=two))
    first, second = firm.all(OrderItem)
    open_case(firm.store, order_id=firm.one(Order).id, item_ids=[second.id])
    assert firm.one(CaseItem).item_id == second.id
    only_first = order(items=two[:1], as_of=at(0.5))
    firm.bring("orders", only_first)
    assert firm.codes() == [(1, "import.item_in_use")]
    assert len(firm.all(OrderItem)) == 2
    only_second = order(items=two[1:], payments=[], as_of=at(0.4))
    assert firm.bring("orders", only_second).changed == 1
    assert firm.one(OrderItem).id == second.id
    assert firm.one(Order).total_fen == 2800
    assert first.id != second.id


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (order(goods_fen=12700), "import.total"),
        (order(coupon_fen=13000), "import.total"),
        (order(total_fen=1), "import.total"),
        (order(items=[]), "import.no_items"),
        (order(items=[{"line": 1, "sku": "a", "name": "a", "price_fen": 1}] * 2), "import.twice"),
        (order(payments=[payment(), payment()]), "import.twice"),
        (order(payments=[payment(paid_at=None)]), "import.no_paid_at"),
        (order(payments=[payment(amount_fen="128.00")]), "import.fen"),
        (order(payments=[payment(amount_fen=128.0)]), "import.fen"),
        (order(payments=[payment(amount_fen=True)]), "import.fen"),
        (order(payments=[payment(amount_fen=-1)]), "import.range"),
        (order(payments=[payment(state="paid")]), "import.choice"),
        (order(as_of="2026-11-18T09:00:00"), "import.field"),
        (order(as_of=at(-1)), "import.future"),
        (order(as_of=None), "import.required"),
        (order(customer=None, account="nobody"), "import.no_customer"),
        (order(customer=None), "import.required"),
        (order(account="other"), "import.two_accounts"),
        (order(customer={"account": "a"}), "import.required"),
        (order(items="x"), "import.list"),
        (order(items=["x"]), "import.object"),
        (order(presale="yes"), "import.flag"),
        (order(merchant="x" * 129), "import.too_long"),
        (order(" - "), "import.required"),
        (
            order(items=[{"line": 1, "sku": "a", "name": "a", "price_fen": 1, "waybill": "SF9"}]),
            "import.waybill",
        ),
    ],
)
def test_a_bad_order_is_rejected_whole_and_the_others_go_on(
    firm: Firm, document: dict[str, Any], code: str
) -> None:
    good = order("BT20261114000999", customer={"account": "liqiang", "name": "李强"})
    done = firm.bring("orders", document, good)
    assert firm.codes() == [(1, code)]
    assert (done.rows, done.added, done.rejected) == (2, 1, 1)
    assert firm.one(Order).order_no == "BT20261114000999"
    assert firm.one(Customer).account == "liqiang"
    assert len(firm.events("import.row")) == 1
    assert firm.sound()


def test_an_order_never_moves_to_another_customer(firm: Firm) -> None:
    firm.bring("orders", order())
    firm.bring("orders", order(customer={"account": "liqiang", "name": "李强"}, as_of=at(0.5)))
    assert firm.codes() == [(1, "import.other_customer")]
    assert firm.one(Customer).account == "wangli"


def test_a_payment_of_another_order_is_not_taken_over(firm: Firm) -> None:
    firm.bring("orders", order(), order("BT20261114000102", payments=[payment("PAY-0101")]))
    assert firm.codes() == [(2, "import.elsewhere")]


def test_texts_are_cleaned(firm: Firm) -> None:
    firm.bring("orders", order(customer={"account": "wangli", "name": " 王\x1b]2;x\x07丽\u202e "}))
    assert firm.one(Customer).name == "王]2;x丽"
