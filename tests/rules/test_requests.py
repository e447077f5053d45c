"""What was said about a request, who may decide it then, and when it counts as read (B0.7)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.data.book.book import load_book
from bdesk.models.kinds import ApprovalState, Role
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import ApprovalView
from bdesk.rules import requests
from bdesk.rules.limits import LimitReason
from bdesk.rules.requests import NOTHING_SAID, PASSED_ON, READ, RISK_ANSWERED, RISK_ASKED, TALK
from tests.builders import T0

LIMITS = load_book().limits


def told(number: int, kind: str, by: str, **payload: object) -> Event:
    at = T0 + timedelta(minutes=number)
    return Event(number, "case", "1", number, by, at, at, kind, {"approval": 7, **payload})


def asked(action: str = "refund", amount: int | None = 48_000, **more: object) -> ApprovalView:
    view = ApprovalView(
        id=7, case_id=1, case_no="KF1", step="s", option="o", action=action, amount_fen=amount, flags=(),
        needs_role="supervisor", reason="", state=ApprovalState.REQUESTED, requested_by="1001",
        requested_at=T0, lapses_at=T0 + timedelta(hours=24), facts_digest="d",
    )  # fmt: skip
    return replace(view, **more)  # type: ignore[arg-type]


def test_nothing_is_said_of_a_request_that_no_event_names() -> None:
    assert requests.talks([told(1, "approval.requested", "1001")]) == {}


def test_a_question_waits_until_it_is_answered_and_again_after_the_next() -> None:
    events = [told(1, RISK_ASKED, "2001", text=5), told(2, RISK_ANSWERED, "3001", text=6)]
    assert requests.talks(events[:1])[7].waits_for_risk
    heard = requests.talks(events)[7]
    assert not heard.waits_for_risk
    assert heard.question is not None and heard.answer is not None
    assert (heard.question.text, heard.answer.by) == (5, "3001")
    assert requests.talks([*events, told(3, RISK_ASKED, "2001", text=7)])[7].waits_for_risk


@pytest.mark.parametrize(
    ("to", "role", "number", "may"),
    [
        ("supervisor", Role.SUPERVISOR, "2002", True),
        ("supervisor", Role.SUPERVISOR, "2001", False),
        ("supervisor", Role.MANAGER, "2901", True),
        ("supervisor", Role.SENIOR, "1010", False),
        ("supervisor", Role.RISK, "3001", False),
        ("manager", Role.SUPERVISOR, "2002", False),
        ("manager", Role.MANAGER, "2901", True),
        ("risk", Role.RISK, "3001", True),
        ("risk", Role.MANAGER, "2901", False),
    ],
)
def test_to_whom_it_was_passed(to: str, role: Role, number: str, may: bool) -> None:
    talk = requests.talks([told(1, PASSED_ON, "2001", to=to)])[7]
    assert requests.is_for(talk, role, number) is may
    assert requests.is_for(NOTHING_SAID, role, number)
    found = requests.hindrance(asked(amount=0, action="unfreeze"), talk, role, number, LIMITS)
    assert (found == "approval.passed_on") is not may


def test_passing_on_goes_up_or_over_to_risk_never_down() -> None:
    up = requests.talks([told(1, PASSED_ON, "2001", to="manager")])[7]
    assert [to for to in ("supervisor", "manager", "risk", "senior") if requests.may_pass(up, to)] == ["risk"]
    assert requests.may_pass(NOTHING_SAID, "supervisor")


@pytest.mark.parametrize(
    ("action", "flags", "amount", "why"),
    [
        ("refund", (), 48_000, LimitReason.ABOVE),
        ("refund", ("many_refunds",), 100, LimitReason.FLAGGED),
        ("refund_other_target", (), 100, LimitReason.SECOND_PERSON),
        ("unfreeze", ("high_risk",), 100, LimitReason.SECOND_PERSON),
        ("reject_fraud", (), None, LimitReason.PROPOSE_ONLY),
        ("goodwill_return", (), 5_000, LimitReason.PROPOSE_ONLY),
        ("nothing_known", (), 5_000, LimitReason.PROPOSE_ONLY),
    ],
)
def test_why_somebody_else_decides(
    action: str, flags: tuple[str, ...], amount: int | None, why: LimitReason
) -> None:
    assert requests.why_asked(asked(action, amount, flags=flags), LIMITS) is why


@pytest.mark.parametrize(
    ("request_", "role", "number", "code"),
    [
        (asked(), Role.SUPERVISOR, "1001", "approval.own"),
        (asked(), Role.SUPERVISOR, "2001", None),
        (asked(), Role.SENIOR, "1010", None),
        (asked(amount=200_001), Role.SENIOR, "1010", "limits.above"),
        (asked(flags=("many_refunds",)), Role.SENIOR, "1010", "limits.above"),
        (asked(), Role.RISK, "3001", "limits.above"),
        (asked("unfreeze", 0), Role.RISK, "3001", None),
        (asked("unfreeze", 0, flags=("high_risk",)), Role.SUPERVISOR, "2001", "limits.above"),
        (asked("nothing_known"), Role.SENIOR, "1010", "limits.above"),
        (asked("nothing_known"), Role.SUPERVISOR, "2001", None),
    ],
)
def test_what_a_request_tells_of_who_may_not(
    request_: ApprovalView, role: Role, number: str, code: str | None
) -> None:
    assert requests.hindrance(request_, NOTHING_SAID, role, number, LIMITS) == code


def levels(request: ApprovalView) -> set[str]:
    return {to for to in ("supervisor", "manager", "risk") if requests.level_decides(request, to, LIMITS)}


def test_risk_decides_what_the_matrix_gives_it() -> None:
    given = {action for action in LIMITS.rows if "risk" in levels(asked(action))}
    assert {"unfreeze", "reject_fraud"} <= given
    assert given.isdisjoint({"refund", "refund_other_target", "compensation"})
    assert levels(asked("nothing_known")) == {"supervisor", "manager"}


def test_a_flag_takes_a_request_from_everybody_but_its_deciders() -> None:
    assert levels(asked("unfreeze", 100)) == {"supervisor", "manager", "risk"}
    assert levels(asked("unfreeze", 100, flags=("high_risk",))) == {"risk"}
    assert levels(asked("unfreeze", 100, flags=("judicial",))) == set()
    assert levels(asked("refund", 100, flags=("many_refunds",))) == {"supervisor", "manager"}


def test_read_means_by_me_in_this_sitting_as_it_is() -> None:
    talk = requests.talks([told(5, READ, "2001", facts="d")])[7]
    since = T0
    assert requests.was_read(talk, "2001", "d", since)
    assert not requests.was_read(talk, "2002", "d", since)
    assert not requests.was_read(talk, "2001", "other", since)
    assert not requests.was_read(talk, "2001", "d", T0 + timedelta(minutes=6))


def test_what_was_opened_and_stands_on_other_facts_has_moved() -> None:
    talk = requests.talks([told(5, READ, "2001", facts="d")])[7]
    assert requests.has_moved(talk, "2001", "other", T0)
    assert not requests.has_moved(talk, "2001", "d", T0)
    assert not requests.has_moved(talk, "2002", "other", T0), "nobody else knows of it"
    assert not requests.has_moved(talk, "2001", "other", T0 + timedelta(minutes=6)), "in this sitting"


@given(
    st.lists(
        st.tuples(st.sampled_from([*TALK, "note.added"]), st.sampled_from(["2001", "2002", "3001"])),
        max_size=8,
    )
)
def test_read_ends_with_whatever_others_say(said: list[tuple[str, str]]) -> None:
    events = [
        told(at, kind, by, facts="d", text=at, to="supervisor") for at, (kind, by) in enumerate(said, start=1)
    ]
    talk = requests.talks(events).get(7, NOTHING_SAID)
    mine = [one.id for one in events if one.kind == READ and one.actor == "2001"]
    newest = {kind: one for one in events if (kind := one.kind) in TALK and kind != READ}
    others = [one.id for one in newest.values() if one.actor != "2001"]
    wanted = bool(mine) and all(one < mine[-1] for one in others)
    assert requests.was_read(talk, "2001", "d", T0) is wanted


def test_a_sitting_begins_with_signing_in_and_lasts_half_a_day_at_most() -> None:
    assert requests.sitting_began(None, T0) == T0 - timedelta(hours=12)
    assert requests.sitting_began(T0 - timedelta(hours=1), T0) == T0 - timedelta(hours=1)
    assert requests.sitting_began(T0 - timedelta(days=3), T0) == T0 - timedelta(hours=12)
