"""Which values can be right, how they are read back, and where a request to change one stands (P8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import ApprovalState, DeliveryState, NotificationChannel
from bdesk.models.views.snapshot import AnswerView, ApprovalView, NotificationView, Snapshot
from bdesk.rules import account
from tests.rules.samples import NOW, customer, snapshot


@pytest.mark.parametrize(
    ("change", "typed", "right"),
    [
        ("phone", "15488880042", True),
        ("phone", "154 8888-0042", True),
        ("phone", "12488880042", False),
        ("phone", "1548888004", False),
        ("phone", "6222020000000000", False),
        ("email", "a.b+c@example.com", True),
        ("email", "a@example", False),
        ("email", "a b@example.com", False),
        ("email", f"{'a' * 64}@{'b' * 60}.example.com", False),
        ("address", "杭州市训练路2号", True),
        ("address", "杭州", False),
        ("address", "路" * 201, False),
        ("payment", "15488880042", False),
        ("name", "王丽", True),
        ("name", "买买提·艾山", True),
        ("name", "Li Wang", True),
        ("name", "王", False),
        ("name", "王丽6222", False),
        ("rights", "王丽", False),
    ],
)
def test_what_can_be_right(change: str, typed: str, right: bool) -> None:
    assert account.well_formed(change, account.plain(change, typed)) is right


@given(digits=st.text("0123456789", min_size=10, max_size=10), gaps=st.lists(st.integers(0, 9), max_size=4))
def test_blanks_change_no_number_and_a_number_read_back_is_the_number(digits: str, gaps: list[int]) -> None:
    number = "1" + digits
    typed = "".join(char + (" " if place in gaps else "") for place, char in enumerate(number))
    assert account.plain("phone", typed) == number
    assert account.spelt("phone", number).replace(" ", "") == number


def asking(state: ApprovalState, *, decided: timedelta | None = None, **more: object) -> Snapshot:
    """A request made 30 hours ago and decided so long ago."""
    asked = NOW - timedelta(hours=100)
    row = ApprovalView(
        id=1,
        case_id=1,
        case_no="KF2026111800001",
        step="propose",
        option="ask",
        action=account.ACTION,
        amount_fen=None,
        flags=(),
        needs_role="supervisor",
        reason="",
        state=state,
        requested_by="1001",
        requested_at=asked,
        lapses_at=NOW + timedelta(hours=1),
        decided_at=None if decided is None else NOW - decided,
        planned={"change": "phone", "text": 1, "digest": "x", "customer": 1},
    )
    said = AnswerView("what", "phone", {}, "1001", asked)
    typed = AnswerView("enter_phone", "read", {"new_phone": "154 8888 0042"}, "1001", asked)
    made = snapshot(customer=customer(), answers=(said, typed), approvals=(replace(row, **more),))  # type: ignore[arg-type]
    return replace(made, case=replace(made.case, received_at=asked, id=1))


@pytest.mark.parametrize(
    ("state", "decided", "more", "stage"),
    [
        (ApprovalState.REQUESTED, None, {}, "requested"),
        (ApprovalState.REQUESTED, None, {"lapses_at": NOW}, "lapsed"),
        (ApprovalState.REFUSED, timedelta(hours=1), {}, "refused"),
        (ApprovalState.RETURNED, timedelta(hours=1), {}, "returned"),
        (ApprovalState.WITHDRAWN, None, {}, "none"),
        (ApprovalState.APPROVED, timedelta(0), {}, "cooling"),
        (ApprovalState.APPROVED, timedelta(hours=23, minutes=59), {}, "cooling"),
        (ApprovalState.APPROVED, timedelta(hours=24), {}, "ready"),
        (ApprovalState.APPROVED, timedelta(hours=95, minutes=59), {}, "ready"),
        (ApprovalState.APPROVED, timedelta(hours=96), {}, "lapsed"),
        (
            ApprovalState.APPROVED,
            timedelta(hours=24),
            {"planned": {"change": "phone", "customer": 2}},
            "lapsed",
        ),
        (ApprovalState.APPROVED, timedelta(hours=24), {"planned": {"change": "email"}}, "none"),
        (ApprovalState.APPROVED, timedelta(hours=24), {"action": "unfreeze"}, "none"),
    ],
)
def test_where_a_request_stands(
    state: ApprovalState, decided: timedelta | None, more: dict[str, object], stage: str
) -> None:
    made = asking(state, decided=decided, **more)
    assert account.stage(made) == stage
    assert account.entered(made) == "15488880042"


@pytest.mark.parametrize(
    ("letter", "hours", "state", "warned"),
    [
        ("N11", 1, DeliveryState.ACCEPTED, True),
        ("N11", 1, DeliveryState.FAILED, False),
        ("N11", 1, DeliveryState.RECALLED, False),
        ("N11", 30, DeliveryState.ACCEPTED, False),
        ("N17", 1, DeliveryState.ACCEPTED, False),
    ],
)
def test_the_old_address_knows_of_it_since_the_decision(
    letter: str, hours: int, state: DeliveryState, warned: bool
) -> None:
    at = NOW - timedelta(hours=hours)
    sent = NotificationView(1, letter, "zh", NotificationChannel.EMAIL, "w***@example.com", "", state, at)
    made = replace(asking(ApprovalState.APPROVED, decided=timedelta(hours=24)), notifications=(sent,))
    assert account.warned(made) is warned


def test_another_choice_forgets_what_was_typed_for_the_first() -> None:
    made = asking(ApprovalState.WITHDRAWN)
    again = AnswerView("what", "email", {}, "1001", NOW)
    assert account.entered(replace(made, answers=(*made.answers, again))) is None
