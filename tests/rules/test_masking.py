"""Masks, row by row; and that none shows more than its rule says."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.rules.masking import (
    COMPOUND_SURNAMES,
    mask_address,
    mask_card,
    mask_email,
    mask_id,
    mask_name,
    mask_phone,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张**"),
        ("张三丰", "张**"),
        ("王丽", "王**"),
        ("李", "李**"),
        ("欧阳静怡", "欧阳**"),
        ("司马光", "司马**"),
        ("上官婉儿", "上官**"),
        ("诸葛亮", "诸葛**"),
        ("慕容复", "慕容**"),
        ("尉迟恭", "尉迟**"),
        ("歐陽修", "歐陽**"),
        ("欧阳", "欧**"),  # two characters are a surname and a given name
        ("单于", "单**"),
        ("仇英", "仇**"),
        ("买买提·吐尔逊", "买**"),
        ("阿依古丽・艾合买提", "阿**"),
        ("扎西次仁", "扎**"),
        ("佐々木", "佐**"),
        ("王𠅤", "王**"),
        ("𠅤王", "𠅤**"),
        ("㛃陈", "㛃**"),
        ("MÜLLER, Anna-Lena", "M**"),
        ("John Smith", "J**"),
        ("E\u0301mile", "É**"),  # in two code points, shown as one character
        ("g\u0303onzalez", "g\u0303**"),  # a mark without a composed form stays on its letter
        (" 刘喆 ", "刘**"),
        ("\x1b]2;x\x07刘喆", "]**"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800136621", "138****6621"),
        ("15400000037", "154****0037"),
        ("１３８００１３６６２１", "138****6621"),
        ("138 0013 6621", "138****6621"),
        ("138-0013-6621", "138****6621"),
        ("+8613800136621", "138****6621"),
        ("+86 138 0013 6621", "138****6621"),
        ("8613800136621", "138****6621"),
        ("008613800136621", "138****6621"),
        ("1440012345678", "144****5678"),
        ("010-88885678", "010-****5678"),
        ("010-8888 5678", "010-****5678"),
        ("(010)88885678", "010-****5678"),
        ("01088885678", "010-****5678"),
        ("0571-88885678", "0571-****5678"),
        ("05718888567", "0571-****8567"),
        ("0571-8888567转801", "0571-****8567"),
        ("+86 10 8888 5678", "010-****5678"),
        ("88885678", "****5678"),
        ("8888567", "****8567"),
        ("+1-202-555-0123", "+1 ****123"),
        ("+44 7700 900123", "+44 ****123"),
        ("+852 9123 4567", "+852 ****567"),
        ("0085291234567", "+852 ****567"),
        ("+7 912 345-67-89", "+7 ****789"),
        ("+971501234567", "+971 ****567"),
        ("+1 12345", "+1 ****"),
        ("2025550123", "****123"),
        ("95188", "****"),
        ("not a number", "****"),
        ("", ""),
    ],
)
def test_phone(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("zhang@example.com", "z***@example.com"),
        ("z@example.com", "z***@example.com"),
        ("@example.com", "***@example.com"),
        ("a@b@example.com", "a***@example.com"),
        ("王丽@example.com", "王***@example.com"),
        ("nobody", "n***"),
        ("", ""),
    ],
)
def test_email(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("6222020200121234", "**** **** **** 1234"),
        ("6222 0202 0012 1234 567", "**** **** **** 4567"),
        ("６２２２０２０２００１２１２３４", "**** **** **** 1234"),
        ("1234", "**** **** **** 1234"),
        ("12", "**** **** **** ****"),
        ("", "**** **** **** ****"),
    ],
)
def test_card(number: str, masked: str) -> None:
    assert mask_card(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519900307123X", "110**************X"),
        ("11010519900307123x", "110**************X"),
        ("110105 19900307 1234", "110**************4"),
        ("１１０１０５１９９００３０７１２３Ｘ", "110**************X"),
        ("110105900307123", "110***********3"),
        ("E12345678", "E*******8"),
        ("12", "****"),
        ("", ""),
    ],
)
def test_identity(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("广东省深圳市南山区学府路训练花园3号楼2单元101室", "广东省深圳市***"),
        ("广东深圳市南山区学府路", "广东深圳市***"),
        ("浙江省 义乌市 稠城街道", "浙江省 义乌市***"),
        ("北京市朝阳区人民路1号", "北京市***"),
        ("上海浦东新区新华路2号", "上海***"),
        ("上海市人民中心市场3号", "上海市***"),
        ("新疆维吾尔自治区乌鲁木齐市天山区", "新疆维吾尔自治区乌鲁木齐市***"),
        ("广西壮族自治区南宁市青秀区", "广西壮族自治区南宁市***"),
        ("四川省凉山彝族自治州西昌市", "四川省凉山彝族自治州***"),
        ("内蒙古自治区锡林郭勒盟东乌珠穆沁旗", "内蒙古自治区锡林郭勒盟***"),
        ("西藏阿里地区噶尔县", "西藏阿里地区***"),
        ("香港九龙弥敦道1号", "香港***"),
        ("浙江省城市花园3号", "浙江省***"),
        ("湖南省中心市场5号", "湖南省***"),
        ("山东省青岛市市南区", "山东省青岛市***"),
        ("吉林省吉林市昌邑区", "吉林省吉林市***"),
        ("深圳市南山区", "深圳市***"),
        ("人民路1号", "***"),
        ("12 Baker Street, London", "***"),
        ("", ""),
    ],
)
def test_address(address: str, masked: str) -> None:
    assert mask_address(address) == masked


MASKS = [mask_name, mask_phone, mask_email, mask_card, mask_id, mask_address]
texts = st.text(max_size=40) | st.text("0123456789 -+()*X@.·省市区县广东深圳欧阳张", max_size=40)


@pytest.mark.parametrize("mask", MASKS)
@given(text=texts)
def test_a_mask_is_in_nfc_and_free_of_controls(mask: object, text: str) -> None:
    assert callable(mask)
    masked = mask(text)
    assert unicodedata.is_normalized("NFC", masked)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in masked)
    assert masked == "" or "*" in masked


names = st.text("张三丰欧阳静怡司马光𠅤㛃买提·ABCéñ ,", min_size=1, max_size=20)
numbers = st.integers(0, 10**10 - 1).map(lambda n: f"{n:010d}")


@given(names)
def test_a_name_keeps_at_most_its_first_character_or_a_compound_surname(name: str) -> None:
    kept = mask_name(name).removesuffix("**")
    assert kept == name.strip()[:1] or (kept in COMPOUND_SURNAMES and name.strip().startswith(kept))
    assert mask_name(mask_name(name)) == mask_name(name)


@given(numbers)
def test_a_mobile_keeps_seven_digits_however_it_is_written(rest: str) -> None:
    number = "1" + "3456789"[int(rest[0]) % 7] + rest[1:]
    expected = f"{number[:3]}****{number[-4:]}"
    for form in (number, f"+86{number}", f"{number[:3]} {number[3:7]}-{number[7:]}", f"0086 {number}"):
        assert mask_phone(form) == expected
    assert mask_phone(expected) == expected


@given(st.text("0123456789+-() ", max_size=25))
def test_a_telephone_never_shows_more_than_seven_digits_or_most_of_them(number: str) -> None:
    digits = sum(char.isdigit() for char in number)
    shown = sum(char.isdigit() for char in mask_phone(number))
    assert shown <= 8
    assert mask_phone(mask_phone(number)) == mask_phone(number)
    if digits >= 7:
        assert digits - shown >= 3


@given(st.text("0123456789X ", min_size=5, max_size=22))
def test_an_identity_number_shows_four_characters_at_most(number: str) -> None:
    assert len(mask_id(number).replace("*", "")) <= 4
    assert len(mask_card(number).replace("*", "").replace(" ", "")) <= 4
    assert mask_id(mask_id(number)) == mask_id(number)


@given(
    st.sampled_from(["广东省深圳市", "北京市", "浙江省", ""]),
    st.text("南山区学府路3号城市花园室中心场", max_size=20),
)
def test_an_address_keeps_nothing_below_the_city(place: str, rest: str) -> None:
    masked = mask_address(place + "南山区" + rest)
    assert masked == f"{place}***"
    assert mask_address(masked) == masked
