"""F1: help for what has focus. On a case the step's rule and its source come first (UX, Keys)."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from bdesk import keys
from bdesk.i18n import N_, _
from bdesk.screens.base import DeskScreen
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.help.present import key_rows, rule_rows
from bdesk.screens.place import Place
from bdesk.widgets.panel import Field, Gap, Heading, Panel, Row
from bdesk.widgets.strips import StatusValues

WORTH_KNOWING = (
    N_("Only what carries a digit is picked by a digit. Enter opens or goes on, nothing more."),
    N_("Money and messages go out by F8 alone; Ctrl+Z takes them back while the strip counts."),
    N_("Drafts are kept at every pause. : opens the menu where F-keys do not come through."),
)


class HelpScreen(DeskScreen):
    """A scrolling page about the screen it was called from; Esc and F1 go back."""

    context: ClassVar[keys.Context] = keys.Context.DESK
    DEFAULT_CSS = """
    HelpScreen #page { height: 1fr; margin: 1 0 0 0; scrollbar-size-vertical: 1; }
    HelpScreen Panel { max-width: 132; }
    """

    def __init__(self, place: Place, under: DeskScreen) -> None:
        super().__init__(place)
        self.under = under

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Panel(self.rows(), ground="base", id="rows")

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#page", VerticalScroll))

    def heading(self) -> str:
        return _("Help")

    def extra(self) -> str:
        return self.under.heading()

    def footer_off(self) -> dict[str, str]:
        here = _("This is help; Esc goes back to where it works")
        return dict.fromkeys(
            ("desk.note", "desk.park", "desk.raise", "desk.commit", "desk.customer", "desk.take"), here
        )

    def status(self) -> StatusValues:
        return StatusValues(hints=(("Up Down PgUp PgDn", _("scroll")), ("Esc", _("back"))))

    def rows(self) -> list[Row]:
        """What is known about the screen below."""
        rows: list[Row] = []
        if isinstance(self.under, CaseScreen) and self.under.page is not None:
            rows += rule_rows(self.under.page, self.place.desk.book)
        rows += key_rows(self.under.context, self.place.settings.keymap)
        rows += [Gap(), Heading(_("Worth knowing"))]
        return rows + [Field("", _(words)) for words in WORTH_KNOWING]

    def do_back(self) -> None:
        self.dismiss()

    def do_help(self) -> None:
        self.dismiss()
