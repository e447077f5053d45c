"""A store in numbers."""

from pathlib import Path

from sqlalchemy import Table, func, select
from sqlmodel import Session

from bdesk.data.core import CASE, CUSTOMER, EVENT, ORDER, STAFF
from bdesk.data.store import Store
from bdesk.models.views.health import StoreFigures


def figures_of(store: Store) -> StoreFigures:
    """Full counts: this one walks the store."""
    now = store.now()
    with store.read() as session:
        open_cases = select(func.count()).select_from(CASE).where(CASE.c.open.is_(True))
        return StoreFigures(
            info=store.info,
            place=store.place,
            dialect=store.dialect,
            now=now,
            events=_count(session, EVENT),
            cases=_count(session, CASE),
            open_cases=int(session.execute(open_cases).scalar_one()),
            customers=_count(session, CUSTOMER),
            orders=_count(session, ORDER),
            staff=_count(session, STAFF),
            size_bytes=Path(store.place).stat().st_size if store.dialect == "sqlite" else None,
        )


def _count(session: Session, table: Table) -> int:
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())
