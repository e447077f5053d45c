"""The first frame: the queue's header and footer, at once, its first rows, then the store is opened."""

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from bdesk import keys
from bdesk.i18n import _, pick
from bdesk.models.kinds import PersonState
from bdesk.screens.moments import clock_time
from bdesk.widgets.footer import Footer, FooterKey
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.strips import StatusLine, StatusValues

if TYPE_CHECKING:
    from bdesk.models.views.queue import FirstRows


class StartingScreen(Screen[Any]):
    """It takes no keys; the app holds them until the queue is there."""

    AUTO_FOCUS = None
    DEFAULT_CSS = """
    StartingScreen { background: $background; }
    StartingScreen > #body { height: 1fr; }
    StartingScreen #figures { min-height: 1; }
    """

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Queue")), id="header")
        yield Vertical(id="body")
        yield StatusLine(id="status")
        yield Footer(id="footer")

    def on_mount(self) -> None:
        self._say()

    def _say(self) -> None:
        self.query_one("#status", StatusLine).show(StatusValues(says=_("Opening the store")))
        slots = keys.footer(keys.Context.QUEUE)
        self.query_one("#footer", Footer).show([FooterKey(slot.shown, _(slot.short)) for slot in slots])

    async def show_rows(self, first: "FirstRows") -> None:
        """Show the first rows. What paints them is imported here, after the frame."""
        from bdesk.models.labels import label
        from bdesk.screens.queue.figures import NO_FIGURES, Lines
        from bdesk.screens.queue.layout import QueueBody
        from bdesk.screens.queue.words import queue_words

        def group(code: str) -> str:
            return pick(*first.group_names.get(code, (code, code)))

        def person(number: str) -> str:
            return first.staff_names.get(number, number)

        body = QueueBody(queue_words(group, person), first.now)
        figures = Lines(id="figures")
        await self.query_one("#body").mount(figures, body)
        figures.show(NO_FIGURES)
        body.list.load(first.sections, first.rows, first.now)
        empty = not any(section.total for section in first.sections)
        body.show_case(body.list.selected, first.now, empty=empty)
        self._say()  # the language is the person's now, where nobody chose one
        state = PersonState.ONLINE
        self.query_one("#header", Header).show(
            HeaderValues(
                title=_("Queue"),
                extra=group(first.group),
                training=True,
                number=first.number,
                person=first.person,
                state=state.value,
                state_label=label(state),
                clock=clock_time(first.now),
            )
        )
