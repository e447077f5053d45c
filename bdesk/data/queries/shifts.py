"""What was packed at the change of shift and is not decided, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import Session

from bdesk.data.core import CASE, CLOCK, CUSTOMER, GROUP, PROMISE, SHIFT_HANDOVER, SHIFT_ITEM, STAFF, TEXT
from bdesk.data.queries.promises import OWED, OWN_CLOCK
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import ShiftState
from bdesk.models.views.shifts import OfferedRow
from bdesk.models.views.snapshot import ActorView
from bdesk.rules.masking import mask_name
from bdesk.rules.roles import CHIEFS

KEPT = 200

_PACKED = SHIFT_ITEM.join(SHIFT_HANDOVER, SHIFT_HANDOVER.c.id == SHIFT_ITEM.c.handover_id).join(
    CASE, CASE.c.id == SHIFT_ITEM.c.case_id
)
_TABLES = _PACKED.join(STAFF, STAFF.c.number == SHIFT_HANDOVER.c.packed_by)
_WAITS = SHIFT_ITEM.c.state == ShiftState.OFFERED
_STANDS = and_(CASE.c.open.is_(True), CASE.c.owner_id == STAFF.c.id)
"""The case is still open and with who packed it; else it has dropped out."""


def waiting_for(actor: ActorView, now: datetime) -> ColumnElement[bool]:
    """As `bdesk.rules.shifts.may_accept`, in SQL."""
    packed = SHIFT_HANDOVER.c
    theirs = or_(
        packed.receiver == actor.number,
        and_(packed.group_code == actor.group_code, or_(packed.receiver.is_(None), packed.until <= now))
        if actor.group_code is not None
        else false(),
    )
    seen = packed.packed_by != actor.number
    return seen if actor.role in CHIEFS else and_(seen, theirs)


def packed_by(actor: ActorView) -> ColumnElement[bool]:
    """What somebody packed themselves."""
    return SHIFT_HANDOVER.c.packed_by == actor.number


def count(session: Session, where: ColumnElement[bool]) -> int:
    """How many cases wait to be accepted, those that dropped out left out."""
    counted = select(func.count()).select_from(_TABLES).where(_WAITS, _STANDS, where)
    return int(session.execute(counted).scalar_one())


def offered(session: Session, where: ColumnElement[bool]) -> list[OfferedRow]:
    """What waits, what dropped out below it; what was packed first at the top. The words
    are as they were written: whoever shows them veils them."""
    statement = (
        select(
            SHIFT_ITEM.c.id,
            SHIFT_ITEM.c.case_id,
            CASE.c.case_no,
            CASE.c.kind,
            CASE.c.open,
            _STANDS.label("stands"),
            CUSTOMER.c.name.label("customer"),
            SHIFT_HANDOVER.c.packed_by,
            STAFF.c.name.label("packer"),
            SHIFT_HANDOVER.c.receiver,
            GROUP.c.name_zh,
            GROUP.c.name_en,
            SHIFT_HANDOVER.c.packed_at,
            SHIFT_HANDOVER.c.until,
            TEXT.c.body,
        )
        .select_from(
            _TABLES.outerjoin(CUSTOMER, CUSTOMER.c.id == CASE.c.customer_id)
            .outerjoin(GROUP, GROUP.c.code == SHIFT_HANDOVER.c.group_code)
            .outerjoin(TEXT, and_(TEXT.c.id == SHIFT_ITEM.c.text_id, TEXT.c.erased_at.is_(None)))
        )
        .where(_WAITS, where)
        .order_by(_STANDS.desc(), SHIFT_HANDOVER.c.packed_at, SHIFT_ITEM.c.id)
        .limit(KEPT)
    )
    return [
        OfferedRow(
            item_id=row.id,
            case_id=row.case_id,
            case_no=row.case_no,
            kind=row.kind,
            customer=mask_name(row.customer or ""),
            packed_by=row.packed_by,
            packer=row.packer,
            receiver=row.receiver,
            group=(row.name_zh, row.name_en) if row.name_zh is not None else None,
            packed_at=row.packed_at,
            until=row.until,
            gone="" if row.stands else "taken" if row.open else "closed",
            words=row.body or "",
        )
        for row in session.execute(statement)
    ]


def promises_of(session: Session, cases: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """What is owed on these cases: words and due time, the earliest first."""
    rows = session.execute(
        select(PROMISE.c.case_id, PROMISE.c.words, PROMISE.c.due_at)
        .select_from(PROMISE.join(CLOCK, OWN_CLOCK))
        .where(PROMISE.c.case_id.in_(cases), PROMISE.c.state.in_(OWED))
        .order_by(PROMISE.c.due_at, PROMISE.c.id)
    )
    found: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append((row.words, row.due_at))
    return found


def stopped_of(session: Session, cases: Collection[int]) -> dict[int, list[tuple[str, datetime | None]]]:
    """The clocks of these cases that stand: whom each waits for, and until when where that is known."""
    rows = session.execute(
        select(CLOCK.c.case_id, CLOCK.c.waiting_for, CLOCK.c.resume_at)
        .where(CLOCK.c.case_id.in_(cases), CLOCK.c.run == RunState.PAUSED)
        .order_by(CLOCK.c.id)
    )
    found: defaultdict[int, list[tuple[str, datetime | None]]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append((row.waiting_for or "", row.resume_at))
    return found


def left_to_pack(session: Session, actor: ActorView) -> frozenset[int]:
    """The open cases that somebody holds, less those that wait in a package of theirs already."""
    waits = select(SHIFT_ITEM.c.case_id).select_from(_PACKED).where(_WAITS, packed_by(actor))
    mine = select(CASE.c.id).where(
        CASE.c.open.is_(True), CASE.c.owner_id == actor.id, CASE.c.id.not_in(waits)
    )
    return frozenset(session.execute(mine).scalars())


def group_name(session: Session, code: str | None) -> tuple[str, str] | None:
    """What a group is called (zh, en)."""
    row = session.execute(select(GROUP.c.name_zh, GROUP.c.name_en).where(GROUP.c.code == code)).one_or_none()
    return None if row is None else (row.name_zh, row.name_en)
