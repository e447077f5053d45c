"""Where two rules meet: an approval and what changes after it, a limit and several cases."""

from pathlib import Path

import pytest

from bdesk.data.book.book import forget
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import PaymentMethod, Role
from bdesk.operations import approvals, evidence, queue
from tests.attack.test_procedures import COUPON, OWN, WHOLE, at_own_desk
from tests.builders import Item, order, person
from tests.operations.desk import Desk, must_add_up, refunded
from tests.operations.late import caused, promised_anew, unshipped

FIRST, SECOND = "工商银行 尾号 0123", "建设银行 尾号 9999"


@pytest.fixture
def approved(desk: Desk, chief: Desk, buyer: int) -> int:
    """A case of mine of which a supervisor approved the refund to the first target."""
    paid = {"payment_no": "PAY-1", "method": PaymentMethod.DEBIT_CARD}
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, payments=(paid,), placed_days=400)))
    desk.go(case_id, "original_closed")
    desk.go(case_id, "form")
    evidence.register_target(desk.ctx, case_id, FIRST)
    desk.go(case_id, "ask", target_why="原卡已销户")
    approvals.decide(chief.ctx, 1, "approve", "同意")
    return case_id


def test_another_target_than_the_approved_one_takes_another_approval(
    desk: Desk, chief: Desk, approved: int
) -> None:
    evidence.register_target(desk.ctx, approved, SECOND)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        desk.go(approved, "refund")
    desk.go(approved, "back")
    desk.go(approved, "ask", target_why="原卡已销户")
    approvals.decide(chief.ctx, 2, "approve", "同意")
    desk.go(approved, "refund")
    must_add_up(desk.store)


def test_who_approved_does_not_put_another_target_in(desk: Desk, chief: Desk, approved: int) -> None:
    queue.release(desk.ctx, approved)
    evidence.register_target(chief.ctx, approved, SECOND)
    second = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR), desk.ports)
    for one in (desk, second, chief):
        with pytest.raises(DeskError):
            one.go(approved, "refund")


CAUSES = """      - code: {code}
        label: {{zh: 补偿, en: Compensate}}
        needs: []
        guard: {{fact: order.known, op: eq, value: true}}
        effects: [{{effect: compensation, with: {{amount_fen: 30000, form: coupon}}}}]
        goto: here
"""
ASK_300 = """      - code: ask_300
        label: {zh: 审批, en: Ask}
        needs: []
        effects:
          - effect: approval.request
            with: {action: compensation, amount_fen: 30000}
        goto: here
"""


def own_walk(home: Path, effect: str, options: str) -> None:
    """A refund procedure of one's own, with more options at its first step."""
    text = OWN.format(effect=effect).replace("  - id: again", options + "  - id: again")
    folder = home / "book" / "procedures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "refund.yaml").write_text(text, "utf-8")
    forget()


def test_an_approval_of_compensation_pays_once(desk: Desk, chief: Desk, buyer: int, own_home: Path) -> None:
    """An own procedure that asks for it twice, both under one approval."""
    own_walk(own_home, COUPON, CAUSES.format(code="late") + CAUSES.format(code="later") + ASK_300)
    mine = at_own_desk(desk)
    dear = unshipped(desk.store, buyer, items=[Item(price_fen=150000)])
    case_id = mine.opened(dear)
    caused(desk, case_id)
    mine.go(case_id, "ask_300")
    approvals.decide(at_own_desk(chief).ctx, 1, "approve", "同意")
    mine.go(case_id, "late")
    with pytest.raises(NotAllowed, match=r"compensation\.already"):
        mine.go(case_id, "later")
    promised_anew(desk, dear)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed|limits\."):
        mine.go(case_id, "later")


def test_a_compensation_taken_back_may_be_given_under_its_approval(
    desk: Desk, chief: Desk, buyer: int, own_home: Path
) -> None:
    own_walk(own_home, COUPON, CAUSES.format(code="late") + CAUSES.format(code="later") + ASK_300)
    mine = at_own_desk(desk)
    dear = unshipped(desk.store, buyer, items=[Item(price_fen=150000)])
    case_id = mine.opened(dear)
    caused(desk, case_id)
    mine.go(case_id, "ask_300")
    approvals.decide(at_own_desk(chief).ctx, 1, "approve", "同意")
    first = mine.go(case_id, "late")
    # What was taken back may be done under it after all.
    mine.recall(first)
    mine.go(case_id, "later")
    must_add_up(desk.store)


MOVE = """      - code: move
        label: {zh: 换单, en: Another order}
        needs: []
        effects: [{effect: contact.attach_order, with: {order_no: {text: {zh: NUMBER, en: NUMBER}}}}]
        goto: here
"""


def test_an_approval_does_not_go_along_to_another_order(
    desk: Desk, chief: Desk, buyer: int, own_home: Path
) -> None:
    """Two orders that look the same: what was approved for one pays nothing back of the other."""
    one, other = (order(desk.store, buyer, items=[Item(price_fen=64000)]) for _ in range(2))
    own_walk(own_home, WHOLE, MOVE.replace("NUMBER", other.order_no))
    mine = at_own_desk(desk)
    case_id = mine.opened(one)
    mine.go(case_id, "ask")
    approvals.decide(at_own_desk(chief).ctx, 1, "approve", "同意")
    mine.go(case_id, "move")
    with pytest.raises(DeskError):
        mine.go(case_id, "all")
    assert refunded(desk.store, other) == (0, 0)


def test_compensation_for_an_order_keeps_one_limit_over_all_its_cases(
    desk: Desk, buyer: int, own_home: Path
) -> None:
    """An agent gives up to 50.00, or a tenth of the goods: once for an order, not once for each case."""
    causes = [CAUSES.format(code=code).replace("30000", "4000") for code in ("late", "later")]
    own_walk(own_home, COUPON, "".join(causes))
    mine = at_own_desk(desk)
    dear = unshipped(desk.store, buyer, items=[Item(price_fen=150000)])
    first, second = mine.opened(dear), mine.opened(dear)
    caused(desk, first)
    mine.go(first, "late")
    promised_anew(desk, dear)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        mine.go(second, "later")
