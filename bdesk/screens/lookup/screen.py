"""F3: find an order, a case or a customer by what people can say (UX, Lookup)."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from bdesk import keys
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.views.pages import LookupHit
from bdesk.operations.looking.order import order_card_by_id
from bdesk.screens import navigation
from bdesk.screens.finding import FindScreen
from bdesk.screens.lookup.words import NAMED, Found, find, hit_of
from bdesk.screens.order.present import peek_rows
from bdesk.screens.place import Place
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.supervisor.screen import SupervisorScreen
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues


class LookupScreen(FindScreen):
    """Enter opens: a case on its tab, an order as its card, a customer with their cases."""

    context: ClassVar[keys.Context] = keys.Context.LOOKUP
    drafts: ClassVar[str] = "lookup"
    peeks: ClassVar[bool] = True
    DEFAULT_CSS = """
    LookupScreen #peek { display: none; margin: 1 0 0 0; background: $panel; }
    LookupScreen.-peek #peek { display: block; }
    """

    def __init__(self, place: Place, text: str = "") -> None:
        super().__init__(place, self, text)
        self._found = Found((), {}, False)

    def compose_body(self) -> ComposeResult:
        yield from self.compose_find()
        with Vertical():
            yield Panel(id="peek")

    def heading(self) -> str:
        return _("Find")

    def footer_words(self) -> dict[str, str]:
        return {"desk.open": _("Open")}

    def footer_off(self) -> dict[str, str]:
        here = _("This works on the queue and in a case; Esc goes back")
        off = {"desk.commit": _("Nothing is pending: F8 does what a strip says")}
        off |= dict.fromkeys(("desk.note", "desk.park", "desk.raise"), here)
        if self._selected() is None:
            off["desk.customer"] = _("No hit is selected")
        return off

    def status(self) -> StatusValues:
        return StatusValues(
            hints=(
                ("Enter", _("open it")),
                ("Space", _("look inside")),
                ("F3", _("empty")),
                ("Esc", _("back")),
            )
        )

    # Finding

    async def look(self, text: str) -> bool:
        self._found = await self.place.desk.read(find, text, self.rows_free())
        self.remove_class("-peek")
        return self._found.more

    def lines(self, now: datetime) -> tuple[Hit, ...]:
        return tuple(hit_of(hit, self._found.rows, now) for hit in self._found.hits)

    def _behind(self, line: Hit | None) -> LookupHit | None:
        """What stands behind a line of the list."""
        at = next((n for n, one in enumerate(self.hits.hits) if one == line), None)
        return self._found.hits[at] if at is not None and at < len(self._found.hits) else None

    def _selected(self) -> LookupHit | None:
        return self._behind(self.hits.selected) if self.is_mounted else None

    async def pick(self, hit: Hit) -> None:
        found = self._behind(hit)
        if found is None:
            return
        if found.kind == "case" and found.case_id is not None:
            self.place.desk.drafts.save(self.drafts, "find", None)
            navigation.open_case(self, found.case_id)
        elif found.kind == "order" and found.order_id is not None:
            navigation.push_order(self, found.order_id, named=found.by in NAMED)
        elif found.customer_id is not None:
            navigation.push_customer(self, found.customer_id)

    # Keys

    def do_clear(self) -> None:
        """F3 empties the field; on an empty field of a lookup over a list it filters that list instead."""
        under = self.app.screen_stack[-2]
        if not self.field.value and isinstance(under, QueueScreen | SupervisorScreen):
            self.dismiss()
            under.call_after_refresh(under.do_filter_list)
            return
        self.field.put("")
        self.set_focus(self.field)

    def do_back(self) -> None:
        if self.has_class("-peek"):
            self.remove_class("-peek")
        elif self.focused is self.hits:
            self.set_focus(self.field)
        else:
            self.place.desk.drafts.save(self.drafts, "find", None)
            self.dismiss()

    def do_customer(self) -> None:
        hit = self._selected()
        if hit is not None and hit.customer_id is not None:
            navigation.push_customer(self, hit.customer_id)

    def do_peek(self) -> None:
        """Space: the order of the hit, without leaving the list."""
        if self.has_class("-peek"):
            self.remove_class("-peek")
        else:
            self._peek()

    def on_hits_moved(self, message: Hits.Moved) -> None:
        if self.has_class("-peek"):
            self._peek()

    def _peek(self) -> None:
        hit = self._selected()
        if hit is None or hit.order_id is None:
            self.toast(_("There is no order behind this one; F4 shows the customer"), "hint")
            return
        self.run_worker(self._show_peek(hit.order_id, hit.by in NAMED), group="read-peek", exclusive=True)

    async def _show_peek(self, order_id: int, named: bool) -> None:
        try:
            card = await self.place.desk.read(order_card_by_id, order_id)
        except DeskError as refused:
            self.say_refusal(refused)
            return
        self.query_one("#peek", Panel).show(peek_rows(card, named=named))
        self.add_class("-peek")
