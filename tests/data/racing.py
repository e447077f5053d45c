"""Two desks at the same moment on PostgreSQL, and nothing left to chance.

    house = House(Race(watch, stores), ports)         people, and a desk for each of those who race
    house.race.on("work_case", case_id, first, second)
                                                      what became of each: "done", or the code of its refusal

A third hand holds a row. Each desk begins in its turn and comes to wait for that row, or for the desk before
it, or is done; then the row is let go of. So all have read what they read first before any of them writes,
and they get through in the order in which they came.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, text

from bdesk.data.store import Store
from bdesk.errors import DeskError
from bdesk.models.kinds import Role
from bdesk.models.tables import Approval, Order
from bdesk.operations.ports import Ports
from tests.builders import Item, Placed, customer, order, person
from tests.operations import frozen
from tests.operations.desk import Desk

LAPTOP = (Item(sku="LAPTOP-1", name="笔记本电脑", price_fen=90000),)

Deed = Callable[[Store], object]
"""What somebody does, on the store of their own desk."""

DONE = "done"
DESKS = 2
PATIENCE = 4.0
"""Seconds; a desk's own lock timeout is 5."""

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = :name AND wait_event_type = 'Lock' AND state = 'active'"
)

_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = :name AND wait_event_type = 'Lock' AND state = 'active'"
)


@dataclass(frozen=True, slots=True)
class Race:
    """`stores`: one for each desk that takes part, on one database."""

    watch: Engine
    stores: tuple[Store, ...]
    ends: bool = False
    """Whether the server ends the session of whoever waits, instead of letting it through."""

    def on(self, table: str, row_id: int, *deeds: Deed) -> list[str]:
        """What became of each, in the order in which they began."""
        said = [""] * len(deeds)
        with self.held(table, row_id):
            hands = [self._hand(said, number, deed) for number, deed in enumerate(deeds)]
            for begun, hand in enumerate(hands, start=1):
                hand.start()
                self.until(partial(self._have_come, said, begun))
            if self.ends:
                self._end_all()
        for hand in hands:
            hand.join(timeout=30)
        return said

    @contextmanager
    def held(self, table: str, row_id: int) -> Iterator[Connection]:
        """A row that nobody else may change meanwhile."""
        with self.watch.connect() as connection:
            connection.execute(text(f'SELECT id FROM "{table}" WHERE id = :id FOR UPDATE'), {"id": row_id})
            yield connection
            connection.rollback()

    def waiting(self) -> int:
        """How many wait for a lock of somebody else."""
        with self.watch.connect() as connection:
            found = connection.execute(_WAITING, {"name": self.watch.url.database}).scalar_one()
        return int(found)

    def until(self, come: Callable[[], bool], seconds: float = PATIENCE) -> None:
        over = monotonic() + seconds
        while not come():
            assert monotonic() < over, "nobody waits for the row"
            sleep(0.005)

    def _have_come(self, said: list[str], begun: int) -> bool:
        return self.waiting() + sum(map(bool, said)) >= begun

    def _end_all(self) -> None:
        with self.watch.connect() as connection:
            connection.execute(_END, {"name": self.watch.url.database})

    def _hand(self, said: list[str], number: int, deed: Deed) -> Thread:
        def run() -> None:
            try:
                deed(self.stores[number])
            except DeskError as refused:
                said[number] = refused.code
            except BaseException as wrong:
                said[number] = f"{type(wrong).__name__}: {wrong}"
                raise
            else:
                said[number] = DONE

        return Thread(target=run)


@dataclass(slots=True)
class House:
    """A store, the people in it, and a race between their desks."""

    race: Race
    ports: Ports
    people: dict[str, Any] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.race.stores[0]

    def desk(self, number: str = "1001", role: Role = Role.AGENT, **more: Any) -> Desk:
        if number not in self.people:
            self.people[number] = person(self.store, number, role, **more)
        return Desk(self.store, self.people[number], self.ports)

    def chief(self, number: str = "2001") -> Desk:
        return self.desk(number, Role.SUPERVISOR, password_hash=frozen.hashed())

    def by(self, who: Desk, deed: Callable[..., object], *more: Any, **named: Any) -> Deed:
        """`deed` with the context of `who`, at whatever desk it comes to."""
        return lambda store: deed(Desk(store, who.ctx.actor, self.ports).ctx, *more, **named)

    def placed(self) -> Placed:
        return order(self.store, customer(self.store))


def asked(desk: Desk) -> Approval:
    """A request for 900.00, above an agent's limit."""
    placed = order(desk.store, customer(desk.store), items=LAPTOP)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approval", why="超出我的权限")
    return desk.rows(Approval)[-1]


def order_of(desk: Desk, case_id: int) -> Placed:
    row = desk.row(Order, desk.case(case_id).order_id or 0)
    return Placed(row.id or 0, row.order_no, row.customer_id, (), (), ())
