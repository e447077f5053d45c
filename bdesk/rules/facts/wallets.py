"""Facts about the customer's wallet and the transaction of it that a case is about.

Source: S3:32 (balance), S3:42, S3:44 (look-up by transaction), S3:62 (regions); P1w WR-a, WR-d; E13. Of a
balance only "enough" or "not enough" is ever told, and that only to somebody who was verified.
"""

import re
from typing import Final

from bdesk.models.views.snapshot import Snapshot, WalletTxView
from bdesk.rules.cases import mask_factors
from bdesk.rules.facts.base import FactContext, as_kept, fact
from bdesk.rules.walk.values import UNKNOWN, FactValue

REGIONS: Final = frozenset({"CN", "HK", "MO", "TW", "SG", "JP", "KR", "US", "GB", "AU"})
"""Regions that have a name of their own here; the rest is `other`."""

_DIALS: Final = {
    **{"852": "HK", "853": "MO", "886": "TW", "65": "SG"},
    **{"81": "JP", "82": "KR", "44": "GB", "61": "AU"},
}
_ABROAD: Final = re.compile(r"(?:\+|00)(?!86)(\d+)")


def region_code(region: str) -> str:
    """How a region is called in facts: its two letters in lower case, `other` for one without a name."""
    upper = region.upper()
    return upper.lower() if upper in REGIONS else "other"


def region_of(snapshot: Snapshot) -> str | None:
    """Where the wallet is used: a foreign phone says so before the wallet does, which was opened at home."""
    phone = snapshot.customer.phone if snapshot.customer is not None else None
    abroad = _ABROAD.match(re.sub(r"[\s()-]", "", phone or ""))
    if abroad is not None:
        # North America shares one code; of the rest the longest one that fits.
        dialled = abroad.group(1)
        found = next((region for dial, region in _DIALS.items() if dialled.startswith(dial)), None)
        return found or ("US" if dialled.startswith("1") else "other")
    return snapshot.wallet.region if snapshot.wallet is not None else None


def _tx(context: FactContext) -> WalletTxView | None:
    return context.snapshot.wallet_tx


@fact("wallet.enough")
def _enough(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    if snapshot.order is None or snapshot.wallet is None or mask_factors(snapshot):
        return UNKNOWN
    return snapshot.wallet.balance_fen >= snapshot.order.total_fen


@fact("wallet.region")
def _region(context: FactContext) -> FactValue:
    region = region_of(context.snapshot)
    return UNKNOWN if region is None else region_code(region)


@fact("wallet.region_ok")
def _region_ok(context: FactContext) -> FactValue:
    region = region_of(context.snapshot)
    return UNKNOWN if region is None else region in context.limits.regions


@fact("limits.wallet_regions")
def _regions(context: FactContext) -> FactValue:
    return tuple(dict.fromkeys(region_code(region) for region in context.limits.regions))


@fact("wallet_tx.known")
def _known(context: FactContext) -> FactValue:
    return _tx(context) is not None


as_kept(
    _tx,
    {
        "wallet_tx.no": "tx_no",
        "wallet_tx.kind": "kind",
        "wallet_tx.amount_fen": "amount_fen",
        "wallet_tx.at": "at",
    },
    without=UNKNOWN,
)


@fact("wallet_tx.in_shop")
def _in_shop(context: FactContext) -> FactValue:
    tx = _tx(context)
    return UNKNOWN if tx is None else tx.order_id is not None
