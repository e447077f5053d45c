"""A machine whose clock was set back says so on the desk: what is left of a due time looks too long there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk import i18n
from bdesk.data.store import Store
from tests.builders import clock_of, customer, make_store, open_case, order, person
from tests.screens.desks import AtDesk, at_desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    i18n.set_language("en")
    with make_store(tmp_path) as made:
        yield made


async def sit_down(desk: AtDesk) -> None:
    app = desk.driver.app
    await desk.driver.run(lambda: app.run_worker(app.sat_down()))  # type: ignore[attr-defined]


async def test_a_clock_set_back_is_told_at_the_desk(store: Store) -> None:
    agent = person(store, "1001")
    open_case(store, order_id=order(store, customer(store)).id)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await sit_down(desk)
        desk.driver.shows_not("behind the newest record")
    clock_of(store).move(-timedelta(hours=2))
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await sit_down(desk)
        desk.driver.shows("2 h 0 min behind the newest record", "Set it right").widths_ok()
