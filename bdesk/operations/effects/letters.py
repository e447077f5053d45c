"""Letters: rendered once, kept as sent, held in the outbox. An open slot refuses (other_desks.md)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from bdesk.clock import to_iso
from bdesk.data.journal import salted_digest
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import DeliveryState, NotificationChannel
from bdesk.models.tables import Notification
from bdesk.models.views.snapshot import Snapshot
from bdesk.models.views.strip import LetterPreview, Phrase
from bdesk.operations.change import row_id
from bdesk.operations.clocks import answer_events, living_clocks, stopped_state
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.unclear import naming_unclear
from bdesk.operations.standing import Standing
from bdesk.rules.cases import RECEIPTS, letters_of_cycle
from bdesk.rules.clock import ClockKind
from bdesk.rules.clock.planning import cap_left
from bdesk.rules.contacts import Address, addresses, masked
from bdesk.rules.facts.progress import result_letters
from bdesk.rules.letters import Rendered, render_for
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect


class Purpose(StrEnum):
    """Why a letter goes out: only an answer meets clocks. A survey or notice that is lost wakes no case."""

    ANSWER = "answer"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    SURVEY = "survey"
    NOTICE = "notice"


AGAIN = "letter.again"

# Effects of options are numbered from 1; the letter that comes with a closing stands beside them.
_SURVEY = 70


@dataclass(frozen=True, slots=True)
class Target:
    """Where a letter goes: the whole address, and how it may be shown."""

    channel: NotificationChannel
    address: str
    masked: str


@dataclass(frozen=True, slots=True)
class _Written:
    """A letter in its customer's language, with where it goes."""

    target: Target
    language: str
    rendered: Rendered
    letter: str


def target_of(snapshot: Snapshot, channels: Sequence[str], lost: Collection[str] = ()) -> Target:
    """The first of the letter's channels by which the customer can be reached: e-mail, else SMS (X9); never
    by what changed lately or is another's (`rules.contacts`).

    `lost` are masked addresses from which a letter came back; they are used when there is nothing else.
    Raises NotAllowed("letter.no_target") when there is neither: such a customer is rung up.
    """
    known = targets(addresses(snapshot))
    wanted = sorted(known, key=lambda one: (one.masked in lost, _place(one.channel.value, channels)))
    if not wanted:
        raise NotAllowed("letter.no_target")
    return wanted[0]


def targets(known: Iterable[Address]) -> list[Target]:
    """Addresses with how they may be shown, in their order."""
    return [Target(one.channel, one.value, masked(one)) for one in known]


def _place(channel: str, channels: Sequence[str]) -> int:
    return channels.index(channel) if channel in channels else len(channels)


def _write(
    ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect, to: Target | None = None
) -> _Written:
    if effect.effect == AGAIN:
        return _written_before(ctx, stand)
    customer = stand.snapshot.customer
    language = customer.language if customer is not None else "zh"
    letter = ctx.book.letter(str(effect.params["letter"]))
    target = to or _target(stand, letter.channels)
    slots = effect.params.get("slots")
    told = dict(slots) if isinstance(slots, dict) else {}
    told = naming_unclear(letter.spec.code, told, stand.snapshot, language)
    given = {**stand.walk.given, **planned.captures}
    sms = target.channel is NotificationChannel.SMS
    rendered = render_for(letter, told, stand.facts, given, stand.procedure.facts, language, sms=sms)
    return _Written(target, language, rendered, str(effect.params["letter"]))


def _target(stand: Standing, channels: Sequence[str]) -> Target:
    bounced = [one for one in stand.snapshot.notifications if one.state is DeliveryState.FAILED]
    return target_of(stand.snapshot, channels, {one.target_masked for one in bounced})


def _written_before(ctx: Context, stand: Standing) -> _Written:
    """The result letter of this cycle, word for word: what was decided is not put in other words.

    Raises NotAllowed("letter.none_before") when there is none, or its text was erased.
    """
    newest = next(reversed(result_letters(stand.snapshot)), None)
    if newest is None or not newest.text:
        raise NotAllowed("letter.none_before")
    target = _target(stand, ctx.book.letter(newest.letter).channels)
    subject, _, body = newest.text.partition("\n\n")
    return _Written(target, newest.language, Rendered(subject, body), newest.letter)


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """The letter as it will be sent, and its words in the strip."""
    written = _write(ctx, stand, planned, effect)
    letter, to = written.letter, written.target
    subject, body = written.rendered.subject, written.rendered.body
    words = {"channel": to.channel.value, "target": to.masked, "letter": letter}
    return Preview(
        Phrase("strip.letter.again" if effect.effect == AGAIN else f"strip.letter.{letter}", words),
        LetterPreview(letter, written.language, to.channel.value, to.masked, subject, body),
    )


def can_send(call: EffectCall) -> None:
    """Raises what `send_letter` would, before anything is written."""
    _write(call.ctx, call.stand, call.planned, call.effect)
    call.next_attempt()


def send_letter(
    call: EffectCall, *, purpose: Purpose = Purpose.ANSWER, to: Target | None = None
) -> Notification:
    """Write the letter and hold it. Every letter is logged whole (B0.9), its target masked in views. `to`: an
    address of the customer that the caller names, where it is not the usual one.

    Raises NotAllowed("letter.no_target"), DeskError("letter.open_slot") and what `EffectCall.send` raises.
    """
    session, case = call.act.unit.session, call.act.case
    written = _write(call.ctx, call.stand, call.planned, call.effect, to)
    body = f"{written.rendered.subject}\n\n{written.rendered.body}"
    text, digest = call.act.unit.text(case, "letter", body)
    letter, channel = written.letter, written.target.channel
    row = Notification(
        case_id=call.act.case_id,
        letter=letter,
        letter_version=call.ctx.book.version("letter", letter),
        language=written.language,
        channel=channel,
        target=written.target.address,
        target_masked=written.target.masked,
        subject=written.rendered.subject,
        text_id=row_id(text),
        written_at=call.now,
        reminder=purpose is Purpose.REMINDER,
    )
    session.add(row)
    session.flush()
    call.act.add(
        "letter.written",
        {
            "letter": letter,
            "notification": row.id,
            "text": text.id,
            "digest": digest,
            "channel": channel.value,
            "salted_target": salted_digest(text.salt, row.target),
        },
    )
    params: dict[str, object] = {"letter": letter, "notification": row.id}
    if purpose is not Purpose.ANSWER:
        params["purpose"] = purpose.value
    call.send(params, notification_id=row.id)
    if purpose is Purpose.ANSWER:
        answer_events(call.act, call.ctx)
    return row


def letter(call: EffectCall) -> None:
    """A letter, which is a person's answer to the customer; a receipt is none (SLA.md, first response)."""
    receipt = call.text("letter") in RECEIPTS
    send_letter(call, purpose=Purpose.RECEIPT if receipt else Purpose.ANSWER)


def payout_form(call: EffectCall) -> None:
    """The secure form is opened by the customer in the App; the desk only writes that it is there."""
    send_letter(call)


def survey(call: EffectCall, code: str) -> None:
    """The survey that goes out with a closing. It never stands in its way: a customer who cannot be
    reached, or who was asked before, is not asked."""
    effect = PlannedEffect(_SURVEY + call.effect.number, "letter", Risk.MESSAGE, {"letter": code})
    if any(one.letter == code for one in letters_of_cycle(call.stand.snapshot)):
        return
    once = replace(call, effect=effect)
    try:
        can_send(once)
    except DeskError as refused:
        call.act.add("letter.skipped", {"letter": code, "why": refused.code})
        return
    send_letter(once, purpose=Purpose.SURVEY)


def stop_with_letter(call: EffectCall) -> None:
    """Write to the customer and stop the clocks until the customer answers or the days are over (SLA.md).

    `clock` names one or several. Raises NotAllowed("clock.not_running"), ("clock.never_stops") for one that
    may not stop for this, ("clock.cap_used") for one that stood as long as its kind allows.
    """
    waits_for = call.text("waits_for", "customer")
    days = timedelta(days=int(str(call.params.get("resume_days", 7))))
    stops: dict[PauseReason, list[str]] = {}
    for clock in call.text("clock").split():
        reading = next((one for one in living_clocks(call.act, call.ctx) if one.kind == clock), None)
        kind = call.ctx.book.clock_kinds.get(clock)
        if kind is None or reading is None:
            raise NotAllowed("clock.not_running", clock=clock)
        reason = pause_reason(kind, waits_for)
        if not cap_left(reading, kind):
            raise NotAllowed("clock.cap_used", clock=clock)
        stops.setdefault(reason, []).append(clock)
    if not stops:
        raise NotAllowed("clock.not_running", clock="")
    send_letter(call)
    state = stopped_state(waits_for)
    for reason, clocks in stops.items():
        said = {"clocks": clocks, "reason": reason.value, "who": waits_for}
        call.act.add("clock.paused", {**said, "resume_at": to_iso(call.now + days)}, state=state)


def pause_reason(kind: ClockKind, waits_for: str) -> PauseReason:
    """The reason under which this kind of clock may stop for whom we wait for: the customer, a named party,
    or whichever third party it allows.

    Raises NotAllowed("clock.never_stops") when it may not: who waits inside the house never stops it.
    """
    customer = waits_for == "customer"
    fitting = [one for one in PauseReason if one in kind.pauses and (one.waits_for == "customer") == customer]
    named = [one for one in fitting if one.value == waits_for]
    if not fitting or (waits_for in set(PauseReason) and not named):
        raise NotAllowed("clock.never_stops", clock=kind.code)
    return (named or fitting)[0]
