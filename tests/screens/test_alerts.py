"""Alerts: once per case and threshold, one bell in 30 s, none in a call (UX, SLA states)."""

from datetime import UTC, datetime, timedelta

from bdesk.models.views.queue import QueueRow
from bdesk.screens.alerts import Alerts, urgent

T0 = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


def row(case_id: int, minutes: int) -> QueueRow:
    """A case due in so many minutes; it turns urgent ten minutes before."""
    due = T0 + timedelta(minutes=minutes)
    return QueueRow(
        case_id=case_id,
        case_no=f"KF{case_id}",
        kind="refund",
        priority=3,
        customer="王**",
        tags=(),
        summary="",
        due_at=due,
        due_from=T0 - timedelta(hours=1),
        clock="refund_review",
        state="in_progress",
        due_from_at=due - timedelta(minutes=20),
        now_from_at=due - timedelta(minutes=10),
        stopped=False,
        waiting_for=None,
        aside=False,
        owner="1001",
        group=None,
        channel="hotline",
        opened_at=T0,
        version=1,
        provisional=False,
    )


def test_what_was_late_at_opening_is_not_told() -> None:
    assert Alerts().look([row(1, -5)], T0, in_call=False) is None


def test_a_case_is_told_once_per_threshold() -> None:
    alerts, mine = Alerts(), [row(1, 15)]
    alerts.look(mine, T0, in_call=False)
    turned = alerts.look(mine, T0 + timedelta(minutes=6), in_call=False)
    assert turned is not None and (turned.state, turned.bell, turned.pinned) == ("now", True, False)
    assert alerts.look(mine, T0 + timedelta(minutes=7), in_call=False) is None
    late = alerts.look(mine, T0 + timedelta(minutes=16), in_call=False)
    assert late is not None and (late.state, late.pinned) == ("over", True)


def test_one_bell_in_thirty_seconds_and_none_in_a_call() -> None:
    alerts = Alerts()
    alerts.look([], T0, in_call=False)
    first = alerts.look([row(1, 5)], T0, in_call=False)
    second = alerts.look([row(1, 5), row(2, 6)], T0 + timedelta(seconds=10), in_call=False)
    in_call = alerts.look([row(1, 5), row(2, 6), row(3, 7)], T0 + timedelta(seconds=50), in_call=True)
    assert [one.bell for one in (first, second, in_call) if one is not None] == [True, False, False]


def test_the_late_one_is_told_before_the_urgent_one() -> None:
    alerts = Alerts()
    alerts.look([], T0, in_call=False)
    told = alerts.look([row(1, 5), row(2, -1)], T0, in_call=False)
    assert told is not None and told.row.case_id == 2


def test_the_title_counts_urgent_and_late() -> None:
    assert urgent([row(1, 5), row(2, -1), row(3, 60)], T0) == 2
