"""Another look at the result of an appeal (S2:20): open until it is answered, and no closing meanwhile."""

import pytest

from bdesk.models.kinds import CaseOutcome, ContactKind
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules import appeals
from bdesk.rules.cases import can_close
from bdesk.rules.verification import open_call
from tests.rules.samples import HOUR, NOW, call, case, fact, snapshot


def asked(*ago: int, answered: int | None = None, cycle: int | None = None) -> Snapshot:
    """Requests so many hours ago, the last answer and the beginning of this round."""
    rows = tuple(
        call(kind=ContactKind.REVIEW, started_at=NOW - one * HOUR, ended_at=NOW - one * HOUR) for one in ago
    )
    began = None if cycle is None else NOW - cycle * HOUR
    at = None if answered is None else NOW - answered * HOUR
    return snapshot(contacts=rows, review_answered_at=at, case=case(cycle_started_at=began))


@pytest.mark.parametrize(
    ("made", "review"),
    [
        (snapshot(contacts=(call(),)), "none"),
        (asked(2), "open"),
        (asked(2, answered=1), "done"),
        (asked(2, answered=2), "done"),
        (asked(2, answered=3), "open"),
        (asked(5, 1, answered=3), "open"),
        (asked(5, cycle=4), "none"),
        (asked(5, cycle=5), "none"),
        (asked(3, cycle=4), "open"),
    ],
)
def test_open_until_it_is_answered(made: Snapshot, review: str) -> None:
    assert appeals.review(made) == fact("appeal.review", made) == review
    closing = "close.review_open" in can_close(made, CaseOutcome.NOT_UPHELD)
    assert closing is (review == "open")
    for outcome in (CaseOutcome.WITHDRAWN, CaseOutcome.NO_CONTACT, CaseOutcome.MERGED):
        assert "close.review_open" not in can_close(made, outcome)


def test_a_request_is_no_call() -> None:
    made = asked(1)
    assert open_call(made) is None
    assert fact("contact.called", made) is False
    assert fact("appeal.talks", made) == 1
