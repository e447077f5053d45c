import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bdesk.text import clean, normalise_key, yuan

# Lone surrogates included: JSON documents and file names bring them.
ANY = st.text(st.characters(exclude_categories=()))
HOSTILE = st.text(
    st.sampled_from("a中é\u0301\x1b\x07\x9b\u202e\u200d\ufe0f\U0001f3fd\U000e0041\ud800\r\n\t ")
)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("\x1b]2;x\x07退款", "]2;x退款"),
        ("\x9b31mred", "31mred"),
        ("[/b]", "[/b]"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("❤\ufe0f 1\ufe0f\u20e3", "❤ 1"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("👍🏽", "👍"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
        ("葛\U000e0100飾", "葛飾"),
        ("x\ud800y\udfff", "xy"),
        ("e\u0301", "é"),
        ("a\tb\u00a0c", "a b c"),
        ("一\r\n二\x0b三\u2028四", "一 二 三 四"),
        ("\u3164\u115f", ""),
        ("𠮷野家 龘", "𠮷野家 龘"),
        ("  both ends ", "  both ends "),
    ],
)
def test_clean(given_text: str, expected: str) -> None:
    assert clean(given_text) == expected


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert clean("一\r\n二\r三\u2029四\x85五\tsix", multiline=True) == "一\n二\n三\n四\n五 six"


def test_a_long_text_is_not_cut() -> None:
    assert clean("长" * 1200) == "长" * 1200


@given(ANY | HOSTILE, st.booleans())
def test_nothing_harmful_is_left_and_twice_is_once(text: str, multiline: bool) -> None:
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")
    for character in once:
        if character == "\n":
            assert multiline
        else:
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}, hex(ord(character))
            assert unicodedata.bidirectional(character) not in {
                "LRE",
                "RLE",
                "LRO",
                "RLO",
                "PDF",
                "LRI",
                "RLI",
            }


@given(ANY | HOSTILE)
def test_cells_add_up_character_by_character(text: str) -> None:
    once = clean(text)
    assert cell_len(once) == sum(cell_len(character) for character in once)


@pytest.mark.parametrize(
    "typed",
    [
        "BT2026-7741",
        " bt20267741 ",
        "ｂｔ２０２６－７７４１",
        "bt 2026 \u3000 7741",
        "BT2026–7741",
        "b\u200bt2026\u22127741",
    ],
)
def test_a_number_is_found_however_it_is_typed(typed: str) -> None:
    assert normalise_key(typed) == "BT20267741"


@given(ANY | HOSTILE)
def test_a_key_is_stable_and_has_no_filler(text: str) -> None:
    key = normalise_key(text)
    assert normalise_key(key) == key
    assert not any(character.isspace() or character == "-" for character in key)


@given(st.text("abcXYZ0189"))
def test_full_width_typing_gives_the_same_key(text: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text)
    assert normalise_key(wide) == normalise_key(text) == text.upper()


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (12800, "128.00"),
        (231050, "2,310.50"),
        (-5, "-0.05"),
        (-100000, "-1,000.00"),
    ],
)
def test_yuan(fen: int, shown: str) -> None:
    assert yuan(fen) == shown
