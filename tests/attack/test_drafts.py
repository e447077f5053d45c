"""Whoever sits at the machine may write the drafts file: what does not fit does not come back from it."""

import json
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bdesk.data.drafts import Drafts
from bdesk.desk import Desk as OpenDesk
from bdesk.screens.case.strip_draft import strip_draft
from bdesk.screens.place import Place
from bdesk.screens.restoring import restore_drafts
from bdesk.settings import Settings
from tests.builders import Placed
from tests.operations.desk import Desk


def place_with(drafts: Drafts) -> Place:
    """What the screens share, as far as restoring asks for it."""
    return Place(desk=cast(OpenDesk, SimpleNamespace(drafts=drafts)), settings=Settings())


@pytest.fixture
def kept(desk: Desk, placed: Placed) -> dict[str, Any]:
    """A strip of case 1 as it is kept."""
    case_id = desk.to_decision(desk.opened(placed))
    return json.loads(json.dumps(strip_draft(desk.strip(case_id, "approve"))))  # type: ignore[no-any-return]


def restored(tmp_path: Path, place: str, strip: object) -> Place:
    with Drafts("a", "1001", tmp_path / "drafts.db") as drafts:
        drafts.save(place, "strip", strip)
    with Drafts("a", "1001", tmp_path / "drafts.db") as drafts:
        found = place_with(drafts)
        restore_drafts(found)
        return found


def test_a_strip_comes_back_on_its_own_case(tmp_path: Path, kept: dict[str, Any]) -> None:
    assert set(restored(tmp_path, "case:1", kept).strips) == {1}


@pytest.mark.parametrize(
    "change",
    [
        {"case_id": 2},
        {"phrases": []},
        {"seen_event": "9"},
        {"case_version": None},
        {"case_version": True},
        {"captures": []},
        {"facts": 7},
        {"amount_fen": "12800"},
        {"letters": 3},
        {"phrases": [{"code": "strip.refund", "params": None}]},
        {"more": 1},
    ],
)
def test_a_strip_that_does_not_fit_is_dropped(
    tmp_path: Path, kept: dict[str, Any], change: dict[str, object]
) -> None:
    """F8 does what is shown on the case it is shown on, or nothing."""
    assert restored(tmp_path, "case:1", kept | change).strips == {}


@pytest.mark.parametrize("place", ["case:²", "case:99999999999999999999", "case:", "case:-1"])
def test_a_place_that_is_no_case_is_passed_over(tmp_path: Path, kept: dict[str, Any], place: str) -> None:
    found = restored(tmp_path, place, kept)
    assert (found.strips, found.open_cases) == ({}, [])


@pytest.mark.parametrize("value", ["'no json'", "x'ff00'", "'" + "[" * 200000 + "'"])
def test_a_row_that_no_desk_wrote_keeps_nobody_from_working(tmp_path: Path, value: str) -> None:
    path = tmp_path / "drafts.db"
    with Drafts("a", "1001", path) as drafts:
        drafts.save("case:1", "note", "客户说壶")
    with sqlite3.connect(path) as connection:
        connection.execute(f"INSERT INTO draft VALUES ('a', '1001', 'case:1', 'strip', {value}, '2026')")
    connection.close()
    with Drafts("a", "1001", path) as drafts:
        assert drafts.load("case:1") == {"note": "客户说壶"}
        assert drafts.places() == ("case:1",)
