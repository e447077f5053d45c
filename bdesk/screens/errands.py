"""What happens by itself while a desk is open: others' commits, the outbox, the sweep, the class's clock.

One round at a time: a round that takes longer than a second is not cut off by the next, which would lose
the notice of a commit, or an outbox row that waits.
"""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from bdesk.errors import DeskError
from bdesk.screens.place import Place

if TYPE_CHECKING:
    from bdesk.models.views.queue import QueueRow
    from bdesk.operations.context import Context
    from bdesk.operations.looking.queue import Ringing
    from bdesk.operations.staff.announcing import Announcement
    from bdesk.operations.sweep import Swept

SWEEP_SECONDS = 20.0
MINE_SECONDS = 15.0
FIRST = {"sweep": 1.0, "announced": 0.0}
"""How long after the start what does not wait for its first turn is done."""

BEAT_SECONDS = 60.0
"""How often an open desk shows that it is alive: well inside the grace of a training store's clock."""


class Errands:
    """`published` is called when something changed; `refused` when the store said no."""

    def __init__(
        self,
        published: Callable[[], None],
        refused: Callable[[DeskError], None],
        *,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._published = published
        self._refused = refused
        self._seconds = seconds
        self._running = False
        self._outbox_waits = True
        self._next: dict[str, float] = {}

    def outbox_changed(self) -> None:
        """Something was committed here: the outbox is looked at until it is empty."""
        self._outbox_waits = True

    async def round(self, place: Place) -> None:
        """Do what is due. Nothing while the last round still runs."""
        if self._running:
            return
        self._running = True
        try:
            await self._round(place)
        except DeskError as refused:
            self._refused(refused)
        else:
            if place.offline_since is not None:
                # It was reached again: what is shown is read anew, and F8 works.
                self._published()
        finally:
            self._running = False

    async def _round(self, place: Place) -> None:
        desk = place.desk
        changed = await desk.changed_elsewhere()
        if changed:
            self._outbox_waits = True
            self._published()
            place.ringing = await desk.errand(_ringing)
            self._published()
        if self._due("announced", BEAT_SECONDS) or changed:
            await self._look_at_announcements(place)
        if self._outbox_waits:
            await self._look_at_outbox(place)
        if self._due("mine", MINE_SECONDS):
            place.mine = await desk.errand(_mine)
        if self._due("sweep", SWEEP_SECONDS):
            await self._sweep(place)
        if self._due("beat", BEAT_SECONDS):
            await desk.errand(_beat)

    async def _sweep(self, place: Place) -> None:
        """Do what is due by itself. Where a case refuses, what was done for others is shown all the same."""
        try:
            done = (await place.desk.errand(_sweep)).anything
        except DeskError:
            self._changed_here()
            raise
        if done:
            self._changed_here()

    def _changed_here(self) -> None:
        self._outbox_waits = True
        self._published()

    async def _look_at_outbox(self, place: Place) -> None:
        """Let go of what is due. Only an outbox that was read and found empty is left alone."""
        due, waits = await place.desk.errand(_outbox)
        if due:
            try:
                await place.desk.errand(_release)
            except DeskError:
                self._published()
                raise
            self._published()
        elif not waits:
            self._outbox_waits = False

    async def _look_at_announcements(self, place: Place) -> None:
        """What everybody is told reaches a desk that is open already, and goes when its day is over."""
        found = await place.desk.errand(_announced)
        if found != place.notices.standing:
            place.notices.standing = found
            self._published()

    def _due(self, what: str, every: float) -> bool:
        """Whether it is time again; the first time is a little after the start."""
        now = self._seconds()
        if what not in self._next:
            self._next[what] = now + FIRST.get(what, every)
        if now < self._next[what]:
            return False
        self._next[what] = now + every
        return True


# Imported when they are first needed: the queue is painted before (docs/performance.md).


def _ringing(ctx: "Context") -> "Ringing | None":
    from bdesk.operations.looking.queue import ringing

    return ringing(ctx)


def _mine(ctx: "Context") -> "tuple[QueueRow, ...]":
    from bdesk.operations.looking.queue import my_rows

    return my_rows(ctx)


def _announced(ctx: "Context") -> "tuple[Announcement, ...]":
    from bdesk.operations.staff.announcing import current

    return current(ctx)


def _outbox(ctx: "Context") -> tuple[bool, bool]:
    """Whether anything is due in the outbox, and whether anything waits in it."""
    from bdesk.operations.outbox import due, pending

    with ctx.store.read() as session:
        waits = pending(session)
        return waits and due(session, ctx.store), waits


def _release(ctx: "Context") -> None:
    from bdesk.operations.outbox import release_due

    release_due(ctx)


def _sweep(ctx: "Context") -> "Swept":
    from bdesk.operations.sweep import sweep

    return sweep(ctx)


def _beat(ctx: "Context") -> None:
    ctx.store.beat_clock(ctx.actor.number)
