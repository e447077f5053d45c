"""Finds in a note what a note must not hold: card and identity numbers, codes, passwords, expiry dates.

Source: procedures B0.5. Order numbers (BT and 14 digits), case numbers, waybills, amounts, dates and
telephone numbers are let through. Text is expected as `bdesk.text.clean` leaves it; full-width and other
digits count like ASCII ones, and spans always refer to the text that was given.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bdesk.rules.masking import HIDDEN, mask_card, mask_id


class Secret(StrEnum):
    CARD = "card"
    IDENTITY = "identity"
    CODE = "code"
    PASSWORD = "password"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Finding:
    """`text[start:end]` is the secret itself, without the words that gave it away."""

    kind: Secret
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """`masked` is what may be saved instead; scanning it finds nothing."""

    findings: tuple[Finding, ...]
    masked: str


_GAP = r"[ \-._·]{1,2}"
_ODD_GAP = r"[ \-._·/|,:;*、，：；・\n]"
# Keys that may be as long as a card number: payments and wallet transactions.
_KEY_BEFORE = re.compile(r"(?:PAY|WX)$", re.IGNORECASE)
_DATE_FIRST = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_CARD = re.compile(
    rf"(?<!\d)(?:\d{{16,19}}|[1-9]\d{{3}}(?:{_GAP}\d{{4}}){{2}}{_GAP}(?:\d{{5,7}}|\d{{4}}(?:{_GAP}\d{{1,3}})?)"
    rf"|[1-9]\d{{5}}{_GAP}(?:\d{{13}}|\d{{12}}|\d{{10}}))(?!\d)"
)
# Broken up in any other way, but evenly: "6 2 2 2 0 2 ...", "6222/0202/...", one part below the other.
_BROKEN_CARD = re.compile(
    rf"(?<!\d)[3-6]\d{{0,5}}(?P<gap>{_ODD_GAP}{{1,3}})\d{{1,6}}(?:(?P=gap)\d{{1,6}}){{1,17}}(?!\d)"
)
_CARD_DIGITS = range(16, 20)
_IDENTITY = re.compile(
    rf"(?<!\d)(?:\d{{6}}{_ODD_GAP}{{0,2}}(?P<year>(?:18|19|20)\d\d){_ODD_GAP}{{0,2}}(?P<month>\d\d)"
    rf"{_ODD_GAP}{{0,2}}(?P<day>\d\d){_ODD_GAP}{{0,2}}\d{{3}}[\dX]"
    r"|\d{17}X)(?![A-Z\d])",
    re.IGNORECASE,
)
_CODE_WORD = (
    r"(?:验证码|校验码|动态码|动态口令|确认码|短信码|安全码|驗證碼|校驗碼|CVV2?|CVC2?|CVN2?|OTP|"
    r"(?:verification|security|sms|one[- ]time|login|auth(?:entication)?|confirmation)[ -]?code)"
)
_PASSWORD_WORD = r"(?:密码|口令|密碼|password|passcode|passwd|pwd|(?<![A-Z])pin(?: ?code)?(?![A-Z]))"
# What may stand between the word and the secret.
_LINK = (
    r"(?:[\s:=,，、。“”‘’\"'()【\[《<\-]|是|为|就|叫|我|的|给|你|您|收到|输入|填|报|念|读|说|发来|发|了|一下|"
    r"这个|短信|号码|改成|改为|设成|设为|\bis\b|\bwas\b){0,10}"
)
_SPOKEN = "零〇一二三四五六七八九幺"
_END = r"(?!\.\d|[ \-/]?\d| ?(?:元|块|年|月|天|小时|分钟|秒|次|位|个|条|件))"
_CARD_CODE_WORD = "|".join(
    (
        r"(?:CVV2?|CVC2?|CVN2?|安全码|security code",
        r"(?:背面|背后|签名栏)(?:的|上|后)*(?:末|最后|后)?[三3]位(?:数字?|码)?)",
    )
)
# The same digits with anything, but always the same, between them: "1.2.3.4.5.6", "12、34、56".
_APART = rf"\d{{1,4}}(?P<gap>{_ODD_GAP}{{1,3}})\d{{1,4}}(?:(?P=gap)\d{{1,4}}){{0,6}}(?!(?P=gap)\d)"
_CODE_DIGITS = range(4, 9)
_CODE = re.compile(
    rf"{_CODE_WORD}{_LINK}(?:(?P<apart>(?<![\dA-Z]){_APART}){_END}"
    rf"|(?P<digits>(?<![\dA-Z])\d(?:[ \-]?\d){{2,7}}){_END}"
    rf"|(?P<spoken>[{_SPOKEN}](?:{_ODD_GAP}{{0,2}}[{_SPOKEN}]){{3,7}})(?![{_SPOKEN}])"
    rf"|(?P<mixed>(?<![\dA-Z])(?=[A-Z]+\d|\d+[A-Z])(?=[A-Z]*\d[A-Z]*\d)[A-Z\d]{{4,8}})(?![A-Z\d]))",
    re.IGNORECASE,
)
_CARD_CODE = re.compile(
    rf"{_CARD_CODE_WORD}{_LINK}(?P<digits>(?<![\dA-Z])\d(?P<gap>{_ODD_GAP}{{0,3}})\d(?P=gap)\d(?:(?P=gap)\d)?)"
    rf"(?!(?P=gap)\d){_END}",
    re.IGNORECASE,
)
_EXPIRY_WORD = (
    r"(?:有效期限?|有效日期|到期(?:日期?|月份?|时间)?|过期(?:日期?|时间)|失效(?:日期?|期)|"
    r"(?<![A-Z])exp(?:iry|ires?|iration)?(?:[ -]?date)?(?![A-Z])|(?:valid|good) ?(?:thru|through|until|till))"
)
_MONTH, _YEAR_2 = r"(?:0?[1-9]|1[0-2])", r"[2-4]\d"
_MONTH_GAP = r" ?[/\-.|·、 ] ?"
_EXPIRY = re.compile(
    rf"{_EXPIRY_WORD}(?:[\s:=.,，、“”‘’\"'(（]|是|为|至|到|在|\bis\b|\bon\b){{0,6}}(?:"
    rf"(?P<month>(?<!\d){_MONTH}(?:{_MONTH_GAP}|月 ?)(?:20)?{_YEAR_2}年?)"
    rf"|(?P<year>(?<!\d){_YEAR_2}(?:{_MONTH_GAP}|年 ?){_MONTH}(?:月(?!\d))?)"
    rf"|(?P<together>(?<!\d)(?:0[1-9]|1[0-2]){_YEAR_2})"
    rf"|(?P<whole>(?<!\d)20{_YEAR_2} ?[/\-.年] ?{_MONTH}(?:月(?! ?\d))?)"
    r")(?!\d|[/.] ?\d| ?(?:日|号|元|块|天|个|年|时|点|分)| ?\d{1,2}[:：]| ?[-~至到] ?\d)",
    re.IGNORECASE,
)
# What else has a period of validity; and what says that it is a card after all.
_NO_CARD = re.compile(
    r"券|红包|保修|质保|保质|活动|会员|积分|权益|赠品|食品|coupon|voucher|warranty|member|offer",
    re.IGNORECASE,
)
_OF_CARD = re.compile(
    r"(?:银行|信用|借记|储蓄|[^会员优惠礼品购物]|^)卡|card|visa|cvv|cvc|cvn|安全码", re.IGNORECASE
)
_NEAR = 24
_SAID_AFTER = re.compile(
    r"(?<![\d.])(?P<digits>\d{4,8}|\d{3}[ \-]\d{3}"
    rf"|\d(?P<gap>{_ODD_GAP}{{1,2}})\d(?:(?P=gap)\d){{2,6}})"
    r" ?(?:这个)?就?(?:是|为|is )(?:我的|您的|你的|my |the )?"
    rf"(?:短信|支付|登录|取款)?(?:{_CODE_WORD}|{_PASSWORD_WORD})",
    re.IGNORECASE,
)
_TOKEN = r"(?P<token>[!-)+-~]{4,64})"  # no stars: those are masks
_QUOTES = r"[\s“”‘’\"'(]*"
_STRONG = re.compile(
    rf"(?:密码|口令|密碼){_QUOTES}(?:就?是|为|叫|:|=|改成了?|设成了?)[:=]?{_QUOTES}{_TOKEN}", re.IGNORECASE
)
_WEAK = re.compile(rf"{_PASSWORD_WORD}{_LINK}(?=[!-)+-~]*\d){_TOKEN}", re.IGNORECASE)
# Keys, telephone numbers, amounts, dates and times that merely follow the word.
_HARMLESS = re.compile(
    r"(?:BT|KF|SH|TK|SS|PAY|WX|EV|SF|YT|JT|JD|DPK)\d+|1[3-9]\d{9}|0\d{2,3}-\d{7,8}|\d+\.\d{1,2}"
    r"|20\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/]\d{1,2}|\d{1,2}:\d\d(?::\d\d)?",
    re.IGNORECASE,
)


def scan(text: str) -> Scan:
    """What the text must not hold, in order and without overlaps, and the text with it masked."""
    findings = _find(text)
    masked = _mask(text, findings)
    # The tail that a mask leaves can read like a code. Each round turns more characters into stars.
    while more := _find(masked):
        masked = _mask(masked, tuple(Finding(Secret.CODE, each.start, each.end) for each in more))
    return Scan(findings, masked)


def _find(text: str) -> tuple[Finding, ...]:
    folded = _fold(text)
    found: list[Finding] = []
    taken = bytearray(len(folded))
    for finder in (_identities, _cards, _passwords, _codes, _expiries):
        for each in finder(folded):
            if taken.find(1, each.start, each.end) < 0:
                taken[each.start : each.end] = b"\x01" * (each.end - each.start)
                found.append(each)
    return tuple(sorted(found, key=lambda each: each.start))


def _mask(text: str, findings: tuple[Finding, ...]) -> str:
    parts: list[str] = []
    at = 0
    for each in findings:
        secret = text[each.start : each.end]
        parts.append(text[at : each.start])
        if each.kind is Secret.CARD:
            parts.append(mask_card(secret))
        elif each.kind is Secret.IDENTITY:
            parts.append(mask_id(secret))
        else:
            parts.append(HIDDEN)
        at = each.end
    return "".join((*parts, text[at:]))


def _fold(text: str) -> str:
    """The text with digits, Latin letters, blanks and hyphens in their ASCII form, each in its place."""
    return "".join(_fold_one(char) if ord(char) > 126 else char for char in text)


def _fold_one(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if "\uff01" <= char <= "\uff5e" and char not in "，；！？）":  # these end a word
        return chr(ord(char) - 0xFEE0)
    if char in "\u3000\u00a0":
        return " "
    if unicodedata.category(char) == "Pd":
        return "-"
    return "X" if char == "×" else char


def _identities(folded: str) -> Iterator[Finding]:
    for match in _IDENTITY.finditer(folded):
        checked = match.group()[-1] in "Xx"  # nothing else ends so
        if checked or _is_day(match["year"], match["month"], match["day"]):
            yield Finding(Secret.IDENTITY, match.start(), match.end())


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _cards(folded: str) -> Iterator[Finding]:
    for match in _CARD.finditer(folded):
        digits = re.sub(r"\D", "", match.group())
        if _KEY_BEFORE.search(folded, 0, match.start()) or _DATE_FIRST.match(digits):
            continue
        if len(digits) == 18 and digits.startswith("88"):
            continue  # an old kind of waybill; no card begins so
        yield Finding(Secret.CARD, match.start(), match.end())
    for match in _BROKEN_CARD.finditer(folded):
        digits = re.sub(r"\D", "", match.group())
        # So many short numbers may stand side by side: only what a card's last digit fits is one.
        if len(digits) in _CARD_DIGITS and _adds_up(digits):
            yield Finding(Secret.CARD, match.start(), match.end())


def _adds_up(digits: str) -> bool:
    """The check digit of card numbers (Luhn)."""
    doubled = (int(one) * 2 for one in digits[-2::-2])
    rest = sum(int(one) for one in digits[::-2])
    return (rest + sum(one - 9 if one > 9 else one for one in doubled)) % 10 == 0


def _passwords(folded: str) -> Iterator[Finding]:
    for match in _STRONG.finditer(folded):
        yield Finding(Secret.PASSWORD, *match.span("token"))
    for match in _WEAK.finditer(folded):
        if not _HARMLESS.fullmatch(match["token"].rstrip(",.;!?)")):
            yield Finding(Secret.PASSWORD, *match.span("token"))


def _codes(folded: str) -> Iterator[Finding]:
    for match in _CODE.finditer(folded):
        name = next(name for name in ("apart", "digits", "spoken", "mixed") if match[name] is not None)
        start, end = match.span(name)
        if name == "apart" and len(re.sub(r"\D", "", match[name])) not in _CODE_DIGITS:
            # Several numbers in a row: the first may be the code, and the groups of a telephone are not.
            end = start + match[name].index(match["gap"])
            if end - start < 4 or match["gap"] in (" ", "-"):
                continue
        if not _HARMLESS.fullmatch(folded, start, end):
            yield Finding(Secret.CODE, start, end)
    for match in _CARD_CODE.finditer(folded):
        yield Finding(Secret.CODE, *match.span("digits"))
    for match in _SAID_AFTER.finditer(folded):
        yield Finding(Secret.CODE, *match.span("digits"))


def _expiries(folded: str) -> Iterator[Finding]:
    """Month and year of a card. A whole year and its month may be anything's: they count beside a card."""
    for match in _EXPIRY.finditer(folded):
        name = next(name for name in ("month", "year", "together", "whole") if match[name] is not None)
        before = folded[max(0, match.start() - _NEAR) : match.start()]
        near = before + folded[match.end() : match.end() + _NEAR]
        of_card = _OF_CARD.search(near) is not None
        if of_card or (name != "whole" and _NO_CARD.search(before) is None):
            yield Finding(Secret.EXPIRY, *match.span(name))
