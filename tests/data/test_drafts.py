"""Drafts never die, and belong to one person on one store."""

import stat
from pathlib import Path

import pytest

from bdesk.data.drafts import Drafts
from bdesk.errors import StoreProblem


def test_what_was_typed_is_there_after_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    drafts = Drafts("store", "1001", path)
    drafts.save("case:1", "note", "客户说")
    drafts.save("case:1", "note", "客户说壶")
    drafts.save("case:1", "strip", {"step": "RF9", "amount_fen": 12800})
    drafts.save("call", "find", "7741")
    # No close: a killed desk does not say good-bye.
    with Drafts("store", "1001", path) as again:
        assert again.load("case:1") == {"note": "客户说壶", "strip": {"step": "RF9", "amount_fen": 12800}}
        assert set(again.places()) == {"case:1", "call"}
        again.save("call", "find", "")
        assert again.places() == ("case:1",)
        again.forget("case:1")
        assert again.load("case:1") == {}
    drafts.close()


def test_other_people_and_stores_see_nothing(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    with (
        Drafts("a", "1001", path) as mine,
        Drafts("a", "1002", path) as other,
        Drafts("b", "1001", path) as there,
    ):
        mine.save("case:1", "note", "secret")
        assert other.load("case:1") == there.load("case:1") == {}
        other.forget("case:1")
        assert mine.load("case:1") == {"note": "secret"}


def test_the_file_is_private_and_in_the_persons_folder(own_home: Path) -> None:
    with Drafts("a", "1001") as drafts:
        drafts.save("case:1", "note", "x")
    (path,) = (own_home / "drafts").glob("*.db")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_file_is_put_aside_not_mourned(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    path.write_text("not a database, and long enough to be looked at " * 40)
    with Drafts("a", "1001", path) as drafts:
        drafts.save("case:1", "note", "x")
        assert drafts.load("case:1") == {"note": "x"}
    assert (tmp_path / "drafts.damaged").exists()


def test_a_folder_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem) as caught:
        Drafts("a", "1001", tmp_path / "missing" / "drafts.db")
    assert caught.value.code == "drafts.unusable"
