"""Words for parameters that carry a member of a closed list: which lists a parameter's name may mean."""

from collections.abc import Mapping
from enum import StrEnum

from bdesk.i18n import _
from bdesk.models.clock_kinds import EndReason, PauseReason, ResumeReason
from bdesk.models.kinds import (
    ApprovalState,
    Asides,
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    CheckResult,
    CompensationKind,
    ContactKind,
    Department,
    EvidenceKind,
    Factor,
    NotificationChannel,
    OrderStatus,
    PaymentMethod,
    PersonState,
    PromiseState,
    RefundReason,
    RejectCode,
    Role,
    TaskState,
    VerificationLevel,
)
from bdesk.models.labels import label_of

LISTS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "channel": (Channel, NotificationChannel),
    "code": (RejectCode,),
    "factor": (Factor,),
    "flag": (CaseFlag,),
    "form": (CompensationKind,),
    "from": (CaseKind,),
    "kind": (CaseKind, EvidenceKind, ContactKind),
    "level": (VerificationLevel,),
    "method": (PaymentMethod,),
    "methods": (PaymentMethod,),
    "needs": (Role,),
    "outcome": (CaseOutcome,),
    "own": (Role,),
    "reason": (PauseReason, ResumeReason, EndReason, Asides, RefundReason),
    "result": (CheckResult,),
    "role": (Role,),
    "state": (CaseState, ApprovalState, PersonState, TaskState, PromiseState),
    "becomes": (CaseState,),
    "status": (OrderStatus,),
    "to": (Role, CaseKind, Department),
}
"""By parameter name. Where two lists share a value, they share its word too; a test holds that."""

REASONS = "next"
"""Take-next rules are reasons as well; their words stand with the clocks ("next.hard_soon")."""


def said_word(name: str, text: str) -> str:
    """The label of a code that a parameter of this name carries; the text as it is when there is none."""
    for kind in LISTS.get(name, ()):
        if text in kind.__members__.values():
            return label_of(kind, text)
    if name == "reason":
        from bdesk.speech.clock import MESSAGES

        msgid = MESSAGES.get(f"{REASONS}.{text}")
        return _(msgid) if msgid is not None else text
    return text
