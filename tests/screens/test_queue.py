"""The queue on a real store: taking, opening, changes by others, and a list longer than it is counted."""

from bdesk.data.bulk import thin_cases
from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.queue import take_next
from bdesk.screens.queue.screen import QueueScreen
from bdesk.settings import Settings
from tests.builders import T0, context, customer, open_case, order, person
from tests.screens.desks import at_desk


async def test_f9_takes_the_next_in_one_key(store: Store, agent: ActorView) -> None:
    placed = order(store, customer(store))
    open_case(store, order_id=placed.id)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9")
        assert desk.driver.keys == 1
        desk.driver.shows("All of it, or part?")


async def test_an_empty_queue_says_what_to_do(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent, size=(80, 24)) as desk:
        desk.driver.shows("Nothing waits").widths_ok()
        await desk.driver.press("f9")
        desk.driver.widths_ok()


async def test_a_case_that_another_desk_took_does_not_move_the_list(store: Store, agent: ActorView) -> None:
    other = person(store, "1002")
    for _number in range(3):
        open_case(store, order_id=order(store, customer(store)).id)
    async with at_desk(store, agent) as desk:
        screen = desk.screen
        assert isinstance(screen, QueueScreen)
        before = screen.list.selected_id
        take_next(context(store, other))
        await desk.driver.run(screen.refresh_now)
        assert screen.list.selected_id == before
        await desk.driver.press("0")
        desk.driver.widths_ok()


async def test_a_list_longer_than_it_is_counted_goes_on(store: Store, agent: ActorView) -> None:
    thin_cases(store, 1200, received_at=T0)
    async with at_desk(store, agent, painting=True) as desk:
        screen = desk.screen
        assert isinstance(screen, QueueScreen)
        desk.driver.shows("999+")
        for _end in range(4):
            await desk.driver.press("end")
        assert screen.list.total("waiting") == 1200
        desk.driver.widths_ok()


async def test_a_key_of_ones_own_works_in_the_place_of_the_packaged_one(
    store: Store, agent: ActorView
) -> None:
    open_case(store, order_id=order(store, customer(store)).id)
    async with at_desk(store, agent, settings=Settings(keymap={"desk.take": ("ctrl+g",)})) as desk:
        await desk.driver.press("f9")
        desk.driver.shows_not("All of it, or part?")
        await desk.driver.press("ctrl+g")
        desk.driver.shows("All of it, or part?")
