"""Everything that rules may know about one case at one moment, in a fixed number of queries."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Label, Select, select
from sqlmodel import Session

from bdesk.data.core import CASE, CASE_FLAG, CUSTOMER, GROUP, ORDER, STAFF, TEXT
from bdesk.data.rows import kept, shaped, shared
from bdesk.data.snapshot import contested, others, shop, work
from bdesk.errors import NotFound
from bdesk.models.kinds import OrderStatus
from bdesk.models.views.snapshot import ActorView, CaseView, CustomerView, Snapshot

__all__ = ["build", "case_view", "customer_view"]


def build(session: Session, case_id: int, actor: ActorView, now: datetime, book: object = None) -> Snapshot:
    """The snapshot of a case for a person at `now`. Raises NotFound.

    The number of queries depends neither on the case nor on the size of the store. `book` is taken for
    the sake of callers that have one; nothing of it is needed here.
    """
    case = case_view(session, case_id)
    row = _about(session, case_id).one()
    order = shop.order_view(session, row.order_id)
    related = others.related(session, case_id, row.customer_id, row.order_id)
    said = work.signs(session, case_id)
    sent_back = shop.goods_returns(session, case_id, case.cycle, row.order_id)
    before = contested.before(session, case_id)
    duty = others.on_duty(session, case.kind, actor, now)
    past = others.past_of(session, case, row.customer_id, now, reapplied=said.reapplied + before.reapplied)
    return Snapshot(
        case=replace(case, cycle_started_at=said.cycle_started_at, verified_anew_at=said.verified_anew_at),
        actor=duty.actor,
        now=now,
        customer=customer_view(session, row.customer_id),
        order=order,
        items=shop.items(session, case_id, row.order_id),
        payments=shop.payments(session, row.order_id),
        parcels=shop.parcels(session, row.order_id),
        refunds=shop.refunds(session, case_id, row.order_id),
        compensations=shop.compensations(session, row.order_id),
        delay=shop.delay(session, row.order_id),
        substitutions=shop.substitutions(session, row.order_id),
        goods_return=sent_back.mine,
        other_returns=sent_back.others,
        wallet=shop.wallet(session, row.customer_id, now),
        wallet_tx=shop.wallet_tx(session, row.wallet_tx_id),
        evidence=work.evidence(session, case_id),
        tasks=work.tasks(session, case_id),
        contacts=work.contacts(session, case_id),
        checks=work.checks(session, case_id, row.customer_id, now),
        decisions=work.decisions(session, case_id),
        approvals=work.approvals(session, case_id, case.case_no),
        notifications=work.notifications(session, case_id),
        promises=work.promises(session, case_id),
        answers=work.answers(session, case_id, said.converted_by),
        clocks=work.clocks(session, case_id),
        links=related.links,
        same_order=related.same_order,
        same_customer=related.same_customer,
        history=past,
        open_effects=work.open_effects(session, case_id),
        code_sent_at=said.code_sent_at,
        documents_asked_at=said.documents_asked_at,
        documents_for=said.documents_for,
        review_answered_at=said.review_answered_at,
        target_registered=said.target_registered,
        rechecked=said.rechecked,
        account_changed=said.account_changed,
        fired_timers=said.fired_timers,
        converted_by=said.converted_by,
        other_reviewers=duty.reviewers,
        others_here=duty.roles,
        contested=contested.contested(before, said.events, said.level_from),
        on_call_elsewhere=work.on_call_elsewhere(session, case_id, actor.id),
    )


def case_view(session: Session, case_id: int) -> CaseView:
    """The case with the names of its owner and group, its flags and description. Raises NotFound."""
    row = _case(session, case_id).mappings().one_or_none()
    if row is None:
        raise NotFound("case", str(case_id))
    description = _description(session, case_id).scalar()
    flags = _flags(session, case_id).scalars()
    return shaped(CaseView, row, flags=tuple(flags), description=description or "")


@kept
def _about(case_id: Any) -> Select[Any]:
    return select(CASE.c.customer_id, CASE.c.order_id, CASE.c.wallet_tx_id).where(CASE.c.id == case_id)


@kept
def _case(case_id: Any) -> Select[Any]:
    return (
        select(*shared(CaseView, CASE), STAFF.c.number.label("owner"), GROUP.c.code.label("group_code"))
        .select_from(
            CASE.outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id).outerjoin(
                GROUP, GROUP.c.id == CASE.c.group_id
            )
        )
        .where(CASE.c.id == case_id)
    )


@kept
def _flags(case_id: Any) -> Select[Any]:
    return select(CASE_FLAG.c.flag).where(CASE_FLAG.c.case_id == case_id).order_by(CASE_FLAG.c.id)


@kept
def _description(case_id: Any) -> Select[Any]:
    return (
        select(TEXT.c.body)
        .where(TEXT.c.case_id == case_id, TEXT.c.kind == "description", TEXT.c.voided.is_(False))
        .order_by(TEXT.c.id.desc())
        .limit(1)
    )


def customer_view(session: Session, customer_id: int | None) -> CustomerView | None:
    """The customer, whole; whoever shows one masks it first."""
    row = _customer(session, customer_id).mappings().one_or_none()
    return None if row is None else shaped(CustomerView, row)


@kept
def _customer(customer_id: Any) -> Select[Any]:
    return select(*shared(CustomerView, CUSTOMER), _unshipped()).where(CUSTOMER.c.id == customer_id)


def _unshipped() -> Label[str]:
    """The newest order of the customer that may still go to another address (P8, AC7)."""
    waiting = ORDER.c.status.in_((OrderStatus.PAID, OrderStatus.TO_SHIP))
    newest = select(ORDER.c.order_no).where(ORDER.c.customer_id == CUSTOMER.c.id, waiting)
    return newest.order_by(ORDER.c.id.desc()).limit(1).scalar_subquery().label("unshipped_no")
