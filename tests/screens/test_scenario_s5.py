"""S5 by keys at 80x24 (training.md D7): an e-mail and a call about one order become one case, at the desk of
whoever takes the call or at a supervisor's board, and the earlier clock stays; only the late part goes back.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseOutcome, Channel, RefundState
from bdesk.models.tables import Case, ClockRow, Compensation, Contact, Notification, OrderItem, Refund
from bdesk.operations.outbox import release_due
from bdesk.operations.staff.people import find_actor
from tests.builders import context
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, Seeded, T, at_work, rows

pytestmark = pytest.mark.usefixtures("patient_hand", "language")


class Floor:
    """The store, and who sits at it."""

    def __init__(self, store: Store, host: FrozenClock) -> None:
        self.store, self.host = store, host

    @asynccontextmanager
    async def sits(self, number: str) -> AsyncIterator[Seat]:
        async with at_desk(self.store, find_actor(self.store, number), size=(80, 24)) as desk:
            yield Seat(desk)

    def rows(self, kind: type[T], /, **where: object) -> list[T]:
        return rows(self.store, kind, **where)

    @property
    def mail(self) -> Case:
        return self.rows(Case, channel=Channel.EMAIL)[0]

    @property
    def call(self) -> Case:
        return self.rows(Case, channel=Channel.HOTLINE)[0]

    def due(self, case: Case) -> dict[str, object]:
        """The running desk clocks of a case, and when each is due."""
        found = self.rows(ClockRow, case_id=case.id, run=RunState.RUNNING)
        return {one.kind: one.due_at for one in found if one.drives == "desk"}

    def leaves(self) -> None:
        self.host.move(timedelta(seconds=11))
        release_due(context(self.store, find_actor(self.store, "1003")))


@pytest.fixture
def floor(seeded: Seeded, tmp_path: Path, host: FrozenClock) -> Iterator[Floor]:
    with at_work(seeded("S5"), tmp_path, host) as store:
        yield Floor(store, host)
        verdict = verify(store, load_book())
        assert verdict.ok, verdict.first_fault


def one_case(floor: Floor, before: dict[str, object]) -> None:
    """What a merge must have done: the contact is the older case's, and of each kind the earlier clock
    runs."""
    mail, call = floor.mail, floor.call
    assert (call.open, call.outcome) == (False, CaseOutcome.MERGED)
    (contact,) = floor.rows(Contact, channel=Channel.HOTLINE)
    assert contact.case_id == mail.id
    assert floor.due(call) == {}
    after = floor.due(mail)
    assert {kind: after[kind] for kind in before} == before, "no clock of the e-mail starts anew"


async def test_the_call_joins_the_mail_and_only_the_coat_goes_back(floor: Floor) -> None:
    before = floor.due(floor.mail)
    assert before["email_reply"] == floor.mail.received_at + timedelta(hours=24)
    async with floor.sits("1002") as caller:
        await caller.press("f5", "=0501", "enter")
        caller.sees("已有在办", "open already")
        await caller.press("3", "1")
        caller.driver.shows(floor.mail.case_no)
        await caller.press("1", "f8")
        one_case(floor, before)
        await caller.press("f2", "f5", "f5", "1")
    floor.leaves()
    async with floor.sits("1003") as owner:
        await owner.press("f9", "1", "=799", "enter", "=0517", "enter", "1", "=11-24", "enter")
        await owner.press("1")  # the trap: a second compensation for one delay
        owner.sees("已补偿过", "Given already")
        await owner.press("2", "escape", "4", "3")
        owner.driver.shows("265.74").shows_not("299.00")
        await owner.press("1", "f8", "1")
    floor.leaves()
    assert floor.mail.outcome is CaseOutcome.APPROVED_FULL
    assert [(one.amount_fen, one.state) for one in floor.rows(Refund)] == [(26574, RefundState.ACCEPTED)]
    assert [one.cancelled for one in floor.rows(OrderItem)] == [1, 0, 0]
    assert [one.amount_fen for one in floor.rows(Compensation)] == [2000]
    letters = {one.letter for one in floor.rows(Notification, case_id=floor.mail.id)}
    assert "N2" in letters
    mails = floor.rows(ClockRow, case_id=floor.mail.id, kind="email_reply")
    assert {(one.due_at, one.outcome) for one in mails} == {(before["email_reply"], Outcome.MET)}


async def test_a_supervisor_merges_what_was_taken_for_two_matters(floor: Floor) -> None:
    before = floor.due(floor.mail)
    async with floor.sits("1002") as caller:
        await caller.press("f5", "=0501", "enter", "3", "1")
        await caller.press("2", "=还要换货", "enter", "f2", "f5", "f5", "1")
    assert floor.call.open
    floor.host.move(timedelta(minutes=5))
    async with floor.sits("2001") as chief:
        await chief.press("f10", "enter", "tab", "tab", "tab", "2", "enter")
        chief.driver.shows("何**")
        await chief.press("f7", "5")
        chief.driver.shows(floor.mail.case_no, "冲锋衣四天没发").widths_ok()
        await chief.press("1")
        assert floor.call.open, "not before the reason"
        await chief.press("=同一订单", "enter")
        chief.sees("名下没有未结工单", "Holds no open case")
    one_case(floor, before)
