"""What a case's history says of answers and of what was taken back: in words, with the sums of then."""

from bdesk.models.kinds import Channel
from bdesk.operations import undoing
from bdesk.operations.looking.case import CasePage, case_page
from bdesk.operations.notes import add_note
from bdesk.screens.case.side import recent_words, timeline_entries
from bdesk.speech import speak
from tests.builders import Placed, customer, order
from tests.operations.desk import Desk


def said(page: CasePage) -> list[str]:
    """The history as commands print it, newest first."""
    return [speak(line.code, line.params, page.words) for line in page.timeline]


def test_an_answer_is_told_without_open_places(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    told = said(case_page(desk.ctx, case_id))
    assert not [line for line in told if "{" in line]
    assert "Which items: All: 电热水壶 x1" in told
    # What was committed, not what is left to refund since.
    assert [line for line in told if line.startswith("Decide the refund: Refund 128.00 to ")]


def test_who_took_something_back_says_what(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    add_note(desk.ctx, case_id, "写错了")
    undoing.undo(desk.ctx, case_id)
    desk.go(case_id, "whole")
    undoing.undo(desk.ctx, case_id)
    newest, before = [line for line in said(case_page(desk.ctx, case_id)) if line.startswith("Undone")]
    assert before == "Undone: note"
    assert newest == "Undone: Which items: All: 电热水壶 x1"


def test_what_came_of_a_check_stands_beside_it_and_never_what_was_said(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, phone="15412346621"))
    case_id = desk.opened(placed, channel=Channel.EMAIL)
    desk.go(case_id, "whole")
    desk.go(case_id, "check", recent_amount="77.00", phone_tail="6621")
    desk.go(case_id, "check", recent_amount="128.00", phone_tail="6621")
    page = case_page(desk.ctx, case_id)
    told = [one.text for one in timeline_entries(page)]
    assert told[:4] == [
        "Identity V2 account: passed",
        "Verify the customer: Check",
        "Identity V2 account: not passed",
        "Verify the customer: Check",
    ]
    assert not [line for line in told if "77" in line or "6621" in line]
    # The two lines at 80 columns keep to what is of the matter.
    assert "Identity" not in recent_words(page)
