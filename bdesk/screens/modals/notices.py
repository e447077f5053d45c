"""All announcements that stand, whole: F10, then the line below the bar."""

from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from bdesk.i18n import _
from bdesk.operations.staff.announcing import Announcement
from bdesk.screens.moments import day, day_only
from bdesk.screens.place import Place
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Text


class NoticesModal(ModalScreen[None]):
    """What is shown here counts as read. Enter or Esc closes it; arrows scroll."""

    DEFAULT_CSS = """
    NoticesModal { align: center top; }
    NoticesModal > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%; margin: 2 0; padding: 1 2;
        background: $panel;
    }
    NoticesModal VerticalScroll { height: auto; max-height: 16; scrollbar-size: 0 0; }
    NoticesModal Panel { height: auto; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10", "leave", show=False, priority=True),
        Binding("enter", "leave", show=False, priority=True),
    ]

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Panel([Heading(_("Announcements"), "Enter  Esc")], edge=0)
            with VerticalScroll():
                yield Panel(self._rows(), edge=0)

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for one in self.place.notices.standing:
            rows += [Gap(), Text(one.words, "strong"), Text(self._about(one), "soft")]
        return rows or [Gap(), Text(_("Nothing is announced"), "soft")]

    def _about(self, one: Announcement) -> str:
        last = one.until - timedelta(seconds=1)
        person, made = self.place.person(one.by), day(one.made_at)
        return _("{person}, {made}, until the end of {day}", person=person, made=made, day=day_only(last))

    def on_mount(self) -> None:
        self.place.notices.seen_all()
        self.set_focus(self.query_one(VerticalScroll))

    def action_leave(self) -> None:
        self.dismiss(None)
