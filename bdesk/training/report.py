"""What is in a seeded store, and what is not: the coverage report (training.md D1.5)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bdesk.models.clock_kinds import SlaState
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    EvidenceKind,
    FreezeReason,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    RefundReason,
    RejectCode,
    ReturnClass,
    SignedBy,
    WalletTxKind,
)
from bdesk.models.tables import (
    Case,
    CaseFlagRow,
    Evidence,
    Freeze,
    Order,
    OrderItem,
    Parcel,
    Payment,
    WalletTx,
)
from bdesk.rules.clock.reading import Reading
from bdesk.training.world import World


@dataclass(frozen=True, slots=True)
class Login:
    number: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A scenario as the index names it: which cases and orders it put there."""

    code: str
    zh: str
    en: str
    cases: tuple[str, ...]
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`counts` by list and value, in the order of the lists; `unreached` names values that nothing has."""

    store: str
    seed: int
    size: str
    now: datetime
    password: str
    logins: tuple[Login, ...]
    scenarios: tuple[Shown, ...]
    rows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    unreached: Mapping[str, tuple[str, ...]]


LISTS: Mapping[str, type[StrEnum]] = {
    "case kind": CaseKind,
    "case state": CaseState,
    "clock state": SlaState,
    "channel": Channel,
    "refund reason": RefundReason,
    "outcome": CaseOutcome,
    "reject code": RejectCode,
    "flag": CaseFlag,
    "evidence": EvidenceKind,
    "order status": OrderStatus,
    "return class": ReturnClass,
    "payment method": PaymentMethod,
    "payment state": PaymentState,
    "payment failure": PaymentFailure,
    "parcel state": ParcelState,
    "signed by": SignedBy,
    "freeze": FreezeReason,
    "wallet transaction": WalletTxKind,
}
"""The lists that the coverage report counts, under the names it uses."""


def count_all(world: World, readings: Mapping[int, tuple[Reading, ...]]) -> dict[str, dict[str, int]]:
    """How often each value of each list occurs in the world."""
    rows = world.rows

    def of(table: type, column: str) -> Iterable[object]:
        return (row[column] for row in rows.of(table))

    values: dict[str, Iterable[object]] = {
        "case kind": of(Case, "kind"),
        "case state": of(Case, "state"),
        "clock state": _chips(world, readings),
        "channel": of(Case, "channel"),
        "refund reason": of(Case, "reason"),
        "outcome": of(Case, "outcome"),
        "reject code": of(Case, "reject_code"),
        "flag": of(CaseFlagRow, "flag"),
        "evidence": of(Evidence, "kind"),
        "order status": of(Order, "status"),
        "return class": of(OrderItem, "return_class"),
        "payment method": of(Payment, "method"),
        "payment state": of(Payment, "state"),
        "payment failure": of(Payment, "failure"),
        "parcel state": of(Parcel, "state"),
        "signed by": of(Parcel, "signed_by"),
        "freeze": of(Freeze, "reason"),
        "wallet transaction": of(WalletTx, "kind"),
    }
    found: dict[str, dict[str, int]] = {}
    for name, kind in LISTS.items():
        counter = Counter(values[name])
        found[name] = {member.value: counter.get(member, 0) for member in kind}
    return found


def unreached(counts: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[str, ...]]:
    """The values of each list that nothing in the store has."""
    missing = {
        name: tuple(value for value, count in values.items() if not count) for name, values in counts.items()
    }
    return {name: values for name, values in missing.items() if values}


def _chips(world: World, readings: Mapping[int, tuple[Reading, ...]]) -> Iterable[SlaState]:
    """The state of the leading clock of every open case; what has no running clock is left out."""
    for row in world.rows.of(Case):
        if not row["open"] or row["queue_clock"] is None:
            continue
        lead = next((one for one in readings[row["id"]] if one.live and one.kind == row["queue_clock"]), None)
        if lead is not None:
            yield lead.state(world.now)
