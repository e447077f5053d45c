"""Staying signed in, or no longer: done when the keyring comes to it, while the desk goes on."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bdesk.errors import DeskError
from bdesk.operations.staff.staying import REASONS
from bdesk.screens.aside import aside
from bdesk.screens.working import start
from bdesk.secrets.keyrings import State
from bdesk.speech import speak, speak_error

if TYPE_CHECKING:
    from bdesk.app import DeskApp


def keep(app: "DeskApp", work: Callable[[], object]) -> None:
    """Do it; one line where nothing came of it."""
    start(app, partial(_keep, app, work), "background")


async def _keep(app: "DeskApp", work: Callable[[], object]) -> None:
    try:
        found = await aside(work)
    except DeskError as refused:
        app.tell(speak_error(refused))
        return
    if isinstance(found, State) and found is not State.USABLE:
        app.tell(speak(REASONS[found]))
