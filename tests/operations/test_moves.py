"""B0.2: a case goes only from a state to one that the table allows, whoever moves it."""

import ast
from itertools import product
from pathlib import Path

import pytest

import bdesk.operations
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseState, Channel
from bdesk.models.tables import Case
from bdesk.operations import raising
from bdesk.operations.change import Act, put_back, set_columns
from bdesk.rules.cases import may_move
from bdesk.training.ledger import Work
from tests.builders import T0, Placed
from tests.operations.desk import Desk, must_add_up

OPERATIONS = Path(bdesk.operations.__file__).parent


def _case(state: CaseState) -> Case:
    return Case(
        case_no="KF1",
        kind=CaseKind.REFUND,
        channel=Channel.EMAIL,
        priority=3,
        state=state,
        received_at=T0,
        opened_at=T0,
        procedure="refund",
        procedure_version="1",
        policy_version="1",
        calendar_version="1",
        queue_at=T0,
    )


@pytest.mark.parametrize(("frm", "to"), [*product(CaseState, CaseState)])
def test_a_move_that_the_table_lacks_is_refused(frm: CaseState, to: CaseState) -> None:
    case = _case(frm)
    if frm is to or may_move(frm, to):
        set_columns(case, {"state": to})
        assert case.state is to
        return
    with pytest.raises(NotAllowed, match=r"case\.no_move"):
        set_columns(case, {"state": to})
    assert case.state is frm


def test_taking_back_is_no_move() -> None:
    case = _case(CaseState.CLOSED)
    put_back(case, {"state": "in_progress"})
    assert case.state is CaseState.IN_PROGRESS


def test_a_refused_move_leaves_nothing(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    seen = len(desk.events(case_id))
    with pytest.raises(NotAllowed, match=r"case\.no_move"), desk.store.write("1001") as unit:
        Act(unit, unit.case(case_id)).add("case.state", {}, state=CaseState.REOPENED)
    assert len(desk.events(case_id)) == seen
    assert desk.case(case_id).state is CaseState.IN_PROGRESS


def _assigned(path: Path) -> list[str]:
    """Names whose `.state` a file assigns to."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            found += [
                ast.unparse(one) for one in parts if isinstance(one, ast.Attribute) and one.attr == "state"
            ]
    return found


def test_no_operation_assigns_a_cases_state_by_itself() -> None:
    cases = {
        f"{path.relative_to(OPERATIONS)}: {name}"
        for path in OPERATIONS.rglob("*.py")
        for name in _assigned(path)
        if "case" in name
    }
    assert cases == set()


def test_the_seed_itself_refuses_what_no_operation_could_do() -> None:
    work = Work.__new__(Work)
    work.row = {"state": CaseState.MERGED}
    with pytest.raises(ValueError, match="no case goes from"):
        work.add("case.state", state=CaseState.IN_PROGRESS)


def test_a_walk_never_lowers_the_level_that_a_case_was_raised_to(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    raising.raise_case(desk.ctx, case_id, "manager", "客户要求经理")
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        raising.raise_event(act, desk.ctx, "supervisor", "超时")
        act.finish(desk.ctx, "case.raised")
    assert desk.case(case_id).escalated_to == "manager"
    with pytest.raises(NotAllowed, match=r"case\.raised_already"):
        raising.raise_case(desk.ctx, case_id, "supervisor", "超时")
    raising.raise_case(desk.ctx, case_id, "risk", "疑似欺诈")
    assert desk.case(case_id).escalated_to == "risk"
    must_add_up(desk.store)
