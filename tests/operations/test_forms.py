"""What a customer wrote into an after-sales form is read back and confirmed by one answer (P7 AS1, AS2)."""

import pytest

from bdesk.models.kinds import CaseKind, Channel, RefundReason
from bdesk.models.tables import Case
from tests.builders import Placed, order
from tests.operations.desk import Desk


@pytest.fixture
def placed(desk: Desk, buyer: int) -> Placed:
    return order(desk.store, buyer)


def filed(desk: Desk, placed: Placed, subtype: str | None, reason: RefundReason | None, words: str) -> int:
    case_id = desk.opened(
        placed, kind=CaseKind.AFTER_SALE, channel=Channel.AFTER_SALE_FORM, reason=reason, description=words
    )
    with desk.store.write("form") as unit:
        unit.session.get_one(Case, case_id).subtype = subtype
        unit.commit()
    return case_id


def test_one_answer_confirms_type_and_reason(desk: Desk, placed: Placed) -> None:
    case_id = filed(desk, placed, "exchange", RefundReason.QUALITY, "屏幕不亮")
    assert desk.step(case_id) == "confirm"
    current = desk.stand(case_id).walk.current
    assert current is not None and current.say is not None
    assert "换货" in current.say.zh and "质量" in current.say.zh
    desk.go(case_id, "right")
    assert desk.step(case_id) == "number"
    desk.go(case_id, "letter")
    assert desk.step(case_id) == "evidence"


def test_another_reason_is_asked_and_the_type_kept(desk: Desk, placed: Placed) -> None:
    case_id = filed(desk, placed, "return", RefundReason.NO_REASON, "")
    desk.go(case_id, "reason")
    assert desk.step(case_id) == "reason"
    desk.go(case_id, "quality", fault="漏水")
    case = desk.case(case_id)
    assert (case.subtype, case.reason) == ("return", RefundReason.QUALITY)
    assert desk.step(case_id) == "number"


def test_another_type_is_asked_and_the_reason_after_it(desk: Desk, placed: Placed) -> None:
    case_id = filed(desk, placed, "return", RefundReason.QUALITY, "漏水")
    desk.go(case_id, "type")
    desk.go(case_id, "exchange")
    assert desk.step(case_id) == "reason"
    desk.go(case_id, "quality")
    assert desk.case(case_id).subtype == "exchange"


@pytest.mark.parametrize(
    ("subtype", "reason", "words"),
    [
        (None, RefundReason.QUALITY, "漏水"),
        ("return", None, "漏水"),
        ("return", RefundReason.QUALITY, ""),
        ("repair", RefundReason.NO_REASON, "不想要了"),
        ("return", RefundReason.LATE_SHIPPING, "太晚了"),
    ],
)
def test_what_a_form_leaves_open_is_asked(
    desk: Desk, placed: Placed, subtype: str | None, reason: RefundReason | None, words: str
) -> None:
    case_id = filed(desk, placed, subtype, reason, words)
    assert desk.step(case_id) == "type"


def test_what_was_answered_here_is_not_read_back_as_a_form(desk: Desk, placed: Placed) -> None:
    """The answers name type and reason as a form does: the walk once went back to read them out."""
    case_id = filed(desk, placed, None, RefundReason.QUALITY, "漏水")
    desk.go(case_id, "return")
    assert desk.step(case_id) == "reason"
    desk.go(case_id, "quality", fault="漏水")
    assert desk.step(case_id) == "number"


def test_another_type_is_answered_once_though_no_such_form_is_read_back(desk: Desk, placed: Placed) -> None:
    """A form of a return for a change of mind, which the customer corrects: a repair."""
    case_id = filed(desk, placed, "return", RefundReason.NO_REASON, "")
    desk.go(case_id, "type")
    desk.go(case_id, "repair")
    assert desk.step(case_id) == "reason"
    assert desk.case(case_id).subtype == "repair"
