"""A store with an agent and a supervisor at their desks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import Role
from bdesk.operations.ports import Ports, simulated
from tests.builders import Placed, customer, make_store, order, person
from tests.operations.desk import Desk


COMPILED: dict[Any, Any] = {}
"""Statements compiled once for all stores: with a new store for each test that is most of its time."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        for engine in (made._writer, made._reader):
            engine.update_execution_options(compiled_cache=COMPILED)
        yield made


@pytest.fixture
def ports() -> Ports:
    """One outside world for everybody in a test."""
    return simulated()


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return Desk(store, person(store, "1001"), ports)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return Desk(store, person(store, "2001", Role.SUPERVISOR, name="周岚"), ports)


@pytest.fixture
def buyer(store: Store) -> int:
    return customer(store)


@pytest.fixture
def placed(store: Store, buyer: int) -> Placed:
    """A kettle for 128.00, signed for two days ago."""
    return order(store, buyer)
