"""A store in the making at earlier instants, and a person who works its cases there by the real operations.

Answers, letters, tasks, clocks and rows of goods are then what a desk would have written. The journal keeps
the true instant of each act; only the numbers of these events follow those of the whole day.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, event, select, update
from sqlalchemy.engine import make_url
from sqlmodel import Session

from bdesk.clock import FrozenClock
from bdesk.data.book.book import Book
from bdesk.data.core import CASE, OUTBOX, TASK
from bdesk.data.refold import refold
from bdesk.data.store import SYSTEM, Store, Unit
from bdesk.models.kinds import TaskState
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.operations import outbox, sweep, tasks, timers, walking
from bdesk.operations.context import RECALL_SECONDS, Context
from bdesk.operations.effects import commit, recall, strip
from bdesk.operations.ports import simulated
from bdesk.operations.staff.people import find_actor
from bdesk.rules.walk.values import GivenValue

HELD = timedelta(seconds=RECALL_SECONDS + 1)
"""When what was committed has left."""


class _Unit(Unit):
    """Words with salts from the seed, so that the same number makes the same store."""

    salts: Callable[[], str]

    def salt(self) -> str:
        return self.salts()


class PastStore(Store):
    """A training store while it is made: its present is `hand`, which may stand before what was recorded."""

    def __init__(self, store: Store, hand: FrozenClock, salts: Callable[[], str]) -> None:
        super().__init__(make_url(store.url), store.info, hand)
        self.hand = hand
        self.clock = hand
        self._salts = salts
        if self.dialect == "sqlite":
            # A store in the making is thrown away when the making breaks off: nothing is waited for.
            event.listen(self._writer, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))

    def _at(self, session: Session, found: Row[Any]) -> datetime:
        return self.hand.now()

    @property
    def pace(self) -> int:
        """The past was worked in a person's own time."""
        return 1

    def __enter__(self) -> "PastStore":
        return self

    def _unit(self, session: Session, found: Row[Any], actor: str) -> Unit:
        unit = _Unit(session, now=self.hand.now(), actor=actor, locks=False)
        unit.salts = self._salts
        return unit


class Worker:
    """Somebody who works one case. `at` moves the hand; it only goes forward within a case."""

    def __init__(self, store: PastStore, book: Book, number: str, case_id: int) -> None:
        self.store = store
        self.ctx = Context(store, book, find_actor(store, number), ports=simulated())
        self.case_id = case_id

    def at(self, instant: datetime) -> "Worker":
        self.store.hand.at = instant
        return self

    def go(self, step: str, option: str, **captures: GivenValue) -> Changed:
        """Choose an option of the step at hand that sends and pays nothing.

        Raises what the operation raises, NotAllowed("step.moved") for another step among them.
        """
        return walking.answer(self.ctx, self.case_id, self._version(), step, option, captures)

    def press_f8(self, step: str, option: str, *, leaves: bool = True, **captures: GivenValue) -> Changed:
        """The same of an option that sends or pays; what it sends then leaves, unless it is held still."""
        done = commit.commit(self.ctx, strip.plan_strip(self.ctx, self.case_id, step, option, captures))
        if leaves:
            with self._a_moment_later(HELD):
                outbox.release_due(self.ctx)
        return done

    def _version(self) -> int:
        with self.store.read() as session:
            return int(session.execute(select(CASE.c.version).where(CASE.c.id == self.case_id)).scalar_one())

    def take_back(self, done: Changed, after: timedelta) -> None:
        """Recall what was committed, before it left."""
        with self._a_moment_later(after):
            recall.recall(self.ctx, done.undo_event or 0)

    def answered(self, what: str, words: str, finding: str | None = None) -> None:
        """The department that was asked for this answers."""
        tasks.answer_task(self.ctx, self._open(what), words, finding)

    def overdue(self, what: str) -> None:
        """The answer was due: the sweep says so, and looks at what the step that waits for it does then."""
        number = self._open(what)
        with self.store.write(SYSTEM) as unit:
            tasks.raise_overdue(unit, self.ctx, number)
        sweep.record_breaches(self.ctx, self.case_id)
        timers.fire_timers(self.ctx, self.case_id)

    def _open(self, what: str) -> int:
        mine = select(TASK.c.id).where(
            TASK.c.case_id == self.case_id, TASK.c.what == what, TASK.c.state == TaskState.OPEN
        )
        with self.store.read() as session:
            return int(session.execute(mine).scalar_one())

    @contextmanager
    def _a_moment_later(self, by: timedelta) -> Iterator[None]:
        was = self.store.hand.at
        self.store.hand.at = was + by
        yield
        self.store.hand.at = was


def settle(store: PastStore, book: Book, case_ids: list[int], now: datetime) -> None:
    """Bring the clocks of the worked cases to the store's present, and forget which process sent what."""
    store.hand.at = now
    with store.write(SYSTEM) as unit:
        for case_id in case_ids:
            refold(unit, unit.session.get_one(Case, case_id), book, now)
        unit.session.execute(update(OUTBOX).where(OUTBOX.c.lease_by.is_not(None)).values(lease_by=None))
        unit.commit()
