"""Which answers are compared at all: those that could be one, right or wrong."""

import pytest

from bdesk.models.kinds import Factor
from bdesk.rules.factor_forms import well_formed
from bdesk.rules.factors import TESTS

FORMS = [
    (
        Factor.RECENT_AMOUNT,
        ("139", "139.00", "１３９．５", "¥1,234.50", "12元"),
        ("11-09", "7701号", "宁波", "0", ""),
    ),
    (Factor.PHONE_TAIL, ("7701", "１２３４", "138 1234 6621", "+86 13812346621"), ("139", "77011", "宁波")),
    (Factor.CITY, ("宁波", "浙江 宁波市", "New York", "呼和浩特"), ("139", "宁波1", "11-09", "-")),
    (Factor.SURNAME, ("高", "欧阳", "Müller"), ("139", "高1", "")),
    (
        Factor.PURCHASE_DATE,
        ("11-09", "2026-11-09", "20261109", "1109", "11月9日"),
        ("139", "2026", "13-40", "宁波"),
    ),
    (Factor.ORDER_NO, ("BT20261109000707", "0707"), ("宁波", "-")),
    (Factor.CASE_NO, ("KF2026111800031",), ("宁波",)),
]


@pytest.mark.parametrize(
    ("factor", "text", "formed"),
    [(factor, text, True) for factor, good, _bad in FORMS for text in good]
    + [(factor, text, False) for factor, _good, bad in FORMS for text in bad],
)
def test_forms(factor: Factor, text: str, formed: bool) -> None:
    assert well_formed(factor, text) is formed


def test_an_account_may_be_anything_and_each_compared_factor_was_thought_of() -> None:
    assert well_formed(Factor.ACCOUNT, "bt_gaoyuan7701")
    assert {factor for factor, _good, _bad in FORMS} | {Factor.ACCOUNT} == set(TESTS)
