"""What a caller may answer to each identity question: of its form, right or wrong. For walks by chance."""

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "recent_amount": ("128.00", "1.00"),
    "phone_tail": ("0037", "0037", "1111"),
    "city": ("杭州", "宁波"),
    "surname": ("王", "李"),
    "purchase_date": ("11-14", "2026-11-01"),
    "order_no": ("BT20261114000101", "0037"),
    "case_no": ("KF2026111800001",),
}
"""By the code of the factor."""
