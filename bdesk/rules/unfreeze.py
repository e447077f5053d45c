"""Releasing a frozen wallet: what speaks against it, how high the risk is, what must be shown.

Source: P6 (WU4 to WU6) and its table of evidence by reason; law file 3. What the rules look for is for staff:
no text to a customer names a sign or a threshold (P6, WU3).
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from bdesk.clock import LOCAL
from bdesk.models.kinds import ApprovalState, EvidenceKind, FreezeReason, FreezeSource, VerificationLevel
from bdesk.models.views.snapshot import FreezeView, Snapshot
from bdesk.rules import lasting
from bdesk.rules.cases import cycle_start
from bdesk.rules.contacts import contact_changed
from bdesk.rules.documents import OWNERS
from bdesk.rules.evidence import counting
from bdesk.rules.verification import level_number, passed_for

ACTION: Final = "unfreeze"
"""The row of the matrix (B0.7) and the action of the approvals."""

LEVEL: Final = VerificationLevel.V3
"""What a release needs (B0.4)."""

LARGE_FEN: Final = 5_000_000
"""50 000 yuan held: a sign of its own (WU6)."""

ADULT: Final = 18
_NOTHING: Final = timedelta(0)
MOST_OF_IT: Final = 80
"""Per cent of what there was that left within an hour before the freeze: the balance leaves at once (WU6)."""

BOUND: Final = (
    "customer.letters_to",
    "unfreeze.rating",
    "unfreeze.signs",
    "unfreeze.undocumented",
    "verification.contact_changed_7d",
    "wallet.freeze_id",
    "wallet.freeze_reason",
    "wallet.freeze_source",
    "wallet.held_fen",
    "wallet.state",
)
"""What an approval to release is bound to: when one of these differs it lapses (B0.7, WU8)."""

COACHED: Final = "wallet.coached"
UNCOACHED: Final = "wallet.not_coached"
"""Events in the journal of the wallet: no case's undoing, conversion or merge reaches them (WU4v)."""

_ALONE_HIGH: Final = frozenset(
    {"coached", "contradicts", "complained", "contact_changed", "leaving", "fraud_risk", "unverified"}
)
_MEDIUM, _HIGH = 2, 3
"""So many of the lesser signs together make a medium, or a high, risk."""

_ANSWERED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "device": {"new": "device_new"},
        "place": {"differs": "place_differs"},
        "story": {"contradicts": "contradicts"},
        "payees": {"new": "payees_new", "complained": "complained"},
    }
)
"""The signs that a person notes: by field, then by its answer."""

SIGNS: Final = (
    *("coached", "contradicts", "complained", "contact_changed", "leaving", "fraud_risk", "unverified"),
    *("device_new", "place_differs", "payees_new", "large", "again", "minor"),
)
"""All of them, those first that alone make the risk high."""

_DOCUMENT: Final = frozenset({EvidenceKind.STATEMENT, EvidenceKind.CHAT_RECORD, EvidenceKind.OTHER_DOCUMENT})
_VOUCHER: Final = frozenset(
    {EvidenceKind.TRANSACTION_RECORD, EvidenceKind.PAYMENT_SCREENSHOT, EvidenceKind.INVOICE}
)
PAPERS: Final[Mapping[FreezeReason, Mapping[str, frozenset[EvidenceKind]]]] = MappingProxyType(
    {
        FreezeReason.FREQUENT_TRANSFERS: {"relation": _DOCUMENT, "voucher": _VOUCHER},
        FreezeReason.ABNORMAL_LOGIN: {},
        FreezeReason.ABNORMAL_FREQUENCY: {"order_list": _VOUCHER | {EvidenceKind.ORDER_RECORD}},
        FreezeReason.FRAUD_RISK: {"police_receipt": frozenset({EvidenceKind.POLICE_RECEIPT})},
        FreezeReason.USER_LOCK: {},
        FreezeReason.ID_EXPIRED: {"id_document": frozenset({EvidenceKind.ID_DOCUMENT})},
        FreezeReason.MINOR: {},
    }
)
"""What each reason wants to see, by the code of the need: one clear piece of one of the kinds (P6). The
documents of a guardian are not among them: those are checked by another person (`documents_for`)."""


def holding(snapshot: Snapshot) -> FreezeView | None:
    """The freeze that holds now; one by an authority before any other."""
    freeze = snapshot.wallet.freeze if snapshot.wallet is not None else None
    return freeze if freeze is not None and freeze.released_at is None else None


def level_held(snapshot: Snapshot) -> VerificationLevel:
    """The level that carries a release now: proven in the last 48 h, or in the last 72 while a request of
    this cycle is under way, so that whoever decides has the whole of its day (decision 37)."""
    since, now = cycle_start(snapshot), snapshot.now
    under_way = any(
        one.action == ACTION
        and one.requested_at >= since
        and one.state in (ApprovalState.REQUESTED, ApprovalState.APPROVED)
        and now < one.requested_at + lasting.LAPSES
        for one in snapshot.approvals
    )
    return lasting.level_since(snapshot, now - lasting.HOLDS - (lasting.LAPSES if under_way else _NOTHING))


def is_judicial(freeze: FreezeView) -> bool:
    """Whether an authority ordered it: nobody here lifts it."""
    return freeze.source is FreezeSource.JUDICIAL or freeze.reason is FreezeReason.JUDICIAL


def held_fen(snapshot: Snapshot) -> int:
    """What is held now, in fen: the wallet's balance while it is frozen."""
    return snapshot.wallet.balance_fen if snapshot.wallet is not None else 0


def answered(snapshot: Snapshot, field: str) -> str | None:
    """The newest answer to a field of this cycle's walk."""
    mine = [one for one in snapshot.answers if one.cycle == snapshot.case.cycle and field in one.captures]
    return str(mine[-1].captures[field]) if mine else None


def signs(snapshot: Snapshot) -> tuple[str, ...]:
    """What speaks against a release: from the file, and from what a person noted after the questions."""
    noted = {
        means[said]
        for field, means in _ANSWERED.items()
        if (said := answered(snapshot, field)) is not None and said in means
    }
    freeze = holding(snapshot)
    found = {
        "contact_changed": contact_changed(snapshot),
        "unverified": level_number(level_held(snapshot)) < level_number(LEVEL),
        "fraud_risk": freeze is not None and freeze.reason is FreezeReason.FRAUD_RISK,
        "leaving": freeze is not None and _leaving(freeze, held_fen(snapshot)),
        "again": freeze is not None and freeze.earlier > 0,
        "large": held_fen(snapshot) > LARGE_FEN,
        "minor": _minor(snapshot),
    }
    noted |= {name for name, so in found.items() if so}
    if is_coached(snapshot):
        noted.add("coached")
    return tuple(name for name in SIGNS if name in noted)


def is_coached(snapshot: Snapshot) -> bool:
    """Whether somebody tells the owner what to do, as noted on whichever case while the wallet is frozen.

    Whoever was told once what to say is not free of it because a later round, case or kind asks again
    (WU4v); only risk's own word, which is newer, takes it off.
    """
    freeze = holding(snapshot)
    told = None if freeze is None else freeze.coached
    if told is not None and told.so:
        return True
    guided = (one.at for one in snapshot.answers if one.captures.get("coached") == "guided")
    return any(told is None or at > told.at for at in guided)


def _leaving(freeze: FreezeView, left_fen: int) -> bool:
    total = freeze.sent_fen + left_fen
    return freeze.sent_fen > 0 and freeze.sent_fen * 100 >= total * MOST_OF_IT


def _minor(snapshot: Snapshot) -> bool:
    born = snapshot.customer.born_on if snapshot.customer is not None else None
    if born is None:
        return False
    today = snapshot.now.astimezone(LOCAL).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < ADULT


def rating(found: tuple[str, ...]) -> str:
    """low, medium or high. More signs never make it lower."""
    if _ALONE_HIGH.intersection(found) or len(found) >= _HIGH:
        return "high"
    return "medium" if len(found) >= _MEDIUM else "low"


def flags(snapshot: Snapshot) -> tuple[str, ...]:
    """What the matrix asks about a release: who may decide it (B0.7)."""
    freeze = holding(snapshot)
    high = rating(signs(snapshot)) == "high"
    raised = {"high_risk": high, "judicial": freeze is not None and is_judicial(freeze)}
    return tuple(name for name, so in raised.items() if so)


def needed(snapshot: Snapshot) -> Mapping[str, frozenset[EvidenceKind]]:
    """What the freeze's reason wants to see; of a coached caller also the police's receipt (WU4v)."""
    freeze = holding(snapshot)
    if freeze is None:
        return {}
    needs = dict(PAPERS.get(freeze.reason, {}))
    if "coached" in signs(snapshot):
        needs["police_receipt"] = frozenset({EvidenceKind.POLICE_RECEIPT})
    return needs


def papers_missing(snapshot: Snapshot) -> tuple[str, ...]:
    """What of it is not there."""
    shown = {one.kind for one in counting(snapshot)}
    return tuple(code for code, kinds in needed(snapshot).items() if not kinds & shown)


def documents_for(snapshot: Snapshot) -> str | None:
    """Whose documents a release takes on top of level 2, as a situation: a guardian's for a minor, the
    owner's where fraud was feared (V3+: B0.4, P6). None where a code will do."""
    freeze = holding(snapshot)
    if freeze is None:
        return None
    if freeze.reason is FreezeReason.MINOR or _minor(snapshot):
        return "minor"
    return "owner" if freeze.reason is FreezeReason.FRAUD_RISK else None


def undocumented(snapshot: Snapshot) -> bool:
    """Whether a release takes documents that another person has not passed."""
    asked = documents_for(snapshot)
    if asked is None:
        return False
    shown = passed_for(snapshot)
    return shown not in OWNERS if asked == "owner" else shown != asked


def frozen_again(snapshot: Snapshot) -> bool:
    """Whether another freeze came after the last release of this case was decided (WU11)."""
    freeze = holding(snapshot)
    decided = [
        one.decided_at
        for one in snapshot.approvals
        if one.action == ACTION and one.decided_at is not None and one.requested_at >= cycle_start(snapshot)
    ]
    return freeze is not None and bool(decided) and freeze.frozen_at > max(decided)
