"""Fen: what may be typed, and shares that always add up."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.errors import BadInput
from bdesk.rules.money import (
    MOST_FEN,
    paid_for_units,
    parse_yuan,
    refund_proposal,
    refundable,
    share_out,
)
from bdesk.text import yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("0.01", 1),
        ("0", 0),
        ("１２．５", 1250),
        ("１２。５", 1250),
        ("12。5", 1250),
        (" 128.00 ", 12800),
        ("¥128", 12800),
        ("￥ 128.00", 12800),
        ("128元", 12800),
        ("128 元", 12800),
        ("CNY 128", 12800),
        ("1,234.50", 123450),
        ("1，234.50", 123450),
        ("12,345,678", 1234567800),
        ("49999.00", 4999900),
        ("007", 700),
        ("999999999.99", MOST_FEN),
    ],
)
def test_parsed(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", " ", "12,50", "12，50", "1,23,456", "1234,567", "12.505", "12.", ".5", "-12", "+12", "1e3", "12 5",
     "12.5.0", "一百", "0x10", "1_000", "12％", "NaN", "inf", "1000000000", "元", "¥", "²", "①", "١٢"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_yuan(text)
    assert caught.value.code == "money.not_an_amount"
    assert caught.value.params["text"] == text


@given(st.integers(0, MOST_FEN))
def test_what_is_shown_can_be_typed(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen
    assert parse_yuan(yuan(fen).replace(",", "")) == fen


@given(st.text(max_size=12) | st.text("0123456789.,。¥元 -", max_size=12))
def test_anything_else_is_refused_and_never_below_zero(text: str) -> None:
    try:
        fen = parse_yuan(text)
    except BadInput:
        return
    assert 0 <= fen <= MOST_FEN


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (79900, (29900, 60000), (26574, 53326)),
        (700, (900, 100), (630, 70)),
        (100, (1, 1, 1), (34, 33, 33)),
        (101, (1, 1, 1), (34, 34, 33)),
        (2, (1, 1, 1), (1, 1, 0)),
        (0, (1, 2), (0, 0)),
        (0, (0, 0), (0, 0)),
        (0, (), ()),
        (5, (0, 3), (0, 5)),
        (1, (1, 99), (0, 1)),
    ],
)
def test_shares(whole: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert share_out(whole, weights) == parts


@pytest.mark.parametrize(("whole", "weights"), [(-1, (1,)), (1, (-1, 2)), (1, (0, 0)), (1, ())])
def test_what_cannot_be_shared(whole: int, weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        share_out(whole, weights)


@pytest.mark.parametrize(
    ("line", "quantity", "already", "wanted", "fen"),
    [
        (1000, 3, 0, 1, 334),
        (1000, 3, 1, 1, 333),
        (1000, 3, 2, 1, 333),
        (1000, 3, 0, 3, 1000),
        (1, 2, 1, 1, 0),
    ],
)
def test_units(line: int, quantity: int, already: int, wanted: int, fen: int) -> None:
    assert paid_for_units(line, quantity, already, wanted) == fen


@pytest.mark.parametrize(("already", "wanted"), [(0, 4), (3, 1), (-1, 1), (0, -1)])
def test_not_more_units_than_there_are(already: int, wanted: int) -> None:
    with pytest.raises(ValueError):
        paid_for_units(1000, 3, already, wanted)


@pytest.mark.parametrize(
    ("paid", "refunded", "held", "left"),
    [(12800, 0, 0, 12800), (12800, 11550, 0, 1250), (12800, 6400, 6400, 0), (100, 60, 60, 0), (0, 0, 0, 0)],
)
def test_refundable(paid: int, refunded: int, held: int, left: int) -> None:
    assert refundable(paid, refunded, held) == left


@pytest.mark.parametrize(
    ("goods", "freight", "whole", "ours", "left", "deduct", "fen"),
    [
        (12800, 600, True, False, 13400, 0, 13400),  # the whole order takes its freight along
        (12800, 600, False, True, 20000, 0, 13400),  # our fault
        (12800, 600, False, False, 20000, 0, 12800),
        (12800, 600, True, True, 1250, 0, 1250),  # never more than is left
        (12800, 0, True, False, 12800, 1990, 10810),  # a gift that was kept
        (1000, 0, True, False, 1000, 1990, 0),
        (1, 0, True, False, 1, 0, 1),
    ],
)
def test_proposal(
    goods: int, freight: int, whole: bool, ours: bool, left: int, deduct: int, fen: int
) -> None:
    found = refund_proposal(
        goods, freight_fen=freight, whole_order=whole, our_fault=ours, refundable_fen=left, deduct_fen=deduct
    )
    assert found == fen


fens = st.integers(0, 10_000_000)
weights = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12).filter(sum)


@given(fens, weights)
def test_shares_add_up_and_are_never_a_fen_off(whole: int, each: list[int]) -> None:
    parts = share_out(whole, each)
    assert sum(parts) == whole
    total = sum(each)
    for part, weight in zip(parts, each, strict=True):
        assert part >= 0
        assert abs(part * total - whole * weight) < total
        assert weight or not part


@given(fens, weights)
def test_a_heavier_item_never_gets_less(whole: int, each: list[int]) -> None:
    pairs = sorted(zip(each, share_out(whole, each), strict=True))
    for (weight, part), (heavier, more) in pairwise(pairs):
        assert weight == heavier or part <= more


@given(fens, st.integers(1, 40), st.data())
def test_units_in_any_steps_give_the_line(line: int, quantity: int, data: st.DataObject) -> None:
    back = total = 0
    while back < quantity:
        step = data.draw(st.integers(1, quantity - back))
        total += paid_for_units(line, quantity, back, step)
        back += step
    assert total == line


@given(fens, fens, fens, fens, fens, st.booleans(), st.booleans(), fens)
def test_a_proposal_stays_between_nothing_and_what_is_left(
    goods: int, freight: int, paid: int, refunded: int, held: int, whole: bool, ours: bool, deduct: int
) -> None:
    left = refundable(paid, refunded, held)
    assert left >= 0
    assert left == 0 or left + refunded + held == paid
    found = refund_proposal(
        goods, freight_fen=freight, whole_order=whole, our_fault=ours, refundable_fen=left, deduct_fen=deduct
    )
    assert 0 <= found <= left
