"""The note scanner: what it must find, what it must let through, and that its proposal is clean."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.rules.scanner import Finding, Secret, scan

CARD, IDENTITY, CODE, PASSWORD, EXPIRY = Secret

# text, kind, the secret itself
FOUND = [
    ("卡号6222020200123456", CARD, "6222020200123456"),
    ("卡号62220202001234567", CARD, "62220202001234567"),
    ("卡 6222 0202 0012 3456 789 已登记", CARD, "6222 0202 0012 3456 789"),
    ("6222-0202-0012-3456", CARD, "6222-0202-0012-3456"),
    ("卡号：６２２２０２０２００１２３４５６", CARD, "６２２２０２０２００１２３４５６"),
    ("６２２２　０２０２　００１２　３４５６", CARD, "６２２２　０２０２　００１２　３４５６"),
    ("6222－0202－0012－3456789", CARD, None),
    ("card 5500 0000 0000 0004 expires", CARD, "5500 0000 0000 0004"),
    ("622202 0200123456789", CARD, "622202 0200123456789"),
    ("ICBC6222020200123456789号", CARD, "6222020200123456789"),
    ("6222 0202 0012 3456 13800138000", CARD, "6222 0202 0012 3456"),
    ("٦٢٢٢٠٢٠٢٠٠١٢٣٤٥٦", CARD, "٦٢٢٢٠٢٠٢٠٠١٢٣٤٥٦"),
    ("身份证110105199003071234", IDENTITY, "110105199003071234"),
    ("身份证11010519900307123X的", IDENTITY, "11010519900307123X"),
    ("身份证 11010519900307123x", IDENTITY, "11010519900307123x"),
    ("１１０１０５１９９００３０７１２３Ｘ", IDENTITY, "１１０１０５１９９００３０７１２３Ｘ"),
    ("110105 19900307 1234", IDENTITY, "110105 19900307 1234"),
    ("110105-1990-03-07-1234", IDENTITY, "110105-1990-03-07-1234"),
    ("00000019999999123X", IDENTITY, "00000019999999123X"),
    ("验证码 123456", CODE, "123456"),
    ("验证码123456", CODE, "123456"),
    ("验证码：１２３４５６", CODE, "１２３４５６"),
    ("客户说验证码是 1234，请帮忙", CODE, "1234"),
    ("验证码就是“12 34 56”", CODE, "12 34 56"),
    ("短信校验码为123-456。", CODE, "123-456"),
    ("验证码收到了，是 654321.", CODE, "654321"),
    ("验证码一二三四五六", CODE, "一二三四五六"),
    ("动态码: A1B2C3", CODE, "A1B2C3"),
    ("123456是我的验证码", CODE, "123456"),
    ("CVV 123", CODE, "123"),
    ("安全码：456", CODE, "456"),
    ("OTP: 998877", CODE, "998877"),
    ("the verification code is 445566", CODE, "445566"),
    ("密码是abc123", PASSWORD, "abc123"),
    ("密码是..hunter", PASSWORD, "..hunter"),
    ("支付密码：246810", PASSWORD, "246810"),
    ("登录密码为“Xiao@2026”", PASSWORD, "Xiao@2026"),
    ("密码是password", PASSWORD, "password"),
    ("取款密码123456", PASSWORD, "123456"),
    ("密码我改成了Qwer!234", PASSWORD, None),
    ("password: hunter2", PASSWORD, "hunter2"),
    ("My password is s3cret!", PASSWORD, "s3cret!"),
    ("PIN 1234", PASSWORD, "1234"),
    ("1234是取款密码", CODE, "1234"),
    ("验证码:1.2.3.4.5.6", CODE, "1.2.3.4.5.6"),
    ("验证码：1、2、3、4、5、6，2026-11-14 发的", CODE, "1、2、3、4、5、6"),
    ("验证码 1,2,3,4", CODE, "1,2,3,4"),
    ("验证码是1/2/3/4/5/6", CODE, "1/2/3/4/5/6"),
    ("验证码 12.34.56", CODE, "12.34.56"),
    ("验证码 123，456", CODE, "123，456"),
    ("验证码 123.456", CODE, "123.456"),
    ("验证码 1234，5678，9012", CODE, "1234"),
    ("验证码1234，13800138000", CODE, "1234"),
    ("验证码 1234,5 分钟内有效", CODE, "1234"),
    ("验证码 1234，128.00 元", CODE, "1234"),
    ("验证码１．２．３．４．５．６", CODE, "１．２．３．４．５．６"),
    ("验证码 1\n2\n3\n4", CODE, "1\n2\n3\n4"),
    ("OTP 9 - 9 - 8 - 8", CODE, "9 - 9 - 8 - 8"),
    ("验证码一、二、三、四、五、六", CODE, "一、二、三、四、五、六"),
    ("1.2.3.4.5.6是我的验证码", CODE, "1.2.3.4.5.6"),
    ("123 456 是验证码", CODE, "123 456"),
    ("CVV: 1.2.3", CODE, "1.2.3"),
    ("CVV2 1 2 3", CODE, "1 2 3"),
    ("卡背面后三位是 123", CODE, "123"),
    ("签名栏末三位：4、5、6", CODE, "4、5、6"),
    ("有效期 12/27", EXPIRY, "12/27"),
    ("有效期至12/2027", EXPIRY, "12/2027"),
    ("有效期：１２／２７", EXPIRY, "１２／２７"),
    ("有效期是 1227", EXPIRY, "1227"),
    ("有效期 12-27", EXPIRY, "12-27"),
    ("有效期27年12月", EXPIRY, "27年12月"),
    ("有效期12月27年", EXPIRY, "12月27年"),
    ("到期日 27/12", EXPIRY, "27/12"),
    ("卡的有效期 2027-12", EXPIRY, "2027-12"),
    ("信用卡有效期2027年12月", EXPIRY, "2027年12月"),
    ("会员用的信用卡有效期 12/27", EXPIRY, "12/27"),
    ("exp 12/27", EXPIRY, "12/27"),
    ("Exp. 12 / 27", EXPIRY, "12 / 27"),
    ("expires 09/28.", EXPIRY, "09/28"),
    ("card expiry date: 2028-09", EXPIRY, "2028-09"),
    ("VALID THRU 09/28", EXPIRY, "09/28"),
]

LET_THROUGH = [
    "",
    "订单BT20261114000101要退款",
    "订单 BT20261114000101 128.00 元",
    "bt20261114000101、BT20261114000102",
    "ＢＴ２０２６１１１４０００１０１",
    "20261114000101",
    "20261114000101 128",
    "工单KF2026111400012 与 KF2026111400013",
    "售后SH20261114000001，退款TK20261114000001，申诉SS202611140001",
    "支付单PAY2026111410000012345678",
    "PAY202611141000001",
    "钱包交易WX2026111410000012",
    "微信单号4200001234202611140123456789",
    "流水2026111410000012345",
    "顺丰SF0000123456789",
    "圆通YT2519033443762，极兔JT0000123456789，京东JDVA46783539436",
    "中通75123456789012，申通771234567890123，韵达4312345678901",
    "EMS 1012345678901 德邦DPK123456789012",
    "老单号880012345678901234",
    "电话13800138000",
    "+86 138 0013 8000 / 138-0013-8000",
    "13800138000 13900139000",
    "010-88880000、0571 8888 0000",
    "+1-202-555-0123 +44 7700 900123 +852 9123 4567",
    "400-123-4567",
    "510630 13800138000",
    "退 1,234,567.89 元，另 38600.00 与 49999.00",
    "金额 128.00 128.00 59.90 1280.00",
    "2026-11-14 2026-11-15 之间",
    "2026-11-14 10:00:00 至 2026-11-15 18:00:00",
    "验证码收不到",
    "验证码发给我我念给你",
    "验证码错误3次，5分钟后再试",
    "验证码6位",
    "验证码 1234元",
    "验证码没收到，手机号13800138000",
    "验证码，13800138000",
    "验证码 138 0013 8000",
    "验证码 2026-11-14 发的",
    "验证码2026年11月发过",
    "手机尾号0037 验证码未收到",
    "错误码 5001",
    "error code 1234",
    "取件码 6688",
    "密码是什么",
    "密码错误，已锁定30分钟",
    "密码是对的",
    "忘记密码 10:30来电",
    "要改密码 BT20261114000101",
    "改密码，13800138000",
    "密码 128.00",
    "支付密码：******",
    "重置密码 2026-11-14",
    "the password is wrong",
    "password reset sent",
    "shopping 1234",
    "卡尾号 3456",
    "**** **** **** 3456",
    "110**************X",
    "身份证后四位 123X",
    "验证码 128.00",
    "验证码 12,345.00",
    "验证码 2026/11/14 发的",
    "验证码 12:34:56 收到",
    "验证码 1380 0138 000",
    "验证码 1、2、3 次都错",
    "验证码 10、30 分钟后都没收到",
    "验证码 1 3 8 0 0 1 3 8 0 0 0",
    "背面三处划痕",
    "优惠券有效期 12/27",
    "优惠券有效期至 2026-10-13",
    "有效期至 2026-10-13",
    "有效期 2026-10-13 至 2026-12-27",
    "有效期 10/13-10/27",
    "有效期到12/27 24:00",
    "有效期12个月",
    "有效期 30 天",
    "有效期 2027年12月31日",
    "保修有效期 2027-12",
    "会员卡有效期 12/27",
    "活动有效期为 11.20-11.30",
    "退款期限 12/27",
    "签收 10/13",
    "expected 12/27",
    "export 1227",
    "the offer expires 12/27",
    "experience 10/10",
    "有效期过了，订单BT20261114000101",
]


@pytest.mark.parametrize(("text", "kind", "secret"), FOUND)
def test_found(text: str, kind: Secret, secret: str | None) -> None:
    result = scan(text)
    assert [each.kind for each in result.findings] == [kind]
    only = result.findings[0]
    if secret is not None:
        assert text[only.start : only.end] == secret
        assert secret not in result.masked
    assert "*" in result.masked
    assert scan(result.masked).findings == ()


@pytest.mark.parametrize("text", LET_THROUGH)
def test_let_through(text: str) -> None:
    assert scan(text).findings == ()
    assert scan(text).masked == text


def test_several_in_one_note_with_their_places() -> None:
    text = "卡6222 0202 0012 3456，证11010519900307123X，验证码123456，密码是abc123，订单BT20261114000101"
    result = scan(text)
    assert result.findings == (
        Finding(CARD, 1, 20),
        Finding(IDENTITY, 22, 40),
        Finding(CODE, 44, 50),
        Finding(PASSWORD, 54, 60),
    )
    assert result.masked == (
        "卡**** **** **** 3456，证110**************X，验证码****，密码是****，订单BT20261114000101"
    )


def test_a_number_is_found_once_even_when_two_rules_see_it() -> None:
    assert [each.kind for each in scan("验证码 6222020200123456").findings] == [CARD]
    assert [each.kind for each in scan("密码是6222020200123456").findings] == [CARD]
    assert [each.kind for each in scan("证件110105199003071234").findings] == [IDENTITY]


def test_the_tail_a_mask_leaves_is_not_left_when_it_reads_like_a_code() -> None:
    result = scan("6222020200123456是验证码")
    assert [each.kind for each in result.findings] == [CARD]
    assert result.masked == "**** **** **** ****是验证码"


def test_an_impossible_date_is_no_identity_number_but_still_too_long() -> None:
    assert [each.kind for each in scan("110105199013411234").findings] == [CARD]


digits = st.text("0123456789", min_size=0, max_size=30)
WORDS = [
    "卡号", "验证码", "密码是", "密码", "订单BT20261114000101", "13800138000", "6222020200123456", " ", "-",
    "，", "X", "身份证", "11010519900307123X", "是验证码", "****", "１２３４", "一二三四", "password ",
    "abc1", "元", "CVV", "PAY",
]  # fmt: skip
pieces = st.lists(st.sampled_from(WORDS) | digits, max_size=8).map("".join)


@given(pieces | st.text(max_size=60))
def test_the_proposal_is_clean_and_spans_are_in_order(text: str) -> None:
    result = scan(text)
    assert scan(result.masked).findings == ()
    assert scan(result.masked).masked == result.masked
    at = 0
    for each in result.findings:
        assert at <= each.start < each.end <= len(text)
        at = each.end
    if not result.findings:
        assert result.masked == text


@given(st.text("0123456789", min_size=16, max_size=19), st.sampled_from(["", " ", "-", "·"]))
def test_no_card_length_number_survives(number: str, gap: str) -> None:
    text = f"卡 {gap.join(re.findall('.{1,4}', number))}。"
    result = scan(text)
    system_key = re.match(r"20[0-4]\d(0[1-9]|1[0-2])([0-2]\d|3[01])", number) is not None
    waybill = len(number) == 18 and number.startswith("88")
    if gap and number.startswith("0"):
        return  # no card begins with 0, but an area code does
    assert (result.findings == ()) == (system_key or waybill) or _is_identity(result.findings)


def _is_identity(findings: tuple[Finding, ...]) -> bool:
    return [each.kind for each in findings] == [IDENTITY]


@given(st.dates(date(2000, 1, 1), date(2049, 12, 31)), st.integers(0, 999999))
def test_no_key_of_the_desk_is_taken_for_a_secret(day: date, number: int) -> None:
    stem = day.strftime("%Y%m%d")
    keys = f"订单BT{stem}{number:06d} 工单KF{stem}{number % 100000:05d} 售后SH{stem}{number:06d}"
    assert scan(f"{keys}，退款TK{stem}{number:06d}，支付PAY{stem}{number:06d}00000001").findings == ()


@given(st.sampled_from(["13", "15", "17", "18", "19"]), st.integers(0, 999999999))
def test_no_telephone_number_alone_is_taken_for_a_secret(start: str, rest: int) -> None:
    number = f"{start}{rest:09d}"
    for text in (number, f"+86{number}", f"{number[:3]} {number[3:7]} {number[7:]}", f"电话{number}。"):
        assert scan(text).findings == ()


@given(st.integers(0, 10**11))
def test_no_amount_is_taken_for_a_secret(fen: int) -> None:
    assert scan(f"退款 {fen // 100:,}.{fen % 100:02d} 元，即 {fen // 100}.{fen % 100:02d}").findings == ()


GAPS = [" ", ".", ",", "、", "-", "/", "|", "·", " - ", "，", "\n", ":", ";", "．", "＿"]


@given(
    st.text("0123456789", min_size=4, max_size=8),
    st.sampled_from(GAPS),
    st.sampled_from(["验证码", "OTP ", "动态码是"]),
)
def test_no_code_survives_whatever_stands_between_its_digits(code: str, gap: str, word: str) -> None:
    masked = scan(f"{word}{gap.join(code)}。").masked
    assert not re.search(r"\d", masked)


@given(st.integers(1, 12), st.integers(24, 39), st.sampled_from(["/", "-", ".", " / ", "／"]), st.booleans())
def test_no_expiry_of_a_card_survives(month: int, year: int, gap: str, long: bool) -> None:
    shown = f"{month:02d}{gap}{'20' if long else ''}{year}"
    for text in (f"卡有效期{shown}，尾号3456", f"visa exp {shown}", f"有效期：{shown}"):
        assert [one.kind for one in scan(text).findings] == [EXPIRY], text
        assert shown not in scan(text).masked


@given(
    st.dates(date(2024, 1, 1), date(2039, 12, 31)),
    st.sampled_from(["有效期至", "有效期 ", "签收", "到期日：", ""]),
)
def test_no_whole_date_is_taken_for_an_expiry(day: date, word: str) -> None:
    for text in (
        f"{word}{day.isoformat()}",
        f"{word}{day:%Y/%m/%d}",
        f"{word}{day.year}年{day.month}月{day.day}日",
    ):
        assert scan(text).findings == ()


@given(st.integers(0, 10**7), st.sampled_from(["有效期内退款", "验证码没收到，退", "exp fee ", "验证码 "]))
def test_no_price_after_a_word_is_taken_for_a_secret(fen: int, word: str) -> None:
    price = f"{fen // 100}.{fen % 100:02d}"
    assert scan(f"{word}{price}元").findings == ()
    assert scan(f"{word}{fen // 100:,}.{fen % 100:02d} 元").findings == ()


def test_a_long_text_is_scanned_in_good_time() -> None:
    text = "6222 0202 0012 3456 " * 2000
    result = scan(text)
    assert len(result.findings) == 2000
    assert scan("有效期" * 20000 + "卡" * 20000 + " " * 20000 + "12").findings == ()
    assert scan("验证码" + "1.2、" * 20000).findings == ()
    assert scan("密码" * 20000 + "验证码" + " " * 20000 + "1" * 20000).findings == ()
