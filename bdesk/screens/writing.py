"""One write, from the key to what is said of it. Keys that come meanwhile are held by the app (UX 2)."""

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.speech import speak

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen

SLOW_SECONDS = 0.4
"""After that long it is said that the desk is saving (UX 2)."""


async def write(
    screen: "DeskScreen",
    operation: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    then: Callable[[Any], Any] | None,
    refused_there: Callable[[DeskError], bool] | None = None,
) -> None:
    """Do an operation on the writer. A refusal is said and the screen reads again; held keys are dropped.

    `refused_there`: what stands over the screen says the refusal itself, and whether it did.
    """
    app: Any = screen.app
    app.begin_write()
    done = False
    slow = screen.set_timer(SLOW_SECONDS, lambda: screen.toast(_("Saving"), "hint"))
    try:
        changed = await screen.place.desk.do(operation, *args, **kwargs)
        slow.stop()
        await _written(screen, changed, then)
        done = True
    except DeskError as refused:
        slow.stop()
        if refused_there is not None and refused_there(refused):
            return
        screen.say_refusal(refused)
        screen.refused(refused)
        await screen.read_again()
    finally:
        app.end_write(done)


async def _written(screen: "DeskScreen", changed: Any, then: Callable[[Any], Any] | None) -> None:
    # What was committed stands in the recall strip, on every screen: it is not said twice.
    if isinstance(changed, Changed) and changed.code and changed.code != "effect.committed":
        screen.toast(speak(changed.code, dict(changed.params), screen.words()))
    if then is not None:
        result = then(changed)
        if isinstance(result, Coroutine):
            await result
    if screen.is_current:
        await screen.read_again()
