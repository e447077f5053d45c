"""Clocks that go on in another's place: merges and changes of kind, as tables."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.clock_kinds import Drives, Outcome, RunState
from bdesk.rules.clock.handing import GOES_WITH_ITS_CASE, merged, replaced
from bdesk.rules.clock.pausing import brought
from tests.rules.clock.journal_builder import Journal, at, book

DESK = sorted(code for code, kind in book().kinds.items() if "@" not in code and kind.drives is Drives.DESK)
FACT = sorted(code for code, kind in book().kinds.items() if "@" not in code and kind.drives is Drives.FACT)
NOW = "09-11 09:00"


def clocks(*attached: tuple[str, str], params: dict[str, str] | None = None) -> Journal:
    journal = Journal()
    for code, start in attached:
        journal.attach(code, start, params=params or {})
    return journal


@pytest.mark.parametrize(
    ("source", "target", "taken"),
    [
        ([("regulator", "09-10 10:00")], [], [("regulator", "09-10 10:00", False)]),
        ([("resolution", "09-10 10:00")], [("resolution", "09-10 12:00")],
         [("resolution", "09-10 10:00", True)]),
        ([("resolution", "09-10 12:00")], [("resolution", "09-10 10:00")], []),
        ([("resolution", "09-10 10:00")], [("resolution", "09-10 10:00")], []),
        ([("approval", "09-11 08:30")], [], []),
        ([("refund_arrival", "09-10 10:00")], [], []),
        ([("promise", "09-10 10:00")], [("promise", "09-10 12:00")], [("promise", "09-10 10:00", False)]),
        ([("promise", "09-10 12:00")], [("promise", "09-10 10:00")], [("promise", "09-10 12:00", False)]),
        (
            [("refund_review", "09-10 10:00"), ("regulator", "09-10 11:00")],
            [("refund_review", "09-10 12:00"), ("complaint_result", "09-10 09:00")],
            [("refund_review", "09-10 10:00", True), ("regulator", "09-10 11:00", False)],
        ),
    ],
)  # fmt: skip
def test_what_the_target_of_a_merge_takes_over(
    source: list[tuple[str, str]], target: list[tuple[str, str]], taken: list[tuple[str, str, bool]]
) -> None:
    found = merged(clocks(*source).read(NOW), clocks(*target).read(NOW), book().kinds)
    said = [(one.kind, one.start_at, one.replaces is not None) for one in found]
    assert said == [(code, at(start), replaces) for code, start, replaces in taken]


def test_a_date_that_was_given_never_melts_into_another() -> None:
    mine = clocks(("regulator", "09-10 10:00"), params={"letter_date": "2026-09-20"}).read(NOW)
    theirs = clocks(("regulator", "09-10 12:00"), params={"letter_date": "2026-09-15"}).read(NOW)
    (found,) = merged(mine, theirs, book().kinds)
    assert (found.params, found.replaces) == ({"letter_date": "2026-09-20"}, None)


@given(
    st.lists(st.tuples(st.sampled_from(DESK + FACT), st.integers(0, 40)), max_size=5),
    st.lists(st.tuples(st.sampled_from(DESK), st.integers(0, 40)), max_size=5),
)
def test_no_desk_clock_is_lost_and_none_starts_later(
    source: list[tuple[str, int]], target: list[tuple[str, int]]
) -> None:
    """Whatever ran on either case: each desk kind of the source but the approval lives on in the target, no
    later than it began in either."""
    journals = [Journal(), Journal()]
    for journal, started in zip(journals, (source, target), strict=True):
        for code, hours in sorted(started, key=lambda one: one[1]):
            begun = at("09-09 10:00") + timedelta(hours=hours)
            payload = {"clock": code, "start_at": begun.isoformat(), "policy": "1", "calendar": "1"}
            journal.add("clock.attached", begun, payload)
    mine, theirs = (journal.read("09-11 10:00") for journal in journals)
    taken = merged(mine, theirs, book().kinds)
    gone = {id(one.replaces) for one in taken if one.replaces is not None}
    left = [(one.kind, one.start_at) for one in theirs if one.live and id(one) not in gone]
    after = left + [(one.kind, one.start_at) for one in taken]
    for one in (*mine, *theirs):
        wanted = one.live and one.drives is Drives.DESK and (
            one in theirs or one.kind not in GOES_WITH_ITS_CASE
        )  # fmt: skip
        if wanted:
            assert any(kind == one.kind and start <= one.start_at for kind, start in after), one
    assert not {one.kind for one in taken} & set(FACT)


@pytest.mark.parametrize("resumed", [None, "09-11 08:00"])
def test_a_clock_that_goes_on_is_due_when_it_was(resumed: str | None) -> None:
    """Stopped twice in its own case: the stops come along, the open one included, and nothing that happened
    in the other case before ends them."""
    own = clocks(("resolution", "09-07 10:00"))
    own.pause("09-08 10:00", "courier", resume="09-20 10:00")
    own.resume("09-09 11:00")
    own.pause("09-10 10:00", "customer_answer", resume="09-16 10:00")
    if resumed is not None:
        own.resume(resumed)
    before = own.one(NOW)
    other = clocks(("complaint_ack", "09-09 10:00"))
    other.add("contact.inbound", "09-10 18:00", actor="customer")
    (found,) = merged(own.read(NOW), other.read(NOW), book().kinds)
    stops = [brought(pause) for pause in found.pauses]
    payload = {"clock": "resolution", "start_at": found.start_at.isoformat(), "policy": "1", "calendar": "1"}
    other.add("clock.attached", NOW, {**payload, "pauses": stops})
    after = other.read(NOW)[-1]
    assert (after.due_at, after.run) == (before.due_at, before.run)
    assert [one.since for one in after.pauses] == [one.since for one in before.pauses]
    other.add("contact.inbound", "09-11 12:00", actor="customer")
    assert other.read("09-11 12:00")[-1].run is RunState.RUNNING


def test_a_breach_that_was_had_is_not_had_again() -> None:
    own = clocks(("refund_review", "09-09 10:00"))
    (found,) = merged(own.read(NOW), (), book().kinds)
    assert found.late is not None
    assert found.late == at("09-10 10:00")
    other = Journal()
    payload = {
        "clock": "refund_review",
        "start_at": found.start_at.isoformat(),
        "policy": "1",
        "calendar": "1",
    }
    other.add("clock.attached", NOW, {**payload, "late": found.late.isoformat()})
    reading = other.one(NOW)
    assert (reading.outcome, reading.inherits_breach) == (Outcome.BREACHED, True)


@pytest.mark.parametrize(
    ("running", "wanted", "starts", "ends"),
    [
        (["refund_review"], {"complaint_result": {}}, ["complaint_result"],
         [("refund_review", "complaint_result")]),
        (["refund_review", "regulator"], {"refund_review": {}}, [], []),
        (["refund_review", "promise", "next_response"], {"resolution": {}}, ["resolution"],
         [("refund_review", "resolution")]),
        (["refund_review"], {}, [], [("refund_review", "resolution")]),
        (["resolution"], {"resolution": {"priority": "1"}}, ["resolution"], [("resolution", "resolution")]),
        (["ship_promise"], {"resolution": {}}, ["resolution"], []),
    ],
)  # fmt: skip
def test_what_another_kind_or_priority_changes(
    running: list[str],
    wanted: dict[str, dict[str, object]],
    starts: list[str],
    ends: list[tuple[str, str]],
) -> None:
    living = clocks(*((code, "09-10 10:00") for code in running)).read(NOW)
    found = replaced(wanted, living, at("09-10 10:00"), book().kinds, "resolution")
    assert [one.kind for one in found.starts] == starts
    assert [(one.kind, heir) for one, heir in found.ends] == ends
    assert all(one.start_at == at("09-10 10:00") for one in found.starts)


@pytest.mark.parametrize(
    ("reason", "days", "kept"),
    [
        ("customer_answer", [(1, 3)], [(1, 3)]),
        ("courier", [(1, 3)], []),  # a complaint's result does not wait for a courier
        ("customer_answer", [(1, 12), (13, 25)], [(1, 12), (13, 17)]),  # fifteen days in all
    ],
)
def test_a_clock_beside_the_heir_brings_the_stops_its_kind_allows(
    reason: str, days: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    journal = clocks(("resolution", "09-01 10:00"))
    for since, until in days:
        journal.pause(f"09-{since:02d} 10:00", reason, resume=f"09-{until:02d} 10:00")
    wanted: dict[str, dict[str, object]] = {"complaint_ack": {}, "complaint_result": {}}
    found = replaced(wanted, journal.read("09-26 10:00"), at("09-01 10:00"), book().kinds, "resolution")
    ack, result = found.starts
    assert (ack.kind, ack.pauses) == ("complaint_ack", ())
    said = [(one.since, one.until) for one in result.pauses]
    assert said == [(at(f"09-{since:02d} 10:00"), at(f"09-{until:02d} 10:00")) for since, until in kept]
