"""Random histories of two cases by real operations: what people, customers and time do to clocks."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st

from bdesk.data.store import Store
from bdesk.errors import DeskError
from bdesk.models.kinds import CaseKind
from bdesk.models.tables import Promise
from bdesk.operations import calls, extending, messages, parking, promises, queue, raising, undoing
from bdesk.operations.effects import adhoc
from bdesk.operations.priority import set_priority
from bdesk.operations.reopening import reopen
from bdesk.operations.sweep import sweep
from bdesk.operations.tasks import answer_task
from tests.builders import Placed
from tests.operations.desk import Desk, NotThere

WAITS = (1, 600, 3600, 20 * 3600, 26 * 3600, 80 * 3600, 8 * 86400)
PARTIES = ("customer", "courier", "warehouse", "external")

Command = tuple[str, int, int]
"""What, on which of the two cases, and a number that says more."""

WHAT = (
    *(
        "message",
        "picture",
        "call",
        "stop",
        "resume",
        "aside",
        "take up",
        "promise",
        "keep",
        "extend",
        "priority",
    ),
    *("complaint", "raise", "attach", "no reply", "undo", "walk", "reopen", "wait", "wait", "wait", "sweep"),
)

COMMANDS = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 1), st.integers(0, 9)), min_size=4, max_size=16
)

CLOCKS = ("regulator", "appeal_final", "resolution", "social_reply", "approval", "return_refund")


def begun(desk: Desk, placed: Placed) -> tuple[int, int]:
    """A refund of three hours ago, and a consultation with a clock that may be extended."""
    one = desk.opened(placed)
    two = desk.opened(placed, kind=CaseKind.CONSULTATION, media=False)
    return one, two


def play(desk: Desk, chief: Desk, cases: tuple[int, int], commands: Iterable[Command]) -> None:
    """Do what can be done; what is refused changes nothing."""
    for what, which, number in commands:
        with suppress(DeskError, NotThere):
            _do(desk, chief, cases[which], what, number)


def _do(desk: Desk, chief: Desk, case_id: int, what: str, number: int) -> None:
    ctx, now = desk.ctx, desk.ctx.now()
    verbs: dict[str, Callable[[], object]] = {
        "message": lambda: messages.receive(ctx, case_id, "请问", at=now - timedelta(hours=number % 3)),
        "picture": lambda: desk.picture(case_id),
        "call": lambda: _call(desk, case_id),
        "stop": lambda: desk.press_f8(
            adhoc.plan_stop(ctx, case_id, PARTIES[number % 4], "请补充", 1 + number * 3)
        ),
        "resume": lambda: parking.resume(ctx, case_id),
        "aside": lambda: parking.put_aside(ctx, case_id, now + timedelta(hours=1 + number)),
        "take up": lambda: queue.claim(ctx, case_id),
        "promise": lambda: promises.make(ctx, case_id, "回电", now + timedelta(hours=1 + number * 5)),
        "keep": lambda: promises.keep(ctx, 1 + number % max(1, len(desk.rows(Promise))), "已办"),
        "extend": lambda: extending.extend((ctx, chief.ctx)[number % 2], case_id, "appeal_final", "核实"),
        "priority": lambda: set_priority(ctx, case_id, 1 + number % 4, "情况变化"),
        "complaint": lambda: raising.to_complaint(ctx, case_id, "客户要求投诉"),
        "raise": lambda: raising.raise_case(ctx, case_id, "supervisor", "客户要求主管"),
        "attach": lambda: _attach(desk, case_id, CLOCKS[number % len(CLOCKS)], number),
        "no reply": lambda: messages.no_reply_needed(ctx, case_id, "只是致谢"),
        "undo": lambda: undoing.undo(ctx, case_id),
        "walk": lambda: _walk(desk, case_id, number),
        "reopen": lambda: reopen(ctx, case_id, "客户又来"),
        "wait": lambda: desk.later(seconds=WAITS[number % len(WAITS)]),
        "sweep": lambda: sweep((ctx, chief.ctx)[number % 2]),
        "answer": lambda: answer_task(ctx, number, "已找到"),
    }
    verbs[what]()


def _attach(desk: Desk, case_id: int, clock: str, hours: int) -> None:
    from bdesk.operations import clocks

    clocks.attach(desk.ctx, case_id, clock, desk.ctx.now() - timedelta(hours=hours))


def _call(desk: Desk, case_id: int) -> None:
    contact = calls.start_call(desk.ctx, "15400000001")
    try:
        calls.attach_call(desk.ctx, contact, case_id)
    finally:
        calls.end_call(desk.ctx, contact, "已答复")


def _walk(desk: Desk, case_id: int, number: int) -> None:
    """Some answer of the step at hand that needs nothing filled in."""
    current = desk.stand(case_id).walk.current
    if current is not None and current.options:
        desk.go(case_id, current.options[number % len(current.options)].code)


def must_agree(store: Store, *desks: Desk) -> None:
    """What is stored is what the events say, folded again; nothing is left for a second sweep."""
    from tests.operations.desk import must_add_up

    must_add_up(store)
    sweep(desks[0].ctx)
    assert not sweep(desks[0].ctx).breaches
    must_add_up(store)
