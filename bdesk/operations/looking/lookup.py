"""Exact lookup (F3, the call card, `bdesk find`): cases, orders and customers by what a caller can say."""

from bdesk.data.queries.lookup import lookup
from bdesk.models.views.pages import LookupHit, LookupPage
from bdesk.operations.context import Context

__all__ = ["LookupHit", "LookupPage", "find"]


def find(ctx: Context, text: str, *, limit: int = 30) -> LookupPage:
    """What a typed text finds: a number or its last four or more characters, a telephone number or its
    tail, a tail and a date, a waybill, an account, initials. Exact numbers first; names are masked.

    `hit.kind` is "case", "order" or "customer", `hit.by` how it was found ("by.<code>" is spoken).
    """
    with ctx.store.read() as session:
        return lookup(session, text, ctx.now(), kept=limit)
