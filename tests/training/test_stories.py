"""Every case of a store of normal size tells how it came to where it is."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bdesk.cli.seed import TRAINS
from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import CaseKind, CaseState, CheckResult, Inspection, PromiseState, TaskState
from bdesk.models.tables import (
    Case,
    Compensation,
    GoodsReturn,
    Promise,
    StepAnswer,
    Substitution,
    Task,
    VerificationAttempt,
)
from bdesk.operations.context import Context
from bdesk.operations.staff.people import find_actor
from bdesk.operations.standing import Standing, standing
from bdesk.training import seed as seeding
from bdesk.training.report import Report
from bdesk.training.scenario import scenarios
from bdesk.training.seed import seed_store
from bdesk.training.walks.told import ways_to
from tests.training.conftest import NOW
from tests.training.test_seed import dump

_ENDED = (CaseState.CLOSED, CaseState.WITHDRAWN)
_BY_WALK = (
    CaseKind.REFUND,
    CaseKind.SHIPMENT_DELAY,
    CaseKind.AFTER_SALE,
    CaseKind.PAYMENT_FAILURE,
    CaseKind.WALLET_REFUND,
)


@pytest.fixture(scope="module")
def stands(normal_store: Store) -> list[Standing]:
    """Where every case stands, as an agent sees it."""
    ctx = Context(normal_store, load_book(), find_actor(normal_store, "1001"))
    with normal_store.read() as session:
        numbers = session.scalars(select(col(Case.id)).order_by(col(Case.id))).all()
        return [standing(session, ctx, number or 0, NOW) for number in numbers]


def test_every_answer_stands_on_its_walk(stands: list[Standing]) -> None:
    """Nothing was answered that the facts of the case contradict, and nothing is asked again."""
    for stand in stands:
        walk, number = stand.walk, stand.snapshot.case.case_no
        assert walk.moved is None and walk.unreached == (), number
        assert walk.current is None or not walk.current.to_confirm, number


def test_closed_cases_end_as_their_outcome_says(stands: list[Standing]) -> None:
    closed = [one for one in stands if one.snapshot.case.state in _ENDED]
    ended = [one for one in closed if one.walk.finished is not None]
    assert len(ended) * 100 / len(closed) > 85
    for one in ended:
        assert one.walk.finished is not None
        assert one.walk.finished.outcome == one.snapshot.case.outcome, one.snapshot.case.case_no
    by_walk = [one for one in closed if one.snapshot.case.kind in _BY_WALK]
    assert sum(one.walk.finished is not None for one in by_walk) >= len(by_walk) - 4


def test_whoever_holds_a_case_has_asked_something(stands: list[Standing]) -> None:
    held = [one for one in stands if one.snapshot.case.owner and one.snapshot.case.state in CaseState]
    silent = [one.snapshot.case.case_no for one in held if not one.snapshot.answers]
    assert len(silent) * 100 / len(held) < 15, silent


def test_answers_come_after_one_another_and_not_before_their_case(normal: Session) -> None:
    opened = dict(normal.execute(select(col(Case.id), col(Case.opened_at))).all())
    last = dict(opened)
    for row in normal.scalars(select(StepAnswer).order_by(col(StepAnswer.id))):
        assert last[row.case_id] <= row.at <= NOW, row
        last[row.case_id] = row.at


def test_callers_said_who_they_are(normal: Session) -> None:
    passed = normal.scalars(
        select(VerificationAttempt).where(col(VerificationAttempt.result) == CheckResult.PASSED)
    ).all()
    cases = {row.case_id for row in passed}
    levels = normal.scalars(select(col(Case.verified_level)).where(col(Case.id).in_(cases))).all()
    assert len(cases) > 40
    assert sum(level.value == "V2" for level in levels) > len(cases) * 3 / 4


def test_goods_stand_everywhere_on_their_way_back(normal: Session) -> None:
    rows = normal.scalars(select(GoodsReturn).where(col(GoodsReturn.finished_at).is_(None))).all()
    seen = Counter(
        "looked at"
        if row.inspection
        else "received"
        if row.received_at
        else "sent"
        if row.waybill
        else "told"
        for row in rows
    )
    assert set(seen) == {"looked at", "received", "sent", "told"} and seen["sent"] >= 2
    assert {row.inspection for row in rows if row.inspection} >= set(Inspection) - {Inspection.DAMAGED}


def test_something_was_promised_offered_asked_and_given(normal: Session, stands: list[Standing]) -> None:
    at = {one.walk.current.step.id for one in stands if one.walk.current is not None}
    assert {"substitute", "material_wait", "assess/approval_wait", "ask_wait", "reconcile_wait"} <= at
    assert normal.scalars(select(Compensation).where(col(Compensation.case_id).is_not(None))).all()
    assert normal.scalars(select(Substitution)).all()
    assert len(normal.scalars(select(Promise).where(col(Promise.state) == PromiseState.OPEN)).all()) >= 2
    assert len(normal.scalars(select(Task).where(col(Task.state) == TaskState.OPEN)).all()) >= 5


def test_a_whole_store_is_the_same_again(normal_store: Store, normal_report: Report, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'again.db'}"
    seed_store(url, size="normal", seed=7, now=NOW, rate=0, host=FrozenClock(NOW.replace(year=2031)))
    with open_store(url) as again:
        first, second = dump(normal_store), dump(again)
    for name in first:
        assert first[name] == second[name], name


def test_a_store_has_its_name_only_when_all_of_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, seen = tmp_path / "desk.db", []

    def to_disk(path: Path) -> None:
        beside = sorted(one.name for one in tmp_path.iterdir())
        seen.append((path, place.exists(), [name for name in beside if name.endswith("-wal")]))

    monkeypatch.setattr(seeding, "_to_disk", to_disk)
    seed_store(f"sqlite:///{place}", size="demo", seed=1, now=NOW)
    (draft, named, left), (folder, then_named, _) = seen
    assert draft.parent == tmp_path and draft != place and not named and left == []
    assert folder == tmp_path and then_named


def test_a_walk_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bdesk.training.walks.plans.Visit", broken)
    with pytest.raises(KeyboardInterrupt):
        seed_store(f"sqlite:///{tmp_path / 'desk.db'}", size="normal", seed=7, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_every_scenario_says_what_it_trains() -> None:
    assert set(TRAINS) == set(scenarios())


def test_the_fewest_ways_between_two_steps() -> None:
    refund = load_book().procedure_for(CaseKind.REFUND)
    never = frozenset({("by_what", "wallet")})
    assert ways_to(refund, "start", "scope", never) == (
        ("start", "first"), ("opening/gate", "written"), ("by_what", "order"), ("find", "found"),
        ("duplicate/check", "none"), ("said", "ask"),
    )  # fmt: skip
    assert ways_to(refund, "scope", "scope", never) == ()
    with pytest.raises(ValueError, match="no way"):
        ways_to(refund, "paid", "scope", never)
