"""What is masked is shown to a supervisor who says why, on record, and hidden again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select
from textual import events

from bdesk import i18n
from bdesk.app import DeskApp
from bdesk.data.core import EVENT
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed, NotFound
from bdesk.models.kinds import Role, Stream
from bdesk.models.tables import Customer
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import revealing
from bdesk.screens import navigation
from bdesk.screens.customer.revealed import RevealedModal
from bdesk.screens.customer.screen import CustomerScreen
from bdesk.screens.idle import IdleScreen
from tests.builders import context, customer, make_store, person
from tests.screens.desks import AtDesk, at_desk

PHONE, MAIL = "15412346621", "lixue@example.com"


@pytest.fixture(params=["zh", "en"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    i18n.set_language(request.param)
    with make_store(tmp_path) as made:
        yield made
    i18n.set_language("en")


@pytest.fixture
def buyer(store: Store) -> int:
    return customer(store, name="李雪", phone=PHONE, email=MAIL)


def told(store: Store) -> list[dict[str, object]]:
    with store.read() as session:
        rows = session.execute(select(EVENT.c.payload).where(EVENT.c.kind == revealing.EVENT)).scalars()
        return [json.loads(row) if isinstance(row, str) else dict(row) for row in rows]


def everything(store: Store) -> str:
    with store.read() as session:
        return json.dumps([list(map(str, row)) for row in session.execute(select(EVENT))], ensure_ascii=False)


async def at_the_card(desk: AtDesk, buyer: int) -> None:
    await desk.driver.run(lambda: navigation.push_customer(desk.screen, buyer))
    assert desk.on(CustomerScreen)


async def test_it_is_said_that_a_number_is_of_lately(store: Store, buyer: int) -> None:
    """What changed in the last 7 days may be another's: whoever rings it up is to know."""
    lately = {"zh": "11/16 10:00改过", "en": "changed 11/16 10:00"}[i18n.language()]
    chief = person(store, "2001", Role.SUPERVISOR)
    for days, said in ((8, False), (2, True)):
        with store.write("test") as unit:
            row = unit.session.get_one(Customer, buyer)
            row.contact_changed_at = unit.now - timedelta(days=days)
            unit.commit()
        async with at_desk(store, chief, size=(80, 24)) as desk:
            await at_the_card(desk, buyer)
            await desk.driver.press("space", "1")
            desk.driver.shows(PHONE).widths_ok()
            (desk.driver.shows if said else desk.driver.shows_not)(lately)


async def test_a_supervisor_sees_it_whole_until_any_key(
    store: Store, buyer: int, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(RevealedModal, "seconds", staticmethod(lambda: 0.0))
    chief = person(store, "2001", Role.SUPERVISOR)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await at_the_card(desk, buyer)
        desk.driver.shows_not(PHONE, MAIL).widths_ok()
        await desk.driver.press("space")
        desk.driver.shows("30").shows_not(PHONE).widths_ok()
        await desk.driver.press("1")
        desk.driver.shows(PHONE, MAIL, "李雪").widths_ok()
        modal = desk.driver.app.screen
        assert isinstance(modal, RevealedModal) and modal.hiding is not None
        assert modal.hiding._interval == revealing.SHOWN_SECONDS == 30
        desk.driver.shows({"zh": "30 秒后隐藏", "en": "hidden in 30 s"}[language])
        monkeypatch.setattr(RevealedModal, "seconds", staticmethod(lambda: 12.5))
        await desk.driver.run(modal.count)
        desk.driver.shows({"zh": "18 秒后隐藏", "en": "hidden in 18 s"}[language], PHONE).widths_ok()
        await desk.driver.press("down")
        desk.driver.shows_not(PHONE, MAIL).widths_ok()
        assert modal._found is None
    assert told(store) == [{"customer": buyer, "reason": "call_back"}]
    assert PHONE not in everything(store) and MAIL not in everything(store)


async def test_it_hides_by_itself(store: Store, buyer: int) -> None:
    chief = person(store, "2001", Role.SUPERVISOR)
    async with at_desk(store, chief) as desk:
        await at_the_card(desk, buyer)
        await desk.driver.press("space", "2")
        modal = desk.driver.app.screen
        assert isinstance(modal, RevealedModal) and modal.hiding is not None
        await desk.driver.run(lambda: modal.hiding and modal.hiding._callback and modal.hiding._callback())
        assert desk.on(CustomerScreen)
        desk.driver.shows_not(PHONE, MAIL)


async def test_it_hides_when_the_terminal_is_left(store: Store, buyer: int) -> None:
    chief = person(store, "2001", Role.SUPERVISOR)
    async with at_desk(store, chief) as desk:
        await at_the_card(desk, buyer)
        await desk.driver.press("space", "1")
        desk.driver.shows(PHONE)
        await desk.driver.run(lambda: desk.driver.app.post_message(events.AppBlur()))
        await desk.driver.idle()
        assert desk.on(CustomerScreen)
        desk.driver.shows_not(PHONE, MAIL)


async def test_a_lock_over_it_ends_it(store: Store, buyer: int) -> None:
    chief = person(store, "2001", Role.SUPERVISOR)
    async with at_desk(store, chief) as desk:
        await at_the_card(desk, buyer)
        await desk.driver.press("space", "1")
        modal = desk.driver.app.screen
        assert isinstance(modal, RevealedModal)
        await desk.driver.run(cast(DeskApp, desk.driver.app).lock_now)
        assert desk.on(IdleScreen)
        assert modal._found is None
        await desk.driver.run(desk.driver.app.pop_screen)
        assert desk.on(CustomerScreen)
        desk.driver.shows_not(PHONE, MAIL)


async def test_without_a_reason_nothing_is_seen_or_written(store: Store, buyer: int) -> None:
    chief = person(store, "2001", Role.SUPERVISOR)
    async with at_desk(store, chief) as desk:
        await at_the_card(desk, buyer)
        await desk.driver.press("space", "escape")
        desk.driver.shows_not(PHONE, MAIL)
    assert told(store) == []
    with pytest.raises(BadInput, match=r"reveal\.reason"):
        revealing.reveal(context(store, chief), buyer, "curious")
    with pytest.raises(NotFound):
        revealing.reveal(context(store, chief), 999, "records")
    assert told(store) == []


async def test_an_agent_sees_no_more_by_the_same_keys(store: Store, buyer: int, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await at_the_card(desk, buyer)
        await desk.driver.press("space")
        # Nobody is asked for a reason that would open nothing.
        assert desk.on(CustomerScreen)
        await desk.driver.press("1")
        desk.driver.shows_not(PHONE, MAIL)
        assert desk.on(CustomerScreen)
    assert told(store) == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.RISK, Role.ADMIN])
def test_nobody_below_a_supervisor_reads_it(store: Store, buyer: int, role: Role) -> None:
    with pytest.raises(NotAllowed, match=r"role\.cannot_reveal"):
        revealing.reveal(context(store, person(store, "5000", role)), buyer, "records")


def test_no_error_and_no_log_prints_the_values(store: Store, buyer: int) -> None:
    found = revealing.reveal(context(store, person(store, "2001", Role.SUPERVISOR)), buyer, "fraud")
    assert found.phone == PHONE
    assert PHONE not in f"{found!r} {found}" and MAIL not in f"{found!r} {found}"


def test_what_is_on_record_names_who_looked(store: Store, buyer: int) -> None:
    revealing.reveal(context(store, person(store, "2001", Role.SUPERVISOR)), buyer, "authority")
    with store.read() as session:
        row = session.execute(select(EVENT).where(EVENT.c.kind == revealing.EVENT)).one()
    assert (row.stream, row.stream_id, row.actor) == (Stream.STAFF, "2001", "2001")
