"""`bdesk demo`: whoever tries the desk sits there in the role they ask for."""

from pathlib import Path

import pytest

from bdesk.cli.demo import make_demo
from bdesk.clock import from_iso
from bdesk.data.store import open_store
from bdesk.errors import BadInput
from bdesk.models.kinds import Role
from bdesk.operations.staff.people import find_actor


@pytest.mark.parametrize("role", [Role.SENIOR, Role.SUPERVISOR, Role.RISK])
def test_a_demo_in_another_role(tmp_path: Path, role: Role) -> None:
    url, number = make_demo(tmp_path, 1, "2026-11-18T10:00+08:00", role)
    with open_store(url) as store:
        assert store.training
        assert find_actor(store, number).role is role


def test_a_scenario_by_itself_with_its_own_hour_and_pace(tmp_path: Path) -> None:
    url, number = make_demo(tmp_path, 1, None, Role.SUPERVISOR, "s8")
    with open_store(url) as store:
        assert (store.info.scenario, store.pace, number) == ("S8", 10, "2001")
        assert store.now() == from_iso("2026-11-11T21:00+08:00")


def test_a_scenario_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"seed\.scenario"):
        make_demo(tmp_path, 1, None, Role.AGENT, "S99")
