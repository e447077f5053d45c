"""The order card: customer, goods, payments, parcels with scans, refunds, cases; how old the data are."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from bdesk.i18n import _
from bdesk.models.kinds import CaseKind, CaseState
from bdesk.models.labels import label, label_of
from bdesk.models.views.snapshot import CaseBrief
from bdesk.operations.looking.order import OrderCard, order_card_by_id
from bdesk.screens import navigation, newcase
from bdesk.screens.base import DeskScreen
from bdesk.screens.lookup.words import DONE, short_no
from bdesk.screens.order.present import card_rows
from bdesk.screens.place import Place
from bdesk.widgets.choices import Choice, Choices
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues

CASE = "case:"
KINDS = "kinds"
WIDE = 110


class OrderScreen(DeskScreen):
    """Digits open a case of the order, or a new one; the card scrolls with PgUp and PgDn."""

    DEFAULT_CSS = """
    OrderScreen #columns { height: 1fr; layout: vertical; }
    OrderScreen #card { height: 1fr; margin: 1 0 0 0; scrollbar-size-vertical: 1; }
    OrderScreen #card Panel { background: $panel; }
    OrderScreen Choices { height: auto; margin: 1 2; }
    OrderScreen.-wide #columns { layout: horizontal; }
    OrderScreen.-wide #card { width: 1fr; margin: 1 0; }
    OrderScreen.-wide Choices { width: 52; }
    """

    def __init__(self, place: Place, order_id: int, *, named: bool = False) -> None:
        super().__init__(place)
        self.order_id = order_id
        self.named = named
        self.card: OrderCard | None = None
        self._kinds = False

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            with VerticalScroll(id="card", can_focus=False):
                yield Panel(id="rows")
            yield Choices(id="choices")

    def on_mount(self) -> None:
        self.set_focus(self.choices)

    def on_resize(self) -> None:
        self.set_class(self.size.width >= WIDE, "-wide")

    @property
    def choices(self) -> Choices:
        return self.query_one("#choices", Choices)

    # Frame

    def heading(self) -> str:
        return _("Order")

    def extra(self) -> str:
        return short_no(self.card.page.order.order_no, named=self.named) if self.card is not None else ""

    def footer_off(self) -> dict[str, str]:
        here = _("This works in a case: open one by its digit")
        off = dict.fromkeys(("desk.note", "desk.park", "desk.raise"), here)
        off["desk.commit"] = _("Nothing is pending: F8 does what a strip says")
        return off

    def status(self) -> StatusValues:
        hints = [("PgDn", _("scroll")), ("F4", _("customer")), ("Esc", _("back"))]
        says = _("Reading the order") if self.card is None else ""
        return StatusValues(hints=tuple(hints), says=says)

    # Reading

    async def reload(self) -> None:
        self.card = await self.place.desk.read(order_card_by_id, self.order_id)
        self.query_one("#rows", Panel).show(card_rows(self.card, named=self.named))
        self._offer()

    def _offer(self) -> None:
        if self.card is None:
            return
        if self._kinds:
            self.choices.show(newcase.kind_choices(), title=_("New case"))
            return
        cases = [case_choice(case, self.place.person) for case in self.card.page.cases]
        self.choices.show([*cases, Choice(KINDS, _("New case"))], title=_("Cases of this order"))

    # Keys

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        code = message.choice.code
        if code == KINDS:
            self._kinds = True
            self._offer()
        elif code.startswith(CASE):
            navigation.open_case(self, int(code.removeprefix(CASE)))
        else:
            newcase.open_new(self, newcase.kind_of(code), order_id=self.order_id)

    def do_choose(self, digit: int) -> None:
        self.choices.choose(digit)

    def do_more(self) -> None:
        self.choices.more()

    def do_customer(self) -> None:
        if self.card is not None and self.card.page.customer is not None:
            navigation.push_customer(self, self.card.page.customer.id)

    def do_back(self) -> None:
        if self._kinds:
            self._kinds = False
            self._offer()
        else:
            self.dismiss()

    def on_key(self, event: events.Key) -> None:
        card = self.query_one("#card", VerticalScroll)
        if event.key == "pagedown":
            card.scroll_page_down(animate=False)
        elif event.key == "pageup":
            card.scroll_page_up(animate=False)


def case_choice(case: CaseBrief, person: Callable[[str], str]) -> Choice:
    """A case of the order; ended ones can be opened and read too."""
    state = label_of(CaseState, case.state.value)
    note = f"{state}  {person(case.owner)}" if case.owner else state
    if case.state in DONE and case.outcome is not None:
        note = f"{state}  {label(case.outcome)}"
    return Choice(
        f"{CASE}{case.id}", f"{short_no(case.case_no)}  {label_of(CaseKind, case.kind.value)}", note
    )
