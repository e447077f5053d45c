"""Lists for the command line and the supervisor: approvals, staff, the store in numbers."""

from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.data.queries.approvals import approval, approvals
from bdesk.data.queries.staff import actor, staff
from bdesk.data.queries.store import figures_of
from bdesk.errors import NotFound
from bdesk.models.kinds import ApprovalState, CaseKind, EvidenceKind, Role
from bdesk.models.tables import Approval, Evidence, Staff
from tests.builders import T0, customer, make_store, open_case, order, person


def test_approvals_that_lapse_first_stand_first(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    case_id = open_case(store, order_id=order(store, customer(store, name="韩梅")).id)
    with store.write() as unit:
        for hours, state in ((24, "requested"), (2, "requested"), (1, "approved")):
            unit.session.add(Approval(
                case_id=case_id, step="RF8", option="a", action="refund", amount_fen=48000, facts_digest="d",
                needs_role="supervisor", requested_by="1001", requested_at=T0, state=ApprovalState(state),
                lapses_at=T0 + timedelta(hours=hours),
            ))  # fmt: skip
        for number, seen in ((1, T0), (2, None)):
            unit.session.add(Evidence(
                case_id=case_id, number=number, kind=EvidenceKind.PHOTO, received_at=T0, looked_at=seen,
            ))  # fmt: skip
        unit.commit()
    with store.read() as session:
        found = approvals(session)
        assert [one.approval.id for one in found] == [2, 1]
        assert (found[0].customer, found[0].evidence, found[0].unseen) == ("韩**", 2, 1)
        assert [one.approval.id for one in approvals(session, tuple(ApprovalState))] == [3, 2, 1]
        assert approval(session, 3).approval.state is ApprovalState.APPROVED
        with pytest.raises(NotFound):
            approval(session, 9)
    store.close()


def test_staff_with_group_skills_and_what_they_hold(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    busy = person(store, "1001", group="hotline", skills=(CaseKind.REFUND,))
    gone = person(store, "1002", role=Role.SENIOR)
    open_case(store, owner=busy)
    open_case(store, owner=busy, open=False)
    with store.write() as unit:
        unit.session.get_one(Staff, gone.id).active = False
        unit.commit()
    with store.read() as session:
        first, second = staff(session)
        assert (first.number, first.group, first.skills, first.open_cases) == (
            "1001",
            "hotline",
            (CaseKind.REFUND,),
            1,
        )
        assert (second.number, second.active) == ("1002", False)
        assert [one.number for one in staff(session, active_only=True)] == ["1001"]
        assert actor(session, "1001", T0) == busy
        assert actor(session, "1002", T0) is None
        assert actor(session, "1", T0) is None
    store.close()


def test_a_store_in_numbers(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    placed = order(store, customer(store))
    open_case(store, order_id=placed.id)
    open_case(store, open=False)
    found = figures_of(store)
    assert (found.cases, found.open_cases, found.orders, found.customers, found.staff) == (2, 1, 1, 1, 0)
    assert found.now == T0
    assert found.size_bytes == Path(store.place).stat().st_size
    store.close()
