"""Backing up and restoring: whole, private, and never over something by accident."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.copies import backup, keep_aside, restore
from bdesk.data.store import Store, open_store
from bdesk.data.verify import verify
from bdesk.errors import StoreProblem
from tests.builders import make_store, open_case, person


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    open_case(store, owner=person(store))
    yield store
    store.close()


def test_a_backup_is_a_whole_private_store(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "far" / "copy.db"
    seen: list[tuple[int, int]] = []
    with store.write("1001") as unit:  # a desk in the middle of something is not in the copy
        unit.on_case(unit.case(1), "note.added")
        done = backup(store.url, target, progress=lambda part, whole: seen.append((part, whole)))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert seen[-1][0] == seen[-1][1]
    assert (done.target, done.size_bytes) == (str(target), target.stat().st_size)
    with open_store(f"sqlite:///{target}") as copy:
        assert copy.info == store.info
        assert copy.newest_event() == store.newest_event()
        assert verify(copy, load_book()).ok
    assert list(target.parent.iterdir()) == [target]


def test_a_backup_replaces_nothing_by_accident(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(StoreProblem, match=r"store\.backup_exists"):
        backup(store.url, target)
    assert target.read_text() == "mine"
    backup(store.url, target, force=True)
    with pytest.raises(StoreProblem, match=r"store\.in_place"):
        backup(store.url, Path(store.place), force=True)


def test_restoring_keeps_what_was_there(store: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup(store.url, copy)
    before = store.newest_event()
    open_case(store)
    after = store.newest_event()
    with pytest.raises(StoreProblem, match=r"store\.restore_exists"):
        restore(store.url, copy)
    done = restore(store.url, copy, force=True)
    assert done.kept is not None
    with open_store(store.url) as restored, open_store(f"sqlite:///{done.kept}") as kept:
        assert (restored.newest_event(), kept.newest_event()) == (before, after)
    # The desk that was open still has the old file: it must not write where nobody reads.
    with pytest.raises(StoreProblem, match=r"store\.moved"), store.write("1001"):
        pass
    with pytest.raises(StoreProblem, match=r"store\.moved"):
        store.poll()


def test_what_is_damaged_or_not_ours_is_not_restored(store: Store, tmp_path: Path) -> None:
    good, bad, other = tmp_path / "good.db", tmp_path / "bad.db", tmp_path / "other.db"
    backup(store.url, good)
    data = bytearray(good.read_bytes())
    data[8192:20480] = os.urandom(20480 - 8192)
    bad.write_bytes(bytes(data))
    other.write_text("a letter")
    for path, code in (
        (bad, "store.damaged"),
        (other, "store.not_ours"),
        (tmp_path / "no.db", "store.missing"),
    ):
        with pytest.raises(StoreProblem) as caught:
            restore(store.url, path, force=True)
        assert caught.value.code == code
    assert verify(store, load_book()).ok


def test_a_copy_set_aside_never_takes_a_taken_name(store: Store) -> None:
    first, second = keep_aside(store.url), keep_aside(store.url)
    assert first != second
    assert first is not None
    assert Path(first).exists()
    with pytest.raises(StoreProblem, match=r"store\.files_only"):
        backup("postgresql://me:geheim@host/db", Path("copy.db"))
    assert keep_aside("postgresql://host/db") is None
