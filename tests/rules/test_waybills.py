"""Waybills by carrier. Source: law file 5; P7 AS7."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.rules.waybills import CARRIERS, fits, found_in, looks_like, normalise
from bdesk.training.draw import Draw
from bdesk.training.words.goods import draw_waybill

NAMES = {
    "sf": "顺丰", "zto": "中通", "yto": "圆通", "sto": "申通", "yunda": "韵达", "jt": "极兔", "jd": "京东",
    "ems": "EMS", "deppon": "德邦",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sf0000180000101", "SF0000180000101"),
        ("ＳＦ０００018 0000101", "SF0000180000101"),
        (" SF 0000-1800-00101 ", "SF0000180000101"),
        ("yt　2519033443762\n", "YT2519033443762"),
    ],
)
def test_a_number_is_kept_as_the_label_has_it(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    ("waybill", "carriers"),
    [
        ("SF0000180000101", ("sf",)),
        ("YT2519033443762", ("yto",)),
        ("JDVA46783539436", ("jd",)),
        ("JT0000123456789", ("jt",)),
        ("DPK000012345678", ("deppon",)),
        ("EA123456789CN", ("ems",)),
        ("9800001234567", ("ems",)),
        ("770000123456789", ("sto",)),
        ("78000012345678", ("zto",)),
        ("430000123456789", ("yunda",)),
        ("123456789012", ("sf", "zto", "sto")),
        ("12345678", ("deppon",)),
        ("HELLO", ()),
        ("", ()),
    ],
)
def test_whose_number_it_looks(waybill: str, carriers: tuple[str, ...]) -> None:
    assert looks_like(waybill) == carriers
    for code in carriers:
        assert fits(code, waybill) is True


def test_another_carriers_number_does_not_fit() -> None:
    assert fits("sf", "YT2519033443762") is False
    assert fits("yto", "SF0000180000101") is False
    assert fits("jd", "78000012345678") is False
    assert fits("other", "ANY1") is None, "whoever is not known by sight may write as they like"


@pytest.mark.parametrize(("code", "name"), list(NAMES.items()))
def test_every_number_of_the_training_data_fits_its_carrier(code: str, name: str) -> None:
    draw = Draw(7, "waybills")
    for _ in range(20):
        assert fits(code, draw_waybill(draw, name)) is True


@given(st.sampled_from(CARRIERS), st.text(max_size=30))
def test_normalising_twice_changes_nothing_and_nothing_breaks(carrier: str, typed: str) -> None:
    kept = normalise(typed)
    assert normalise(kept) == kept
    assert fits(carrier, kept) in (True, False)
    if fits(carrier, kept):
        # A number that is one carrier's alone is never said to look like nobody's.
        assert looks_like(kept)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("换新品已发，顺丰SF0000180000101", ("sf", "SF0000180000101")),
        ("已发出 jt0000123456789，明天到", ("jt", "JT0000123456789")),
        ("已发出", None),
        ("单号 123456789012", None),
        ("SF0000180000101 和 YT2519033443762", None),
    ],
)
def test_the_one_number_in_a_warehouses_words(words: str, found: tuple[str, str] | None) -> None:
    assert found_in(words) == found
