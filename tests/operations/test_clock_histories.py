"""SLA.md, "Tests to write first", each on a real history: operations, a file, a fold, words for each stretch.

What stands elsewhere: a stop and a closing in one save (test_stopping), a sweep late by an hour and two at
once (test_sweep), merges (test_merging_clocks), first cycles that stay as they were (test_reopening).
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.tables import ClockRow
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import clocks, parking, raising
from bdesk.operations.effects import adhoc
from bdesk.operations.looking.clocks import Explained, explain_case
from bdesk.operations.priority import set_priority
from bdesk.operations.reopening import reopen
from bdesk.operations.sweep import sweep
from tests.builders import Placed, clock_of, customer, make_store, open_case, order, person
from tests.operations.desk import Desk, begin_again, met, must_add_up
from tests.operations.histories import COMMANDS, Command, begun, must_agree, play
from tests.rules.clock.journal_builder import at


def explained(desk: Desk, case_id: int, kind: str) -> Explained:
    """The newest clock of this kind, as the screen and the command explain it."""
    found = (one for one in explain_case(desk.ctx, case_id).clocks if one.reading.kind == kind)
    return max(found, key=lambda one: one.reading.event_id)


def said(desk: Desk, case_id: int, kind: str) -> list[str]:
    return [line.code.removeprefix("clock.line.") for line in explained(desk, case_id, kind).lines]


def consultation(desk: Desk, placed: Placed) -> int:
    return desk.opened(placed, kind=CaseKind.CONSULTATION, media=False, hours=0)


# Priority and kind


@pytest.mark.parametrize(("priority", "days"), [(1, 1), (2, 2), (4, 5)])
def test_priority_changed_while_paused(desk: Desk, placed: Placed, priority: int, days: int) -> None:
    """Wednesday 10:00, stopped until Friday 10:00: the new clock starts as the old one did and lost the same
    days; it stands on, and runs on with the old one's end of the stop."""
    case_id = consultation(desk, placed)
    first = desk.clock(case_id, "resolution")
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "courier", "等快递核实", 2))
    desk.later(hours=3)
    set_priority(desk.ctx, case_id, priority, "情况变化")
    old, new = desk.rows(ClockRow, case_id=case_id, kind="resolution")
    assert (old.run, old.outcome, new.run) == (RunState.CANCELLED, Outcome.OPEN, RunState.PAUSED)
    assert (new.start_at, new.resume_at) == (first.start_at, desk.ctx.now() + timedelta(hours=45))
    assert "paused_days" in said(desk, case_id, "resolution")
    desk.later(days=2)
    sweep(desk.ctx)
    # Wednesday and Thursday end while it stands: Friday is the first day that counts.
    ends = {1: "11-20 24:00", 2: "11-23 24:00", 5: "11-26 24:00"}
    assert desk.clock(case_id, "resolution").due_at == at(ends[days])
    must_add_up(desk.store)


def test_a_priority_changed_past_due_is_one_breach(desk: Desk, placed: Placed) -> None:
    case_id = consultation(desk, placed)
    desk.later(days=6)
    assert sweep(desk.ctx).breaches >= 1
    told = len(desk.events(case_id, "clock.breached"))
    set_priority(desk.ctx, case_id, 1)
    sweep(desk.ctx)
    assert len(desk.events(case_id, "clock.breached")) == told
    assert [row.outcome for row in desk.rows(ClockRow, case_id=case_id, kind="resolution")] == [
        Outcome.BREACHED, Outcome.BREACHED,
    ]  # fmt: skip
    must_add_up(desk.store)


def test_a_kind_changed_while_paused_keeps_the_stop(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, hours=1)
    clocks.attach(desk.ctx, case_id, "regulator")
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 3))
    desk.later(hours=2)
    raising.to_complaint(desk.ctx, case_id, "客户要求投诉")
    heir = desk.clock(case_id, "complaint_result")
    assert (heir.run, heir.start_at) == (RunState.PAUSED, desk.case(case_id).received_at)
    assert desk.clock(case_id, "regulator").run is RunState.RUNNING
    assert desk.clock(case_id, "refund_review").run is RunState.CANCELLED
    must_add_up(desk.store)


# Meeting, closing, reopening


@pytest.mark.parametrize(("seconds", "outcome"), [(0, Outcome.MET), (1, Outcome.BREACHED)])
def test_due_exactly_at_the_fulfilment(
    desk: Desk, chief: Desk, placed: Placed, seconds: int, outcome: Outcome
) -> None:
    case_id = desk.opened(placed, hours=21)
    desk.later(hours=3, seconds=seconds)
    assert desk.clock(case_id, "refund_review").due_at == desk.ctx.now() - timedelta(seconds=seconds)
    clocks.fulfil(chief.ctx, case_id, "refund_review")
    desk.later(hours=5)
    sweep(desk.ctx)
    row = desk.clock(case_id, "refund_review")
    assert (row.run, row.outcome) == (RunState.STOPPED, outcome)
    assert said(desk, case_id, "refund_review")[-2] == ("met" if not seconds else "met_late")
    must_add_up(desk.store)


@pytest.mark.parametrize("late", [False, True])
def test_reopening_of_a_met_and_of_a_breached_case(desk: Desk, placed: Placed, late: bool) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23 if late else 3))
    desk.later(hours=2)
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    sweep(desk.ctx)
    first = desk.clock(case_id, "refund_review")
    desk.later(days=5)
    reopen(desk.ctx, case_id, "客户又来")
    again = desk.clock(case_id, "refund_review")
    assert (first.run, first.outcome) == (RunState.STOPPED, Outcome.BREACHED if late else Outcome.MET)
    assert (again.run, again.outcome, again.start_at) == (RunState.STOPPED, first.outcome, first.start_at)
    second = desk.clock(case_id, "refund_review", cycle=2)
    assert (second.run, second.outcome, second.start_at) == (RunState.RUNNING, Outcome.OPEN, desk.ctx.now())
    assert "cycle" in said(desk, case_id, "refund_review")
    assert len(desk.events(case_id, "clock.breached")) == late
    must_add_up(desk.store)


# Ways to count


@pytest.mark.parametrize(
    ("clock", "received", "due", "lines"),
    [
        # At lunch on a Tuesday: four office hours from 13:00.
        ("social_reply", "11-17 12:30", "11-17 17:00", {"closed", "ran"}),
        ("social_reply", "11-17 16:30", "11-18 11:30", {"closed", "ran"}),
        # On a holiday, and on a make-up Saturday.
        ("social_reply", "10-01 10:00", "10-08 14:00", {"closed", "ran"}),
        ("social_reply", "10-10 09:30", "10-10 14:30", {"closed", "ran"}),
        ("appeal_preliminary", "09-30 16:30", "10-13 24:00", {"day_zero", "holiday_named", "makeup", "ran"}),
        ("complaint_result", "10-10 10:00", "10-14 24:00", {"day_zero", "weekend", "ran"}),
        # Day and night, across midnight.
        ("refund_review", "11-17 23:30", "11-18 23:30", {"ran"}),
        # A window whose last day is a holiday.
        ("return_window", "09-24 09:00", "10-08 24:00", {"moved_named"}),
        # Across the end of the year into one that nobody has published.
        ("complaint_result", "2026-12-30 10:00", "2027-01-05 24:00", {"provisional", "holiday_named"}),
    ],
)  # fmt: skip
def test_received_whenever_it_is_due_as_counted_and_every_stretch_is_named(
    desk: Desk, placed: Placed, clock: str, received: str, due: str, lines: set[str]
) -> None:
    case_id = consultation(desk, placed)
    start = at(received)
    if start > desk.ctx.now():
        clock_of(desk.store).at = start
    clocks.attach(desk.ctx, case_id, clock, start)
    row, found = desk.clock(case_id, clock), explained(desk, case_id, clock)
    assert row.due_at == at(due)
    assert row.provisional is ("provisional" in lines)
    assert lines <= set(said(desk, case_id, clock))
    # The segments lead from the start to the due time without a gap, and each is told in a line.
    stretches = found.reading.segments
    assert (stretches[0].start, stretches[-1].end) == (start, at(due))
    assert all(one.end == two.start for one, two in pairwise(stretches))
    assert sum(line.params.get("since") is not None for line in found.lines) >= len(
        [one for one in stretches if one.kind.value != "moved"]
    )
    must_add_up(desk.store)


# Calendars, hosts


def test_a_calendar_edited_in_mid_pause_moves_no_case_that_is_open(
    desk: Desk, buyer: int, placed: Placed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The firm gives everybody Friday off while a case stands stopped: it stays on the days it was pinned to,
    also after the stop and whatever is done on it; a case of now counts on the new ones."""
    case_id = consultation(desk, placed)
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "courier", "等快递核实", 1))
    before = desk.clock(case_id, "resolution").due_at
    folder = tmp_path / "home" / "book" / "calendars"
    folder.mkdir(parents=True)
    (folder / "working_days.yaml").write_text(
        "days:\n  - {date: 2026-11-20, working: false, note: 公司放假}\n", encoding="utf-8"
    )
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "home"))
    book = load_book()
    later = Desk(desk.store, desk.ctx.actor, desk.ports)
    assert later.ctx.book.version("calendar", "all") == book.version("calendar", "all")
    assert book.version("calendar", "all") != desk.ctx.book.version("calendar", "all")
    desk.later(hours=20)
    parking.resume(later.ctx, case_id)
    newer = consultation(later, placed)
    # Wednesday ended while it stood; Thursday, Friday and Monday count.
    assert later.clock(case_id, "resolution").due_at == at("11-23 24:00")
    assert before == at("11-23 24:00")
    assert later.clock(newer, "resolution").due_at == at("11-25 24:00")  # from Thursday, without Friday
    assert verify(desk.store, book).first_fault is None


def test_a_host_clock_that_was_set_back(desk: Desk, placed: Placed) -> None:
    """Nothing that was counted is counted again, a breach stays, and the order of acts is that of the
    journal."""
    case_id = desk.opened(placed, hours=23)
    desk.later(hours=2)
    sweep(desk.ctx)
    clock_of(desk.store).move(timedelta(days=-3))
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 3))
    desk.picture(case_id)
    row = desk.clock(case_id, "refund_review")
    assert (row.run, row.outcome) == (RunState.RUNNING, Outcome.BREACHED)
    assert sweep(desk.ctx).breaches == 0
    clock_of(desk.store).move(timedelta(days=10))
    sweep(desk.ctx)
    assert len(desk.events(case_id, "clock.breached")) == 1
    must_add_up(desk.store)


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """A host far west of Shanghai."""
    was = os.environ.get("TZ")
    os.environ["TZ"] = "America/Los_Angeles"
    time.tzset()
    yield
    if was is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = was
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_a_host_in_another_time_zone(desk: Desk, placed: Placed) -> None:
    assert datetime.now().astimezone().utcoffset() != timedelta(hours=8)
    case_id = consultation(desk, placed)
    clocks.attach(desk.ctx, case_id, "appeal_preliminary", at("09-30 16:30"))
    assert desk.clock(case_id, "appeal_preliminary").due_at == at("10-13 24:00")
    assert desk.clock(case_id, "resolution").due_at == at("11-23 24:00")
    words = explained(desk, case_id, "appeal_preliminary").lines
    assert any(line.params.get("due") in ("10/13 24:00", "10月13日 24:00") for line in words)
    must_add_up(desk.store)


def test_take_up_of_a_stop_at_its_own_end_counts_once(desk: Desk, buyer: int) -> None:
    case_id = open_case(
        desk.store,
        customer_id=buyer,
        kind=CaseKind.COMPLAINT,
        clocks=("refund_review",),
        owner=desk.ctx.actor,
    )
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 1))
    due = desk.clock(case_id, "refund_review").due_at
    desk.later(days=1)
    desk.picture(case_id)
    sweep(desk.ctx)
    assert desk.clock(case_id, "refund_review").due_at == due
    assert not met(desk.clock(case_id, "refund_review"))
    must_add_up(desk.store)


# Whatever happens


@cache
def prepared() -> tuple[bytes, tuple[int, int], tuple[ActorView, ActorView]]:
    """A store with two cases; each example starts from a copy."""
    with TemporaryDirectory() as folder, make_store(Path(folder)) as store:
        actors = person(store, "1001"), person(store, "2001", Role.SUPERVISOR)
        cases = begun(Desk(store, actors[0]), order(store, customer(store)))
        store.close()
        return (Path(folder) / "desk.db").read_bytes(), cases, actors


@settings(max_examples=25, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
@given(commands=COMMANDS)
def test_what_is_stored_is_what_the_events_say_whatever_happens(
    kept: tuple[Store, bytes], commands: list[Command]
) -> None:
    store, _ = kept
    made, cases, actors = prepared()
    begin_again(store, made)
    desk, chief = (Desk(store, actor) for actor in actors)
    play(desk, chief, cases, commands)
    must_agree(store, desk)
