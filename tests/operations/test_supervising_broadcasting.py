"""One note to many cases, and a breach that is excused: on a real file."""

from datetime import timedelta

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.verify import verify
from bdesk.errors import BadInput, NotAllowed
from bdesk.i18n import set_language
from bdesk.models.clock_kinds import Outcome
from bdesk.models.kinds import CaseKind, CaseState, Role
from bdesk.models.tables import CaseText, ClockRow
from bdesk.operations import parking, queue, undoing
from bdesk.operations.effects import recall
from bdesk.operations.looking import clocks as explaining
from bdesk.operations.looking import queue as looking
from bdesk.operations.looking.case import case_page
from bdesk.operations.notes import erase_text
from bdesk.operations.priority import set_priority
from bdesk.operations.supervising.broadcasting import MOST, broadcast
from bdesk.operations.supervising.excusing import excuse
from bdesk.operations.supervising.kinds import set_kind
from bdesk.operations.supervising.reassigning import take_over
from bdesk.operations.sweep import sweep
from bdesk.rules.clock import Reading
from bdesk.screens.case.side import timeline_entries
from bdesk.speech import speak, speak_error
from tests.builders import Placed, adopt_limits, customer, order, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_reopening import general_case

WORDS = "苏州仓停电，今天的包裹晚一天发"


def notes(desk: Desk, case_id: int) -> list[str]:
    return [row.body for row in desk.rows(CaseText, case_id=case_id, kind="note") if not row.voided]


def test_every_case_has_the_note_and_nothing_else_moves(desk: Desk, chief: Desk, placed: Placed) -> None:
    mine, nobodys = desk.opened(placed), desk.opened(placed, take=False)
    before = {one: desk.case(one).model_dump() for one in (mine, nobodys)}
    done = broadcast(chief.ctx, [mine, nobodys, mine], WORDS)
    assert [(one.case_id, one.case_no, one.refused) for one in done.told] == [
        (one, desk.case(one).case_no, None) for one in (mine, nobodys)
    ]
    assert (done.changed.cases, done.changed.params) == ((mine, nobodys), {"count": 2, "skipped": 0})
    for one in (mine, nobodys):
        assert notes(desk, one) == [WORDS]
        after = desk.case(one).model_dump()
        moved = {name for name in after if after[name] != before[one][name]}
        assert moved <= {"version", "folded_at", "warn_due_at", "warn_now_at", "timer_at"}
    must_add_up(desk.store)


def test_a_case_put_aside_is_in_its_owners_hands_again(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    parking.put_aside(desk.ctx, case_id, desk.ctx.now() + timedelta(hours=3))
    assert [row.case_id for row in looking.my_rows(desk.ctx)] == []
    broadcast(chief.ctx, [case_id], WORDS)
    assert [row.case_id for row in looking.my_rows(desk.ctx)] == [case_id]
    assert desk.case(case_id).aside_until is None
    must_add_up(desk.store)


def test_what_is_closed_or_not_there_is_named_and_skipped(desk: Desk, chief: Desk, placed: Placed) -> None:
    closed, open_ = general_case(desk, placed), desk.opened(placed)
    before = notes(desk, closed)
    done = broadcast(chief.ctx, [closed, 4040, open_], WORDS)
    said = [(one.case_no, one.refused.code if one.refused else None) for one in done.told]
    assert said == [
        (desk.case(closed).case_no, "case.closed"),
        ("", "not_found"),
        (desk.case(open_).case_no, None),
    ]
    assert (notes(desk, closed), notes(desk, open_)) == (before, [WORDS])
    assert done.changed.params == {"count": 1, "skipped": 2}
    must_add_up(desk.store)


def test_a_pending_strip_outlives_it(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    broadcast(chief.ctx, [case_id], WORDS)
    desk.press_f8(pending)
    must_add_up(desk.store)


@pytest.mark.parametrize(("lang", "said"), [("zh", "群发便签（2 单）"), ("en", "Note to 2 cases")])
def test_the_timeline_says_that_it_went_to_many(
    desk: Desk, chief: Desk, placed: Placed, lang: str, said: str
) -> None:
    set_language(lang)
    cases = [desk.opened(placed), desk.opened(placed)]
    broadcast(chief.ctx, cases, WORDS)
    newest = timeline_entries(case_page(desk.ctx, cases[0]))[0]
    assert said in newest.text and WORDS in newest.text


def test_what_is_not_told_to_anybody(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    before = desk.store.newest_event()
    for cases, words, code in (
        ([], WORDS, "broadcast.none"),
        (range(1, MOST + 2), WORDS, "broadcast.too_many"),
        ([case_id], " ", "note.empty"),
        ([case_id], "卡号 6222021234567890123", "text.secret"),
    ):
        with pytest.raises((BadInput, NotAllowed)) as refused:
            broadcast(chief.ctx, cases, words)
        assert refused.value.code == code
    assert desk.store.newest_event() == before


# Excusing a breach


def late_case(desk: Desk, placed: Placed) -> int:
    case_id = desk.opened(placed, hours=30)
    sweep(desk.ctx)
    return case_id


def lines(desk: Desk, case_id: int) -> str:
    found = explaining.explain_case(desk.ctx, case_id)
    return "\n".join(speak(line.code, line.params) for one in found.clocks for line in one.lines)


def reading(desk: Desk, case_id: int, clock: str = "refund_review") -> Reading:
    found = explaining.explain_case(desk.ctx, case_id)
    return next(one.reading for one in found.clocks if one.reading.kind == clock)


def test_a_breach_is_excused_and_stays_one(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = late_case(desk, placed)
    breached_at = reading(desk, case_id).breached_at
    queued = desk.case(case_id).queue_at
    excuse(chief.ctx, case_id, "refund_review", 1, 1, "支付系统全站故障")
    row = desk.clock(case_id, "refund_review")
    assert (row.excused, row.outcome) == (True, Outcome.BREACHED)
    now = reading(desk, case_id)
    assert now.breached_at == breached_at and desk.case(case_id).queue_at == queued
    assert desk.case(case_id).breached
    assert (now.excused and (now.excused.who, now.excused.reason)) == ("周岚", "支付系统全站故障")
    assert sweep(desk.ctx).breaches == 0
    must_add_up(desk.store)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_explanation_says_who_and_why_beside_the_breach(
    desk: Desk, chief: Desk, placed: Placed, lang: str
) -> None:
    set_language(lang)
    case_id = late_case(desk, placed)
    before = lines(desk, case_id)
    excuse(chief.ctx, case_id, "refund_review", 1, 1, "支付系统全站故障")
    after = lines(desk, case_id)
    assert set(before.splitlines()) < set(after.splitlines())
    (said,) = set(after.splitlines()) - set(before.splitlines())
    assert "周岚" in said and "支付系统全站故障" in said and "2001" not in said
    newest = timeline_entries(case_page(desk.ctx, case_id))[0]
    assert "支付系统全站故障" in newest.text and "clock" not in newest.text


def test_its_words_can_be_erased_and_the_mark_stays(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = late_case(desk, placed)
    excuse(chief.ctx, case_id, "refund_review", 1, 1, "客户王丽的银行停机")
    (event,) = desk.events(case_id, "clock.excused")
    erase_text(chief.ctx, int(str(event.payload["text"])), "客户要求")
    assert "王丽" not in lines(desk, case_id) and desk.clock(case_id, "refund_review").excused
    must_add_up(desk.store)


def test_it_is_never_taken_back(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = late_case(desk, placed)
    done = excuse(chief.ctx, case_id, "refund_review", 1, 1, "故障")
    assert done.undo_event is None
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(chief.ctx, case_id)
    with pytest.raises(NotAllowed, match=r"recall\.nothing"):
        recall.recall(chief.ctx, done.events[0])
    assert desk.clock(case_id, "refund_review").excused
    set_language("en")
    with pytest.raises(NotAllowed) as twice:
        excuse(chief.ctx, case_id, "refund_review", 1, 1, "再一次")
    assert "already" in speak_error(twice.value)


def test_of_a_case_that_is_done(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = late_case(desk, placed)
    desk.to_decision(case_id)
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).state is CaseState.CLOSED
    excuse(chief.ctx, case_id, "refund_review", 1, 1, "故障")
    assert desk.clock(case_id, "refund_review").excused
    must_add_up(desk.store, [desk.ports])


def test_what_took_the_late_clocks_place_is_excused_with_it(desk: Desk, chief: Desk, placed: Placed) -> None:
    """One breach (SLA.md): the clock that goes on in another's place carries it, and its excuse."""
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False, hours=200)
    sweep(desk.ctx)
    excuse(chief.ctx, case_id, "resolution", 1, 1, "故障")
    set_priority(chief.ctx, case_id, 1)
    rows = {row.number: row for row in desk.rows(ClockRow, case_id=case_id, kind="resolution")}
    assert {number: row.excused for number, row in rows.items()} == {1: True, 2: True}
    must_add_up(desk.store)


def test_and_it_together_with_what_it_replaced(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False, hours=200)
    sweep(desk.ctx)
    set_priority(chief.ctx, case_id, 1)
    excuse(chief.ctx, case_id, "resolution", 1, 2, "故障")
    rows = desk.rows(ClockRow, case_id=case_id, kind="resolution")
    assert [row.excused for row in rows] == [True, True]
    must_add_up(desk.store)


def test_of_two_breaches_one_excuse_excuses_one(desk: Desk, chief: Desk, placed: Placed) -> None:
    """Two late clocks end by one: it carries both, and is excused with the second of them."""
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False, hours=200)
    sweep(desk.ctx)
    set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "其实是投诉")
    sweep(desk.ctx)

    def excused() -> dict[str, bool]:
        return {row.kind: row.excused for row in desk.rows(ClockRow, case_id=case_id)}

    excuse(chief.ctx, case_id, "first_response", 1, 1, "故障")
    assert excused()["first_response"] and not excused()["resolution"]
    assert not excused()["complaint_ack"]
    excuse(chief.ctx, case_id, "resolution", 1, 1, "故障")
    assert excused()["complaint_ack"]
    must_add_up(desk.store)


def test_what_is_not_excused(desk: Desk, chief: Desk, placed: Placed) -> None:
    in_time, late = desk.opened(placed), late_case(desk, placed)
    cases = [
        (in_time, "refund_review", 1, 1, "故障", "excuse.not_late"),
        (late, "resolution", 1, 1, "故障", "excuse.not_late"),
        (late, "refund_review", 2, 1, "故障", "excuse.not_late"),
        (late, "refund_review", 1, 2, "故障", "excuse.not_late"),
        (late, "refund_review", 1, 1, "", "supervise.no_reason"),
    ]
    before = desk.store.newest_event()
    for case_id, clock, cycle, number, reason, code in cases:
        with pytest.raises((BadInput, NotAllowed)) as refused:
            excuse(chief.ctx, case_id, clock, cycle, number, reason)
        assert refused.value.code == code
    assert desk.store.newest_event() == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.RISK, Role.ADMIN])
def test_nobody_else_excuses(desk: Desk, placed: Placed, role: Role) -> None:
    case_id = late_case(desk, placed)
    with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
        excuse(Desk(desk.store, person(desk.store, role=role)).ctx, case_id, "refund_review", 1, 1, "故障")


def test_a_firm_may_leave_it_to_managers(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = late_case(desk, placed)
    row = "title: {zh: 超时免责, en: Excuse a breach}\n    roles:\n      "
    adopt_limits(desk.store, (f"{row}supervisor: ", f"{row}manager: "))
    with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
        excuse(chief.ctx, case_id, "refund_review", 1, 1, "故障")


def test_nobody_excuses_what_became_late_in_their_own_hands(desk: Desk, chief: Desk, placed: Placed) -> None:
    """Neither by giving the case back first, nor under a second session: the person counts."""
    case_id = chief.opened(placed, hours=23)
    desk.later(hours=2)
    sweep(desk.ctx)
    queue.release(chief.ctx, case_id)
    queue.claim(desk.ctx, case_id)
    again = Desk(desk.store, chief.ctx.actor, desk.ports)
    for session in (chief, again):
        with pytest.raises(NotAllowed, match=r"excuse\.own"):
            excuse(session.ctx, case_id, "refund_review", 1, 1, "故障")
    second = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR))
    excuse(second.ctx, case_id, "refund_review", 1, 1, "故障")
    must_add_up(desk.store)


def test_who_took_it_over_when_it_was_late_may_excuse_it(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = late_case(desk, placed)
    take_over(chief.ctx, case_id, "我来收尾")
    excuse(chief.ctx, case_id, "refund_review", 1, 1, "故障")
    assert desk.clock(case_id, "refund_review").excused


def test_nobody_excuses_their_own_matter(desk: Desk) -> None:
    buyer = customer(desk.store)
    case_id = late_case(desk, order(desk.store, buyer))
    kin = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR, customer_id=buyer))
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        excuse(kin.ctx, case_id, "refund_review", 1, 1, "故障")


def test_what_the_journal_says_is_what_the_rows_say(desk: Desk, chief: Desk, placed: Placed) -> None:
    """Whoever sets the mark in the file is found out."""
    case_id = late_case(desk, placed)
    with desk.store.write("test") as unit:
        row = unit.session.get_one(ClockRow, desk.clock(case_id, "refund_review").id)
        row.excused = True
        unit.commit()
    verdict = verify(desk.store, load_book())
    assert not verdict.ok and verdict.first_fault is not None
    assert verdict.first_fault.code == "clock.differs"
