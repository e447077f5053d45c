"""Extensions: the first by the owner, the second by a supervisor, the first due time stays readable."""

from datetime import timedelta

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.i18n import set_language
from bdesk.models.clock_kinds import Outcome
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.tables import ClockRow
from bdesk.operations import clocks, extending, undoing
from bdesk.operations.looking.clocks import explain_case
from bdesk.operations.sweep import sweep
from bdesk.speech import speak
from tests.builders import Placed, adopt_limits, person
from tests.operations.desk import Desk, must_add_up

FINAL = "appeal_final"


@pytest.fixture
def case_id(desk: Desk, placed: Placed) -> int:
    """An appeal of mine whose final result is due in ten working days."""
    case_id = desk.opened(placed, kind=CaseKind.APPEAL)
    clocks.attach(desk.ctx, case_id, FINAL)
    return case_id


def test_the_first_by_the_owner_the_second_by_a_supervisor_and_no_third(
    desk: Desk, chief: Desk, case_id: int
) -> None:
    first = desk.clock(case_id, FINAL).due_at
    assert first is not None
    desk.later(days=2)
    extending.extend(desk.ctx, case_id, FINAL, "多方核实")
    second = desk.clock(case_id, FINAL).due_at
    assert second is not None and second > first
    with pytest.raises(NotAllowed, match=r"clock\.extend_again"):
        extending.extend(desk.ctx, case_id, FINAL, "还要更久")
    extending.extend(chief.ctx, case_id, FINAL, "专家意见未到")
    third = desk.clock(case_id, FINAL).due_at
    assert third is not None and third > second
    with pytest.raises(NotAllowed, match=r"clock\.extended_twice"):
        extending.extend(chief.ctx, case_id, FINAL, "再延一次")
    said = [event.payload for event in desk.events(case_id, "clock.extended")]
    assert [one["by_role"] for one in said] == ["agent", "supervisor"]
    set_language("zh")
    found = next(one for one in explain_case(desk.ctx, case_id).clocks if one.reading.kind == FINAL)
    assert (found.reading.extended, found.reading.extensions) == (first, 2)
    words = [speak(line.code, dict(line.params)) for line in found.lines]
    assert any("12月2日 24:00" in one and "12月30日 24:00" in one for one in words)
    assert any("客服延期到 12月16日" in one for one in words)
    assert any("主管延期到 12月30日" in one for one in words)
    must_add_up(desk.store)


def test_the_new_due_time_sorts_the_queue_and_can_be_undone(desk: Desk, chief: Desk, case_id: int) -> None:
    for row in desk.rows(ClockRow, case_id=case_id):
        if row.kind != FINAL:
            clocks.cancel(chief.ctx, case_id, row.kind, "closed")
    first = desk.case(case_id).queue_at
    extending.extend(desk.ctx, case_id, FINAL, "多方核实")
    assert desk.case(case_id).queue_clock == FINAL
    assert desk.case(case_id).queue_at > first
    undoing.undo(desk.ctx, case_id)
    assert desk.case(case_id).queue_at == first
    must_add_up(desk.store)


def test_a_date_of_ones_own_lies_between_the_due_time_and_one_extension(desk: Desk, case_id: int) -> None:
    due = desk.clock(case_id, FINAL).due_at
    assert due is not None
    for until in (due, due - timedelta(days=1), due + timedelta(days=60)):
        with pytest.raises(BadInput, match=r"clock\.extend_until"):
            extending.extend(desk.ctx, case_id, FINAL, "多方核实", until)
    extending.extend(desk.ctx, case_id, FINAL, "多方核实", due + timedelta(days=1))
    assert desk.clock(case_id, FINAL).due_at == due + timedelta(days=1)


def test_who_may_not_and_what_is_never_extended(desk: Desk, case_id: int) -> None:
    other = Desk(desk.store, person(desk.store, "1007"), desk.ports)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        extending.extend(other.ctx, case_id, FINAL, "多方核实")
    with pytest.raises(NotAllowed, match=r"clock\.not_running"):
        extending.extend(desk.ctx, case_id, "refund_review", "多方核实")
    clocks.attach(desk.ctx, case_id, "regulator")
    with pytest.raises(NotAllowed, match=r"clock\.never_extended"):
        extending.extend(desk.ctx, case_id, "regulator", "多方核实")
    with pytest.raises(BadInput, match=r"note\.empty"):
        extending.extend(desk.ctx, case_id, FINAL, " ")


def test_an_extension_takes_no_breach_back(desk: Desk, chief: Desk, case_id: int) -> None:
    desk.later(days=30)
    with pytest.raises(NotAllowed, match=r"clock\.extend_late"):
        extending.extend(chief.ctx, case_id, FINAL, "多方核实")
    sweep(desk.ctx)
    assert desk.clock(case_id, FINAL).outcome is Outcome.BREACHED


def test_who_extends_a_second_time_is_what_the_store_adopted(desk: Desk, case_id: int) -> None:
    adopt_limits(
        desk.store,
        ("    title: {zh: 再次延期, en: Extend a second time}\n    roles:\n      supervisor",
         "    title: {zh: 再次延期, en: Extend a second time}\n    roles:\n      manager"),
    )  # fmt: skip
    chief = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR), desk.ports)
    extending.extend(desk.ctx, case_id, FINAL, "多方核实")
    with pytest.raises(NotAllowed, match=r"clock\.extend_again"):
        extending.extend(chief.ctx, case_id, FINAL, "专家意见未到")
