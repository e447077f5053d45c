"""Screens as text, and how many keys they take: the door, a promised list, a hand-over, what is revealed, a
frozen wallet and its decision, another phone number.

`BDESK_KEEP_PICTURES=1 pytest tests/screens/test_kept_screens.py` writes the pictures anew: look first.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import LOCAL
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel, Role
from bdesk.models.tables import Approval, Case, Contact
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import calls, promises
from bdesk.operations.context import Context
from bdesk.operations.ports import simulated
from bdesk.operations.shift_handover import pack
from bdesk.operations.staff import announcing, passwords, people
from bdesk.operations.staff.groups import ensure_groups
from bdesk.screens import navigation
from bdesk.screens.wallet.deciding import DecideModal
from tests.builders import clock_of, context, customer, make_store, open_case, order, person
from tests.operations.changing import NEW_PHONE, owner
from tests.operations.desk import Desk
from tests.operations.frozen import (
    PASSWORD,
    TAIL,
    at_work,
    code,
    freeze,
    questioned,
    recommended,
    rung,
    verified,
)
from tests.screens.desks import at_desk
from tests.screens.test_arriving import Door, known

KEPT = Path(__file__).parent / "pictures"
SIZES = [(80, 24), (120, 40)]

pytestmark = [pytest.mark.usefixtures("patient_hand"), pytest.mark.parametrize("size", SIZES)]


def is_kept(name: str, text: str, size: tuple[int, int], language: str) -> None:
    """The screen is as it was looked at, whatever number the system's own person has."""
    text = re.sub(r"\b7\d{4}\b", "70000", text)
    kept = KEPT / f"{name}_{size[0]}_{language}.txt"
    if os.environ.get("BDESK_KEEP_PICTURES"):
        kept.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == kept.read_text(encoding="utf-8"), (
        f"{kept.name} has changed: look, then keep it anew"
    )


@pytest.fixture
def chief(store: Store) -> ActorView:
    return person(store, "2001", Role.SUPERVISOR, name="韩冬")


def promised(store: Store, agent: ActorView) -> list[int]:
    ctx, found = context(store, agent), []
    for hours, who, words in (
        (3, "李晓明", "告知仓库核查结果"),
        (1, "欧阳静怡", "寄出新的水壶，并把运单号发给客户"),
    ):
        placed = order(store, customer(store, name=who))
        case_id = open_case(store, order_id=placed.id, owner=agent, subject=words)
        promises.make(ctx, case_id, words, ctx.now() + timedelta(hours=hours), promises.CALL_BACK)
        found.append(case_id)
    return found


async def test_promised_today_is_two_keys(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    promised(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f10", "8")
        is_kept("promised", desk.driver.widths_ok().screen_text(), size, language)
        assert desk.driver.keys == 2, "the ceiling"


async def test_a_packed_case_is_accepted_in_two_keys_from_the_list(
    store: Store, size: tuple[int, int], language: str
) -> None:
    mine = person(store, "1001", name="林晓", group="hotline")
    comes = person(store, "1002", name="陈默", group="hotline")
    cases = promised(store, mine)
    pack(context(store, mine), "hotline", "第一件先回电")
    async with at_desk(store, comes, size=size) as desk:
        await desk.driver.press("f10", "9")
        is_kept("handover", desk.driver.widths_ok().screen_text(), size, language)
        await desk.driver.press("4")
        is_kept("to_accept", desk.driver.widths_ok().screen_text(), size, language)
        await desk.driver.press("1", "1")
        assert desk.driver.keys == 5, "the ceiling: hand-over 3K, and two for each case"
    with store.read() as session:
        assert [session.get_one(Case, one).owner_id for one in cases].count(comes.id) == 1


async def test_a_reveal_is_two_keys_from_the_card(
    store: Store, chief: ActorView, size: tuple[int, int], language: str
) -> None:
    buyer = customer(store, name="欧阳静怡", phone="15412346621", email="ouyang@example.com")
    open_case(store, order_id=order(store, buyer).id, subject="少发一件")
    async with at_desk(store, chief, size=size) as desk:
        await desk.driver.run(lambda: navigation.push_customer(desk.screen, buyer))
        is_kept("customer", desk.driver.widths_ok().screen_text(), size, language)
        await desk.driver.press("space", "1")
        is_kept("revealed", desk.driver.widths_ok().screen_text(), size, language)
        assert desk.driver.keys == 2, "the ceiling"


async def test_a_checker_decides_a_release_in_five_keys_and_what_they_type(
    store: Store, size: tuple[int, int], language: str
) -> None:
    ports = simulated()
    desk = at_work(store, ports, "1001", Role.AGENT, name="林晓")
    checker = at_work(store, ports, "2001", Role.SUPERVISOR, name="周岚")
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store, name="高远"))))
    recommended(desk, case_id, "limited")
    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)
    async with at_desk(store, checker.ctx.actor, size=size) as at:
        await at.driver.press("f3")
        await at.driver.type(desk.case(case_id).case_no)
        await at.driver.press("enter")
        is_kept("wallet", at.driver.widths_ok().screen_text(), size, language)
        at.driver.forget_keys()
        await at.driver.press("1", "1")
        assert isinstance(at.driver.app.screen, DecideModal)
        await at.driver.type("凭证一致")
        await at.driver.press("enter")
        await at.driver.type(PASSWORD)
        is_kept("decision", at.driver.widths_ok().screen_text(), size, language)
        await at.driver.press("f8")
        assert at.driver.keys == 4, "the ceiling: read, approve, next field, F8"
    assert [one.decided_by for one in desk.rows(Approval)] == ["2001"]


async def test_another_phone_is_read_back_and_asked_for(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    desk = Desk(store, agent)
    case_id = open_case(
        store,
        kind=CaseKind.ACCOUNT_CHANGE,
        channel=Channel.HOTLINE,
        customer_id=owner(store, desk, name="高远"),
        subject="更改手机",
        received_at=clock_of(store).now() - timedelta(minutes=5),
    )
    async with at_desk(store, agent, size=size) as at:
        await at.driver.press("f9", "2", "1")
        await at.driver.type("128.00")
        await at.driver.press("enter")
        await at.driver.type(TAIL)
        await at.driver.press("enter", "1")
        code(desk, case_id, "passed")
        await at.driver.run(at.screen.refresh_now)
        await at.driver.type(NEW_PHONE)
        await at.driver.press("enter")
        is_kept("account_change", at.driver.widths_ok().screen_text(), size, language)
        await at.driver.press("1")
        assert at.driver.keys <= 8, "the ceiling, beside what is typed"


async def test_the_door_as_it_was_looked_at(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    # A training store keeps nobody signed in, whatever keyring there is.
    with make_store(tmp_path, training=True) as store:
        with store.write("test") as unit:
            ensure_groups(unit)
            hashed = passwords.hash_password("right-password")
            for number, name in (("1001", "林晓"), ("1002", "陈默")):
                one = people.NewPerson(number, name, Role.AGENT, "right-password", "hotline", ("after_sale",))
                people.add_person(unit, one, hashed)
            unit.commit()
        other = people.find_actor(store, "1002")
        promised(store, other)
        pack(context(store, other), "hotline", "第一件先回电")
        chief = Context(store, load_book(), person(store, "2001", Role.SUPERVISOR))
        today = store.now().astimezone(LOCAL).date()
        announcing.announce(
            chief, "华东仓停电，今天十八点以后的订单明天才发；请不要承诺今天发货，明早八点恢复", today
        )
        async with Door(store, tmp_path).opened(size) as desk:
            await known(desk)
            text = desk.widths_ok().screen_text()
            is_kept("door", text, size, language)
            assert desk.keys == 2, "the ceiling: Enter after the number, Enter after the password"
            await desk.press("enter")
            assert desk.keys == 3
