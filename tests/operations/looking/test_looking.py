"""What screens and commands read: on a real file, masked, and in fixed numbers of rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotFound
from bdesk.i18n import set_language
from bdesk.models.clock_kinds import SlaState
from bdesk.models.kinds import CaseKind, Channel, Role
from bdesk.models.views.queue import QueueRow
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import calls, notes
from bdesk.operations import queue as taking
from bdesk.operations.context import Context
from bdesk.operations.looking import approvals, case, clocks, customer, order, queue
from bdesk.speech import speak
from tests import builders as build


@dataclass(frozen=True, slots=True)
class Wanted:
    section: str
    index: int
    limit: int
    after: QueueRow | None = None
    before: QueueRow | None = None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with build.make_store(tmp_path) as made:
        yield made


@pytest.fixture
def agent(store: Store) -> ActorView:
    return build.person(store, "1001")


@pytest.fixture
def ctx(store: Store, agent: ActorView) -> Context:
    made: Context = build.context(store, agent)
    return made


def some_cases(store: Store, count: int) -> list[int]:
    """Waiting cases, the earliest due first."""
    buyer = build.customer(store)
    return [
        build.open_case(
            store,
            customer_id=buyer,
            order_id=build.order(store, buyer).id,
            received_at=build.T0 - timedelta(minutes=count - place),
        )
        for place in range(count)
    ]


def ids(found: tuple[QueueRow, ...]) -> list[int]:
    return [row.case_id for row in found]


def test_the_first_page_holds_what_the_queue_paints(store: Store, ctx: Context, agent: ActorView) -> None:
    made = some_cases(store, 5)
    mine = build.open_case(store, customer_id=build.customer(store), owner=agent)
    view = queue.first_page(ctx, limit=3)
    assert [(one.code, one.total) for one in view.sections] == [("mine", 1), ("waiting", 5), ("aside", 0)]
    assert ids(view.rows["mine"]) == [mine]
    assert ids(view.rows["waiting"]) == made[:3]
    assert view.why_next is not None
    assert view.why_next.case_id == made[0]
    assert view.figures.waiting == 5
    assert view.ringing is None


def test_pages_come_beside_known_rows_at_the_end_and_in_the_middle(store: Store, ctx: Context) -> None:
    made = some_cases(store, 12)
    rows = queue.first_page(ctx).rows["waiting"]
    assert ids(queue.page(ctx, Wanted("waiting", 0, 4))) == made[:4]
    assert ids(queue.page(ctx, Wanted("waiting", 4, 4, after=rows[3]))) == made[4:8]
    assert ids(queue.page(ctx, Wanted("waiting", 4, 4, before=rows[8]))) == made[4:8]
    assert ids(queue.page(ctx, Wanted("waiting", 8, 4))) == made[8:]
    assert ids(queue.page(ctx, Wanted("waiting", 4, 3))) == made[4:7]


def test_the_last_page_of_a_cut_off_count_is_not_the_end(
    store: Store, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = some_cases(store, 12)
    # A section longer than its count: what the list takes for its last page lies in the middle.
    monkeypatch.setattr(queue, "COUNT_CAP", 8)
    assert ids(queue.page(ctx, Wanted("waiting", 4, 4))) == made[4:8]


def test_rows_to_patch_with(store: Store, ctx: Context) -> None:
    made = some_cases(store, 3)
    assert ids(queue.rows(ctx, [made[2], made[0], 999])) == [made[2], made[0]]


def test_an_admin_is_offered_nothing(store: Store) -> None:
    some_cases(store, 2)
    admin = build.context(store, build.person(store, "1000", Role.ADMIN))
    assert queue.why_next(admin) is None
    assert queue.first_page(admin).why_next is None


def test_a_call_rings_only_at_its_desk_and_until_it_is_taken(store: Store, ctx: Context) -> None:
    other = build.context(store, build.person(store, "1002"))
    calls.ring(build.context(store, build.person(store, role=Role.ADMIN)), "13800006621", "1001")
    rings = queue.ringing(ctx)
    assert rings is not None
    assert rings.number == "138****6621"
    assert queue.ringing(other) is None
    assert queue.first_page(ctx).ringing == rings
    calls.start_call(ctx)
    assert queue.ringing(ctx) is None


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("", queue.NO_FILTERS),
        ("refund", queue.Filters((CaseKind.REFUND,))),
        ("refund appeal refund", queue.Filters((CaseKind.REFUND, CaseKind.APPEAL))),
        ("payment", queue.Filters((), "payment")),
        ("支付组", queue.Filters((), "payment")),
        ("Payments 7741", queue.Filters((), "payment", "7741")),
        ("refnud", queue.Filters((), None, "REFNUD")),
        ("kf2026-0001", queue.Filters((), None, "KF20260001")),
    ],
)
def test_what_is_typed_into_the_filter(typed: str, filters: queue.Filters) -> None:
    kinds = {kind.value: kind for kind in CaseKind}
    assert queue.parse_filters(typed, kinds.get) == filters


def test_the_chip_of_a_row_follows_the_clock(store: Store, ctx: Context) -> None:
    made = some_cases(store, 1)
    row = queue.rows(ctx, made)[0]
    assert row.due_at is not None
    assert row.due_from_at is not None
    assert row.now_from_at is not None
    second = timedelta(seconds=1)
    assert queue.sla_state(row, row.due_from_at - second) is SlaState.FINE
    assert queue.sla_state(row, row.due_from_at) is SlaState.DUE
    assert queue.sla_state(row, row.now_from_at) is SlaState.NOW
    assert queue.sla_state(row, row.due_at + second) is SlaState.OVER
    # A case without a clock is never late.
    bare = build.open_case(store, customer_id=build.customer(store), clocks=())
    assert queue.sla_state(queue.rows(ctx, [bare])[0], row.due_at + timedelta(days=900)) is SlaState.FINE


def test_a_case_page_speaks_its_timeline(store: Store, ctx: Context) -> None:
    buyer = build.customer(store)
    opened = build.open_case(
        store, customer_id=buyer, order_id=build.order(store, buyer).id, description="收到就坏了"
    )
    taking.claim(ctx, opened)
    notes.add_note(ctx, opened, "已回电")
    page = case.case_page(ctx, opened)
    assert page.timeline[0].text == "已回电"
    assert page.timeline[0].event_id == page.newest_event
    assert page.version == page.standing.snapshot.case.version
    said = [speak(one.code, one.params, page.words) for one in page.timeline]
    assert said == ["Note", "Taken", "Refund review: clock started", "Opened: refund, refund form"]
    assert page.due_lines[0].leading
    assert [one.body for one in page.notes] == ["已回电"]
    refund = next(one for one in page.limits if one.action == "refund")
    assert (refund.limit_fen, refund.needs) == (50000, None)


def test_answers_are_told_by_their_titles(store: Store, ctx: Context) -> None:
    from bdesk.operations.walking import answer

    buyer = build.customer(store)
    opened = build.open_case(store, customer_id=buyer, order_id=build.order(store, buyer).id)
    page = case.case_page(ctx, opened)
    current = page.standing.walk.current
    assert current is not None
    option = next(one for one in current.options if one.offer == "offered" and not one.needs)
    answer(ctx, opened, page.version, current.step.id, option.code, {})
    after = case.case_page(ctx, opened)
    said = [speak(one.code, one.params, after.words) for one in after.timeline]
    plain = current.step.option(option.code)
    assert plain is not None
    goods = str(page.standing.facts["order.items_text"])
    told = plain.label.en.replace("{order.items_text}", goods)
    assert goods and "{" not in told
    assert f"{current.title.en}: {told}" in said


def test_factors_are_hidden_before_and_shown_after_verification(store: Store, ctx: Context) -> None:
    buyer = build.customer(store)
    spoken = build.open_case(
        store, customer_id=buyer, order_id=build.order(store, buyer).id, channel=Channel.HOTLINE
    )
    assert case.case_page(ctx, spoken).hidden_factors
    filed = build.open_case(store, customer_id=buyer, channel=Channel.REFUND_FORM)
    assert not case.case_page(ctx, filed).hidden_factors


def test_the_clocks_of_a_case_are_explained_in_either_language(store: Store, ctx: Context) -> None:
    opened = build.open_case(store, customer_id=build.customer(store))
    found = clocks.explain_case(ctx, opened, lang="zh")
    assert [one.reading.kind for one in found.clocks] == ["refund_review"]
    set_language("zh")
    lines = [speak(line.code, line.params) for line in found.clocks[0].lines]
    assert lines[0].startswith("退款审核：")
    assert "还剩 24 小时" in lines


def test_what_is_not_there(ctx: Context) -> None:
    for look in (
        lambda: case.case_page(ctx, 9),
        lambda: case.case_id(ctx, "KF9"),
        lambda: clocks.explain_case(ctx, 9),
        lambda: order.order_card(ctx, "BT9"),
        lambda: order.order_card_by_id(ctx, 9),
        lambda: customer.card(ctx, 9),
        lambda: approvals.one(ctx, 9),
    ):
        with pytest.raises(NotFound):
            look()
    assert approvals.waiting(ctx) == ()


def test_cards_mask_the_person(store: Store, ctx: Context) -> None:
    buyer = build.customer(store, name="欧阳静", phone="13800006621", email="ouyang@example.com")
    placed = build.order(store, buyer)
    build.open_case(store, customer_id=buyer, order_id=placed.id)
    card = order.order_card(ctx, placed.order_no.lower())
    masked = ("欧阳**", "138****6621", "o***@example.com")
    assert (card.customer_name, card.customer_phone, card.customer_email) == masked
    assert card.age == timedelta(0)
    person = customer.card(ctx, buyer)
    assert (person.name, person.phone, person.email) == masked
    assert [one.order_no for one in customer.cases(ctx, buyer)] == [placed.order_no]
