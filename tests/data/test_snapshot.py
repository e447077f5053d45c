"""One snapshot: everything that rules may know, in a fixed number of queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlmodel import SQLModel

from bdesk.data import snapshot
from bdesk.data.store import Store
from bdesk.errors import NotFound
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    CaseOutcome,
    Channel,
    CheckResult,
    ContactKind,
    DeliveryState,
    Direction,
    EvidenceKind,
    Factor,
    FreezeReason,
    FreezeSource,
    LinkKind,
    PaymentMethod,
    PaymentState,
    PersonState,
    RefundState,
    Role,
    VerificationLevel,
    WalletTxKind,
)
from bdesk.models.tables import (
    Approval,
    CaseLink,
    Contact,
    Decision,
    Evidence,
    Freeze,
    OutboxRow,
    Payment,
    Refund,
    RefundItem,
    Staff,
    StepAnswer,
    VerificationAttempt,
    Wallet,
    WalletTx,
)
from bdesk.models.views.snapshot import ActorView, Snapshot
from tests.builders import T0, Item, Placed, clock_of, customer, event, make_store, open_case, order, person


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def add(store: Store, *rows: SQLModel) -> None:
    with store.write("1001") as unit:
        unit.session.add_all(rows)
        unit.commit()


def snap(store: Store, case_id: int, actor: ActorView | None = None) -> Snapshot:
    with store.read() as session:
        return snapshot.build(session, case_id, actor or ActorView(99, "1099", "x", Role.AGENT), store.now())


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    said: list[str] = []

    def heard(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    sa_event.listen(store._reader, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        sa_event.remove(store._reader, "before_cursor_execute", heard)


def refund(placed: Placed, case_id: int | None, amount: int, state: RefundState, number: str) -> Refund:
    return Refund(
        refund_no=number, case_id=case_id, order_id=placed.id, payment_id=placed.payments[0],
        customer_id=placed.customer_id, amount_fen=amount, method=PaymentMethod.WALLET, state=state,
        committed_at=T0 - timedelta(days=1),
    )  # fmt: skip


def test_nobody_has_no_snapshot(store: Store) -> None:
    with pytest.raises(NotFound):
        snap(store, 7)


def test_every_field_is_filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is left at its default would make rules believe that there is nothing."""
    given: set[str] = set()
    monkeypatch.setattr(snapshot, "Snapshot", lambda **values: given.update(values))
    snap(store, open_case(store))
    assert given == {one.name for one in fields(Snapshot)}


def test_a_bare_case_has_one_too(store: Store) -> None:
    found = snap(store, open_case(store, clocks=()))
    assert (found.customer, found.order, found.wallet) == (None, None, None)
    assert not (found.items or found.payments or found.same_customer)
    assert found.history.recent_amounts_fen == ()


def test_nobody_and_no_order_are_shared_with_no_other_case(store: Store) -> None:
    case_id = open_case(store, clocks=())
    other = open_case(store, clocks=())
    linked = open_case(store, clocks=(), received_at=T0 - timedelta(days=9))
    call = Contact(
        case_id=other, kind=ContactKind.CALL, direction=Direction.INBOUND, channel=Channel.HOTLINE,
        started_at=T0,
    )  # fmt: skip
    granted = Approval(
        case_id=other, step="RF4b", option="goodwill", action="goodwill_return", facts_digest="d",
        needs_role="supervisor", requested_by="1001", requested_at=T0, lapses_at=T0, decided_at=T0,
        state=ApprovalState.APPROVED,
    )  # fmt: skip
    add(store, call, granted, CaseLink(from_id=case_id, to_id=linked, kind=LinkKind.REAPPLY_OF))
    found = snap(store, case_id)
    assert (found.same_order, found.same_customer) == ((), ())
    assert [one.id for one in found.links] == [linked]
    assert (found.history.contacts_48h, found.history.contacts_30d, found.history.goodwill_12m) == (0, 0, 0)
    # Asking for them all the same would read every case without an order, under the write lock.
    with counted(store) as said:
        snap(store, case_id)
    assert not [one for one in said if "_case.order_id IS NULL" in one or "_case.customer_id IS NULL" in one]


def test_items_know_what_was_refunded_and_what_the_case_is_about(store: Store) -> None:
    placed = order(store, customer(store), items=(Item(), Item("CUP", "杯子", 900, 3)))
    case_id = open_case(store, order_id=placed.id, item_ids=placed.items[1:])
    paid, gone = (
        refund(placed, None, 900, RefundState.ACCEPTED, "TK1"),
        refund(placed, None, 900, RefundState.FAILED, "TK2"),
    )
    add(store, paid, gone)
    cup = placed.items[1]
    add(
        store,
        RefundItem(refund_id=paid.id or 0, item_id=cup, quantity=1, amount_fen=900),
        RefundItem(refund_id=gone.id or 0, item_id=cup, quantity=1, amount_fen=900),
    )
    kettle, cups = snap(store, case_id).items
    assert (kettle.chosen, kettle.refunded_fen, kettle.stock) == (False, 0, 10)
    assert (cups.chosen, cups.chosen_quantity) == (True, 1)
    assert (cups.refunded_fen, cups.refunded_quantity) == (900, 1)
    assert [one.refund_no for one in snap(store, case_id).refunds] == ["TK1", "TK2"]
    whole = snap(store, open_case(store, order_id=placed.id))
    assert all(item.chosen and item.chosen_quantity is None for item in whole.items)


def test_other_cases_come_with_their_decision(store: Store) -> None:
    buyer = customer(store)
    placed = order(store, buyer)
    old = open_case(store, order_id=placed.id, item_ids=placed.items)
    other = open_case(store, customer_id=buyer, kind=CaseKind.LOGIN)
    open_case(store, customer_id=customer(store))
    case_id = open_case(store, order_id=placed.id)
    add(
        store,
        CaseLink(from_id=case_id, to_id=old, kind=LinkKind.REAPPLY_OF),
        Decision(case_id=old, step="RF8", option="reject", outcome=CaseOutcome.REJECTED, by="1005", at=T0),
        Decision(
            case_id=old,
            step="RF8",
            option="undone",
            outcome=CaseOutcome.REJECTED,
            by="1006",
            at=T0,
            voided=True,
        ),
        Evidence(case_id=old, number=1, kind=EvidenceKind.PHOTO, received_at=T0),
    )
    with store.write("1001") as unit:
        unit.case(old).open = False
        unit.commit()
    found = snap(store, case_id)
    assert [(one.id, one.link, one.decided_by, one.evidence_count) for one in found.links] == [
        (old, LinkKind.REAPPLY_OF, "1005", 1)
    ]
    assert found.links[0].item_ids == placed.items
    assert [one.id for one in found.same_order] == [old]
    assert [one.id for one in found.same_customer] == [other, old]
    assert found.history.reapplications == 1
    assert snap(store, old).links[0].id == case_id
    assert {one.id: one.due_at for one in found.same_customer} == {other: T0 + timedelta(hours=24), old: None}


def test_reapplications_are_counted_along_the_chain_even_in_a_ring(store: Store) -> None:
    first, second, third = (open_case(store, clocks=()) for _ in range(3))
    add(
        store,
        CaseLink(from_id=third, to_id=second, kind=LinkKind.REAPPLY_OF),
        CaseLink(from_id=second, to_id=first, kind=LinkKind.REAPPLY_OF),
        CaseLink(from_id=third, to_id=first, kind=LinkKind.PREVIOUS),
    )
    event(store, third, "case.reopened", {"cycle": 2, "why": "reapply"})
    event(store, third, "case.reopened", {"cycle": 3})
    assert snap(store, third).history.reapplications == 3
    add(store, CaseLink(from_id=first, to_id=third, kind=LinkKind.REAPPLY_OF))
    assert snap(store, third).history.reapplications == 4


def test_the_past_of_a_customer(store: Store) -> None:
    buyer = customer(store)
    placed = order(store, buyer)
    order(store, buyer, items=(Item(price_fen=5990),), placed_days=40)
    case_id = open_case(store, order_id=placed.id)
    add(
        store,
        refund(placed, None, 1, RefundState.ACCEPTED, "TK1"),
        refund(placed, None, 1, RefundState.RECALLED, "TK2"),
        refund(placed, case_id, 1, RefundState.HELD, "TK3"),
    )
    for hours in (1, 47, 49, 24 * 31):
        add(store, Contact(
            customer_id=buyer, kind=ContactKind.CALL, direction=Direction.INBOUND, channel=Channel.HOTLINE,
            started_at=T0 - timedelta(hours=hours),
        ))  # fmt: skip
    wallet = Wallet(wallet_no="W1", customer_id=buyer, balance_fen=100)
    add(store, wallet)
    add(
        store,
        WalletTx(tx_no="X1", wallet_id=wallet.id or 0, kind=WalletTxKind.TRANSFER, amount_fen=777, at=T0),
        WalletTx(tx_no="X2", wallet_id=wallet.id or 0, kind=WalletTxKind.TOP_UP, amount_fen=888, at=T0),
    )
    granted = open_case(store, customer_id=buyer)
    for state, days in (
        (ApprovalState.APPROVED, 300),
        (ApprovalState.APPROVED, 400),
        (ApprovalState.REFUSED, 3),
    ):
        at = T0 - timedelta(days=days)
        add(store, Approval(
            case_id=granted, step="RF4b", option="goodwill", action="goodwill_return", facts_digest="d",
            needs_role="supervisor", requested_by="1001", requested_at=at, lapses_at=at, decided_at=at,
            state=state,
        ))  # fmt: skip
    past = snap(store, case_id).history
    assert past.goodwill_12m == 1
    assert past.refunds_30d == 1
    assert (past.contacts_48h, past.contacts_30d) == (2, 3)
    assert past.recent_amounts_fen == (777, 12800)


def attempt(
    buyer: int, case_id: int, at: Any, result: CheckResult, factor: Factor, voided: bool = False
) -> SQLModel:
    return VerificationAttempt(
        customer_id=buyer, case_id=case_id, level=VerificationLevel.V2, factor=factor, result=result,
        channel=Channel.HOTLINE, by="1001", at=at, voided=voided,
    )  # fmt: skip


def test_checks_of_the_account_count_over_all_channels(store: Store) -> None:
    buyer = customer(store)
    mine, other = open_case(store, customer_id=buyer), open_case(store, customer_id=buyer)
    failed, passed = CheckResult.FAILED, CheckResult.PASSED
    add(
        store,
        attempt(buyer, mine, T0 - timedelta(days=3), failed, Factor.CITY),
        attempt(buyer, other, T0 - timedelta(hours=3), failed, Factor.PHONE_TAIL),
        attempt(buyer, other, T0 - timedelta(hours=3), failed, Factor.CITY),
        attempt(buyer, other, T0 - timedelta(hours=2), passed, Factor.CITY),
        attempt(buyer, other, T0 - timedelta(hours=1), failed, Factor.CITY, voided=True),
        attempt(buyer, other, T0 - timedelta(hours=25), failed, Factor.CITY),
    )
    found = snap(store, mine)
    assert len(found.checks) == 4
    assert found.history.failed_checks == 1


def test_answers_decisions_and_effects_that_stand(store: Store) -> None:
    case_id = open_case(store, owner=person(store, "1001"))
    add(
        store,
        StepAnswer(
            case_id=case_id,
            step="RF1",
            option="ok",
            captures={"a": 1},
            via=[["RF0", "auto"]],
            by="1001",
            at=T0,
        ),
        StepAnswer(case_id=case_id, step="RF2", option="ok", by="1001", at=T0, voided=True),
        Approval(
            case_id=case_id,
            step="RF8",
            option="a",
            action="refund",
            facts_digest="d",
            needs_role="supervisor",
            flags=["repeat"],
            requested_by="1001",
            requested_at=T0,
            lapses_at=T0 + timedelta(hours=24),
        ),
        *(
            OutboxRow(
                key=f"k{state}",
                case_id=case_id,
                step="RF9",
                effect="refund",
                state=state,
                actor="1001",
                commit_event_id=1,
                committed_at=T0,
                hold_until=T0,
            )
            for state in DeliveryState
        ),
    )
    found = snap(store, case_id)
    assert [(one.step, one.via, one.captures) for one in found.answers] == [
        ("RF1", (("RF0", "auto"),), {"a": 1})
    ]
    assert [(one.flags, one.case_no, one.state) for one in found.approvals] == [
        (("repeat",), found.case.case_no, ApprovalState.REQUESTED)
    ]
    assert found.open_effects == ("refund:held", "refund:released", "refund:unknown")
    assert found.case.owner == "1001"


def test_signs_in_the_journal_unless_taken_back(store: Store) -> None:
    case_id = open_case(store, clocks=())
    event(store, case_id, "verification.code_sent")
    event(store, case_id, "customer.target_registered")
    found = snap(store, case_id)
    assert (found.code_sent_at, found.target_registered, found.case.cycle_started_at) == (T0, True, None)
    clock_of(store).move(timedelta(minutes=3))
    undone = event(store, case_id, "verification.code_sent")
    event(store, case_id, "undone", {"of": undone})
    assert snap(store, case_id).code_sent_at == T0
    event(store, case_id, "case.reopened", {"cycle": 2})
    found = snap(store, case_id)
    assert (found.case.cycle_started_at, found.target_registered) == (T0 + timedelta(minutes=3), False)


def test_timers_fire_once(store: Store) -> None:
    """Without this a reminder would go out at every sweep."""
    case_id = open_case(store, clocks=())
    since = T0.isoformat()
    event(store, case_id, "timer.fired", {"step": "RF5", "number": 0, "since": since})
    undone = event(store, case_id, "timer.fired", {"step": "RF5", "number": 1, "since": since})
    event(store, case_id, "undone", {"of": undone})
    assert snap(store, case_id).fired_timers == {("RF5", 0, since)}


def test_a_wallet_shows_the_freeze_that_holds(store: Store) -> None:
    buyer = customer(store)
    wallet = Wallet(wallet_no="W1", customer_id=buyer, balance_fen=100)
    add(store, wallet)
    add(
        store,
        *(
            Freeze(
                wallet_id=wallet.id or 0,
                reason=reason,
                source=FreezeSource.SYSTEM,
                frozen_at=T0 - timedelta(days=days),
                released_at=released,
            )
            for reason, days, released in [
                (FreezeReason.ABNORMAL_LOGIN, 9, None),
                (FreezeReason.FRAUD_RISK, 5, T0),
            ]
        ),
    )
    found = snap(store, open_case(store, customer_id=buyer)).wallet
    assert found is not None
    assert found.freeze is not None
    assert found.freeze.reason is FreezeReason.ABNORMAL_LOGIN


def test_other_reviewers_are_those_on_duty_who_may_decide(store: Store) -> None:
    me = person(store, role=Role.SENIOR)
    person(store, role=Role.SENIOR)
    person(store, role=Role.AGENT, skills=(CaseKind.REFUND,))
    person(store, role=Role.SENIOR, skills=(CaseKind.APPEAL,))
    person(store, role=Role.SENIOR, state=PersonState.BREAK)
    person(store, role=Role.ADMIN)
    gone = person(store, role=Role.SENIOR)
    with store.write() as unit:
        unit.session.get_one(Staff, gone.id).active = False
        unit.commit()
    assert snap(store, open_case(store), me).other_reviewers == 2


def test_the_number_of_queries_is_fixed(store: Store) -> None:
    """Not more for two hundred orders and sixty contacts than for a case about nothing."""
    bare = open_case(store, clocks=())
    buyer = customer(store)
    placed = order(store, buyer, items=tuple(Item(f"S{n}", f"货{n}") for n in range(20)))
    rich = open_case(store, order_id=placed.id, description="很长")
    with store.write() as unit:
        for number in range(60):
            unit.session.add(Contact(
                case_id=rich, customer_id=buyer, kind=ContactKind.CALL, direction=Direction.INBOUND,
                channel=Channel.HOTLINE, started_at=T0,
            ))  # fmt: skip
            unit.session.add(Evidence(case_id=rich, number=number, kind=EvidenceKind.PHOTO, received_at=T0))
            unit.session.add(
                Payment(
                    payment_no=f"P{number}",
                    order_id=placed.id,
                    method=PaymentMethod.WALLET,
                    state=PaymentState.SUCCESS,
                    amount_fen=number,
                    paid_at=T0,
                )
            )
        unit.commit()
    for _ in range(30):
        open_case(store, order_id=placed.id)
    counts = []
    for case_id in (bare, rich):
        with counted(store) as said:
            snap(store, case_id)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 49
