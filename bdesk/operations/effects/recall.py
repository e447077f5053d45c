"""Recall: taking a committed effect back while it is held. One guarded update decides the race."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select, update

from bdesk.data.journal import events as events_of
from bdesk.data.journal import voided
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import DeliveryState, Stream
from bdesk.models.tables import Case, Notification, OutboxRow, Refund
from bdesk.models.views.changed import Changed
from bdesk.models.views.journal import Event
from bdesk.models.views.strip import Phrase, RecallWindow
from bdesk.operations.change import Act, rows_changed
from bdesk.operations.context import Context
from bdesk.operations.reversing import NEVER, reverse
from bdesk.operations.roles import must_may

# Acts that rest on a committed effect and go with it.
ON_TOP = frozenset({"step.answered", "effect.committed"})

_STAYS = NEVER | {"verification.anew"}
"""What a recall leaves as it is: besides what is never taken back, that a caller could not be verified; they
may have hung up since, and the next one proves everything themselves (B0.4)."""


def recall(ctx: Context, commit_event: int) -> Changed:
    """Take back a commit and all it caused, clock stops included, and what I answered on top of it.

    All of it or nothing: raises NotAllowed("recall.too_late") when any part has left the desk,
    ("recall.not_yours") for somebody else's, and ("recall.nothing") where nothing was sent or it was
    recalled already; CaseMoved where I acted on top of it at another desk in this very moment. A colleague
    who got the case since keeps it.
    """
    must_may(ctx, "effects.recall.recall")
    with ctx.store.write(ctx.actor.number) as unit:
        rows = unit.session.scalars(select(OutboxRow).where(OutboxRow.commit_event_id == commit_event)).all()
        if not rows:
            raise NotAllowed("recall.nothing")
        if any(row.actor != ctx.actor.number for row in rows):
            raise NotAllowed("recall.not_yours")
        case_id = rows[0].case_id
        stream = events_of(unit.session, Stream.CASE, case_id)
        if commit_event in voided(stream):
            raise NotAllowed("recall.nothing")
        caused = _followed(stream, commit_event)
        _take_back(unit, {event.id for event in caused})
        act = Act(unit, unit.case(case_id))
        # Where rows are locked one by one, somebody may have acted on the case until it was.
        stream = events_of(unit.session, Stream.CASE, case_id)
        if _followed(stream, commit_event) != caused:
            raise unit.moved(case_id, act.case.case_no)
        act.touched += reverse(unit, act.case, caused, stream)
        act.add("effect.recalled", {"of": commit_event, "voids": [event.id for event in caused]})
        return act.finish(ctx, "effect.recalled", undo=False)


def _take_back(unit: Unit, commits: Collection[int]) -> None:
    """Mark every row of these commits as recalled, or refuse: a released one has left the desk."""
    mine = col(OutboxRow.commit_event_id).in_(list(commits))
    total = unit.session.scalars(select(func.count()).select_from(OutboxRow).where(mine)).one()
    done = unit.session.exec(
        update(OutboxRow)
        .where(mine, col(OutboxRow.state) == DeliveryState.HELD)
        .values(state=DeliveryState.RECALLED, finished_at=unit.now, version=OutboxRow.version + 1)
    )
    if rows_changed(done) != total:
        raise NotAllowed("recall.too_late")
    unit.session.expire_all()


def _followed(events: tuple[Event, ...], commit: int) -> tuple[Event, ...]:
    """The commit, what it caused, and the answers I gave on top of it since: closing the case a second
    after F8 must not make the money unrecallable. Notes and calls stay, and so does an answer with what is
    never taken back: a check of identity that was made, or came to nothing, a wallet that is frozen."""
    gone = voided(events)
    kept = {event.payload.get("cause", event.id) for event in events if event.kind in _STAYS} - {commit}
    head = next(event for event in events if event.id == commit)
    heads = {commit} | {
        event.id
        for event in events
        if event.id > commit
        and event.kind in ON_TOP
        and "cause" not in event.payload
        and event.actor == head.actor
        and event.id not in gone
        and event.id not in kept
    }
    return tuple(
        event
        for event in events
        if event.id not in gone
        and event.kind not in _STAYS
        and (event.id in heads or event.payload.get("cause") in heads)
    )


def open_windows(ctx: Context) -> tuple[RecallWindow, ...]:
    """My commits that can still be taken back, the newest first: what the recall strip shows, also after
    a crash."""
    with ctx.store.read() as session:
        rows = session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.state == DeliveryState.HELD,
                OutboxRow.actor == ctx.actor.number,
                col(OutboxRow.hold_until) > ctx.now(),
            )
            .order_by(col(OutboxRow.commit_event_id).desc(), col(OutboxRow.id))
        ).all()
        by_commit: dict[int, list[OutboxRow]] = {}
        for row in rows:
            by_commit.setdefault(row.commit_event_id, []).append(row)
        return tuple(_window(session, commit, held) for commit, held in by_commit.items())


def _window(session: Session, commit: int, rows: list[OutboxRow]) -> RecallWindow:
    case = session.get_one(Case, rows[0].case_id)
    return RecallWindow(
        case_id=rows[0].case_id,
        case_no=case.case_no,
        commit_event=commit,
        outbox=tuple(row.id for row in rows if row.id is not None),
        phrases=tuple(_phrase(session, row) for row in rows),
        hold_until=min(row.hold_until for row in rows),
    )


def _phrase(session: Session, row: OutboxRow) -> Phrase:
    if row.refund_id is not None:
        refund = session.get_one(Refund, row.refund_id)
        return Phrase("recall.refund", {"amount_fen": refund.amount_fen, "method": refund.method.value})
    if row.notification_id is not None:
        note = session.get_one(Notification, row.notification_id)
        return Phrase("recall.letter", {"letter": note.letter, "target": note.target_masked})
    return Phrase(f"recall.{row.effect}", dict(row.params))
