"""The supervisor's board: what waits for a decision, what was raised or will be late, who does what."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data.book.adopted import adopted
from bdesk.data.core import GROUP, STAFF
from bdesk.data.queries import queue as queue_queries
from bdesk.data.queries import supervision as queries
from bdesk.data.queries.approvals import approvals
from bdesk.data.queries.ended import ended
from bdesk.data.queries.supervision import Pressing
from bdesk.models.kinds import Role
from bdesk.models.views.journal import Event
from bdesk.models.views.pages import ApprovalRow
from bdesk.models.views.queue import SEE_ALL, QueueRow
from bdesk.models.views.snapshot import ActorView
from bdesk.models.views.supervision import Board, PressedCase, TeamFigures, TextSaid, WaitingRequest
from bdesk.operations.approvals import OWN_PASSWORD
from bdesk.operations.context import Context
from bdesk.operations.looking.approvals import hidden, sums_shown
from bdesk.operations.roles import must_may
from bdesk.rules import requests as rules
from bdesk.rules import roles
from bdesk.rules.clock.kind import HOURS_DUE, HOURS_NOW
from bdesk.rules.ladder import RAISE_TO, stands_at
from bdesk.rules.limits import Limits
from bdesk.rules.masking import HIDDEN
from bdesk.rules.requests import NOTHING_SAID, Said, Talk, pressing

__all__ = ["Board", "board", "may_look"]

RAISED = "case.raised"


BOARD = "looking.supervision.board"


def may_look(actor: ActorView) -> bool:
    """Whether the menu offers the board, by the role the desk was opened in; the read asks the store."""
    return roles.may(actor.role, BOARD)


def board(ctx: Context, holder: str = "") -> Board:
    """Everything the supervisor's screen shows, in one read and a fixed number of queries; with the number of
    a `holder` whom they see, what that person holds too.

    Seniors and risk see their own group's clocks and people, supervisors and managers the whole house's.
    Raises NotAllowed("role.no_board") for who decides nothing.
    """
    me, role = ctx.actor, must_may(ctx, BOARD)
    now, shown = ctx.now(), sums_shown(ctx)
    group = None if role in SEE_ALL else (me.group_id if me.group_id is not None else -1)
    levels = [one for one in RAISE_TO if stands_at(role, Role(one))]
    with ctx.store.read() as session:
        limits = adopted(session).limits
        raised = queries.raised(session, levels, me.id)
        soon = _due_or_late(session, group, now)
        people = queries.load(session, group, now)
        mine = next((queries.held(session, one.id) for one in people if one.number == holder), ())
        waiting = approvals(session)
        asked = [one.approval.case_id for one in waiting]
        cases = {row.case_id: row for row in queue_queries.rows(session, {*_ids(raised, soon, mine), *asked})}
        told = _told(session, asked, _ids(raised))
        words = queries.texts(session, _texts_of(told)) if shown else {}
        since = rules.sitting_began(queries.signed_in_at(session, me.number), now)
        clocks = ended(session, [one.id for one in people], now)
        figures = TeamFigures(
            raised=queries.raised_count(session, levels, me.id),
            requests=queries.requests_count(session),
            soon=queries.soon_count(session, group, now),
            met_percent=clocks.met_percent,
            late=clocks.late,
            excused=clocks.excused,
            states=queries.states_of(people),
        )
        names = {row.number: row.name for row in session.execute(select(STAFF.c.number, STAFF.c.name))}
        groups = session.execute(select(GROUP.c.code, GROUP.c.name_zh, GROUP.c.name_en))
        group_names = {row.code: (row.name_zh, row.name_en) for row in groups}
    talk = rules.talks(told)
    why = _reasons(told, words, shown)
    requests = [
        replace(
            _request(
                me.number, role, one, talk.get(one.approval.id, NOTHING_SAID), limits, words, since, shown
            ),
            case=cases.get(one.approval.case_id),
        )
        for one in waiting
    ]
    requests.sort(key=lambda one: (pressing(one, now)[1], one.row.approval.lapses_at, one.id))
    return Board(
        figures=figures,
        requests=tuple(requests),
        raised=tuple(_pressed(one, cases, why) for one in raised if one.case_id in cases),
        soon=tuple(_pressed(one, cases, {}) for one in soon if one.case_id in cases),
        load=people,
        held=tuple(_pressed(one, cases, {}) for one in mine if one.case_id in cases),
        names=names,
        group_names=group_names,
        shown=shown,
        now=now,
        role=role,
    )


def _due_or_late(session: Session, group: int | None, now: datetime) -> tuple[Pressing, ...]:
    """What is late already, the longest first, as in every list; then what will be within half an hour, which
    always has its place however much is late."""
    soon = queries.soon(session, group, now)
    late = queries.late(session, group, now, kept=queries.KEPT - min(len(soon), queries.KEPT))
    found = {one.case_id: one for one in reversed(late)}
    for one in soon:
        found.setdefault(one.case_id, one)
    return tuple(found.values())


def _ids(*found: Iterable[Pressing]) -> list[int]:
    return list(dict.fromkeys(one.case_id for part in found for one in part))


def _told(session: Session, asked: Iterable[int], raised: Iterable[int]) -> tuple[Event, ...]:
    """What was said about the requests, and why cases were raised."""
    return queries.talk_events(session, {*asked, *raised}, (*rules.TALK, RAISED))


def _texts_of(told: Iterable[Event]) -> list[int]:
    return [text for event in told if isinstance(text := event.payload.get("text"), int)]


def _reasons(told: Iterable[Event], words: Mapping[int, str], shown: bool) -> dict[int, TextSaid]:
    """Who raised each case last, and why."""
    found: dict[int, TextSaid] = {}
    for event in told:
        if event.kind == RAISED:
            text = event.payload.get("text")
            said = words.get(text, "") if isinstance(text, int) else ""
            found[int(event.stream_id)] = TextSaid(event.actor, event.recorded_at, said if shown else HIDDEN)
    return found


def _pressed(one: Pressing, cases: Mapping[int, QueueRow], why: Mapping[int, TextSaid]) -> PressedCase:
    row = cases[one.case_id]
    if one.due_at is None:
        return PressedCase(
            row, row.clock, row.due_at, row.due_from_at, row.now_from_at, one.level, why.get(one.case_id)
        )
    return PressedCase(
        row, one.clock, one.due_at, one.warn_due_at, one.warn_now_at, one.level, why.get(one.case_id)
    )


def _request(
    number: str,
    role: Role,
    row: ApprovalRow,
    talk: Talk,
    limits: Limits,
    words: Mapping[int, str],
    since: datetime,
    shown: bool,
) -> WaitingRequest:
    asked = row.approval
    due_from, now_from = _thresholds(asked.requested_at, asked.lapses_at)
    limit = limits.rows.get(asked.action)
    above = limit.note_above_fen if limit is not None else None
    found = WaitingRequest(
        row=row,
        due_from_at=due_from,
        now_from_at=now_from,
        why=rules.why_asked(asked, limits).value,
        hindrance=rules.hindrance(asked, talk, role, number, limits) or "",
        raised_to=talk.raised_to or "",
        raised=_said(talk.raised, words, shown),
        question=_said(talk.question, words, shown),
        answer=None if talk.waits_for_risk else _said(talk.answer, words, shown),
        waits_for_risk=talk.waits_for_risk,
        read=rules.was_read(talk, number, asked.facts_digest, since),
        moved=rules.has_moved(talk, number, asked.facts_digest, since),
        alone=asked.action in OWN_PASSWORD,
        wants_words=above is not None and (asked.amount_fen or 0) > above,
        deciders=frozenset(to for to in RAISE_TO if rules.level_decides(asked, to, limits)),
    )
    return found if shown else replace(found, row=hidden(row))


def _said(said: Said | None, words: Mapping[int, str], shown: bool) -> TextSaid | None:
    if said is None:
        return None
    return TextSaid(said.by, said.at, words.get(said.text or 0, "") if shown else HIDDEN)


def _thresholds(asked_at: datetime, lapses_at: datetime) -> tuple[datetime, datetime]:
    """When the chip of a lapse turns DUE and NOW: as that of any clock by hours (UX, SLA states)."""
    whole = lapses_at - asked_at
    return lapses_at - HOURS_DUE.lead(whole), lapses_at - HOURS_NOW.lead(whole)
