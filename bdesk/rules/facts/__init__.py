"""Facts: small typed functions of a case's snapshot that procedures compare, show and put into letters.

Names, types, labels and closed values are content (`fact_names.yaml`); this package computes them. A fact
that cannot be told is UNKNOWN; one that is known to be nothing is None.
"""

from collections.abc import Mapping
from typing import Final

from bdesk.rules.facts import (
    account,
    appeals,
    cancelling,
    case,
    customer,
    delay,
    documents,
    enquiry,
    evidence,
    follow_up,
    order,
    parcel,
    paths,
    payments,
    product,
    progress,
    refund,
    repay,
    returns,
    risk,
    unfreeze,
    wallets,
)
from bdesk.rules.facts.base import FactContext, FactTable, registered
from bdesk.rules.facts.payments import refund_target
from bdesk.rules.facts.refund import ItemPart, Proposal, proposal
from bdesk.rules.facts.rendering import digest, moved, render
from bdesk.rules.facts.tasks import computes
from bdesk.rules.walk.values import FactValue

MODULES: Final = (
    *(case, order, product, parcel, payments, refund, paths, customer, evidence, risk, progress),
    *(repay, returns, wallets, delay, enquiry, cancelling, appeals, unfreeze, account, documents, follow_up),
)
"""Importing them is what registers the facts."""

NAMES: Final[frozenset[str]] = frozenset(registered())
"""The registered ones; facts about tasks come with the context."""


def compute(context: FactContext) -> Mapping[str, FactValue]:
    """Every fact of a context, each computed when it is first asked for and then kept.

    Raises KeyError, when asked, for a name that is no fact; `get` gives its default instead.
    """
    return FactTable(context, computes(context.tasks))


__all__ = [
    "NAMES",
    "FactContext",
    "FactTable",
    "ItemPart",
    "Proposal",
    "compute",
    "digest",
    "moved",
    "proposal",
    "refund_target",
    "render",
]
