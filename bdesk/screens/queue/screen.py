"""The queue: mine, waiting, put aside; the next one by F9, any one by digit and Enter."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult

from bdesk import keys
from bdesk.errors import DeskError
from bdesk.i18n import _, pick
from bdesk.models.kinds import CaseKind
from bdesk.models.labels import label_of
from bdesk.models.views.changed import Changed
from bdesk.models.views.queue import FirstRows, QueueRow
from bdesk.operations.looking import queue as looking
from bdesk.screens import navigation
from bdesk.screens.base import DeskScreen
from bdesk.screens.opening import open_case_screen
from bdesk.screens.place import Place
from bdesk.screens.queue.figures import NO_FIGURES, Lines
from bdesk.screens.queue.layout import QueueBody
from bdesk.screens.queue.words import figure_pieces, next_words, queue_words
from bdesk.screens.working import start
from bdesk.widgets.fields import Field
from bdesk.widgets.queue_list import QueueList
from bdesk.widgets.queue_pages import Wanted
from bdesk.widgets.strips import StatusValues


class QueueScreen(DeskScreen):
    """Home. F2 comes here from everywhere and never quits."""

    context: ClassVar[keys.Context] = keys.Context.QUEUE
    DEFAULT_CSS = """
    QueueScreen #figures { min-height: 1; }
    QueueScreen #filter { display: none; margin: 0 0 0 4; }
    QueueScreen.-filtering #filter { display: block; }
    """

    def __init__(self, place: Place, early: FirstRows | None = None) -> None:
        """`early` are rows that were painted already, while the store was being opened."""
        self._early = early
        super().__init__(place)
        self.view: looking.QueueView | None = None
        self.filters = looking.NO_FILTERS
        self.coming_back = False
        self.list_words = queue_words(self._group_name, self._person)

    def compose_body(self) -> ComposeResult:
        yield Lines(id="figures")
        yield Field(placeholder=_("Filter: kind, number tail, group"), id="filter")
        yield QueueBody(self.list_words, self.place.now())

    @property
    def list(self) -> QueueList:
        return self.query_one(QueueBody).list

    def on_mount(self) -> None:
        if self._early is not None:
            self.list.load(self._early.sections, self._early.rows, self._early.now)
            self._show_preview()
        self._show_figures()
        self.list.focus()

    def on_screen_resume(self) -> None:
        # Coming back re-sorts: nothing moved under a cursor that was not there (UX 3).
        # What is read next is what it is sorted by: a case closed a moment ago is gone.
        self.coming_back = self.is_mounted

    def on_resize(self, event: events.Resize) -> None:
        self._show_figures()
        self._show_preview()

    # Frame

    def heading(self) -> str:
        return _("Queue")

    def extra(self) -> str:
        return self._group_name(self.place.desk.actor.group_code or "")

    def footer_words(self) -> dict[str, str]:
        if self.place.call is not None:
            return {"queue.call": _("Card")}
        return {"desk.take": _("Answer")} if self.place.ringing is not None else {}

    def footer_hot(self) -> str:
        return "desk.take"

    def footer_off(self) -> dict[str, str]:
        off = {"desk.commit": _("Nothing is pending: F8 does what a strip says")}
        if self.list.selected is None:
            none = _("No case is selected")
            off |= {"desk.customer": none, "desk.park": none, "desk.raise": none}
        return off

    def status(self) -> StatusValues:
        hints = [("F3", _("find")), ("Space", _("mark")), ("Ctrl+Z", _("undo"))]
        says = ""
        if self.view is not None and self.view.why_next is not None:
            says = next_words(self.view.why_next.reason, self.view.why_next.touched)
        return StatusValues(held=self.list.held, hints=tuple(hints), says=says, age=self._age())

    def _age(self) -> str:
        if self.place.data_at is None:
            return ""
        seconds = max(0, int((self.place.now() - self.place.data_at).total_seconds() / self.place.pace))
        return _("data {seconds} s old", seconds=seconds) if seconds else _("data as of now")

    def _group_name(self, code: str) -> str:
        known = self.view or self._early
        names = {} if known is None else known.group_names
        zh, en = names.get(code, (code, code))
        return pick(zh, en)

    def _person(self, number: str) -> str:
        known = self.view or self._early
        return number if known is None else known.staff_names.get(number, number)

    # Reading

    async def reload(self) -> None:
        # The first rows do not wait for the book; the app reads again when it is there.
        ready = self.place.desk.book_ready
        view = await self.place.desk.read(looking.first_page, self.filters, why=ready)
        first = self.view is None
        self.view = view
        self.place.data_at = self.place.now()
        self.place.mine = tuple(view.rows.get("mine", ()))
        self.place.ringing = view.ringing
        self.place.names = dict(view.staff_names)
        if first and self._early is None:
            self.list.load(view.sections, view.rows, self.place.now())
        else:
            self.list.offer(view.sections, view.rows)
            if self.coming_back:
                self.list.resort()
        self.coming_back, self._early = False, None
        self._show_figures()
        self._show_preview()
        if first:
            app: Any = self.app
            self.call_after_refresh(app.filled)

    def _show_figures(self) -> None:
        lines = self.query_one("#figures", Lines)
        if self.view is None:
            lines.show(NO_FIGURES)
            return
        left, right = figure_pieces(self.view.figures, self.size.width)
        lines.show([([("  ", "text"), *left], right)])

    def _show_preview(self) -> None:
        row, now = self.list.selected, self.place.now()
        empty = self.view is not None and not any(section.total for section in self.view.sections)
        clock = "" if row is None else self._clock_name(row)
        self.query_one(QueueBody).show_case(row, now, clock, empty=empty)

    def _clock_name(self, row: QueueRow) -> str:
        desk = self.place.desk
        kind = desk.book.clock_kinds.get(row.clock or "") if desk.book_ready else None
        return "" if kind is None else pick(kind.short.zh, kind.short.en)

    def tick(self, now: datetime) -> None:
        self.list.tick(now)

    # Messages

    def on_queue_list_selected(self, message: QueueList.Selected) -> None:
        self._show_preview()
        self.frame()

    def on_queue_list_opened(self, message: QueueList.Opened) -> None:
        self.open_row(message.row)

    def on_queue_list_held_changed(self, message: QueueList.HeldChanged) -> None:
        self.frame()

    def on_queue_list_need_page(self, message: QueueList.NeedPage) -> None:
        start(self, partial(self._fetch, message.wanted), "read-page")

    async def _fetch(self, wanted: Wanted) -> None:
        try:
            asked = self._beyond(wanted)
            rows = await self.place.desk.read(looking.page, asked, self.filters)
        except DeskError as refused:
            self.say_refusal(refused)
            self.list.ask_again()
            return
        if asked is not wanted:
            # One row more than is known keeps the way open; it goes when nothing comes of it.
            more = len(rows) == asked.limit
            self.list.grow(wanted.section, wanted.index + len(rows) + more)
        self.list.put_page(wanted.section, wanted.index, rows)

    def _beyond(self, wanted: Wanted) -> Wanted:
        """Counts stop at a cap: where the list seems to end there, a page more is read to see."""
        at_end = wanted.index + wanted.limit >= looking.COUNT_CAP
        capped = at_end and wanted.index + wanted.limit >= self.list.total(wanted.section)
        return replace(wanted, limit=wanted.limit + looking.PAGE) if capped else wanted

    def open_row(self, row: QueueRow) -> None:
        """Enter only opens; F9 there or the first answer claims (UX, Keys)."""
        open_case_screen(self, row.case_id, row=row)

    # Keys

    def do_open(self) -> None:
        if (row := self.list.selected) is not None:
            self.open_row(row)

    def do_choose(self, digit: int) -> None:
        self.list.choose(digit)

    def do_more(self) -> None:
        self.list.resort()
        self.frame()

    def do_next_list(self) -> None:
        self.list.go_to_section(1)

    def do_take(self) -> None:
        if self.place.call is None and self.place.ringing is not None:
            self.do_call()
            return
        from bdesk.operations.queue import take_next

        self.perform(take_next, then=self._taken)

    def _taken(self, changed: Changed) -> None:
        if changed.case_id is not None:
            open_case_screen(self, changed.case_id, case_no=changed.case_no or "")

    def do_queue(self) -> None:
        self.list.resort()
        self.list.focus()

    def do_filter(self) -> None:
        """F3 finds; F3 again filters this list (UX, Keys)."""
        navigation.push_lookup(self)

    def do_customer(self) -> None:
        """F4: the selected row's customer."""
        if (row := self.list.selected) is not None:
            start(self, partial(navigation.customer_of, self, row.case_id), "read-customer", newest=True)

    def do_park(self) -> None:
        """F6: the selected row, on its case."""
        self._on_case("desk.park")

    def do_raise(self) -> None:
        """F7: the selected row, on its case."""
        self._on_case("desk.raise")

    def _on_case(self, binding: str) -> None:
        if (row := self.list.selected) is not None:
            open_case_screen(self, row.case_id, row=row, then=binding)

    def filter_by(self, words: str) -> None:
        """Filter this list as if the words had been typed."""
        self.do_filter_list()
        field = self.query_one("#filter", Field)
        field.put(words)
        self.apply_filter(words)

    def do_filter_list(self) -> None:
        self.add_class("-filtering")
        self.query_one("#filter", Field).focus()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        self.apply_filter(event.value)

    def apply_filter(self, words: str) -> None:
        """Show what the words leave of the list; none show all."""
        self.filters = looking.parse_filters(words, self._kind_by_word)
        self.view = None
        if not words.strip():
            self.remove_class("-filtering")
        self.list.focus()
        self.refresh_now()

    def _kind_by_word(self, word: str) -> CaseKind | None:
        return next((kind for kind in CaseKind if word in (kind.value, label_of(CaseKind, kind.value))), None)

    def do_back(self) -> None:
        if self.has_class("-filtering"):
            self.remove_class("-filtering")
            self.query_one("#filter", Field).put("")
            self.filters = looking.NO_FILTERS
            self.view = None
            self.list.focus()
            self.refresh_now()
