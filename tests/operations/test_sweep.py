"""What happens by itself, once: breaches, stops that run out, cases put aside, timers of waiting steps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data.store import open_store
from bdesk.errors import BadInput, NotAllowed, NotFound
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import BookKind, CaseKind, CaseOutcome, CaseState, Channel, OrderStatus, ParcelState
from bdesk.models.tables import BookText, ClockRow, Notification, OutboxRow, Parcel, StepAnswer
from bdesk.operations import calls, notes, outbox, parking, raising
from bdesk.operations.context import Context
from bdesk.operations.effects import adhoc
from bdesk.operations.ports import Reply
from bdesk.operations.sweep import sweep
from bdesk.operations.timers import due_cases, fire_timers
from tests.builders import Placed, clock_of, order
from tests.operations.desk import Desk, must_add_up, outbox_of


def at_once(desk: Desk, count: int = 2) -> None:
    """So many sweeps at the same moment, each on a store of its own."""
    barrier = Barrier(count)

    def run() -> None:
        with open_store(desk.store.url, clock=clock_of(desk.store)) as store:
            barrier.wait(timeout=30)
            sweep(replace(desk.ctx, store=store))

    with ThreadPoolExecutor(count) as pool:
        for one in [pool.submit(run) for _ in range(count)]:
            one.result(timeout=60)


# Breaches


def test_a_breach_is_stamped_with_the_due_time_not_with_the_sweeps(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, hours=23)
    due = desk.clock(case_id, "refund_review").due_at
    desk.later(hours=2)  # an hour late
    assert sweep(desk.ctx).breaches == 1
    row = desk.clock(case_id, "refund_review")
    (event,) = desk.events(case_id, "clock.breached")
    assert row.outcome is Outcome.BREACHED
    assert row.breached_at == due == event.occurred_at
    assert event.payload["at"] == to_iso(due) if due else False
    assert event.recorded_at == desk.ctx.now()
    assert row.breach_event_id == event.id
    assert desk.case(case_id).breached
    assert not sweep(desk.ctx).anything
    must_add_up(desk.store)


def test_a_machine_whose_clock_is_behind_finds_what_is_due_by_the_store_s(desk: Desk, buyer: int) -> None:
    late = desk.opened(order(desk.store, buyer), hours=23)
    waits = stopped(desk, order(desk.store, buyer))
    desk.later(days=3, hours=1)
    notes.add_note(desk.ctx, late, "便签")
    clock_of(desk.store).move(-timedelta(days=2))
    swept = sweep(desk.ctx)
    assert (swept.breaches, swept.timers) == (1, 1)
    assert len(desk.events(waits, "timer.fired")) == 1


def test_two_sweeps_at_once_write_one_breach(desk: Desk, placed: Placed) -> None:
    cases = [desk.opened(placed, hours=23) for _ in range(3)]
    desk.later(hours=2)
    at_once(desk, 3)
    for case_id in cases:
        assert len(desk.events(case_id, "clock.breached")) == 1
    must_add_up(desk.store)


def test_a_clock_that_was_met_in_time_is_not_breached_later(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23))
    desk.go(case_id, "approve")
    desk.later(days=3)
    assert sweep(desk.ctx).breaches == 0
    assert desk.events(case_id, "clock.breached") == []


def test_a_breach_that_came_before_the_decision_is_written_all_the_same(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23))
    due = desk.clock(case_id, "refund_review").due_at
    desk.later(hours=3)
    desk.go(case_id, "approve")
    assert sweep(desk.ctx).breaches == 1
    row = desk.clock(case_id, "refund_review")
    assert (row.run, row.outcome, row.breached_at) == (RunState.STOPPED, Outcome.BREACHED, due)
    must_add_up(desk.store)


def test_undo_never_takes_a_breach_back(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed, hours=23))
    desk.later(hours=3)
    done = desk.go(case_id, "approve")
    sweep(desk.ctx)
    desk.recall(done)
    assert desk.clock(case_id, "refund_review").outcome is Outcome.BREACHED
    assert len(desk.events(case_id, "clock.breached")) == 1
    assert sweep(desk.ctx).breaches == 0
    must_add_up(desk.store)


def test_a_clock_that_took_over_a_breach_writes_none(desk: Desk, placed: Placed) -> None:
    """Kind changed past due: one breach, one alert (SLA.md)."""
    case_id = desk.opened(placed, hours=23)
    desk.later(days=6)
    assert sweep(desk.ctx).breaches == 1
    raising.to_complaint(desk.ctx, case_id, "客户要求投诉")
    assert desk.case(case_id).kind is CaseKind.COMPLAINT
    sweep(desk.ctx)
    breached = [event.payload["clock"] for event in desk.events(case_id, "clock.breached")]
    heirs = [row for row in desk.rows(ClockRow, case_id=case_id) if row.kind != "refund_review"]
    assert breached.count("refund_review") == 1
    assert len(breached) <= 1 + sum(row.outcome is Outcome.BREACHED for row in heirs[1:])
    told = {row.breach_event_id for row in heirs if row.outcome is Outcome.BREACHED}
    assert None not in told
    assert not sweep(desk.ctx).breaches
    must_add_up(desk.store)


# One that cannot be done


def damaged(desk: Desk, case_id: int) -> None:
    """What the store keeps of this case's procedure can be read no more."""
    with desk.store.write("test") as unit:
        unit.session.add(
            BookText(kind=BookKind.PROCEDURE, code="refund", version="9-torn", text="{", kept_at=unit.now)
        )
        unit.case(case_id).procedure_version = "9-torn"
        unit.commit()


def test_a_case_that_cannot_be_read_keeps_no_other_waiting(desk: Desk, buyer: int) -> None:
    broken, sound, late = (
        stopped(desk, order(desk.store, buyer)),
        stopped(desk, order(desk.store, buyer)),
        desk.opened(order(desk.store, buyer), hours=23),
    )
    damaged(desk, broken)
    desk.later(days=3, hours=1)
    with pytest.raises(BadInput, match=r"book\.bad_file"):
        sweep(desk.ctx)
    assert [len(desk.events(one, "timer.fired")) for one in (broken, sound)] == [0, 1]
    assert len(desk.events(late, "clock.breached")) == 1


def test_what_is_held_leaves_beside_a_case_that_cannot_be_read(desk: Desk, buyer: int) -> None:
    broken, sound = (desk.to_decision(desk.opened(order(desk.store, buyer))) for _ in range(2))
    for case_id in (broken, sound):
        desk.go(case_id, "approve")
    with desk.store.write("test") as unit:
        numbers = unit.session.scalars(
            select(OutboxRow.id).where(OutboxRow.case_id == broken).order_by(col(OutboxRow.id))
        ).all()
        unit.commit()
    assert numbers
    asked = outbox._ask

    def ask(ctx: Context, number: int) -> Reply:
        if number in numbers:
            raise NotFound("payment", "1")
        return asked(ctx, number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_ask", ask)
        desk.later(seconds=11)
        with pytest.raises(NotFound):
            desk.release()
    assert {row[1] for row in outbox_of(desk.store, sound)} == {"accepted"}
    assert {row[1] for row in outbox_of(desk.store, broken)} == {"released"}
    # It is asked for again once its lease is over.
    desk.later(seconds=61)
    desk.release()
    assert {row[1] for row in outbox_of(desk.store, broken)} == {"accepted"}
    must_add_up(desk.store, [desk.ports])


# Stops


def stopped(desk: Desk, placed: Placed) -> int:
    case_id = desk.opened(placed, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    desk.go(case_id, "ask", materials="photo_label")
    desk.later(seconds=11)
    desk.release()
    return case_id


def test_a_stop_that_ran_out_is_written_at_its_own_time(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片"))
    row = desk.clock(case_id, "refund_review")
    assert row.run is RunState.PAUSED
    resume_at, due = row.resume_at, row.due_at
    desk.later(days=7, hours=1)
    assert sweep(desk.ctx).resumed == 1
    row = desk.clock(case_id, "refund_review")
    assert (row.run, row.due_at) == (RunState.RUNNING, due)
    (event,) = desk.events(case_id, "clock.resumed")
    assert event.occurred_at == resume_at
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert sweep(desk.ctx).resumed == 0
    must_add_up(desk.store)


def test_a_clock_that_ran_on_and_out_is_resumed_and_breached_in_one_sweep(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片"))
    due = desk.clock(case_id, "refund_review").due_at
    desk.later(days=12)
    swept = sweep(desk.ctx)
    assert (swept.resumed, swept.breaches) == (1, 1)
    (event,) = desk.events(case_id, "clock.breached")
    assert event.occurred_at == due
    must_add_up(desk.store)


def test_a_third_party_never_stops_a_refund_review(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"clock\.never_stops"):
        adhoc.plan_stop(desk.ctx, case_id, "third_party", "等快递")
    with pytest.raises(BadInput, match=r"clock\.waits_for"):
        adhoc.plan_stop(desk.ctx, case_id, "supervisor", "等主管")


def test_recalling_a_stop_lets_the_clock_run_as_if_nothing_was(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    due = desk.clock(case_id, "refund_review").due_at
    done = desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片"))
    desk.later(seconds=5)
    desk.recall(done)
    row = desk.clock(case_id, "refund_review")
    assert (row.run, row.due_at) == (RunState.RUNNING, due)
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.fact(case_id, "case.evidence_rounds") == 0
    must_add_up(desk.store)


def test_a_recall_does_not_undo_what_the_customer_did_meanwhile(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    done = desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片"))
    desk.later(seconds=2)
    desk.picture(case_id)
    desk.recall(done)
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    must_add_up(desk.store)


# Put aside


def test_what_was_put_aside_comes_back_in_time(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    parking.put_aside(desk.ctx, case_id, desk.ctx.now() + timedelta(hours=2))
    assert desk.case(case_id).aside
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    desk.later(hours=1)
    assert sweep(desk.ctx).brought_back == 0
    desk.later(hours=1)
    at_once(desk)
    assert not desk.case(case_id).aside
    assert len(desk.events(case_id, "case.taken_up")) == 1
    must_add_up(desk.store)


# Timers


def test_reminded_after_three_days_and_closed_after_seven(desk: Desk, placed: Placed) -> None:
    case_id = stopped(desk, placed)
    desk.later(days=2, hours=23)
    assert sweep(desk.ctx).timers == 0
    desk.later(hours=2)
    assert sweep(desk.ctx).timers == 1
    assert sweep(desk.ctx).timers == 0
    letters = desk.rows(Notification, case_id=case_id)
    assert [(row.letter, row.reminder) for row in letters] == [("N4", False), ("N4", True)]
    # A reminder is no other round of evidence, and the customer's clock stays stopped.
    assert desk.fact(case_id, "case.evidence_rounds") == 1
    assert desk.clock(case_id, "refund_review").run is RunState.PAUSED
    desk.later(seconds=11)
    desk.release()
    assert "快递面单" in str(desk.mail.bodies[-1])
    desk.later(days=4)
    sweep(desk.ctx)
    case = desk.case(case_id)
    assert (case.state, case.open, case.outcome) == (CaseState.CLOSED, False, CaseOutcome.WITHDRAWN)
    assert desk.events(case_id, "case.closed")[0].actor == "system"
    assert len(desk.events(case_id, "timer.fired")) == 2
    must_add_up(desk.store)


def test_two_sweeps_at_once_remind_once(desk: Desk, placed: Placed) -> None:
    case_id = stopped(desk, placed)
    desk.later(days=3, hours=1)
    at_once(desk, 3)
    assert len(desk.events(case_id, "timer.fired")) == 1
    assert len(desk.rows(Notification, case_id=case_id, reminder=True)) == 1
    must_add_up(desk.store)


def test_a_desk_that_was_off_for_a_week_reminds_and_closes_at_once(desk: Desk, placed: Placed) -> None:
    case_id = stopped(desk, placed)
    desk.later(days=8)
    assert fire_timers(desk.ctx, case_id) == 2
    assert desk.case(case_id).outcome is CaseOutcome.WITHDRAWN
    must_add_up(desk.store)


def test_a_second_wait_at_the_same_step_reminds_again(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, description="", media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    for _ in range(2):
        desk.go(case_id, "ask", materials="photo_label")
        desk.later(days=3, hours=1)
        assert sweep(desk.ctx).timers == 1
        desk.later(minutes=1)
        desk.release()
        desk.picture(case_id)
        desk.later(minutes=1)
    assert len(desk.rows(Notification, case_id=case_id, reminder=True)) == 2
    assert desk.events(case_id, "timer.failed") == []
    assert {row[1] for row in outbox_of(desk.store, case_id)} == {"accepted"}
    must_add_up(desk.store)


def test_a_customer_who_rang_up_is_not_closed_as_silent(desk: Desk, placed: Placed) -> None:
    case_id = stopped(desk, placed)
    desk.later(days=2)
    contact = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, contact, case_id)
    calls.end_call(desk.ctx, contact, "客户说明天上传")
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    desk.later(days=6)
    sweep(desk.ctx)
    assert desk.case(case_id).open


def test_a_timer_that_leads_on_answers_as_the_system(desk: Desk, placed: Placed) -> None:
    """RF6: after a day without the courier's answer the refund is reviewed without it."""
    case_id = desk.opened(placed, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "not_received")
    desk.go(case_id, "not_by_customer", statement="没人签收")
    parking.put_aside(desk.ctx, case_id)
    desk.later(days=1, hours=1)
    assert list(due_cases(desk.ctx, desk.store.now())) == [case_id]
    at_once(desk)
    assert desk.step(case_id) == "assess/decide"
    answer = desk.rows(StepAnswer, case_id=case_id)[-1]
    assert (answer.by, answer.option) == ("system", "after_1_days")
    case = desk.case(case_id)
    assert (case.state, case.aside) == (CaseState.IN_PROGRESS, False)
    assert list(due_cases(desk.ctx, desk.store.now())) == []
    desk.go(case_id, "approve")
    must_add_up(desk.store)


def test_a_parcel_that_never_came_back(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, status=OrderStatus.SHIPPED, signed_days=0)
    with desk.store.write("shop") as unit:
        parcel = unit.session.get_one(Parcel, placed.parcels[0])
        parcel.state, parcel.signed_at, parcel.signed_by = ParcelState.IN_TRANSIT, None, None
        unit.commit()
    case_id = desk.opened(placed, reason=None, channel=Channel.WEB_CHAT)
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "transit"
    desk.go(case_id, "refuse_first")
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    desk.later(days=7, minutes=1)
    sweep(desk.ctx)
    assert desk.step(case_id) == "not_received"
    must_add_up(desk.store)
