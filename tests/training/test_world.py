"""The invented world: it repeats itself, fits together, and holds nothing that could be somebody's."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bdesk.data.book.book import load_book
from bdesk.models.kinds import CaseKind, Channel, OrderStatus, PaymentState, RefundState
from bdesk.models.tables import (
    Case,
    CaseText,
    Contact,
    Customer,
    Notification,
    Order,
    OrderItem,
    Parcel,
    Payment,
    Refund,
    Scan,
    Staff,
    WalletTx,
)
from bdesk.rules.scanner import scan
from bdesk.training.draw import Draw, spread
from bdesk.training.parcels import LEFT_FEN
from bdesk.training.rows import Row, Rows
from bdesk.training.seed import HISTORY, Seeded, choose
from bdesk.training.shares import priority_of
from bdesk.training.sizes import Size
from bdesk.training.words.names import SPECIAL
from bdesk.training.words.places import PLACES
from bdesk.training.words.texts import LONG_LENGTH, MATTERS, ODD_TEXTS, long_email
from bdesk.training.world import World

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


def made(size: Size, seed: int = 7, now: datetime = NOW) -> Seeded:
    seeded = Seeded(size, seed, now, choose(size, None), load_book())
    seeded.make()
    return seeded


@pytest.fixture(scope="module")
def normal() -> Seeded:
    return made(Size.NORMAL)


def of(seeded: Seeded, table: type) -> list[Row]:
    return seeded.world.rows.of(table)


def test_the_same_number_gives_the_same_world_and_another_one_another(normal: Seeded) -> None:
    again, other = made(Size.NORMAL), made(Size.NORMAL, seed=8)
    assert again.world.rows.tables == normal.world.rows.tables
    assert [said.payload for said in again.ledger.said] == [said.payload for said in normal.ledger.said]
    assert other.world.rows.tables != normal.world.rows.tables


def test_the_sizes_are_those_that_were_promised(normal: Seeded) -> None:
    demo = made(Size.DEMO)
    assert [len(of(demo, table)) for table in (Customer, Order, Case)] == [40, 80, 30]
    assert [len(of(normal, table)) for table in (Customer, Order, Case)] == [400, 900, 260]


def test_no_phone_mail_or_card_can_belong_to_anybody(normal: Seeded) -> None:
    for row in of(normal, Customer):
        phone, email = row["phone"], row["email"]
        assert phone is None or re.fullmatch(
            r"(154|194)\d{8}|\+1-202-555-01\d\d|\+44 7700 900\d{3}|\+852 9000 0\d{3}", phone
        ), phone
        assert email is None or email.rpartition("@")[2] in ("example.com", "example.org", "example.net")
        assert "训练花园" in row["address"]
    for row in of(normal, Payment):
        assert row["card_tail"] is None or len(row["card_tail"]) == 4
    for row in of(normal, Parcel):
        assert "0000" in row["waybill"]
    for row in of(normal, Notification):
        assert row["target"].startswith(("154", "194", "+")) or "@example." in row["target"]


def test_the_special_names_are_there(normal: Seeded) -> None:
    names = Counter(row["name"] for row in of(normal, Customer))
    for name, _decade, _initials in SPECIAL:
        assert names[name] >= 1, name
    assert sum(count for name, count in names.items() if name.strip() == "王伟") >= 3


def test_tails_tell_orders_and_phones_apart_but_for_one_pair(normal: Seeded) -> None:
    tails = Counter(row["order_tail"] for row in of(normal, Order))
    assert [count for count in tails.values() if count > 1] == [2]
    phones = Counter(
        row["phone_tail"] for row in of(normal, Customer) if row["phone"] and row["phone"][0] == "1"
    )
    assert max(phones.values()) == 1


def test_orders_add_up_and_refunds_stay_below_what_was_paid(normal: Seeded) -> None:
    goods: Counter[int] = Counter()
    for item in of(normal, OrderItem):
        goods[item["order_id"]] += item["price_fen"] * item["quantity"]
    for order in of(normal, Order):
        assert order["goods_fen"] == goods[order["id"]]
        assert order["total_fen"] == order["goods_fen"] - order["coupon_fen"] + order["freight_fen"]
    back: Counter[int] = Counter()
    held: Counter[int] = Counter()
    for refund in of(normal, Refund):
        if refund["state"] is not RefundState.FAILED:
            done = refund["state"] in (RefundState.ACCEPTED, RefundState.ARRIVED)
            (back if done else held)[refund["payment_id"]] += refund["amount_fen"]
    for payment in of(normal, Payment):
        number = payment["id"]
        assert (payment["refunded_fen"], payment["held_fen"]) == (back[number], held[number])
        assert back[number] + held[number] <= payment["amount_fen"]


def test_nothing_lies_in_the_future(normal: Seeded) -> None:
    past = "placed paid shipped signed received opened closed committed arrived written started ended claimed"
    names = ["at", "last_scan_at", *(f"{name}_at" for name in past.split())]
    for table, rows in normal.world.rows.tables.items():
        for row in rows:
            for name in names:
                assert row.get(name) is None or row[name] <= NOW, (table.__name__, name, row)
    for said in normal.ledger.said:
        assert said.occurred_at <= said.recorded_at <= NOW
        assert said.recorded_at >= NOW - HISTORY


def test_parcels_are_scanned_in_order_and_shipped_before_they_are_signed_for(normal: Seeded) -> None:
    scans: dict[int, list[datetime]] = {}
    for row in of(normal, Scan):
        scans.setdefault(row["parcel_id"], []).append(row["at"])
    for parcel in of(normal, Parcel):
        assert scans.get(parcel["id"], []) == sorted(scans.get(parcel["id"], []))
        if parcel["signed_at"] is not None:
            assert parcel["shipped_at"] <= parcel["signed_at"]


def test_every_status_and_every_paid_order_has_its_payment(normal: Seeded) -> None:
    assert {row["status"] for row in of(normal, Order)} == set(OrderStatus)
    paid = {row["order_id"] for row in of(normal, Payment) if row["state"] is PaymentState.SUCCESS}
    unpaid = (OrderStatus.PENDING_PAYMENT, OrderStatus.CANCELLED)
    for order in of(normal, Order):
        cash = any(p["order_id"] == order["id"] and p["method"].value == "cod" for p in of(normal, Payment))
        assert order["status"] in unpaid or order["id"] in paid or cash
    assert any(row["amount_fen"] == 1 for row in of(normal, Payment))
    assert any(row["total_fen"] == 4_999_900 for row in of(normal, Order))


def test_wallet_purchases_are_those_of_the_orders(normal: Seeded) -> None:
    amounts = {row["order_id"]: row["amount_fen"] for row in of(normal, Payment)}
    bought = [
        row for row in of(normal, WalletTx) if row["order_id"] is not None and row["kind"].value == "purchase"
    ]
    assert bought
    assert all(row["amount_fen"] == amounts[row["order_id"]] for row in bought)


def test_edge_cases_that_a_trainer_looks_for(normal: Seeded) -> None:
    left = {row["amount_fen"] - row["refunded_fen"] for row in of(normal, Payment) if row["refunded_fen"]}
    assert LEFT_FEN in left
    assert Counter(row["customer_id"] for row in of(normal, Order)).most_common(1)[0][1] >= 200
    assert Counter(row["case_id"] for row in of(normal, Contact)).most_common(1)[0][1] >= 60
    assert any(row["customer_id"] for row in of(normal, Staff))
    nobody = [row for row in of(normal, Customer) if row["phone"] is None and row["email"] is None]
    assert len(nobody) == 1
    unconfirmed = [
        row
        for row in of(normal, OrderItem)
        if row["return_class"].value == "custom" and row["exclusion_confirmed_at"] is None
    ]
    assert unconfirmed


def test_odd_texts_are_there(normal: Seeded) -> None:
    bodies = [row["body"] for row in of(normal, CaseText) if row["kind"] == "description"]
    assert any(len(body) == LONG_LENGTH for body in bodies)
    assert any(body.startswith("Hi, my order BT") for body in bodies)
    assert any(body.startswith("我的卡号是") for body in bodies)
    assert not [body for body in bodies if "{" in body]


def test_what_a_desk_must_not_keep_is_masked_in_every_text(normal: Seeded) -> None:
    raw = [text for text in ODD_TEXTS if scan(text).masked != text]
    assert len(raw) == 1 and "验证码123456" in raw[0]
    for row in of(normal, CaseText):
        assert scan(row["body"]).masked == row["body"], row["body"]


def test_every_matter_speaks_with_all_its_slots() -> None:
    from bdesk.training.matters import slots

    seeded = made(Size.DEMO)
    filled = slots(Draw(1, "slots"), seeded.world.deals[0], seeded.world.customers[0], NOW)
    for matter in MATTERS:
        for voice in (*matter.voices, matter.subject):
            assert "{" not in voice.format(**filled)
    assert len(long_email(filled)) == LONG_LENGTH


def test_places_fit_together_and_districts_collide() -> None:
    districts = Counter(place.district for place in PLACES)
    assert districts["朝阳区"] == districts["和平区"] == districts["鼓楼区"] == 2


def spreads() -> Iterator[tuple[int, list[int]]]:
    yield 10, [5, 3, 2]
    yield 3, [1, 1, 1]
    yield 4, [2, 1, 1]


@pytest.mark.parametrize(("count", "wanted"), list(spreads()))
def test_a_spread_keeps_proportions_and_leaves_nothing_out(count: int, wanted: list[int]) -> None:
    found = Counter(spread({"a": 50, "b": 30, "c": 20}, count))
    assert [found["a"], found["b"], found["c"]] == wanted


def test_a_column_that_no_table_has_is_refused() -> None:
    with pytest.raises(KeyError, match=r"Customer\.nmae"):
        Rows().add(Customer, nmae="x")


@pytest.mark.parametrize("count", [3, 4, 10, 57, 200])
def test_what_is_dealt_misses_no_value_and_keeps_the_shares(count: int) -> None:
    weights = {"often": 70, "seldom": 28, "rare": 2}
    world = World(7, NOW)
    found = Counter(world.dealt("test", weights) for _ in range(count))
    assert set(found) == set(weights)
    for name, weight in weights.items():
        assert abs(found[name] - count * weight / 100) <= 1.5, found
    assert World(7, NOW).dealt("test", weights) == World(7, NOW).dealt("test", weights)


_K, _C = CaseKind, Channel
YOUNG, OLD = {"born_on": date(1990, 1, 1)}, {"born_on": date(1950, 1, 1)}


@pytest.mark.parametrize(
    ("number", "kind", "channel", "customer", "wanted"),
    [
        (1, _K.REFUND, _C.HOTLINE, YOUNG, 3),
        (1, _K.REFUND, _C.HOTLINE, OLD, 2),
        (10, _K.REFUND, _C.HOTLINE, YOUNG, 2),
        (14, _K.SHIPMENT_DELAY, _C.APP_CHAT, YOUNG, 4),
        (14, _K.SHIPMENT_DELAY, _C.APP_CHAT, OLD, 2),
        (36, _K.UNFREEZE, _C.HOTLINE, YOUNG, 1),
        (33, _K.COMPLAINT, _C.REGULATOR, YOUNG, 1),
        (40, _K.FEEDBACK, _C.FEEDBACK_FORM, OLD, 2),
        (40, _K.FEEDBACK, _C.FEEDBACK_FORM, {"born_on": None}, 4),
    ],
)
def test_how_pressing_a_matter_is(
    number: int, kind: CaseKind, channel: Channel, customer: Row, wanted: int
) -> None:
    assert priority_of(number, kind, channel, customer, None) == wanted
