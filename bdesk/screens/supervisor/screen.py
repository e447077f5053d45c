"""The supervisor's screen (UX): requests, raised cases, clocks about to be missed, the team.

It only shows and asks: who may do what is asked again by the operations, whatever stands here.
"""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from bdesk import keys
from bdesk.errors import DeskError, NotAllowed
from bdesk.i18n import _, pick
from bdesk.models.views.changed import Changed
from bdesk.models.views.supervision import Board, PersonLoad, PressedCase, WaitingRequest
from bdesk.operations import approvals
from bdesk.operations.looking import supervision
from bdesk.operations.queue import claim
from bdesk.screens import navigation
from bdesk.screens.base import DeskScreen
from bdesk.screens.opening import open_case_screen
from bdesk.screens.place import OpenCase, Place
from bdesk.screens.supervisor import details, noting, raising, verdicts, words
from bdesk.screens.supervisor.deciding import Deciding
from bdesk.screens.supervisor.layout import WIDE, BoardBody
from bdesk.screens.supervisor.words import LISTS, RAISED, REQUESTS, SOON, TEAM, Names
from bdesk.screens.wallet import deciding as wallet
from bdesk.screens.working import start
from bdesk.widgets import strips
from bdesk.widgets.board_list import BoardList
from bdesk.widgets.choices import Choice
from bdesk.widgets.fields import Field
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues


class SupervisorScreen(DeskScreen):
    """Digits choose a verdict for the selected request and F8 does it; in the other lists they select."""

    context: ClassVar[keys.Context] = keys.Context.SUPERVISOR
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "page(-9999)", show=False),
        Binding("end", "page(9999)", show=False),
    ]

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.board: Board | None = None
        self.deciding = Deciding(self)
        self.noting = noting.Noting(self)
        self.filter = ""
        self._settles = False

    def compose_body(self) -> ComposeResult:
        yield BoardBody(self.place.now(), wallet.seconds)

    @property
    def body(self) -> BoardBody:
        return self.query_one(BoardBody)

    @property
    def list(self) -> BoardList:
        return self.body.list

    def on_mount(self) -> None:
        self._show_tabs()
        self.list.focus()

    # What is shown

    @property
    def shown(self) -> str:
        """The code of the list on the screen."""
        return self.place.board.shown if self.place.board.shown in self.codes else REQUESTS

    @property
    def codes(self) -> tuple[str, ...]:
        """The lists there are: the team is one where it does not stand beside the others."""
        return LISTS if self.size.width < WIDE else LISTS[:3]

    @property
    def seen(self) -> bool:
        """Whether sums and reasons may be seen now."""
        return self.board is not None and self.board.shown

    def request(self, number: int) -> WaitingRequest | None:
        """A request of the board, by number."""
        every = () if self.board is None else self.board.requests
        return next((one for one in every if one.id == number), None)

    def selected_request(self) -> WaitingRequest | None:
        """The selected request; None in another list."""
        found = self.list.selected
        return found if isinstance(found, WaitingRequest) else None

    def selected_case(self) -> tuple[int, str] | None:
        """The id and number of the case that the selected row is about."""
        found = self.list.selected
        if isinstance(found, WaitingRequest):
            return found.row.approval.case_id, found.row.approval.case_no
        if isinstance(found, PressedCase):
            return found.row.case_id, found.row.case_no
        return None

    @property
    def names(self) -> Names:
        return Names(self.place.person, self._clock_name)

    def _clock_name(self, code: str) -> str:
        kind = self.place.desk.book.clock_kinds.get(code) if self.place.desk.book_ready else None
        return "" if kind is None else pick(kind.short.zh, kind.short.en)

    # Frame

    def heading(self) -> str:
        return _("Board")

    def extra(self) -> str:
        code = self.place.desk.actor.group_code or ""
        zh, en = (self.board.group_names if self.board is not None else {}).get(code, (code, code))
        return pick(zh, en)

    def footer_words(self) -> dict[str, str]:
        if self._rings:
            return {"supervisor.take_over": _("Answer")}
        return {"supervisor.take_over": pick("接管", "Take")}

    def footer_hot(self) -> str:
        if self.deciding.strip() is not None:
            return "desk.commit"
        return "supervisor.take_over" if self.shown == RAISED or self._rings else ""

    @property
    def _rings(self) -> bool:
        return self.place.ringing is not None and self.place.call is None

    def footer_off(self) -> dict[str, str]:
        off = {"desk.park": _("Cases are put aside from the case itself: Enter opens it")}
        if self.deciding.chosen is None:
            off["desk.commit"] = _("Nothing is pending: 1 to 4 choose first")
        if self.selected_case() is None:
            none = _("No case is selected")
            off |= dict.fromkeys(("desk.customer", "desk.note", "supervisor.pass_on"), none)
        if not self._rings and (why := self._no_take_over()):
            off["supervisor.take_over"] = why
        return off

    def _no_take_over(self) -> str:
        found = self.list.selected if self.is_mounted else None
        if not isinstance(found, PressedCase):
            return _("Raised cases are taken over: Tab goes to them")
        if (
            self.shown == SOON
            and found.row.owner is not None
            and found.row.owner != self.place.desk.actor.number
        ):
            return _("Somebody works on it. Raised cases are taken over")
        return ""

    def status(self) -> StatusValues:
        held = self.list.held if self.is_mounted else 0
        hints = {
            REQUESTS: [("Enter", _("open and read")), ("Space", _("mark")), ("F7", _("pass on, send back"))],
            TEAM: [("Tab", _("next list"))],
        }.get(self.shown, [("Enter", _("Open")), ("F9", _("take over")), ("F7", _("raise"))])
        return StatusValues(held=held, hints=tuple(hints))

    def pending(self) -> strips.StripValues | None:
        return self.deciding.strip() if self.is_mounted else None

    # Reading

    async def reload(self) -> None:
        board = await self.place.desk.read(supervision.board)
        first, self.board = self.board is None, board
        self.place.names, self.place.data_at = dict(board.names), self.place.now()
        still = {one.id for one in board.requests}
        self.place.board.marked &= still
        self.list.mark(self.place.board.marked)
        if first:
            self._load()
            self.deciding.come_back()
        else:
            self.list.offer(self._items())
            if self._settles:
                self.list.resort()
            self.deciding.check()
        self._settles = False
        self._show()

    def settle(self) -> None:
        """Something was done here: what is read next is what the list is sorted by."""
        self._settles = True

    def _items(self) -> tuple[Any, ...]:
        if self.board is None:
            return ()
        every: tuple[Any, ...] = {
            REQUESTS: self.board.requests,
            RAISED: self.board.raised,
            SOON: self.board.soon,
            TEAM: self.board.load,
        }[self.shown]
        return tuple(one for one in every if self._wanted(one)) if self.filter else every

    def _wanted(self, one: Any) -> bool:
        """Whether a row has what is filtered by."""
        if isinstance(one, WaitingRequest):
            asked = one.row.approval
            asker = self.place.person(asked.requested_by)
            told: tuple[str, ...] = (
                one.row.customer,
                asked.case_no,
                words.action_words(one),
                asked.requested_by,
                asker,
            )
        elif isinstance(one, PressedCase):
            told = (
                one.row.customer,
                one.row.case_no,
                one.row.summary,
                self.place.person(one.row.owner or ""),
            )
        else:
            told = (one.name, one.number)
        return any(self.filter.casefold() in text.casefold() for text in told)

    def _load(self) -> None:
        """Show the list that is wanted, the row selected in it before selected again."""
        code, cells = self.shown, self.list.size.width or self.size.width
        maker: Any = {
            REQUESTS: partial(words.request_pieces, self.names, self.seen),
            TEAM: words.load_pieces,
        }.get(code, partial(words.case_pieces, self.names))
        heading: list[tuple[str, str]] = []
        if self.size.width >= WIDE:
            heading = words.request_heading(cells - 4) if code == REQUESTS else words.case_heading(cells - 4)
        empty = words.nothing(code) if self.board is not None else ""
        self.list.load(
            self._items(),
            maker,
            heading=heading,
            digits=code != REQUESTS,
            empty=empty,
            select=self.place.board.selected.get(code, 0),
        )
        self._show()

    def _show(self) -> None:
        if self.board is not None:
            self.body.say("figures", [words.figures(self.board.figures, self.size.width)])
        self._show_tabs()
        self.show_verdicts()
        self._show_detail()

    def _show_load(self) -> None:
        """The team below the selected row, as many as there is room for."""
        if self.board is None:
            return
        beside = self.body.query_one("#beside").size
        above = len(self.body.query_one("#detail", Panel).strips(beside.width)) if beside.width else 0
        title = ([(f"  {words.list_title(TEAM)}", "title")], [(_("open, urgent"), "dim"), ("  ", "text")])
        rows = words.load_beside(self.board.load, beside.width, max(3, beside.height - above - 3))
        self.body.say("load", [title, *rows])

    def _show_tabs(self) -> None:
        self.body.say("tabs", [(words.list_tabs(self.shown, self.codes), [])])

    def show_verdicts(self) -> None:
        """The line of digits, for the selected request or the marked ones."""
        if self.shown != REQUESTS:
            self.body.say("verdicts", [])
            return
        chosen = self.deciding.chosen.code if self.deciding.chosen is not None else None
        marked = len(self.place.board.marked)
        self.body.say("verdicts", [(verdicts.line_of(self._offered(), marked, chosen), [])])

    def _offered(self) -> tuple[Choice, ...]:
        marked = len(self.place.board.marked)
        return verdicts.offered(self.selected_request(), marked, self.place.desk.actor.role, self.seen)

    def why_not(self, code: str, one: WaitingRequest) -> str:
        """Why a verdict cannot be given on a request now; empty when it can."""
        every = verdicts.offered(one, 0, self.place.desk.actor.role, self.seen)
        return next((choice.reason for choice in every if choice.code == code), _("No request is selected"))

    def _show_detail(self) -> None:
        panel, now, one = self.body.query_one("#detail", Panel), self.place.now(), self.list.selected
        if isinstance(one, WaitingRequest):
            panel.show(details.request_rows(one, self.names, now, self.seen))
            self.body.say("short", details.request_lines(one, self.names, self.seen))
        elif isinstance(one, PressedCase):
            panel.show(details.case_rows(one, self.names, now))
            self.body.say("short", details.case_lines(one, self.names))
        else:
            panel.show([])
            self.body.say("short", [])
        self._show_load()

    def tick(self, now: datetime) -> None:
        self.list.tick(now)
        self._show_detail()

    # Messages

    def on_board_list_selected(self) -> None:
        if self.list.selected_id is not None:
            self.place.board.selected[self.shown] = self.list.selected_id
        self._show_detail()
        self.show_verdicts()
        self.frame()

    def on_board_list_held_changed(self) -> None:
        self.frame()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._load)

    def on_field_changed(self, event: Field.Changed) -> None:
        if event.input.id == "filter":
            return
        if self.noting.case is not None:
            self.noting.typed(event.value)
        else:
            self.deciding.typed()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if event.input.id == "filter":
            self.filter = event.value.strip()
            if not self.filter:
                self.body.remove_class("-filtering")
            self.list.focus()
            self._load()
        elif self.noting.case is not None:
            self.noting.keep(event.value)
        else:
            self._next_field() or self.list.focus()

    # Digits, Space and Enter

    def do_choose(self, digit: int) -> None:
        if self.shown != REQUESTS:
            self.list.choose(digit)
            return
        choices = self._offered()
        if digit > len(choices):
            return
        choice, marked = choices[digit - 1], self.place.board.marked
        if choice.reason:
            self.toast(choice.reason, "hint")
            return
        self.noting.leave()
        one = self.selected_request()
        if marked and self.board is not None:
            self.deciding.choose(choice.code, [each.id for each in self.board.requests if each.id in marked])
        elif (
            one is not None
            and one.alone
            and choice.code in (verdicts.APPROVE, verdicts.REFUSE, verdicts.RETURN)
        ):
            wallet.ask_about(self, one.row.approval.case_id, self.settle)
        elif one is not None:
            self.deciding.choose(choice.code, (one.id,))

    def do_more(self) -> None:
        self.list.choose(0)
        self.frame()

    def do_mark(self) -> None:
        """Space: only what was opened in this sitting, and never a release; the operation asks again."""
        one = self.selected_request()
        if one is None:
            self.toast(_("Only requests are marked"), "hint")
            return
        marked = self.place.board.marked
        if one.id not in marked and (why := self._no_mark(one)):
            self.toast(why, "hint")
            return
        if self.deciding.chosen is not None:
            self.deciding.drop()
        self.place.board.marked = marked ^ {one.id}
        self.list.mark(self.place.board.marked)
        self.show_verdicts()
        self.frame()

    def _no_mark(self, one: WaitingRequest) -> str:
        if one.alone:
            return _("A release is decided by itself, with your own password")
        if not self.seen:
            return _("Not during a call: sums and reasons are hidden")
        if one.hindrance:
            return details.hindrance_words(one)
        return "" if one.read else _("Open it first (Enter): what is decided together was read one by one")

    def unmark(self) -> None:
        """Nothing is marked any more."""
        self.place.board.marked = frozenset()
        self.list.mark(frozenset())

    def do_open(self) -> None:
        """Enter opens the case, and the request on it counts as read."""
        found = self.list.selected
        if isinstance(found, WaitingRequest):
            asked = found.row.approval
            case = OpenCase(asked.case_id, asked.case_no, found.row.customer, found.row.kind.value)
            if self.seen:
                self.perform(approvals.read, found.id, then=lambda _changed: self._open(case))
            else:
                self._open(case)
        elif isinstance(found, PressedCase):
            row = found.row
            self._open(OpenCase(row.case_id, row.case_no, row.customer, row.kind, row))
        elif isinstance(found, PersonLoad):
            self.toast(_("Their cases are in the queue: F2, then F3 twice filters it"), "hint")

    def _open(self, case: OpenCase) -> None:
        self.place.board.opened = case.case_id
        if not self.place.is_open(case.case_id):
            self.place.open(case)
        open_case_screen(self, case.case_id, row=case.row, case_no=case.case_no)

    # Moving

    def do_up(self) -> None:
        self._move(-1)

    def do_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        if isinstance(self.focused, Field):
            return  # the words are for the row they were begun on
        self.list.go_to(self.list.at + step)

    def action_page(self, pages: int) -> None:
        rows = self.body.query_one("#rows").size.height
        self.list.go_to(self.list.at + pages * max(1, rows - 1))

    def do_next_list(self) -> None:
        self._go_list(1)

    def do_last_list(self) -> None:
        self._go_list(-1)

    def _go_list(self, step: int) -> None:
        """Tab: the next field while something is asked for, else the next list."""
        if isinstance(self.focused, Field) and self.focused.id != "filter":
            if not self._next_field(step):
                self.list.focus()
            return
        codes = self.codes
        self.place.board.shown = codes[(codes.index(self.shown) + step) % len(codes)]
        self._load()
        self.frame()

    def _next_field(self, step: int = 1) -> bool:
        """Go to the next field that is asked for. False where there is none."""
        shown = [
            name for name in ("count", "sum", "words") if self.body.field(name).display and self._asked(name)
        ]
        at = self.focused.id if isinstance(self.focused, Field) else None
        after = shown.index(at) + step if at in shown else -1
        if not 0 <= after < len(shown):
            return False
        self.focus_field(shown[after])
        return True

    def _asked(self, name: str) -> bool:
        many = self.body.has_class("-many")
        return not self.body.has_class("-wordless") if name == "words" else many

    def focus_field(self, name: str) -> None:
        """Into a field, once it is to be seen."""
        self.call_after_refresh(lambda: self.set_focus(self.body.field(name)))

    # F-keys

    def do_commit(self) -> None:
        self.deciding.commit()

    def refused(self, refused: DeskError) -> None:
        if isinstance(refused, NotAllowed) and refused.code == "role.no_board":
            self.app.show_queue()  # type: ignore[attr-defined]
            return
        self.deciding.refused(refused)

    def do_customer(self) -> None:
        if (case := self.selected_case()) is not None:
            start(self, partial(navigation.customer_of, self, case[0]), "read-customer", newest=True)

    def do_note(self) -> None:
        if (case := self.selected_case()) is not None:
            self.noting.begin(*case)

    def do_pass_on(self) -> None:
        """F7: raise further, to risk, back, to somebody else."""
        found = self.list.selected
        if isinstance(found, WaitingRequest):
            raising.request(self, found)
        elif isinstance(found, PressedCase):
            raising.case(self, found)

    def do_take_over(self) -> None:
        """F9: a ringing call, else the raised case."""
        if self._rings:
            self.do_call()
            return
        found = self.list.selected
        if isinstance(found, PressedCase):
            row = found.row
            case = OpenCase(row.case_id, row.case_no, row.customer, row.kind, row)
            self.perform(claim, row.case_id, then=lambda _changed: self._taken(case))

    def _taken(self, case: OpenCase) -> None:
        self.settle()
        self._open(case)

    def undone(self, changed: Changed) -> None:
        super().undone(changed)
        self.settle()

    def do_filter(self) -> None:
        """F3 finds; F3 again filters this list (UX, Keys)."""
        navigation.push_lookup(self)

    def do_filter_list(self) -> None:
        self.body.add_class("-filtering")
        self.focus_field("filter")

    def do_back(self) -> None:
        """Esc: what is pending, the field, the filter, then the queue."""
        if self.noting.case is not None:
            self.noting.leave()
        elif self.deciding.chosen is not None:
            self.deciding.drop()
        elif self.body.has_class("-filtering"):
            self.body.remove_class("-filtering")
            self.body.field("filter").put("")
            self.filter = ""
            self.list.focus()
            self._load()
        elif self.place.board.marked:
            self.unmark()
            self.show_verdicts()
            self.frame()
        else:
            self.app.show_queue()  # type: ignore[attr-defined]
