"""What the journal of a wallet says of who tells its owner what to do (WU4v), as a join of a query."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, RowMapping, String, and_, cast, func, select

from bdesk.data.core import EVENT, WALLET
from bdesk.models.kinds import Stream
from bdesk.models.views.snapshot import CoachedView
from bdesk.rules.unfreeze import COACHED, UNCOACHED

COLUMNS = tuple(EVENT.c[name].label(f"told_{name}") for name in ("kind", "actor", "recorded_at"))


def newest() -> ColumnElement[bool]:
    """The last word of the wallet's own stream on it, which no undoing of a case's answer reaches."""
    older = EVENT.alias()
    last = (
        select(func.max(older.c.sequence))
        .where(
            older.c.stream == Stream.WALLET,
            older.c.stream_id == cast(WALLET.c.id, String),
            older.c.kind.in_((COACHED, UNCOACHED)),
        )
        .correlate(WALLET)
        .scalar_subquery()
    )
    mine = (EVENT.c.stream == Stream.WALLET, EVENT.c.stream_id == cast(WALLET.c.id, String))
    return and_(*mine, EVENT.c.sequence == last)


def coached(rows: Sequence[RowMapping]) -> CoachedView | None:
    """Of a wallet's rows, one for each freeze: what was noted since the oldest freeze that holds began."""
    since = [row["freeze_frozen_at"] for row in rows if row["freeze_released_at"] is None]
    first = rows[0]
    if first["told_kind"] is None or not since or first["told_recorded_at"] < min(since):
        return None
    return CoachedView(first["told_kind"] == COACHED, first["told_actor"], first["told_recorded_at"])
