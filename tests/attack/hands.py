"""The same hand at two desks in one moment: `pressed_twice(desk, strip)`, `let_go_twice(desk)`."""

import threading
from collections.abc import Callable

from bdesk.data.store import open_store
from bdesk.errors import CaseMoved, FactsMoved, NotAllowed
from bdesk.models.views.strip import Strip
from bdesk.operations import outbox
from bdesk.operations.context import Context
from bdesk.operations.effects import commit
from bdesk.operations.staff.people import find_actor
from tests.builders import clock_of
from tests.operations.desk import Desk


def pressed_twice(desk: Desk, strip: Strip) -> None:
    """F8 on one strip from two terminals of one person: one of them does it, the other is told."""
    said: list[str] = []

    def press(ctx: Context) -> None:
        try:
            commit.commit(ctx, strip)
            said.append("committed")
        except (NotAllowed, CaseMoved, FactsMoved) as refused:
            said.append(refused.code)

    _at_once(desk, press)
    assert sorted(said)[0] != sorted(said)[1] and "committed" in said, said


def let_go_twice(desk: Desk) -> None:
    """Two desks let the outbox go."""
    _at_once(desk, outbox.release_due)


def _at_once(desk: Desk, act: Callable[[Context], object]) -> None:
    begin = threading.Barrier(2)

    def hand() -> None:
        with open_store(desk.store.url, clock=clock_of(desk.store)) as mine:
            ctx = Desk(mine, find_actor(mine, desk.ctx.actor.number), desk.ports).ctx
            begin.wait(timeout=60)
            act(ctx)

    hands = [threading.Thread(target=hand) for _ in range(2)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
