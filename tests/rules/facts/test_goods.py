"""Windows, classes, parcels. Source: law file L1, L12, L13; SLA.md, "Ways to count"; training S4."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bdesk.models.kinds import OrderStatus, ParcelState, ReturnClass, SignedBy
from bdesk.models.views.snapshot import ScanView
from bdesk.rules.walk.values import UNKNOWN
from tests.rules.samples import DAY, HOUR, NOW, case, fact, item, order, parcel, snapshot


def local(day: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("signed", "days", "last"),
    [
        ("2026-11-16", 7, date(2026, 11, 23)),  # Monday: the plain case
        ("2026-11-15", 7, date(2026, 11, 23)),  # Sunday the 22nd moves to Monday
        ("2026-09-26", 7, date(2026, 10, 8)),  # 10-03 is in the National Day week: the day after it
        ("2026-10-03", 7, date(2026, 10, 10)),  # a make-up Saturday is a working day
        ("2026-11-04", 14, date(2026, 11, 18)),
    ],
)
def test_last_day_of_the_window(signed: str, days: int, last: date) -> None:
    for clock in ("00:00", "23:59"):
        made = snapshot(items=(item(window_days=days),), parcels=(parcel(signed_at=local(signed, clock)),))
        assert fact("window.ends_on", made) == last
        assert fact("window.days", made) == days


@pytest.mark.parametrize(
    ("received", "is_open", "past", "minutes"),
    [
        ("2026-11-23T23:59:59+08:00", True, 0, 0),
        ("2026-11-24T00:00:00+08:00", False, 0, 1),
        ("2026-11-24T00:25:30+08:00", False, 0, 25),
        ("2026-11-24T05:59:00+08:00", False, 5, 359),
        ("2026-11-26T00:00:00+08:00", False, 48, 2880),
    ],
)
def test_the_end_of_the_window(received: str, is_open: bool, past: int, minutes: int) -> None:
    at = datetime.fromisoformat(received)
    made = snapshot(now=at, case=case(received_at=at), parcels=(parcel(signed_at=local("2026-11-16")),))
    assert fact("window.open", made) is is_open
    assert fact("window.hours_past", made) == past
    assert fact("window.minutes_past", made) == minutes


def test_a_form_filed_in_time_is_in_time_whenever_it_is_opened() -> None:
    made = snapshot(
        now=NOW + 30 * DAY,
        case=case(received_at=local("2026-11-23", "23:00")),
        parcels=(parcel(signed_at=local("2026-11-16")),),
    )
    assert fact("window.open", made) is True
    assert fact("risk.flags", made) == ()


def test_nothing_signed_for_has_no_window() -> None:
    made = snapshot(parcels=(parcel(signed_at=None, state=ParcelState.IN_TRANSIT),))
    assert fact("window.open", made) is None
    assert fact("window.ends_on", made) is None
    assert fact("window.hours_past", made) is None


def test_the_window_of_a_year_not_published_yet_does_not_crash() -> None:
    made = snapshot(
        now=local("2027-02-20"),
        case=case(received_at=local("2027-02-20")),
        parcels=(parcel(signed_at=local("2027-02-16")),),
    )
    assert fact("window.ends_on", made) == date(2027, 2, 23)


@pytest.mark.parametrize(
    ("kind", "confirmed", "excluded"),
    [
        (ReturnClass.NORMAL, True, False),
        (ReturnClass.CUSTOM, True, True),  # S4 (1)
        (ReturnClass.CUSTOM, False, False),  # S4 (2): no record of the confirmation
        (ReturnClass.CONFIRMED_EXCLUSION, True, True),
        (ReturnClass.CONFIRMED_EXCLUSION, False, False),  # E14
        (ReturnClass.ACTIVATED_ELECTRONICS, True, True),
    ],
)
def test_exclusion_needs_the_confirmation(kind: ReturnClass, confirmed: bool, excluded: bool) -> None:
    made = snapshot(items=(item(return_class=kind, exclusion_confirmed_at=NOW if confirmed else None),))
    assert fact("product.excluded", made) is excluded
    assert fact("order.exclusion_confirmed", made) is excluded


def test_the_strictest_class_and_the_shortest_window_count_of_the_chosen_items_only() -> None:
    goods = (
        item(1, window_days=14),
        item(2, return_class=ReturnClass.PERISHABLE, window_days=7),
        item(3, return_class=ReturnClass.CUSTOM, window_days=1, chosen=False),
    )
    made = snapshot(items=goods)
    assert fact("product.return_class", made) == "perishable"
    assert fact("window.days", made) == 7


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ParcelState.PACKED, "unshipped"),
        (ParcelState.HANDED_OVER, "in_transit"),
        (ParcelState.AT_STATION, "in_transit"),
        (ParcelState.SIGNED, "signed"),
        (ParcelState.REFUSED, "returning"),
        (ParcelState.RETURNED, "returned"),
        (ParcelState.LOST, "lost"),
    ],
)
def test_delivery(state: ParcelState, expected: str) -> None:
    assert fact("parcel.state", snapshot(parcels=(parcel(state=state),))) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (OrderStatus.TO_SHIP, "unshipped"),
        (OrderStatus.SHIPPED, "in_transit"),
        (OrderStatus.COMPLETED, "signed"),
        (OrderStatus.REFUNDED, "unshipped"),
    ],
)
def test_delivery_without_parcels_follows_the_order(status: OrderStatus, expected: str) -> None:
    assert fact("parcel.state", snapshot(parcels=(), order=order(status=status))) == expected


def test_e19_the_worst_parcel_of_the_case_counts() -> None:
    goods = (item(1, parcel_id=11), item(2, parcel_id=12))
    parcels = (parcel(11), parcel(12, state=ParcelState.LOST, signed_at=None))
    assert fact("parcel.state", snapshot(items=goods, parcels=parcels)) == "lost"
    only_first = (goods[0], item(2, parcel_id=12, chosen=False))
    assert fact("parcel.state", snapshot(items=only_first, parcels=parcels)) == "signed"


def test_a_line_without_a_parcel_in_a_partly_shipped_order_is_unshipped() -> None:
    goods = (item(1, parcel_id=11), item(2, parcel_id=None))
    split = order(status=OrderStatus.PART_SHIPPED)
    assert fact("parcel.state", snapshot(items=goods, order=split)) == "unshipped"
    alone = (item(1, parcel_id=11, chosen=False), item(2, parcel_id=None))
    made = snapshot(items=alone, order=split)
    assert fact("parcel.state", made) == "unshipped"
    assert fact("window.open", made) is None
    # Where the shop does not say which parcel holds what, the one that comes last counts.
    later = (parcel(11), parcel(12, signed_at=NOW - DAY))
    untold = snapshot(items=(item(1, parcel_id=None),), parcels=later)
    assert fact("parcel.state", untold) == "signed"
    assert fact("parcel.signed_on", untold) == date(2026, 11, 17)


def test_signing() -> None:
    made = snapshot(parcels=(parcel(signed_at=local("2026-11-15", "23:30"), signed_by=SignedBy.STATION),))
    assert fact("parcel.signed_on", made) == date(2026, 11, 15)
    assert fact("parcel.signed_days", made) == 3
    assert fact("parcel.signed_by", made) == "station"
    assert fact("parcel.signed_by", snapshot(parcels=(parcel(signed_by=None),))) == "unknown"
    unsigned = snapshot(parcels=(parcel(signed_at=None, state=ParcelState.IN_TRANSIT),))
    assert fact("parcel.signed_by", unsigned) is None
    assert fact("parcel.signed_days", unsigned) is None


def test_scans_and_silence() -> None:
    scans = (ScanView(NOW - 9 * DAY, "义乌", "已揽收"), ScanView(NOW - 8 * DAY + HOUR, "杭州", "已到达"))
    moving = parcel(state=ParcelState.IN_TRANSIT, signed_at=None, scans=scans)
    made = snapshot(parcels=(moving,))
    assert fact("parcel.last_scan", made) == "已到达"
    assert fact("parcel.last_scan_at", made) == NOW - 8 * DAY + HOUR
    assert fact("parcel.silent_days", made) == 7
    assert fact("limits.lost_scan_days", made) == 7
    delivered = snapshot(parcels=(parcel(scans=scans),))
    assert fact("parcel.silent_days", delivered) is None
    no_scan = snapshot(
        parcels=(parcel(state=ParcelState.HANDED_OVER, signed_at=None, shipped_at=NOW - 3 * DAY),)
    )
    assert fact("parcel.silent_days", no_scan) == 3
    assert fact("parcel.last_scan", no_scan) is None


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ParcelState.PACKED, False),
        (ParcelState.HANDED_OVER, True),
        (ParcelState.IN_TRANSIT, True),
        (ParcelState.OUT_FOR_DELIVERY, False),
        (ParcelState.SIGNED, False),
    ],
)
def test_interception(state: ParcelState, expected: bool) -> None:
    assert fact("parcel.interceptable", snapshot(parcels=(parcel(state=state),))) is expected
    assert fact("parcel.interceptable", snapshot(parcels=())) is False


@pytest.mark.parametrize(
    ("status", "parcels", "expected"),
    [
        (OrderStatus.TO_SHIP, (), True),
        (OrderStatus.TO_SHIP, (parcel(state=ParcelState.PACKED),), True),
        (OrderStatus.TO_SHIP, (parcel(state=ParcelState.HANDED_OVER),), False),
        (OrderStatus.SHIPPED, (), False),
        (OrderStatus.CANCELLED, (), False),
        (OrderStatus.REFUNDING, (), True),
    ],
)
def test_cancelling(status: OrderStatus, parcels: tuple[object, ...], expected: bool) -> None:
    assert fact("order.cancellable", snapshot(order=order(status=status), parcels=parcels)) is expected


def test_what_the_case_is_about() -> None:
    goods = (item(1, name="电热水壶"), item(2, name="滤芯", quantity=3, chosen_quantity=2))
    made = snapshot(items=goods)
    assert fact("case.items_text", made) == "电热水壶 x1、滤芯 x2"
    assert fact("order.items_text", made) == "电热水壶 x1、滤芯 x3"
    assert fact("case.part_only", made) is True
    assert fact("case.part_only", snapshot()) is False
    none_chosen = snapshot(items=(item(1, name="Kettle", chosen=False), item(2, name="Filter", chosen=False)))
    assert fact("case.items_text", none_chosen) == "Kettle x1, Filter x1"
    assert fact("case.part_only", none_chosen) is False
    assert fact("case.part_only", snapshot(order=None)) is UNKNOWN


def test_silence_is_counted_in_whole_days() -> None:
    almost = parcel(
        state=ParcelState.IN_TRANSIT, signed_at=None, last_scan_at=NOW - 7 * DAY + timedelta(seconds=1)
    )
    assert fact("parcel.silent_days", snapshot(parcels=(almost,))) == 6


def test_lines_are_numbered_where_there_is_something_to_choose() -> None:
    assert fact("order.lines_text", snapshot()) == "电热水壶 x1"
    two = snapshot(items=(item(2, 500, name="滤芯", quantity=2), item(1, 12800)))
    assert fact("order.lines_text", two) == "1 电热水壶 x1、2 滤芯 x2"
