"""What an answer to an identity question has to look like before it is compared: a sum, a day, a place.

Whatever is something else was put into the wrong field or half typed, and costs the customer no try (B0.4).
What is forgiven where it is compared is forgiven here too (`rules.factors`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bdesk.errors import BadInput
from bdesk.models.kinds import Factor
from bdesk.rules.money import parse_yuan

DATE: Final = re.compile(r"(?:(\d{4})[-/.年]?)?(\d{1,2})[-/.月](\d{1,2})[日号]?|(\d{4})?(\d{2})(\d{2})")
SEPARATORS: Final = re.compile(r"[\s,，、]+")

_TAIL: Final = 4
_PHONE: Final = range(7, 16)


def well_formed(factor: Factor, text: str) -> bool:
    """Whether this could be an answer to what the factor asks for, right or wrong."""
    test = _TESTS.get(factor)
    return test is None or test(unicodedata.normalize("NFKC", text).strip())


def _is_amount(text: str) -> bool:
    try:
        return parse_yuan(text) > 0
    except BadInput:
        return False


def _is_tail(text: str) -> bool:
    digits = re.sub(r"[\s()+-]", "", text)
    return digits.isascii() and digits.isdigit() and (len(digits) == _TAIL or len(digits) in _PHONE)


def _is_day(text: str) -> bool:
    found = DATE.fullmatch(SEPARATORS.sub("", text))
    if found is None:
        return False
    month, day = found.group(2) or found.group(5), found.group(3) or found.group(6)
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _is_name(text: str) -> bool:
    """A place or a surname: letters, and no digit among them."""
    return any(char.isalpha() for char in text) and not any(char.isdigit() for char in text)


def _is_number(text: str) -> bool:
    """An order's or a case's number: it has a digit."""
    return any(char.isdigit() for char in text)


_TESTS: Final[Mapping[Factor, Callable[[str], bool]]] = MappingProxyType(
    {
        Factor.RECENT_AMOUNT: _is_amount,
        Factor.PHONE_TAIL: _is_tail,
        Factor.ORDER_NO: _is_number,
        Factor.CASE_NO: _is_number,
        Factor.CITY: _is_name,
        Factor.SURNAME: _is_name,
        Factor.PURCHASE_DATE: _is_day,
    }
)

SAID_AS: Final[Mapping[Factor, str]] = MappingProxyType(
    {
        Factor.RECENT_AMOUNT: "capture.not_amount",
        Factor.PHONE_TAIL: "capture.not_digits",
        Factor.CITY: "capture.not_name",
        Factor.SURNAME: "capture.not_name",
        Factor.PURCHASE_DATE: "capture.not_date",
    }
)
"""What is said of an answer of another form; else "capture.bad"."""
