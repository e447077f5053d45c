"""The case screen: open cases in tabs, the walk in the middle, F8 does what the strip says."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from bdesk import keys
from bdesk.errors import DeskError, FactsMoved
from bdesk.i18n import _
from bdesk.models.kinds import OPEN_STATES
from bdesk.models.views.changed import Changed
from bdesk.models.views.strip import Strip
from bdesk.operations.effects.commit import commit
from bdesk.operations.looking.case import CasePage, case_page
from bdesk.rules.masking import mask_name
from bdesk.screens import navigation, reopening
from bdesk.screens.base import DeskScreen
from bdesk.screens.case import acts, answers, departments, enquiry, frame, present, travel
from bdesk.screens.case.drafting import CaseDrafts
from bdesk.screens.case.evidence import EvidenceList
from bdesk.screens.case.form import StepForm
from bdesk.screens.case.noting import NoteLine, Noting
from bdesk.screens.case.pending import Pending
from bdesk.screens.case.side import SidePane
from bdesk.screens.case.step_pane import StepPane
from bdesk.screens.modals.clocks import ClocksModal
from bdesk.screens.modals.letter import LetterModal
from bdesk.screens.phrases import spoken_phrases
from bdesk.screens.place import OpenCase, Place
from bdesk.screens.queue.figures import Lines
from bdesk.screens.writing import SLOW_SECONDS
from bdesk.speech import speak_error
from bdesk.widgets import strips
from bdesk.widgets.choices import Choices
from bdesk.widgets.lines import Piece
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues
from bdesk.widgets.tabs import CaseTabs

WIDE = 110
BROAD = 160


class CaseScreen(DeskScreen):
    """Shows `place.current`. Choosing never does anything irreversible; F8 alone does."""

    context: ClassVar[keys.Context] = keys.Context.CASE
    seconds: Callable[[], float] = staticmethod(monotonic)
    DEFAULT_CSS = """
    CaseScreen #facts { width: 33; height: 1fr; background: $panel; display: none; padding: 1 0; }
    CaseScreen #side { width: 33; height: 1fr; display: none; }
    CaseScreen.-wide #facts, CaseScreen.-wide #side { display: block; }
    CaseScreen.-wide #short, CaseScreen.-wide #note-line { display: none; }
    CaseScreen #short, CaseScreen #asked { height: auto; }
    CaseScreen #note-line { height: auto; }
    CaseScreen #columns { height: 1fr; }
    CaseScreen.-wide #columns { margin: 1 0 0 0; }
    CaseScreen.-broad #facts { width: 40; }
    CaseScreen.-broad #side { width: 58; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "scroll_steps(-1)", show=False),
        Binding("pagedown", "scroll_steps(1)", show=False),
    ]

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.page: CasePage | None = None
        self.at: str | None = None
        """The earlier step that is shown, when stepping back."""
        self.wanted: str | None = None
        """The answer whose missing fields are being filled in."""
        self.drafts = CaseDrafts(place.desk.drafts)
        self.waiting = Pending(place, lambda: self.seconds())
        self.noting = Noting(self)
        self.reading = ""
        """What is being read and takes its time."""

    def compose_top(self) -> ComposeResult:
        yield CaseTabs(id="tabs")
        yield Lines(ground="panel", id="short")
        yield Lines(ground="call", id="asked")
        yield NoteLine(id="note-line")

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Panel(edge=1, id="facts")
            with Vertical(id="middle"):
                yield StepPane(wide=False, id="steps")
            yield SidePane(id="side")

    # Parts

    @property
    def steps(self) -> StepPane:
        return self.query_one("#steps", StepPane)

    @property
    def side(self) -> SidePane:
        return self.query_one("#side", SidePane)

    @property
    def case_id(self) -> int | None:
        return self.place.current

    @property
    def done(self) -> bool:
        """Whether the case on the screen is closed: its tab goes when it is left."""
        return self.page is not None and self.page.standing.snapshot.case.state not in OPEN_STATES

    @property
    def unowned(self) -> bool:
        """Whether nobody holds the case on the screen: F9 claims it."""
        return self.page is not None and not self.done and self.page.standing.snapshot.case.owner_id is None

    def on_resize(self, event: events.Resize) -> None:
        wide = event.size.width >= WIDE
        if not self.is_mounted:
            return
        if wide != self.has_class("-wide"):
            self.set_class(wide, "-wide")
            self.noting.move(wide)
        self.set_class(event.size.width >= BROAD, "-broad")
        self.steps.wide = wide
        if self.page is not None:
            self.refresh_now()

    # Frame

    def heading(self) -> str:
        return _("Case")

    def extra(self) -> str:
        if self.page is not None:
            return self.page.standing.snapshot.case.case_no
        return frame.tab_no(self)

    def pending(self) -> strips.StripValues | None:
        strip = self.waiting.strip
        if strip is None or self.page is None:
            return None  # what of it may be seen is not known before the case was read
        return strips.pending(spoken_phrases(self.page.shown(strip).phrases), flash=self.waiting.flash)

    def footer_words(self) -> dict[str, str]:
        return frame.footer_words(self)

    def footer_hot(self) -> str:
        return frame.footer_hot(self)

    def footer_off(self) -> dict[str, str]:
        return frame.footer_off(self)

    def status(self) -> StatusValues:
        return frame.status(self)

    # Reading

    async def reload(self) -> None:
        case_id = self.case_id
        if case_id is None:
            self.app.show_queue()  # type: ignore[attr-defined]
            return
        slow = self.set_timer(SLOW_SECONDS, self._say_reading)
        try:
            page = await self.place.desk.read(case_page, case_id, at=self.at)
        finally:
            slow.stop()
            self.reading = ""
        if case_id != self.case_id:
            return
        self.page = page
        self.place.data_at = self.place.now()
        self._keep_tab(page)
        self._check_strip(page)
        await self._show()

    def say_refusal(self, refused: DeskError) -> None:
        """A case that cannot be read says why in its place: a toast goes after some seconds."""
        super().say_refusal(refused)
        if self.page is None and self.is_mounted:
            self.steps.say_refused(speak_error(refused, self.words()))

    def _say_reading(self) -> None:
        """Said only when it takes its time: what comes at once must not flicker (UX 2)."""
        self.reading = _("Reading {case_no}", case_no=frame.tab_no(self))
        if self.page is None:
            self.steps.say_reading(self.reading)
        self.frame()

    def _keep_tab(self, page: CasePage) -> None:
        snap = page.standing.snapshot
        name = mask_name(snap.customer.name) if snap.customer is not None else ""
        row = page.row
        case = OpenCase(snap.case.id, snap.case.case_no, name, snap.case.kind.value, row)
        self.place.open(case)

    def _check_strip(self, page: CasePage) -> None:
        """A strip chosen on another state of the case is dropped, and says so; a note leaves it standing."""
        strip = self.waiting.strip
        if strip is not None and page.moved_since(strip):
            self.waiting.drop()
            self.toast(_("The case changed; please choose again"), "alert")

    async def _show(self) -> None:
        page = self.page
        if page is None:
            return
        snap, current = page.standing.snapshot, page.standing.walk.current
        strip = self.waiting.strip
        self._tabs()
        self.query_one("#short", Lines).show([(present.short_lines(snap), [])])
        self.query_one("#asked", Lines).show(self._asked(page))
        writing = self.noting.written_now(snap.case.id)
        self.noting.put_back(snap.case.id)
        drafts = self.drafts.fields(snap.case.id, current.step.id) if current is not None else {}
        moved = await self.steps.show(page, drafts, strip.option if strip is not None else None)
        self.side.show_letters(page.shown(strip).letters if strip is not None else ())
        if self.waiting.shown():
            self.call_after_refresh(self.waiting.painted)
        self._facts(self.place.now())
        self.side.show_page(page, self.place.person)
        if moved:
            self.wanted = None
            # Whoever writes a note goes on writing it, whatever happens to the step meanwhile.
            if not writing:
                self._focus_step()

    def _asked(self, page: CasePage) -> list[tuple[list[Piece], list[Piece]]]:
        """While the caller of this case is on the line, what they may be told, unless it began with this
        call and there is nothing to ask after; where there is no side pane, what departments were asked."""
        call, case = self.place.call, page.standing.snapshot.case
        lines: list[tuple[list[Piece], list[Piece]]] = []
        if call is not None and call.case_id == case.id and case.opened_at < call.started_at:
            lines.append((enquiry.line_of(page), [("F7 6 ", "key")]))
        if not self.has_class("-wide"):
            lines += [(pieces, []) for pieces in departments.rows(page, 2)]
        return [line for line in lines if line[0]]

    def _facts(self, now: datetime) -> None:
        if self.page is not None:
            kinds = self.place.desk.book.clock_kinds
            self.query_one("#facts", Panel).show(present.fact_rows(self.page.standing, now, kinds))

    def _tabs(self) -> None:
        self.query_one("#tabs", CaseTabs).show(present.tabs(self.place), self.case_id)

    def tick(self, now: datetime) -> None:
        self._tabs()
        self.steps.tick(now)
        self._facts(now)

    # Drafts

    def on_step_form_typed(self, message: StepForm.Typed) -> None:
        page = self.page
        if page is not None and page.standing.walk.current is not None:
            step = page.standing.walk.current.step.id
            self.drafts.keep_fields(page.standing.snapshot.case.id, step, message.values)
        if self.waiting.strip is not None:
            # What stands in the strip was chosen with other values.
            self.waiting.drop()
            self.refresh_now()
        self.frame()

    def on_note_area_changed(self, event: NoteArea.Changed) -> None:
        if event.text_area.has_focus:
            self.noting.typed(event.text_area.text)
            self.frame()

    def undone(self, changed: Changed) -> None:
        super().undone(changed)
        if changed.words:
            self.noting.show_again(changed.case_id)

    # Focus

    def on_descendant_focus(self) -> None:
        """What Enter, Space and Tab do depends on where they go."""
        self.frame()

    def _focus_step(self) -> None:
        """The first needed field, else what was half typed, else the answers: the keyboard is where the next
        key is meant to go."""
        form = self.steps.form
        if form is not None and (form.focus_empty() or (self.waiting.strip is None and form.focus_draft())):
            return
        if self.steps.choices is not None:
            self.steps.choices.focus()
        else:
            self.set_focus(None)

    # Answers

    def do_choose(self, digit: int) -> None:
        choices = self.steps.choices
        if choices is not None:
            choices.choose(digit)

    def do_more(self) -> None:
        if self.steps.choices is not None:
            self.steps.choices.more()

    def on_choices_refused(self, message: Choices.Refused) -> None:
        self.toast(message.choice.reason, "hint")

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        if self.done and self.case_id is not None:
            reopening.ask(self, self.case_id, message.choice.label, None, self._came_back)
        else:
            answers.choose(self, message.choice.code)

    def _came_back(self, changed: Changed) -> None:
        if changed.case_id is not None and changed.case_id != self.case_id:
            travel.leave_done(self)
            navigation.open_case(self, changed.case_id)

    def on_step_form_ready(self, message: StepForm.Ready) -> None:
        answers.go_on(self)

    async def pend(self, strip: Strip) -> None:
        """Put an outcome into the strip; it is on disk from now on."""
        self.waiting.put(strip)
        await self._show()
        if self.steps.choices is not None:
            self.steps.choices.focus()
        self.frame()

    def do_commit(self) -> None:
        """F8: only what the strip says, only once it could be read."""
        strip = self.waiting.take()
        if strip is not None:
            self.perform(commit, strip, then=self._committed)
        self.frame()

    def _committed(self, changed: Changed) -> Any:
        self.waiting.drop()
        return answers.answered(self, changed)

    def refused(self, refused: DeskError) -> None:
        if isinstance(refused, FactsMoved) or refused.code == "case.moved":
            self.waiting.drop()

    # Other keys

    def do_back(self) -> None:
        """Esc: the strip, then the field or the evidence, then the step, then back to the queue."""
        form = self.steps.form
        if self.waiting.strip is not None:
            self.waiting.drop()
            self.refresh_now()
        elif isinstance(self.focused, NoteArea | EvidenceList) or (
            form is not None and form.has_focus_within
        ):
            if self.steps.choices is not None:
                self.steps.choices.focus()
            else:
                self.set_focus(None)
        elif self.at is not None:
            self.at = None
            navigation.held(self, self.read_again())
        else:
            self.do_queue()

    def do_step_back(self) -> None:
        travel.step(self, -1)

    def do_step_forward(self) -> None:
        travel.step(self, 1)

    def do_next_pane(self) -> None:
        self.focus_next()

    def do_previous_pane(self) -> None:
        self.focus_previous()

    def do_note(self) -> None:
        self.noting.focus()

    def on_note_area_saved(self, message: NoteArea.Saved) -> None:
        self.noting.keep(message.area, message.text)

    def do_take(self) -> None:
        travel.take(self)

    async def go_to_current(self) -> None:
        """Show the place's current case; returns when its step can take a key."""
        self.at = None
        if self.whole():
            self._tabs()
            self.frame()
        await self.read_again()

    def do_queue(self) -> None:
        travel.leave_done(self)
        self.app.show_queue()  # type: ignore[attr-defined]

    def do_previous_case(self) -> None:
        travel.go_to(self, self.place.beside(-1))

    def do_next_case(self) -> None:
        travel.go_to(self, self.place.beside(1))

    def do_last_case(self) -> None:
        travel.go_to(self, self.place.last)

    def on_case_tabs_picked(self, message: CaseTabs.Picked) -> None:
        travel.go_to(self, message.case_id)

    def do_park(self) -> None:
        acts.park(self)

    def do_raise(self) -> None:
        acts.raise_it(self)

    def on_evidence_list_opened(self, message: EvidenceList.Opened) -> None:
        acts.open_evidence(self, message.row)

    def on_evidence_list_ticked(self, message: EvidenceList.Ticked) -> None:
        acts.tick_evidence(self, message.row)

    def do_customer(self) -> None:
        if self.page is not None and self.page.standing.snapshot.customer is not None:
            navigation.push_customer(self, self.page.standing.snapshot.customer.id)

    def do_consent(self) -> None:
        """Space looks into what is pending: the letter exactly as it will be sent."""
        strip = self.waiting.strip
        if self.page is not None and strip is not None and strip.letters:
            self.app.push_screen(LetterModal(self.page.shown(strip).letters))

    def action_scroll_steps(self, pages: int) -> None:
        """PgUp and PgDn move the step where it is longer than the screen."""
        self.steps.scroll_relative(y=pages * max(1, self.steps.size.height - 2), animate=False)

    def do_clocks(self) -> None:
        if self.case_id is not None:
            self.app.push_screen(ClocksModal(self.place, self.case_id))

    def do_rule(self) -> None:
        navigation.push_help(self)
