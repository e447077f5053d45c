"""A case goes over to another version of its procedure and clocks: looked at, then done, on a real file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import to_iso
from bdesk.data.book.book import Book, forget, load_book
from bdesk.data.verify import verify
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import EndReason, Outcome, RunState
from bdesk.models.kinds import CaseKind, CaseState, Role
from bdesk.models.tables import BookText, CaseText, ClockRow
from bdesk.operations import clocks, promises, queue, undoing
from bdesk.operations.supervising.migrating import Preview, migrate, preview
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, event, order, person
from tests.operations.desk import Desk, must_add_up

BOOK = Path(__file__).parents[2] / "bdesk" / "data" / "book"
CONSULTS = "kinds: [login, records, wallet_limits"
REVIEW = "    unit: hours\n    calendar: hotline\n    drives: desk\n    pauses: [customer_material]"
EDITS = {
    "policies/clocks.yaml": (
        ("version: 1\n", "version: 2\n"),
        ("申请起 24 小时内审核", "申请起 12 小时内审核"),
        (f"length: 24\n{REVIEW}", f"length: 12\n{REVIEW}"),
    ),
    "procedures/refund.yaml": (
        ("version: 3\n", "version: 4\n"),
        ('{code: whole, label: {zh: "全部', '{code: everything, label: {zh: "全部'),
    ),
    "procedures/general.yaml": (
        ("version: 3\n", "version: 4\n"),
        (f"first_response, {CONSULTS}, consultation]", f"first_response, {CONSULTS}]"),
        ("feedback_forward, kinds: [feedback]", "feedback_forward, kinds: [feedback, consultation]"),
        ("goto: material_wait\n", "goto: handle\n"),
    ),
}


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The book after an edit: reviews in 12 hours, another answer at a step, other clocks to open with."""
    home = tmp_path_factory.mktemp("newer")
    for name, edits in EDITS.items():
        text = (BOOK / name).read_text("utf-8")
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = home / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BDESK_HOME", str(home))
        made = load_book()
    yield made
    forget()


def moved(desk: Desk, book: Book) -> Desk:
    """The same person at a desk that has the edited book."""
    other = Desk(desk.store, desk.ctx.actor, desk.ports)
    other.ctx = replace(desk.ctx, book=book)
    return other


def living(desk: Desk, case_id: int) -> dict[str, ClockRow]:
    rows = desk.rows(ClockRow, case_id=case_id)
    return {row.kind: row for row in rows if row.run in (RunState.RUNNING, RunState.PAUSED)}


def clock_lines(found: Preview) -> dict[str, tuple[object, object, bool]]:
    return {one.clock: (one.was, one.becomes, one.late) for one in found.clocks}


def whole(desk: Desk, book: Book) -> None:
    verdict = verify(desk.store, book)
    assert verdict.ok, verdict.first_fault


def test_a_case_of_now_has_nothing_to_go_over_to(chief: Desk, desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    for deed in (lambda: preview(chief.ctx, case_id), lambda: migrate(chief.ctx, case_id, "新政策")):
        with pytest.raises(NotAllowed, match=r"migrate\.same"):
            deed()


def test_the_preview_says_what_changes_and_keeps_nothing(
    desk: Desk, chief: Desk, placed: Placed, newer: Book
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    before, events = desk.case(case_id).model_dump(), desk.store.newest_event()
    received = desk.case(case_id).received_at
    found = preview(moved(chief, newer).ctx, case_id)
    assert found.refused == ""
    assert clock_lines(found) == {
        "refund_review": (received + timedelta(hours=24), received + timedelta(hours=12), False)
    }
    assert {one.what for one in found.versions} == {"procedure_version", "policy_version"}
    assert (found.step_was, found.step) == ("assess/decide", "scope")
    assert [(one.step, one.option) for one in found.falls][-1] == ("scope", "whole")
    assert {one.step for one in found.falls} == {"scope", "reason", "evidence"}
    assert found.falls[-1].label.zh.startswith("全部")
    assert desk.case(case_id).model_dump() == before
    assert desk.store.newest_event() == events
    must_add_up(desk.store)


def test_it_is_done_as_it_was_shown(desk: Desk, chief: Desk, placed: Placed, newer: Book) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    old, later = desk.case(case_id), moved(chief, newer)
    found = preview(later.ctx, case_id)
    migrate(later.ctx, case_id, "新的审核时限从今天起适用")
    case = desk.case(case_id)
    assert case.procedure_version == newer.version("procedure", "refund") != old.procedure_version
    assert case.policy_version == newer.version("policy", "clocks") != old.policy_version
    assert (case.calendar_version, case.owner_id) == (old.calendar_version, old.owner_id)
    (row,) = living(desk, case_id).values()
    assert (row.due_at, row.start_at) == (found.clocks[0].becomes, old.received_at)
    assert (case.queue_at, row.policy_version) == (row.due_at, case.policy_version)
    assert moved(desk, newer).step(case_id) == found.step
    (done,) = desk.events(case_id, "case.migrated")
    assert desk.row(CaseText, int(str(done.payload["text"]))).body == "新的审核时限从今天起适用"
    kept = {(one.code, one.version) for one in desk.rows(BookText)}
    assert {("refund", case.procedure_version), ("clocks", case.policy_version)} <= kept
    # A desk that still has the book of before reads the case by its own versions.
    whole(desk, load_book())
    whole(desk, newer)
    moved(desk, newer).go(case_id, "everything")
    whole(desk, newer)


def test_it_is_undone_within_a_minute(desk: Desk, chief: Desk, placed: Placed, newer: Book) -> None:
    case_id = desk.opened(placed)
    before = desk.case(case_id)
    later = moved(chief, newer)
    migrate(later.ctx, case_id, "新政策")
    undoing.undo(later.ctx, case_id)
    case = desk.case(case_id)
    assert (case.procedure_version, case.policy_version) == (before.procedure_version, before.policy_version)
    assert living(desk, case_id)["refund_review"].due_at == before.queue_at
    whole(desk, newer)


def test_stops_are_replayed_and_extensions_stay(desk: Desk, chief: Desk, placed: Placed, newer: Book) -> None:
    case_id = desk.opened(placed)
    until = desk.ctx.now() + timedelta(hours=6)
    stop = {"reason": "customer_material", "clocks": ["refund_review"], "resume_at": to_iso(until)}
    event(desk.store, case_id, "clock.paused", stop)
    desk.later(hours=2)
    migrate(moved(chief, newer).ctx, case_id, "新政策")
    row = living(desk, case_id)["refund_review"]
    assert (row.run, row.resume_at) == (RunState.PAUSED, until)
    assert row.due_at == row.start_at + timedelta(hours=12 + 6)
    whole(desk, newer)


def test_one_that_would_be_late_at_once_is_shown_so_and_breached_once(
    desk: Desk, chief: Desk, placed: Placed, newer: Book
) -> None:
    case_id = desk.opened(placed, hours=20)
    later = moved(chief, newer)
    assert clock_lines(preview(later.ctx, case_id))["refund_review"][2] is True
    migrate(later.ctx, case_id, "新政策")
    assert sweep(later.ctx).breaches == 1
    assert living(desk, case_id)["refund_review"].outcome is Outcome.BREACHED
    whole(desk, newer)


def test_what_was_late_before_stays_late(desk: Desk, chief: Desk, placed: Placed, newer: Book) -> None:
    case_id = desk.opened(placed, hours=30)
    sweep(desk.ctx)
    later = moved(chief, newer)
    assert clock_lines(preview(later.ctx, case_id))["refund_review"][2] is False
    migrate(later.ctx, case_id, "新政策")
    assert sweep(later.ctx).breaches == 0
    outcomes = [row.outcome for row in desk.rows(ClockRow, case_id=case_id, kind="refund_review")]
    assert outcomes == [Outcome.BREACHED, Outcome.BREACHED]
    whole(desk, newer)


def test_clocks_that_are_new_or_dropped(desk: Desk, chief: Desk, placed: Placed, newer: Book) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False)
    promises.make(desk.ctx, case_id, "今天回电", desk.ctx.now() + timedelta(hours=5))
    before = living(desk, case_id)
    later = moved(chief, newer)
    lines = clock_lines(preview(later.ctx, case_id))
    assert set(lines) == {"first_response", "feedback_forward"}
    assert lines["first_response"][1] is None and lines["feedback_forward"][0] is None
    migrate(later.ctx, case_id, "新政策")
    after = living(desk, case_id)
    assert set(after) == {"feedback_forward", "resolution", "promise"}
    assert after["feedback_forward"].start_at == desk.case(case_id).received_at
    assert after["promise"].number == before["promise"].number
    ended = desk.events(case_id, "clock.cancelled")[-1].payload
    assert (ended["clock"], ended["reason"]) == ("first_response", EndReason.METRIC_DROPPED.value)
    whole(desk, newer)


def test_a_clock_that_was_met_is_not_asked_for_again(
    desk: Desk, chief: Desk, placed: Placed, newer: Book
) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False)
    clocks.attach(desk.ctx, case_id, "feedback_forward")
    clocks.fulfil(chief.ctx, case_id, "feedback_forward")
    migrate(moved(chief, newer).ctx, case_id, "新政策")
    assert "feedback_forward" not in living(desk, case_id)
    whole(desk, newer)


def test_a_case_that_waits_leaves_a_wait_that_is_none_any_more(
    desk: Desk, chief: Desk, placed: Placed, newer: Book
) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, media=False)
    while desk.step(case_id) != "handle":
        current = desk.stand(case_id).walk.current
        assert current is not None
        desk.go(case_id, next(one.code for one in current.options if one.primary))
    desk.go(case_id, "material", text="请补一张照片")
    desk.later(seconds=11)
    desk.release()
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    assert desk.clock(case_id, "resolution").run is RunState.PAUSED
    found = preview(moved(chief, newer).ctx, case_id)
    assert (found.step_was, found.step, found.refused) == ("material_wait", "handle", "")
    migrate(moved(chief, newer).ctx, case_id, "新政策")
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING
    whole(desk, newer)


@pytest.mark.parametrize("done", ["approval", "approve"])
def test_what_was_committed_keeps_a_case_on_its_version(
    desk: Desk, chief: Desk, buyer: int, newer: Book, done: str
) -> None:
    """A request and a refund rest on an answer that the new version does not know."""
    price = 300000 if done == "approval" else 12800
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, items=(Item(price_fen=price),))))
    desk.go(case_id, done, **({"why": "超出我的权限"} if done == "approval" else {}))
    later = moved(chief, newer)
    if done == "approve":
        with pytest.raises(NotAllowed, match=r"migrate\.held"):
            preview(later.ctx, case_id)
        desk.later(seconds=11)
        desk.release()
    assert preview(later.ctx, case_id).refused == "migrate.committed"
    before = desk.store.newest_event()
    with pytest.raises(NotAllowed, match=r"migrate\.committed"):
        migrate(later.ctx, case_id, "新政策")
    assert desk.store.newest_event() == before
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.RISK, Role.ADMIN])
def test_nobody_else_looks_or_does_it(desk: Desk, placed: Placed, newer: Book, role: Role) -> None:
    case_id = desk.opened(placed)
    other = moved(Desk(desk.store, person(desk.store, role=role)), newer)
    for deed in (lambda: preview(other.ctx, case_id), lambda: migrate(other.ctx, case_id, "新政策")):
        with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
            deed()


def test_it_needs_a_reason(desk: Desk, chief: Desk, placed: Placed, newer: Book) -> None:
    case_id = desk.opened(placed)
    queue.release(desk.ctx, case_id)
    with pytest.raises(BadInput, match=r"supervise\.no_reason"):
        migrate(moved(chief, newer).ctx, case_id, "")
