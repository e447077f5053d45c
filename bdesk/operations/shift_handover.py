"""Handing over a shift: a person's open cases as one package, accepted case by case by who comes next.

Nothing changes hands before it is accepted, and no clock stops for it. A case that was closed, or went to
somebody else meanwhile, drops out. Half-typed work goes along as a text of the case.
"""

from collections.abc import Mapping

from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data import snapshot as snapshots
from bdesk.data.queries import staff as people
from bdesk.data.refold import refold
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import OPEN_STATES, CaseKind, Role, ShiftState
from bdesk.models.tables import Case, ClockRow, Group, ShiftHandover, ShiftItem, Staff
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.apart import is_own_matter
from bdesk.operations.change import NOT_ASIDE, Act, row_id
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.promises import owed
from bdesk.operations.roles import in_role, must_may
from bdesk.rules.appeals import touched
from bdesk.rules.ladder import decides_on
from bdesk.rules.scanner import scan
from bdesk.rules.shifts import SHIFT, may_accept
from bdesk.text import clean, normalise_key

LONGEST_WORDS = 400


def pack(ctx: Context, to: str, words: str = "", drafts: Mapping[int, str] | None = None) -> Changed:
    """Pack the open cases that the acting person holds, for the group or the colleague `to` (a code or a
    staff number). `words` go with every case, `drafts` (by case) with their own: what was half typed there,
    less what must never be kept (B0.5). What waits in an earlier package stays there.

    Raises NotAllowed("shift.nothing") when nothing is left to pack, ("staff.unknown") for who is neither,
    ("shift.yourself", "reassign.admin"), and what `check_text` raises.
    """
    must_may(ctx, "shift_handover.pack")
    words = check_text(words, longest=LONGEST_WORDS) if words.strip() else ""
    with ctx.store.write(ctx.actor.number) as unit:
        receiver, group = _for_whom(unit, ctx, to)
        # Whoever packs at two desks at once packs each case once.
        unit.hold({*_held(unit, ctx), *(item.case_id for item in _waiting(unit, ctx))})
        acts = _dropped(unit, ctx)
        cases = _left_to_pack(unit, ctx)
        if not cases:
            raise NotAllowed("shift.nothing")
        handover = ShiftHandover(
            packed_by=ctx.actor.number,
            receiver=receiver,
            group_code=group,
            packed_at=unit.now,
            until=unit.now + SHIFT,
        )
        unit.session.add(handover)
        unit.session.flush()
        packed = [_packed(unit, ctx, one, handover, words, (drafts or {}).get(one, "")) for one in cases]
        for act in (*acts, *packed):
            refold(unit.session, act.case, ctx.book, unit.now)
        unit.commit()
        return Changed(
            code="shift.packed",
            params={"count": len(packed)},
            cases=tuple(act.case_id for act in (*acts, *packed)),
            events=tuple(act.first for act in packed),
        )


def accept(ctx: Context, item_id: int) -> Changed:
    """Take over one packed case: from now on the acting person holds it.

    Raises NotAllowed("shift.unknown"); "shift.own", "shift.not_yours" for who may not; "shift.decided" for
    what was decided or taken back already; "shift.closed", "shift.gone" for a case that dropped out;
    "shift.above" for one that a higher level decides; "limits.own_matter", "reassign.touched" for a person
    who may not have this very case.
    """
    must_may(ctx, "shift_handover.accept")
    who = in_role(ctx)
    with ctx.store.write(ctx.actor.number) as unit:
        item, handover = _found(unit, item_id)
        packer = _must_be_offered_to(unit, who, item, handover)
        act = Act(unit, unit.case(item.case_id))
        _must_still_stand(act.case, packer)
        _may_have(unit, ctx, who, act.case, packer)
        act.add(
            "case.handed_over",
            {"from": packer.number, "to": ctx.actor.number, "item": item.id},
            columns={**NOT_ASIDE, "owner_id": ctx.actor.id, "claimed_at": unit.now},
        )
        _decide(unit, ctx, item, ShiftState.ACCEPTED)
        return act.finish(ctx, "shift.accepted", undo=False)


def decline(ctx: Context, item_id: int, reason: str) -> Changed:
    """Do not take over one packed case: it goes to the queue of the group, with the reason. So does an appeal
    that one has touched, or a matter of one's own: it goes to others.

    Raises what `accept` raises of the package and of a case that a higher level decides, and what
    `check_text` raises.
    """
    must_may(ctx, "shift_handover.decline")
    who = in_role(ctx)
    reason = check_text(reason, longest=LONGEST_WORDS)
    with ctx.store.write(ctx.actor.number) as unit:
        item, handover = _found(unit, item_id)
        packer = _must_be_offered_to(unit, who, item, handover)
        act = Act(unit, unit.case(item.case_id))
        _must_still_stand(act.case, packer)
        _must_not_be_above(who, act.case, packer)
        text, digest = unit.text(act.case, "reason", reason)
        columns: dict[str, object] = {**NOT_ASIDE, "owner_id": None, "claimed_at": None}
        wanted = select(Group).where(Group.code == handover.group_code)
        group = unit.session.scalars(wanted).first() if handover.group_code is not None else None
        if group is not None:
            columns["group_id"] = group.id
        said = {"item": item.id, "text": text.id, "digest": digest}
        act.add("shift.declined", said, columns=columns)
        _decide(unit, ctx, item, ShiftState.DECLINED)
        return act.finish(ctx, "shift.declined", undo=False)


def take_back(ctx: Context, item_id: int) -> Changed:
    """Take one case out of one's own package again, while nobody has accepted it.

    Raises NotAllowed("shift.unknown"), ("shift.not_packed") for who did not pack it, ("shift.decided").
    """
    must_may(ctx, "shift_handover.take_back")
    with ctx.store.write(ctx.actor.number) as unit:
        item, handover = _found(unit, item_id)
        if handover.packed_by != ctx.actor.number:
            raise NotAllowed("shift.not_packed")
        _must_wait(unit, item)
        act = Act(unit, unit.case(item.case_id))
        act.add("shift.taken_back", {"item": item.id})
        _decide(unit, ctx, item, ShiftState.TAKEN_BACK)
        return act.finish(ctx, "shift.taken_back", undo=False)


# Packing


def _for_whom(unit: Unit, ctx: Context, to: str) -> tuple[str | None, str | None]:
    """The receiver's number, none for a whole group, and the group that sees it."""
    group = unit.session.scalars(select(Group).where(Group.code == to.strip().lower())).first()
    if group is not None:
        return None, group.code
    person = people.actor(unit.session, normalise_key(to), unit.now)
    if person is None:
        raise NotAllowed("staff.unknown", number=clean(to))
    if person.id == ctx.actor.id:
        raise NotAllowed("shift.yourself")
    if person.role is Role.ADMIN:
        raise NotAllowed("reassign.admin", person=person.name)
    return person.number, person.group_code or ctx.actor.group_code


def _waiting(unit: Unit, ctx: Context) -> list[ShiftItem]:
    """What the acting person packed and nobody has decided."""
    wanted = (
        select(ShiftItem)
        .join(ShiftHandover, col(ShiftHandover.id) == col(ShiftItem.handover_id))
        .where(ShiftItem.state == ShiftState.OFFERED, ShiftHandover.packed_by == ctx.actor.number)
        .order_by(col(ShiftItem.id))
    )
    return list(unit.session.scalars(wanted))


def _dropped(unit: Unit, ctx: Context) -> list[Act]:
    """What dropped out of earlier packages is written down, so that no list carries it on."""
    acts = []
    for item in _waiting(unit, ctx):
        act = Act(unit, unit.case(item.case_id))
        if act.case.owner_id != ctx.actor.id or act.case.state not in OPEN_STATES:
            act.add("shift.dropped", {"item": item.id})
            _decide(unit, ctx, item, ShiftState.DROPPED)
            acts.append(act)
    return acts


def _left_to_pack(unit: Unit, ctx: Context) -> list[int]:
    waits = {item.case_id for item in _waiting(unit, ctx)}
    return [one for one in _held(unit, ctx) if one not in waits]


def _held(unit: Unit, ctx: Context) -> list[int]:
    """The open cases that the acting person has."""
    mine = select(Case.id).where(col(Case.open).is_(True), Case.owner_id == ctx.actor.id)
    return [one for one in unit.session.scalars(mine.order_by(col(Case.id))) if one is not None]


def _packed(unit: Unit, ctx: Context, case_id: int, handover: ShiftHandover, words: str, draft: str) -> Act:
    act = Act(unit, unit.case(case_id))
    # What must never be kept is not kept; the draft itself stays with who typed it.
    body = "\n".join(part for part in (words, scan(clean(draft, multiline=True)).masked.strip()) if part)
    said: dict[str, object] = {}
    item = ShiftItem(handover_id=row_id(handover), case_id=case_id)
    if body:
        text, said["digest"] = unit.text(act.case, "hand_over", body)
        item.text_id = said["text"] = text.id
    unit.session.add(item)
    unit.session.flush()
    said |= {"handover": handover.id, "item": item.id, "until": to_iso(handover.until)}
    said |= {"receiver": handover.receiver, "group": handover.group_code}
    said["promises"] = [row_id(one.row) for one in owed(act, ctx)]
    said["stopped"] = _stopped(unit, case_id)
    act.add("shift.offered", said)
    return act


def _stopped(unit: Unit, case_id: int) -> list[dict[str, object]]:
    """The clocks that stand, and until when, where that is known."""
    rows = select(ClockRow).where(ClockRow.case_id == case_id, ClockRow.run == RunState.PAUSED)
    return [
        {
            "clock": row.kind,
            "number": row.number,
            "cycle": row.cycle,
            "until": to_iso(row.resume_at) if row.resume_at is not None else None,
        }
        for row in unit.session.scalars(rows.order_by(col(ClockRow.id)))
    ]


# Deciding


def _found(unit: Unit, item_id: int) -> tuple[ShiftItem, ShiftHandover]:
    item = unit.of_case(ShiftItem, item_id)
    if item is None:
        raise NotAllowed("shift.unknown", number=item_id)
    return item, unit.session.get_one(ShiftHandover, item.handover_id)


def _must_be_offered_to(unit: Unit, who: ActorView, item: ShiftItem, handover: ShiftHandover) -> Staff:
    """Who packed it. Raises NotAllowed unless it waits for this person, in their role of now."""
    if handover.packed_by == who.number:
        raise NotAllowed("shift.own")
    if not may_accept(handover, who, unit.now):
        raise NotAllowed("shift.not_yours")
    _must_wait(unit, item)
    return unit.session.scalars(select(Staff).where(Staff.number == handover.packed_by)).one()


def _must_wait(unit: Unit, item: ShiftItem) -> None:
    if item.state is not ShiftState.OFFERED:
        who = people.names(unit.session, (item.decided_by or "",)).get(item.decided_by or "", "")
        raise NotAllowed("shift.decided", person=who or (item.decided_by or ""), state=item.state)


def _must_still_stand(case: Case, packer: Staff) -> None:
    if case.state not in OPEN_STATES:
        raise NotAllowed("shift.closed", case_no=case.case_no)
    if case.owner_id != packer.id:
        raise NotAllowed("shift.gone", case_no=case.case_no)


def _must_not_be_above(who: ActorView, case: Case, packer: Staff) -> None:
    """What a higher level decides goes to nobody below, nor to a queue from which they would take it."""
    if decides_on(packer.role, case.escalated_to) and not decides_on(who.role, case.escalated_to):
        raise NotAllowed("shift.above", case_no=case.case_no, role=packer.role.value)


def _may_have(unit: Unit, ctx: Context, who: ActorView, case: Case, packer: Staff) -> None:
    _must_not_be_above(who, case, packer)
    if is_own_matter(ctx.actor, case):
        raise NotAllowed("limits.own_matter")
    if case.kind is CaseKind.APPEAL:
        # An appeal's owner is never who decided what it contests (P5, AP5).
        book = ctx.book.pinned(unit.session, case)
        if touched(snapshots.build(unit.session, row_id(case), ctx.actor, unit.now, book)):
            raise NotAllowed("reassign.touched", person=ctx.actor.name)


def _decide(unit: Unit, ctx: Context, item: ShiftItem, state: ShiftState) -> None:
    item.state, item.decided_by, item.decided_at = state, ctx.actor.number, unit.now
