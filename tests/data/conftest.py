"""A PostgreSQL for tests that need one: a server of our own, an empty database, a store that is copied."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from bdesk.clock import FrozenClock
from bdesk.data.engine import make_engine, parse
from bdesk.data.store import create_store, open_store
from tests.builders import T0, clock_of
from tests.postgres import own_server

if TYPE_CHECKING:
    from tests.data.racing import House, Race

# Several processes may run tests against one server.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
EMPTY, MADE, RACED = (f"bdesk_{name}_{WORKER}" for name in ("test", "made", "race"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """BDESK_TEST_PG_URL, else a server of our own."""
    given = os.environ.get("BDESK_TEST_PG_URL")
    if given:
        yield given
        return
    with own_server() as started:
        yield started


@pytest.fixture(scope="session")
def pg_admin(server: str) -> Iterator[Engine]:
    """Who makes and drops databases."""
    engine = make_engine(parse(server), writes=True).execution_options(isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


def _url(server: str, database: str) -> str:
    return parse(server).set(database=database).render_as_string(hide_password=False)


def _say(admin: Engine, *statements: str) -> None:
    with admin.connect() as connection:
        for one in statements:
            connection.execute(text(one))


def _renew(admin: Engine, database: str, like: str) -> None:
    _say(admin, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    _say(admin, f"CREATE DATABASE {database} TEMPLATE {like}")


@pytest.fixture
def url(server: str, pg_admin: Engine) -> Iterator[str]:
    """An empty database."""
    _say(pg_admin, f"DROP DATABASE IF EXISTS {EMPTY} WITH (FORCE)", f"CREATE DATABASE {EMPTY}")
    yield _url(server, EMPTY)
    _say(pg_admin, f"DROP DATABASE {EMPTY} WITH (FORCE)")


@pytest.fixture(scope="session")
def pg_made(server: str, pg_admin: Engine) -> Iterator[str]:
    """The name of a database with a new store in it, which nobody opens: its migrations ran once."""
    _say(pg_admin, f"DROP DATABASE IF EXISTS {MADE} WITH (FORCE)", f"CREATE DATABASE {MADE}")
    create_store(_url(server, MADE), clock=FrozenClock(T0)).close()
    yield MADE
    _say(pg_admin, f"DROP DATABASE {MADE} WITH (FORCE)")


@pytest.fixture
def made_url(server: str, pg_admin: Engine, pg_made: str) -> Iterator[str]:
    """A database with a new store in it."""
    _renew(pg_admin, EMPTY, pg_made)
    yield _url(server, EMPTY)
    _say(pg_admin, f"DROP DATABASE {EMPTY} WITH (FORCE)")


@pytest.fixture(scope="session")
def raced(server: str, pg_admin: Engine, pg_made: str) -> "Iterator[Race]":
    """Desks that are opened once: what they compile serves every test."""
    # Most tests here need no operations; a small room starts without them.
    from tests.data.racing import DESKS, Race

    _renew(pg_admin, RACED, pg_made)
    clock, url = FrozenClock(T0), _url(server, RACED)
    stores = tuple(open_store(url, clock=clock) for _ in range(DESKS))
    watch = make_engine(parse(url), writes=True)
    yield Race(watch, stores)
    for store in stores:
        store.close()
    watch.dispose()
    _say(pg_admin, f"DROP DATABASE {RACED} WITH (FORCE)")


@pytest.fixture
def house(raced: "Race", pg_admin: Engine, pg_made: str) -> "House":
    """A new store, its clock at T0, and desks for those who race."""
    from bdesk.operations.ports import simulated
    from tests.data.racing import House

    raced.watch.dispose()
    for store in raced.stores:
        store.close()
        clock_of(store).at = T0
    _renew(pg_admin, RACED, pg_made)
    return House(raced, simulated())
