"""What must never be kept, however it is broken up or dressed (B0.5)."""

import json
import sqlite3

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import CaseText, Notification
from bdesk.operations import calls, notes, raising
from bdesk.operations.opening import NewCase, open_case
from bdesk.rules.scanner import scan
from tests.builders import Placed
from tests.operations.desk import Desk

CARD = "6222020200012349"

HIDDEN = [
    "6222\u200b0202\u200b0001\u200b2349",
    "62220202\u00ad00012349",
    "6222\u20600202\u20610001\ufe0f2349",
    "6222\t0202\t0001\t2349",
    "\x1b6222\x1b0202\x1b0001\x1b2349",
]
BROKEN = [
    " ".join(CARD),
    "6222/0202/0001/2349",
    "6222\n0202\n0001\n2349",
    "6222,0202,0001,2349",
    "6222，0202，0001，2349",
    "6222、0202、0001、2349",
    "6222：0202：0001：2349",
    "6222   0202   0001   2349",
    "6222・0202・0001・2349",
    "6222|0202|0001|2349",
    "62220 20200 01234 9",
    "110105.1990.03.07.1234",
    "110105/19900307/1234",
]


def _note(desk: Desk, case_id: int, words: str) -> None:
    notes.add_note(desk.ctx, case_id, words)


def _raise(desk: Desk, case_id: int, words: str) -> None:
    raising.raise_case(desk.ctx, case_id, "supervisor", words)


def _call(desk: Desk, case_id: int, words: str) -> None:
    calls.end_call(desk.ctx, calls.start_call(desk.ctx), words)


@pytest.mark.parametrize("number", [*HIDDEN, *BROKEN])
def test_a_number_in_disguise_is_not_kept(desk: Desk, placed: Placed, number: str) -> None:
    case_id = desk.opened(placed)
    for keep in (_note, _raise, _call):
        with pytest.raises(NotAllowed, match=r"text\.secret"):
            keep(desk, case_id, f"卡号 {number}")


@pytest.mark.parametrize("number", HIDDEN)
def test_a_number_in_disguise_is_not_kept_as_an_answer(desk: Desk, placed: Placed, number: str) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        desk.strip(case_id, "approve_part", amount=100, why=f"卡 {number}")


def test_short_numbers_side_by_side_stay() -> None:
    for text in (
        "尾号 7741、7742、7743、7744",
        "6222,0202,0001,2345",
        "3800 元，4200 元，5600 元，7100 元",
        "2026/11/14 10:00:00, 2026/11/15 11:00:00",
        "1 2 3 4 5 6 7 8 9 10 11 12",
    ):
        assert scan(text).findings == ()


@pytest.mark.parametrize("number", [CARD, *HIDDEN[:2]])
def test_what_a_customer_wrote_into_a_new_case_is_masked(desk: Desk, number: str) -> None:
    made = open_case(
        desk.ctx,
        NewCase(
            CaseKind.REFUND,
            Channel.HOTLINE,
            subject=f"退到 {number}",
            description=f"我的卡是{number}\n谢谢",
            desired=f"退到 {number}",
        ),
    )
    assert made.case_id is not None
    case = desk.case(made.case_id)
    kept = [case.subject, case.desired, *(one.body for one in desk.rows(CaseText))]
    assert [one for one in kept if "0202" in one] == []
    assert kept[2] == "我的卡是**** **** **** 2349\n谢谢"


def test_an_answer_drives_no_terminal_from_the_store(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    hostile = "便宜\x1b]2;x\x07[/b]\u202e一点"
    desk.go(case_id, "approve_part", amount=100, why=hostile)
    connection = sqlite3.connect(desk.store.place)
    kept = [json.loads(row[0]) for row in connection.execute("SELECT captures FROM step_answer")]
    connection.close()
    assert kept[-1]["why"] == "便宜]2;x[/b]一点"
    for letter in desk.rows(Notification):
        assert letter.subject.isprintable()
