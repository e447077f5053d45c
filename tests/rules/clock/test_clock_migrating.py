"""Clocks of a case that goes over to another policy version, as tables."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.clock_kinds import Drives, OnClose
from bdesk.rules.clock import Day
from bdesk.rules.clock.kind import ClockKind, Words
from bdesk.rules.clock.migrating import Migrated, Versions, migrated
from tests.rules.clock.journal_builder import Journal, at, book

KINDS = {code: kind for code, kind in book().kinds.items() if "@" not in code}
DESK = sorted(code for code, kind in KINDS.items() if kind.drives is Drives.DESK)
OLD = Versions(book().kinds, book().calendars)
NOW, BEGAN = "09-11 09:00", "09-10 10:00"

Opens = Mapping[str, Mapping[str, object]]


def newer(**changed: Callable[[ClockKind], ClockKind]) -> Versions:
    """The same book, but for these kinds."""
    kinds = {code: changed[code](kind) if code in changed else kind for code, kind in KINDS.items()}
    return Versions(kinds, book().calendars)


def longer(kind: ClockKind) -> ClockKind:
    return replace(kind, length=kind.length * 2)


def going(
    journal: Journal, new: Versions, before: Opens | None = None, after: Opens | None = None, cycle: int = 1
) -> Migrated:
    readings = journal.read(NOW)
    mine: Opens = {one.kind: {} for one in readings} if before is None else before
    return migrated(
        readings, mine, mine if after is None else after, OLD, new, cycle=cycle, began_at=at(BEGAN)
    )


def running(*codes: str) -> Journal:
    journal = Journal()
    for code in codes:
        journal.attach(code, BEGAN)
    return journal


def anew(found: Migrated) -> list[tuple[str, bool]]:
    return [(one.kind, one.replaces is not None) for one in found.starts]


CHANGES: dict[str, tuple[Callable[[ClockKind], ClockKind], bool]] = {
    "its length": (longer, True),
    "what stops it": (lambda one: replace(one, pauses=frozenset(), pause_cap=None), True),
    "whether it binds": (lambda one: replace(one, hard=not one.hard), True),
    "its version alone": (lambda one: replace(one, policy="9"), False),
    "its words alone": (lambda one: replace(one, name=Words("审", "R"), explain=Words("长", "long")), False),
    "nothing": (lambda one: one, False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_clock_begins_anew_where_it_counts_otherwise(what: str) -> None:
    change, begins = CHANGES[what]
    found = going(running("refund_review"), newer(refund_review=change))
    assert anew(found) == ([("refund_review", True)] if begins else [])
    assert all(one.start_at == at(BEGAN) for one in found.starts)


def test_other_working_days_move_only_what_they_touch() -> None:
    code = KINDS["complaint_result"].calendar
    calendar = book().calendars[code]
    off = replace(calendar.working_days, extra={date(2026, 9, 14): Day(False, "strike")})
    new = Versions(KINDS, {**book().calendars, code: replace(calendar, working_days=off, version="2")})
    assert anew(going(running("complaint_result", "refund_review"), new)) == [("complaint_result", True)]
    quiet = Versions(KINDS, {**book().calendars, code: replace(calendar, version="2")})
    assert going(running("complaint_result", "refund_review"), quiet) == Migrated((), ())


def test_settings_that_the_new_version_asks_for_no_more_are_left_out() -> None:
    journal = Journal()
    journal.attach("resolution", BEGAN, params={"priority": 1})
    (found,) = going(journal, newer(resolution=lambda one: replace(one, settings=()))).starts
    assert found.params == {}


def test_settings_it_opens_with_now_count() -> None:
    journal = Journal()
    journal.attach("resolution", BEGAN, params={"priority": 3})
    found = going(journal, OLD, after={"resolution": {"priority": 1}})
    assert [(one.kind, one.params) for one in found.starts] == [("resolution", {"priority": 1})]


def test_extensions_go_along() -> None:
    journal = running("appeal_final")
    due = journal.one(NOW).due_at
    moved = journal.read("09-11 08:00")[0].due_at.replace(month=10)
    journal.add("clock.extended", "09-11 08:00", {"clock": "appeal_final", "due_at": moved.isoformat()})
    (found,) = going(journal, newer(appeal_final=longer)).starts
    assert [one.due_at for one in found.moves] == [moved] and moved > due


@pytest.mark.parametrize("code", ["promise", "call_back", "refund_arrival", "return_window"])
def test_what_was_promised_and_what_are_facts_stay(code: str) -> None:
    assert going(running(code), newer(**{code: longer}), after={}, before={}) == Migrated((), ())


@pytest.mark.parametrize(
    ("before", "after", "ran", "started", "dropped"),
    [
        (["refund_review"], ["refund_review", "email_reply"], [], ["email_reply"], []),
        (["refund_review"], ["refund_review", "email_reply"], ["email_reply"], [], []),
        (["refund_review", "email_reply"], ["refund_review"], ["email_reply"], [], ["email_reply"]),
        (["refund_review", "regulator"], ["refund_review"], ["regulator"], [], []),
        (["refund_review"], ["refund_review"], ["escalation_decision"], [], []),
    ],
)
def test_what_only_one_version_opens_with(
    before: list[str], after: list[str], ran: list[str], started: list[str], dropped: list[str]
) -> None:
    found = going(
        running("refund_review", *ran), OLD, {one: {} for one in before}, {one: {} for one in after}
    )
    assert anew(found) == [(code, False) for code in started]
    assert [one.kind for one in found.drops] == dropped
    assert all(one.start_at == at(BEGAN) for one in found.starts)
    assert KINDS["regulator"].on_close is OnClose.KEEP


def test_a_later_cycle_gets_no_first_answer_a_second_time() -> None:
    wanted: Opens = {"refund_review": {}, "first_response": {}, "feedback_forward": {}}
    found = going(running("refund_review"), OLD, {"refund_review": {}}, wanted, cycle=2)
    assert anew(found) == [("feedback_forward", False)]


def test_one_that_ended_in_this_cycle_is_not_started_again() -> None:
    journal = running("refund_review", "feedback_forward")
    journal.fulfil("09-10 12:00", "feedback_forward")
    wanted: Opens = {"refund_review": {}, "feedback_forward": {}}
    assert going(journal, OLD, {"refund_review": {}}, wanted) == Migrated((), ())


@given(
    st.lists(st.sampled_from(DESK), unique=True, max_size=5),
    st.lists(st.sampled_from(DESK), unique=True, max_size=5),
)
def test_every_clock_stays_goes_on_or_is_dropped_once(ran: list[str], changed: list[str]) -> None:
    """Nothing is lost, nothing is begun twice, and none starts later than it did."""
    journal = running(*ran)
    found = going(journal, newer(**dict.fromkeys(changed, longer)), {one: {} for one in ran}, {})
    gone = [one.kind for one in found.drops]
    again = [one.kind for one in found.starts]
    assert len(gone) == len(set(gone)) and len(again) == len(set(again))
    assert not set(gone) & set(again)
    kept = {one for one in ran if KINDS[one].on_close is OnClose.KEEP}
    assert set(gone) == set(ran) - kept
    assert set(again) <= kept & set(changed)
    assert all(one.start_at == at(BEGAN) for one in found.starts)
