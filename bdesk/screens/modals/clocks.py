"""Why the due times are what they are, in words an agent can read out (SLA.md, Say why)."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from bdesk.errors import DeskError
from bdesk.i18n import _, pick
from bdesk.operations.looking.clocks import CaseClocks, explain_case
from bdesk.operations.looking.words import book_words
from bdesk.screens.place import Place
from bdesk.screens.working import start
from bdesk.speech import speak, speak_error
from bdesk.widgets.panel import Gap, Heading, Panel, Row
from bdesk.widgets.say import Say


class ClocksModal(ModalScreen[None]):
    """Every clock of the case with its segments; Esc or the same key closes it."""

    DEFAULT_CSS = """
    ClocksModal { align: center middle; }
    ClocksModal VerticalScroll {
        width: 100; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; background: $panel;
        scrollbar-size: 0 0;
    }
    ClocksModal Panel, ClocksModal Say { height: auto; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,full_stop,ideographic_full_stop,fullwidth_full_stop,enter,k",
            "leave",
            show=False,
            priority=True,
        ),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
    ]

    def __init__(self, place: Place, case_id: int) -> None:
        super().__init__()
        self.place = place
        self.case_id = case_id

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box"):
            yield Panel([Heading(_("Due times"), "Esc")], edge=0)

    def on_mount(self) -> None:
        start(self, self._read, "read")

    async def _read(self) -> None:
        box = self.query_one("#box", VerticalScroll)
        try:
            found = await self.place.desk.read(explain_case, self.case_id)
        except DeskError as refused:
            await box.mount(Say(speak_error(refused), role="warn", ground="panel"))
            return
        await box.mount_all(_widgets(found, book_words(self.place.desk.book)))

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        self.query_one("#box", VerticalScroll).scroll_relative(y=step, animate=False)


def _widgets(found: CaseClocks, words: Mapping[str, str]) -> list[Panel | Say]:
    widgets: list[Panel | Say] = []
    if not found.clocks:
        widgets.append(Say(_("No clock runs on this case."), ground="panel"))
    for one in found.clocks:
        name = pick(one.kind.name.zh, one.kind.name.en)
        rows: list[Row] = [Gap(), Heading(name, _("leads") if one.leading else "")]
        widgets.append(Panel(rows, edge=0))
        widgets.append(
            Say("\n".join(speak(line.code, dict(line.params), words) for line in one.lines), ground="panel")
        )
    return widgets
