"""Splitting a refund over payments, and its goods over the split."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.errors import NotAllowed
from bdesk.models.kinds import PaymentMethod, PaymentState
from bdesk.models.views.snapshot import PaymentView
from bdesk.rules.facts.refund import ItemPart
from bdesk.rules.refund_split import Share, left_of, over_shares, payment_shares

T0 = datetime(2026, 11, 18, tzinfo=UTC)
WALLET, WECHAT, COD = PaymentMethod.WALLET, PaymentMethod.WECHAT, PaymentMethod.COD


def paid(
    number: int,
    amount: int,
    *,
    back: int = 0,
    held: int = 0,
    method: PaymentMethod = WALLET,
    closed: bool = False,
    state: PaymentState = PaymentState.SUCCESS,
) -> PaymentView:
    return PaymentView(
        id=number,
        payment_no=f"PAY{number}",
        method=method,
        state=state,
        amount_fen=amount,
        refunded_fen=back,
        held_fen=held,
        paid_at=T0 + timedelta(hours=number),
        path_closed=closed,
    )


@pytest.mark.parametrize(
    ("payments", "amount", "excess", "other", "wanted"),
    [
        ([paid(1, 100)], 100, False, False, {1: 100}),
        ([paid(1, 100)], 30, False, False, {1: 30}),
        ([paid(1, 100), paid(2, 50)], 120, False, False, {1: 100, 2: 20}),
        ([paid(2, 50), paid(1, 100)], 120, False, False, {1: 100, 2: 20}),
        ([paid(1, 100), paid(2, 50)], 120, True, False, {2: 50, 1: 70}),
        ([paid(1, 100, back=60), paid(2, 50)], 70, False, False, {1: 40, 2: 30}),
        ([paid(1, 100, back=60, held=40), paid(2, 50)], 50, False, False, {2: 50}),
        ([paid(1, 100, closed=True), paid(2, 50)], 50, False, False, {2: 50}),
        ([paid(1, 100, closed=True), paid(2, 50)], 120, False, True, {1: 100, 2: 20}),
        ([paid(1, 100, method=COD)], 100, False, True, {1: 100}),
        ([paid(1, 100, state=PaymentState.FAILED), paid(2, 100)], 100, False, False, {2: 100}),
    ],
)
def test_shares(
    payments: list[PaymentView], amount: int, excess: bool, other: bool, wanted: dict[int, int]
) -> None:
    shares = payment_shares(payments, amount, excess=excess, other=other)
    assert {share.payment_id: share.amount_fen for share in shares} == wanted
    assert [share.payment_id for share in shares] == list(wanted)


@pytest.mark.parametrize(
    ("payments", "amount"),
    [
        ([paid(1, 100)], 101),
        ([paid(1, 100)], 0),
        ([paid(1, 100)], -5),
        ([], 1),
        ([paid(1, 100, back=100)], 1),
        ([paid(1, 100, held=100)], 1),
        ([paid(1, 100, closed=True)], 100),
        ([paid(1, 100, method=COD)], 100),
        ([paid(1, 100, state=PaymentState.PROCESSING)], 100),
    ],
)
def test_more_than_there_is_is_refused(payments: list[PaymentView], amount: int) -> None:
    with pytest.raises(NotAllowed, match=r"refund\.above_paid"):
        payment_shares(payments, amount)


PAYMENTS = st.lists(
    st.builds(
        lambda number, amount, back, held, closed, method: paid(
            number, amount, back=amount * back // 100, held=amount * held // 100, closed=closed, method=method
        ),
        st.integers(1, 9),
        st.integers(1, 100_000),
        st.integers(0, 60),
        st.integers(0, 40),
        st.booleans(),
        st.sampled_from([WALLET, WECHAT, COD]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.id,
)


@given(PAYMENTS, st.integers(1, 200_000), st.booleans(), st.booleans())
def test_shares_add_up_and_never_exceed_a_payment(
    payments: list[PaymentView], amount: int, excess: bool, other: bool
) -> None:
    usable = [one for one in payments if other or not (one.path_closed or one.method is COD)]
    if amount > sum(map(left_of, usable)):
        with pytest.raises(NotAllowed):
            payment_shares(payments, amount, excess=excess, other=other)
        return
    shares = payment_shares(payments, amount, excess=excess, other=other)
    left = {one.id: left_of(one) for one in usable}
    assert sum(share.amount_fen for share in shares) == amount
    assert all(0 < share.amount_fen <= left[share.payment_id] for share in shares)
    assert len({share.payment_id for share in shares}) == len(shares)
    # All but the last are emptied: no penny is left on an older payment while a newer one is touched.
    assert all(share.amount_fen == left[share.payment_id] for share in shares[:-1])


@pytest.mark.parametrize(
    ("parts", "shares", "wanted"),
    [
        ([ItemPart(1, 1, 100)], [100], [[ItemPart(1, 1, 100)]]),
        ([ItemPart(1, 1, 100)], [60, 40], [[ItemPart(1, 0, 60)], [ItemPart(1, 1, 40)]]),
        (
            [ItemPart(1, 1, 60), ItemPart(2, 2, 40)],
            [60, 40],
            [[ItemPart(1, 1, 60)], [ItemPart(2, 2, 40)]],
        ),
        (
            [ItemPart(1, 1, 50), ItemPart(2, 2, 50)],
            [60, 40],
            [[ItemPart(1, 1, 50), ItemPart(2, 0, 10)], [ItemPart(2, 2, 40)]],
        ),
        (
            [ItemPart(1, 1, 100)],
            [40, 40, 40],
            [[ItemPart(1, 0, 40)], [ItemPart(1, 0, 40)], [ItemPart(1, 1, 20)]],
        ),
        ([ItemPart(1, 1, 0)], [10], [[ItemPart(1, 1, 0)]]),
        ([], [10], [[]]),
    ],
)  # fmt: skip
def test_goods_over_shares(parts: list[ItemPart], shares: list[int], wanted: list[list[ItemPart]]) -> None:
    split = over_shares(parts, [Share(n, WALLET, fen) for n, fen in enumerate(shares)])
    assert [list(row) for row in split] == wanted


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5000)), max_size=5),
    st.lists(st.integers(1, 8000), min_size=1, max_size=4),
)
def test_goods_keep_their_pieces_and_stay_within_their_share(
    goods: list[tuple[int, int]], fens: list[int]
) -> None:
    parts = [ItemPart(number, pieces, fen) for number, (pieces, fen) in enumerate(goods)]
    shares = [Share(number, WALLET, fen) for number, fen in enumerate(fens)]
    split = over_shares(parts, shares)
    rows = [row for each in split for row in each]
    for each, share in zip(split, shares, strict=True):
        assert sum(row.amount_fen for row in each) <= share.amount_fen
        assert len({row.item_id for row in each}) == len(each)
    for part in parts:
        mine = [row for row in rows if row.item_id == part.item_id]
        assert sum(row.pieces for row in mine) == part.pieces
        assert sum(row.amount_fen for row in mine) <= part.amount_fen
    whole = min(sum(part.amount_fen for part in parts), sum(fens))
    assert sum(row.amount_fen for row in rows) == whole
