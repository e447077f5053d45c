"""How big a training store is, and in what proportions (training.md D4, D9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bdesk.errors import BadInput
from bdesk.models.kinds import CaseKind, Channel


class Size(StrEnum):
    DEMO = "demo"
    NORMAL = "normal"
    SURGE = "surge"
    EMPTY = "empty"


KINDS: Mapping[CaseKind, float] = {
    CaseKind.REFUND: 24,
    CaseKind.SHIPMENT_DELAY: 17,
    CaseKind.AFTER_SALE: 14,
    CaseKind.APPEAL: 8,
    CaseKind.PAYMENT_FAILURE: 7,
    CaseKind.COMPLAINT: 5,
    CaseKind.UNFREEZE: 5,
    CaseKind.WALLET_REFUND: 4,
    CaseKind.PROGRESS: 4,
    CaseKind.FEEDBACK: 3,
    CaseKind.ACCOUNT_CHANGE: 3,
    CaseKind.LOGIN: 2,
    CaseKind.RECORDS: 2,
    CaseKind.SECURITY: 1,
    CaseKind.WALLET_LIMITS: 1,
    CaseKind.CONSULTATION: 1,
}

CHANNELS: Mapping[Channel, float] = {
    Channel.HOTLINE: 52,
    Channel.WEB_CHAT: 10,
    Channel.APP_CHAT: 12,
    Channel.EMAIL: 9,
    Channel.REFUND_FORM: 5,
    Channel.AFTER_SALE_FORM: 4,
    Channel.FEEDBACK_CENTER: 3,
    Channel.SOCIAL: 4,
    Channel.REGULATOR: 1,
}


@dataclass(frozen=True, slots=True)
class Preset:
    """`stages` says how far cases have come (see `cases.stages`), `chips` how urgent the running ones are.

    `whole`: the shares of training.md D4 are kept in full, and every edge case of D6 is there.
    """

    customers: int = 0
    orders: int = 0
    cases: int = 0
    agents: int = 5
    seniors: int = 2
    supervisors: int = 2
    stages: Mapping[str, float] = field(default_factory=dict)
    chips: Mapping[str, float] = field(default_factory=dict)
    scenarios: tuple[str, ...] = ()
    whole: bool = False


_STAGES = {
    "new": 17,
    "working": 19,
    "verifying": 2,
    "aside": 5,
    "waiting_customer": 10,
    "waiting_internal": 7,
    "waiting_approval": 6,
    "in_transit": 4,
    "resolved": 6,
    "closed": 20,
    "reopened": 2,
    "merged": 1,
    "withdrawn": 1,
}
_WHOLE_STAGES = {
    "new": 14,
    "working": 1,
    "verifying": 4,
    "aside": 1,
    "waiting_customer": 19,
    "waiting_internal": 12,
    "waiting_approval": 3,
    "in_transit": 10,
    "resolved": 12,
    "closed": 14,
    "reopened": 2,
    "merged": 1.5,
    "withdrawn": 1,
}
"""What the ordinary cases add to those of the edge cases, so that the states come out as D4 has them. Calls
that were taken and given back count as worked."""

PRESETS: Mapping[Size, Preset] = {
    Size.DEMO: Preset(
        40,
        80,
        30,
        stages={
            "new": 36,
            "working": 14,
            "aside": 8,
            "waiting_customer": 12,
            "waiting_internal": 6,
            "waiting_approval": 6,
            "in_transit": 3,
            "resolved": 3,
            "closed": 12,
        },
        chips={"fine": 56, "due": 20, "now": 10, "over": 14},
        scenarios=("S1", "S1-reject", "S1-call"),
    ),
    Size.NORMAL: Preset(
        400,
        900,
        260,
        agents=10,
        seniors=2,
        supervisors=3,
        stages=_WHOLE_STAGES,
        chips={"fine": 36, "due": 27, "now": 17, "over": 12},
        scenarios=("S1", "S1-reject", "S1-call"),
        whole=True,
    ),
    Size.SURGE: Preset(
        4000,
        12000,
        2500,
        agents=40,
        seniors=8,
        supervisors=5,
        stages=_STAGES,
        chips={"fine": 50, "due": 18, "now": 12, "over": 20},
    ),
    Size.EMPTY: Preset(),
}


def size_named(name: str) -> Size:
    """Raises BadInput for a size that does not exist."""
    try:
        return Size(name)
    except ValueError:
        raise BadInput("seed.size", size=name, allowed=tuple(size.value for size in Size)) from None
