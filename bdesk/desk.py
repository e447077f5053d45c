"""Desk: one signed-in person's hold on a store, for the screens. One writer, one reader, one for errands.

Screens await; the work happens on three threads of its own, so that a slow store never stops a key
from being painted. The threads are daemons: leaving never waits for a query (MEASURED.md).
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from bdesk.clock import LOCAL
from bdesk.data.book.late import is_read
from bdesk.data.drafts import Drafts
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import RECALL_SECONDS, Context
from bdesk.operations.ports import Ports, simulated
from bdesk.operations.roles import in_role

if TYPE_CHECKING:
    from bdesk.data.book.book import Book

P = ParamSpec("P")
T = TypeVar("T")


class Hand(threading.Thread):
    """One thread that does one thing after another, in the order it was asked."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self.start()

    def submit(self, job: Callable[[], T]) -> "Future[T]":
        """Queue a job; its result or error comes with the future."""
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future

    def stop(self) -> None:
        """Finish what is queued and end."""
        self._jobs.put(None)

    def run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - the future carries it to whoever awaits
                future.set_exception(error)


class Desk:
    """What screens are handed. `recall_seconds`: how long an executed effect can be taken back."""

    def __init__(
        self,
        store: Store,
        book: "Book",
        actor: ActorView,
        drafts: Drafts,
        *,
        recall_seconds: int = RECALL_SECONDS,
        ports: Ports | None = None,
    ) -> None:
        self.store = store
        self.book = book
        self.drafts = drafts
        self.ctx = Context(store, book, actor, recall_seconds, ports or simulated())
        self._ended: str | None = None
        self._looked = False
        self._day: date | None = None
        self._writer = Hand("bdesk-writer")
        self._reader = Hand("bdesk-reader")
        self._errands = Hand("bdesk-errands")

    @property
    def book_ready(self) -> bool:
        """Whether the book is read; before that, asking it anything takes about a tenth of a second."""
        return is_read(self.book)

    @property
    def locked(self) -> bool:
        """Whether this person was disabled or signed out: nothing is read or done for them any more."""
        return self._ended is not None

    @property
    def actor(self) -> ActorView:
        return self.ctx.actor

    async def do(
        self, operation: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an operation on the writer; raises what it raises, and what `changed_elsewhere` does."""
        self._must_not_be_locked()
        return await asyncio.wrap_future(self._writer.submit(lambda: operation(self.ctx, *args, **kwargs)))

    async def read(self, query: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query on the reader. Raises what `changed_elsewhere` does."""
        self._must_not_be_locked()
        return await asyncio.wrap_future(self._reader.submit(lambda: query(self.ctx, *args, **kwargs)))

    async def errand(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what nobody waits for (sweep, outbox), away from the writer's queue. Raises what
        `changed_elsewhere` does."""
        self._must_not_be_locked()
        return await asyncio.wrap_future(self._errands.submit(lambda: job(self.ctx, *args, **kwargs)))

    async def changed_elsewhere(self) -> bool:
        """Whether another process changed the store since the last look; cheap, once a second.

        Raises NotAllowed from the moment at which this person was disabled ("staff.locked") or signed out
        everywhere ("staff.signed_out").
        """
        self._must_not_be_locked()
        return await asyncio.wrap_future(self._reader.submit(self._poll))

    def _poll(self) -> bool:
        changed = self.store.poll()
        # The first poll only looks: who was disabled before it must be found all the same.
        looked, self._looked = self._looked, True
        if changed or not looked:
            self._ended = self.store.ended(self.actor.number)
            self._must_not_be_locked()
        # A stand-in begins and ends at midnight, and when somebody says so.
        today = self.ctx.now().astimezone(LOCAL).date()
        if changed or not looked or today != self._day:
            self._day = today
            actor = in_role(self.ctx)
            if actor != self.actor:
                self.ctx = replace(self.ctx, actor=actor)
                return True
        return changed

    def _must_not_be_locked(self) -> None:
        if self._ended is not None:
            raise NotAllowed(self._ended, number=self.actor.number)

    def close(self) -> None:
        """End the threads after what they have queued; the store is closed by whoever opened it."""
        for hand in (self._writer, self._reader, self._errands):
            hand.stop()
        for hand in (self._writer, self._reader, self._errands):
            hand.join(timeout=2)
