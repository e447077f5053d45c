"""The change of shift: what waits to be accepted, what somebody packed, and what is left to pack."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement

from bdesk.data.queries import shifts as queries
from bdesk.data.queries.known import known_of_cases
from bdesk.data.queries.queue import rows as queue_rows
from bdesk.models.views.shifts import OfferedRow, ShiftSummary
from bdesk.operations.context import Context
from bdesk.operations.roles import in_role
from bdesk.rules.cases import HIDING_FACTORS
from bdesk.rules.veiling import veil

__all__ = ["OfferedRow", "ShiftSummary", "for_me", "mine", "summary"]


def for_me(ctx: Context) -> tuple[OfferedRow, ...]:
    """The packed cases that the acting person may accept. No check of identity counts here, so that what
    could serve as a factor is **** in words and promises."""
    return _rows(ctx, queries.waiting_for(in_role(ctx), ctx.now()))


def mine(ctx: Context) -> tuple[OfferedRow, ...]:
    """What the acting person packed and nobody has accepted, veiled as `for_me` is."""
    return _rows(ctx, queries.packed_by(ctx.actor))


def summary(ctx: Context) -> ShiftSummary:
    """What handing over would pack now, and what waits."""
    who = in_role(ctx)
    with ctx.store.read() as session:
        cases = queries.left_to_pack(session, ctx.actor)
        return ShiftSummary(
            cases=cases,
            promises=sum(map(len, queries.promises_of(session, cases).values())),
            stopped=sum(map(len, queries.stopped_of(session, cases).values())),
            mine=queries.count(session, queries.packed_by(ctx.actor)),
            for_me=queries.count(session, queries.waiting_for(who, ctx.now())),
            group=ctx.actor.group_code,
            group_name=queries.group_name(session, ctx.actor.group_code),
        )


def _rows(ctx: Context, where: ColumnElement[bool]) -> tuple[OfferedRow, ...]:
    now = ctx.now()
    with ctx.store.read() as session:
        found = queries.offered(session, where)
        cases = [row.case_id for row in found]
        known = known_of_cases(session, cases, now)
        promises = queries.promises_of(session, cases)
        stopped = queries.stopped_of(session, cases)
        seen = {row.case_id: row for row in queue_rows(session, cases)}
    made = (
        replace(
            row,
            words=veil(row.words, known[row.case_id], HIDING_FACTORS),
            promises=tuple(
                (veil(words, known[row.case_id], HIDING_FACTORS), due_at)
                for words, due_at in promises.get(row.case_id, ())
            ),
            stopped=tuple(stopped.get(row.case_id, ())),
            row=seen.get(row.case_id),
        )
        for row in found
    )
    return tuple(sorted(made, key=lambda one: (bool(one.gone), _place(one))))


def _place(one: OfferedRow) -> tuple[bool, datetime, int]:
    """As the queue orders them: running clocks first, then by what is due."""
    row = one.row
    return (row.stopped, row.sorted_at or row.opened_at, row.case_id) if row else (True, one.packed_at, 0)
