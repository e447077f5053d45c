"""What of a person's data may be seen: masks for lists, cards, logs, exports and letters.

Source: law_and_practice 4 and UX, "Words". Every mask takes text as it is kept or typed, works on NFC,
never gives back more than the rule says, and leaves what it made itself unchanged.
"""

import re
import unicodedata

from bdesk.text import clean

HIDDEN = "****"
"""Stands for a value that serves as a verification factor until verification has passed."""

COMPOUND_SURNAMES: frozenset[str] = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "慕容", "尉迟", "夏侯", "皇甫", "令狐", "宇文",
        "长孙", "司徒", "公孙", "端木", "独孤", "南宫", "东方", "轩辕", "呼延", "澹台",
        "歐陽", "司馬", "諸葛", "尉遲", "長孫", "公孫", "獨孤", "東方", "軒轅", "澹臺",
    }
)  # fmt: skip
"""Shown whole before the stars, when a given name follows."""

_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|"
    "甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(
    rf"(?:{_PROVINCES})(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?\s*|(?:{'|'.join(_MUNICIPALITIES)})市?\s*"
)
# No character that ends a smaller place and no 市场, or part of a street would pass for a city.
_PLACE = r"[^\W\d_路街道巷弄号栋区县镇乡村]"
_CITY = re.compile(rf"{_PLACE}{{2,8}}?自治州|{_PLACE}{{2,4}}?(?:地区|盟|市(?![场政民集]))")
_LANDLINE = re.compile(r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[-\s]*(\d{4}[-\s]?\d{3,4})(?:\D+\d{1,6})?")
_MASKED_PHONE = re.compile(r"(?:1\d{2}|0\d{2,3}-|\+\d{1,3} )?\*{4}\d{0,4}")
_MASKED_ID = re.compile(r"\w{1,3}\*+\w")
_TWO_DIGIT_COUNTRIES = re.compile(
    r"20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
)  # the rest of the world has one digit (1, 7) or three


def mask_name(name: str) -> str:
    """First character and two stars, however long: 张**; compound surnames whole: 欧阳**; M** for Latin."""
    text = clean(name).strip()
    if not text:
        return ""
    if len(text) > 2 and text[:2] in COMPOUND_SURNAMES:
        return f"{text[:2]}**"
    end = 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1  # marks that have no composed form belong to the letter before them
    return f"{text[:end]}**"


def mask_phone(number: str) -> str:
    """138****6621; landline 010-****5678; abroad the country and the last three: +44 ****123."""
    text = _ascii(number)
    if not text or _MASKED_PHONE.fullmatch(text):
        return text
    digits = re.sub(r"\D", "", text)
    if text.startswith("+") or digits.startswith("00"):
        digits = digits if text.startswith("+") else digits[2:]
        if not digits.startswith("86"):
            return _mask_foreign(digits)
        text = digits = digits[2:]
        if not _is_mobile(digits) and not digits.startswith("0"):
            text = f"0{digits}"  # written for callers from abroad, without the trunk zero
    elif len(digits) in (13, 15) and digits.startswith("861"):
        digits = digits[2:]
    if _is_mobile(digits):
        return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    landline = _LANDLINE.fullmatch(text)
    if landline is not None:
        return f"{landline.group(1)}-{HIDDEN}{landline.group(2)[-4:]}"
    kept = 4 if len(digits) in (7, 8) else 3
    return f"{HIDDEN}{digits[-kept:]}" if len(digits) >= 7 else HIDDEN


def mask_email(address: str) -> str:
    """z***@example.com: first character and domain; three stars however long."""
    text = clean(address).strip()
    local, at, domain = text.rpartition("@")
    if not at:
        return f"{text[:1]}***" if text else ""
    return f"{local[:1].replace('*', '')}***@{domain}"


def mask_card(number: str) -> str:
    """**** **** **** 1234: only the last four, also where no more than these are kept."""
    digits = re.sub(r"\D", "", _ascii(number))
    return f"**** **** **** {digits[-4:]}" if len(digits) >= 4 else "**** **** **** ****"


def mask_id(number: str) -> str:
    """110**************X: three and the last one of an identity number, one and one of anything else."""
    text = re.sub(r"[\s-]", "", _ascii(number)).upper()
    if not text or _MASKED_ID.fullmatch(text):
        return text
    kept = 3 if re.fullmatch(r"\d{15}|\d{17}[\dX]", text) else 1
    if len(text) <= kept + 1:
        return HIDDEN
    return f"{text[:kept]}{'*' * (len(text) - kept - 1)}{text[-1]}"


def mask_address(address: str) -> str:
    """广东省深圳市***: province and city; *** alone where neither can be told."""
    text = clean(address).strip()
    if not text:
        return ""
    province = _PROVINCE.match(text)
    end = province.end() if province is not None else 0
    if province is None or not province.group().startswith(_MUNICIPALITIES):
        city = _CITY.match(text, end)
        end = city.end() if city is not None else end
    return f"{text[:end].rstrip()}***"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text)).strip()


def _is_mobile(digits: str) -> bool:
    """11 digits from 13 to 19, or the 13 of a machine's number (14...)."""
    return re.fullmatch(r"1[3-9]\d{9}|14\d{11}", digits) is not None


def _mask_foreign(digits: str) -> str:
    if digits[:1] in ("1", "7"):
        country = digits[:1]
    elif _TWO_DIGIT_COUNTRIES.match(digits):
        country = digits[:2]
    else:
        country = digits[:3]
    rest = digits[len(country) :]
    return f"+{country} {HIDDEN}{rest[-3:] if len(rest) >= 6 else ''}"
