"""Random histories in which a supervisor meddles: whatever happens, the journal, clocks and money agree."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

from bdesk.data.store import Store
from bdesk.errors import DeskError
from bdesk.models.clock_kinds import Drives, Outcome
from bdesk.models.kinds import CaseKind, CaseState, Role
from bdesk.models.tables import Case, ClockRow
from bdesk.operations import outbox, undoing
from bdesk.operations.priority import set_priority
from bdesk.operations.reopening import reopen_late
from bdesk.operations.supervising.broadcasting import broadcast
from bdesk.operations.supervising.excusing import excuse
from bdesk.operations.supervising.kinds import set_kind
from bdesk.operations.supervising.merging import merge_into
from bdesk.operations.supervising.reassigning import reassign, take_over
from tests.builders import Placed, customer, order, person
from tests.operations.desk import Desk, begin_again
from tests.operations.histories import WHAT, Command, begun, must_agree, play
from tests.operations.test_reopening import general_case

MEDDLING = ("give", "take over", "merge", "kind", "back", "tell", "excuse", "again", "hurry", "let go")
KINDS = (CaseKind.COMPLAINT, CaseKind.CONSULTATION, CaseKind.REFUND, CaseKind.SHIPMENT_DELAY)

HISTORIES, LENGTH = 6, 26


def commands(seed: int) -> list[Command]:
    """Half of it a supervisor's, half what agents, customers and time do."""
    rng = Random(seed)
    return [
        (rng.choice(MEDDLING if rng.random() < 0.5 else WHAT), rng.randint(0, 1), rng.randint(0, 9))
        for _ in range(LENGTH)
    ]


def meddle(desk: Desk, chief: Desk, cases: tuple[int, int], closed: int, command: Command) -> bool:
    """Whether it was done; what is refused changes nothing."""
    what, which, number = command
    case_id, other = cases[which], cases[1 - which]
    late = [
        row
        for row in desk.rows(ClockRow, case_id=case_id)
        if row.outcome is Outcome.BREACHED and row.drives is Drives.DESK
    ]
    verbs: dict[str, Callable[[], object]] = {
        "give": lambda: reassign(chief.ctx, case_id, ("1002", "1001")[number % 2], "换人"),
        "take over": lambda: take_over(chief.ctx, case_id, "我来"),
        "merge": lambda: merge_into(chief.ctx, case_id, desk.case(other).case_no, "同一件事"),
        "kind": lambda: set_kind(chief.ctx, case_id, KINDS[number % len(KINDS)], "改事项"),
        "back": lambda: undoing.undo(chief.ctx, case_id),
        "tell": lambda: broadcast(chief.ctx, cases, "仓库停电"),
        "excuse": lambda: [
            excuse(chief.ctx, case_id, one.kind, one.cycle, one.number, "故障") for one in late
        ],
        "again": lambda: reopen_late(chief.ctx, (case_id, closed)[number % 2], "重开"),
        "hurry": lambda: set_priority(chief.ctx, case_id, 1 + number % 4, "情况变化"),
        "let go": lambda: let_go(desk),
    }
    with suppress(DeskError):
        verbs[what]()
        return True
    return False


def let_go(desk: Desk) -> None:
    desk.later(seconds=11)
    outbox.release_due(desk.ctx)


def tries(store: Store) -> tuple[Desk, Desk, tuple[int, int], int]:
    """An agent with two open cases and a closed one, and a supervisor."""
    buyer = customer(store)
    placed: Placed = order(store, buyer)
    desk = Desk(store, person(store, "1001"))
    person(store, "1002", name="陈默")
    chief = Desk(store, person(store, "2001", Role.SUPERVISOR, name="周岚"), desk.ports)
    closed = general_case(desk, placed)
    return desk, chief, begun(desk, placed), closed


def test_what_is_stored_is_what_the_events_say_whoever_meddles(kept: tuple[Store, bytes]) -> None:
    done: set[str] = set()
    for seed in range(HISTORIES):
        begin_again(*kept)
        done |= history(kept[0], commands(seed))
    # A deed that was refused every time would prove nothing.
    assert done == set(MEDDLING)


def history(store: Store, told: list[Command]) -> set[str]:
    desk, chief, cases, closed = tries(store)
    done: set[str] = set()
    breached: set[tuple[int, str, int, int]] = set()
    excused: set[tuple[int, str, int, int]] = set()
    for command in told:
        if command[0] not in MEDDLING:
            play(desk, chief, cases, [command])
        elif meddle(desk, chief, cases, closed, command):
            done.add(command[0])
        rows = {(one.case_id, one.kind, one.cycle, one.number): one for one in desk.rows(ClockRow)}
        # What was breached stays so, and what was excused, unless what attached the clock was undone.
        assert all(rows[name].outcome is Outcome.BREACHED for name in breached & rows.keys())
        assert all(rows[name].excused for name in excused & rows.keys())
        breached |= {name for name, one in rows.items() if one.outcome is Outcome.BREACHED}
        excused |= {name for name, one in rows.items() if one.excused}
        assert excused <= breached
    # One of the two goes on for as long as the other went into it.
    states = [desk.row(Case, one).state for one in cases]
    assert states.count(CaseState.MERGED) < len(cases)
    must_agree(store, desk)
    return done
