"""A training store's time runs while a desk is open and stands while none is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bdesk.clock import FrozenClock
from bdesk.data.store import Store, create_store, open_store
from bdesk.errors import BadInput
from bdesk.models.kinds import Stream

ANCHOR = datetime(2026, 11, 11, 13, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def host() -> FrozenClock:
    return FrozenClock(FRIDAY)


@pytest.fixture
def store(tmp_path: Path, host: FrozenClock) -> Iterator[Store]:
    store = create_store(
        f"sqlite:///{tmp_path / 't.db'}", training=True, clock_anchor=ANCHOR, rate=10, clock=host
    )
    yield store
    store.close()


def test_it_stands_until_a_desk_opens_and_then_runs(store: Store, host: FrozenClock) -> None:
    assert store.training
    host.move(timedelta(days=3))
    assert store.now() == ANCHOR
    store.start_clock("1001")
    host.move(MINUTE)
    assert store.now() == store.clock.now() == ANCHOR + 10 * MINUTE
    store.stop_clock()
    host.move(timedelta(days=3))
    assert store.now() == ANCHOR + 10 * MINUTE


def test_every_command_reads_the_same_time(store: Store, host: FrozenClock) -> None:
    store.start_clock("1001")
    host.move(2 * MINUTE)
    with open_store(store.url, clock=host) as command:
        assert command.now() == ANCHOR + 20 * MINUTE
        with command.write("1002") as unit:
            event = unit.append(Stream.STAFF, "1002", "staff.state")
            unit.commit()
    assert event.recorded_at == ANCHOR + 20 * MINUTE


def test_a_dead_desk_leaves_it_running_for_the_grace_only(store: Store, host: FrozenClock) -> None:
    store.start_clock("1001")
    host.move(timedelta(days=3))
    with open_store(store.url, clock=host) as command:
        assert command.now() == ANCHOR + 50 * MINUTE
        command.start_clock("1002")
        host.move(MINUTE)
        assert command.now() == ANCHOR + 60 * MINUTE


def test_a_lid_closed_over_the_weekend_makes_nothing_late(store: Store, host: FrozenClock) -> None:
    store.start_clock("1001")
    host.move(MINUTE)
    store.beat_clock("1001")
    host.move(timedelta(days=3))
    store.beat_clock("1001")
    assert store.now() == ANCHOR + 10 * MINUTE + 50 * MINUTE
    host.move(MINUTE)
    assert store.now() == ANCHOR + 70 * MINUTE


def test_it_runs_until_the_last_desk_closes(store: Store, host: FrozenClock) -> None:
    other = open_store(store.url, clock=host)
    store.start_clock("1001")
    host.move(MINUTE)
    other.start_clock("1002")
    assert other.now() == ANCHOR + 10 * MINUTE
    store.stop_clock()
    host.move(MINUTE)
    assert other.now() == store.now() == ANCHOR + 20 * MINUTE
    other.stop_clock()
    host.move(MINUTE)
    assert store.now() == ANCHOR + 20 * MINUTE
    other.close()


def test_a_real_store_has_the_hosts_time(tmp_path: Path, host: FrozenClock) -> None:
    with create_store(f"sqlite:///{tmp_path / 'r.db'}", clock=host) as store:
        before = Path(store.place).read_bytes()
        store.start_clock("1001")
        store.beat_clock("1001")
        store.stop_clock()
        assert Path(store.place).read_bytes() == before
        host.move(MINUTE)
        assert store.now() == FRIDAY + MINUTE


def test_only_three_rates(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"clock\.rate"):
        create_store(f"sqlite:///{tmp_path / 'x.db'}", training=True, rate=7)
    assert list(tmp_path.iterdir()) == []
