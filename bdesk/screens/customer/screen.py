"""F4: a customer, their cases and orders. Masked throughout: nobody was verified on this screen."""

from datetime import datetime

from textual.app import ComposeResult

from bdesk.clock import LOCAL
from bdesk.i18n import _
from bdesk.models.views.queue import QueueRow
from bdesk.operations.context import Context
from bdesk.operations.looking import customer, queue
from bdesk.rules import roles
from bdesk.screens import navigation
from bdesk.screens.customer import revealed
from bdesk.screens.hit_list import HitListScreen
from bdesk.screens.lookup.words import DONE, case_hits, order_hits
from bdesk.screens.place import Place
from bdesk.screens.queue.figures import Lines
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.panel import Panel, Row, Words
from bdesk.widgets.strips import StatusValues


def read(ctx: Context, customer_id: int) -> tuple[customer.CustomerCard, dict[int, QueueRow]]:
    """The card, with the queue's rows of the open cases for their chips. Raises NotFound."""
    card = customer.card(ctx, customer_id)
    ids = [case.id for case in card.page.cases if case.state not in DONE]
    return card, {row.case_id: row for row in queue.rows(ctx, ids)} if ids else {}


class CustomerScreen(HitListScreen):
    """Digits open a case or an order; cases come first, open ones before the rest."""

    DEFAULT_CSS = """
    CustomerScreen #who { height: auto; margin: 1 0; padding: 0; background: $panel; }
    CustomerScreen #hits { margin: 0; }
    """

    def __init__(self, place: Place, customer_id: int) -> None:
        super().__init__(place)
        self.customer_id = customer_id
        self.card: customer.CustomerCard | None = None

    def compose_body(self) -> ComposeResult:
        yield Panel(id="who")
        yield Hits(id="hits")
        yield Lines(id="below")

    def heading(self) -> str:
        return _("Customer")

    def extra(self) -> str:
        return self.card.name if self.card is not None else ""

    def footer_off(self) -> dict[str, str]:
        return super().footer_off() | {"desk.customer": _("You are looking at the customer")}

    def status(self) -> StatusValues:
        says = _("Reading the customer") if self.card is None else ""
        chief = roles.may(self.place.desk.actor.role, "revealing.reveal")
        rings = roles.may(self.place.desk.actor.role, "revealing.reveal_to_ring")
        inside = (("Space", _("see it whole") if chief else _("call back")),) if chief or rings else ()
        return StatusValues(hints=(("1-9", _("open it")), *inside, ("Esc", _("back"))), says=says)

    async def reload(self) -> None:
        card, rows = await self.place.desk.read(read, self.customer_id)
        now = self.place.now()
        self.card = card
        self.query_one("#who", Panel).show(_who_rows(card, now))
        hits = [*case_hits(card.page.cases, rows, now, self.place.person), *order_hits(card.page.orders)]
        room = max(9, self.size.height - 10)
        self.hits.show(hits[:room], empty=_("No case and no order yet. F5 on the queue takes a call"))
        more = len(hits) > room or card.page.more_cases or card.page.more_orders
        words = _("There are older ones; find them with F3") if more else ""
        self.query_one("#below", Lines).show([([("   ", "text"), (words, "dim")], [])])

    def on_hits_picked(self, message: Hits.Picked) -> None:
        self._open(message.hit)

    def _open(self, hit: Hit) -> None:
        if hit.kind == "case":
            navigation.open_case(self, int(hit.key))
        else:
            navigation.push_order(self, int(hit.key))

    def do_mark(self) -> None:
        """Space looks inside: what is masked, for who may see it and says why."""
        revealed.ask(self, self.customer_id)


def _who_rows(card: customer.CustomerCard, now: datetime) -> list[Row]:
    found = card.page.customer
    first = [(card.name, "strong")]
    if found.vip:
        first.append(("  VIP", "vip"))
    # A telephone tail is a factor, and nobody was verified here.
    if card.email:
        first.append((f"   {card.email}", "soft"))
    if found.since is not None:
        years = (now - found.since).days // 365
        since = found.since.astimezone(LOCAL)
        words = (
            _("customer for {years} y", years=years)
            if years
            else _("customer since {day}", day=f"{since:%Y-%m}")
        )
        first.append((f"   {words}", "soft"))
    open_ones = sum(1 for case in card.page.cases if case.state not in DONE)
    counts = f"{_('cases {count}', count=len(card.page.cases))}  {_('open {count}', count=open_ones)}"
    second = [(counts, "warn" if open_ones > 1 else "soft")]
    second.append((f"  {_('orders {count}', count=len(card.page.orders))}", "soft"))
    locked = found.verification_locked_until
    if locked is not None and locked > now:
        at = locked.astimezone(LOCAL)
        until = f"{at.month}/{at.day} {at:%H:%M}"
        second.append((f"   {_('verification is locked until {at}', at=until)}", "bad"))
    if found.contact_changed_at is not None and (now - found.contact_changed_at).days < 7:
        second.append((f"   {_('contact changed in the last 7 days')}", "bad"))
    return [Words(tuple(first)), Words(tuple(second))]
