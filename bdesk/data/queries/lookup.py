"""Exact lookup: numbers or their ends, telephone numbers, accounts, initials. Every way is an index walk."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from bdesk.clock import LOCAL
from bdesk.data.core import CASE, CUSTOMER, GOODS_RETURN, ORDER, PARCEL
from bdesk.data.queries.customer import item_texts
from bdesk.models.views.pages import LookupHit, LookupPage
from bdesk.rules.masking import mask_name, mask_phone
from bdesk.text import clean, normalise_key

KEPT = 30
SHORTEST = 4
COUNT_CAP = 100

_TAIL_AND_DATE = re.compile(r"^\s*(\d{4})[\s,]+(?:(\d{4})[-/.]?)?(\d{1,2})[-/.]?(\d{1,2})\s*$")

Found = tuple[str, int, str]
"""What was found ("order", "case", "customer"), its id, and by what."""


def lookup(session: Session, typed: str, now: datetime, *, kept: int = KEPT) -> LookupPage:
    """What a typed text finds: exact numbers first, then ends of numbers, then people.

    Four digits and a date (0037 11-14) find the orders of that day for a telephone that ends so.
    Fewer than four characters find nothing.
    """
    text = clean(typed).strip()
    found: dict[tuple[str, int], str] = {}
    with_date = _tail_and_date(text, now)
    ways = _by_tail_and_date(*with_date) if with_date is not None else _ways(text)
    for what, by, statement in ways:
        for row_id in session.execute(statement.limit(kept + 1)).scalars():
            found.setdefault((what, row_id), by)
    ordered = [(what, row_id, by) for (what, row_id), by in found.items()]
    return LookupPage(tuple(_hits(session, ordered[:kept])), len(ordered) > kept)


def _ways(text: str) -> Iterator[tuple[str, str, Select[Any]]]:
    key = normalise_key(text)
    if len(key) < SHORTEST:
        return
    yield from _numbers(key)
    if key.isascii() and key.isalnum():
        yield from _ends(key)
    yield from _people(text, key)


def _numbers(key: str) -> Iterator[tuple[str, str, Select[Any]]]:
    yield "order", "order_no", select(ORDER.c.id).where(ORDER.c.order_no == key)
    yield "case", "case_no", select(CASE.c.id).where(CASE.c.case_no == key)
    yield "case", "after_sale_no", select(CASE.c.id).where(CASE.c.after_sale_no == key)
    yield "order", "waybill", select(PARCEL.c.order_id).where(PARCEL.c.waybill == key).distinct()
    yield "case", "waybill", select(GOODS_RETURN.c.case_id).where(GOODS_RETURN.c.waybill == key).distinct()


def _ends(key: str) -> Iterator[tuple[str, str, Select[Any]]]:
    tail = key[-SHORTEST:]

    def ends(short: ColumnElement[str], whole: ColumnElement[str]) -> ColumnElement[bool]:
        return (
            (short == tail) & whole.endswith(key, autoescape=True) if len(key) > SHORTEST else short == tail
        )

    case, order = CASE.c, ORDER.c
    yield "case", "case_tail", _newest(case, ends(case.case_tail, case.case_no), case.open.desc())
    yield "case", "after_sale_tail", _newest(case, ends(case.after_sale_tail, case.after_sale_no))
    yield "order", "order_tail", _newest(order, ends(order.order_tail, order.order_no))


def _people(text: str, key: str) -> Iterator[tuple[str, str, Select[Any]]]:
    customer = CUSTOMER.c
    yield "customer", "account", select(customer.id).where(customer.account.in_({text, text.lower(), key}))
    digits = re.sub(r"\D", "", key)
    if len(digits) == SHORTEST and digits == key:
        yield "customer", "phone_tail", _newest(customer, customer.phone_tail == digits)
    elif len(digits) >= 7:
        forms = {text, key, digits, digits.removeprefix("86"), f"+{digits}"}
        yield "customer", "phone", _newest(customer, customer.phone.in_(forms))
    if key.isascii() and key.isalpha():
        yield "customer", "initials", _newest(customer, customer.name_initials == key.lower())


def _newest(table: Any, where: ColumnElement[bool], *first: Any) -> Select[Any]:
    return select(table.id).where(where).order_by(*first, table.id.desc())


def _tail_and_date(text: str, now: datetime) -> tuple[str, date] | None:
    match = _TAIL_AND_DATE.match(text)
    if match is None:
        return None
    tail, year, month, day = match.groups()
    today = now.astimezone(LOCAL).date()
    try:
        when = date(int(year or today.year), int(month), int(day))
        # A day without a year is the last one of that name.
        if year is None and when > today:
            when = when.replace(year=today.year - 1)
    except ValueError:
        return None
    return tail, when


def _by_tail_and_date(tail: str, when: date) -> Iterator[tuple[str, str, Select[Any]]]:
    begin = datetime(when.year, when.month, when.day, tzinfo=LOCAL).astimezone(UTC)
    end = begin + timedelta(days=1)
    yield (
        "order",
        "phone_tail_date",
        select(ORDER.c.id)
        .select_from(CUSTOMER.join(ORDER, ORDER.c.customer_id == CUSTOMER.c.id))
        .where(CUSTOMER.c.phone_tail == tail, ORDER.c.placed_at >= begin, ORDER.c.placed_at < end)
        .order_by(ORDER.c.id.desc()),
    )


def _hits(session: Session, found: Sequence[Found]) -> Iterator[LookupHit]:
    ids = {
        what: [row_id for one, row_id, _ in found if one == what] for what in ("order", "case", "customer")
    }
    orders = _orders(session, ids["order"])
    cases = _cases(session, ids["case"])
    customers = _customers(session, ids["customer"])
    for what, row_id, by in found:
        values = {"order": orders, "case": cases, "customer": customers}[what].get(row_id)
        if values is not None:
            yield LookupHit(kind=what, by=by, **values)


def _orders(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    named = item_texts(session, ids)
    open_cases = {
        row["order_id"]: _case_part(row)
        for row in session.execute(
            select(CASE)
            .where(CASE.c.order_id.in_(ids), CASE.c.open.is_(True))
            .order_by(CASE.c.queue_at.desc())
        ).mappings()
    }
    signed = {
        row.order_id: row.at
        for row in session.execute(
            select(PARCEL.c.order_id, func.max(PARCEL.c.signed_at).label("at"))
            .where(PARCEL.c.order_id.in_(ids))
            .group_by(PARCEL.c.order_id)
        )
    }
    rows = session.execute(
        select(ORDER, CUSTOMER.c.name, CUSTOMER.c.phone)
        .select_from(ORDER.join(CUSTOMER, CUSTOMER.c.id == ORDER.c.customer_id))
        .where(ORDER.c.id.in_(ids))
    ).mappings()
    return {
        row["id"]: {
            **_person(row),
            "customer_id": row["customer_id"],
            "order_id": row["id"],
            "order_no": row["order_no"],
            "items": named.get(row["id"], ""),
            "total_fen": row["total_fen"],
            "status": row["status"],
            "placed_at": row["placed_at"],
            "signed_at": signed.get(row["id"]),
            **open_cases.get(row["id"], {}),
        }
        for row in rows
    }


def _cases(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = session.execute(
        select(CASE, CUSTOMER.c.name, CUSTOMER.c.phone, ORDER.c.order_no, ORDER.c.total_fen, ORDER.c.status)
        .select_from(
            CASE.outerjoin(CUSTOMER, CUSTOMER.c.id == CASE.c.customer_id).outerjoin(
                ORDER, ORDER.c.id == CASE.c.order_id
            )
        )
        .where(CASE.c.id.in_(ids))
    ).mappings()
    return {
        row["id"]: {
            **_person(row),
            **_case_part(row),
            "customer_id": row["customer_id"],
            "order_id": row["order_id"],
            "order_no": row["order_no"],
            "items": row["subject"],
            "total_fen": row["total_fen"],
            "status": row["status"],
        }
        for row in rows
    }


def _customers(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = session.execute(
        select(CUSTOMER.c.id, CUSTOMER.c.name, CUSTOMER.c.phone).where(CUSTOMER.c.id.in_(ids))
    ).mappings()
    return {
        row["id"]: {
            **_person(row),
            "customer_id": row["id"],
            "orders": _capped(session, select(ORDER.c.id).where(ORDER.c.customer_id == row["id"])),
            "cases": _capped(session, select(CASE.c.id).where(CASE.c.customer_id == row["id"])),
        }
        for row in rows.all()
    }


def _capped(session: Session, statement: Select[Any]) -> int:
    inner = statement.limit(COUNT_CAP).subquery()
    return int(session.execute(select(func.count()).select_from(inner)).scalar_one())


def _person(row: Any) -> dict[str, str]:
    return {"customer": mask_name(row["name"] or ""), "phone": mask_phone(row["phone"] or "")}


def _case_part(row: Any) -> dict[str, Any]:
    return {
        "case_id": row["id"],
        "case_no": row["case_no"],
        "case_kind": row["kind"],
        "case_state": row["state"],
        "open": row["open"],
        "due_at": row["queue_at"] if row["queue_clock"] and row["open"] else None,
        "stopped": row["stopped"],
    }
