"""What an operation tells its caller: which cases moved, and what to say about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changed:
    """`code` and `params` say what happened (screens speak them); `cases` are the rows to read again.

    `undo_event` is the journal id that Ctrl+Z would take back; `outbox` the rows that Ctrl+Z would
    recall while their hold lasts. `words`: what was written in an act that is undone, to go on writing.
    """

    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    cases: tuple[int, ...] = ()
    case_id: int | None = None
    case_no: str | None = None
    events: tuple[int, ...] = ()
    undo_event: int | None = None
    outbox: tuple[int, ...] = ()
    words: str = ""
