"""Finding an order, a case or a customer by what a caller can say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bdesk.data.queries.case import case_id_of
from bdesk.data.queries.customer import customer_page
from bdesk.data.queries.lookup import lookup
from bdesk.data.queries.order import order_id_of, order_page
from bdesk.data.store import Store
from bdesk.data.unit import key_tail
from bdesk.errors import NotFound
from bdesk.models.kinds import OrderStatus, ParcelState
from bdesk.models.tables import Parcel
from bdesk.models.views.pages import LookupHit
from tests.builders import T0, Item, customer, make_store, open_case, order


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    wang = customer(store, "bt_wl00037", name="王丽", phone="15400000037", name_initials="wl")
    order(store, wang, order_no="BT20261114000101")
    twin = order(
        store, customer(store, phone="15400009999"), order_no="BT20261114990101", status=OrderStatus.PAID
    )
    open_case(
        store,
        order_id=twin.id,
        case_no="KF2026111807741",
        case_tail="7741",
        after_sale_no="SH20261118000456",
        after_sale_tail=key_tail("SH20261118000456"),
    )
    yield store
    store.close()


def find(store: Store, typed: str) -> list[tuple[str, str, int | None]]:
    return [(hit.kind, hit.by, key_of(hit)) for hit in hits(store, typed)]


def hits(store: Store, typed: str) -> tuple[LookupHit, ...]:
    with store.read() as session:
        return lookup(session, typed, T0).hits


def key_of(hit: LookupHit) -> int | None:
    return {"order": hit.order_id, "case": hit.case_id, "customer": hit.customer_id}[hit.kind]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (
            "BT20261114000101",
            [
                ("order", "order_no", 1),
            ],
        ),
        (" ｂｔ２０２６１１１４-0001 01", [("order", "order_no", 1)]),
        ("0101", [("order", "order_tail", 2), ("order", "order_tail", 1)]),
        ("000101", [("order", "order_tail", 1)]),
        ("7741", [("case", "case_tail", 1)]),
        ("KF2026111807741", [("case", "case_no", 1)]),
        ("07741", [("case", "case_tail", 1)]),
        ("sh20261118000456", [("case", "after_sale_no", 1)]),
        ("0456", [("case", "after_sale_tail", 1)]),
        ("0037", [("customer", "phone_tail", 1)]),
        ("15400000037", [("customer", "phone", 1)]),
        ("+86 154 0000 0037", [("customer", "phone", 1)]),
        ("bt_wl00037", [("customer", "account", 1)]),
        ("0037 11-13", [("order", "phone_tail_date", 1)]),
        ("0037 2026-11-13", [("order", "phone_tail_date", 1)]),
        ("0037 1113", [("order", "phone_tail_date", 1)]),
        ("0037 11-12", []),
        ("0037 2-30", []),
        ("101", []),
        ("", []),
        ("%%%%", []),
        ("____", []),
        ("\x1b]2;x", []),
    ],
)
def test_what_a_caller_can_say(store: Store, typed: str, wanted: list[tuple[str, str, int]]) -> None:
    assert find(store, typed) == wanted


def test_initials_are_told_apart_from_short_numbers(store: Store) -> None:
    long = customer(store, name="欧阳静怡", name_initials="oyjy")
    assert find(store, "OYJY") == [("customer", "initials", long)]
    assert find(store, "oyj") == []


def test_a_day_of_last_year_needs_no_year(store: Store) -> None:
    with store.read() as session:
        found = lookup(session, "0037 11-13", datetime(2027, 3, 1, tzinfo=UTC))
    assert [hit.order_id for hit in found.hits] == [1]


def test_a_waybill_finds_its_order(store: Store) -> None:
    with store.write() as unit:
        unit.session.add(
            Parcel(order_id=2, waybill="SF00001234", carrier="顺丰", state=ParcelState.IN_TRANSIT)
        )
        unit.commit()
    assert find(store, "sf 0000 1234") == [("order", "waybill", 2)]


def test_a_hit_says_what_a_list_needs_and_masks_people(store: Store) -> None:
    (mine,) = hits(store, "000101")
    assert (mine.customer, mine.phone, mine.items, mine.total_fen) == (
        "王**",
        "154****0037",
        "电热水壶",
        12800,
    )
    assert (mine.case_no, mine.open) == (None, False)
    (twin,) = hits(store, "990101")
    assert (twin.case_no, twin.open, twin.stopped) == ("KF2026111807741", True, False)
    assert twin.due_at is not None
    (case,) = hits(store, "7741")
    assert (case.order_no, case.status) == ("BT20261114990101", OrderStatus.PAID)
    (person,) = hits(store, "bt_wl00037")
    assert (person.orders, person.cases) == (1, 0)


def test_more_hits_than_a_screen_are_told(store: Store) -> None:
    buyer = customer(store)
    for number in range(5):
        order(store, buyer, order_no=f"BT2026111{number}005555")
    with store.read() as session:
        found = lookup(session, "5555", T0, kept=3)
        assert (len(found.hits), found.more) == (3, True)
        assert not lookup(session, "5555", T0, kept=5).more


def test_order_and_customer_pages(store: Store) -> None:
    with store.read() as session:
        page = order_page(session, order_id_of(session, "bt 20261114990101"))
        assert (page.order.order_no, len(page.items), len(page.payments), len(page.parcels)) == (
            "BT20261114990101", 1, 1, 1,
        )  # fmt: skip
        assert [brief.case_no for brief in page.cases] == ["KF2026111807741"]
        assert all(item.chosen for item in page.items)
        assert case_id_of(session, "sh2026-1118-000456") == case_id_of(session, "KF2026111807741") == 1
        for query in (order_id_of, case_id_of):
            with pytest.raises(NotFound):
                query(session, "BT1")
        with pytest.raises(NotFound):
            order_page(session, 99)
        with pytest.raises(NotFound):
            customer_page(session, 99)


def test_a_customer_with_many_orders_is_paged(store: Store) -> None:
    buyer = customer(store)
    for _ in range(4):
        order(store, buyer, items=(Item(), Item("CUP", "杯子", 900, 3)))
    open_case(store, customer_id=buyer)
    with store.read() as session:
        page = customer_page(session, buyer, kept=3)
    assert (len(page.orders), page.more_orders, len(page.cases), page.more_cases) == (3, True, 1, False)
    assert page.orders[0].items == "电热水壶, 杯子 X3"
    assert page.orders[0].id > page.orders[-1].id
