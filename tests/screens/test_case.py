"""The case screen: a refund and a rejection by the keyboard alone, and what the strip protects."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlmodel import select

from bdesk.app import DeskApp
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.kinds import (
    CaseOutcome,
    CaseState,
    Channel,
    DeliveryState,
    EvidenceKind,
    ParcelState,
    RefundReason,
    RefundState,
)
from bdesk.models.tables import Case, CaseText, Notification, OutboxRow, Parcel, Payment, Refund
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import evidence, notes, raising
from bdesk.operations.looking.case import CasePage
from bdesk.operations.outbox import release_due
from bdesk.screens import navigation
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.case.step_pane import StepPane
from bdesk.widgets.choices import Choices
from tests.builders import clock_of, context, customer, open_case, order, person
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

SIZES = [(80, 24), (120, 40)]


def scenario_one(store: Store, agent: ActorView) -> int:
    """S1: a kettle broken out of the box, filed by the signed-in form three hours ago, photo attached."""
    buyer = customer(store, name="王丽", phone="15400000037")
    placed = order(store, buyer, order_no="BT20261114000101")
    case_id = open_case(
        store,
        order_id=placed.id,
        channel=Channel.REFUND_FORM,
        reason=RefundReason.QUALITY,
        subject="开箱就坏",
        description="一打开就是坏的",
        received_at=clock_of(store).now() - timedelta(hours=3),
    )
    ctx = context(store, agent)
    evidence.add_evidence(ctx, case_id, EvidenceKind.PHOTO, "photo", "https://e.invalid/1", 900)
    return case_id


def case_of(store: Store, case_id: int) -> Case:
    with store.read() as session:
        found = session.exec(select(Case).where(Case.id == case_id)).one()
        session.expunge(found)
        return found


async def to_the_decision(desk: AtDesk) -> None:
    """From the queue to the decision step of S1."""
    await desk.driver.press("f9", "1", "1", "1")


@pytest.mark.parametrize("size", SIZES)
async def test_scenario_one_is_refunded_from_the_keyboard(
    store: Store, agent: ActorView, language: str, size: tuple[int, int]
) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await to_the_decision(desk)
        desk.driver.shows("128.00").widths_ok()
        before = desk.driver.keys
        await desk.driver.press("1", "f8")
        assert desk.driver.keys - before == 2, "an in-policy refund is two keys from its decision step (UX)"
        desk.driver.shows("Ctrl+Z").widths_ok()
        await desk.driver.press("1")
        assert desk.driver.keys + desk.driver.digits <= 20, "S1 whole takes 10 keys and 10 digits (UX)"
    case = case_of(store, case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.APPROVED_FULL)
    clock_of(store).move(timedelta(seconds=11))
    release_due(context(store, agent))
    with store.read() as session:
        refund = session.exec(select(Refund)).one()
        payment = session.exec(select(Payment)).one()
        letters = session.exec(select(Notification).where(Notification.letter == "N2")).all()
        assert (refund.state, refund.amount_fen) == (RefundState.ACCEPTED, 12800)
        assert (payment.refunded_fen, payment.held_fen) == (12800, 0)
        assert [letter.state for letter in letters] == [DeliveryState.ACCEPTED]
    assert verify(store, load_book()).ok


@pytest.mark.parametrize("size", SIZES)
async def test_an_order_that_contradicts_itself_says_so(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    scenario_one(store, agent)
    with store.write("shop") as unit:
        unit.session.exec(select(Parcel)).one().state = ParcelState.PACKED
        unit.commit()
    said = {
        ("zh", 80): ("资料矛盾",), ("en", 80): ("data contradict",),
        ("zh", 120): ("存疑", "显示已发货但没有包裹"),
        ("en", 120): ("Doubtful", "sent, but there is no", "parcel"),
    }  # fmt: skip
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f9")
        desk.driver.shows(*said[language, size[0]])


async def test_nothing_happens_before_f8(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1", "enter", "enter", "escape")
        desk.driver.shows_not("Pending")
    with store.read() as session:
        assert session.exec(select(Refund)).all() == []
        assert session.exec(select(OutboxRow)).all() == []


async def test_f8_pressed_before_the_strip_could_be_read_does_nothing(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        monkeypatch.setattr(CaseScreen, "seconds", staticmethod(lambda: 5.0))
        await desk.driver.press("1", "f8")
        desk.driver.shows("Pending", "press again")
        monkeypatch.setattr(CaseScreen, "seconds", staticmethod(lambda: 6.0))
        await desk.driver.press("f8")
        desk.driver.shows("Committed")


async def test_keys_pressed_faster_than_the_desk_never_refund_twice(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1")
        await desk.driver.burst("f8", "f8", "1", "f8", "f8")
    with store.read() as session:
        assert len(session.exec(select(Refund)).all()) == 1


async def test_recall_takes_the_refund_and_the_letter_back(store: Store, agent: ActorView) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1", "f8", "1")
        assert case_of(store, case_id).state is CaseState.CLOSED
        await desk.driver.press("ctrl+z")
        desk.driver.shows_not("Committed")
    assert case_of(store, case_id).state is CaseState.IN_PROGRESS
    with store.read() as session:
        assert session.exec(select(Refund)).one().state is RefundState.RECALLED
        assert {row.state for row in session.exec(select(OutboxRow))} == {DeliveryState.RECALLED}
        assert session.exec(select(Payment)).one().held_fen == 0
    assert verify(store, load_book()).ok


@pytest.mark.parametrize("size", SIZES)
async def test_a_late_no_reason_return_is_rejected_with_a_proper_letter(
    store: Store, agent: ActorView, language: str, size: tuple[int, int]
) -> None:
    buyer = customer(store)
    placed = order(store, buyer, signed_days=12, placed_days=16)
    case_id = open_case(store, order_id=placed.id, channel=Channel.REFUND_FORM, reason=RefundReason.NO_REASON)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f9", "1", "6", "3", "1", "f8", "1")
        desk.driver.widths_ok()
    case = case_of(store, case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.REJECTED)
    with store.read() as session:
        letter = session.exec(select(Notification).where(Notification.letter == "N3")).one()
        body = session.exec(select(CaseText).where(CaseText.id == letter.text_id)).one().body
    for part in ("超过申请期限", "7天", "依据", "申诉", case.case_no):
        assert part in body


async def test_a_refused_outcome_says_why(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("3")
        desk.driver.shows("Within your limit and not flagged").shows_not("Pending")


async def test_a_strip_survives_a_crash_and_another_case(
    store: Store, agent: ActorView, tmp_path: Path
) -> None:
    scenario_one(store, agent)
    drafts = tmp_path / "drafts.db"
    async with at_desk(store, agent, drafts=drafts) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1")
        desk.driver.shows("Pending")
    # The desk is gone without a word; a new one opens on the same drafts.
    async with at_desk(store, agent, drafts=drafts) as desk:
        await desk.driver.press("enter")
        desk.driver.shows("Pending")
        await desk.driver.press("f8")
        desk.driver.shows("Committed")


async def test_a_strip_is_dropped_when_the_case_moved_meanwhile(store: Store, agent: ActorView) -> None:
    case_id = scenario_one(store, agent)
    other = person(store, "2001")
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1")
        raising.raise_case(context(store, other), case_id, "supervisor", "客户要求主管")
        await desk.driver.press("f8")
        desk.driver.shows_not("Committed")
    with store.read() as session:
        assert session.exec(select(Refund)).all() == []


async def test_a_colleagues_note_leaves_the_strip_standing(store: Store, agent: ActorView) -> None:
    case_id = scenario_one(store, agent)
    other = person(store, "2001")
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1")
        notes.add_note(context(store, other), case_id, "客户也发了邮件")
        desk.screen.refresh_now()
        await desk.driver.idle()
        desk.driver.shows("Pending").shows_not("The case changed")
        assert case_of(store, case_id).version == cast(CaseScreen, desk.screen).page.version  # type: ignore[union-attr]
        await desk.driver.press("f8")
        desk.driver.shows("Committed")


async def test_a_half_written_note_survives_and_enter_keeps_it(
    store: Store, agent: ActorView, tmp_path: Path
) -> None:
    scenario_one(store, agent)
    drafts = tmp_path / "drafts.db"
    async with at_desk(store, agent, size=(80, 24), drafts=drafts) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户周五出差")
    async with at_desk(store, agent, size=(120, 40), drafts=drafts) as desk:
        await desk.driver.press("enter")
        desk.driver.shows("客户周五出差")
        await desk.driver.press("f5", "enter")
    with store.read() as session:
        bodies = [text.body for text in session.exec(select(CaseText).where(CaseText.kind == "note"))]
    assert bodies == ["客户周五出差"]


async def test_a_note_with_a_card_number_is_refused_and_kept_in_the_field(
    store: Store, agent: ActorView
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("卡号6222021234567890123")
        await desk.driver.press("enter")
        desk.driver.shows("6222021234567890123")
    with store.read() as session:
        assert session.exec(select(CaseText).where(CaseText.kind == "note")).all() == []


async def test_hostile_texts_drive_nothing(store: Store, agent: ActorView) -> None:
    hostile = "\x1b]2;x\x07[/b][red]‮abc" + "很" * 1200
    buyer = customer(store, name="王𠅤‮")
    placed = order(store, buyer)
    open_case(store, order_id=placed.id, subject=hostile, description=hostile, channel=Channel.HOTLINE)
    for size in ((80, 24), (120, 40), (200, 60)):
        async with at_desk(store, agent, size=size) as desk:
            desk.driver.widths_ok()
            await desk.driver.press("enter")
            desk.driver.widths_ok()


async def test_putting_aside_takes_two_keys_and_the_clock_runs_on(store: Store, agent: ActorView) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9")
        before = desk.driver.keys
        await desk.driver.press("f6", "3")
        assert desk.driver.keys - before == 2
    case = case_of(store, case_id)
    assert case.aside and not case.stopped


async def test_asking_for_material_stops_the_clock_with_a_letter(store: Store, agent: ActorView) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9")
        before = desk.driver.keys
        await desk.driver.press("f6", "1")
        await desk.driver.type("开箱视频")
        await desk.driver.press("enter", "f8")
        assert desk.driver.keys - before == 4
    case = case_of(store, case_id)
    assert case.stopped and case.waiting_for == "customer" and case.state is CaseState.WAITING_CUSTOMER


async def test_raising_takes_three_keys_and_a_few_words(store: Store, agent: ActorView) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9")
        before = desk.driver.keys
        await desk.driver.press("f7", "1")
        await desk.driver.type("客户要求主管")
        await desk.driver.press("enter")
        assert desk.driver.keys - before == 3
    assert case_of(store, case_id).escalated_to == "supervisor"


async def test_the_due_times_explain_themselves(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9", "full_stop")
        desk.driver.shows("Due times").widths_ok()
        await desk.driver.press("escape")
        desk.driver.shows_not("Due times")


async def test_nothing_that_serves_as_a_factor_shows_before_verification(
    store: Store, agent: ActorView
) -> None:
    buyer = customer(store, phone="15400006621", city="杭州市")
    placed = order(store, buyer, order_no="BT20261114007741")
    open_case(store, order_id=placed.id, channel=Channel.HOTLINE, reason=RefundReason.QUALITY)
    for size in SIZES:
        async with at_desk(store, agent, size=size) as desk:
            await desk.driver.press("enter")
            desk.driver.shows("****").shows_not("128.00", "6621", "7741", "杭州")


async def test_verification_compares_and_keeps_no_value(
    store: Store, agent: ActorView, tmp_path: Path
) -> None:
    buyer = customer(store, phone="15400006621")
    placed = order(store, buyer)
    case_id = open_case(store, order_id=placed.id, channel=Channel.HOTLINE, reason=RefundReason.QUALITY)
    drafts = tmp_path / "drafts.db"
    async with at_desk(store, agent, size=(80, 24), drafts=drafts) as desk:
        await desk.driver.press("f9", "1")
        desk.driver.forget_keys()
        await desk.driver.type("128.00")
        await desk.driver.press("enter")
        await desk.driver.type("6621")
        await desk.driver.press("enter")
        assert desk.driver.keys == 2, "verification takes one key per field (UX)"
        desk.driver.shows("6621")
    assert case_of(store, case_id).verified_level.value == "V2"
    kept = drafts.read_bytes() + Path(store.url.removeprefix("sqlite:///")).read_bytes()
    assert b"128.00" not in kept


@pytest.mark.parametrize("size", [(60, 15), (200, 60)])
async def test_other_sizes_say_what_is_wrong_or_use_the_room(
    store: Store, agent: ActorView, size: tuple[int, int]
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        desk.driver.widths_ok()
        await desk.driver.press("enter")
        desk.driver.widths_ok()
        small = any("80x24" in line for line in desk.driver.lines())
        assert small == (size == (60, 15))


async def test_what_closing_a_case_sends_can_be_recalled_from_the_queue(
    store: Store, agent: ActorView
) -> None:
    case_id = scenario_one(store, agent)
    clock = clock_of(store)
    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1", "f8")
        clock.move(timedelta(seconds=11))
        release_due(context(store, agent))
        await desk.driver.run(cast(DeskApp, desk.driver.app).published)
        await desk.driver.press("1", "f2")
        assert case_of(store, case_id).state is CaseState.CLOSED
        desk.driver.shows("Committed")
        await desk.driver.press("ctrl+z")
        desk.driver.shows_not("Committed")
    assert case_of(store, case_id).state is CaseState.IN_PROGRESS
    with store.read() as session:
        assert session.exec(select(Refund)).one().state is not RefundState.RECALLED


async def test_the_timeline_names_the_answer(store: Store, agent: ActorView, language: str) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("f9", "1", "1")
        recent = desk.driver.line_with("近况" if language == "zh" else "Recent")
        assert ("退款原因：质量问题" if language == "zh" else "Reason: Quality") in recent


async def test_a_closed_case_is_not_in_the_queue_one_comes_back_to(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1", "f8", "1", "f2")
        desk.driver.shows_not("王**", "not sorted in")


@pytest.mark.parametrize("size", SIZES)
async def test_a_closed_case_is_reopened_from_its_screen(
    store: Store, agent: ActorView, size: tuple[int, int]
) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        driver = desk.driver
        await to_the_decision(desk)
        await driver.press("1", "f8", "1")
        driver.shows("The customer came back: reopen").widths_ok()
        await driver.press("1")
        await driver.type("says it never arrived")
        await driver.press("enter")
        driver.shows_not("The customer came back").shows("round 2").widths_ok()
        assert case_of(store, case_id).cycle == 2 and case_of(store, case_id).open
        await driver.press("1")
        assert desk.place.current == case_id


async def test_after_thirty_days_a_new_case_takes_the_place_of_the_closed_one(
    store: Store, agent: ActorView
) -> None:
    case_id = scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await to_the_decision(desk)
        await driver.press("1", "f8", "1")
        clock_of(store).move(timedelta(days=40))
        await driver.press("f2")
        navigation.open_case(desk.screen, case_id)
        await driver.idle()
        driver.shows("The customer came back: new case", "closed 11/18")
        await driver.press("1")
        await driver.type("says it never arrived")
        await driver.press("enter")
        assert desk.place.current not in (None, case_id)
        driver.shows_not("The customer came back")
    assert not case_of(store, case_id).open


@pytest.mark.parametrize("size", SIZES)
async def test_after_f8_the_answers_of_the_next_step_have_the_keyboard(
    store: Store, agent: ActorView, size: tuple[int, int]
) -> None:
    """The evidence is no place to wait in: Enter there opens a viewer, and its bar looks like a choice."""
    scenario_one(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1", "f8")
        assert isinstance(desk.screen.focused, Choices)
        assert "▐" not in desk.driver.line_with("not seen")


async def test_a_strip_that_comes_in_the_middle_of_a_reading_waits_for_it(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both show the step; together they would put its parts there twice, or miss those just taken away."""
    scenario_one(store, agent)
    show, at_it, most = StepPane.show, 0, 0

    async def slowly(pane: StepPane, page: CasePage, drafts: Mapping[str, str], chosen: str | None) -> bool:
        nonlocal at_it, most
        at_it += 1
        most = max(most, at_it)
        # The reading goes on once the strip is there, and has had every chance to be shown.
        for _ in range(2000):
            if chosen is not None or desk.place.strips:
                break
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        try:
            return await show(pane, page, drafts, chosen)
        finally:
            at_it -= 1

    async with at_desk(store, agent) as desk:
        await to_the_decision(desk)
        monkeypatch.setattr(StepPane, "show", slowly)
        desk.screen.refresh_now()
        await desk.driver.press("1")
        assert desk.place.strips and most == 1
