"""Columns: what each takes, from JSON and from a CSV cell, and what it says of anything else."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bdesk.errors import BadInput
from bdesk.models.kinds import CaseFlag, ReturnClass
from bdesk.operations.importing import columns
from bdesk.operations.importing.columns import Column, Shape, read_row


def read(column: Column, value: Any, *, loose: bool = False) -> Any:
    return read_row(Shape("x", (column,)), {column.name: value}, loose=loose)


@pytest.mark.parametrize(
    ("column", "value", "wanted"),
    [
        (columns.text("x", 9), " a\tb ", "a b"),
        (columns.text("x", 3, cut=True), "abcd", "abc"),
        (columns.words("x", 9), "a\r\nb", "a\nb"),
        (columns.key("x", 9), "ｂｔ 1-2", "BT12"),
        (columns.whole("x", 0, 5), 5, 5),
        (columns.fen("x"), 0, 0),
        (columns.fen("x", negative=True), -5, -5),
        (columns.flag("x"), False, False),
        (columns.instant("x"), "2026-11-18T10:00+08:00", datetime(2026, 11, 18, 2, tzinfo=UTC)),
        (columns.day("x"), "1986-05-12", date(1986, 5, 12)),
        (columns.choice("x", ReturnClass), "Custom", ReturnClass.CUSTOM),
        (columns.language("x"), "EN", "en"),
        (columns.numbers("x"), [2, 1], [2, 1]),
        (columns.words_of("x", CaseFlag), ["vip"], [CaseFlag.VIP]),
    ],
)
def test_what_is_taken(column: Column, value: Any, wanted: Any) -> None:
    assert read(column, value) == {"x": wanted}


@pytest.mark.parametrize(
    ("column", "value", "wanted"),
    [
        (columns.fen("x"), " 12800 ", 12800),
        (columns.flag("x"), "是", True),
        (columns.flag("x"), "No", False),
        (columns.numbers("x"), "1 2", [1, 2]),
        (columns.words_of("x", CaseFlag), "vip elderly", [CaseFlag.VIP, CaseFlag.ELDERLY]),
    ],
)
def test_what_only_a_cell_may_say(column: Column, value: str, wanted: Any) -> None:
    assert read(column, value, loose=True) == {"x": wanted}
    with pytest.raises(BadInput):
        read(column, value)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (columns.text("x", 3), "abcd", "import.too_long"),
        (columns.text("x", 3), 5, "import.text"),
        (columns.text("x", 3, required=True), " ", "import.required"),
        (columns.words("x", 3), "abcd", "import.too_long"),
        (columns.key("x", 3), "--", "import.required"),
        (columns.key("x", 3), "abcd", "import.too_long"),
        (columns.whole("x", 0, 5), 6, "import.range"),
        (columns.whole("x", 0, 5), "5", "import.whole"),
        (columns.fen("x"), 12.5, "import.fen"),
        (columns.fen("x"), "12.50", "import.fen"),
        (columns.fen("x"), columns.MOST_FEN + 1, "import.range"),
        (columns.flag("x"), 1, "import.flag"),
        (columns.instant("x"), "2026-11-18T10:00", "import.field"),
        (columns.instant("x"), 1763431200, "import.text"),
        (columns.day("x"), "18.11.2026", "import.day"),
        (columns.day("x"), 5, "import.day"),
        (columns.choice("x", ReturnClass), "", "import.choice"),
        (columns.language("x"), "fr", "import.choice"),
        (columns.numbers("x"), [1, "2"], "import.numbers"),
        (columns.words_of("x", CaseFlag), "vip", "import.list"),
        (columns.words_of("x", CaseFlag), ["nice"], "import.choice"),
    ],
)
def test_what_is_refused(column: Column, value: Any, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(column, value)
    assert (caught.value.code, caught.value.params["field"]) == (code, "x")


def test_left_out_and_emptied_are_two_things() -> None:
    shape = Shape("x", (columns.text("note", 9, empty=True), columns.fen("price_fen"), columns.key("no", 9)))
    assert read_row(shape, {}) == {}
    assert read_row(shape, {"note": None, "price_fen": None, "no": None}) == {
        "note": None,
        "price_fen": 0,
        "no": None,
    }
    assert read_row(shape, {"note": "", "price_fen": ""}, loose=True) == {"note": None, "price_fen": 0}
    needed = Shape("x", (columns.fen("paid_fen", required=True),))
    for row in ({}, {"paid_fen": None}):
        with pytest.raises(BadInput, match=r"import\.required"):
            read_row(needed, row)


def test_the_path_of_a_nested_column_is_said() -> None:
    inner = Shape("inner", (columns.fen("paid_fen"),))
    shape = Shape("outer", (columns.several("parts", inner), columns.one("single", inner)))
    with pytest.raises(BadInput) as caught:
        read_row(shape, {"parts": [{}, {"paid_fen": "x"}]})
    assert caught.value.params["field"] == "parts[1].paid_fen"
    with pytest.raises(BadInput) as caught:
        read_row(shape, {"single": {"paid_fen": "x"}})
    assert caught.value.params["field"] == "single.paid_fen"
    assert [name for name, _ in columns.strange(shape, {"parts": [{"odd": 1}], "single": {"paid": 1}})] == [
        "parts.odd",
        "single.paid",
    ]
    assert shape.names(flat=True) == ()
