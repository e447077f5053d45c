"""Who tells the caller what to do stays there, whatever becomes of the answer that said so: it is taken back,
its case becomes another kind, is merged away, or the caller rings again about "something else"."""

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import EvidenceKind, Role, WalletState
from bdesk.models.tables import Case, Freeze, Wallet
from bdesk.operations import calls, evidence, queue, undoing
from bdesk.operations.ports import Ports
from bdesk.operations.raising import to_complaint
from bdesk.operations.supervising.merging import merge_into
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import (
    WALLET_TAIL,
    Frozen,
    at_work,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    seen,
    verified,
)


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR)


@pytest.fixture
def risk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "3001", Role.RISK)


def guided(desk: Desk, frozen: Frozen) -> int:
    """A verified caller of whom the agent has just noted that somebody tells them what to do."""
    case_id = verified(desk, rung(desk, frozen))
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="guided")
    return case_id


def must_still_be_coached(desk: Desk, case_id: int) -> None:
    assert desk.fact(case_id, "unfreeze.coached") is True
    assert desk.fact(case_id, "unfreeze.rating") == "high"


def must_not_be_released_in_full(desk: Desk, case_id: int) -> None:
    """The whole walk once more, everything answered as it should be: still no full release."""
    questioned_again(desk, case_id)
    must_still_be_coached(desk, case_id)
    assert desk.option(case_id, "full").offer == "refused"
    assert desk.option(case_id, "limited").offer == "refused", "nor in part without the police"
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN
    must_add_up(desk.store)


def shown(desk: Desk, case_id: int) -> None:
    for kind in (EvidenceKind.STATEMENT, EvidenceKind.TRANSACTION_RECORD):
        evidence.add_evidence(desk.ctx, case_id, kind, "1.pdf", "https://evidence.example.com/1.pdf", 1000)
    seen(desk, case_id)


def questioned_again(desk: Desk, case_id: int) -> None:
    if desk.step(case_id) == "explain":
        desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    if desk.step(case_id) == "papers":
        desk.go(case_id, "without")
    desk.go(case_id, "ready")


def test_an_answer_taken_back_leaves_the_note(desk: Desk) -> None:
    case_id = guided(desk, freeze(desk.store))
    undoing.undo(desk.ctx, case_id)
    assert desk.step(case_id) == "ask_transfers"
    must_not_be_released_in_full(desk, case_id)


def test_a_case_that_was_a_complaint_for_a_moment_is_not_rid_of_it(desk: Desk) -> None:
    case_id = guided(desk, freeze(desk.store))
    to_complaint(desk.ctx, case_id, "客户抱怨")
    desk.go(case_id, "convert")
    desk.go(case_id, "go", kind="unfreeze")
    must_not_be_released_in_full(desk, case_id)


def test_a_second_case_and_a_merge_are_not_rid_of_it(desk: Desk, chief: Desk) -> None:
    frozen = freeze(desk.store)
    first = guided(desk, frozen)
    calls.end_call(desk.ctx, 1)
    second = rung(desk, frozen)
    must_still_be_coached(desk, second)
    merge_into(chief.ctx, first, desk.row(Case, second).case_no, "同一事项")
    verified(desk, second)
    must_not_be_released_in_full(desk, second)


def test_another_freeze_beside_it_is_coached_too(desk: Desk, store: Store) -> None:
    """The newest freeze is the one that is asked about; the older one still holds."""
    frozen = freeze(store)
    case_id = guided(desk, frozen)
    with store.write("wallet") as unit:
        more = unit.session.get_one(Freeze, frozen.freeze_id).model_dump(exclude={"id", "version"})
        unit.session.add(Freeze(**more | {"frozen_at": unit.now}))
        unit.commit()
    must_still_be_coached(desk, case_id)


def test_risk_alone_takes_the_note_off_and_another_one_counts_again(
    desk: Desk, chief: Desk, risk: Desk
) -> None:
    """An agent who pressed the wrong digit does not leave an honest owner frozen for ever."""
    case_id = guided(desk, freeze(desk.store))
    desk.go(case_id, "stop")
    desk.go(case_id, "keep")
    desk.go(case_id, "refuse")
    assert desk.option(case_id, "uncoached").offer == "refused"
    queue.release(desk.ctx, case_id)
    queue.claim(risk.ctx, case_id)
    risk.go(case_id, "uncoached", why="已回拨客户本人，系误选")
    assert risk.fact(case_id, "unfreeze.coached") is False
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(risk.ctx, case_id)
    assert risk.step(case_id) == "ask_transfers"
    queue.release(risk.ctx, case_id)
    queue.claim(desk.ctx, case_id)
    shown(desk, case_id)
    questioned_again(desk, case_id)
    row = recommended(desk, case_id)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(risk, row)
    decided(chief, row)
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
    must_add_up(desk.store)


def test_what_is_noted_after_risks_word_counts_again(desk: Desk, risk: Desk) -> None:
    case_id = guided(desk, freeze(desk.store))
    for option in ("stop", "keep", "refuse"):
        desk.go(case_id, option)
    queue.release(desk.ctx, case_id)
    queue.claim(risk.ctx, case_id)
    risk.go(case_id, "uncoached", why="已回拨客户本人，系误选")
    risk.go(case_id, "answered", coached="guided")
    undoing.undo(risk.ctx, case_id)
    must_still_be_coached(risk, case_id)


def test_whoever_noted_it_does_not_take_it_off(risk: Desk) -> None:
    case_id = guided(risk, freeze(risk.store))
    risk.go(case_id, "stop")
    risk.go(case_id, "keep")
    risk.go(case_id, "refuse")
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        risk.go(case_id, "uncoached", why="再想想")
    must_still_be_coached(risk, case_id)


def test_an_honest_owner_is_released_as_before(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    decided(chief, recommended(desk, case_id))
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
