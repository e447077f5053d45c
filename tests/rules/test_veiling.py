"""What people wrote, without the values that a caller could be asked for."""

import pytest

from bdesk.rules.cases import HIDING_FACTORS
from bdesk.rules.veiling import veiled
from tests.rules.samples import snapshot


@pytest.mark.parametrize(
    "text",
    [
        "申请全额退款128.00元",
        "付了128元",
        "¥128 退给我",
        "一共 128.0，谢谢",
        "订单bt20261114000101",
        "电话15400000037",
        "尾号0037的手机",
        "寄到杭州市西湖区",
        "11月14日买的",
        "2026-11-14 下单",
        "11/14 买",
    ],
)
def test_known_values_are_starred(text: str) -> None:
    shown = veiled(text, snapshot(), HIDING_FACTORS)
    assert "****" in shown
    assert not any(value in shown for value in ("128", "000101", "0037", "杭州", "14日", "11-14", "11/14"))
    assert veiled(text, snapshot(), frozenset()) == text


@pytest.mark.parametrize(
    "text",
    ["打开就是坏的", "退 12.80 元", "等了128天", "11280.00", "尾号10037", "1128.00", "11月15日", "2026-11-1"],
)
def test_other_words_stay(text: str) -> None:
    assert veiled(text, snapshot(), HIDING_FACTORS) == text
