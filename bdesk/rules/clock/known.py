"""Which events clocks read, what they say, and which of them were taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bdesk.models.views.journal import Event
from bdesk.rules.clock.kind import reasonable

ATTACHED = "clock.attached"
PAUSED = "clock.paused"
RESUMED = "clock.resumed"
FULFILLED = "clock.fulfilled"
CANCELLED = "clock.cancelled"
EXTENDED = "clock.extended"
SUPERSEDED = "clock.superseded"
BREACHED = "clock.breached"
EXCUSED = "clock.excused"
REPINNED = "clock.repinned"
CLOSED = "case.closed"
REOPENED = "case.reopened"
UNDONE = "undone"
RECALLED = "effect.recalled"
INBOUND = "contact.inbound"
CUSTOMER = "customer."

NO_MESSAGES = frozenset({"customer.evidence", "customer.target_registered", "customer.review_requested"})
"""What a customer does that asks nothing, or that has a promise of its own."""

VOIDING = frozenset({UNDONE, RECALLED})


def relevant(events: Iterable[Event]) -> list[Event]:
    """The case events that clocks read, each once, in the order of the journal."""
    found = {event.id: event for event in events if event.stream == "case" and _read(event.kind)}
    return [found[key] for key in sorted(found)]


def is_customer(event: Event) -> bool:
    """Whether the customer stirred: any such event ends every stop (SLA.md, "resume")."""
    return event.kind == INBOUND or event.kind.startswith(CUSTOMER)


def is_message(event: Event) -> bool:
    """Whether the customer wrote: what is owed an answer. A call is answered while it lasts, and material is
    judged by the clock that waited for it."""
    if event.kind == INBOUND:
        return event.payload.get("kind") != "call"
    return is_customer(event) and event.kind not in NO_MESSAGES


def _read(kind: str) -> bool:
    return kind.startswith(("clock.", CUSTOMER)) or kind in (CLOSED, REOPENED, UNDONE, RECALLED, INBOUND)


def in_force(journal: Sequence[Event]) -> list[Event]:
    """The events that were not taken back by the end of this stretch of the journal.

    An event is voided by `of`, by `voids`, or because its `cause` is; an undo that was itself taken
    back voids nothing. A breach that was recorded cannot be taken back.
    """
    voided: set[int] = set()
    # The newest word counts, so what takes back is read from the end.
    for event in reversed(journal):
        if event.kind in VOIDING and event.id not in voided:
            voided.update(each for each in _ids(event.payload) if each < event.id)
    kept: list[Event] = []
    for event in journal:
        cause = event.payload.get("cause")
        if isinstance(cause, int) and cause in voided:
            voided.add(event.id)
        if event.id not in voided or event.kind == BREACHED:
            kept.append(event)
    return kept


def _ids(payload: Mapping[str, object]) -> Iterable[int]:
    of, voids = payload.get("of"), payload.get("voids")
    if isinstance(of, int):
        yield of
    if isinstance(voids, Sequence) and not isinstance(voids, str):
        yield from (each for each in voids if isinstance(each, int))


def instant(event: Event, key: str) -> datetime | None:
    """An instant of the payload, in UTC; None when it is missing or makes no sense."""
    return reasonable(event.payload.get(key))


def text(event: Event, key: str) -> str:
    """A text or code of the payload; "" when it is missing."""
    value = event.payload.get(key)
    return "" if value is None else str(value)


def number(event: Event, key: str) -> int | None:
    """A whole number of the payload; None when it is missing."""
    value = event.payload.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
