"""What a caller says, compared with the file: one test per verification factor. Source: B0.4.

Spelling is forgiven where it tells nobody anything: full width, blanks, hyphens, case, 市 and 省, ways of
writing a date or an amount. The value itself must be right: an amount to the fen, a tail to the digit.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from bdesk.clock import LOCAL
from bdesk.errors import BadInput
from bdesk.models.kinds import CaseKind, Factor
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.contacts import contact_changed
from bdesk.rules.factor_forms import DATE, SEPARATORS
from bdesk.rules.masking import COMPOUND_SURNAMES
from bdesk.rules.money import parse_yuan
from bdesk.rules.progress import asked_case
from bdesk.text import clean, normalise_key

Matches = Callable[[str], bool]

_CITY_TAIL: Final = re.compile("(?:市|地区|自治州|特别行政区)$")
_PROVINCE_TAIL: Final = re.compile("(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区|市|特别行政区)$")
_NAME_PARTS: Final = re.compile(r"[·•・,，\s]")


def compare(given: Mapping[Factor, str], snapshot: Snapshot) -> dict[Factor, bool]:
    """Whether each answer is right. Blank answers and those the file has nothing for are left out."""
    results: dict[Factor, bool] = {}
    for factor, answer in given.items():
        test = TESTS.get(factor)
        matches = test(snapshot) if test is not None else None
        said = _fold(answer)
        if matches is not None and said:
            results[factor] = matches(said)
    return results


def surname(name: str) -> str:
    """The family name: 欧阳 of 欧阳静怡, 买买提 of 买买提·吐尔逊, MÜLLER of "MÜLLER, Anna-Lena"."""
    text = clean(name).strip()
    if not text:
        return ""
    first = _NAME_PARTS.split(text, maxsplit=1)[0]
    if first != text or text[0].isascii():
        return first
    return text[:2] if len(text) > 2 and text[:2] in COMPOUND_SURNAMES else text[:1]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text)).strip().casefold()


def _account(snapshot: Snapshot) -> Matches | None:
    if snapshot.customer is None or not _fold(snapshot.customer.account):
        return None
    account = _fold(snapshot.customer.account)
    return lambda said: said == account


def _amount(snapshot: Snapshot) -> Matches | None:
    amounts = frozenset(snapshot.history.recent_amounts_fen)

    def matches(said: str) -> bool:
        try:
            return parse_yuan(said) in amounts
        except BadInput:
            return False

    return matches if amounts else None


def _tail(snapshot: Snapshot) -> Matches | None:
    if snapshot.customer is None:
        return None
    customer = snapshot.customer
    phones, tails = {_digits(customer.phone)}, {customer.phone_tail or _digits(customer.phone)[-4:]}
    if contact_changed(snapshot):
        # Whose number was taken over knows the old one. Neither tail proves who it is: the code does.
        phones.add(_digits(customer.previous_phone))
        tails.add(_digits(customer.previous_phone)[-4:])
    known = {tail for tail in tails if len(tail) == 4}

    def matches(said: str) -> bool:
        digits = re.sub(r"[\s()+-]", "", said)
        return digits in known if len(digits) == 4 else digits.removeprefix("86") in phones - {""}

    return matches if known else None


def _digits(phone: str | None) -> str:
    return re.sub(r"\D", "", phone or "").removeprefix("86")


def _order_no(snapshot: Snapshot) -> Matches | None:
    if snapshot.order is None:
        return None
    number = normalise_key(snapshot.order.order_no)
    return lambda said: normalise_key(said) == number


def _surname(snapshot: Snapshot) -> Matches | None:
    if snapshot.customer is None or not snapshot.customer.name.strip():
        return None
    right = {_fold(surname(snapshot.customer.name)), _fold(snapshot.customer.name)}
    return lambda said: said in right


def _city(snapshot: Snapshot) -> Matches | None:
    if snapshot.customer is None or not snapshot.customer.city:
        return None
    city = _CITY_TAIL.sub("", _fold(snapshot.customer.city))
    province = _PROVINCE_TAIL.sub("", _fold(snapshot.customer.province or ""))

    def matches(said: str) -> bool:
        place = _CITY_TAIL.sub("", SEPARATORS.sub("", said))
        if place == city:
            return True
        if not province or not place.startswith(province):
            return False
        rest = place.removeprefix(province)
        return city in {rest, *(rest.removeprefix(tail) for tail in ("省", "自治区", "壮族自治区", "市"))}

    return matches


def _purchase_date(snapshot: Snapshot) -> Matches | None:
    if snapshot.order is None:
        return None
    bought = snapshot.order.placed_at.astimezone(LOCAL).date()
    return lambda said: _is_date(said, bought)


def _is_date(said: str, wanted: date) -> bool:
    """Whether this names the day; a day without its year may be of any."""
    found = DATE.fullmatch(SEPARATORS.sub("", said))
    if found is None:
        return False
    year = found.group(1) or found.group(4)
    month, day = found.group(2) or found.group(5), found.group(3) or found.group(6)
    same_day = (int(month), int(day)) == (wanted.month, wanted.day)
    return same_day and (year is None or int(year) == wanted.year)


def _case_no(snapshot: Snapshot) -> Matches | None:
    """The number that was told when the matter was taken in; on an enquiry that of the case it is about, as
    its own was told in this very call."""
    asked = asked_case(snapshot) if snapshot.case.kind is CaseKind.PROGRESS else snapshot.case
    if asked is None:
        return None
    right = {normalise_key(one) for one in (asked.case_no, asked.after_sale_no) if one}
    return lambda said: normalise_key(said) in right


TESTS: Final[Mapping[Factor, Callable[[Snapshot], Matches | None]]] = MappingProxyType(
    {
        Factor.ACCOUNT: _account,
        Factor.RECENT_AMOUNT: _amount,
        Factor.PHONE_TAIL: _tail,
        Factor.ORDER_NO: _order_no,
        Factor.CITY: _city,
        Factor.PURCHASE_DATE: _purchase_date,
        Factor.SURNAME: _surname,
        Factor.CASE_NO: _case_no,
    }
)
"""For each factor, how its answer is compared; a test gives None when the file has nothing to compare."""
