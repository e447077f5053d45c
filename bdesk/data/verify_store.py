"""What the store's own streams say: which texts of the book it keeps, the limits it adopted, the amounts of
imported payments. Event by event, so that a store with a million imports takes no more memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session

from bdesk.clock import to_iso
from bdesk.data.book.adopted import ADOPTED
from bdesk.data.core import BOOK_TEXT, PAYMENT, STORE_INFO
from bdesk.data.journal import fingerprint
from bdesk.data.made import MADE
from bdesk.models.kinds import BookKind
from bdesk.models.views.journal import Event
from bdesk.models.views.verdict import Fault

Key = tuple[str, str, str]
"""Kind, code and version of a text."""


@dataclass(slots=True)
class StoreRows:
    """Compares while the events come. `_told`: the texts that events speak of; a store keeps a few dozen."""

    _told: set[Key] = field(default_factory=set)

    def differs(self, session: Session, event: Event) -> str | None:
        """The code of what is no longer as this event says."""
        try:
            if event.kind == "book.kept":
                same = [self._text(session, *_four(one)) for one in _list(event.payload["texts"])]
                return None if all(same) else "book.differs"
            if event.kind == MADE:
                training = session.execute(select(STORE_INFO.c.training)).scalar_one_or_none()
                return None if training is event.payload["training"] else "store.differs"
            if event.kind == ADOPTED:
                names = (str(event.payload[name]) for name in ("policy", "version", "digest"))
                return None if self._text(session, BookKind.POLICY.value, *names) else "book.differs"
            if event.kind == "import.row" and "payments" in event.payload:
                return None if _paid(session, event.payload) else "amount.differs"
        except (KeyError, TypeError, ValueError):
            return "event.unreadable"
        return None

    def strays(self, session: Session) -> Iterator[Fault]:
        """Texts that no event speaks of: they came in by another way."""
        keys = select(BOOK_TEXT.c.kind, BOOK_TEXT.c.code, BOOK_TEXT.c.version)
        for row in session.execute(keys.order_by(BOOK_TEXT.c.id)):
            if (row.kind.value, row.code, row.version) not in self._told:
                yield Fault("store", f"{row.kind.value} {row.code} {row.version}", 0, 0, "book.differs")

    def _text(self, session: Session, kind: str, code: str, version: str, digest: str) -> bool:
        self._told.add((kind, code, version))
        text = session.execute(
            select(BOOK_TEXT.c.text).where(
                BOOK_TEXT.c.kind == BookKind(kind), BOOK_TEXT.c.code == code, BOOK_TEXT.c.version == version
            )
        ).scalar_one_or_none()
        return text is not None and fingerprint(text) == digest


def _paid(session: Session, payload: Mapping[str, object]) -> bool:
    """Amounts as they were imported. A later import, which is newer, speaks for itself."""
    told = {str(number): fen for number, fen in (_two(one) for one in _list(payload["payments"]))}
    rows = session.execute(
        select(PAYMENT.c.payment_no, PAYMENT.c.amount_fen, PAYMENT.c.as_of).where(
            PAYMENT.c.payment_no.in_(list(told))
        )
    ).all()
    same = [row for row in rows if row.as_of is not None and to_iso(row.as_of) == payload["as_of"]]
    return len(rows) == len(told) and all(row.amount_fen == told[row.payment_no] for row in same)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list is expected here")
    return value


def _two(value: object) -> tuple[object, object]:
    number, fen = _list(value)
    return number, fen


def _four(value: object) -> tuple[str, str, str, str]:
    kind, code, version, digest = (str(one) for one in _list(value))
    return kind, code, version, digest
