"""Beyond the case itself: other cases, the customer's past, and who else could decide."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, not_, or_, select, union_all
from sqlmodel import Session

from bdesk.data.core import (
    APPROVAL,
    CASE,
    CASE_ITEM,
    CASE_LINK,
    CONTACT,
    DECISION,
    EVIDENCE,
    ORDER,
    PAYMENT,
    REFUND,
    STAFF,
    STAFF_SKILL,
    STAND_IN,
    WALLET,
    WALLET_TX,
)
from bdesk.data.queries.standing_in import living
from bdesk.data.rows import kept, shaped, shared
from bdesk.data.snapshot.work import count_failed_attempts
from bdesk.models.kinds import (
    REFUND_VOID,
    ApprovalState,
    CaseKind,
    Direction,
    LinkKind,
    PaymentState,
    PersonState,
    Role,
    WalletTxKind,
)
from bdesk.models.views.snapshot import ActorView, CaseBrief, CaseView, HistoryView

BRIEFS_KEPT = 100
GOODWILL = "goodwill_return"
"""The action of the approvals that grant a return past its window (B0.7)."""

AMOUNTS_KEPT = 50
_MONTH = timedelta(days=30)
_YEAR = timedelta(days=365)
_DECIDES_NOTHING = (Role.ADMIN, Role.RISK)
_HERE = (PersonState.ONLINE, PersonState.AFTER_CALL, PersonState.BREAK)
"""At work, if not free this very minute: an approval waits for them no longer than for anybody."""


@dataclass(frozen=True, slots=True)
class Related:
    links: tuple[CaseBrief, ...]
    same_order: tuple[CaseBrief, ...]
    same_customer: tuple[CaseBrief, ...]


def related(session: Session, case_id: int, customer_id: int | None, order_id: int | None) -> Related:
    """Linked cases, and the other cases of the order and of the customer, open ones first."""
    links = _links(session, case_id)
    rows = _sharing(session, case_id, customer_id, order_id, list(links)).mappings()
    found = [(row["customer_id"], row["order_id"], shaped(CaseBrief, row)) for row in rows]
    full = _completed(session, [brief for _, _, brief in found])
    return Related(
        links=tuple(replace(full[other], link=kind) for other, kind in links.items() if other in full),
        same_order=tuple(
            full[brief.id] for _, order, brief in found if order_id is not None and order == order_id
        ),
        same_customer=tuple(
            full[brief.id]
            for customer, _, brief in found
            if customer_id is not None and customer == customer_id
        ),
    )


@kept
def _sharing(case_id: Any, customer_id: Any, order_id: Any, links: Any) -> Select[Any]:
    shares = or_(CASE.c.customer_id == customer_id, CASE.c.order_id == order_id, CASE.c.id.in_(links))
    return (
        select(CASE.c.customer_id, CASE.c.order_id, *_brief_columns())
        .select_from(_brief_tables())
        .where(shares, CASE.c.id != case_id)
        .order_by(CASE.c.open.desc(), CASE.c.received_at, CASE.c.id)
        .limit(BRIEFS_KEPT)
    )


def briefs(session: Session, statement: Select[Any]) -> tuple[CaseBrief, ...]:
    """Other cases as lists show them; `statement` yields their ids in the order wanted."""
    ids = list(session.execute(statement).scalars())
    rows = session.execute(
        select(*_brief_columns()).select_from(_brief_tables()).where(CASE.c.id.in_(ids))
    ).mappings()
    full = _completed(session, [shaped(CaseBrief, row) for row in rows])
    return tuple(full[case_id] for case_id in ids if case_id in full)


def past_of(
    session: Session, view: CaseView, customer_id: int | None, now: datetime, *, reapplied: int
) -> HistoryView:
    """Counts over the customer's past; `reapplied`: how often this application was made again."""

    def count(statement: Select[Any], since: datetime) -> int:
        about = {"customer": customer_id, "case": view.id, "since": since}
        return int(session.execute(statement, about).scalar_one())

    return HistoryView(
        refunds_30d=count(_refunds_since(), since=now - _MONTH),
        contacts_48h=count(_contacts_since(), since=now - timedelta(hours=48)),
        contacts_30d=count(_contacts_since(), since=now - _MONTH),
        failed_checks=count_failed_attempts(session, customer_id, now),
        recent_amounts_fen=_recent_amounts(session, customer_id, now),
        reapplications=reapplied,
        goodwill_12m=count(_goodwill_since(), since=now - _YEAR),
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """`actor`: the acting person in the role in which they act now. `reviewers`: how many others who are free
    may decide cases of the kind; no skill row at all means every kind. `roles`: those in which others are
    here."""

    actor: ActorView
    reviewers: int
    roles: frozenset[Role]


def on_duty(session: Session, kind: CaseKind, actor: ActorView, now: datetime) -> Duty:
    """Who is here besides the acting person, and as what; stand-ins count as what they stand in for."""
    rows = _here(session, kind, actor.id, now).all()
    mine = next((row for row in rows if row.id == actor.id and row.stood is not None), None)
    others = [(row.stood or row.role, row.free) for row in rows if row.id != actor.id]
    return Duty(
        actor=actor.acting(None) if mine is None else actor.acting(mine.stood, mine.until_at),
        reviewers=sum(bool(free) and role not in _DECIDES_NOTHING for role, free in others),
        roles=frozenset(role for role, _ in others),
    )


@kept
def _here(kind: Any, actor_id: Any, now: Any) -> Select[Any]:
    skills, here = STAFF_SKILL.c, STAND_IN.c
    skilled = or_(
        exists().where(skills.staff_id == STAFF.c.id, skills.kind == kind),
        not_(exists().where(skills.staff_id == STAFF.c.id)),
    )
    free = and_(STAFF.c.state == PersonState.ONLINE, skilled)
    return (
        select(STAFF.c.id, STAFF.c.role, here.role.label("stood"), here.until_at, free.label("free"))
        .select_from(STAFF.outerjoin(STAND_IN, and_(here.staff_id == STAFF.c.id, living(now))))
        .where(STAFF.c.active.is_(True), or_(STAFF.c.id == actor_id, STAFF.c.state.in_(_HERE)))
    )


def _counted(statement: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(statement.subquery())


# Built once each: building them takes longer than running them. Nobody has no past: NULL equals nothing.


@cache
def _refunds_since() -> Select[Any]:
    return _counted(
        select(REFUND.c.id).where(
            REFUND.c.customer_id == bindparam("customer"),
            REFUND.c.committed_at > bindparam("since"),
            REFUND.c.state.not_in(REFUND_VOID),
            REFUND.c.case_id.is_distinct_from(bindparam("case")),
        )
    )


@cache
def _goodwill_since() -> Select[Any]:
    return _counted(
        select(APPROVAL.c.id)
        .select_from(APPROVAL.join(CASE, CASE.c.id == APPROVAL.c.case_id))
        .where(
            CASE.c.customer_id == bindparam("customer"),
            CASE.c.id != bindparam("case"),
            APPROVAL.c.action == GOODWILL,
            APPROVAL.c.state == ApprovalState.APPROVED,
            APPROVAL.c.decided_at > bindparam("since"),
        )
    )


@cache
def _contacts_since() -> Select[Any]:
    return _counted(
        select(CONTACT.c.id).where(
            CONTACT.c.customer_id == bindparam("customer"),
            CONTACT.c.direction == Direction.INBOUND,
            CONTACT.c.started_at > bindparam("since"),
        )
    )


def _recent_amounts(session: Session, customer_id: int | None, now: datetime) -> tuple[int, ...]:
    """What the account paid in the last 30 days, newest first: a caller may be asked for one of them."""
    about = {"customer": customer_id, "since": now - _MONTH}
    rows = session.execute(_paid_since(), about).scalars()
    return tuple(dict.fromkeys(int(amount) for amount in rows))


@cache
def _paid_since() -> Select[Any]:
    customer: Any = bindparam("customer")
    since: Any = bindparam("since")
    paid = (
        select(PAYMENT.c.amount_fen, PAYMENT.c.paid_at.label("at"))
        .select_from(PAYMENT.join(ORDER, ORDER.c.id == PAYMENT.c.order_id))
        .where(
            ORDER.c.customer_id == customer,
            PAYMENT.c.state == PaymentState.SUCCESS,
            PAYMENT.c.paid_at > since,
        )
    )
    spent = (
        select(WALLET_TX.c.amount_fen, WALLET_TX.c.at)
        .select_from(WALLET_TX.join(WALLET, WALLET.c.id == WALLET_TX.c.wallet_id))
        .where(
            WALLET.c.customer_id == customer,
            WALLET_TX.c.kind.in_((WalletTxKind.PURCHASE, WalletTxKind.TRANSFER)),
            WALLET_TX.c.at > since,
        )
    )
    both = union_all(paid, spent).subquery()
    return select(both.c.amount_fen).order_by(both.c.at.desc()).limit(AMOUNTS_KEPT)


def _links(session: Session, case_id: int) -> dict[int, LinkKind]:
    rows = _linked(session, case_id)
    return {row.to_id if row.from_id == case_id else row.from_id: row.kind for row in rows}


@kept
def _linked(case_id: Any) -> Select[Any]:
    return (
        select(CASE_LINK.c.from_id, CASE_LINK.c.to_id, CASE_LINK.c.kind)
        .where(or_(CASE_LINK.c.from_id == case_id, CASE_LINK.c.to_id == case_id))
        .order_by(CASE_LINK.c.id)
        .limit(BRIEFS_KEPT)
    )


@cache
def _brief_columns() -> tuple[Any, ...]:
    # Without a running clock `queue_at` only says where a list puts the case.
    runs = and_(CASE.c.open.is_(True), CASE.c.queue_clock.is_not(None))
    due_at = case((runs, CASE.c.queue_at)).label("due_at")
    return (
        *shared(CaseBrief, CASE),
        due_at,
        CASE.c.queue_clock,
        CASE.c.open,
        STAFF.c.number.label("owner"),
        ORDER.c.order_no,
    )


@cache
def _brief_tables() -> Any:
    return CASE.outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id).outerjoin(
        ORDER, ORDER.c.id == CASE.c.order_id
    )


def _completed(session: Session, found: list[CaseBrief]) -> dict[int, CaseBrief]:
    """Each with its newest decision, its evidence and its lines: three queries for all of them."""
    ids = [brief.id for brief in found]
    newest = {row.case_id: (row.by, row.at) for row in _decided(session, ids)}
    pieces = {row.case_id: row.pieces for row in _pieces(session, ids)}
    lines: dict[int, list[int]] = {}
    for row in _lines(session, ids):
        lines.setdefault(row.case_id, []).append(row.item_id)
    return {
        brief.id: replace(
            brief,
            decided_by=newest.get(brief.id, (None, None))[0],
            decided_at=newest.get(brief.id, (None, None))[1],
            evidence_count=pieces.get(brief.id, 0),
            item_ids=tuple(lines.get(brief.id, ())),
        )
        for brief in found
    }


@kept
def _decided(ids: Any) -> Select[Any]:
    return (
        select(DECISION.c.case_id, DECISION.c.by, DECISION.c.at)
        .where(DECISION.c.case_id.in_(ids), DECISION.c.voided.is_(False))
        .where(or_(DECISION.c.outcome.is_not(None), DECISION.c.reject_code.is_not(None)))
        .order_by(DECISION.c.id)
    )


@kept
def _pieces(ids: Any) -> Select[Any]:
    return (
        select(EVIDENCE.c.case_id, func.count().label("pieces"))
        .where(EVIDENCE.c.case_id.in_(ids))
        .group_by(EVIDENCE.c.case_id)
    )


@kept
def _lines(ids: Any) -> Select[Any]:
    return (
        select(CASE_ITEM.c.case_id, CASE_ITEM.c.item_id)
        .where(CASE_ITEM.c.case_id.in_(ids))
        .order_by(CASE_ITEM.c.id)
    )
