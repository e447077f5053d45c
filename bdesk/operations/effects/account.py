"""Changing a customer's account data: typed and read back, asked for, decided by another person, left to cool
off, carried out, confirmed to the old and the new address (P8, AC4 to AC6; B0.7).

The journal has digests of values, never a value: those are case texts, which a person's right can erase.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, update

from bdesk.clock import to_iso
from bdesk.data.journal import events, salted_digest, voided
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import ApprovalState, NotificationChannel, Stream
from bdesk.models.tables import Approval, CaseText, Customer, OutboxRow, Wallet
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import CustomerView, Snapshot
from bdesk.models.views.strip import Phrase
from bdesk.operations.change import Act, row_id, rows_changed
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.effects.asking import ask_second_person
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.letters import Target, send_letter, targets
from bdesk.operations.effects.limits import bound_digest, judged
from bdesk.operations.effects.second_person import approved_by_another
from bdesk.operations.standing import Standing, standing
from bdesk.rules import account
from bdesk.rules.cases import cycle_start
from bdesk.rules.contacts import answering, before, on_file
from bdesk.rules.limits import Allowed, LimitReason
from bdesk.rules.verification import level_number
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect

SAVE = "account.save"
CHANGED = "account.moved"
"""Why a change came to nothing when it was carried out: something differs from when it was let through."""
CONFIRMS = "N12"


def enter(call: EffectCall) -> None:
    """Keep the new value as a text of its own, after a look at its form (AC4).

    Raises BadInput("account.format", "account.same") for what cannot be one, or is on file already.
    """
    snapshot = call.stand.snapshot
    change = account.asked(snapshot)
    if change is None or change not in account.FIELDS or call.text("change") != change:
        raise NotAllowed("account.nothing_asked")
    value = account.plain(change, call.text("value"))
    if not account.well_formed(change, value):
        raise BadInput("account.format", change=change)
    if value == account.on_file(snapshot, change):
        raise BadInput("account.same", change=change)
    row, digest = call.act.unit.text(call.act.case, "account_value", value)
    call.act.add("account.entered", {"change": change, "text": row.id, "digest": digest})


def propose(call: EffectCall) -> None:
    """Ask another person to let the change through (AC5): bound to the value, the customer's row, the facts.

    Raises NotAllowed: ("account.not_owner") for somebody else's documents, ("account.undocumented") for a
    name before documents were passed, ("limits.verification") below level 3, ("limits.own_matter"),
    ("account.nothing_asked"), ("account.swapped") for another value than was read back;
    BadInput("approval.no_words") without a reason.
    """
    change = _asked(call)
    if change not in account.CHECKED:
        raise NotAllowed("account.nothing_asked")
    if not call.text("why").strip():
        raise BadInput("approval.no_words")
    _must_be_let(call)
    said: dict[str, object] = {"change": change, **_value(call, change), "customer": _customer(call).version}
    row = ask_second_person(call, account.ACTION, None, planned=said)
    call.act.add("account.proposed", {**said, "approval": row.id, "facts": row.facts_digest})


def as_proposed(session: Session, approval: Approval, shown: Snapshot | None = None) -> bool:
    """Whether the request is what its maker asked for, as the journal has it, and its value unchanged;
    of a case that is `shown` to whoever decides, only if the value there is this one."""
    typed = shown is not None and approval.planned.get("text") is not None
    if typed and shown is not None and _read(session, approval.planned) != account.entered(shown):
        return False
    told = _told(session, approval.case_id, "account.proposed", "approval", approval.id)
    return (
        told is not None
        and all(told.payload.get(name) == value for name, value in approval.planned.items())
        and set(approval.planned) == {"change", "text", "digest", "customer"}
        and told.payload.get("facts") == approval.facts_digest
        and told.actor == approval.requested_by
        and (approval.planned["text"] is None or _read(session, approval.planned) is not None)
    )


def begin_cooling(act: Act, approval: Approval) -> None:
    """What a decision in favour sets going: a day in which nothing changes and the wallet sends nothing
    out, so that an owner who did not ask for it has time to say so (AC5)."""
    until = act.unit.now + account.COOLING
    limited = act.unit.session.exec(
        update(Wallet)
        .where(col(Wallet.customer_id) == act.case.customer_id)
        .values(outgoing_limited_until=until, version=Wallet.version + 1)
    )
    act.unit.session.expire_all()
    said = {"approval": row_id(approval), "until": to_iso(until), "wallet": bool(rows_changed(limited))}
    act.add("account.cooling", said)


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """What would be changed: never the value."""
    return Preview(Phrase("strip.account.save", {"change": account.asked(stand.snapshot) or ""}))


def save(call: EffectCall) -> None:
    """Put the change into the outbox. Nothing is changed before that lets go of it, and then `carry_out` asks
    everything once more. An address needs no second person; of the rest the approval alone says what.

    Raises what `propose` raises, and NotAllowed("account.not_approved"), ("account.checker") for whoever
    decided it, ("account.cooling", until=), ("account.not_warned"), ("approval.lapsed"), ("effect.already").
    """
    change = _asked(call)
    _must_be_let(call)
    session, stand = call.act.unit.session, call.stand
    said: dict[str, object] = {"change": change, "approval": None, "customer": _customer(call).version}
    if change in account.CHECKED:
        approval = _approved(call)
        if (wrong := _wrong(session, stand, approval)) is not None:
            raise NotAllowed("approval.lapsed", why=wrong, case_no=call.act.case.case_no)
        _must_have_cooled(stand.snapshot, approval, call.now)
        said |= {**approval.planned, "approval": row_id(approval)}
    if change in account.FIELDS:
        typed = _value(call, change)
        if change in account.CHECKED and typed != {name: said[name] for name in typed}:
            raise NotAllowed("account.swapped")
        said |= typed
    call.act.add("account.held", said)
    once = f"account:{said['approval']}" if said["approval"] else None
    call.send(said, once=once)


def carry_out(act: Act, ctx: Context, row: OutboxRow) -> str:
    """Make the change, asking everything again; returns why it was not made, or nothing.

    The update is guarded by the customer's own row: of two at once, and after anything else that changed the
    customer, one finds nothing to change.
    """
    session, said = act.unit.session, row.params
    stand = standing(session, ctx, act.case_id, act.unit.now)
    held = _told(session, act.case_id, "account.held", "customer", said.get("customer"))
    customer, change = stand.snapshot.customer, str(said.get("change"))
    if customer is None or held is None or not _same(held.payload, said):
        return CHANGED
    if change != account.asked(stand.snapshot) or not _let(stand) or not _stands(session, stand, said):
        return CHANGED
    value = _read(session, said) if change in account.FIELDS else None
    if change in account.FIELDS and (value is None or not account.well_formed(change, value)):
        return CHANGED
    columns = _columns(customer, change, value, act.unit.now)
    done = session.exec(
        update(Customer)
        .where(col(Customer.id) == customer.id, col(Customer.version) == said.get("customer"))
        .values(**columns, version=Customer.version + (1 if columns else 0))
    )
    session.expire_all()
    if not rows_changed(done):
        return CHANGED
    told: dict[str, object] = {name: said.get(name) for name in ("change", "text", "digest", "approval")}
    if before := account.on_file(stand.snapshot, change):
        old, digest = act.unit.text(act.case, "account_old", before)
        told |= {"old": old.id, "old_digest": digest}
    act.add("account.changed", {**told, "customer": customer.id})
    _confirm(act, ctx, stand, change, _after(customer, change, value))
    return ""


def _columns(customer: CustomerView, change: str, value: str | None, now: datetime) -> dict[str, object]:
    """The columns of the customer's row; payment data are not in it (the customer binds them in the App)."""
    if value is None:
        return {}
    columns: dict[str, object] = {change: value}
    if change in ("phone", "email"):
        columns |= before(customer, now, phone=change == "phone", email=change == "email")
        columns["contact_changed_at"] = now
    if change == "phone":
        columns["phone_tail"] = value[-4:]
    return columns


def _after(customer: CustomerView, change: str, value: str | None) -> CustomerView:
    """The customer as letters reach them from now on."""
    if change == "phone":
        return replace(customer, phone=value)
    return replace(customer, email=value) if change == "email" else customer


def _confirm(act: Act, ctx: Context, stand: Standing, change: str, after: CustomerView) -> None:
    """The confirmation to the old and the new address (AC-09), sent by itself: nobody recalls it alone."""
    before = stand.snapshot.customer
    sent = sum(one.letter == CONFIRMS for one in stand.snapshot.notifications)
    effect = PlannedEffect(1, "letter", Risk.MESSAGE, {"letter": CONFIRMS})
    cycle = stand.snapshot.case.cycle
    planned = beside("account.saved", effect, option="saved", round=1 + sent, cycle=cycle)
    call = EffectCall(act, ctx, stand, planned, effect)
    to = _confirmed_to(before, after, change)
    if not to:
        act.add("letter.skipped", {"letter": CONFIRMS, "why": "letter.no_target"})
    for one in to:
        send_letter(call, to=one)
    for row in call.outbox:
        row.actor = SYSTEM


def _confirmed_to(before: CustomerView | None, after: CustomerView, change: str) -> list[Target]:
    """Where letters went and where they will go; of a changed phone also both numbers."""
    wanted: dict[str, Target] = {}
    for one in (before, after):
        for place, target in enumerate(targets(on_file(one))):
            if place == 0 or (change == "phone" and target.channel is NotificationChannel.SMS):
                wanted.setdefault(target.address, target)
    return list(wanted.values())


def _asked(call: EffectCall) -> str:
    change = account.asked(call.stand.snapshot)
    if change is None or change not in (*account.FIELDS, *account.CHECKED):
        raise NotAllowed("account.nothing_asked")
    return change


def _customer(call: EffectCall) -> CustomerView:
    customer = call.stand.snapshot.customer
    if customer is None:
        raise NotAllowed("verification.no_customer")
    return customer


def _must_be_let(call: EffectCall) -> None:
    """Whose account it is and how far they were verified, for any change (AC3)."""
    _customer(call)
    if account.acts_for_another(call.stand.snapshot):
        raise NotAllowed("account.not_owner")
    if account.undocumented(call.stand.snapshot):
        raise NotAllowed("account.undocumented")
    decision = judged(call, account.ACTION, 0)
    if decision.allowed is Allowed.REFUSED:
        raise NotAllowed(decision.reason.value, action=account.ACTION, amount_fen=0)


def _let(stand: Standing) -> bool:
    level = level_number(account.level_held(stand.snapshot))
    lacks = account.acts_for_another(stand.snapshot) or account.undocumented(stand.snapshot)
    return level >= account.LEVEL and not lacks


def _value(call: EffectCall, change: str) -> dict[str, object]:
    """Text and digest of the value that was typed and read back. Raises NotAllowed("account.swapped")."""
    if change not in account.FIELDS:
        return {"text": None, "digest": None}
    session, snapshot = call.act.unit.session, call.stand.snapshot
    told = _newest(session, call.act.case_id, "account.entered")
    if told is None or told.payload["change"] != change or told.recorded_at < cycle_start(snapshot):
        raise NotAllowed("account.nothing_asked")
    if (value := _read(session, told.payload)) is None or value != account.entered(snapshot):
        raise NotAllowed("account.swapped")
    return {"text": told.payload["text"], "digest": told.payload["digest"]}


def _read(session: Session, said: Mapping[str, object]) -> str | None:
    """A value by its text, when it still is what the digest says; nothing once it was erased."""
    row = session.get(CaseText, said.get("text")) if said.get("text") is not None else None
    if row is None or row.voided or row.erased_at is not None:
        return None
    return row.body if salted_digest(row.salt, row.body) == said.get("digest") else None


def _approved(call: EffectCall) -> Approval:
    return approved_by_another(call, account.ACTION, missing="account.not_approved", own="account.checker")


def _must_have_cooled(snapshot: Snapshot, approval: Approval, now: datetime) -> None:
    ready = account.cooling_until(approval.decided_at)
    if ready is None or now < ready:
        raise NotAllowed("account.cooling", until=ready)
    if answering(snapshot) and not account.warned(snapshot):
        raise NotAllowed("account.not_warned")


def _wrong(session: Session, stand: Standing, approval: Approval) -> str | None:
    """Why an approval does not carry a change now, or None: its own words and time in the journal, its value,
    the customer's row, the facts. It lapses later than others, as it has to cool off first."""
    changed = LimitReason.FACTS_CHANGED.value
    customer, decided = stand.snapshot.customer, approval.decided_at
    told = _told(session, approval.case_id, "approval.decided", "approval", approval.id)
    if decided is None or told is None or told.recorded_at != decided or told.actor != approval.decided_by:
        return changed
    if account.too_old(decided, stand.snapshot.now):
        return LimitReason.LAPSED.value
    if customer is None or approval.planned.get("customer") != customer.version:
        return changed
    if approval.planned.get("change") != account.asked(stand.snapshot) or not as_proposed(session, approval):
        return changed
    return None if approval.facts_digest == bound_digest(stand, account.ACTION) else changed


def _stands(session: Session, stand: Standing, said: Mapping[str, object]) -> bool:
    """Whether what was committed may still be carried out."""
    if said.get("change") not in account.CHECKED:
        return said.get("approval") is None
    number = said.get("approval")
    approval = session.get(Approval, number) if number is not None else None
    if approval is None or approval.case_id != stand.snapshot.case.id:
        return False
    if approval.state is not ApprovalState.APPROVED or _wrong(session, stand, approval) is not None:
        return False
    ready = account.cooling_until(approval.decided_at)
    return ready is not None and ready <= stand.snapshot.now


def _same(told: Mapping[str, object], said: Mapping[str, object]) -> bool:
    return all(told.get(name) == said.get(name) for name in ("change", "text", "digest", "approval"))


def _newest(session: Session, case_id: int, kind: str) -> Event | None:
    return _told(session, case_id, kind, None, None)


def _told(session: Session, case_id: int, kind: str, name: str | None, value: object) -> Event | None:
    """The newest event of a kind that stands and says this."""
    stream = events(session, Stream.CASE, case_id)
    gone = voided(stream)
    found = [one for one in stream if one.kind == kind and one.id not in gone]
    return next((one for one in reversed(found) if name is None or one.payload.get(name) == value), None)
