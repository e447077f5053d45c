"""An own procedure asks, orders and words things its own way; it moves no money that the house forbids."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bdesk.data.book.book import forget
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import Task
from bdesk.operations import approvals, tasks, walking
from tests.builders import Item, Placed, order, person
from tests.operations.desk import Desk, must_add_up, refunded, status_of
from tests.operations.late import caused, unshipped

OWN = """
procedure: refund
version: 9
kinds: [refund]
title: {{zh: 快退, en: Quick refund}}
stages: [{{zh: 退款, en: Refund}}]
entry: pay
opens: [{{start: refund_review}}]
stores: {{reason: case.reason}}
steps:
  - id: pay
    type: decide
    stage: 1
    title: {{zh: 退款, en: Refund}}
    usual_seconds: 5
    say: {{zh: 马上退款。, en: Refunded at once.}}
    captures:
      - {{name: amount, type: amount, required: false, label: {{zh: 金额, en: Amount}}}}
    options:
      - code: all
        label: {{zh: 全退, en: All of it}}
        needs: []
        guard: {{fact: order.known, op: eq, value: true}}
        effects: [{effect}]
        clocks: [{{fulfil: refund_review}}]
        goto: again
      - code: ask
        label: {{zh: 审批, en: Ask}}
        needs: []
        effects:
          - effect: approval.request
            with: {{action: refund, amount_fen: {{fact: refund.proposed_fen}}}}
        goto: here
  - id: again
    type: decide
    stage: 1
    title: {{zh: 再退, en: Refund again}}
    usual_seconds: 5
    say: {{zh: 再退一次。, en: Refunded once more.}}
    captures:
      - {{name: more, type: amount, required: false, label: {{zh: 金额, en: Amount}}}}
    options:
      - code: more
        label: {{zh: 再退, en: More}}
        guard: {{fact: order.known, op: eq, value: true}}
        effects:
          - effect: refund
            with: {{amount_fen: {{given: more}}, reason: {{fact: case.reason}}, extent: part}}
        goto: here
      - code: close
        label: {{zh: 结单, en: Close}}
        needs: []
        effects: [{{effect: case.close, with: {{outcome: approved_full}}}}]
        outcome: approved_full
"""
ALL = "amount_fen: {fact: refund.proposed_fen}, reason: {fact: case.reason}"
WHOLE = f"{{effect: refund, with: {{{ALL}, extent: full}}}}"
GIVEN = "{effect: refund, with: {amount_fen: {given: amount}, reason: {fact: case.reason}, extent: part}}"
OTHER = f"{{effect: refund.other_target, with: {{{ALL}}}}}"
COUPON = "{effect: compensation, with: {amount_fen: {given: amount}, form: coupon}}"

Own = Callable[[str], None]


@pytest.fixture
def own(own_home: Path) -> Own:
    """Put a refund procedure of one's own into the book, which does `effect` as its first step."""

    def write(effect: str) -> None:
        folder = own_home / "book" / "procedures"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "refund.yaml").write_text(OWN.format(effect=effect), "utf-8")
        forget()

    return write


def at_own_desk(desk: Desk) -> Desk:
    return Desk(desk.store, desk.ctx.actor, desk.ports)


def test_no_money_before_verification(desk: Desk, placed: Placed, own: Own) -> None:
    own(WHOLE)
    mine = at_own_desk(desk)
    case_id = mine.opened(placed, channel=Channel.HOTLINE)
    assert mine.step(case_id) == "pay"
    with pytest.raises(NotAllowed, match=r"limits\.verification"):
        mine.go(case_id, "all")
    # What was filed signed in is verified by that (B0.4).
    mine.go(mine.opened(placed), "all")
    assert refunded(desk.store, placed) == (0, 12800)


def test_no_money_above_the_limit_or_past_a_flag(desk: Desk, buyer: int, own: Own) -> None:
    own(WHOLE)
    mine = at_own_desk(desk)
    dear = order(desk.store, buyer, items=[Item(price_fen=80000)])
    case_id = mine.opened(dear)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        mine.go(case_id, "all")
    assert refunded(desk.store, dear) == (0, 0)


def test_an_approval_serves_one_refund_of_its_amount(desk: Desk, chief: Desk, buyer: int, own: Own) -> None:
    own(WHOLE)
    mine = at_own_desk(desk)
    dear = order(desk.store, buyer, items=[Item(price_fen=80000), Item(sku="CUP", price_fen=80000)])
    case_id = mine.opened(dear)
    mine.go(case_id, "ask")
    with pytest.raises(DeskError):
        mine.go(case_id, "all")
    approvals.decide(at_own_desk(chief).ctx, 1, "approve")
    mine.go(case_id, "all")
    assert refunded(desk.store, dear) == (0, 160000)
    with pytest.raises(DeskError):
        mine.go(case_id, "more", more=80000)


def test_one_answer_pays_one_refund(desk: Desk, chief: Desk, buyer: int, own: Own) -> None:
    """What was approved once is not paid twice by one F8."""
    own(f"{GIVEN}, {GIVEN}")
    mine = at_own_desk(desk)
    dear = order(desk.store, buyer, items=[Item(price_fen=90000), Item(sku="CUP", price_fen=90000)])
    case_id = mine.opened(dear)
    mine.go(case_id, "ask")
    approvals.decide(at_own_desk(chief).ctx, 1, "approve")
    for fen in (180000, 90000, 4000):
        with pytest.raises(DeskError):
            mine.go(case_id, "all", amount=fen)
    assert refunded(desk.store, dear) == (0, 0)
    must_add_up(desk.store)


def test_a_limit_is_not_reached_around_in_several_steps(desk: Desk, buyer: int, own: Own) -> None:
    own(GIVEN)
    mine = at_own_desk(desk)
    dear = order(desk.store, buyer, items=[Item(price_fen=80000)])
    case_id = mine.opened(dear)
    mine.go(case_id, "all", amount=40000)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        mine.go(case_id, "more", more=10001)
    mine.go(case_id, "more", more=10000)
    # The key of a step that was come to again moves no money again, and the limit is used up.
    with pytest.raises(NotAllowed, match=r"limits\.above|effect\.already"):
        mine.go(case_id, "more", more=1)
    assert refunded(desk.store, dear) == (0, 50000)
    must_add_up(desk.store)


def test_never_more_than_was_paid(desk: Desk, chief: Desk, placed: Placed, own: Own) -> None:
    own(GIVEN)
    boss = at_own_desk(chief)
    case_id = boss.opened(placed)
    for amount in (12801, 10**9):
        with pytest.raises(DeskError):
            boss.go(case_id, "all", amount=amount)
    boss.go(case_id, "all", amount=12800)
    with pytest.raises(DeskError):
        boss.go(case_id, "more", more=1)
    assert refunded(desk.store, placed) == (0, 12800)


def test_another_target_only_where_the_original_is_closed(
    desk: Desk, chief: Desk, placed: Placed, own: Own
) -> None:
    own(OTHER)
    for one in (at_own_desk(desk), at_own_desk(chief)):
        case_id = one.opened(placed)
        with pytest.raises(NotAllowed, match=r"refund\.original_open"):
            one.go(case_id, "all")
    assert refunded(desk.store, placed) == (0, 0)


def test_compensation_keeps_its_limit_and_needs_verification(desk: Desk, buyer: int, own: Own) -> None:
    own(COUPON)
    mine = at_own_desk(desk)
    placed = unshipped(desk.store, buyer)
    case_id = mine.opened(placed, channel=Channel.HOTLINE)
    with pytest.raises(NotAllowed, match=r"limits\.verification"):
        mine.go(case_id, "all", amount=500)
    case_id = mine.opened(placed)
    with pytest.raises(NotAllowed, match=r"compensation\.no_cause"):
        mine.go(case_id, "all", amount=500)
    caused(desk, case_id)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        mine.go(case_id, "all", amount=1281)
    mine.go(case_id, "all", amount=1280)


def test_an_own_list_of_effects_takes_nothing_past_f8(
    desk: Desk, placed: Placed, own: Own, own_home: Path
) -> None:
    own(WHOLE)
    packaged = Path(walking.__file__).parents[1] / "data" / "book" / "effect_names.yaml"
    mild = packaged.read_text("utf-8").replace("risk: money", "risk: record")
    (own_home / "book" / "effect_names.yaml").write_text(mild, "utf-8")
    forget()
    mine = at_own_desk(desk)
    case_id = mine.opened(placed)
    with pytest.raises(NotAllowed, match=r"answer\.needs_f8"):
        walking.answer(mine.ctx, case_id, mine.case(case_id).version, "pay", "all", {})
    assert refunded(desk.store, placed) == (0, 0)


GOODS = """
procedure: after_sale
version: 9
kinds: [after_sale]
title: {zh: 快换, en: Quick exchange}
stages: [{zh: 换货, en: Exchange}]
entry: quick
opens: []
steps:
  - id: quick
    type: decide
    stage: 1
    title: {zh: 换货, en: Exchange}
    usual_seconds: 5
    say: {zh: 马上换。, en: Exchanged at once.}
    options:
      - code: agree
        label: {zh: 同意, en: Agree}
        effects: [{effect: return.approve, with: {kind: exchange}}]
        goto: here
      - code: here
        label: {zh: 已收到, en: It is here}
        effects: [{effect: return.received, with: {}}]
        goto: here
      - code: new
        label: {zh: 发新品, en: New goods}
        effects: [{effect: return.ask, with: {what: exchange}}]
        goto: here
      - code: left
        label: {zh: 已寄出, en: They left}
        effects: [{effect: return.reshipped, with: {carrier: sf, waybill: SF0000180000101}}]
        goto: here
      - code: pay
        label: {zh: 退款, en: Refund}
        effects:
          - effect: refund
            with: {amount_fen: {fact: refund.proposed_fen}, reason: quality, extent: full}
        goto: here
      - code: cancel
        label: {zh: 取消订单, en: Cancel}
        effects: [{effect: order.cancel, with: {reason: unshipped_cancel}}]
        goto: here
      - code: close
        label: {zh: 结单, en: Close}
        effects: [{effect: case.close, with: {outcome: solved}}]
        outcome: solved
"""


@pytest.fixture
def quick(own_home: Path) -> None:
    """A walk of one's own for goods that come back, without the warehouse."""
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "after_sale.yaml").write_text(GOODS, "utf-8")
    forget()


def test_no_new_goods_for_what_nobody_looked_at(desk: Desk, buyer: int, quick: None) -> None:
    mine = at_own_desk(desk)
    case_id = mine.opened(order(desk.store, buyer, items=[Item(price_fen=900000)]), kind=CaseKind.AFTER_SALE)
    mine.go(case_id, "agree")
    mine.go(case_id, "here")
    for option in ("new", "left"):
        with pytest.raises(NotAllowed, match=r"return\.not_inspected"):
            mine.go(case_id, option)
    # The warehouse answers: whoever asked may not type so much in themselves, a colleague may.
    asked = mine.rows(Task, case_id=case_id)[-1].id or 0
    with pytest.raises(NotAllowed, match=r"task\.own_answer"):
        tasks.answer_task(mine.ctx, asked, "完好", "ok")
    other = Desk(desk.store, person(desk.store, "1002"), desk.ports)
    tasks.answer_task(other.ctx, asked, "完好", "ok")
    mine.go(case_id, "new")
    must_add_up(desk.store)


def test_no_money_while_new_goods_are_asked_for(desk: Desk, placed: Placed, quick: None) -> None:
    mine = at_own_desk(desk)
    case_id = mine.opened(placed, kind=CaseKind.AFTER_SALE)
    mine.go(case_id, "agree")
    mine.go(case_id, "here")
    tasks.answer_task(mine.ctx, mine.rows(Task, case_id=case_id)[-1].id or 0, "完好", "ok")
    mine.go(case_id, "new")
    with pytest.raises(NotAllowed, match=r"return\.exchanged"):
        mine.go(case_id, "pay")
    assert refunded(desk.store, placed) == (0, 0)


def test_no_strangers_order_is_cancelled(desk: Desk, buyer: int, quick: None) -> None:
    """Who filed it signed in is known; who only rang is not (B0.4)."""
    mine = at_own_desk(desk)
    placed = unshipped(desk.store, buyer)
    rang = mine.opened(placed, kind=CaseKind.AFTER_SALE, channel=Channel.HOTLINE, filed=False)
    with pytest.raises(NotAllowed, match=r"limits\.verification"):
        mine.go(rang, "cancel")
    assert status_of(desk.store, placed) != "cancelled"
    mine.go(mine.opened(placed, kind=CaseKind.AFTER_SALE), "cancel")
    assert status_of(desk.store, placed) == "cancelled"
