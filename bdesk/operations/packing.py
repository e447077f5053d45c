"""The evidence pack: one text with what an outside body needs to see of a matter (S2:51, AP12).

Order, payments, refunds and parcels, what was decided by which rule and with which reasons, every letter as
it was sent, and the list of the material. Personal data stand masked: the body knows who turned to it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bdesk.clock import LOCAL
from bdesk.data import snapshot as snapshots
from bdesk.data.unit import Unit
from bdesk.i18n import _
from bdesk.models.kinds import DeliveryState
from bdesk.models.labels import label
from bdesk.models.tables import CaseText
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import Snapshot
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.rules.cases import earlier_cases, stands
from bdesk.rules.documents import KINDS
from bdesk.rules.masking import mask_name, mask_phone
from bdesk.text import clean, yuan

KIND = "pack"
"""The kind of text under which a pack is kept on its case; it can be erased like every text."""


@dataclass(frozen=True, slots=True)
class Packed:
    """`digest`: SHA-256 of the text in UTF-8, which the journal keeps."""

    case_no: str
    text: str
    digest: str
    changed: Changed


def pack(ctx: Context, case_id: int) -> Packed:
    """Make the pack of a case now and keep it there. Who hands in records answers for it: a supervisor or
    above (B0.7, external answer), on the record.

    Raises NotAllowed("role.cannot_pack").
    """
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        text, digest = pack_event(act, ctx)
        return Packed(act.case.case_no, text, digest, act.finish(ctx, "case.packed", undo=False))


def pack_event(act: Act, ctx: Context) -> tuple[str, str]:
    """The pack and its digest, inside an act. Raises NotAllowed("role.cannot_pack")."""
    must_may(ctx, "packing.pack")
    text = _text(act.unit, ctx, act.case_id)
    digest = hashlib.sha256(text.encode()).hexdigest()
    row, kept = act.unit.text(act.case, KIND, text)
    act.add("case.packed", {"text": row.id, "digest": kept, "sha256": digest})
    return text, digest


def _text(unit: Unit, ctx: Context, case_id: int) -> str:
    snap = snapshots.build(unit.session, case_id, ctx.actor, unit.now)
    before = [snapshots.build(unit.session, one.id, ctx.actor, unit.now) for one in earlier_cases(snap)]
    lines = [
        _("Records of case {case_no}", case_no=snap.case.case_no),
        _("Made on {at} by staff member {by}", at=_at(unit.now), by=ctx.actor.number),
        *_section(_("Customer"), _customer(snap)),
        *_section(_("Order"), _order(snap)),
        *_section(_("Payments"), _payments(snap)),
        *_section(_("Delivery"), _parcels(snap)),
        *(line for one in (*before, snap) for line in _case(unit.session, one)),
    ]
    return "\n".join(clean(line, multiline=True) for line in lines) + "\n"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", f"== {title} ==", *found)


def _at(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"


def _customer(snap: Snapshot) -> Iterator[str]:
    if snap.customer is not None:
        phone = mask_phone(snap.customer.phone) if snap.customer.phone else ""
        yield f"{mask_name(snap.customer.name)}  {phone}".rstrip()


def _order(snap: Snapshot) -> Iterator[str]:
    order = snap.order
    if order is None:
        return
    yield f"{order.order_no}  {label(order.status)}  {_at(order.placed_at)}  {yuan(order.total_fen)}"
    for item in snap.items:
        yield f"  {item.name} x{item.quantity}  {yuan(item.price_fen)}"


def _payments(snap: Snapshot) -> Iterator[str]:
    for one in snap.payments:
        yield _row(
            one.payment_no, label(one.method), label(one.state), _at(one.paid_at), yuan(one.amount_fen)
        )
    for refund in snap.refunds:
        state, amount = label(refund.state), yuan(refund.amount_fen)
        yield _row(_("Refund"), refund.refund_no, state, _at(refund.committed_at), amount)


def _row(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def _parcels(snap: Snapshot) -> Iterator[str]:
    for one in snap.parcels:
        yield f"{one.carrier or ''} {one.waybill or ''}  {label(one.state)}  {_at(one.signed_at)}".strip()


def _case(session: Session, snap: Snapshot) -> Iterator[str]:
    case = snap.case
    head = f"{case.case_no}  {label(case.kind)}  {label(case.channel)}  {_at(case.received_at)}"
    yield from _section(_("Case"), (head, case.subject, case.desired, case.description))
    yield from _section(_("Contacts"), _talks(snap))
    yield from _section(_("Decisions"), _decisions(snap))
    yield from _section(_("Reasons"), _reasons(session, case.id))
    yield from _section(
        _("Material"),
        (
            f"{one.number}  {label(one.kind)}  {one.name}  {_at(one.received_at)}  {one.address}"
            for one in snap.evidence
            # What shows who somebody is belongs to the verification, and not to the matter.
            if one.kind not in KINDS
        ),
    )
    yield from _section(_("Letters"), _letters(snap))


def _talks(snap: Snapshot) -> Iterator[str]:
    """When one spoke and wrote, and by which way: the dialogue shows the background (S2:58)."""
    for one in snap.contacts:
        yield _row(_at(one.started_at), label(one.kind), label(one.direction), label(one.channel))


def _decisions(snap: Snapshot) -> Iterator[str]:
    for one in snap.decisions:
        if stands(one):
            words = [label(word) for word in (one.outcome, one.reject_code) if word is not None]
            amount = yuan(one.amount_fen) if one.amount_fen is not None else ""
            yield "  ".join(
                part for part in (_at(one.at), one.by, *words, amount, one.rule_ref or "") if part
            )


def _reasons(session: Session, case_id: int) -> Iterator[str]:
    rows = select(CaseText).where(
        CaseText.case_id == case_id, CaseText.kind == "reasons", col(CaseText.voided).is_(False)
    )
    for row in session.scalars(rows.order_by(col(CaseText.id))):
        yield f"{_at(row.at)}  {row.body}"


def _letters(snap: Snapshot) -> Iterator[str]:
    for one in snap.notifications:
        if one.state not in (DeliveryState.RECALLED, DeliveryState.FAILED):
            yield f"{_at(one.written_at)}  {label(one.channel)}  {one.target_masked}"
            yield from (f"  {line}" for line in one.text.splitlines())
            yield ""
