"""Ways between screens: each puts a screen over the one at hand, with the keys held until it can take them.

The screens are imported when they are first shown, so that the queue does not wait for them.
"""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.views.queue import QueueRow
from bdesk.screens.place import Call

if TYPE_CHECKING:
    from textual.screen import Screen

    from bdesk.operations.looking import calls
    from bdesk.screens.base import DeskScreen


def held(screen: "DeskScreen", work: Coroutine[Any, Any, None], group: str = "read-go") -> None:
    """Do something while keys wait, so that what is typed ahead meets the screen it was meant for."""
    app: Any = screen.app
    app.begin_write()

    async def run() -> None:
        try:
            await work
        except DeskError as refused:
            screen.say_refusal(refused)
        finally:
            app.end_write(True)

    # The app's own, so that it goes on when the screen it began on is gone.
    app.run_worker(run(), group=group)


def show(screen: "DeskScreen", new: "Screen[Any]", answered: Callable[[Any], None] | None = None) -> None:
    """Put a screen over this one; `answered` gets what it is dismissed with."""

    async def put() -> None:
        await screen.app.push_screen(new, answered)

    held(screen, put())


def push_lookup(screen: "DeskScreen", text: str = "") -> None:
    """F3: find an order, a customer or a case."""
    from bdesk.screens.lookup.screen import LookupScreen

    show(screen, LookupScreen(screen.place, text))


def push_order(screen: "DeskScreen", order_id: int, *, named: bool = False) -> None:
    """The order card. `named`: the customer said the order's number, so its end may be shown."""
    from bdesk.screens.order.screen import OrderScreen

    show(screen, OrderScreen(screen.place, order_id, named=named))


def push_customer(screen: "DeskScreen", customer_id: int) -> None:
    """F4: a customer and their other cases."""
    from bdesk.screens.customer.screen import CustomerScreen

    show(screen, CustomerScreen(screen.place, customer_id))


async def customer_of(screen: "DeskScreen", case_id: int) -> None:
    """The customer of a case of a list (F4), where it has one."""
    from bdesk.operations.looking.customer import customer_of_case

    try:
        customer_id = await screen.place.desk.read(customer_of_case, case_id)
    except DeskError as refused:
        screen.say_refusal(refused)
        return
    if customer_id is None:
        no_customer(screen)
    else:
        push_customer(screen, customer_id)


def push_board(screen: "DeskScreen") -> None:
    """The supervisor's board over the queue, for whom it is (the read refuses others). Keys wait until its
    rows are there."""
    from bdesk.screens.supervisor.screen import SupervisorScreen

    async def put() -> None:
        app: Any = screen.app
        app.show_queue()
        board = SupervisorScreen(screen.place)
        await app.push_screen(board)
        await board.read_again()

    held(screen, put())


def push_promised(screen: "DeskScreen") -> None:
    """F10 8: what I promised for today."""
    from bdesk.screens.promised import PromisedScreen

    show(screen, PromisedScreen(screen.place))


def push_notices(screen: "DeskScreen") -> None:
    """What is announced, whole."""
    from bdesk.screens.modals.notices import NoticesModal

    show(screen, NoticesModal(screen.place))


def ask_handover(screen: "DeskScreen") -> None:
    """F10 9: hand over the shift, or accept what was packed."""
    from bdesk.screens.handover import ask

    ask(screen)


def push_shift_items(screen: "DeskScreen", *, mine: bool) -> None:
    """The packed cases that wait for me, or that I packed."""
    from bdesk.screens.shift_items import ShiftItemsScreen

    show(screen, ShiftItemsScreen(screen.place, mine=mine))


def push_help(screen: "DeskScreen") -> None:
    """F1: the rule of the step where there is one, and the keys of this screen."""
    from bdesk.screens.help.screen import HelpScreen

    show(screen, HelpScreen(screen.place, screen))


def push_menu(screen: "DeskScreen") -> None:
    """F10."""
    from bdesk.screens.menu import MenuModal

    show(screen, MenuModal(screen))


def push_keytest(screen: "DeskScreen") -> None:
    """The key test of the first run, again."""
    from bdesk.screens.first_run import FirstRunScreen

    show(screen, FirstRunScreen())


def push_call(screen: "DeskScreen") -> None:
    """F5 on the queue, F9 when a call rings: the call card. The timer runs from here (UX, A call)."""
    from bdesk.operations.looking import calls
    from bdesk.screens.call.screen import CallScreen

    async def opened(found: calls.OpenCall) -> None:
        screen.place.call = as_call(found)
        await screen.app.push_screen(CallScreen(screen.place))

    screen.perform(calls.begin, then=opened)


def as_call(found: "calls.OpenCall") -> Call:
    """The call of the store as the place keeps it."""
    return Call(found.contact_id, found.started_at, found.number, found.case_id, found.case_no)


def open_case(screen: "DeskScreen", case_id: int, *, row: QueueRow | None = None) -> None:
    """Open a case on a tab from a screen that stands over the queue or a case; the screen goes."""
    from bdesk.screens.opening import open_case_screen

    open_case_screen(screen, case_id, row=row)


def ask_to_leave(screen: "DeskScreen") -> None:
    """Ctrl+Q and the menu's 0: what stays undone is said before the desk closes."""
    from bdesk.screens.leaving import ask

    ask(screen)


def no_customer(screen: "DeskScreen") -> None:
    """F4 where no customer is at hand."""
    screen.toast(_("No customer here: open a case, or find one with F3"), "hint")
