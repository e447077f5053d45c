"""Facts about a frozen wallet and the request to release it (P6). Source: WU-01 to WU-07; S3:34, S3:64."""

from bdesk.models.kinds import WalletState
from bdesk.models.views.snapshot import FreezeView
from bdesk.rules import groundwork, unfreeze
from bdesk.rules.facts.base import FactContext, as_kept, fact
from bdesk.rules.facts.progress import approval_of_cycle
from bdesk.rules.walk.values import UNKNOWN, FactValue

TAIL = 4


def tail_of(wallet_no: str) -> str:
    """The end of a wallet's number, which is typed again before a release (UX 6)."""
    return "".join(char for char in wallet_no if char.isdigit())[-TAIL:].zfill(TAIL)


def _holding(context: FactContext) -> FreezeView | None:
    return unfreeze.holding(context.snapshot)


as_kept(
    _holding,
    {
        "wallet.freeze_id": "id",
        "wallet.freeze_reason": "reason",
        "wallet.freeze_source": "source",
        "wallet.frozen_at": "frozen_at",
    },
)
as_kept(_holding, {"wallet.earlier_freezes": "earlier"}, without=0)
as_kept(lambda context: context.snapshot.wallet, {"wallet.sent_24h": "sent_24h"}, without=0)


@fact("wallet.state")
def _state(context: FactContext) -> FactValue:
    if context.snapshot.customer is None:
        return UNKNOWN
    wallet = context.snapshot.wallet
    return None if wallet is None else wallet.state.value


@fact("wallet.tail")
def _tail(context: FactContext) -> FactValue:
    wallet = context.snapshot.wallet
    return UNKNOWN if wallet is None else tail_of(wallet.wallet_no)


@fact("wallet.judicial")
def _judicial(context: FactContext) -> FactValue:
    freeze = _holding(context)
    return freeze is not None and unfreeze.is_judicial(freeze)


@fact("wallet.freeze_trigger")
def _trigger(context: FactContext) -> FactValue:
    freeze = _holding(context)
    return None if freeze is None else freeze.trigger or None


@fact("wallet.held_fen")
def _held(context: FactContext) -> FactValue:
    # Of a wallet that is free nothing is told (P1w WR-d).
    return UNKNOWN if _holding(context) is None else unfreeze.held_fen(context.snapshot)


@fact("wallet.limited")
def _limited(context: FactContext) -> FactValue:
    wallet = context.snapshot.wallet
    return wallet is not None and wallet.state is WalletState.LIMITED


@fact("unfreeze.signs")
def _signs(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.wallet is None else unfreeze.signs(context.snapshot)


@fact("unfreeze.rating")
def _rating(context: FactContext) -> FactValue:
    if context.snapshot.wallet is None:
        return UNKNOWN
    return unfreeze.rating(unfreeze.signs(context.snapshot))


@fact("unfreeze.coached")
def _coached(context: FactContext) -> FactValue:
    return "coached" in unfreeze.signs(context.snapshot)


@fact("unfreeze.papers")
def _papers(context: FactContext) -> FactValue:
    return unfreeze.papers_missing(context.snapshot)


@fact("unfreeze.lacking")
def _lacking(context: FactContext) -> FactValue:
    return bool(unfreeze.papers_missing(context.snapshot))


@fact("unfreeze.documents_for")
def _documents_for(context: FactContext) -> FactValue:
    return unfreeze.documents_for(context.snapshot)


@fact("unfreeze.undocumented")
def _undocumented(context: FactContext) -> FactValue:
    return unfreeze.undocumented(context.snapshot)


@fact("unfreeze.groundwork")
def _groundwork(context: FactContext) -> FactValue:
    return groundwork.state(context.snapshot)


@fact("unfreeze.frozen_again")
def _again(context: FactContext) -> FactValue:
    return unfreeze.frozen_again(context.snapshot)


@fact("unfreeze.release")
def _release(context: FactContext) -> FactValue:
    """none, held or done: what became of the newest release of this cycle."""
    if any(one.startswith("wallet.release:") for one in context.snapshot.open_effects):
        return "held"
    freeze = _holding(context)
    wallet = context.snapshot.wallet
    limited = wallet is not None and wallet.state is WalletState.LIMITED
    approval = approval_of_cycle(context.snapshot)
    asked = None if approval is None else approval.planned.get("extent")
    return "done" if freeze is None or (limited and asked == "limited") else "none"
