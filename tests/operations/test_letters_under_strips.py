"""A strip that stands while a letter of before leaves the outbox (UX 5): the customer is still being asked,
and nothing that it rests on has changed."""

from dataclasses import replace

import pytest

from bdesk.errors import CaseMoved
from bdesk.models.kinds import CaseState
from bdesk.models.views.strip import Strip
from bdesk.operations.looking.case import case_page
from bdesk.operations.ports import Answer, Ports, Reply
from tests.builders import Placed
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_after_sale import ADDRESS, settle, to_approval


class Bouncing:
    """No letter arrives."""

    def send(self, key: str, channel: str, target: str, subject: str, body: str) -> Reply:
        return Reply(Answer.FAILED, "mail.bounced")


def moved(desk: Desk, pending: Strip) -> bool:
    """Whether the screen drops the strip."""
    return case_page(desk.ctx, pending.case_id).moved_since(pending)


def test_a_letter_that_leaves_lets_the_strip_stand(desk: Desk, placed: Placed) -> None:
    case_id = to_approval(desk, placed)
    pending = desk.strip(case_id, "send", return_to=ADDRESS)
    settle(desk)
    assert len(desk.events(case_id, "effect.released", "effect.accepted")) == 2
    assert desk.case(case_id).version > pending.case_version
    assert not moved(desk, pending)
    desk.press_f8(pending)
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    must_add_up(desk.store, [desk.ports])


def test_a_letter_that_fails_does_not(desk: Desk, placed: Placed) -> None:
    case_id = to_approval(desk, placed)
    pending = desk.strip(case_id, "send", return_to=ADDRESS)
    desk.ctx = replace(desk.ctx, ports=Ports(desk.payment, Bouncing()))
    settle(desk)
    assert moved(desk, pending)
    with pytest.raises(CaseMoved):
        desk.press_f8(pending)


def test_money_that_leaves_does_not(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    pending = desk.strip(case_id, "resend")
    settle(desk)
    assert moved(desk, pending)
    with pytest.raises(CaseMoved):
        desk.press_f8(pending)
    must_add_up(desk.store, [desk.ports])


def test_what_else_happened_while_the_letter_left_is_not_covered(desk: Desk, placed: Placed) -> None:
    case_id = to_approval(desk, placed)
    pending = desk.strip(case_id, "send", return_to=ADDRESS)
    desk.press_f8(pending)
    settle(desk)
    assert moved(desk, pending)
    with pytest.raises(CaseMoved):
        desk.press_f8(pending)
