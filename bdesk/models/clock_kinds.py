"""The closed lists of the clocks (SLA.md). Values are stored as they stand here."""

from enum import StrEnum


class Counting(StrEnum):
    """How a clock's length is counted (SLA.md, "Ways to count")."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def in_days(self) -> bool:
        """Whether lengths are whole days rather than seconds."""
        return self in (Counting.WORKING_DAYS, Counting.CALENDAR_DAYS)


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class Drives(StrEnum):
    """Whose clock it is: only `desk` clocks sort the queue, ring, warn, breach and count."""

    DESK = "desk"
    FACT = "fact"


class RunState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    OPEN = "open"
    MET = "met"
    BREACHED = "breached"


class SlaState(StrEnum):
    """What a chip says (UX, SLA states)."""

    OVER = "over"
    NOW = "now"
    DUE = "due"
    FINE = "fine"
    STOPPED = "stopped"


class PauseReason(StrEnum):
    """What a stopped clock waits for: the customer or a named third party, never a colleague (SLA.md).

    `customer_material` is the only one that a letter asking for material goes with.
    """

    CUSTOMER_MATERIAL = "customer_material"
    CUSTOMER_IDENTITY = "customer_identity"
    CUSTOMER_ANSWER = "customer_answer"
    COURIER = "courier"
    BANK = "bank"
    WAREHOUSE = "warehouse"
    INSPECTION = "inspection"
    AUTHORITY = "authority"
    EXTERNAL = "external"

    @property
    def waits_for(self) -> str:
        """The party, as a code for "等 ..." chips: customer, courier, bank, warehouse ..."""
        if self.value.startswith("customer"):
            return "customer"
        return "warehouse" if self is PauseReason.INSPECTION else self.value


class ResumeReason(StrEnum):
    """What ended a pause. `resume_at` and `pause_cap` happen by themselves; an event only records them."""

    CUSTOMER = "customer"
    AGENT = "agent"
    RESUME_AT = "resume_at"
    PAUSE_CAP = "pause_cap"
    REPLACED = "replaced"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a clock no longer runs; all but `fulfilled` cancel it."""

    FULFILLED = "fulfilled"
    SUPERSEDED = "superseded"
    MERGED = "merged"
    METRIC_DROPPED = "metric_dropped"
    WITHDRAWN = "withdrawn"
    NO_CONTACT = "no_contact"
    NO_REPLY_NEEDED = "no_reply_needed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class OnClose(StrEnum):
    """What closing the case does to a clock that still runs."""

    FULFIL = "fulfil"
    CANCEL = "cancel"
    KEEP = "keep"


class SegmentKind(StrEnum):
    """One stretch of the way from a clock's start to its due time."""

    RAN = "ran"
    PAUSED = "paused"
    DAY_ZERO = "day_zero"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    MOVED = "moved"
    EXTENDED = "extended"
