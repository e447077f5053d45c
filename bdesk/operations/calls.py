"""Calls: a ringing one, the call card, attaching to a case, closing the card.

A call starts at F5 (or F9 when one rings) and its timer runs until the card is closed (UX, A call).
"""

from sqlalchemy import ScalarResult
from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Channel, ContactKind, Direction, Stream
from bdesk.models.tables import Contact, Staff
from bdesk.models.views.changed import Changed
from bdesk.operations.change import (
    CUSTOMER_WAITS,
    Act,
    claim_unless_own,
    must_be_open,
    row_id,
    woken,
)
from bdesk.operations.clocks import answer_events
from bdesk.operations.context import Context
from bdesk.operations.enquiries import flag_repeat
from bdesk.operations.notes import check_text
from bdesk.operations.opening import NewCase, open_event
from bdesk.operations.roles import must_may
from bdesk.text import clean, normalise_key

LONGEST_NUMBER = 32
"""Of a caller: fifteen digits (E.164), with room for how telephone systems write them."""


def ring(ctx: Context, number: str, to: str) -> Changed:
    """The hook of a telephone system: a call rings at somebody's desk (F9 takes it). One rings there at a
    time: what rang there before and was not taken has rung off.

    For the telephone system alone (an administrator's number, under which it runs); in a training store
    anybody plays it. Raises NotAllowed("call.not_the_telephone"), ("staff.unknown") for nobody.
    """
    if not ctx.store.training:
        must_may(ctx, "calls.ring")
    with ctx.store.write(ctx.actor.number) as unit:
        mine = select(Staff).where(Staff.number == normalise_key(to)).with_for_update()
        staff = unit.session.scalars(mine).first()
        if staff is None or not staff.active:
            raise NotAllowed("staff.unknown", number=clean(to))
        assert staff.id is not None
        for before in _ringing(unit, staff.id):
            before.ended_at = unit.now
            unit.append(Stream.STAFF, staff.number, "call.rang_off", {"contact": before.id})
        contact = _call(unit, number)
        contact.ringing_for = staff.id
        unit.session.add(contact)
        unit.session.flush()
        unit.append(Stream.STAFF, staff.number, "call.rang", {"contact": contact.id})
        unit.commit()
        return Changed(code="call.ringing", params={"to": staff.number}, case_id=None)


def start_call(ctx: Context, number: str | None = None) -> int:
    """Begin a call at the call card and return its contact number; a ringing call of mine is answered.

    Raises NotAllowed("call.open_already") while another call of mine is open.
    """
    must_may(ctx, "calls.start_call")
    with ctx.store.write(ctx.actor.number) as unit:
        if open_call(unit, ctx.actor.id) is not None:
            raise NotAllowed("call.open_already")
        contact = _ringing(unit, ctx.actor.id).first() or _call(unit, number)
        contact.staff_id = ctx.actor.id
        contact.started_at = unit.now
        unit.session.add(contact)
        unit.session.flush()
        unit.append(Stream.STAFF, ctx.actor.number, "call.started", {"contact": contact.id})
        unit.commit()
        return row_id(contact)


def _ringing(unit: Unit, staff_id: int) -> ScalarResult[Contact]:
    """What rings at somebody's desk."""
    return unit.session.scalars(
        select(Contact).where(
            Contact.ringing_for == staff_id,
            col(Contact.staff_id).is_(None),
            col(Contact.ended_at).is_(None),
        )
    )


def _call(unit: Unit, number: str | None) -> Contact:
    """A call of now. What is longer than any number is cut, and what names nobody is no number."""
    return Contact(
        kind=ContactKind.CALL,
        direction=Direction.INBOUND,
        channel=Channel.HOTLINE,
        number=clean(number or "").strip()[:LONGEST_NUMBER] or None,
        started_at=unit.now,
    )


def open_call(unit: Unit, staff_id: int) -> Contact | None:
    """The call that somebody has open, if any."""
    return unit.session.scalars(
        select(Contact).where(Contact.staff_id == staff_id, col(Contact.ended_at).is_(None))
    ).first()


def my_call(unit: Unit, ctx: Context, contact_id: int) -> Contact:
    """My own call, still open. Raises NotAllowed("call.not_yours", "call.ended")."""
    contact = unit.session.get(Contact, contact_id)
    if contact is None or contact.staff_id != ctx.actor.id:
        raise NotAllowed("call.not_yours")
    if contact.ended_at is not None:
        raise NotAllowed("call.ended")
    return contact


def attach_call(ctx: Context, contact_id: int, case_id: int) -> Changed:
    """Attach the call to an open case: an inbound customer event, which lets stopped clocks run again.

    A case nobody holds becomes mine; a colleague's stays theirs, and the call is on its record. The third
    call within 48 hours flags the case for a supervisor (P12, PE6).
    """
    must_may(ctx, "calls.attach_call")
    with ctx.store.write(ctx.actor.number) as unit:
        contact = my_call(unit, ctx, contact_id)
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        contact_event(act, contact)
        flag_repeat(act)
        if act.case.owner_id is None:
            claim_unless_own(act, ctx, "call")
        return act.finish(ctx, "call.attached", undo=False)


def contact_event(act: Act, contact: Contact) -> None:
    """The inbound contact on the case's stream; whoever waited for the customer waits no more."""
    contact.case_id = act.case.id
    contact.customer_id = act.case.customer_id
    act.add(
        "contact.inbound",
        {"contact": contact.id, "kind": contact.kind.value, "channel": contact.channel.value},
        occurred_at=contact.started_at,
        columns=woken(act.case, CUSTOMER_WAITS),
    )


def open_from_call(ctx: Context, contact_id: int, new: NewCase) -> Changed:
    """Open a new case for the caller, with order and channel filled in; its clocks start with the call."""
    must_may(ctx, "calls.open_from_call")
    with ctx.store.write(ctx.actor.number) as unit:
        contact = my_call(unit, ctx, contact_id)
        act = open_event(unit, ctx, new)
        contact_event(act, contact)
        claim_unless_own(act, ctx, "call")
        return act.finish(ctx, "case.opened", undo=False)


def end_call(ctx: Context, contact_id: int, note: str = "") -> Changed:
    """Close the call card: the caller was answered.

    A call with no matter must say in a few words what it was about.

    Raises BadInput("call.no_words") for one that has neither a case nor words.
    """
    must_may(ctx, "calls.end_call")
    with ctx.store.write(ctx.actor.number) as unit:
        contact = my_call(unit, ctx, contact_id)
        if contact.case_id is None and not note.strip():
            raise BadInput("call.no_words")
        contact.ended_at = unit.now
        if note.strip():
            contact.note = check_text(note, longest=400)
        seconds = int((unit.now - contact.started_at).total_seconds())
        payload: dict[str, object] = {"contact": contact.id, "seconds": seconds, "at": to_iso(unit.now)}
        if contact.case_id is None:
            unit.append(Stream.STAFF, ctx.actor.number, "call.logged", payload)
            unit.commit()
            return Changed(code="call.logged", params={"seconds": seconds})
        act = Act(unit, unit.case(contact.case_id))
        act.add("contact.ended", payload)
        # A logged call is a person's answer (SLA.md, first response).
        answer_events(act, ctx)
        return act.finish(ctx, "call.ended", undo=False, seconds=seconds)


def drop_call(ctx: Context, contact_id: int) -> Changed:
    """Esc on a card where nothing was done: a misdial leaves a line in my own stream and no more."""
    must_may(ctx, "calls.drop_call")
    with ctx.store.write(ctx.actor.number) as unit:
        contact = my_call(unit, ctx, contact_id)
        if contact.case_id is not None:
            raise NotAllowed("call.has_case")
        contact.ended_at = unit.now
        unit.append(Stream.STAFF, ctx.actor.number, "call.dropped", {"contact": contact.id})
        unit.commit()
        return Changed(code="call.dropped")
