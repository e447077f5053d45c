"""What the supervisor's screen shows: the figures, the list at hand, the selected row, the line of digits."""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult

from bdesk import keys
from bdesk.errors import DeskError
from bdesk.i18n import _, pick
from bdesk.models.kinds import Role
from bdesk.models.views.supervision import Board, PressedCase, WaitingRequest
from bdesk.operations.looking import supervision
from bdesk.screens.base import DeskScreen
from bdesk.screens.place import Place
from bdesk.screens.supervisor import details, noting, raising, verdicts, words
from bdesk.screens.supervisor.deciding import Deciding
from bdesk.screens.supervisor.layout import WIDE, BoardBody
from bdesk.screens.supervisor.words import HELD, LISTS, RAISED, REQUESTS, SOON, TEAM, Names
from bdesk.screens.wallet import deciding as wallet
from bdesk.widgets import strips
from bdesk.widgets.board_list import BoardList
from bdesk.widgets.choices import Choice
from bdesk.widgets.fields import Field
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues


class SupervisorView(DeskScreen):
    """What is shown, from what was read; what keys do is the screen's (`screen`)."""

    context: ClassVar[keys.Context] = keys.Context.SUPERVISOR

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
    def marked(self) -> frozenset[int]:
        """What is marked in the list on the screen."""
        marks = {REQUESTS: self.place.board.marked, TEAM: frozenset[int]()}
        return marks.get(self.shown, self.place.board.cases)

    @property
    def codes(self) -> tuple[str, ...]:
        """The lists there are; what somebody holds is the last, once they were chosen in the team."""
        return (*LISTS, HELD) if self.place.board.holder else LISTS

    @property
    def seen(self) -> bool:
        """Whether sums and reasons may be seen now."""
        return self.board is not None and self.board.shown

    @property
    def role(self) -> Role:
        """The role in which this person decides, as last read: their own, or one they stand in for."""
        return self.place.desk.actor.role if self.board is None else self.board.role

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
        return Names(self.place.person, self._clock_name, self._group_name)

    def _group_name(self, code: str) -> str:
        return pick(*(self.board.group_names if self.board is not None else {}).get(code, (code, code)))

    def _clock_name(self, code: str) -> str:
        kind = self.place.desk.book.clock_kinds.get(code) if self.place.desk.book_ready else None
        return "" if kind is None else pick(kind.short.zh, kind.short.en)

    # Frame

    def heading(self) -> str:
        return _("Board")

    def extra(self) -> str:
        code = self.place.desk.actor.group_code or ""
        return self._group_name(code)

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
            return _("Cases are taken over: Tab goes to them")
        theirs = found.row.owner not in (None, self.place.desk.actor.number)
        if self.shown in (SOON, HELD) and theirs and not raising.may_take_over(self):
            return _("Somebody works on it; a supervisor takes it over")
        return ""

    def status(self) -> StatusValues:
        held = self.list.held if self.is_mounted else 0
        if isinstance(self.focused, Field):
            return StatusValues(held=held, hints=self._field_hints(self.focused))
        hints = {
            REQUESTS: [("Enter", _("open and read")), ("Space", _("mark")), ("F7", _("pass on, send back"))],
            TEAM: [("Enter", _("their cases")), ("Tab", _("next list"))],
        }.get(
            self.shown,
            [
                ("Enter", _("Open")),
                ("Space", _("mark")),
                ("F9", _("take over")),
                ("F7", _("raise")),
                ("Ctrl+Z", _("undo")),
            ],
        )
        return StatusValues(held=held, hints=tuple(hints))

    def _field_hints(self, field: Field) -> tuple[tuple[str, str], ...]:
        """What leads on from a field: it has the keys of the list now."""
        if field.id == "filter":
            return (("Enter", _("filter this list")), ("Esc", _("the whole list")))
        if self.noting.cases:
            return (("Enter", _("keep the note")), ("Esc", _("back to the list")))
        ends = field.id == "words" or (field.id == "sum" and self.body.has_class("-wordless"))
        return (("Enter", _("back to the list") if ends else _("next field")), ("Esc", _("Drop")))

    def pending(self) -> strips.StripValues | None:
        return self.deciding.strip() if self.is_mounted else None

    # Reading

    async def reload(self) -> None:
        # What is done here while a read is under way is not in it: only the next one can settle that.
        settles, self._settles = self._settles, False
        try:
            board = await self.place.desk.read(supervision.board, self.place.board.holder)
        except DeskError:
            self._settles = self._settles or settles
            raise
        first, self.board = self.board is None, board
        self.place.names, self.place.data_at = dict(board.names), self.place.now()
        marks = self.place.board
        marks.marked &= {one.id for one in board.requests}
        marks.cases &= {one.id for one in (*board.raised, *board.soon, *board.held)}
        self.list.mark(self.marked)
        if first:
            self._load()
            self.deciding.come_back()
        else:
            self.list.offer(self._items())
            if settles:
                self.list.resort()
            self.deciding.check()
        self._show()

    def settle(self) -> None:
        """Something was done here: what is read next is what the list is sorted by."""
        self._settles = True

    def unmark(self) -> None:
        """Nothing is marked any more."""
        self.place.board.marked = self.place.board.cases = frozenset()
        self.list.mark(frozenset())

    def focus_field(self, name: str) -> None:
        """Into a field, once it is to be seen."""
        self.call_after_refresh(lambda: self.set_focus(self.body.field(name)))

    def _items(self) -> tuple[Any, ...]:
        if self.board is None:
            return ()
        every: tuple[Any, ...] = {
            REQUESTS: self.board.requests,
            RAISED: self.board.raised,
            SOON: self.board.soon,
            TEAM: self.board.load,
            HELD: self.board.held,
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
        if self.body.has_class("-team") != (code == TEAM):
            self.body.toggle_class("-team")
            self.call_after_refresh(self._load)  # with the cells that the list has then
        maker: Any = {
            REQUESTS: partial(words.request_pieces, self.names, self.seen),
            TEAM: words.load_pieces,
        }.get(code, partial(words.case_pieces, self.names))
        heading: list[tuple[str, str]] = []
        if self.size.width >= WIDE and code != TEAM:
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
        self.list.mark(self.marked)
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
        rows = words.load_beside(self.board.load, beside.width, max(3, beside.height - above - 3))
        self.body.say("load", rows)

    def _show_tabs(self) -> None:
        holder = self.place.board.holder
        named = self.place.person(holder) if holder else ""
        self.body.say("tabs", [(words.list_tabs(self.shown, self.codes, named), [])])

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
        return verdicts.offered(self.selected_request(), marked, self.role, self.seen)

    def why_not(self, code: str, one: WaitingRequest) -> str:
        """Why a verdict cannot be given on a request now; empty when it can."""
        every = verdicts.offered(one, 0, self.role, self.seen)
        return next((choice.reason for choice in every if choice.code == code), _("No request is selected"))

    def _show_detail(self) -> None:
        panel, now, one = self.body.query_one("#detail", Panel), self.place.now(), self.list.selected
        if isinstance(one, WaitingRequest):
            panel.show(details.request_rows(one, self.names, now, self.seen))
            self.body.say("short", details.request_lines(one, self.names, now))
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
