"""The case screen under the hand: a digit chooses, F8 does what the strip says, F-keys ask and go on."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from bdesk.errors import DeskError, FactsMoved
from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.models.views.strip import Strip
from bdesk.operations.effects.commit import commit
from bdesk.screens import navigation, reopening
from bdesk.screens.case import answers, frame, looking, menus, travel
from bdesk.screens.case.evidence import EvidenceList
from bdesk.screens.case.form import StepForm
from bdesk.screens.case.view import CaseView
from bdesk.screens.modals.ask import Answered, AskModal, Question
from bdesk.screens.modals.clocks import ClocksModal
from bdesk.screens.modals.letter import LetterModal
from bdesk.screens.wallet import deciding
from bdesk.screens.working import start
from bdesk.widgets.choices import Choices
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.tabs import CaseTabs


class CaseScreen(CaseView):
    """Works on `place.current`. Choosing never does anything irreversible; F8 alone does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "scroll_steps(-1)", show=False),
        Binding("pagedown", "scroll_steps(1)", show=False),
    ]

    # Drafts

    def on_step_form_typed(self, message: StepForm.Typed) -> None:
        page = self.page
        if page is not None and page.standing.walk.current is not None:
            step = page.standing.walk.current.step.id
            self.drafts.keep_fields(page.standing.snapshot.case.id, step, message.values)
            self.steps.say_typed()
        if self.waiting.strip is not None:
            # What stands in the strip was chosen with other values.
            self.waiting.drop()
            self.refresh_now()
        self.frame()

    def on_note_area_changed(self, event: NoteArea.Changed) -> None:
        if event.text_area.has_focus:
            self.noting.typed(event.text_area.text)
            self.frame()

    def on_note_area_saved(self, message: NoteArea.Saved) -> None:
        self.noting.keep(message.area, message.text)

    def undone(self, changed: Changed) -> None:
        super().undone(changed)
        if changed.words:
            self.noting.show_again(changed.case_id)

    def on_descendant_focus(self) -> None:
        """What Enter, Space and Tab do depends on where they go."""
        self.frame()

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
        elif message.choice.code == deciding.DECIDE:
            deciding.ask(self)
        else:
            answers.choose(self, message.choice.code)

    def _came_back(self, changed: Changed) -> None:
        if changed.case_id is not None and changed.case_id != self.case_id:
            travel.leave_done(self)
            navigation.open_case(self, changed.case_id)

    def on_step_form_ready(self, message: StepForm.Ready) -> None:
        answers.go_on(self)

    # The strip

    def plan(
        self,
        planner: Callable[..., Strip],
        *args: Any,
        planned: Callable[[], object] | None = None,
        refused: Callable[[DeskError], object] | None = None,
    ) -> None:
        start(self, partial(self._plan, planner, args, planned, refused), "read-strip", newest=True)

    async def _plan(
        self,
        planner: Callable[..., Strip],
        args: tuple[Any, ...],
        planned: Callable[[], object] | None,
        refused: Callable[[DeskError], object] | None,
    ) -> None:
        try:
            strip = await self.place.desk.read(planner, *args)
        except DeskError as error:
            if refused is not None:
                refused(error)
            self.say_refusal(error)
            return
        if planned is not None:
            planned()
        await self._pend(strip)

    async def _pend(self, strip: Strip) -> None:
        """Put an outcome into the strip; it is on disk from now on."""
        before = self.waiting.strip
        self.waiting.put(strip)
        self.hush()
        same = before is not None and (before.step, before.option) == (strip.step, strip.option)
        if before is not None and same and before.captures == strip.captures:
            # Pressed again in the belief that it does it.
            self.toast(_("Press F8: that alone does what is pending"), "hint")
        # After a reading that is at it: two of them would put the parts of one step together.
        async with self._reading:
            await self.show_page()
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
        return self.answered(changed)

    def answered(self, _changed: Changed) -> Any:
        """The answer is kept; what it sends can be recalled."""
        answers.forget_fields(self)
        return self.app.refresh_windows()  # type: ignore[attr-defined]

    def refused(self, refused: DeskError) -> None:
        if isinstance(refused, FactsMoved) or refused.code in ("case.moved", "step.moved"):
            self.waiting.drop()
        if self.wanted is not None:
            answers.show_fields(self, self.wanted, refused)

    # Asking

    def ask(
        self,
        question: Question,
        then: Callable[[Answered], object],
        keep: Callable[[str], None] | None = None,
    ) -> None:
        def left(answer: Answered | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(AskModal(question, keep), left)

    def do_park(self) -> None:
        menus.PARK.open(self)

    def do_raise(self) -> None:
        menus.RAISE.open(self)

    # Going back and on

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
            self.read_held()
        elif self.place.board.opened is not None and self.place.board.opened == self.case_id:
            self._to_board()
        else:
            self.do_queue()

    def _to_board(self) -> None:
        """Back to the board that this case was opened from; a colleague's case gives its tab back."""
        travel.leave_done(self)
        page, mine = self.page, self.place.desk.actor.id
        theirs = page is not None and page.standing.snapshot.case.owner_id != mine
        if theirs and self.waiting.strip is None and self.case_id is not None:
            self.place.close(self.case_id)
        self.place.board.opened = None
        navigation.push_board(self)

    def do_step_back(self) -> None:
        travel.step(self, -1)

    def do_step_forward(self) -> None:
        travel.step(self, 1)

    def do_previous_case(self) -> None:
        travel.go_to(self, self.place.beside(-1))

    def do_next_case(self) -> None:
        travel.go_to(self, self.place.beside(1))

    def do_last_case(self) -> None:
        travel.go_to(self, self.place.last)

    def on_case_tabs_picked(self, message: CaseTabs.Picked) -> None:
        travel.go_to(self, message.case_id)

    def do_take(self) -> None:
        travel.take(self)

    def do_queue(self) -> None:
        self.place.board.opened = None
        travel.leave_done(self)
        self.app.show_queue()  # type: ignore[attr-defined]

    def let_go(self, case_id: int) -> None:
        self.place.close(case_id)
        self.page = None

    def read_held(self) -> None:
        """Read again, with the keys held until the step can take one."""
        navigation.held(self, self.read_again())

    def to_call(self) -> None:
        """The call card comes over the case."""
        navigation.push_call(self)

    # Looking

    def do_next_pane(self) -> None:
        free, form = frame.free_fields(self), self.steps.form
        if free and form is not None:
            form.reveal([capture.name for capture in free])
        else:
            self.focus_next()

    def do_previous_pane(self) -> None:
        self.focus_previous()

    def do_note(self) -> None:
        self.noting.focus()

    def on_evidence_list_opened(self, message: EvidenceList.Opened) -> None:
        looking.open_evidence(self, message.row)

    def on_evidence_list_ticked(self, message: EvidenceList.Ticked) -> None:
        looking.tick_evidence(self, message.row)

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
