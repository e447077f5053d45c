"""What was promised to customers, as a list shows it."""

from dataclasses import dataclass
from datetime import datetime

from bdesk.models.kinds import CaseKind


@dataclass(frozen=True, slots=True)
class PromisedRow:
    """A promise whose clock runs. `kind` is its clock's: promise or call_back. `words` are empty when they
    were erased, what could serve as a factor in them is ****; `customer` is masked. `made_by` and `owner` are
    staff numbers. With `stopped` the clock stands, and waits for `waiting_for`. Instants are aware UTC."""

    promise_id: int
    kind: str
    words: str
    due_at: datetime
    due_from_at: datetime | None
    now_from_at: datetime | None
    stopped: bool
    waiting_for: str | None
    case_id: int
    case_no: str
    case_kind: CaseKind
    customer: str
    made_by: str
    owner: str | None
