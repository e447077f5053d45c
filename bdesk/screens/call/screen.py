"""The call card (UX, A call): find who calls, attach to the open case or open a new one, close the card.

The call runs from opening the card to closing it. The card can be left and comes back with F5; what was
typed is kept, and the call itself is in the store, so that a crash loses neither.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from bdesk import keys
from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.models.views.pages import LookupHit
from bdesk.models.views.snapshot import CaseBrief
from bdesk.operations import calls as calling
from bdesk.operations.context import Context
from bdesk.operations.looking import calls, customer
from bdesk.operations.looking.order import order_card_by_id
from bdesk.screens import navigation, newcase, reopening
from bdesk.screens.call import present
from bdesk.screens.customer.screen import read as read_customer
from bdesk.screens.finding import FindScreen
from bdesk.screens.lookup.words import NAMED, Found, case_hits, find, hit_of, order_hits, short_no, with_rows
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.order.present import brief_rows
from bdesk.screens.place import Call, Place
from bdesk.screens.queue.figures import Lines
from bdesk.widgets.choices import Choice, Choices
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.panel import Panel, Row, Words
from bdesk.widgets.strips import StatusValues

ENDED, ON, DROP = "ended", "on", "drop"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the call is about, once picked: an order, a customer, or nothing that is known."""

    rows: tuple[Row, ...]
    choices: tuple[Choice, ...]
    order_id: int | None = None
    customer_id: int | None = None


def find_by_number(ctx: Context, contact_id: int) -> Found:
    """What the caller's own number finds, with the rows of its cases."""
    return with_rows(ctx, calls.by_number(ctx, contact_id))


class CallScreen(FindScreen):
    """One find field; digits pick; then attach, or a numbered kind opens a case and shows its first step."""

    context: ClassVar[keys.Context] = keys.Context.CALL
    drafts: ClassVar[str] = "call"
    DEFAULT_CSS = """
    CallScreen #call-line { height: auto; }
    CallScreen #subject { display: none; height: 1fr; }
    CallScreen #subject Panel { margin: 1 0; background: $panel; }
    CallScreen #choices { margin: 0 2; }
    CallScreen.-subject #subject { display: block; }
    CallScreen.-subject #find, CallScreen.-subject #hits, CallScreen.-subject #below { display: none; }
    """

    def __init__(self, place: Place) -> None:
        super().__init__(place, self)
        self._found = Found((), {}, False)
        self._customer: tuple[tuple[Hit, ...], customer.CustomerCard] | None = None
        self._subject: Subject | None = None

    def compose_body(self) -> ComposeResult:
        yield Lines(ground="call", id="call-line")
        yield from self.compose_find()
        with Vertical(id="subject"):
            yield Panel(id="subject-rows")
            yield Choices(id="choices")

    def on_mount(self) -> None:
        self._show_call()

    @property
    def choices(self) -> Choices:
        return self.query_one("#choices", Choices)

    @property
    def call(self) -> Call | None:
        return self.place.call

    # Frame

    def heading(self) -> str:
        return _("Call card")

    def extra(self) -> str:
        return self.call.number if self.call is not None else ""

    def footer_off(self) -> dict[str, str]:
        here = _("This works in a case: attach the call, or open a new case")
        off = dict.fromkeys(("desk.park", "desk.raise"), here)
        off["desk.take"] = _("You are on a call: attach it or close its card first")
        off["desk.commit"] = _("Nothing is pending: F8 does what a strip says")
        if self._customer_id() is None:
            off["desk.customer"] = _("No hit is selected")
        return off

    def _customer_id(self) -> int | None:
        """Whose card F4 opens: the one that was picked, else the one under the bar."""
        if self._subject is not None and self._subject.customer_id is not None:
            return self._subject.customer_id
        if self._customer is not None:
            return self._customer[1].page.customer.id
        hit = next((hits.selected for hits in self.query(Hits)), None)
        found = self._behind(hit) if hit is not None else None
        return found.customer_id if found is not None else None

    def footer_hot(self) -> str:
        return "call.end" if self.call is not None and self.call.case_id is not None else ""

    def status(self) -> StatusValues:
        if self._subject is not None:
            return StatusValues(
                hints=(("1-9", _("choose")), ("0", _("more kinds")), ("Esc", _("find again")))
            )
        return StatusValues(
            hints=(("F5", _("close the card")), ("F2", _("queue, the call goes on")), ("Esc", _("back")))
        )

    def empty_words(self) -> str:
        if self.call is not None and self.call.number and self._found.hits:
            return _("Found by the number that calls; Down to pick, or type another")
        return _("Ask for the order number, or phone tail and date: 0037 11-14")

    def none_words(self) -> str:
        return _("Down, then 1: a case without an order. F5 closes the card")

    def _show_call(self) -> None:
        call, pieces = self.call, []
        if call is not None and call.number:
            pieces.append((f" {_('Call')} {call.number}  ", "strong"))
        if call is not None and call.case_id is not None:
            number = short_no(call.case_no)
            pieces += [(f" {_('Attached to {case_no}', case_no=number)}  ", "good"), ("F5 ", "key")]
            pieces.append((_("when the call is over"), "text"))
        self.query_one("#call-line", Lines).show([(pieces, [])] if pieces else [])

    def on_resize(self) -> None:
        if self._subject is not None:
            self._show_subject(self._subject)

    # Finding

    async def look(self, text: str) -> bool:
        desk, call = self.place.desk, self.call
        self._customer = None
        if text:
            found = await desk.read(find, text, self.rows_free())
        elif call is not None and call.number and call.case_id is None:
            found = await desk.read(find_by_number, call.contact_id)
        else:
            found = Found((), {}, False)
        self._found = Found(present.with_open_cases(found.hits), found.rows, found.more)
        return found.more

    def lines(self, now: datetime) -> tuple[Hit, ...]:
        if self._customer is not None:
            return (*self._customer[0], present.no_order())
        found = self._found
        return (*(hit_of(hit, found.rows, now) for hit in found.hits), present.no_order())

    def only(self) -> Hit | None:
        matter = present.only_matter(self._found.hits) if self._customer is None else None
        return self.hits.hits[0] if matter is not None and self.hits.hits else None

    def rows_free(self) -> int:
        return super().rows_free() - 2

    def show_below(self) -> None:
        if self._searched and not self._found.hits and self._searched == self.field.value.strip():
            words = _("Nothing has “{text}”.", text=self._searched)
            self._say([(words, "text"), (f"  {self.none_words()}", "soft")])
        else:
            super().show_below()

    def _behind(self, line: Hit) -> LookupHit | None:
        at = next((n for n, one in enumerate(self.hits.hits) if one == line), None)
        return self._found.hits[at] if at is not None and at < len(self._found.hits) else None

    async def pick(self, hit: Hit) -> None:
        """Go on with what was picked: nothing is attached or opened yet."""
        if hit.kind == "none":
            who = self._customer[1].page.customer.id if self._customer is not None else None
            self._take(Subject(self._nobody(), present.choices_for((), self.place.now()), customer_id=who))
        elif self._customer is not None:
            await self._pick_of_customer(hit)
        elif (found := self._behind(hit)) is not None:
            await self._pick_found(found)

    def _nobody(self) -> tuple[Row, ...]:
        name = self._customer[1].name if self._customer is not None else ""
        return (Words(((_("A case without an order"), "strong"), (f"   {name}", "text"))),)

    async def _pick_found(self, found: LookupHit) -> None:
        if found.kind == "customer" and found.customer_id is not None:
            await self._pick_customer(found.customer_id)
        elif found.order_id is not None:
            await self._pick_order(
                found.order_id, found.by in NAMED, found.case_id if found.kind == "case" else None
            )
        else:
            brief = present.brief_of(found, self.place.now())
            self._take_case(brief, found.customer, found.customer_id)

    async def _pick_of_customer(self, hit: Hit) -> None:
        assert self._customer is not None
        card = self._customer[1]
        if hit.kind == "order":
            await self._pick_order(int(hit.key), False, None)
            return
        brief = next((case for case in card.page.cases if case.id == int(hit.key)), None)
        self._take_case(brief, card.name, card.page.customer.id)

    async def _pick_customer(self, customer_id: int) -> None:
        card, rows = await self.place.desk.read(read_customer, customer_id)
        now = self.place.now()
        cases = case_hits(card.page.cases, rows, now, self.place.person)
        self._customer = ((*cases, *order_hits(card.page.orders)), card)
        self.show_hits(card.page.more_orders)
        self.set_focus(self.hits)

    async def _pick_order(self, order_id: int, named: bool, first: int | None) -> None:
        card = await self.place.desk.read(order_card_by_id, order_id)
        # The case that was picked takes the first digit.
        cases = sorted(card.page.cases, key=lambda case: case.id != first)
        choices = present.choices_for(cases, card.now, self.place.person)
        self._take(Subject(tuple(brief_rows(card, named=named)), choices, order_id=order_id))

    def _take_case(self, brief: CaseBrief | None, name: str, customer_id: int | None) -> None:
        cases = (brief,) if brief is not None else ()
        rows = (Words(((name or _("A case without an order"), "strong"),)),)
        choices = present.choices_for(cases, self.place.now(), self.place.person)
        self._take(Subject(rows, choices, customer_id=customer_id))

    def _take(self, subject: Subject) -> None:
        self._subject = subject
        self.add_class("-subject")
        self._show_subject(subject)
        self.set_focus(self.choices)
        self.frame()

    def _show_subject(self, subject: Subject) -> None:
        self.query_one("#subject-rows", Panel).show(subject.rows)
        self.choices.show(subject.choices, title=_("What is it about?"))

    def _find_again(self) -> None:
        self._subject = None
        self.remove_class("-subject")
        self.set_focus(self.field)
        self.frame()

    # Attaching and opening

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        code, call, subject = message.choice.code, self.call, self._subject
        if call is None or subject is None:
            return
        if code.startswith(present.ATTACH):
            case_id = int(code.removeprefix(present.ATTACH))
            self.perform(calling.attach_call, call.contact_id, case_id, then=self._attached)
            return
        if code.startswith(present.BACK):
            reopening.ask(
                self,
                int(code.removeprefix(present.BACK)),
                message.choice.label,
                call.contact_id,
                self._attached,
            )
            return
        newcase.open_new(
            self,
            newcase.kind_of(code),
            order_id=subject.order_id,
            customer_id=subject.customer_id,
            then=self._on_case,
        )

    def _attached(self, changed: Changed) -> None:
        self._on_case(changed)
        if changed.case_id is not None:
            navigation.open_case(self, changed.case_id)

    def _on_case(self, changed: Changed) -> None:
        if self.call is not None and changed.case_id is not None:
            self.place.call = replace(self.call, case_id=changed.case_id, case_no=changed.case_no or "")
        self.place.desk.drafts.save(self.drafts, "find", None)

    # Keys

    def do_choose(self, digit: int) -> None:
        if self._subject is not None:
            self.choices.choose(digit)
        else:
            super().do_choose(digit)

    def do_more(self) -> None:
        if self._subject is not None:
            self.choices.more()

    def do_clear(self) -> None:
        self._find_again()
        self.field.put("")

    def do_customer(self) -> None:
        customer_id = self._customer_id()
        if customer_id is None:
            navigation.no_customer(self)
        else:
            navigation.push_customer(self, customer_id)

    def do_back(self) -> None:
        if self._subject is not None:
            self._find_again()
        elif self.focused is self.hits:
            self.set_focus(self.field)
        elif self._nothing_done():
            self._drop()
        else:
            self._ask(chosen="")

    def _nothing_done(self) -> bool:
        call = self.call
        typed = self.field.value.strip() or self.place.desk.drafts.load(self.drafts).get("words")
        return not typed and (call is None or (call.case_id is None and not call.number))

    def _drop(self) -> None:
        if self.call is None:
            self.dismiss()
        else:
            self.perform(calling.drop_call, self.call.contact_id, then=self._over)

    def do_end(self) -> None:
        """F5 again: a call with no matter only lacks its words; one on a case asks whether it is over."""
        if self.call is None:
            self.dismiss()
        else:
            self._ask(chosen="" if self.call.case_id is not None else ENDED)

    def _ask(self, chosen: str) -> None:
        on_case = self.call is not None and self.call.case_id is not None
        pairs = [(ENDED, _("The call is over")), (ON, _("It goes on; the card comes back with F5"))]
        if not on_case:
            pairs.append((DROP, _("Nobody there: drop it")))
        question = Question(
            _("The call"),
            numbered(*pairs),
            wants_words=frozenset() if on_case else frozenset({ENDED}),
            words_label=_("What was it about, in a few words"),
            note="" if on_case else _("It is on no case yet"),
            text=str(self.place.desk.drafts.load(self.drafts).get("words", "")),
            chosen=chosen,
        )
        navigation.show(self, AskModal(question, self._keep_words), self._answered)

    def _keep_words(self, text: str) -> None:
        self.place.desk.drafts.save(self.drafts, "words", text)

    def _answered(self, answer: Answered | None) -> None:
        call = self.call
        if answer is None or call is None:
            return
        if answer.code == ON:
            self.dismiss()
        elif answer.code == DROP:
            self._drop()
        else:
            self.perform(calling.end_call, call.contact_id, answer.words, then=self._over)

    def _over(self, _changed: Changed) -> None:
        self.place.call = None
        self.place.desk.drafts.forget(self.drafts)
        self.dismiss()
