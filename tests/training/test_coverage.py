"""The coverage report says what a training store holds, and names what nothing in it shows."""

import json
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bdesk.cli import main
from bdesk.data.book.book import load_book
from bdesk.data.core import CASE
from bdesk.data.store import Store, create_store
from bdesk.data.verify import verify
from bdesk.errors import NotAllowed
from bdesk.models.kinds import OPEN_STATES, CaseKind, CaseState
from bdesk.models.tables import Case, Staff
from bdesk.operations.context import Context
from bdesk.operations.staff.people import find_actor
from bdesk.operations.standing import standing
from bdesk.rules.walk.views import Offer
from bdesk.training.coverage import LISTS
from bdesk.training.edges.index import NAMES
from bdesk.training.report import Report
from bdesk.training.seed import report_on
from tests.training.conftest import NOW


def test_what_is_not_reached_is_named(normal_report: Report) -> None:
    assert normal_report.coverage.unreached == {}
    assert normal_report.coverage.missing == ()
    assert [one.code for one in normal_report.coverage.edges] == list(NAMES)


def test_counts_are_those_of_the_rows(normal_report: Report, normal: Session) -> None:
    coverage = normal_report.coverage
    assert set(coverage.counts) == set(LISTS)
    cases = normal.scalars(select(Case)).all()
    for kind in CaseKind:
        mine = Counter(case.state.value for case in cases if case.kind is kind)
        assert coverage.states[kind.value] == dict(mine)
        assert sum(mine.values()) == coverage.counts["case kind"][kind.value]
    clocks = sum((Counter(values) for values in coverage.clocks.values()), Counter[str]())
    wanted = {name: count for name, count in coverage.counts["clock state"].items() if count}
    assert dict(clocks) == wanted


def test_every_state_and_every_waiting_is_there_for_the_kinds_that_come_all_day(
    normal_report: Report,
) -> None:
    states = normal_report.coverage.states
    for kind in ("refund", "shipment_delay", "payment_failure", "after_sale", "progress"):
        assert {CaseState.IN_PROGRESS.value, CaseState.CLOSED.value} <= set(states[kind]), kind


def test_no_seeded_case_stands_at_a_dead_end(normal_store: Store, normal: Session) -> None:
    """Whoever holds a case, or anybody for one that nobody holds, has something to choose."""
    book = load_book()
    numbers = dict(normal.execute(select(Staff.id, Staff.number)).all())
    seen = 0
    for case_id, owner in normal.execute(select(CASE.c.id, CASE.c.owner_id).where(CASE.c.open)).all():
        actor = find_actor(normal_store, numbers[owner] if owner else "1001")
        stand = standing(normal, Context(normal_store, book, actor), case_id, NOW)
        current = stand.walk.current
        assert current is not None or stand.walk.waiting is not None, stand.snapshot.case.case_no
        if current is not None:
            offered = [one for one in current.options if one.offer is Offer.OFFERED]
            assert offered, (stand.snapshot.case.case_no, current.step.id)
            refused = [one for one in current.options if one.offer is Offer.REFUSED]
            assert all(one.why for one in refused), (stand.snapshot.case.case_no, current.step.id)
        seen += 1
    assert seen > 150


def test_the_report_of_a_store_that_is_there(
    normal_report: Report,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BDESK_STORE", f"sqlite:///{normal_report.store}")
    assert main(["seed", "--report", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == normal_report.coverage.counts
    steps = told["steps"]
    opened = sum(told["counts"]["case state"][state.value] for state in OPEN_STATES)
    assert sum(sum(counts.values()) for counts in steps.values()) == opened
    assert steps["refund"]["scope"] > 0 and "special" in told["unreached_steps"]["refund"]
    in_the_middle = {
        "refund": ("material_wait", "assess/approval_wait"),
        "after_sale": ("goods/send", "goods/travelling", "goods/inspect", "failed", "exchange/left"),
        "shipment_delay": ("offer", "ask_wait", "unanswered"),
        "payment_failure": ("reconcile_wait",),
    }
    for procedure, places in in_the_middle.items():
        assert all(steps[procedure][place] for place in places), (procedure, steps[procedure])
    e10 = next(one for one in told["edges"] if one["code"] == "E10")
    assert len(e10["cases"]) == 2 and len(e10["orders"]) == 1
    monkeypatch.setattr("bdesk.training.coverage.stood_at", lambda *_: {})  # the same walk again
    assert main(["seed", "--report"]) == 0
    shown = capsys.readouterr().out
    assert all(code in shown for code in NAMES) and e10["cases"][0] in shown
    monkeypatch.setenv("BDESK_STORE", f"sqlite:///{tmp_path / 'real.db'}")
    with create_store(f"sqlite:///{tmp_path / 'real.db'}"):
        pass
    assert main(["seed", "--report"]) == 1


def test_a_real_store_has_no_report(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.db'}"
    with create_store(url):
        pass
    with pytest.raises(NotAllowed, match=r"seed\.no_training"):
        report_on(url)


def test_the_journal_of_the_whole_store_is_clean(normal_store: Store) -> None:
    assert verify(normal_store, load_book()).faults == ()
