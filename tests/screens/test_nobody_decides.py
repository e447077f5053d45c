"""When nobody can decide now, the strip says from when and what to tell the customer."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.models.kinds import PersonState, Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff import people, standing_in
from bdesk.operations.staff.announcing import Announcement
from bdesk.widgets.strips import StripBar
from tests.builders import Item, context, customer, order, person
from tests.operations.desk import Desk
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

SAID = {
    "zh": "现在无人可批，11/19 08:00 起有人。对客户说：这笔要由同事复核，最早 11/19 08:00，审完马上答复您。",
    "en": "Nobody can decide now, only from 11/19 08:00. Tell the customer: A colleague has to review this, "
    "from 11/19 08:00 at the earliest; we will answer you at once after that.",
}
PROMISED = {"zh": "我会在", "en": "I will answer"}
"""The step's own sentence, which would promise an answer within two hours."""


@pytest.fixture
def case_id(store: Store, agent: ActorView) -> int:
    """A refund of 900.00 at its decision: a senior or above decides it."""
    walked = Desk(store, agent)
    return walked.to_decision(walked.opened(order(store, customer(store), items=[Item(price_fen=90000)])))


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


def told(at: AtDesk) -> str:
    """What the screen says, its lines joined: the sentence may take several."""
    return "".join(" ".join(line.split()) + " " for line in at.driver.lines())


def says(at: AtDesk, text: str) -> bool:
    return "".join(text.split()) in "".join(told(at).split())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_strip_says_from_when_and_what_to_say(
    store: Store, agent: ActorView, case_id: int, lang: str, size: tuple[int, int]
) -> None:
    late = person(store, "2001", Role.SUPERVISOR, state=PersonState.OFFLINE)
    async with at_desk(store, agent, size=size) as at:
        await at.driver.press("enter")
        # Nothing is asked for yet: the strip is for who is about to.
        assert not says(at, SAID[lang])
        await at.driver.press("3")
        assert says(at, SAID[lang]), told(at)
        at.driver.widths_ok()
        await at.driver.type("超出权限")
        await at.driver.press("enter")
        assert Desk(store, agent).step(case_id) == "assess/approval_wait"
        assert says(at, SAID[lang]), told(at)
        at.driver.widths_ok().shows_not(PROMISED[lang])
        # It waits for no key: Esc is still offered by what is announced above.
        offered: list[str] = []

        def announced() -> None:
            now = at.place.now()
            at.place.notices.standing = (Announcement(1, "盘点", "2001", now, now + timedelta(hours=9)),)
            at.screen.frame()
            above = at.screen.query_one("#alert", StripBar).values
            offered.extend(key for key, _does in (above.keys if above is not None else ()))

        await at.driver.run(announced)
        assert offered == ["F10", "Esc"]
        people.set_state(context(store, late), PersonState.ONLINE)
        at.screen.refresh_now()
        await at.driver.idle()
        at.driver.shows(PROMISED[lang]).widths_ok()


@pytest.mark.parametrize(
    ("role", "state", "silent"),
    [
        (Role.SENIOR, PersonState.ONLINE, True),
        (Role.SUPERVISOR, PersonState.BREAK, True),
        (Role.SUPERVISOR, PersonState.AWAY, False),
        (Role.SUPERVISOR, PersonState.OFFLINE, False),
        (Role.AGENT, PersonState.ONLINE, False),
        (Role.RISK, PersonState.ONLINE, False),
        (Role.ADMIN, PersonState.ONLINE, False),
    ],
)
async def test_it_is_silent_while_somebody_is_there_who_can(
    store: Store, agent: ActorView, case_id: int, role: Role, state: PersonState, silent: bool
) -> None:
    person(store, "2001", role, state=state)
    async with at_desk(store, agent, size=(80, 24)) as at:
        await at.driver.press("enter", "3")
        assert says(at, SAID["en"]) is not silent


async def test_a_stand_in_who_is_there_can(store: Store, agent: ActorView, case_id: int) -> None:
    person(store, "1002")
    admin = person(store, "9001", Role.ADMIN, state=PersonState.OFFLINE)
    day = date(2026, 11, 18)
    made = standing_in.name(context(store, admin), "1002", Role.SUPERVISOR, day, day)
    async with at_desk(store, agent, size=(80, 24)) as at:
        await at.driver.press("enter", "3")
        assert not says(at, "Nobody can decide now")
        standing_in.end(context(store, admin), made)
        at.screen.refresh_now()
        await at.driver.idle()
        assert says(at, SAID["en"])


async def test_it_goes_when_somebody_comes(store: Store, agent: ActorView, case_id: int) -> None:
    chief = person(store, "2001", Role.SUPERVISOR, state=PersonState.OFFLINE)
    Desk(store, agent).go(case_id, "approval", why="超出权限")
    async with at_desk(store, agent, size=(80, 24)) as at:
        await at.driver.press("enter")
        assert says(at, SAID["en"])
        people.set_state(context(store, chief), PersonState.ONLINE)
        at.screen.refresh_now()
        await at.driver.idle()
        assert not says(at, "Nobody can decide now")
