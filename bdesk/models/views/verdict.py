"""What a check of the journal found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event of a stream that does not fit, and why (a code).

    `sequence` is its number in the stream, `event_id` that in the journal; both are 0 when the fault is
    of the stream or the store as a whole.
    """

    stream: str
    stream_id: str
    sequence: int
    event_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`faults` has at most one per stream, the earliest event first, and no more than a hundred."""

    events: int
    streams: int
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def first_fault(self) -> Fault | None:
        return self.faults[0] if self.faults else None
