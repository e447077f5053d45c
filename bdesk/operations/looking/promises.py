"""What I promised for today: `bdesk promise list` and the list behind F10."""

from dataclasses import replace
from datetime import datetime, timedelta

from bdesk.clock import LOCAL, midnight
from bdesk.data.queries.known import known_of_cases
from bdesk.data.queries.promises import owed_by
from bdesk.models.views.promised import PromisedRow
from bdesk.operations.context import Context
from bdesk.rules.cases import HIDING_FACTORS
from bdesk.rules.veiling import veil

__all__ = ["PromisedRow", "for_today", "night_after"]


def for_today(ctx: Context) -> tuple[PromisedRow, ...]:
    """What the acting person promised, or owes as who holds the case, due until the end of the local day or
    late already; the earliest first.

    No check of identity counts here, so that whatever could serve as a factor is **** in the words.
    """
    now = ctx.now()
    with ctx.store.read() as session:
        found = owed_by(session, ctx.actor, night_after(now))
        known = known_of_cases(session, {row.case_id for row in found}, now)
    return tuple(replace(row, words=veil(row.words, known[row.case_id], HIDING_FACTORS)) for row in found)


def night_after(now: datetime) -> datetime:
    """The end of the local day of an instant."""
    return midnight(now.astimezone(LOCAL).date() + timedelta(days=1))
