"""Promises and calls back: made from any case, kept with a word, broken once, carried by a merge."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.data.book.book import load_book
from bdesk.data.verify import verify
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseFlag, CaseOutcome, PromiseState
from bdesk.models.tables import CaseFlagRow, CaseText, ClockRow, Promise
from bdesk.operations import notes, promises, undoing
from bdesk.operations.change import Act
from bdesk.operations.looking.clocks import explain_case
from bdesk.operations.sweep import sweep
from bdesk.rules.cases import can_close
from bdesk.rules.promises import owed
from tests.builders import Placed, person
from tests.operations.desk import Desk, met, must_add_up
from tests.operations.test_sweep import at_once
from tests.operations.test_waking import told

HOUR = timedelta(hours=1)


def promised(
    desk: Desk, case_id: int, hours: int = 2, kind: str = promises.PROMISE, words: str = "回复进度"
) -> int:
    promises.make(desk.ctx, case_id, words, desk.ctx.now() + hours * HOUR, kind)
    return desk.rows(Promise, case_id=case_id)[-1].id or 0


@pytest.mark.parametrize("kind", [promises.PROMISE, promises.CALL_BACK])
def test_a_promise_is_due_at_its_time_and_leads_the_queue(desk: Desk, placed: Placed, kind: str) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, kind=kind)
    row, case = desk.clock(case_id, kind), desk.case(case_id)
    assert row.due_at == desk.row(Promise, number).due_at == desk.ctx.now() + 2 * HOUR
    assert (case.queue_clock, case.queue_at) == (kind, row.due_at)
    lines = [line.code for one in explain_case(desk.ctx, case_id).clocks if one.leading for line in one.lines]
    assert "clock.line.given" in lines
    must_add_up(desk.store)


def test_a_promise_is_kept_with_a_word_and_its_own_clock_is_met(desk: Desk, placed: Placed) -> None:
    """Two at once: the one that was done is the one whose clock ends, whichever is due first."""
    case_id = desk.opened(placed)
    first, second = promised(desk, case_id, 2), promised(desk, case_id, 1)
    promises.keep(desk.ctx, first, "已电话告知")
    rows = desk.rows(ClockRow, case_id=case_id, kind="promise")
    assert [met(row) for row in rows] == [True, False]
    assert [desk.row(Promise, one).state for one in (first, second)] == [PromiseState.KEPT, PromiseState.OPEN]
    with pytest.raises(NotAllowed, match=r"promise\.done"):
        promises.keep(desk.ctx, first, "又告知一次")
    must_add_up(desk.store)
    undoing.undo(desk.ctx, case_id)
    assert desk.row(Promise, first).state is PromiseState.OPEN
    assert desk.rows(ClockRow, case_id=case_id, kind="promise")[0].run is RunState.RUNNING
    must_add_up(desk.store)


def test_undoing_a_promise_takes_its_clock_along(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id)
    undoing.undo(desk.ctx, case_id)
    assert desk.row(Promise, number).state is PromiseState.CANCELLED
    assert desk.rows(ClockRow, case_id=case_id, kind="promise") == []
    again = promised(desk, case_id)
    promises.keep(desk.ctx, again, "已回电")
    assert desk.row(Promise, again).state is PromiseState.KEPT
    must_add_up(desk.store)


def test_a_promise_is_broken_once_whoever_sweeps(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, 1)
    kept = promised(desk, case_id, 5)
    desk.later(hours=2)
    at_once(desk, 3)
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    assert desk.row(Promise, kept).state is PromiseState.OPEN
    (breach,) = desk.events(case_id, "clock.breached")
    (broken,) = desk.events(case_id, "promise.broken")
    assert (broken.payload["promise"], broken.payload["cause"]) == (number, breach.id)
    assert len(desk.rows(CaseFlagRow, case_id=case_id, flag=CaseFlag.PROMISE_BROKEN)) == 1
    must_add_up(desk.store)
    promises.keep(desk.ctx, number, "晚了一小时，已致歉")
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    assert desk.rows(ClockRow, case_id=case_id, kind="promise")[0].run is RunState.STOPPED
    assert not sweep(desk.ctx).anything
    must_add_up(desk.store)


def test_kept_too_late_before_any_sweep_is_broken_all_the_same(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, 1)
    desk.later(hours=2)
    promises.keep(desk.ctx, number, "已回电")
    assert sweep(desk.ctx).breaches == 1
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    row = desk.clock(case_id, "promise")
    assert (row.run, row.outcome) == (RunState.STOPPED, Outcome.BREACHED)
    must_add_up(desk.store)


def test_kept_at_the_very_due_time_is_kept(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, 1)
    desk.later(hours=1)
    promises.keep(desk.ctx, number, "已回电")
    desk.later(hours=1)
    assert sweep(desk.ctx).breaches == 0
    assert desk.row(Promise, number).state is PromiseState.KEPT


def test_a_promise_goes_with_its_case_into_a_merge_and_back(desk: Desk, placed: Placed) -> None:
    target = desk.opened(placed, hours=1)
    other = promised(desk, target, 4)
    source = desk.opened(placed, hours=9, media=False)
    number = promised(desk, source, 2)
    done = desk.go(source, "merge")
    assert desk.row(Promise, number).case_id == target
    assert desk.case(target).queue_at == desk.row(Promise, number).due_at
    must_add_up(desk.store)
    desk.recall(done)
    assert desk.row(Promise, number).case_id == source
    must_add_up(desk.store)
    desk.go(source, "merge")
    desk.later(hours=3)
    sweep(desk.ctx)
    assert [desk.row(Promise, one).state for one in (number, other)] == [
        PromiseState.BROKEN,
        PromiseState.OPEN,
    ]
    assert desk.events(source, "promise.broken") == []
    must_add_up(desk.store)


def test_what_is_withdrawn_is_owed_no_more(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    number = promised(desk, case_id, 30)
    desk.go(case_id, "withdrawn")
    desk.go(case_id, "confirm")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    case = desk.case(case_id)
    assert case.outcome is CaseOutcome.WITHDRAWN
    row = desk.clock(case_id, "promise")
    assert (desk.row(Promise, number).state, row.run) == (PromiseState.CANCELLED, RunState.CANCELLED)
    assert [one.payload["reason"] for one in desk.events(case_id, "clock.cancelled")][-1:] == ["withdrawn"]
    must_add_up(desk.store)


def test_what_was_promised_by_hand_brings_its_closed_case_back(desk: Desk, placed: Placed) -> None:
    """Nothing of the order waits to be shipped, which says nothing about what somebody promised."""
    case_id = desk.to_decision(desk.opened(placed))
    number = promised(desk, case_id, 30, words="告知到账情况")
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert not desk.case(case_id).open
    desk.later(hours=29)
    assert sweep(desk.ctx).brought_back == 1
    assert (desk.case(case_id).open, desk.row(Promise, number).state) == (True, PromiseState.OPEN)
    assert desk.clock(case_id, "promise").run is RunState.RUNNING
    assert "Back in work: a promise is due soon" in told(desk.ctx, case_id)
    must_add_up(desk.store)


def test_the_words_of_a_promise_can_be_erased(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, words="打给王丽 15400000037")
    (text,) = desk.rows(CaseText, case_id=case_id, kind="promise")
    notes.erase_text(chief.ctx, text.id or 0, "客户要求删除")
    assert desk.row(Promise, number).words == ""
    assert desk.row(CaseText, text.id or 0).body == ""
    must_add_up(desk.store)


def test_what_cannot_be_promised(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.go(case_id, "other", difference="另一件事") if desk.step(case_id) == "duplicate/same" else None
    desk.go(case_id, "whole")
    with pytest.raises(BadInput, match=r"promise\.past"):
        promises.make(desk.ctx, case_id, "回电", desk.ctx.now())
    with pytest.raises(BadInput, match=r"note\.empty"):
        promises.make(desk.ctx, case_id, " ", desk.ctx.now() + HOUR)
    with pytest.raises(BadInput, match=r"promise\.kind"):
        promises.make(desk.ctx, case_id, "回电", desk.ctx.now() + HOUR, "resolution")
    with pytest.raises(NotAllowed, match=r"promise\.unknown"):
        promises.keep(desk.ctx, 999, "已回电")
    other = Desk(desk.store, person(desk.store, "1007"), desk.ports)
    number = promised(desk, case_id)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        promises.make(other.ctx, case_id, "回电", desk.ctx.now() + HOUR)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        promises.keep(other.ctx, number, "已回电")


def made_by_the_walk(desk: Desk, case_id: int, hours: int, topic: str) -> int:
    """What an answer of a walk promised on this topic."""
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        due = unit.now + hours * HOUR
        number = promises.promise_event(act, desk.ctx, f"告知{topic}", due, topic=topic).id
        act.finish(desk.ctx, "promise.made")
    return number or 0


def closed(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")


def test_a_promise_names_its_clock_and_two_of_one_minute_are_told_apart(desk: Desk, placed: Placed) -> None:
    """The one that was done is over on every screen, whatever else is due at that minute."""
    case_id = desk.opened(placed)
    first, second = promised(desk, case_id), promised(desk, case_id)
    row = desk.row(Promise, second)
    assert (row.clock, row.number, row.cycle, row.topic) == ("promise", 2, 1, None)
    promises.keep(desk.ctx, first, "已告知")
    stand = desk.stand(case_id).snapshot
    assert [one.id for one in owed(stand.promises, stand.clocks)] == [second]


@pytest.mark.parametrize("changes", [{"number": 9}, {"clock": "call_back"}, {"cycle": 4}, {"topic": "trace"}])
def test_a_promise_that_names_another_clock_behind_the_desk_is_found(
    desk: Desk, placed: Placed, changes: dict[str, object]
) -> None:
    promised(desk, desk.opened(placed))
    must_add_up(desk.store)
    with desk.store.write("test") as unit:
        for name, value in changes.items():
            setattr(unit.session.scalars(select(Promise)).one(), name, value)
        unit.commit()
    verdict = verify(desk.store, load_book())
    assert verdict.first_fault is not None and verdict.first_fault.code == "promise.differs"


def test_the_walk_keeps_what_it_promised_on_the_topic_and_nothing_else(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    trace = made_by_the_walk(desk, case_id, 5, "trace")
    other = made_by_the_walk(desk, case_id, 5, "repay")
    by_hand = promised(desk, case_id, 5)
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        promises.keep_open(act, desk.ctx, promises.by_the_walk(["trace"]))
        act.finish(desk.ctx, "promise.kept")
    states = [desk.row(Promise, one).state for one in (trace, other, by_hand)]
    assert states == [PromiseState.KEPT, PromiseState.OPEN, PromiseState.OPEN]
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        promises.keep_open(act, desk.ctx, promises.by_the_walk())
        act.finish(desk.ctx, "promise.kept")
    assert [desk.row(Promise, one).state for one in (other, by_hand)] == [
        PromiseState.KEPT,
        PromiseState.OPEN,
    ]
    must_add_up(desk.store)


def test_closing_says_which_promise_outlives_it_and_undoing_takes_that_back(
    desk: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    number = promised(desk, case_id, 30)
    closed(desk, case_id)
    (stays,) = desk.events(case_id, "promise.stays")
    assert stays.payload["promise"] == number
    assert desk.clock(case_id, "promise").run is RunState.RUNNING
    must_add_up(desk.store)


def test_what_was_promised_by_hand_and_is_late_keeps_its_case_open_until_it_is_done(
    desk: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    number = promised(desk, case_id, 1)
    desk.go(case_id, "approve")
    desk.later(hours=2)
    desk.release()
    sweep(desk.ctx)
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    assert "close.promise_open" in can_close(desk.stand(case_id).snapshot, CaseOutcome.APPROVED_FULL)
    with pytest.raises(NotAllowed, match=r"close\.promise_open"):
        desk.go(case_id, "close")
    assert desk.case(case_id).open
    promises.keep(desk.ctx, number, "已致歉并告知")
    desk.go(case_id, "close")
    assert not desk.case(case_id).open
    must_add_up(desk.store)


def test_what_the_walk_promised_and_is_late_is_done_by_telling_the_outcome(
    desk: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    number = made_by_the_walk(desk, case_id, 1, "cause")
    desk.go(case_id, "approve")
    desk.later(hours=2)
    desk.release()
    desk.go(case_id, "close")
    sweep(desk.ctx)
    row = desk.clock(case_id, "promise")
    assert (row.run, row.outcome) == (RunState.STOPPED, Outcome.BREACHED)
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    assert not desk.case(case_id).open
    must_add_up(desk.store)


def test_withdrawing_ends_what_is_late_as_well_and_it_stays_broken(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    number = promised(desk, case_id, 1)
    desk.later(hours=2)
    sweep(desk.ctx)
    desk.go(case_id, "withdrawn")
    desk.go(case_id, "confirm")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    row = desk.clock(case_id, "promise")
    assert (row.run, row.outcome) == (RunState.CANCELLED, Outcome.BREACHED)
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    must_add_up(desk.store)


@pytest.mark.parametrize(("outcome", "told"), [(CaseOutcome.NO_CONTACT, True), (CaseOutcome.ANSWERED, False)])
def test_where_nobody_can_be_told_what_is_late_ends_and_what_is_to_come_stays(
    desk: Desk, placed: Placed, outcome: CaseOutcome, told: bool
) -> None:
    """Also where a timer closes: there is nobody who could be asked to do it first."""
    case_id = desk.opened(placed)
    late, coming = promised(desk, case_id, 1), promised(desk, case_id, 40)
    desk.later(hours=2)
    sweep(desk.ctx)
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        promises.settle_at_closing(act, desk.ctx, outcome, told=told)
        act.finish(desk.ctx, "timer.fired")
    rows = desk.rows(ClockRow, case_id=case_id, kind="promise")
    assert [row.run for row in rows] == [RunState.CANCELLED, RunState.RUNNING]
    assert [desk.row(Promise, one).state for one in (late, coming)] == [
        PromiseState.BROKEN,
        PromiseState.OPEN,
    ]
    assert [one.payload["promise"] for one in desk.events(case_id, "promise.stays")] == [coming]
    must_add_up(desk.store)
