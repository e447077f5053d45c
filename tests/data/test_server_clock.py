"""On a server's store every desk goes by the server's time, whatever its own machine believes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bdesk.clock import FrozenClock, SystemClock
from bdesk.data.store import open_store
from tests.builders import T0

NEAR = timedelta(seconds=20)


@dataclass
class Wrong(SystemClock):
    """A machine's own clock that goes wrong by so much."""

    by: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("by", [timedelta(minutes=-40), timedelta(hours=3)])
def test_a_wrong_workstation_shows_the_servers_time(made_url: str, by: timedelta) -> None:
    with open_store(made_url, clock=Wrong(by)) as store:
        assert abs(store.clock.now() - datetime.now(UTC)) < NEAR
        assert abs(store.clock.now() - store.now()) < NEAR


def test_a_clock_that_is_put_right_under_an_open_desk_is_heard_again(made_url: str) -> None:
    machine = Wrong(timedelta(minutes=-40))
    with open_store(made_url, clock=machine) as store:
        machine.by = timedelta()
        store.beat_clock("1001")
        assert abs(store.clock.now() - datetime.now(UTC)) < NEAR
        machine.by = timedelta(hours=1)
        with store.write("system"):
            pass
        assert abs(store.clock.now() - datetime.now(UTC)) < NEAR


def test_a_clock_of_tests_is_left_alone(made_url: str) -> None:
    with open_store(made_url, clock=FrozenClock(T0)) as store:
        assert store.clock.now() == T0
