"""The first rows by `sqlite3` alone are those of the queue, for every kind of person and case."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bdesk.clock import Clock, FrozenClock
from bdesk.data.core import STAFF
from bdesk.data.early import first_rows
from bdesk.data.queries.staff import staff
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.looking.queue import first_page
from bdesk.operations.staff.people import find_actor
from bdesk.training.seed import seed_store
from tests.builders import T0, context, customer, event, make_store, open_case, order, person


def same(store: Store, actor: ActorView, host: Clock) -> None:
    seen = first_rows(store.url, actor.number, host)
    wanted = first_page(context(store, actor), why=False)
    assert seen is not None
    assert seen.sections == wanted.sections
    assert dict(seen.rows) == dict(wanted.rows)
    assert seen.now == wanted.now
    assert seen.group_names == wanted.group_names
    assert seen.group == (actor.group_code or "")
    assert (seen.number, seen.person, seen.language) == (actor.number, actor.name, actor.language)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path, training=True)
    yield store
    store.close()


def test_everybody_s_first_rows_in_a_seeded_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    seed_store(url, size="demo", seed=7, now=T0)
    host = FrozenClock(T0 + timedelta(days=3))
    with open_store(url, clock=host) as store:
        store.start_clock("1001")
        host.move(timedelta(minutes=2))
        with store.read() as session:
            numbers = [row.number for row in staff(session)]
        assert len(numbers) > 5
        for number in numbers:
            same(store, find_actor(store, number), host)


def test_what_a_row_may_carry(store: Store) -> None:
    me, other = person(store, group="hotline"), person(store, group="risk")
    vip = customer(store, vip=True, name="欧阳晓敏")
    open_case(store, order_id=order(store, vip).id, owner=me, escalated_to="supervisor", cycle=2)
    stopped = open_case(store, owner=me)
    event(store, stopped, "clock.paused", {"reason": "customer_material"})
    open_case(store, owner=me, aside=True)
    open_case(store, owner=other)
    open_case(store, clocks=())
    for actor in (me, other, person(store, role=Role.SUPERVISOR), person(store, role=Role.ADMIN)):
        same(store, actor, FrozenClock(T0))


def test_more_than_a_page_in_the_order_of_the_queue(store: Store) -> None:
    me = person(store, group="hotline")
    for number in range(70):
        case_id = open_case(store, received_at=T0 - timedelta(minutes=(number * 37) % 70))
        with store.write() as unit:
            unit.case(case_id).group_id = me.group_id if number % 2 else None
            unit.case(case_id).stopped = number % 5 == 0
            unit.commit()
    same(store, me, FrozenClock(T0))
    same(store, person(store, role=Role.MANAGER), FrozenClock(T0))


def test_what_only_opening_the_store_can_tell(store: Store, tmp_path: Path) -> None:
    me = person(store)
    assert first_rows(store.url, "nobody") is None
    assert first_rows("postgresql://desk@host/desk", me.number) is None
    assert first_rows(f"sqlite:///{tmp_path / 'missing.db'}", me.number) is None
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 100)
    assert first_rows(f"sqlite:///{broken}", me.number) is None
    with make_store(tmp_path, name="real.db") as real:
        assert first_rows(real.url, person(real).number) is None  # a real store asks who it is
    with store.write() as unit:
        unit.session.execute(update(STAFF).values(active=False))
        unit.commit()
    assert first_rows(store.url, me.number) is None


def test_a_store_of_another_version_is_not_read(store: Store) -> None:
    me = person(store)
    with store.write() as unit:
        unit.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        unit.commit()
    assert first_rows(store.url, me.number) is None


def test_sqlalchemy_is_not_imported_for_it() -> None:
    code = "import sys, bdesk.data.early; sys.exit('sqlalchemy' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
