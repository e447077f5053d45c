"""Letters: rendered once, kept as sent, held in the outbox. An open slot refuses (other_desks.md)."""

from datetime import timedelta

from bdesk.clock import to_iso
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import NotificationChannel
from bdesk.models.tables import Notification
from bdesk.models.views.snapshot import CustomerView
from bdesk.models.views.strip import LetterPreview, Phrase
from bdesk.operations.clocks import running_clocks, stopped_state
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.walking import Standing
from bdesk.rules import masking
from bdesk.rules.clock import ClockKind
from bdesk.rules.letters import Rendered, render_for
from bdesk.rules.walk.views import Planned, PlannedEffect


def target_of(customer: CustomerView | None) -> tuple[NotificationChannel, str, str]:
    """Channel, whole target and masked target: e-mail, else SMS (X9).

    Raises NotAllowed("letter.no_target") when there is neither: such a customer is rung up.
    """
    if customer is not None and customer.email:
        return NotificationChannel.EMAIL, customer.email, masking.mask_email(customer.email)
    if customer is not None and customer.phone:
        return NotificationChannel.SMS, customer.phone, masking.mask_phone(customer.phone)
    raise NotAllowed("letter.no_target")


def _rendered(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> tuple[Rendered, str]:
    customer = stand.snapshot.customer
    language = customer.language if customer is not None else "zh"
    letter = ctx.book.letter(str(effect.params["letter"]))
    slots = effect.params.get("slots")
    told = dict(slots) if isinstance(slots, dict) else {}
    given = {**stand.walk.given, **planned.captures}
    sms = target_of(customer)[0] is NotificationChannel.SMS
    return render_for(letter, told, stand.facts, given, stand.procedure.facts, language, sms=sms), language


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """The letter as it will be sent, and its words in the strip."""
    channel, _, masked = target_of(stand.snapshot.customer)
    rendered, language = _rendered(ctx, stand, planned, effect)
    letter = str(effect.params["letter"])
    return Preview(
        Phrase(f"strip.letter.{letter}", {"channel": channel.value, "target": masked, "letter": letter}),
        LetterPreview(letter, language, channel.value, masked, rendered.subject, rendered.body),
    )


def send_letter(call: EffectCall) -> Notification:
    """Write the letter and hold it. Every letter is logged whole (B0.9), its target masked in views."""
    session, case = call.act.unit.session, call.act.case
    channel, target, masked = target_of(call.stand.snapshot.customer)
    rendered, language = _rendered(call.ctx, call.stand, call.planned, call.effect)
    text, digest = call.act.unit.text(case, "letter", f"{rendered.subject}\n\n{rendered.body}")
    letter = call.text("letter")
    assert case.id is not None and text.id is not None
    row = Notification(
        case_id=case.id,
        letter=letter,
        letter_version=call.ctx.book.version("letter", letter),
        language=language,
        channel=channel,
        target=target,
        target_masked=masked,
        subject=rendered.subject,
        text_id=text.id,
        written_at=call.now,
    )
    session.add(row)
    session.flush()
    call.act.add(
        "letter.written",
        {"letter": letter, "notification": row.id, "text": text.id, "digest": digest, "channel": channel.value},
    )
    call.send({"letter": letter, "notification": row.id}, notification_id=row.id)
    # A letter is a human's answer to the customer (SLA.md, first response).
    if "first_response" in running_clocks(call.act, call.ctx):
        call.act.add("clock.fulfilled", {"clock": "first_response"})
    return row


def letter(call: EffectCall) -> None:
    send_letter(call)


def payout_form(call: EffectCall) -> None:
    """The secure form is opened by the customer in the App; the desk only writes that it is there."""
    send_letter(call)


def stop_with_letter(call: EffectCall) -> None:
    """Ask by letter and stop the clock until the customer answers or the days are over (SLA.md)."""
    clock = call.text("clock")
    waits_for = call.text("waits_for", "customer")
    days = call.params.get("resume_days", 7)
    kind = call.ctx.book.clock_kinds.get(clock)
    if kind is None or clock not in running_clocks(call.act, call.ctx):
        raise NotAllowed("clock.not_running", clock=clock)
    reason = pause_reason(kind, waits_for)
    send_letter(call)
    call.act.add(
        "clock.paused",
        {
            "clocks": [clock],
            "reason": reason.value,
            "who": waits_for,
            "resume_at": to_iso(call.now + timedelta(days=int(str(days)))),
        },
        state=stopped_state(waits_for),
    )


def pause_reason(kind: ClockKind, waits_for: str) -> PauseReason:
    """The reason under which this kind of clock may stop for whom we wait for.

    Raises NotAllowed("clock.never_stops") when it may not: who waits inside the house never stops it.
    """
    customer = waits_for == "customer"
    fitting = [one for one in PauseReason if one in kind.pauses and (one.waits_for == "customer") == customer]
    if not fitting:
        raise NotAllowed("clock.never_stops", clock=kind.code)
    return fitting[0]

