"""A store with an agent and a supervisor at their desks."""

from collections.abc import Iterator

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import Role
from bdesk.operations.ports import Ports, simulated
from tests.builders import Placed, customer, make_store, order, person
from tests.operations.desk import Desk, begin_again


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, bytes]]:
    """One store for all tests, and its bytes when it was new: what it compiles once serves every test."""
    folder = tmp_path_factory.mktemp("operations")
    with make_store(folder) as store:
        yield store, (folder / "desk.db").read_bytes()


@pytest.fixture
def store(kept: tuple[Store, bytes]) -> Store:
    """A new store: the file as it was, and its clock at T0."""
    begin_again(*kept)
    return kept[0]


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
