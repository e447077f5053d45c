"""Identity checks against the journal: the attempts, which of them a supervisor voided, and the lock.

A lock is of an account, on every case and channel (B0.4), so what events of many cases say is gathered while
the journal is read, and compared once at its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, select
from sqlmodel import Session

from bdesk.clock import to_iso
from bdesk.data.attempts import COLUMNS, digest
from bdesk.data.core import CUSTOMER, VERIFICATION
from bdesk.models.kinds import Stream
from bdesk.models.views.journal import Event
from bdesk.models.views.verdict import Fault

CHECKED, VOIDED = "verification.checked", "verification.voided"

DIFFERS, LOCK_DIFFERS = "attempt.differs", "lock.differs"

MOST = 100
"""Attempts voided behind the desk of which the cases are named."""


@dataclass(frozen=True, slots=True)
class _Said:
    """The event that spoke last, and what it said: until when the account is locked."""

    case: str
    event: Event
    until: object = None


@dataclass(slots=True)
class CheckRows:
    """Compares attempts case by case, and gathers what is said of voiding and locks. Neither is ever taken
    back with an answer, so undone events count as well."""

    _voided: dict[int, _Said] = field(default_factory=dict)
    _locks: dict[int, _Said] = field(default_factory=dict)

    def of_case(
        self, case: str, events: Sequence[Event], rows: Sequence[RowMapping]
    ) -> tuple[str, Event] | None:
        """The first check whose rows are not those that were written, with its event."""
        by_id = {row["id"]: row for row in rows}
        # Events written before checks named their customer speak of that of the case's attempts.
        whose = rows[0]["customer_id"] if rows else None
        known: set[object] = set()
        complete, wrong = True, None
        for event in events:
            if event.kind == VOIDED:
                self._void(case, event, whose)
            elif event.kind == CHECKED:
                self._lock(case, event, whose)
                numbers = event.payload.get("attempts")
                if not isinstance(numbers, list):
                    complete = False  # written before checks named their rows
                    continue
                known |= set(numbers)
                mine = [{name: by_id[one][name] for name in COLUMNS} for one in numbers if one in by_id]
                if len(mine) != len(numbers) or digest(mine) != event.payload.get("attempts_digest"):
                    wrong = wrong or event
        if wrong is None and complete and by_id.keys() - known:
            wrong = events[-1]
        return None if wrong is None else (DIFFERS, wrong)

    def _void(self, case: str, event: Event, whose: object) -> None:
        said, numbers = _Said(case, event), event.payload.get("attempts")
        self._voided |= {int(one): said for one in (numbers if isinstance(numbers, list) else ())}
        self._say(said, whose)

    def _lock(self, case: str, event: Event, whose: object) -> None:
        if "locked_until" in event.payload:
            self._say(_Said(case, event, event.payload["locked_until"]), whose)

    def _say(self, said: _Said, whose: object) -> None:
        customer = said.event.payload.get("customer", whose)
        if isinstance(customer, int):
            before = self._locks.get(customer)
            if before is None or before.event.id < said.event.id:
                self._locks[customer] = said

    def faults(self, session: Session) -> Iterator[Fault]:
        """Attempts that were voided, or not, and locks that stand, or not, other than the journal says."""
        voided = set(session.execute(select(VERIFICATION.c.id).where(VERIFICATION.c.voided)).scalars())
        for number in sorted(self._voided.keys() - voided):
            yield _fault(DIFFERS, self._voided[number])
        if by_nobody := sorted(voided - self._voided.keys()):
            yield from _of_cases(session, by_nobody[:MOST])
        locked = CUSTOMER.c.verification_locked_until
        kept = select(CUSTOMER.c.id, locked).where(locked.is_not(None)).order_by(CUSTOMER.c.id)
        until = {int(row.id): to_iso(row.verification_locked_until) for row in session.execute(kept)}
        for customer in sorted(until.keys() | self._locks.keys()):
            said = self._locks.get(customer)
            if said is None:
                yield Fault("customer", str(customer), 0, 0, LOCK_DIFFERS)
            elif until.get(customer) != said.until:
                yield _fault(LOCK_DIFFERS, said)


def _fault(code: str, said: _Said) -> Fault:
    return Fault(Stream.CASE.value, said.case, said.event.sequence, said.event.id, code)


def _of_cases(session: Session, numbers: Sequence[int]) -> Iterator[Fault]:
    """Voided by nobody: the cases of the attempts."""
    wanted = select(VERIFICATION.c.case_id).where(VERIFICATION.c.id.in_(numbers)).distinct()
    for case_id in session.execute(wanted.order_by(VERIFICATION.c.case_id)).scalars():
        yield Fault(Stream.CASE.value, str(case_id), 0, 0, DIFFERS)
