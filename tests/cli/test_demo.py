"""`bdesk demo`: whoever tries the desk sits there in the role they ask for."""

from pathlib import Path

import pytest

from bdesk.cli.demo import make_demo
from bdesk.data.store import open_store
from bdesk.models.kinds import Role
from bdesk.operations.people import find_actor


@pytest.mark.parametrize("role", [Role.SENIOR, Role.SUPERVISOR, Role.RISK])
def test_a_demo_in_another_role(tmp_path: Path, role: Role) -> None:
    url, number = make_demo(tmp_path, 1, "2026-11-18T10:00+08:00", role)
    with open_store(url) as store:
        assert store.training
        assert find_actor(store, number).role is role
