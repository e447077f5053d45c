"""Evidence: received, looked at, found clear or not. Unseen evidence cannot be judged (UX, Case)."""

from sqlmodel import col, func, select

from bdesk.data.journal import events as events_of
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import DeliveryState, EvidenceKind, Stream
from bdesk.models.tables import Case, Evidence, OutboxRow
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.change import (
    CUSTOMER_WAITS,
    Act,
    must_be_open,
    must_not_be_held,
    woken,
)
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may
from bdesk.rules.documents import KINDS
from bdesk.text import clean


def add_evidence(
    ctx: Context, case_id: int, kind: EvidenceKind, name: str, address: str, size_bytes: int = 0
) -> Changed:
    """Material from the customer came in: an inbound event, so stopped clocks run again. Of a document that
    shows who somebody is not even the name of the file is kept.

    Raises BadInput("evidence.no_address") when it is nowhere to be found.
    """
    must_may(ctx, "evidence.add_evidence")
    address = clean(address).strip()
    if not address:
        raise BadInput("evidence.no_address")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        numbers = select(func.max(Evidence.number)).where(Evidence.case_id == case_id)
        last = unit.session.scalars(numbers).one()
        row = Evidence(
            case_id=case_id,
            number=(last or 0) + 1,
            kind=kind,
            name=kind.value if kind in KINDS else clean(name)[:128],
            size_bytes=max(0, size_bytes),
            address=address[:400],
            received_at=unit.now,
            cycle=act.case.cycle,
        )
        unit.session.add(row)
        unit.session.flush()
        payload = {"evidence": row.id, "kind": kind.value, "number": row.number}
        act.add("customer.evidence", payload, columns=woken(act.case, CUSTOMER_WAITS))
        return act.finish(ctx, "evidence.received", undo=False, number=row.number)


def register_target(ctx: Context, case_id: int, masked: str) -> Changed:
    """The customer registered another way to be paid, by the secure form (RF9a): an inbound event.

    The desk never sees the number, and keeps no more than what may be shown of it, as a text that can be
    erased. Whoever works the case writes it down, and never approves the refund to it as well. Raises
    BadInput("note.empty") for nothing, NotAllowed: ("text.secret") for a whole number, ("role.") for an
    administrator, ("case.not_yours") on a colleague's case, ("limits.own_matter"), ("refund.no_form") before
    the customer was sent the form in this cycle.
    """
    must_may(ctx, "evidence.register_target")
    masked = check_text(masked, longest=120)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        must_not_be_held(ctx, act.case)
        must_not_be_own(ctx, act.case)
        target_event(act, masked)
        return act.finish(ctx, "customer.target_registered", undo=False)


def target_event(act: Act, masked: str) -> None:
    """The customer's event of having registered a target. Raises NotAllowed("refund.no_form")."""
    _must_have_form(act.unit, act.case)
    row, digest = act.unit.text(act.case, "target", masked)
    payload = {"text": row.id, "digest": digest}
    act.add("customer.target_registered", payload, columns=woken(act.case, CUSTOMER_WAITS))


def _must_have_form(unit: Unit, case: Case) -> None:
    """Nobody registers what nobody asked for: the form went out in this cycle and was not taken back."""
    sent = select(OutboxRow.id).where(
        OutboxRow.case_id == case.id,
        OutboxRow.cycle == case.cycle,
        OutboxRow.effect == "payout.form",
        col(OutboxRow.state).not_in((DeliveryState.RECALLED, DeliveryState.FAILED)),
    )
    if unit.session.scalars(sent).first() is None:
        raise NotAllowed("refund.no_form", case_no=case.case_no)


def look_at(ctx: Context, evidence_id: int) -> Changed:
    """Somebody opened it; kept once per person so that a tick can ask for it."""
    must_may(ctx, "evidence.look_at")
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.of_case(Evidence, evidence_id)
        if row is None:
            raise NotAllowed("evidence.unknown", number=evidence_id)
        if row.looked_by == ctx.actor.number:
            return Changed(code="evidence.looked_at", cases=(row.case_id,), case_id=row.case_id)
        row.looked_at, row.looked_by = unit.now, ctx.actor.number
        act = Act(unit, unit.case(row.case_id))
        act.add("evidence.looked_at", {"evidence": row.id, "number": row.number})
        return act.finish(ctx, "evidence.looked_at", undo=False, number=row.number)


def _looked(unit: Unit, ctx: Context, row: Evidence) -> bool:
    """The row keeps who looked last; the journal keeps everybody."""
    return row.looked_by == ctx.actor.number or any(
        event.kind == "evidence.looked_at"
        and event.actor == ctx.actor.number
        and event.payload.get("evidence") == row.id
        for event in events_of(unit.session, Stream.CASE, row.case_id)
    )


def judge(ctx: Context, evidence_id: int, clear: bool) -> Changed:
    """Tick a piece as clear or not.

    Raises NotAllowed("evidence.unseen") before the one who judges looked at it, ("case.not_yours") on a
    colleague's case, ("limits.own_matter").
    """
    must_may(ctx, "evidence.judge")
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.of_case(Evidence, evidence_id)
        if row is None:
            raise NotAllowed("evidence.unknown", number=evidence_id)
        if not _looked(unit, ctx, row):
            raise NotAllowed("evidence.unseen", number=row.number)
        act = Act(unit, unit.case(row.case_id))
        must_be_open(act.case)
        must_not_be_held(ctx, act.case)
        must_not_be_own(ctx, act.case)
        was, row.clear = row.clear, clear
        act.add("evidence.judged", {"evidence": row.id, "number": row.number, "clear": clear, "was": was})
        return act.finish(ctx, "evidence.judged", number=row.number, clear=clear)
