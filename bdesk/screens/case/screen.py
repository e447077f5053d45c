"""The case screen: open cases in tabs, the walk in the middle, F8 does what the strip says."""

from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from bdesk import keys
from bdesk.errors import BadInput, DeskError, FactsMoved, NotAllowed
from bdesk.i18n import _
from bdesk.models.kinds import CaseKind
from bdesk.models.labels import label_of
from bdesk.models.views.changed import Changed
from bdesk.models.views.strip import Strip
from bdesk.operations import notes, walking
from bdesk.operations import queue as queueing
from bdesk.operations.effects.commit import commit
from bdesk.operations.effects.strip import plan_strip
from bdesk.operations.looking.case import CasePage, case_page
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import OptionView
from bdesk.screens import navigation
from bdesk.screens.base import DeskScreen
from bdesk.screens.case import acts, present
from bdesk.screens.case.evidence import EvidenceList
from bdesk.screens.case.form import StepForm
from bdesk.screens.case.side import SidePane, focus_note
from bdesk.screens.case.step_pane import StepPane
from bdesk.screens.modals.clocks import ClocksModal
from bdesk.screens.phrases import spoken_phrases
from bdesk.screens.place import OpenCase, Place
from bdesk.screens.queue.figures import Lines
from bdesk.screens.queue.words import whom
from bdesk.widgets import strips
from bdesk.widgets.chip import row_chip
from bdesk.widgets.choices import Choices
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues
from bdesk.widgets.tabs import CaseTab, CaseTabs

WIDE = 110
F8_WAIT = 0.3
"""F8 counts only so long after the strip was painted (UX 5)."""


class CaseScreen(DeskScreen):
    """Shows `place.current`. Choosing never does anything irreversible; F8 alone does."""

    context: ClassVar[keys.Context] = keys.Context.CASE
    DEFAULT_CSS = """
    CaseScreen #facts { width: 33; height: 1fr; background: $panel; display: none; padding: 1 0; }
    CaseScreen #side { width: 33; height: 1fr; display: none; }
    CaseScreen.-wide #facts, CaseScreen.-wide #side { display: block; }
    CaseScreen.-wide #short, CaseScreen.-wide #note-line { display: none; }
    CaseScreen #short { height: auto; }
    CaseScreen #note-line { height: auto; }
    CaseScreen #columns { height: 1fr; }
    CaseScreen.-wide #columns { margin: 1 0 0 0; }
    """

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.page: CasePage | None = None
        self.at: str | None = None
        self._strip_at = 0.0
        self._flash = False
        self._draft_saved = False
        self._reload_wanted: int | None = None

    def compose_top(self) -> ComposeResult:
        yield CaseTabs(id="tabs")
        yield Lines(ground="panel", id="short")

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Panel(id="facts")
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

    def strip(self) -> Strip | None:
        """The pending strip of the case on the screen."""
        return self.place.strips.get(self.case_id) if self.case_id is not None else None

    def on_resize(self, event: events.Resize) -> None:
        wide = event.size.width >= WIDE
        self.set_class(wide, "-wide")
        self.steps.wide = wide
        if self.page is not None:
            self.run_worker(self._show, group="read", exclusive=True)

    # Frame

    def heading(self) -> str:
        return _("Case")

    def extra(self) -> str:
        return self.page.standing.snapshot.case.case_no if self.page is not None else ""

    def pending(self) -> strips.StripValues | None:
        strip = self.strip()
        if strip is None:
            return None
        return strips.pending(spoken_phrases(strip.phrases), flash=self._flash)

    def footer_words(self) -> dict[str, str]:
        return {"desk.take": _("Claim")} if self._unowned() else {}

    def footer_hot(self) -> str:
        if self.strip() is not None:
            return "desk.commit"
        return "desk.take" if self._unowned() else ""

    def footer_off(self) -> dict[str, str]:
        off: dict[str, str] = {}
        if self.strip() is None:
            off["desk.commit"] = _("Nothing is pending: choose an outcome by its digit first")
        if self.place.offline_since is not None:
            off["desk.commit"] = _("The store cannot be reached; F8 is paused")
        return off

    def status(self) -> StatusValues:
        return StatusValues(
            draft_saved=self._draft_saved, hints=(("Ctrl+Z", _("undo")), (".", _("due times")))
        )

    def _unowned(self) -> bool:
        return self.page is not None and self.page.standing.snapshot.case.owner_id is None

    # Reading

    async def reload(self) -> None:
        case_id = self.case_id
        if case_id is None:
            self.app.show_queue()  # type: ignore[attr-defined]
            return
        page = await self.place.desk.read(case_page, case_id, at=self.at)
        if case_id != self.case_id:
            return
        self.page = page
        self.place.data_at = self.place.now()
        self._keep_tab(page)
        self._check_strip(page)
        await self._show()

    def _keep_tab(self, page: CasePage) -> None:
        snap = page.standing.snapshot
        name = present.masking.mask_name(snap.customer.name) if snap.customer is not None else ""
        row = page.row
        case = OpenCase(snap.case.id, snap.case.case_no, name, snap.case.kind.value, row)
        self.place.open(case)

    def _check_strip(self, page: CasePage) -> None:
        """A strip chosen on another state of the case is dropped, and says so."""
        strip = self.strip()
        case = page.standing.snapshot.case
        if strip is None or strip.case_version == case.version:
            return
        self._drop_strip()
        self.toast(_("The case changed; please choose again"), "alert")

    async def _show(self) -> None:
        page = self.page
        if page is None:
            return
        snap = page.standing.snapshot
        strip = self.strip()
        self._tabs()
        self.query_one("#short", Lines).show([(present.short_lines(snap), [])])
        drafts = self._drafts()
        chosen = strip.option if strip is not None else None
        letters = strip.letters if strip is not None else ()
        moved = await self.steps.show(page, drafts, chosen, letters)
        self._facts(self.place.now())
        self.side.show_page(page)
        if moved:
            self._focus_step()

    def _facts(self, now: datetime) -> None:
        if self.page is None:
            return
        stand = self.page.standing
        self.query_one("#facts", Panel).show(
            [
                *present.customer_rows(stand.snapshot),
                *present.order_rows(stand.snapshot),
                *present.clock_rows(stand.snapshot, now, self.place.desk.book.clock_kinds),
                *present.limit_rows(stand),
            ]
        )

    def _tabs(self) -> None:
        now = self.place.now()
        tabs = [
            CaseTab(
                one.case_id,
                one.customer or one.case_no,
                label_of(CaseKind, one.kind) if one.kind else "",
                row_chip(one.row, now, whom) if one.row is not None else None,
                one.case_id in self.place.strips and one.case_id != self.case_id,
            )
            for one in self.place.open_cases
        ]
        self.query_one("#tabs", CaseTabs).show(tabs, self.case_id)

    def tick(self, now: datetime) -> None:
        self._tabs()
        self.steps.tick(now)
        self._facts(now)

    # Drafts

    def _place_name(self) -> str:
        return f"case:{self.case_id}"

    def _drafts(self) -> dict[str, str]:
        if self.page is None or self.page.standing.walk.current is None:
            return {}
        step = self.page.standing.walk.current.step.id
        kept = self.place.desk.drafts.load(self._place_name()).get(f"step:{step}")
        return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}

    def on_step_form_typed(self, message: StepForm.Typed) -> None:
        if self.page is not None and self.page.standing.walk.current is not None:
            step = self.page.standing.walk.current.step.id
            self.place.desk.drafts.save(self._place_name(), f"step:{step}", dict(message.values))
            self._saved()
        if self.strip() is not None:
            self._drop_strip()

    def on_note_area_changed(self, event: NoteArea.Changed) -> None:
        self.place.desk.drafts.save(self._place_name(), "note", event.text_area.text)
        self._saved()

    def _saved(self) -> None:
        if not self._draft_saved:
            self._draft_saved = True
            self.frame()

    # Focus

    def _focus_step(self) -> None:
        """The first needed field, else the answers: the keyboard is where the next key is meant to go."""
        form = self.steps.form
        if form is not None and form.focus_empty():
            return
        if self.steps.choices is not None:
            self.steps.choices.focus()

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
        self.choose(message.choice.code)

    def on_step_form_ready(self, message: StepForm.Ready) -> None:
        """Enter in the last field: on with the primary answer, where there is one."""
        option = self._primary()
        if option is not None:
            self.choose(option.code)
        elif self.steps.choices is not None:
            self.steps.choices.focus()

    def _primary(self) -> OptionView | None:
        current = self.page.standing.walk.current if self.page is not None else None
        return next((one for one in current.options if one.primary), None) if current is not None else None

    def _option(self, code: str) -> OptionView | None:
        current = self.page.standing.walk.current if self.page is not None else None
        return (
            next((one for one in current.options if one.code == code), None) if current is not None else None
        )

    def choose(self, code: str) -> None:
        """A numbered answer: at once where it binds nobody, into the strip where it does."""
        option = self._option(code)
        if self.page is None or option is None:
            return
        form = self.steps.form
        try:
            captures = form.captures() if form is not None else {}
        except BadInput as bad:
            self.say_refusal(bad)
            if form is not None:
                form.reveal((str(bad.params.get("field")),))
            return
        missing = [name for name in option.needs if name not in captures]
        if missing and form is not None:
            form.reveal(missing)
            self.toast(_("Fill in what this needs, then Enter"), "hint")
            self._wanted = code
            return
        case = self.page.standing.snapshot.case
        step = self.page.standing.walk.current.step.id if self.page.standing.walk.current else ""
        if option.risk in (Risk.MESSAGE, Risk.MONEY):
            work = partial(self._pend, case.id, step, code, captures)
            self.run_worker(work, group="read-strip", exclusive=True)
        else:
            self.perform(walking.answer, case.id, case.version, step, code, captures, then=self._answered)

    _wanted: str | None = None

    def _answered(self, changed: Changed) -> None:
        self.at = None
        self._wanted = None
        if self.page is not None and self.page.standing.walk.current is not None:
            step = self.page.standing.walk.current.step.id
            self.place.desk.drafts.save(self._place_name(), f"step:{step}", None)

    async def _pend(self, case_id: int, step: str, code: str, captures: Any) -> None:
        try:
            strip = await self.place.desk.read(plan_strip, case_id, step, code, captures)
        except NotAllowed as refused:
            form = self.steps.form
            if refused.code == "option.refused" and form is not None:
                form.reveal()
            self.say_refusal(refused)
            return
        except DeskError as refused:
            self.say_refusal(refused)
            return
        await self.pend(strip)

    async def pend(self, strip: Strip) -> None:
        """Put an outcome into the strip; it is on disk from now on."""
        self.place.strips[strip.case_id] = strip
        self.place.desk.drafts.save(self._place_name(), "strip", acts.strip_draft(strip))
        self._flash = False
        await self._show()
        if self.steps.choices is not None:
            self.steps.choices.focus()
        self.frame()
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._strip_at = monotonic()

    def _drop_strip(self) -> None:
        if self.case_id is not None:
            self.place.strips.pop(self.case_id, None)
            self.place.desk.drafts.save(self._place_name(), "strip", None)
        self._flash = False
        self.frame()

    def do_commit(self) -> None:
        """F8: only what the strip says, only once it could be read."""
        strip = self.strip()
        if strip is None:
            return
        if monotonic() - self._strip_at < F8_WAIT or self._strip_at == 0.0:
            self._flash = True
            self.frame()
            return
        self._strip_at = 0.0
        self.perform(commit, strip, then=self._committed)

    def _committed(self, changed: Changed) -> Any:
        self._drop_strip()
        self._answered(changed)
        return self.app.refresh_windows()  # type: ignore[attr-defined]

    def refused(self, refused: DeskError) -> None:
        if isinstance(refused, FactsMoved) or refused.code == "case.moved":
            self._drop_strip()

    # Other keys

    def do_back(self) -> None:
        """Esc: the strip, then the field, then back to the queue."""
        if self.strip() is not None:
            self._drop_strip()
            self.run_worker(self._show, group="read", exclusive=True)
        elif isinstance(self.focused, NoteArea) or (
            self.steps.form is not None and self.steps.form.has_focus_within
        ):
            if self.steps.choices is not None:
                self.steps.choices.focus()
        elif self.at is not None:
            self.at = None
            self.refresh_now()
        else:
            self.app.show_queue()  # type: ignore[attr-defined]

    def do_step_back(self) -> None:
        back = self.page.standing.walk.back_to if self.page is not None else ()
        if not back:
            self.toast(_("There is no step to go back to; what was executed stays"), "hint")
            return
        at = back.index(self.at) if self.at in back else len(back)
        if at > 0:
            self.at = back[at - 1]
            self.refresh_now()

    def do_step_forward(self) -> None:
        back = self.page.standing.walk.back_to if self.page is not None else ()
        if self.at is None or self.at not in back:
            return
        at = back.index(self.at) + 1
        self.at = back[at] if at < len(back) else None
        self.refresh_now()

    def do_next_pane(self) -> None:
        self.focus_next()

    def do_previous_pane(self) -> None:
        self.focus_previous()

    def do_note(self) -> None:
        focus_note(self)

    def on_note_area_saved(self, message: NoteArea.Saved) -> None:
        if self.case_id is None:
            return
        area, text = message.area, message.text

        def kept(changed: Changed) -> None:
            area.saved(text)
            self.place.desk.drafts.save(self._place_name(), "note", None)

        self.perform(notes.add_note, self.case_id, text, then=kept)

    def do_take(self) -> None:
        """Claim the case on the screen when nobody holds it; else the next one, this one put aside."""
        if self._unowned() and self.case_id is not None and self.page is not None:
            self.perform(queueing.claim, self.case_id, self.page.standing.snapshot.case.version)
            return
        self.perform(queueing.take_next, leaving=self.case_id, then=self._taken)

    def _taken(self, changed: Changed) -> None:
        if changed.case_id is not None:
            self.place.open(OpenCase(changed.case_id, changed.case_no or "", "", ""))
            self.at = None
            self.page = None

    def go_to(self, case_id: int | None) -> None:
        """Show another open case; drafts and strips stay where they are."""
        if case_id is None or case_id == self.case_id:
            return
        self.place.go_to(case_id)
        self.at = None
        self._draft_saved = False
        self._strip_at = monotonic()
        self.refresh_now()

    def go_to_current(self) -> None:
        """Another case was opened from elsewhere."""
        self.at = None
        self.refresh_now()

    def do_queue(self) -> None:
        self.app.show_queue()  # type: ignore[attr-defined]

    def do_previous_case(self) -> None:
        self.go_to(self.place.beside(-1))

    def do_next_case(self) -> None:
        self.go_to(self.place.beside(1))

    def do_last_case(self) -> None:
        self.go_to(self.place.last)

    def on_case_tabs_picked(self, message: CaseTabs.Picked) -> None:
        self.go_to(message.case_id)

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

    def do_clocks(self) -> None:
        if self.case_id is not None:
            self.app.push_screen(ClocksModal(self.place, self.case_id))

    def do_rule(self) -> None:
        navigation.push_help(self)
