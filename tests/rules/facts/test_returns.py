"""Facts about goods that come back. Source: procedures P7; law file L1 to L3, L13; training E43, E44, S4."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    EvidenceKind,
    FreightPayer,
    Inspection,
    RefundReason,
    ReturnKind,
    Role,
)
from bdesk.models.views.snapshot import ActorView, OtherReturn, ReturnView, Snapshot, SubstituteView
from tests.rules.samples import (
    DAY,
    HOUR,
    NOW,
    approval,
    brief,
    case,
    evidence,
    fact,
    item,
    letter,
    parcel,
    snapshot,
)


def sent_back(**changes: Any) -> ReturnView:
    made = ReturnView(
        kind=ReturnKind.RETURN, freight=FreightPayer.CUSTOMER, approved_at=NOW - DAY, send_by=NOW + 6 * DAY
    )
    return replace(made, **changes)


def goods(**changes: Any) -> Snapshot:
    return snapshot(**{"case": case(kind=CaseKind.AFTER_SALE, subtype="return"), **changes})


def test_the_kind_is_what_was_approved_else_what_was_asked_for() -> None:
    assert fact("return.kind", snapshot()) is None
    assert fact("return.kind", goods()) == "return"
    assert fact("return.kind", goods(case=case(subtype="nonsense"))) is None
    assert fact("return.kind", goods(goods_return=sent_back(kind=ReturnKind.REPAIR))) == "repair"


@pytest.mark.parametrize(
    ("reason", "subtype", "warranty", "payer"),
    [
        (RefundReason.NO_REASON, "return", 365, "customer"),
        (RefundReason.QUALITY, "return", 0, "shop"),
        (RefundReason.QUALITY, "repair", 365, "shop"),
        (RefundReason.QUALITY, "repair", 0, "customer"),
    ],
)
def test_who_pays_until_it_is_agreed(reason: RefundReason, subtype: str, warranty: int, payer: str) -> None:
    made = snapshot(case=case(reason=reason, subtype=subtype), items=(item(warranty_days=warranty),))
    assert fact("return.freight", made) == payer
    assert fact("return.freight", replace(made, goods_return=sent_back())) == "customer", (
        "what was agreed stands"
    )


@pytest.mark.parametrize(
    ("days", "signed_ago", "is_open", "last"),
    [
        (0, 2, False, None),
        (365, 2, True, date(2027, 11, 16)),
        (30, 30, True, date(2026, 11, 18)),  # signed for on 10-19: the day of signing does not count
        (30, 31, False, date(2026, 11, 17)),
    ],
)
def test_the_warranty_counts_from_the_day_after_signing(
    days: int, signed_ago: int, is_open: bool, last: date | None
) -> None:
    made = snapshot(items=(item(warranty_days=days),), parcels=(parcel(signed_at=NOW - signed_ago * DAY),))
    assert fact("warranty.open", made) is is_open
    assert fact("warranty.ends_on", made) == last


def test_goods_that_were_not_signed_for_have_no_warranty_yet() -> None:
    made = snapshot(items=(item(warranty_days=365),), parcels=(parcel(signed_at=None),))
    assert fact("warranty.open", made) is None


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_a_warranty_never_ends_before_its_days_are_over(days: int, ago: int) -> None:
    made = snapshot(items=(item(warranty_days=days),), parcels=(parcel(signed_at=NOW - ago * DAY),))
    if ago <= days:
        assert fact("warranty.open", made) is True
    elif ago > days + 10:  # no holiday is longer
        assert fact("warranty.open", made) is False


def test_the_same_goods_under_another_open_case() -> None:
    other = OtherReturn(9, "KF9")
    assert fact("return.elsewhere_no", goods()) is None
    assert fact("return.elsewhere_no", goods(other_returns=(other,))) == "KF9", "one about the whole order"
    apart = brief(9, item_ids=(2,))
    assert fact("return.elsewhere_no", goods(other_returns=(other,), same_order=(apart,))) is None
    same = brief(9, item_ids=(1, 2))
    assert fact("return.elsewhere_no", goods(other_returns=(other,), same_order=(same,))) == "KF9"


@pytest.mark.parametrize(
    ("quantity", "gone", "paid"), [(1, 0, False), (1, 1, True), (2, 1, False), (2, 2, True)]
)
def test_goods_that_were_paid_back(quantity: int, gone: int, paid: bool) -> None:
    made = goods(items=(item(quantity=quantity, refunded_quantity=gone),))
    assert fact("return.paid_back", made) is paid


@pytest.mark.parametrize(
    ("carrier", "waybill", "fits", "like"),
    [
        ("sf", "SF0000180000101", True, "sf"),
        ("sf", "YT2519033443762", False, "yto"),
        ("other", "WHATEVER", True, None),
        ("zto", "123456789012", True, None),  # three carriers write so
        (None, None, None, None),
    ],
)
def test_the_form_of_a_waybill(
    carrier: str | None, waybill: str | None, fits: bool | None, like: str | None
) -> None:
    made = goods(goods_return=sent_back(carrier=carrier, waybill=waybill))
    assert fact("return.waybill_fits", made) is fits
    assert fact("return.looks_like", made) == like


@pytest.mark.parametrize(
    ("found", "price", "flagged"),
    [
        (None, 30000, False),
        (Inspection.OK, 30000, False),
        (Inspection.USED, 20000, False),
        (Inspection.USED, 20001, True),
        (Inspection.WRONG_ITEM, 30000, True),
    ],
)
def test_a_failed_inspection_above_200_is_a_flag(found: Inspection | None, price: int, flagged: bool) -> None:
    from tests.rules.samples import sold

    made = sold((item(price_fen=price),), goods_return=sent_back(inspection=found, received_at=NOW))
    assert ("inspection_dispute" in (fact("risk.flags", made) or ())) is flagged  # type: ignore[operator]


@pytest.mark.parametrize(
    ("stock", "quantity", "enough"), [(None, 1, None), (0, 1, False), (1, 2, False), (2, 2, True)]
)
def test_stock_for_an_exchange(stock: int | None, quantity: int, enough: bool | None) -> None:
    assert fact("exchange.in_stock", goods(items=(item(quantity=quantity, stock=stock),))) is enough


def test_a_substitute_needs_one_line_and_the_persons_limit() -> None:
    other = SubstituteView("S2", "二代", 13600, 5)
    made = goods(items=(item(stock=0, substitute=other),))
    assert fact("exchange.substitute", made) == "二代"
    assert fact("exchange.substitute_ok", made) is False, "6.25 % is above an agent's 5 %"
    senior = replace(made, actor=ActorView(2, "1500", "高", Role.SENIOR))
    assert fact("exchange.substitute_ok", senior) is True
    two = goods(items=(item(substitute=other), item(2)))
    assert (fact("exchange.substitute", two), fact("exchange.substitute_ok", two)) == (None, False)


def test_hours_from_signing_to_the_first_picture() -> None:
    assert fact("evidence.hours_after_signing", goods()) is None
    signed = parcel(signed_at=NOW - 9 * HOUR)
    pictures = (
        evidence(1, EvidenceKind.STATEMENT, received_at=NOW - 8 * HOUR),
        evidence(2, received_at=NOW - 3 * HOUR + timedelta(minutes=5)),
        evidence(3, received_at=NOW),
    )
    assert fact("evidence.hours_after_signing", goods(parcels=(signed,), evidence=pictures)) == 6


def test_goodwill_holds_for_the_cycle_it_was_granted_in() -> None:
    granted = approval(ApprovalState.APPROVED, action="goodwill_return", amount_fen=None)
    assert fact("return.goodwill", goods()) is False
    assert fact("return.goodwill", goods(approvals=(granted,))) is True
    assert fact("return.goodwill", goods(approvals=(replace(granted, action="refund"),))) is False
    later = case(cycle=2, cycle_started_at=NOW)
    assert fact("return.goodwill", goods(case=later, approvals=(granted,))) is False


def test_the_number_and_its_letter() -> None:
    assert fact("case.after_sale_no", goods(case=case(after_sale_no="SH1"))) == "SH1"
    assert fact("letters.number_told", goods()) is False
    assert fact("letters.number_told", goods(notifications=(letter("N16"),))) is True


def test_days_in_repair_are_local_days() -> None:
    assert fact("repair.days", goods()) is None
    made = goods(goods_return=sent_back(received_at=NOW - 5 * DAY - 9 * HOUR))
    assert fact("repair.days", made) == 5
