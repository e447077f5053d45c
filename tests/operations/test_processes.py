"""Several processes on one store, and one that dies between F8 and the release."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.models.kinds import DeliveryState
from bdesk.models.tables import Case, OutboxRow, Refund
from bdesk.operations import queue
from bdesk.operations.effects.recall import open_windows, recall
from bdesk.operations.sweep import sweep
from tests.builders import Placed, clock_of, order, person
from tests.operations.desk import Desk, must_add_up, refunded, status_of

pytestmark = pytest.mark.usefixtures("book_at_hand")

ROOT = Path(__file__).parents[2]

# The clock of a test stands in a file, so that every process of it has the same time.
HEAD = """
import json, os, sys, time
from datetime import datetime
from pathlib import Path
from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.errors import DeskError
from bdesk.operations import outbox, queue
from bdesk.operations.context import Context
from bdesk.operations.staff.people import find_actor
from bdesk.operations.ports import Reply, Answer, Ports, SimulatedMail, simulated
from bdesk.operations.sweep import sweep

url, now, number = sys.argv[1:4]
store = open_store(url, clock=FrozenClock(datetime.fromisoformat(now)))
ctx = Context(store, load_book(), find_actor(store, number))

def ready():
    print("ready", flush=True)
    sys.stdin.readline()
"""

TAKE = """
ready()
took = []
while True:
    try:
        took.append(queue.take_next(ctx).case_id)
    except DeskError as refused:
        print(json.dumps([took, refused.code]), flush=True)
        break
"""

SWEEP = """
ready()
swept = sweep(ctx)
print(json.dumps([swept.breaches, swept.released]), flush=True)
"""

COMMIT = """
from bdesk.operations.effects.commit import commit
from bdesk.operations.effects.strip import plan_strip
done = commit(ctx, plan_strip(ctx, int(sys.argv[4]), "assess/decide", "approve", {}))
print(json.dumps(list(done.outbox)), flush=True)
time.sleep(60)
"""

DIE_ASKING = """
class Dies:
    def refund(self, refund_no, payment_no, amount_fen):
        Path(sys.argv[4]).write_text(refund_no)
        print("asked", flush=True)
        time.sleep(60)
    query = None

ctx = Context(store, load_book(), ctx.actor, ports=Ports(Dies(), SimulatedMail()))
outbox.release_due(ctx)
"""


def start(desk: Desk, script: str, *more: object) -> subprocess.Popen[str]:
    now = clock_of(desk.store).at.isoformat()
    arguments = [desk.store.url, now, desk.ctx.actor.number, *(str(one) for one in more)]
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> None:
    process.wait(timeout=60)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    end(process)


@pytest.fixture
def others(desk: Desk) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes of a test, none of which outlives it."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        end(process)


def test_four_processes_take_next_and_none_takes_the_same(
    desk: Desk, buyer: int, others: list[subprocess.Popen[str]]
) -> None:
    cases = [desk.opened(order(desk.store, buyer), take=False, media=False) for _ in range(20)]
    for number in ("1101", "1102", "1103", "1104"):
        others.append(start(Desk(desk.store, person(desk.store, number)), TAKE))
    for process in others:
        assert said(process) == "ready"
    for process in others:
        go(process)
    told = [json.loads(said(process)) for process in others]
    taken = Counter(case_id for took, _ in told for case_id in took)
    assert sorted(taken) == sorted(cases)
    assert set(taken.values()) == {1}
    assert {code for _, code in told} == {"queue.empty"}
    with_owner = {row.id: row.owner_id for row in desk.rows(Case)}
    assert None not in with_owner.values()
    for case_id in cases:
        assert len(desk.events(case_id, "case.claimed")) == 1
    must_add_up(desk.store)


def test_two_processes_sweep_and_write_one_breach(
    desk: Desk, placed: Placed, others: list[subprocess.Popen[str]]
) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23))
    late = desk.opened(order(desk.store, placed.customer_id), hours=23)
    desk.go(case_id, "approve")
    desk.later(hours=2)
    others += [start(desk, SWEEP), start(desk, SWEEP)]
    for process in others:
        assert said(process) == "ready"
    for process in others:
        go(process)
    told = [json.loads(said(process)) for process in others]
    assert [sum(each) for each in zip(*told, strict=True)] == [1, 2]
    assert len(desk.events(late, "clock.breached")) == 1
    assert len(desk.events(case_id, "effect.accepted")) == 2
    assert refunded(desk.store, placed) == (12800, 0)
    must_add_up(desk.store)


def test_kill_9_between_f8_and_the_release(
    desk: Desk, placed: Placed, others: list[subprocess.Popen[str]]
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    others.append(start(desk, COMMIT, case_id))
    outbox_ids = json.loads(said(others[0]))
    kill(others[0])
    assert refunded(desk.store, placed) == (0, 12800)
    must_add_up(desk.store)
    # The person's next desk still shows what can be taken back, and any desk lets it go.
    assert [list(window.outbox) for window in open_windows(desk.ctx)] == [outbox_ids]
    elsewhere = Desk(desk.store, person(desk.store, "1102"), desk.ports)
    assert elsewhere.release() == []
    desk.later(seconds=11)
    assert elsewhere.release() == ["ok", "ok"]
    assert refunded(desk.store, placed) == (12800, 0)
    assert desk.step(case_id) == "paid"
    must_add_up(desk.store, [desk.ports])


def test_kill_9_between_f8_and_the_release_and_recalled_after(
    desk: Desk, placed: Placed, others: list[subprocess.Popen[str]]
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    others.append(start(desk, COMMIT, case_id))
    said(others[0])
    kill(others[0])
    recall(desk.ctx, open_windows(desk.ctx)[0].commit_event)
    desk.later(hours=1)
    assert desk.release() == []
    assert refunded(desk.store, placed) == (0, 0)
    assert status_of(desk.store, placed) == "signed"
    must_add_up(desk.store, [desk.ports])


def test_kill_9_while_the_channel_is_asked(
    desk: Desk, placed: Placed, others: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    """Between lease and answer: the next process asks with the same number, after the lease."""
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    others.append(start(desk, DIE_ASKING, tmp_path / "number"))
    assert said(others[0]) == "asked"
    kill(others[0])
    first = (tmp_path / "number").read_text()
    assert desk.rows(Refund)[0].refund_no == first
    assert desk.rows(OutboxRow)[0].state is DeliveryState.RELEASED
    # Its lease holds still, and what is on its way cannot be recalled.
    assert desk.release() == []
    assert open_windows(desk.ctx) == ()
    desk.later(seconds=61)
    assert sweep(desk.ctx).released == 2
    assert [number for number, _, _ in desk.payment.asked] == [first]
    assert len(desk.rows(Refund)) == 1
    assert refunded(desk.store, placed) == (12800, 0)
    assert len(desk.events(case_id, "effect.released")) == 2
    must_add_up(desk.store, [desk.ports])


def test_leaving_a_case_for_the_next_puts_it_aside(desk: Desk, placed: Placed) -> None:
    first = desk.opened(placed)
    second = desk.opened(order(desk.store, placed.customer_id), take=False)
    changed = queue.take_next(desk.ctx, leaving=first)
    assert changed.case_id == second
    assert set(changed.cases) == {first, second}
    assert desk.case(first).aside
    assert desk.case(first).owner_id == desk.ctx.actor.id
    desk.later(minutes=1)
    assert clock_of(desk.store).at - desk.case(second).received_at > timedelta(hours=3)
    must_add_up(desk.store)
