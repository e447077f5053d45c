"""A frozen wallet, its owner on the telephone, and the people who release it, for tests."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from bdesk.data.store import Store
from bdesk.models.kinds import (
    CaseKind,
    Channel,
    EvidenceKind,
    FreezeReason,
    FreezeSource,
    Role,
    WalletState,
    WalletTxKind,
)
from bdesk.models.tables import Approval, Evidence, Freeze, Wallet, WalletTx
from bdesk.operations import approvals, calls, codes, evidence
from bdesk.operations.opening import NewCase
from bdesk.operations.ports import Ports
from bdesk.operations.staff.passwords import hash_password
from bdesk.rules.documents import KINDS
from tests.builders import customer, person
from tests.operations.desk import Desk

PASSWORD = "peixun-0000"
TAIL = "6621"
HELD = 3_860_000
AMOUNT = "1000.00"
WALLET_TAIL = "0077"
WHY = "工资发放，凭证一致"


@cache
def hashed() -> str:
    return hash_password(PASSWORD)


@dataclass(slots=True)
class Frozen:
    """A wallet that is frozen, and what was found about it."""

    wallet_id: int
    freeze_id: int
    customer_id: int


def freeze(
    store: Store,
    *,
    reason: FreezeReason = FreezeReason.FREQUENT_TRANSFERS,
    source: FreezeSource = FreezeSource.SYSTEM,
    held_fen: int = HELD,
    sent: int = 20,
    wallet_no: str = "QB00000077",
    buyer: int | None = None,
    **who: Any,
) -> Frozen:
    """A frozen wallet of 38,600.00 after twenty transfers of 1,000.00 within an hour."""
    if buyer is None:
        who.setdefault("phone", f"1541234{TAIL}")
        buyer = customer(store, **who)
    with store.write("wallet") as unit:
        at = unit.now - timedelta(hours=3)
        wallet = Wallet(
            wallet_no=wallet_no, customer_id=buyer, state=WalletState.FROZEN, balance_fen=held_fen
        )
        unit.session.add(wallet)
        unit.session.flush()
        assert wallet.id is not None
        held = Freeze(
            wallet_id=wallet.id,
            reason=reason,
            source=source,
            trigger="1小时20笔",
            amount_fen=held_fen,
            frozen_at=at,
        )
        unit.session.add(held)
        for number in range(sent):
            unit.session.add(
                WalletTx(
                    tx_no=f"WX{wallet_no}{number:04d}",
                    wallet_id=wallet.id,
                    kind=WalletTxKind.TRANSFER,
                    amount_fen=100_000,
                    at=at - timedelta(minutes=2 * number + 1),
                    counterparty=f"收款人{number}",
                )
            )
        unit.session.flush()
        made = Frozen(wallet.id, held.id or 0, buyer)
        unit.commit()
    return made


def rung(desk: Desk, frozen: Frozen) -> int:
    """A case from a call of the owner, greeted and at the identity check."""
    contact = calls.start_call(desk.ctx, "15400000001")
    new = NewCase(CaseKind.UNFREEZE, Channel.HOTLINE, customer_id=frozen.customer_id, subject="钱包冻结")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    return case_id


def verified(desk: Desk, case_id: int, *, by: str = "send") -> int:
    """Amount and tail right, and the code typed by the customer, as the system says."""
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    desk.go(case_id, by)
    code(desk, case_id, "passed")
    return case_id


def code(desk: Desk, case_id: int, result: str) -> None:
    system = Desk(desk.store, person(desk.store, role=Role.ADMIN), desk.ports)
    codes.code_result(system.ctx, case_id, result)


def questioned(desk: Desk, case_id: int, **noted: str) -> int:
    """The freeze explained, the questions answered alone, everything as on record, papers there."""
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    said = {"device": "known", "place": "fits", "story": "fits", "payees": "known", **noted}
    for kind in (EvidenceKind.STATEMENT, EvidenceKind.TRANSACTION_RECORD):
        evidence.add_evidence(desk.ctx, case_id, kind, "1.pdf", "https://evidence.example.com/1.pdf", 1000)
    seen(desk, case_id)
    desk.go(case_id, "compared", **said)
    assert desk.step(case_id) == "rating"
    desk.go(case_id, "ready")
    return case_id


def seen(desk: Desk, case_id: int) -> None:
    """Every piece of evidence opened and found clear, but those that another person passes (V3+)."""
    for row in desk.rows(Evidence, case_id=case_id, clear=None):
        if row.kind not in KINDS:
            evidence.look_at(desk.ctx, row.id or 0)
            evidence.judge(desk.ctx, row.id or 0, clear=True)


def recommended(desk: Desk, case_id: int, extent: str = "full") -> Approval:
    fields = {"why": WHY} if extent == "refuse" else {"why": WHY, "tail": WALLET_TAIL}
    desk.go(case_id, extent, **fields)
    return desk.rows(Approval)[-1]


def at_work(store: Store, ports: Ports, number: str, role: Role, **more: Any) -> Desk:
    return Desk(store, person(store, number, role, password_hash=hashed(), **more), ports)


def decided(by: Desk, row: Approval, verdict: str = "approve", words: str = "核对过凭证") -> None:
    approvals.decide(by.ctx, row.id or 0, verdict, words, password=PASSWORD)
