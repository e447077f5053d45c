"""A walk of one's own that leaves the questions out: the effect asks what the steps did not (WU4 to WU7)."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import ApprovalState, EvidenceKind, Role, WalletState
from bdesk.models.tables import Approval, Evidence, Freeze, StepAnswer, Wallet
from bdesk.operations import evidence
from bdesk.operations.ports import Ports
from tests.operations.desk import Desk
from tests.operations.frozen import (
    WALLET_TAIL,
    at_work,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    verified,
)

GATE = "label: {zh: 需要说明, en: to be explained}, goto: explain}"


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR)


def packaged() -> str:
    return (files("bdesk.data.book") / "procedures" / "unfreeze.yaml").read_text("utf-8")


def kept(own_home: Path, text: str) -> None:
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "unfreeze.yaml").write_text(text, "utf-8")


def test_a_walk_that_asks_nothing_recommends_no_release(store: Store, ports: Ports, own_home: Path) -> None:
    text = packaged()
    mine = text.replace(GATE, GATE.replace("explain}", "recommend}"))
    asked = re.compile(r"          - \{fact: unfreeze\.(groundwork|lacking), .*\n")
    mine = asked.sub("", mine)
    assert mine.count("\n") == text.count("\n") - 3
    kept(own_home, mine)
    desk = at_work(store, ports, "1001", Role.AGENT)
    case_id = verified(desk, rung(desk, freeze(store)))
    assert desk.step(case_id) == "recommend", "the walk of one's own asks nothing"
    for extent in ("full", "limited"):
        with pytest.raises(NotAllowed, match=r"unfreeze\.unasked"):
            recommended(desk, case_id, extent)
    assert not desk.rows(Approval)
    assert recommended(desk, case_id, "refuse").state is ApprovalState.REQUESTED, "the money stays"


def test_what_was_asked_before_another_freeze_says_nothing_of_it(desk: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    desk.later(hours=1)
    with desk.store.write("wallet") as unit:
        held = unit.session.get_one(Freeze, desk.rows(Freeze)[0].id)
        held.released_at = unit.now
        more = held.model_dump(exclude={"id", "version", "released_at"})
        unit.session.add(Freeze(**more | {"frozen_at": unit.now}))
        unit.commit()
    assert desk.fact(case_id, "unfreeze.groundwork") == "questions"
    assert desk.option(case_id, "full").offer == "refused"


def test_papers_that_nobody_opened_release_nothing(desk: Desk, chief: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    for kind in (EvidenceKind.STATEMENT, EvidenceKind.TRANSACTION_RECORD):
        evidence.add_evidence(desk.ctx, case_id, kind, "1.pdf", "https://evidence.example.com/1.pdf", 1)
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "ready")
    for extent in ("full", "limited"):
        assert desk.option(case_id, extent).offer == "refused"
    for row in desk.rows(Evidence):
        evidence.look_at(desk.ctx, row.id or 0)
        evidence.judge(desk.ctx, row.id or 0, clear=True)
    decided(chief, recommended(desk, case_id))
    assert desk.step(case_id) == "release"


def test_who_cannot_show_papers_is_not_released_in_full(desk: Desk, chief: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "without")
    desk.go(case_id, "ready")
    assert desk.option(case_id, "full").offer == "refused"
    decided(chief, recommended(desk, case_id, "limited"))
    assert desk.step(case_id) == "release"


@pytest.mark.parametrize("when", ["before the decision", "before it is carried out"])
def test_answers_that_are_gone_carry_nothing(desk: Desk, chief: Desk, when: str) -> None:
    """What the request rested on is asked again by the decider's desk and by whoever carries it out."""
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    row = recommended(desk, case_id)
    if when == "before it is carried out":
        decided(chief, row)
        desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    with desk.store.write("nobody") as unit:
        for one in desk.rows(StepAnswer, case_id=case_id, step="records"):
            unit.session.get_one(StepAnswer, one.id).captures = {}
        unit.commit()
    if when == "before the decision":
        with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
            decided(chief, row)
    desk.later(seconds=11)
    desk.release()
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN
