"""Eligibility, freight and exchange. Source: P7 AS4 to AS6; B0.8; law file L1 to L3; X5, X15."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import FreightPayer, RefundReason, ReturnKind
from bdesk.rules.returns import NO_REASON, OURS, freight, refusal, substitute_fits

KINDS = st.sampled_from(ReturnKind)
REASONS = st.sampled_from(RefundReason)
SHOP, CUSTOMER = FreightPayer.SHOP, FreightPayer.CUSTOMER


@pytest.mark.parametrize(
    ("reason", "kind", "in_warranty", "payer"),
    [
        (RefundReason.NO_REASON, ReturnKind.RETURN, True, CUSTOMER),
        (RefundReason.DISSATISFIED, ReturnKind.EXCHANGE, None, CUSTOMER),
        (RefundReason.QUALITY, ReturnKind.RETURN, None, SHOP),
        (RefundReason.QUALITY, ReturnKind.EXCHANGE, False, SHOP),
        (RefundReason.WRONG_ITEM, ReturnKind.RETURN, None, SHOP),
        (RefundReason.MISSING_ITEM, ReturnKind.EXCHANGE, None, SHOP),
        (RefundReason.NOT_AS_DESCRIBED, ReturnKind.RETURN, None, SHOP),
        (RefundReason.QUALITY, ReturnKind.REPAIR, True, SHOP),
        (RefundReason.QUALITY, ReturnKind.REPAIR, False, CUSTOMER),
        (RefundReason.QUALITY, ReturnKind.REPAIR, None, CUSTOMER),
        (None, None, None, CUSTOMER),
    ],
)
def test_who_pays_the_way_back(
    reason: RefundReason | None, kind: ReturnKind | None, in_warranty: bool | None, payer: FreightPayer
) -> None:
    assert freight(reason, kind, in_warranty) is payer


@given(REASONS, KINDS, st.none() | st.booleans())
def test_the_shop_pays_for_its_own_faults_and_for_no_other(
    reason: RefundReason, kind: ReturnKind, in_warranty: bool | None
) -> None:
    paid = freight(reason, kind, in_warranty)
    if kind is not ReturnKind.REPAIR:
        assert (paid is SHOP) == (reason in OURS)
    assert paid is CUSTOMER or reason in OURS


def why(
    kind: ReturnKind = ReturnKind.RETURN, reason: RefundReason | None = RefundReason.NO_REASON, **more: bool
) -> str | None:
    known = {"signed": True, "window_open": True, "excluded": False, "goodwill": False} | more
    return refusal(kind, reason, **known)


def test_table_of_eligibility() -> None:
    assert why() is None
    assert why(excluded=True) == "return.excluded"
    assert why(window_open=False) == "return.too_late"
    assert why(window_open=False, goodwill=True) is None
    assert why(window_open=False, goodwill=True, excluded=True) == "return.excluded"
    assert why(signed=False) == "return.not_signed"
    assert why(reason=None) == "return.no_reason"
    # A fault asks for evidence and for nothing else (X5).
    assert why(reason=RefundReason.QUALITY, window_open=False, excluded=True) is None
    assert why(ReturnKind.REPAIR, RefundReason.QUALITY, window_open=False) is None


@given(KINDS, REASONS, st.none() | st.booleans(), st.booleans(), st.booleans())
def test_only_returns_without_reason_are_held_against_class_and_window(
    kind: ReturnKind, reason: RefundReason, window: bool | None, excluded: bool, goodwill: bool
) -> None:
    found = refusal(kind, reason, signed=True, window_open=window, excluded=excluded, goodwill=goodwill)
    asked = reason in NO_REASON and kind is not ReturnKind.REPAIR
    assert (found is None) == (not asked or (not excluded and (bool(window) or goodwill)))


@given(KINDS, st.none() | REASONS, st.booleans(), st.booleans())
def test_nothing_comes_back_that_never_arrived(
    kind: ReturnKind, reason: RefundReason | None, window: bool, goodwill: bool
) -> None:
    refused = refusal(kind, reason, signed=False, window_open=window, excluded=False, goodwill=goodwill)
    assert refused is not None


@pytest.mark.parametrize(
    ("price", "other", "pieces", "stock", "limit", "fits"),
    [
        (10000, 10000, 1, 1, 0, True),
        (10000, 10500, 1, 1, 500, True),
        (10000, 10501, 1, 1, 500, False),
        (10000, 10300, 2, 5, 500, False),  # the limit is for the exchange, not for a piece
        (10000, 9999, 1, 5, None, False),  # the customer never gets less than was paid for
        (10000, 10000, 2, 1, None, False),
        (10000, 99999, 1, 1, None, True),
        (10000, 10000, 0, 5, None, False),
    ],
)
def test_a_substitute(price: int, other: int, pieces: int, stock: int, limit: int | None, fits: bool) -> None:
    found = substitute_fits(price_fen=price, other_fen=other, pieces=pieces, stock=stock, limit_fen=limit)
    assert found is fits


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 5), st.integers(0, 5), st.integers(0, 10**6)
)
def test_a_substitute_never_costs_the_customer_and_never_breaks_the_limit(
    price: int, other: int, pieces: int, stock: int, limit: int
) -> None:
    if substitute_fits(price_fen=price, other_fen=other, pieces=pieces, stock=stock, limit_fen=limit):
        assert other >= price and stock >= pieces and (other - price) * pieces <= limit
