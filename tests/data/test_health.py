"""What `doctor` looks at below a desk."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bdesk.data import health
from bdesk.data.health import book_checks, checks, clock_check, file_checks, journal_check, network_check
from bdesk.models.views.health import Health
from bdesk.speech import MESSAGES
from tests.builders import clock_of, make_store, person


def codes(url: str) -> dict[str, tuple[Health, str]]:
    return {one.name: (one.health, one.code) for one in checks(url)}


def test_a_sound_store_has_no_fault(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    found = codes(store.url)
    store.close()
    assert found["store"] == (Health.OK, "doctor.store")
    assert found["permissions"] == (Health.OK, "doctor.permissions")
    assert found["journal"] == (Health.OK, "doctor.triggers")
    assert {"sqlite", "disk", "clock", "book", "calendar"} <= found.keys()
    assert all(code in MESSAGES for _, code in found.values())


@pytest.mark.parametrize("content", [None, "a letter"])
def test_what_does_not_open_is_one_fault(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "x.db"
    if content is not None:
        path.write_text(content)
        path.chmod(0o600)
    health_of, code = codes(f"sqlite:///{path}")["store"]
    assert health_of is Health.FAULT
    assert code == ("store.missing" if content is None else "store.not_ours")
    assert codes("nonsense")["store"] == (Health.FAULT, "store.url")


def test_files_open_to_all_and_folders_without_setgid(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.touch()
    for mode, folder, wanted in [
        (0o600, 0o700, (Health.OK, "doctor.permissions")),
        (0o660, 0o2770, (Health.OK, "doctor.permissions")),
        (0o660, 0o770, (Health.WARNING, "doctor.not_setgid")),
        (0o644, 0o700, (Health.FAULT, "doctor.open_to_all")),
    ]:
        path.chmod(mode)
        os.chmod(tmp_path, folder)
        (found,) = file_checks(path)
        assert (found.health, found.code) == wanted


@pytest.mark.parametrize(
    ("kind", "health_of"),
    [
        ("ext4", Health.OK),
        ("overlay", Health.OK),
        ("nfs4", Health.FAULT),
        ("cifs", Health.FAULT),
        ("9p", Health.FAULT),
        ("fuse.sshfs", Health.FAULT),
    ],
)
def test_network_disks_are_found_by_the_longest_mount_point(
    tmp_path: Path, kind: str, health_of: Health
) -> None:
    path = tmp_path / "x.db"
    known = [("/", "ext4"), (str(tmp_path), kind), (f"{tmp_path}2", "nfs"), (f"{tmp_path}/deeper", "nfs")]
    assert network_check(path, known).health is health_of
    assert network_check(path, []).code == "doctor.disk_unknown"


def test_a_missing_trigger_is_a_fault(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    connection = sqlite3.connect(store.place)
    connection.execute("DROP TRIGGER event_no_update")
    connection.commit()
    connection.close()
    found = journal_check(store)
    assert (found.health, found.params) == (Health.FAULT, {"names": ("event_no_update",)})
    store.close()


def test_a_clock_set_back_is_told(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    person(store)
    assert clock_check(store).code == "doctor.clock_host"
    clock_of(store).move(-timedelta(hours=3))
    found = clock_check(store)
    assert (found.health, found.params) == (Health.WARNING, {"by": timedelta(hours=3)})
    store.close()


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (datetime(2026, 10, 31, 12, tzinfo=UTC), Health.OK),
        (datetime(2026, 10, 31, 16, 30, tzinfo=UTC), Health.WARNING),
        (datetime(2026, 11, 18, tzinfo=UTC), Health.WARNING),
        (datetime(2027, 2, 1, tzinfo=UTC), Health.WARNING),
    ],
)
def test_next_years_days_are_asked_for_from_november(now: datetime, wanted: Health) -> None:
    """The packaged data end with 2026; 16:30 UTC on 31 October is 1 November in Shanghai."""
    found = {one.name: one for one in book_checks(now)}
    assert found["calendar"].health is wanted
    assert found["calendar"].params.get("year") == (2027 if wanted is Health.WARNING else None)


def test_an_own_book_that_does_not_read_is_told_with_its_line(own_home: Path) -> None:
    folder = own_home / "book" / "policies"
    folder.mkdir(parents=True)
    (folder / "limits.yaml").write_text("version: one\n")
    (found,) = health.book_checks(datetime(2026, 3, 1, tzinfo=UTC))
    assert found.health is Health.FAULT
    assert found.params["line"] == 1
