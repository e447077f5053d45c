"""Two cases that each take goods off one order, and one of them takes it back."""

import pytest

from bdesk.models.kinds import OrderStatus, RefundReason
from bdesk.models.tables import Order
from bdesk.models.views.changed import Changed
from tests.builders import Placed
from tests.operations.desk import Desk, must_add_up, refunded, status_of
from tests.operations.late import unshipped
from tests.operations.test_cancelling import BOOTS, COAT, items_of


def one_line(desk: Desk, placed: Placed, line: str) -> Changed:
    """A case of its own takes one line off the order and pays it."""
    case_id = desk.opened(placed, media=False, reason=RefundReason.UNSHIPPED_CANCEL)
    while desk.step(case_id) == "duplicate/same":
        desk.go(case_id, "other", difference="另一件")
    while desk.step(case_id) == "scope":
        desk.go(case_id, "part", items=(line,))
    desk.go(case_id, "cancel")
    return desk.go(case_id, "approve")


@pytest.mark.parametrize("both", [False, True])
def test_the_first_recalls_when_the_second_cancelled_the_rest(
    desk: Desk, chief: Desk, buyer: int, both: bool
) -> None:
    """The coat is on its way to the customer again, the boots are not; the order is no cancelled one."""
    placed = unshipped(desk.store, buyer, items=(COAT, BOOTS), other_fen=None)
    first, second = one_line(desk, placed, "1"), one_line(chief, placed, "2")
    assert status_of(desk.store, placed) == "cancelled"
    desk.recall(first)
    assert (status_of(desk.store, placed), items_of(desk, placed)) == ("refunding", [0, 1])
    assert refunded(desk.store, placed) == (0, 40000)
    if both:
        chief.recall(second)
        assert (status_of(desk.store, placed), items_of(desk, placed)) == ("to_ship", [0, 0])
        assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


def test_what_the_shop_cancelled_stays_cancelled(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, items=(COAT, BOOTS), other_fen=None)
    done = one_line(desk, placed, "1")
    with desk.store.write("shop") as unit:
        unit.session.get_one(Order, placed.id).status = OrderStatus.CANCELLED
        unit.commit()
    desk.recall(done)
    assert (status_of(desk.store, placed), items_of(desk, placed)) == ("cancelled", [0, 0])
    must_add_up(desk.store)
