"""What an application must show by its reason, and what of it counts."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import EvidenceKind, RefundReason
from bdesk.models.views.snapshot import EvidenceView, Snapshot
from bdesk.rules.evidence import counting, unclear
from bdesk.rules.walk.values import UNKNOWN
from tests.rules.samples import NEEDS, case, evidence, fact, parcel, payment, snapshot

PHOTO, VIDEO, LABEL = EvidenceKind.PHOTO, EvidenceKind.VIDEO, EvidenceKind.WAYBILL_LABEL


def shown(reason: RefundReason | None, *kinds: EvidenceKind, **changes: Any) -> Snapshot:
    pieces = tuple(evidence(number, kind) for number, kind in enumerate(kinds, 1))
    return snapshot(case=case(reason=reason, description=""), evidence=pieces, **changes)


@pytest.mark.parametrize(
    ("reason", "kinds", "missing"),
    [
        ("quality", (), ("media", "description")),
        ("quality", (PHOTO,), ("description",)),
        ("quality", (VIDEO, EvidenceKind.STATEMENT), ()),
        ("quality", (EvidenceKind.STATEMENT,), ("media",)),
        ("wrong_item", (PHOTO,), ("label",)),
        ("wrong_item", (PHOTO, LABEL), ()),
        ("missing_item", (VIDEO,), ()),
        ("missing_item", (LABEL,), ("unboxing",)),
        ("not_received", (), ("description",)),
        ("not_received", (EvidenceKind.STATEMENT,), ()),
        ("duplicate_payment", (), ("payment",)),
        ("duplicate_payment", (EvidenceKind.PAYMENT_SCREENSHOT,), ()),
        ("unauthorised", (EvidenceKind.POLICE_RECEIPT,), ("freeze",)),
        ("late_shipment", (EvidenceKind.CHAT_RECORD,), ()),
        ("dissatisfied", (), ()),
    ],
)
def test_what_is_missing(reason: str, kinds: tuple[EvidenceKind, ...], missing: tuple[str, ...]) -> None:
    made = shown(RefundReason(reason), *kinds)
    assert fact("evidence.missing", made) == missing
    assert fact("evidence.complete", made) is (missing == ())


def test_what_the_desk_knows_is_not_asked_for() -> None:
    twice = shown(RefundReason.DUPLICATE_PAYMENT, payments=(payment(21), payment(22)))
    assert fact("payments.excess_fen", twice) == 12800
    assert fact("evidence.complete", twice) is True
    told = shown(RefundReason.QUALITY, PHOTO)
    told = replace(told, case=replace(told.case, description="壶底漏水"))
    assert fact("evidence.complete", told) is True
    nowhere = shown(RefundReason.NOT_RECEIVED, EvidenceKind.STATEMENT, parcels=(parcel(waybill=""),))
    assert fact("evidence.missing", nowhere) == ("tracking",)


def test_nothing_is_told_before_a_reason_is() -> None:
    assert fact("evidence.complete", shown(None, PHOTO)) is UNKNOWN
    assert fact("evidence.missing", shown(None, PHOTO)) is UNKNOWN


def test_an_unclear_piece_counts_for_nothing_until_a_better_one_comes() -> None:
    blurred = evidence(1, PHOTO, clear=False)
    alone = snapshot(evidence=(blurred,))
    assert fact("evidence.missing", alone) == ("media",)
    assert fact("evidence.media_count", alone) == 0
    assert fact("evidence.unclear", alone) == 1
    again = snapshot(evidence=(blurred, evidence(2, PHOTO)))
    assert fact("evidence.complete", again) is True
    assert fact("evidence.unclear", again) == 0
    older = snapshot(evidence=(evidence(1, PHOTO), evidence(2, PHOTO, clear=False)))
    assert fact("evidence.unclear", older) == 1


pieces = st.lists(
    st.tuples(st.sampled_from(EvidenceKind), st.sampled_from([None, True, False])), max_size=6
).map(lambda drawn: tuple(evidence(n, kind, clear=clear) for n, (kind, clear) in enumerate(drawn, 1)))


@given(reason=st.sampled_from(RefundReason), pieces=pieces)
def test_one_more_clear_piece_never_makes_less_complete(
    reason: RefundReason, pieces: tuple[EvidenceView, ...]
) -> None:
    def missing(found: tuple[EvidenceView, ...]) -> set[str]:
        told = fact("evidence.missing", snapshot(case=case(reason=reason, description=""), evidence=found))
        assert isinstance(told, tuple)
        return set(told)

    before = missing(pieces)
    for kind in EvidenceKind:
        assert missing((*pieces, evidence(9, kind))) <= before
        assert missing((*pieces, evidence(9, kind, clear=False))) == before
    everything = tuple(evidence(n, kind) for n, kind in enumerate(EvidenceKind, 20))
    left = missing(everything)
    assert left <= {need.code for need in NEEDS.get(reason.value, ()) if not need.kinds}


@given(pieces=pieces)
def test_what_is_unclear_does_not_count(pieces: tuple[EvidenceView, ...]) -> None:
    made = snapshot(evidence=pieces)
    assert not set(unclear(made)) & set(counting(made))
