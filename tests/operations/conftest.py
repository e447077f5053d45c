"""A store with an agent and a supervisor at their desks."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from bdesk.data.store import Store
from bdesk.models.kinds import CaseState, Role
from bdesk.models.tables import Case
from bdesk.operations.ports import Ports, simulated
from bdesk.rules.cases import may_move
from tests.builders import Placed, customer, make_store, order, person
from tests.operations.desk import Desk, Phases, begin_again


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


@pytest.fixture(scope="module")
def phases() -> Phases:
    """Where tests of one file begin."""
    return Phases()


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


@pytest.fixture(scope="session", autouse=True)
def states_move_by_the_table() -> Iterator[None]:
    """Whatever any of these tests does: a case's state changes in `change.set_columns`, by a move that
    B0.2 allows, or is put back by `change.put_back` when an act is taken back."""
    event.listen(Case.state, "set", _watched)
    yield
    event.remove(Case.state, "set", _watched)


def _watched(case: Case, new: CaseState, old: object, _initiator: object) -> None:
    if not isinstance(old, CaseState) or case.id is None or old is new:
        return  # a new row, which tests build as they need it
    caller = sys._getframe(1)
    while caller.f_back is not None and "site-packages" in caller.f_code.co_filename:
        caller = caller.f_back
    here = (Path(caller.f_code.co_filename).name, caller.f_code.co_name)
    if here == ("change.py", "put_back") or Path(caller.f_code.co_filename).name.startswith("test_"):
        return
    assert here == ("change.py", "set_columns"), here
    assert may_move(old, new), (old, new)
