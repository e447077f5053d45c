"""Messages of a customer on a case that is there: they wake it, set its clocks going, and are owed an answer.

The next response is owed only after the first one was given, from the oldest message that nobody has
answered. It ends with an answer, with the case, or with somebody's audited word that none is needed (SLA.md).
"""

from datetime import datetime

from bdesk.data.journal import events
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import EndReason
from bdesk.models.kinds import Channel, ContactKind, Direction, Stream
from bdesk.models.tables import Contact
from bdesk.models.views.changed import Changed
from bdesk.models.views.journal import Event
from bdesk.operations.change import CUSTOMER_WAITS, Act, must_be_open, must_not_be_held, woken
from bdesk.operations.clocks import attach_event, hand_on, living_clocks
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.notes import LONGEST_NOTE, check_text
from bdesk.operations.roles import must_may
from bdesk.rules.cases import RECEIPTS
from bdesk.rules.clock.handing import Handover
from bdesk.rules.clock.planning import oldest_unanswered
from bdesk.rules.scanner import scan
from bdesk.text import clean

NEXT = "next_response"
NO_REPLY = "message.settled"


def receive(
    ctx: Context, case_id: int, words: str, channel: Channel = Channel.EMAIL, at: datetime | None = None
) -> Changed:
    """A message came in, by mail, chat or form, for an open case; `at` when it did, if not now.

    What must never be kept (a card number, a code) is masked: the customer's words are not refused for it.
    Raises BadInput("note.empty", "note.too_long", "time.future"), NotAllowed("case.closed").
    """
    must_may(ctx, "messages.receive")
    body = scan(clean(words, multiline=True).strip()).masked
    if not body:
        raise BadInput("note.empty")
    if len(body) > LONGEST_NOTE:
        raise BadInput("note.too_long", length=len(body), longest=LONGEST_NOTE)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        came = at or unit.now
        if came > unit.now:
            raise BadInput("time.future", at=came)
        text, digest = unit.text(act.case, "message", body)
        row = Contact(
            case_id=case_id,
            customer_id=act.case.customer_id,
            kind=ContactKind.EMAIL if channel is Channel.EMAIL else ContactKind.MESSAGE,
            direction=Direction.INBOUND,
            channel=channel,
            started_at=came,
            ended_at=came,
            text_id=text.id,
        )
        unit.session.add(row)
        unit.session.flush()
        payload = {"contact": row.id, "kind": row.kind.value, "channel": channel.value}
        act.add(
            "contact.inbound",
            {**payload, "text": text.id, "digest": digest},
            occurred_at=came,
            columns=woken(act.case, CUSTOMER_WAITS),
        )
        _arm(act, ctx)
        return act.finish(ctx, "message.received", undo=False)


def no_reply_needed(ctx: Context, case_id: int, reason: str) -> Changed:
    """The customer's message needs no answer, says who decided so and why. What was late stays late.

    Raises NotAllowed("message.none_waiting") when no answer is owed, ("case.not_yours") on a colleague's
    case, and what `check_text` raises.
    """
    must_may(ctx, "messages.no_reply_needed")
    reason = check_text(reason, longest=200)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        must_not_be_held(ctx, act.case)
        owed = [one for one in living_clocks(act, ctx) if one.kind == NEXT]
        if not owed:
            raise NotAllowed("message.none_waiting", case_no=act.case.case_no)
        text, digest = unit.text(act.case, "no_reply", reason)
        act.add(NO_REPLY, {"text": text.id, "digest": digest})
        for one in owed:
            name = {"clock": NEXT, "number": one.number, "cycle": one.cycle}
            act.add("clock.cancelled", {**name, "reason": EndReason.NO_REPLY_NEEDED.value})
        return act.finish(ctx, NO_REPLY)


def _arm(act: Act, ctx: Context) -> None:
    """Owe the answer from the oldest message that has none, also where one came to be known late."""
    stream = events(act.unit.session, Stream.CASE, act.case_id)
    since = oldest_unanswered(stream, is_answer)
    if since is None:
        return
    running = next((one for one in living_clocks(act, ctx) if one.kind == NEXT), None)
    if running is None:
        attach_event(act, ctx, NEXT, start_at=since)
    elif since < running.start_at:
        hand_on(act, ctx, Handover(NEXT, since, {}, replaces=running))


def is_answer(event: Event) -> bool:
    """Whether with this event a person answered the customer, or said that no answer is needed: a letter that
    is no receipt, a call that was logged. A machine's word is none."""
    if event.actor == SYSTEM:
        return False
    if event.kind == "letter.written":
        return event.payload.get("letter") not in RECEIPTS
    return event.kind in ("contact.ended", "contact.outbound", NO_REPLY)
