"""Opening a case about given facts, in the words that `operations.opening` uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bdesk.clock import to_iso
from bdesk.data.unit import key_tail
from bdesk.models.kinds import CaseFlag, CaseKind, CaseState, Channel, RefundReason, ReturnKind
from bdesk.models.tables import Case, CaseFlagRow
from bdesk.rules.scanner import scan
from bdesk.rules.walk.model import ClockMove, Procedure, opening
from bdesk.text import clean
from bdesk.training.draw import Draw
from bdesk.training.ledger import SYSTEM, Ledger, Work
from bdesk.training.rows import Row
from bdesk.training.world import Deal, World


class Asked(NamedTuple):
    """What the clocks of a case's opening depend on."""

    kind: CaseKind
    channel: Channel
    priority: int


def asked_of(work: Work) -> Asked:
    """The same of a case that is there."""
    return Asked(work.row["kind"], work.row["channel"], work.row["priority"])


@dataclass(frozen=True, slots=True)
class Pins:
    """What a case of one kind is pinned to; its procedure says which clocks it opens with."""

    procedure: str
    procedure_version: str
    policy_version: str
    calendar_version: str
    tasks_version: str
    evidence_version: str
    made: Procedure

    def opens(self, kind: CaseKind, channel: Channel, priority: int) -> tuple[ClockMove, ...]:
        """The clocks that a case opens with, with their settings."""
        return opening(self.made, kind, channel, priority)


@dataclass(frozen=True, slots=True)
class Opened:
    """What is known of a matter when its case is opened; `received_at` starts its clocks."""

    kind: CaseKind
    channel: Channel
    received_at: datetime
    opened_at: datetime
    actor: str
    deal: Deal | None = None
    customer: Row | None = None
    subject: str = ""
    description: str = ""
    desired: str = ""
    reason: RefundReason | None = None
    priority: int = 3
    flags: tuple[CaseFlag, ...] = ()
    wallet_tx: Row | None = None
    wanted: ReturnKind | None = None


def open_work(world: World, ledger: Ledger, draw: Draw, pins: Mapping[CaseKind, Pins], new: Opened) -> Work:
    """The case's row, its opening event and its clocks, all from the receipt of the matter."""
    pin = pins[new.kind]
    customer = new.deal.customer if new.deal is not None else new.customer
    row = world.rows.add(
        Case,
        case_no="",
        kind=new.kind,
        channel=new.channel,
        filed=new.actor == SYSTEM,
        priority=new.priority,
        state=CaseState.NEW,
        customer_id=customer["id"] if customer else None,
        order_id=new.deal.order["id"] if new.deal else None,
        wallet_tx_id=new.wallet_tx["id"] if new.wallet_tx else None,
        subject=clean(new.subject)[:200],
        desired=clean(new.desired)[:200],
        reason=new.reason,
        subtype=new.wanted,
        received_at=new.received_at,
        opened_at=new.opened_at,
        procedure=pin.procedure,
        procedure_version=pin.procedure_version,
        policy_version=pin.policy_version,
        calendar_version=pin.calendar_version,
        tasks_version=pin.tasks_version,
        evidence_version=pin.evidence_version,
        queue_at=new.received_at,
    )
    for flag in new.flags:
        world.rows.add(CaseFlagRow, case_id=row["id"], flag=flag)
    work = Work(world, ledger, draw, row, new.deal)
    work.act(new.opened_at, new.actor)
    payload: dict[str, object] = {
        "kind": new.kind.value,
        "channel": new.channel.value,
        "filed": row["filed"],
        "received_at": to_iso(new.received_at),
        "order": row["order_id"],
        "customer": row["customer_id"],
        "procedure": [pin.procedure, pin.procedure_version],
        "policy": pin.policy_version,
        "calendar": pin.calendar_version,
        "tasks": pin.tasks_version,
        "evidence": pin.evidence_version,
        "priority": new.priority,
    }
    if new.description.strip():
        # What a desk must never keep is masked here as the operation does it (B0.5).
        masked = scan(clean(new.description, multiline=True)).masked
        payload |= work.text("description", masked)[1]
    work.add("case.opened", payload, occurred_at=new.received_at)
    for move in pin.opens(new.kind, new.channel, new.priority):
        attach(work, move.kind, new.received_at, move.literals)
    return work


def number_cases(world: World) -> None:
    """Give every case its number, in the order in which they were opened."""
    for row in sorted(world.rows.of(Case), key=lambda row: (row["opened_at"], row["id"])):
        row["case_no"] = world.number("KF", row["opened_at"], 5)
        row["case_tail"] = key_tail(row["case_no"])
        if row["kind"] is CaseKind.AFTER_SALE:
            row["after_sale_no"] = world.number("SH", row["opened_at"], 6)
            row["after_sale_tail"] = key_tail(row["after_sale_no"])


def attach(work: Work, clock: str, start_at: datetime, params: Mapping[str, object] | None = None) -> None:
    """Start a clock of the case's own policy."""
    payload: dict[str, object] = {
        "clock": clock,
        "cycle": work.row["cycle"],
        "start_at": to_iso(start_at),
        "policy": work.row["policy_version"],
        "calendar": work.row["calendar_version"],
    }
    work.add("clock.attached", payload | ({"params": dict(params)} if params else {}))
