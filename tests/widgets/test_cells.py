"""Text in cells: exact widths, whole numbers, Chinese line breaks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.text import clean
from bdesk.widgets.cells import clusters, crop, pad, shown, tokens, width, wrap

HOSTILE = (
    "\x1b]2;x\x07", "[/b]", "[urgent]", "\u202eabc\u202c", "退" * 1200, "𠮷𡃁𪚥", "e\u0301\u0323\u0301" * 40,
    "买买提·阿卜杜拉", "👨‍👩‍👧‍👦", "☎️", "1" * 1200, "。" * 300, "\x00\x9b31m", "a\nb\tc", "ﷺ", "\u0301", "",
)  # fmt: skip

TEXT = st.text(
    st.one_of(
        st.sampled_from("退款¥128.00，。（）·*-:/ 一二三abc\u0301𠮷\u3000“”1234567890\n"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)
CELLS = st.integers(0, 60)


@given(TEXT, CELLS)
def test_pad_is_exactly_as_wide_as_asked(text: str, cells: int) -> None:
    for align in ("left", "right"):
        assert width(pad(shown(text), cells, align)) == cells


@given(TEXT, CELLS)
def test_crop_fits_and_keeps_what_fits(text: str, cells: int) -> None:
    line = shown(text)
    cut = crop(line, cells)
    assert width(cut) <= cells
    if width(line) <= cells and cells:
        assert cut == line
    elif cells >= 2:
        assert cut.endswith("..")
        assert line.startswith(cut[:-2])


@given(TEXT, st.integers(2, 60))
def test_wrap_loses_nothing_but_blanks(text: str, cells: int) -> None:
    line = clean(text, multiline=True)
    lines = wrap(line, cells)
    assert lines
    assert all(width(part) <= cells for part in lines)
    blanks = str.maketrans("", "", " \n\u3000")
    assert "".join(lines).translate(blanks) == line.translate(blanks)


@given(TEXT)
def test_tokens_and_clusters_are_the_text_again(text: str) -> None:
    line = clean(text, multiline=True)
    assert "".join(tokens(line)) == line
    assert "".join(clusters(line)) == line


@given(TEXT, st.integers(2, 40), st.integers(1, 4))
def test_wrap_keeps_to_the_most_lines(text: str, cells: int, most: int) -> None:
    line = clean(text, multiline=True)
    lines = wrap(line, cells, most)
    assert len(lines) <= most
    if len(wrap(line, cells)) > most:
        assert lines[-1].endswith(".." if cells >= 2 else ".")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("cells", [0, 1, 2, 7, 80])
def test_hostile_text_is_harmless(text: str, cells: int) -> None:
    padded = pad(shown(text), cells)
    assert width(padded) == cells
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in padded)
    assert all(width(part) <= max(2, cells) for part in wrap(clean(text, multiline=True), cells))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("余额 ¥2,310.50，外地", 12),
        ("电话 138****6621 林", 10),
        ("工单 KF20261120-01 已结", 14),
        ("下单 14:32 付款", 8),
    ],
)
def test_a_number_is_never_broken(text: str, cells: int) -> None:
    number = next(token for token in tokens(text) if any(c.isdigit() for c in token))
    assert any(number in part for part in wrap(text, max(cells, width(number) + 2)))


@pytest.mark.parametrize("counted", ["11月19日", "24小时", "3个", "139.00元", "2702室", "2026年11月19日"])
@pytest.mark.parametrize("before", ["现在发通知；", "现在发通知到；", "我现在就发通知到；"])
def test_a_number_is_not_parted_from_what_it_counts(counted: str, before: str) -> None:
    assert any(counted in part for part in wrap(f"{before}{counted}之后为您更改", 18))


@pytest.mark.parametrize("cells", range(2, 22))
def test_cropping_never_shows_part_of_an_amount(cells: int) -> None:
    assert crop("退款 ¥2,310.50 原路", cells) in {
        "..", "退..", "退款..", "退款 ¥2,310.50..", "退款 ¥2,310.50 原..", "退款 ¥2,310.50 原路",
    }  # fmt: skip


def test_closing_marks_do_not_start_a_line_and_opening_ones_do_not_end_one() -> None:
    text = "已核对（订单与付款），可以退。请您留意“短信”通知！"
    for cells in range(8, 40):
        for part in wrap(text, cells):
            assert part[0] not in "）），。”！", (cells, part)
            assert part[-1] not in "（“", (cells, part)


def test_words_stay_whole_and_long_ones_are_broken_at_the_edge() -> None:
    assert wrap("Refund to WeChat in 3 days", 10) == ("Refund to", "WeChat in", "3 days")
    assert wrap("x" * 25, 10) == ("x" * 10, "x" * 10, "x" * 5)
    assert wrap("a\n\nb", 10) == ("a", "", "b")


def test_marks_stay_with_their_letter() -> None:
    assert list(clusters("e\u0301a")) == ["e\u0301", "a"]
    assert crop("字\u0301字字字", 6).startswith("字\u0301")
